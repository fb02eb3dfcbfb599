import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compliance.assessment import model
from compliance.report.json import JsonLinesReport, JsonReport
from tests.report.sample import assessment, finding, leaf


@pytest.fixture(scope="module")
def schema(root: Path) -> dict[str, Any]:
    text = (root / "schemas" / "assessment.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def rendered(sample: model.Assessment) -> str:
    return "".join(JsonReport().render(sample))


def test_the_document_keeps_to_its_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [
        error.message for error in validator.iter_errors(json.loads(rendered(assessment())))
    ] == []


def test_an_assessment_without_findings_is_a_document_too(schema: dict[str, Any]) -> None:
    data = json.loads(rendered(assessment(findings=())))
    assert data["findings"] == []
    Draft202012Validator(schema).validate(data)


def test_the_schema_has_every_field_and_no_other(schema: dict[str, Any]) -> None:
    for name, definition in schema["$defs"].items():
        record = getattr(model, name)
        assert is_dataclass(record)
        names = [field.name for field in fields(record) if field.name != "schema"]
        expected = ["id", *names] if name == "Finding" else names
        assert list(definition["properties"]) == expected, name
        assert definition["additionalProperties"] is False


def test_every_finding_is_there_with_its_id() -> None:
    data = json.loads(rendered(assessment()))
    assert [one["id"] for one in data["findings"]] == [one.id for one in assessment().findings]
    assert "health-agency/hipaa/unique-user-identification/system:payroll" in [
        one["id"] for one in data["findings"]
    ]


def test_a_key_that_says_nothing_is_left_out_and_false_is_not_nothing() -> None:
    [one] = json.loads(rendered(assessment(findings=[finding()])))["findings"]
    assert "message" not in one
    assert "marks" not in one
    assert one["leaves"][0]["observed"] is False


def test_zero_is_not_taken_for_a_default_of_another_type() -> None:
    [one] = json.loads(rendered(assessment(findings=[finding(leaves=(leaf(observed=0),))])))[
        "findings"
    ]
    assert one["leaves"][0]["observed"] == 0


def test_lines_hold_what_the_document_holds() -> None:
    document = json.loads(rendered(assessment()))
    lines = [
        json.loads(line) for line in "".join(JsonLinesReport().render(assessment())).splitlines()
    ]
    assert [line.pop("record") for line in lines] == [
        "metadata", "policy", *["finding"] * len(document["findings"]), "summary",
    ]  # fmt: skip
    assert lines[0] == {"schema": 1, **document["metadata"]}
    assert lines[1:2] == document["policies"]
    assert lines[2:-1] == document["findings"]
    assert lines[-1] == document["summary"]


def test_characters_that_act_on_a_terminal_are_escaped_and_come_back() -> None:
    hostile = "\x1b[2J \u202e \u200b \x9b \u2028 \ud800 漢"
    text = rendered(assessment(findings=[finding(name=hostile)]))
    assert text.replace("\n", "").isprintable()
    text.encode("utf-8")
    assert json.loads(text)["findings"][0]["name"] == hostile


def test_the_same_assessment_gives_the_same_text() -> None:
    assert rendered(assessment()) == rendered(assessment())
