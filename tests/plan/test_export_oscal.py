"""The plan as an OSCAL plan of action and milestones."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from compliance.assessment.model import Assessment
from compliance.plan.export.choosing import chosen
from compliance.plan.export.oscal import document
from compliance.plan.export.oscal_base import OSCAL_VERSION, token, uuid_of
from compliance.plan.loading import load_plan
from compliance.plan.texts import with_plan
from tests.plan.test_export_fedramp import planned
from tests.plan.world import on, step

SCHEMA = Path(__file__).parents[1] / "data" / "oscal" / "oscal_complete_schema-1.2.3.json"
ROOT = "plan-of-action-and-milestones"
REFERENCES = ("actor-uuid", "subject-uuid", "observation-uuid", "finding-uuid", "risk-uuid")
NOW = "2026-12-01T00:00:00Z"
FINDINGS = """findings:
  - source: state_auditor
    number: 2026-07 (b)
    title: "No second factor\\u202e"
    severity: high
    reported_on: 2026-08-14
    response_due_on: 2026-11-12
    requirements: [a, 800-53-x]
    subjects: [system/a, vendor/v]
    description: "First.\\n\\nSecond."
    response: We will.
  - {source: IRS, number: "1", title: T, severity: low, reported_on: 2026-01-01,
     accepted_by_issuer_on: 2026-02-01}
"""


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))


@pytest.fixture
def assessment(tmp_path: Path) -> Assessment:
    """Open, closed, upcoming, unclear items, and findings from outside."""
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "x.yaml").write_text(FINDINGS)
    planned(tmp_path)
    step(tmp_path, "2026-12-02", {"s@2027-01-01/b": "upcoming", "s/b": "satisfied"})
    statuses = {"r/a": "gap", "r/b": "unknown", "s@2027-01-01/b": "upcoming", "s/b": "satisfied"}
    return with_plan(on("2026-12-02", statuses), load_plan(tmp_path))


def exported(found: Assessment, *, proposed: bool = True) -> dict[str, Any]:
    text = "".join(document(found, chosen(found, proposed=proposed), NOW))
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def walk(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner)


def test_the_schema_is_nist_s_own_file() -> None:
    readme = (SCHEMA.parent / "README.md").read_text("utf-8")
    assert hashlib.sha256(SCHEMA.read_bytes()).hexdigest() in readme
    assert OSCAL_VERSION in SCHEMA.name


def test_the_document_is_valid(assessment: Assessment, validator: Any) -> None:
    data = exported(assessment)
    assert [error.message for error in validator.iter_errors(data)] == []
    broken = exported(assessment)
    broken[ROOT]["poam-items"] = []
    assert not validator.is_valid(broken)


def test_the_accepted_items_alone_are_valid_too(assessment: Assessment, validator: Any) -> None:
    data = exported(assessment, proposed=False)
    assert validator.is_valid(data)
    assert [item["title"] for item in data[ROOT]["poam-items"]] == ["=cmd|' /C calc'!A0"]


def test_every_reference_resolves_and_every_id_is_its_own(assessment: Assessment) -> None:
    data = exported(assessment)
    defined = [part["uuid"] for part in walk(data) if "uuid" in part]
    assert len(defined) == len(set(defined))
    assert {uuid.UUID(one).version for one in defined} == {5}
    used = [part[key] for part in walk(data) for key in REFERENCES if key in part]
    assert len(used) > 20
    assert set(used) <= set(defined)
    roles = {role["id"] for role in data[ROOT]["metadata"]["roles"]}
    named = {part["role-id"] for part in walk(data) if "role-id" in part}
    assert named == roles != set()
    places = {
        "actor-uuid": ("local-definitions", "metadata"),
        "subject-uuid": ("local-definitions",),
        "observation-uuid": ("observations",),
        "finding-uuid": ("findings",),
        "risk-uuid": ("risks",),
    }
    for key, sections in places.items():
        there = {
            part["uuid"]
            for section in sections
            for part in walk(data[ROOT][section])
            if "uuid" in part
        }
        assert {part[key] for part in walk(data) if key in part} <= there, key


def test_ids_last_from_export_to_export(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-23", {"r/a": "gap"})
    ids = []
    for as_of in ("2026-11-23", "2026-12-24"):
        found = with_plan(on(as_of, {"r/a": "gap"}), load_plan(tmp_path))
        data = exported(found)[ROOT]
        parts = ("observations", "risks", "findings", "poam-items")
        ids.append([one["uuid"] for part in parts for one in data[part]])
    assert ids[0] == ids[1]
    assert uuid_of("a", "b") != uuid_of("ab")


def states(data: dict[str, Any]) -> dict[str, str]:
    found = {}
    for item in data[ROOT]["poam-items"]:
        [name] = [one["value"] for one in item["props"] if one["name"] == "poam-id"]
        wanted = {one["finding-uuid"] for one in item.get("related-findings", ())}
        for one in data[ROOT]["findings"]:
            if one["uuid"] in wanted:
                found[name] = one["target"]["status"]["state"]
    return found


def test_only_what_is_satisfied_is_satisfied(assessment: Assessment) -> None:
    found = states(exported(assessment))
    assert found == {
        "POAM-0001": "satisfied",
        "POAM-0002": "not-satisfied",  # from outside
        "POAM-0003": "not-satisfied",
        "POAM-0004": "not-satisfied",
        "POAM-0005": "not-satisfied",
    }


def test_what_is_no_longer_applicable_is_not_called_satisfied(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-23", {"r/a": "gap"})
    step(tmp_path, "2026-11-24", {"r/a": "not_applicable"})
    found = with_plan(on("2026-11-24", {"r/a": "not_applicable"}), load_plan(tmp_path))
    data = exported(found)
    assert "findings" not in data[ROOT]
    assert data[ROOT]["risks"][0]["status"] == "closed"


def test_ids_are_tokens_and_the_citation_is_a_label(assessment: Assessment) -> None:
    assert token("800-53-x") == "_800-53-x"
    targets = [one["target"] for one in exported(assessment)[ROOT]["findings"]]
    labels = {one["target-id"]: one["props"][0]["value"] for one in targets}
    assert labels["a"] == "45 CFR 1(a)"
    assert labels["_800-53-x"] == "800-53-x"


def test_texts_that_mislead_are_escaped(assessment: Assessment) -> None:
    text = "".join(document(assessment, chosen(assessment, proposed=True), NOW))
    assert "\u202e" not in text
    assert "\\\\u202e" in text


def test_the_same_plan_gives_the_same_text(assessment: Assessment) -> None:
    assert exported(assessment) == exported(assessment)
    assert exported(assessment)[ROOT]["metadata"]["last-modified"] == NOW
