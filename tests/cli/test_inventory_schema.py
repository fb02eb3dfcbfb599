"""`compliance inventory schema` as a user meets it."""

import json
from pathlib import Path

import jsonschema
import pytest

from compliance import resources
from compliance.inventory.kinds import load_kinds
from tests.cli.running import run

KINDS = load_kinds(resources.schemas() / "inventory")


def test_the_list_of_kinds_names_those_that_people_write() -> None:
    result = run("inventory", "schema")
    assert result.exit_code == 0
    for kind in KINDS.by_name.values():
        assert (f"{kind.name} (key in files: {kind.collection}," in result.stdout) is not (
            kind.read_only
        )


@pytest.mark.parametrize("name", ["crypto_module", "crypto_modules", "Cryptographic module"])
def test_a_kind_goes_by_name_key_and_title(name: str) -> None:
    result = run("inventory", "schema", name)
    assert result.exit_code == 0
    assert result.stdout.startswith("Cryptographic module (crypto_module; key in files: crypto_")


def test_text_tells_what_to_write_and_who_knows() -> None:
    words = " ".join(run("inventory", "schema", "device").stdout.split())
    fact = next(fact for fact in KINDS["device"].facts.values() if fact.question)
    assert f"{fact.path}: {fact.title}" in words
    assert " ".join(fact.question.split()) in words
    assert f"Usually known by: {fact.asked_of}." in words


def test_json_holds_the_facts() -> None:
    data = json.loads(run("inventory", "schema", "system", "--format", "json").stdout)
    [kind] = data["kinds"]
    facts = {fact["path"]: fact for group in kind["groups"] for fact in group["facts"]}
    assert facts["mfa"]["type"] == "boolean"
    assert facts["owner"]["none"] is True
    assert facts["status"]["values"][0] == "planned"
    assert len(json.loads(run("inventory", "schema", "--format", "json").stdout)["kinds"]) == len(
        KINDS.by_name
    )


def test_the_committed_pages_are_those_it_prints(root: Path) -> None:
    committed = sorted(path.name for path in (root / "docs" / "inventory").iterdir())
    written = [f"{kind.name}.md" for kind in KINDS.by_name.values() if not kind.read_only]
    assert committed == sorted(["README.md", *written])
    page = run("inventory", "schema", "vendor", "--format", "markdown").stdout
    assert page.startswith("# Vendor\n\n")


def test_the_json_schema_is_one(tmp_path: Path) -> None:
    path = tmp_path / "inventory.schema.json"
    assert run("inventory", "schema", "--json-schema", "-o", path).exit_code == 0
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    assert "systems" in schema["properties"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("devcie",), "Did you mean device?"),
        (("device", "--json-schema"), "--json-schema is about all kinds together."),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], said: str) -> None:
    result = run("inventory", "schema", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
