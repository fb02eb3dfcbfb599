"""The example inventories show what a newcomer should see."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.kinds import load_kinds
from tests.cli.running import AS_OF, run


def checked(folder: Path) -> dict[str, Any]:
    result = run("check", folder, *AS_OF, "--format", "json")
    assert result.exit_code == 1, result.output
    assessment: dict[str, Any] = json.loads(result.stdout)
    return assessment


@pytest.fixture(scope="module")
def health_agency(root: Path) -> dict[str, Any]:
    return checked(root / "examples" / "health-agency")


def finding(assessment: dict[str, Any], rule: str, subject: str) -> dict[str, Any]:
    kind, _, name = subject.partition("/")
    [one] = [
        found
        for found in assessment["findings"]
        if (found["rule"], found["kind"], found["subject"]) == (rule, kind, name)
    ]
    result: dict[str, Any] = one
    return result


def marks(found: dict[str, Any]) -> list[str]:
    return [mark["name"] for mark in found.get("marks", ())]


@pytest.mark.parametrize("name", ["health-agency", "minimal"])
def test_readers_find_nothing_wrong_but_what_is_meant_to_be(root: Path, name: str) -> None:
    result = run("inventory", "validate", root / "examples" / name)
    wrong = {"health-agency": 2, "minimal": 0}[name]
    assert result.exit_code == (2 if wrong else 0), result.output
    assert result.output.count("Expected:") == wrong


def test_every_status_occurs(health_agency: dict[str, Any]) -> None:
    statuses = Counter(found["status"] for found in health_agency["findings"])
    assert set(statuses) == {"satisfied", "gap", "unknown", "not_applicable"}


@pytest.mark.parametrize(
    ("rule", "subject", "status", "mark"),
    [
        ("unique-user-identification", "system/clinic-records", "gap", None),
        ("encryption-at-rest", "system/laboratory", "gap", None),
        ("encryption-at-rest", "system/data-warehouse", "unknown", None),
        ("encryption-at-rest", "system/clinic-records", "unknown", None),
        ("encryption-at-rest", "system/email", "satisfied", "inherited"),
        ("encryption-at-rest", "system/message-gateway", "not_applicable", None),
        ("automatic-logoff", "system/data-warehouse", "gap", None),
        ("activity-recorded", "system/eligibility", "satisfied", "inherited"),
        ("activity-recorded", "system/email", "gap", "inherited"),
        ("activity-examined", "system/claims", "unknown", None),
        ("device-automatic-logoff", "device/lab-analyzer", "satisfied", "by_documented_decision"),
        ("device-encryption", "device/lab-analyzer", "satisfied", "by_documented_decision"),
        ("device-encryption", "device/laptop-08", "satisfied", None),
        ("workstation-automatic-logoff", "device/desk-north", "gap", None),
        ("log-retention@2027-07-01", "system/claims", "gap", "upcoming"),
        ("decision-recorded", "decision/analyzer-network", "gap", None),
        ("risk-analysis-scope", "agency/health-agency", "gap", None),
        ("risk-measures-in-place", "agency/health-agency", "unknown", None),
        ("individuals-told-in-time", "incident/laptop-lost", "satisfied", "outer_limit_only"),
        ("individuals-told-in-time", "incident/claims-letters", "gap", None),
        ("breach-known-to-agent", "incident/claims-letters", "gap", None),
        ("individuals-told-in-time", "incident/mail-account", "satisfied", "outer_limit_only"),
        ("vendor-binds-subcontractors", "vendor/claims-processor", "gap", None),
        ("memorandum-termination", "vendor/central-it", "satisfied", None),
        ("component-crossing-permitted", "interconnection/births-to-registry", "satisfied", None),
        ("component-crossing-controlled", "interconnection/births-to-registry", "gap", None),
        ("safe-harbor-identifiers", "dataset/overdose-open-data", "gap", None),
        ("person-trained-on-privacy", "person/p-case-2", "satisfied", None),
        ("leaver-removal-time", "person/p-analyst-2", "gap", None),
        ("applies", "system/outbreak-survey", "unknown", None),
        ("applies", "device/laptop-12", "unknown", None),
        ("applies", "system/web-site", "not_applicable", None),
    ],
)
def test_findings_a_reader_is_told_to_look_for(
    health_agency: dict[str, Any], rule: str, subject: str, status: str, mark: str | None
) -> None:
    found = finding(health_agency, rule, subject)
    assert found["status"] == status
    assert marks(found) == ([mark] if mark else [])


def test_the_two_wrong_values_are_listed(health_agency: dict[str, Any]) -> None:
    listed = [wrong["path"] for wrong in health_agency["summary"]["wrong_values"]]
    assert listed == [
        "system/claims last_log_review_on",
        "system/data-warehouse encryption_at_rest",
    ]


def test_a_reader_can_take_the_report_in(health_agency: dict[str, Any]) -> None:
    statuses = Counter(found["status"] for found in health_agency["findings"])
    assert 60 <= statuses["gap"] <= 130
    assert statuses["unknown"] <= 110
    assert statuses["satisfied"] > 4 * statuses["gap"]


def test_no_person_has_a_name(root: Path) -> None:
    assert "name" not in load_kinds(root / "schemas" / "inventory")["person"].facts


def test_the_smallest_inventory_shows_each_status_of_the_technical_safeguards(root: Path) -> None:
    found = checked(root / "examples" / "minimal")
    [policy] = found["policies"]
    technical = {
        rule["id"]
        for rule in policy["rules"]
        if any(covered.startswith("hipaa-164.312.") for covered in rule["covers"])
    }
    open_rules = {
        (one["rule"], one["status"])
        for one in found["findings"]
        if one["status"] in ("gap", "unknown") and one["rule"] in technical
    }
    assert open_rules == {
        ("unique-user-identification", "gap"),
        ("multi-factor-login", "gap"),
        ("activity-examined", "unknown"),
        ("log-review-interval", "unknown"),
    }
    assert marks(finding(found, "automatic-logoff", "system/patient-records")) == [
        "by_documented_decision"
    ]
    assert finding(found, "applies", "system/phone-book")["status"] == "not_applicable"
