"""What editors complete from, and the references that follow from the same tables."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.reader import read_bytes, read_file
from compliance.policy.operators import COMBINATORS, OPERATORS
from compliance.policy.parser import parse_condition
from compliance.policy.scope import NamedCondition, rule_scope
from compliance.policy.source import Place

SCHEMAS = resources.schemas()
WRITTEN = ("policy", "requirements", "rules", "rule-tests", "policy-index")
EXAMPLES = [(operator.name, operator.example) for operator in OPERATORS.values()]
EXAMPLES += [(combinator.name, combinator.example) for combinator in COMBINATORS.values()]
NAMED = {"handles-ephi": NamedCondition({"subject.data_types": {"contains": "ephi"}}, Place())}


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return loaded


def validator(name: str) -> jsonschema.Draft202012Validator:
    condition: Resource[Any] = Resource.from_contents(schema("condition"))
    registry: Registry[Any] = Registry().with_resource("condition.schema.json", condition)
    return jsonschema.Draft202012Validator(schema(name), registry=registry)


@pytest.fixture(scope="module")
def generate(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", root / "tools/docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_generated_is_stale(generate: ModuleType) -> None:
    assert generate.stale() == [], "run script/generate-docs"


@pytest.mark.parametrize("name", [*WRITTEN, "condition"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def properties(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        for name, inner in part.get("properties", {}).items():
            yield f"{path}.{name}", inner
        for key, inner in part.items():
            yield from properties(inner, f"{path}.{key}")
    elif isinstance(part, list):
        for inner in part:
            yield from properties(inner, path)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_key_has_a_title_and_a_description(name: str) -> None:
    loaded = schema(name)
    lacking = [path for path, part in properties(loaded) if "title" not in part]
    lacking += [
        path
        for path, part in properties(loaded)
        if "description" not in part and not part.get("$ref", "").startswith("#/$defs/")
    ]
    assert lacking == []


def example(text: str) -> Any:
    source = read_bytes(text.encode(), "example.yaml").source
    assert source is not None
    return source.value


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_examples_are_conditions_about_real_facts(name: str, text: str) -> None:
    raw = example(text)
    kinds = load_kinds(SCHEMAS / "inventory")
    parsed = [parse_condition(raw, rule_scope(kinds, kind, conditions=NAMED)) for kind in kinds]
    assert any(one.node is not None for one in parsed)
    assert name in text or name == "equals"
    assert list(validator("condition").iter_errors(raw)) == []


@pytest.mark.parametrize(
    "text",
    [
        "system.mfa: 'yes'",
        "system.status: produktion",
        "system.mfa: {at_least: 1}",
        "system.session_timeout_minutes: {at_mots: 15}",
        "all: []",
        "every: {in: system.vendors}",
        "every: {in: system.vendors, expekt: {vendor.us: true}, expect: {vendor.us: true}}",
        "system.mfa: {exists: false}",
        "system.mfa: {equals: {parameter: x}}",
    ],
)
def test_an_editor_marks_what_the_linter_refuses(text: str) -> None:
    assert list(validator("condition").iter_errors(example(text)))


def test_the_published_policies_keep_to_the_schemas_of_editors(root: Path) -> None:
    files = list((root / "policies").glob("*/policy.yaml"))
    assert files
    for policy in files:
        folder = policy.parent
        names = {"policy": [policy], "requirements": [folder / "requirements.yaml"]}
        names["rules"] = sorted((folder / "rules").glob("*.yaml"))
        names["rule-tests"] = sorted((folder / "tests").glob("*.yaml"))
        for name, paths in names.items():
            checker = validator(name)
            for path in paths:
                errors = [error.message for error in checker.iter_errors(read_file(path).value)]
                assert errors == [], path
