"""A policy as the Rego files of its bundle, and those files on disk for ``opa`` to look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from compliance import resources
from compliance.policy.model import Policy
from compliance.policy.rego import compile_policy

WRITTEN = "rules/written/"
"""Where Rego written by hand lies below a policy's root."""


def library() -> dict[str, str]:
    """The Rego of ``policies/lib`` without its tests, by file name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(resources.policy_library().glob("*.rego"))
        if not path.name.endswith("_test.rego")
    }


def rego_files(policy: Policy) -> dict[str, str]:
    """Every Rego file of a policy's bundle by its path in it, sorted."""
    files = compile_policy(policy, library())
    return {f"{policy.root}/{name}": text for name, text in sorted(files.items())}


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write texts below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
