"""Everything that is measured, made once: inventory, policy, published version, documents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.facts import SYSTEM, choose
from benchmarks.records import AS_OF, write_inventory
from benchmarks.rules import POLICY, write_policy
from compliance import resources
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import load_inventory
from compliance.policy.build import build_model, publish
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.loader import load_policy
from compliance.policy.registry import open_registry

VERSION = f"{POLICY}@0.1.0"
ADAPTER = """\
package main

import data.compliance.{policy}

# One rule set, because conftest evaluates the policy anew for each: with gaps under `deny` and
# unknowns under `warn` it takes about twice as long.
deny contains sprintf("%s %s", [status, rule]) if {{
	some rule, status in {policy}.results
	status in {{"gap", "unknown"}}
}}
"""
"""What conftest asks of the same Rego: a message for each gap and each unknown."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the programs are run on."""

    folder: Path
    systems: int
    rules: int

    @property
    def inventory(self) -> Path:
        """Folder of YAML files."""
        return self.folder / "inventory"

    @property
    def registry(self) -> Path:
        """Folder with the built policy."""
        return self.folder / "registry"

    @property
    def documents(self) -> Path:
        """Input documents of all systems, one a line."""
        return self.folder / "documents.jsonl"

    @property
    def batch(self) -> Path:
        """All documents in one, for the policy's entry ``batch``."""
        return self.folder / "batch.json"

    @property
    def files(self) -> Path:
        """Folder of the same documents, one a file."""
        return self.folder / "documents"

    @property
    def rego(self) -> Path:
        """Folder of the policy's Rego with conftest's rules."""
        return self.folder / "rego"

    @property
    def bundle_file(self) -> Path:
        """The built bundle."""
        published = open_registry(self.registry).resolve(VERSION)
        return published.folder / published.bundle.file

    def bundle(self) -> Bundle:
        """The built policy."""
        return load_bundle(open_registry(self.registry).resolve(VERSION))


def prepare(folder: Path, systems: int, rules: int, opa: Path) -> Material:
    """Write everything.

    Args:
        folder: an empty folder.
        systems: how many systems.
        rules: how many rules.
        opa: the program that builds policies.
    """
    material = Material(folder, systems, rules)
    kinds = load_kinds(resources.schemas() / "inventory")
    chosen = choose(kinds)
    write_inventory(material.inventory, kinds, chosen, systems)
    source = folder / "policy"
    write_policy(source, chosen, rules)
    loaded = load_policy(source, kinds)
    if loaded.policy is None:
        raise ValueError("\n".join(map(str, loaded.problems)))
    publish(build_model(loaded.policy, kinds, opa), material.registry, AS_OF)
    bundle = material.bundle()
    _write_rego(material.rego, bundle)
    read = load_inventory([material.inventory], kinds, AS_OF)
    if read.inventory is None:
        raise ValueError("\n".join(map(str, read.errors)))
    builder = DocumentBuilder(read.inventory, bundle.reads, {}, bundle.measures)
    _write_documents(material, [builder.build(one) for one in read.inventory.iterate(SYSTEM)])
    return material


def _write_rego(folder: Path, bundle: Bundle) -> None:
    for name, text in bundle.rego.items():
        path = folder / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "main.rego").write_text(ADAPTER.format(policy=POLICY), "utf-8")


def _write_documents(material: Material, documents: list[dict[str, Any]]) -> None:
    lines = [json.dumps(document) for document in documents]
    material.documents.write_text("\n".join(lines) + "\n", "utf-8")
    batch = {"entry": "results", "documents": documents}
    material.batch.write_text(json.dumps(batch), "utf-8")
    material.files.mkdir()
    for number, line in enumerate(lines):
        (material.files / f"{number:06}.json").write_text(line, "utf-8")
