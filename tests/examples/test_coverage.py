"""The example inventories together bring out every rule in every status it can have."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from compliance.engine.opa_server import OpaServer
from compliance.engine.wasm import WasmEngine
from compliance.inventory.kinds import load_kinds
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.registry import Published, open_registry
from tests.cli.running import run
from tests.examples.evaluating import AS_OF, Example, example_folders, occurring

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {folder.name: folder for folder in example_folders(ROOT)}
COVERAGE = [name for name, folder in FOLDERS.items() if folder.parent.name == "coverage"]
STATUSES = ("satisfied", "gap", "unknown", "not_applicable")

CANNOT_OCCUR: Mapping[tuple[str, str], str] = {}
"""Pairs of rule and status that no inventory can show, each with the reason; none so far."""


@pytest.fixture(scope="module")
def published() -> Published:
    """The newest version of the HIPAA policy, in the registry shipped or the one named."""
    named = os.environ.get("COMPLIANCE_TEST_REGISTRY")
    return open_registry(Path(named) if named else None).newest("hipaa")


@pytest.fixture(scope="module")
def bundle(published: Published) -> Bundle:
    return load_bundle(published)


@pytest.fixture(scope="module")
def wasm(bundle: Bundle) -> Iterator[WasmEngine]:
    assert bundle.wasm is not None
    with WasmEngine(bundle.wasm, None, bundle.entries, fuel=bundle.fuel) as engine:
        yield engine


@pytest.fixture(scope="module")
def server(opa: Path, published: Published, bundle: Bundle) -> Iterator[OpaServer]:
    source = published.folder / published.bundle.file
    with OpaServer.start(opa, source, bundle.policy.root, bundle.entries) as engine:
        yield engine


@pytest.fixture(scope="module")
def examples(root: Path, bundle: Bundle) -> dict[str, Example]:
    kinds = load_kinds(root / "schemas" / "inventory")
    return {name: Example.read(folder, kinds, bundle) for name, folder in FOLDERS.items()}


def test_every_rule_occurs_in_every_status(
    examples: dict[str, Example], bundle: Bundle, wasm: WasmEngine
) -> None:
    found: set[tuple[str, str]] = set()
    for example in examples.values():
        found |= occurring(wasm.evaluate(example.documents(wasm)), bundle)
    wanted = {(rule.id, status) for rule in bundle.rules for status in STATUSES}
    assert sorted(wanted - found - CANNOT_OCCUR.keys()) == []
    assert sorted(CANNOT_OCCUR.keys() - wanted) == []
    assert sorted(found & CANNOT_OCCUR.keys()) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_both_engines_agree(
    examples: dict[str, Example], wasm: WasmEngine, server: OpaServer, name: str
) -> None:
    example = examples[name]
    counted = list(example.counted())
    for document, one, other in zip(
        counted, wasm.measure(counted), server.measure(counted), strict=True
    ):
        assert one == other, document
    documents = example.documents(wasm)
    for document, left, right in zip(
        documents, wasm.evaluate(documents), server.evaluate(documents), strict=True
    ):
        assert not left.errors
        assert left == right, document


@pytest.mark.parametrize("name", COVERAGE)
def test_nothing_is_wrong_with_the_files(name: str) -> None:
    result = run("inventory", "validate", FOLDERS[name], "--as-of", AS_OF.isoformat())
    assert result.exit_code == 0, result.output
