"""A policy's source to a published version: checked, compiled twice, written whole."""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.errors import UserError
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import Problem
from compliance.policy.archive import ArchiveError, pack, unpack
from compliance.policy.bundle import Bundle, read_bundle
from compliance.policy.bundle_files import bundle_files
from compliance.policy.lint import lint
from compliance.policy.loader import LoadedPolicy, load_policy
from compliance.policy.model import Policy
from compliance.policy.opa_tool import Opa, OpaRefusedError
from compliance.policy.registry import (
    DRAFT,
    INDEX,
    Published,
    PublishedFile,
    index_text,
    open_registry,
    version_key,
)
from compliance.policy.rego.entries import named_entries, status_entries

SOURCE_DATE = "SOURCE_DATE_EPOCH"
"""Environment variable with the seconds since 1970 that built files are dated with."""
MODULE = "policy.wasm"


class BuildError(UserError):
    """A policy that cannot be built or published."""


class PolicyProblemsError(BuildError):
    """A policy that the linter does not accept.

    Attributes:
        problems: all of them, by file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Built:
    """The three files of a version, in memory."""

    policy: Policy
    bundle: bytes
    wasm: bytes
    why: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """Content by file name."""
        stem = f"{self.policy.id}-{self.policy.version}"
        return {
            f"{stem}.tar.gz": self.bundle,
            f"{stem}.wasm": self.wasm,
            f"{stem}.why.wasm": self.why,
        }

    def published(self, folder: Path, date: datetime.date) -> Published:
        """The version as the index states it."""
        bundle, wasm, why = (
            PublishedFile(name, hashlib.sha256(content).hexdigest(), len(content))
            for name, content in self.files.items()
        )
        policy = self.policy
        return Published(
            folder, policy.id, policy.title, policy.version, policy.status, policy.binding, date,
            bundle, wasm, why,
        )  # fmt: skip


def build_policy(folder: Path, kinds: Kinds, opa: Path) -> Built:
    """Builds the policy of a source folder.

    Args:
        folder: the folder that holds ``policy.yaml``.
        kinds: the kinds its rules speak of.
        opa: the program, of the pinned version.

    Raises:
        PolicyProblemsError: the linter or OPA does not accept it.
        BuildError: two builds differ, or OPA fails.
    """
    loaded: LoadedPolicy = load_policy(folder, kinds)
    problems = lint(loaded, opa)
    if problems or loaded.policy is None:
        raise PolicyProblemsError(problems)
    return build_model(loaded.policy, kinds, opa)


def build_model(policy: Policy, kinds: Kinds, opa: Path) -> Built:
    """Builds a policy that the linter accepts.

    Raises:
        BuildError: two builds differ, or OPA fails.
    """
    time = _source_date()
    bundle = pack(bundle_files(policy, kinds), time)
    if pack(bundle_files(policy, kinds), time) != bundle:
        raise BuildError(f"Two bundles of {policy.id} differ. This is a fault of the program.")
    tool = Opa(opa)
    wasm, why = (_module(tool, bundle, entries) for entries in _entries(policy))
    return Built(policy, bundle, wasm, why)


def build_once(policy: Policy, kinds: Kinds, opa: Path) -> Bundle:
    """Builds a policy that the linter accepts, for trying it and not for publishing it.

    Raises:
        BuildError: OPA fails.
    """
    bundle, tool = pack(bundle_files(policy, kinds)), Opa(opa)
    try:
        wasm, why = (compile_module(tool, bundle, entries) for entries in _entries(policy))
    except OpaRefusedError as error:
        raise BuildError(str(error)) from error
    return read_bundle(bundle, f"{policy.id} {policy.version}", wasm=wasm, why=why)


def _entries(policy: Policy) -> tuple[list[str], list[str]]:
    """Entry points of the module that evaluates and of the one that explains."""
    named = named_entries(policy)
    evaluated = [named[name] for name in ("results", "ordered", "measures") if name in named]
    return [*evaluated, *sorted(set(status_entries(policy).values()))], [named["why"]]


def _source_date() -> int:
    text = os.environ.get(SOURCE_DATE, "0")
    if not text.isascii() or not text.isdigit() or int(text) >= 2**32:
        raise BuildError(f"${SOURCE_DATE} is {text!r}: it must be a number of seconds since 1970.")
    return int(text)


def _module(tool: Opa, bundle: bytes, entries: Sequence[str]) -> bytes:
    """Compiles a module twice, in different folders; both must be the same."""
    try:
        first, second = (compile_module(tool, bundle, entries) for _ in range(2))
    except OpaRefusedError as error:
        raise BuildError(str(error)) from error
    if first != second:
        raise BuildError("Two modules compiled from the same bundle differ, so neither is used.")
    return first


def compile_module(tool: Opa, bundle: bytes, entries: Sequence[str]) -> bytes:
    """Compiles a bundle to a module with the entry points given.

    Raises:
        OpaRefusedError: OPA does not accept the bundle.
        BuildError: what OPA wrote cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "bundle.tar.gz", Path(folder) / "compiled.tar.gz"
        source.write_bytes(bundle)
        tool.compile(source, entries, output)
        try:
            return unpack(output.read_bytes())[MODULE]
        except (ArchiveError, KeyError, OSError) as error:
            raise BuildError(f"OPA wrote no module that can be read ({error}).") from error


def publish(built: Built, output: Path, date: datetime.date) -> tuple[Published, bool]:
    """Writes a version into a registry's folder and its index.

    A version that is there stays as it is: the same files are no change, others are refused
    unless it is a draft.

    Args:
        built: the version.
        output: the folder, made where it is missing.
        date: date of publication, for a version that is new.

    Returns:
        The version as the index states it, and whether anything was written.

    Raises:
        BuildError: the version is there with other files, or the folder cannot be written.
    """
    policies = dict(open_registry(output).policies) if (output / INDEX).is_file() else {}
    versions = policies.get(built.policy.id, ())
    new = built.published(output, date)
    there = {version.version: version for version in versions}
    old = there.get(new.version)
    if old is not None and _same(old, new):
        new = old
        if all((output / name).is_file() for name in built.files):
            return old, False
    elif old is not None and old.status != DRAFT:
        raise BuildError(
            f"{new.reference} is published in {output.as_posix()} with other content, and a "
            "published version never changes. Give policy.yaml a new version."
        )
    there[new.version] = new
    ordered = sorted(there.values(), key=lambda version: version_key(version.version))
    policies[built.policy.id] = tuple(ordered)
    index = index_text(policies).encode()
    try:
        output.mkdir(parents=True, exist_ok=True)
        # The index comes last: a version it names is there in full.
        for name, content in {**built.files, INDEX: index}.items():
            _write(output / name, content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BuildError(f"{output.as_posix()} cannot be written ({reason}).") from error
    return new, True


def _same(one: Published, other: Published) -> bool:
    return (one.bundle, one.wasm, one.why) == (other.bundle, other.wasm, other.why)


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
