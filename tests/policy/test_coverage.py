"""The coverage matrix says which rules check each requirement, and what they read."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from compliance import resources
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.policy.coverage import (
    COLUMNS,
    as_csv,
    as_json,
    as_markdown,
    as_text,
    coverage,
)
from compliance.policy.loader import load_policy
from compliance.policy.model import Policy

SAMPLE = Path(__file__).parent / "trying" / "sample"
POLICIES = sorted(
    path.parent for path in (Path(__file__).parents[2] / "policies").glob("*/policy.yaml")
)


@pytest.fixture(scope="module")
def kinds() -> Kinds:
    return load_kinds(resources.schemas() / "inventory")


def loaded(folder: Path, kinds: Kinds) -> Policy:
    policy = load_policy(folder, kinds).policy
    assert policy is not None
    return policy


def test_a_row_names_rules_kinds_and_every_fact_read(kinds: Kinds) -> None:
    (row,) = coverage(loaded(SAMPLE, kinds), kinds)
    assert row.rules == ("idle-time", "vendors-signed", "devices-encrypted")
    assert row.kinds == ("agency", "system")
    assert row.basis == ("law",)
    assert row.facts == (
        "device.class",
        "device.encryption.full_disk",
        "system.automatic_logoff",
        "system.session_timeout_minutes",
        "system.vendors",
        "vendor.hipaa_relationship",
        "vendor.is_agent",
    )


def test_what_cannot_be_assessed_says_why(kinds: Kinds) -> None:
    policy = loaded(SAMPLE, kinds)
    (requirement,) = policy.requirements
    silent = replace(
        requirement, id="sample-2", assessable="no", not_assessable="Shows | in conduct only."
    )
    policy = replace(policy, requirements=(requirement, silent))
    row = coverage(policy, kinds)[1]
    assert (row.rules, row.facts, row.reason) == ((), (), "Shows | in conduct only.")
    rows = coverage(policy, kinds)
    assert "Shows \\| in conduct only." in as_markdown(policy, rows)
    assert "  not assessable: Shows | in conduct only." in as_text(policy, rows)
    assert "2 requirements: 1 covered by at least one rule, 1 not assessable" in as_text(
        policy, rows
    )


def test_every_form_holds_every_requirement_and_rule(kinds: Kinds) -> None:
    policy = loaded(SAMPLE, kinds)
    rows = coverage(policy, kinds)
    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert tuple(read[0]) == COLUMNS
    assert read[0]["rules"] == "idle-time; vendors-signed; devices-encrypted"
    document = json.loads(as_json(policy, rows))
    assert document["requirements"][0]["rules"] == list(rows[0].rules)
    for rule in policy.rules:
        assert rule.id in as_markdown(policy, rows)
        assert rule.id in as_text(policy, rows)


@pytest.mark.parametrize("folder", POLICIES, ids=lambda folder: folder.name)
def test_no_requirement_of_a_shipped_policy_loses_its_cover(folder: Path, kinds: Kinds) -> None:
    for row in coverage(loaded(folder, kinds), kinds):
        assert bool(row.rules) != bool(row.reason), row.requirement
        assert bool(row.rules) == (row.assessable != "no"), row.requirement
