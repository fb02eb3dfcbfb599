"""Open findings as a table."""

import csv
import io
from dataclasses import replace

import pytest

from compliance.assessment.model import Assessment, PlanCover
from compliance.report.csv import CSV_COLUMNS, NOTHING_OPEN
from compliance.report.detail import COUNTS, REQUIREMENT
from compliance.report.reducing import reduced
from tests.report.html.test_page import planned
from tests.report.reading import made
from tests.report.sample import FINDINGS, POLICY, UNKNOWN, assessment, finding, leaf


def rows(sample: Assessment) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made(sample, "csv").decode("utf-8"), newline="")))


def test_each_open_finding_has_a_line_the_gravest_first() -> None:
    found = rows(assessment())
    assert [(one["status"], one["severity"], one["record"], one["rule"]) for one in found] == [
        ("gap", "high", "system/claims", "unique-user-identification"),
        ("gap", "high", "system/payroll", "unique-user-identification"),
        ("gap", "medium", "system/payroll", "idle-logoff"),
        ("unknown", "high", "system/portal", "applies"),
        ("unknown", "high", "system/tax", "unique-user-identification"),
        ("upcoming", "medium", "system/payroll", "idle-logoff@2027-01-01"),
    ]
    assert {one["findings"] for one in found} == {"1"}


def test_a_line_tells_what_is_wrong_where_and_what_to_do() -> None:
    [claims, payroll, *_] = rows(assessment())
    assert claims["facts"] == "vendor/v1: Multi-factor log-in"
    assert payroll["facts"] == "Multi-factor log-in"
    assert payroll["paths"] == "system.mfa"
    assert (payroll["observed"], payroll["expected"]) == ("false", "true")
    assert payroll["positions"] == "inventory/systems.yaml:12:9"
    assert payroll["known"] == "asserted"
    assert payroll["against"] == "Gap against 45 CFR 164.312(a)(2)(i)"
    assert payroll["requirements"] == "45 CFR 164.312(a)(2)(i)"
    assert payroll["remediation"] == "Give every workforce member an individual account."
    assert payroll["effort"] == "medium"
    assert payroll["id"] == FINDINGS[0].id


def test_an_unknown_names_the_question_and_whom_to_ask() -> None:
    [found] = rows(assessment([UNKNOWN]))
    assert found["questions"] == "Does logging in need a second factor?"
    assert found["asked_of"] == "system owner"
    assert found["observed"] == "(not given)"
    assert found["against"] == found["remediation"] == ""


def test_the_plan_item_that_covers_a_gap_stands_beside_it() -> None:
    cover = PlanCover("hipaa", "unique-user-identification", "system", gaps=("payroll",))
    [item] = planned().plan
    sample = replace(planned(), plan=(replace(item, covers=(cover,)),))
    beside = {one["id"]: (one["plan_item"], one["plan_due_on"]) for one in rows(sample)}
    assert beside.pop(FINDINGS[0].id) == ("POAM-0001", "2027-01-31")
    assert set(beside.values()) == {("", "")}
    closed = replace(item, covers=(cover,), state="closed")
    assert not any(one["plan_item"] for one in rows(replace(sample, plan=(closed,))))


def test_a_value_that_is_never_written_out_is_not() -> None:
    hidden = leaf(path="person.screening.result", state="withheld", observed="SECRET")
    [found] = rows(assessment([finding(leaves=(hidden,))]))
    assert found["observed"] == "(known, not shown)"
    assert "SECRET" not in str(found)


def test_without_open_findings_a_line_still_says_what_was_checked() -> None:
    fine = finding(status="satisfied", evaluated="satisfied", leaves=())
    [found] = rows(assessment([fine]))
    assert (found["status"], found["findings"], found["policy"]) == (NOTHING_OPEN, "0", "hipaa")
    assert found["as_of"] == "2026-11-23"
    assert found["policy_version"] == "0.1.0"


def test_a_rule_set_without_open_findings_has_its_line_beside_others() -> None:
    sample = replace(assessment(), policies=(POLICY, replace(POLICY, id="calm")))
    found = [one for one in rows(sample) if one["policy"] == "calm"]
    assert [(one["status"], one["findings"]) for one in found] == [(NOTHING_OPEN, "0")]
    stray = assessment([finding(policy="other", rule="rule")])
    assert [one["policy"] for one in rows(stray)] == ["other", "hipaa"]


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
def test_lines_without_records_add_up_to_the_same(detail: str) -> None:
    def sums(found: list[dict[str, str]]) -> dict[tuple[str, str, str], int]:
        added: dict[tuple[str, str, str], int] = {}
        for one in found:
            key = (one["status"], one["severity"], one["basis"])
            added[key] = added.get(key, 0) + int(one["findings"])
        return added

    less = rows(reduced(assessment(), detail))
    assert sums(less) == sums(rows(assessment()))
    assert not any(one["record"] or one["positions"] or one["id"] for one in less)


def test_the_heading_names_each_column_once() -> None:
    first = made(assessment(), "csv").decode().splitlines()[0]
    assert first.split(",") == list(CSV_COLUMNS)
    assert all(column.title and column.about for column in CSV_COLUMNS.values())
    assert len({column.title for column in CSV_COLUMNS.values()}) == len(CSV_COLUMNS)


def test_lines_end_as_files_of_the_program_do() -> None:
    data = made(assessment(), "csv")
    assert b"\r" not in data
    assert data.endswith(b"\n")
