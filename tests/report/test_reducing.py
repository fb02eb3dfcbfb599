"""What a reduced assessment leaves out, in every format."""

import csv
import dataclasses
import re
from dataclasses import replace
from typing import Any

import pytest

from compliance.assessment.model import Assessment, Deadline, Mark, ParameterText
from compliance.assessment.outcome import headline
from compliance.report.detail import COUNTS, DETAILS, FULL, NOTES, REQUIREMENT
from compliance.report.formats import FORMATS
from compliance.report.reducing import reduced
from tests.report.html.test_page import planned
from tests.report.reading import rendered
from tests.report.sample import FINDINGS, POLICY, assessment, finding, leaf

CANARY = "Q7Z"
"""Stands in every text of the inventory, and nowhere else."""


def telling() -> Assessment:
    """The sample with `CANARY` in everything that comes from an inventory."""
    sample = assessment([_hidden(one) for one in (*FINDINGS, fault())])
    metadata = replace(
        sample.metadata, inventory={f"{name}{CANARY}": d for name, d in DIGESTS.items()}
    )
    summary = replace(
        sample.summary,
        missing_facts=tuple(
            replace(one, subjects=tuple(f"{name}{CANARY}" for name in one.subjects))
            for one in sample.summary.missing_facts
        ),
        wrong_values=tuple(_hidden(one) for one in sample.summary.wrong_values),
        notes=tuple(_hidden(one) for one in sample.summary.wrong_values),
    )
    chosen = ParameterText("idle", "Idle limit", f"{CANARY} minutes", True, "bureau")
    policy = replace(POLICY, parameters=(chosen,))
    plan, outside = map(_hidden, planned().plan), map(_hidden, planned().outside)
    made = replace(sample, metadata=metadata, summary=summary, policies=(policy,))
    last = Deadline("2027-01-01", "hipaa", "idle-logoff", "low", "law", (f"system/{CANARY}",))
    return replace(made, plan=tuple(plan), outside=tuple(outside), deadlines=(last,))


DIGESTS = {"inventory/a.yaml": "ab" * 32, "inventory/b.yaml": "cd" * 32}


def fault() -> Any:
    return finding("bad", status="error", evaluated="error", message="out of fuel", leaves=())


KEPT = frozenset(
    {"agency", "policy", "rule", "kind", "status", "evaluated", "severity", "basis", "assurance",
     "covers", "rules", "state", "outcome", "test", "path", "element", "effect", "extent", "id",
     "as_unknown", "provider_status", "date", "due_on", "due_basis", "found_on"}
)  # fmt: skip


def _hidden(value: Any) -> Any:
    """A copy with `CANARY` in every text but words of the program and ids of rules and facts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = KEPT | {"name"} if isinstance(value, Mark) else KEPT
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return type(value)(
            **{name: old if name in kept else _hidden(old) for name, old in fields.items()}
        )
    if isinstance(value, str):
        return f"{value}{CANARY}"
    return tuple(map(_hidden, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", FORMATS)
def test_everything_is_there_unless_less_is_asked_for(name: str) -> None:
    sample = telling()
    assert reduced(sample, FULL) is sample
    assert CANARY in rendered(sample, name)


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_of_the_inventory_is_in_a_reduced_report(name: str, detail: str) -> None:
    text = rendered(reduced(telling(), detail), name)
    assert CANARY not in text
    for word in ("payroll", "central-it", "Payroll", "out of fuel", "inventory/"):
        assert word not in text, word


@pytest.mark.parametrize("name", FORMATS)
def test_numbers_alone_do_not_tell_which_requirements_they_are(name: str) -> None:
    text = rendered(reduced(telling(), COUNTS), name)
    for word in ("164.312", "unique-user", "Every user", "Does logging in", "system.mfa"):
        assert word not in text, word


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
def test_the_numbers_stay(detail: str) -> None:
    sample = telling()
    less = reduced(sample, detail)
    assert headline(less) == headline(sample)
    assert less.summary.counts == sample.summary.counts
    assert sorted(less.metadata.inventory.values()) == sorted(DIGESTS.values())


@pytest.mark.parametrize("name", ["text", "html", "xlsx", "md"])
@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
def test_a_reduced_report_says_so(name: str, detail: str) -> None:
    words = " ".join(rendered(reduced(telling(), detail), name).split())
    assert NOTES[detail] in words
    assert NOTES[detail] not in " ".join(rendered(telling(), name).split())


@pytest.mark.parametrize("detail", DETAILS)
def test_a_table_says_on_each_line_how_much_it_tells(detail: str) -> None:
    lines = list(csv.DictReader(rendered(reduced(telling(), detail), "csv").splitlines()))
    assert {one["detail"] for one in lines} == {detail}


def test_rules_and_requirements_stay_with_their_numbers() -> None:
    less = reduced(telling(), REQUIREMENT)
    assert less.policies[0].requirements == POLICY.requirements
    assert len(less.findings) == len(FINDINGS) + 1
    statuses = sorted((one.rule, one.status) for one in less.findings)
    assert statuses == sorted((one.rule, one.status) for one in telling().findings)
    text = rendered(less, "html")
    assert "2 system records" in text
    assert "Give every workforce member an individual account." in text


def test_equal_numbers_do_not_tell_that_two_findings_are_of_one_record() -> None:
    both = [finding("a"), finding("a", rule="idle-logoff"), finding("b", rule="idle-logoff")]
    found = list(reduced(assessment(both), REQUIREMENT).findings)
    assert len({one.subject for one in found}) == 3
    other = [finding("b"), finding("a", rule="idle-logoff"), finding("z", rule="idle-logoff")]
    assert list(reduced(assessment(other), REQUIREMENT).findings) == found


def test_what_was_left_out_does_not_come_back() -> None:
    numbers = reduced(telling(), COUNTS)
    for detail in DETAILS:
        assert reduced(numbers, detail) is numbers
    again = reduced(reduced(telling(), REQUIREMENT), COUNTS)
    assert rendered(again, "json") == rendered(numbers, "json")


def test_a_value_of_the_agency_is_left_out_and_the_policys_stays() -> None:
    own = replace(POLICY.parameters[0], name="days", title="Days", chosen=False)
    policy = replace(POLICY, parameters=(POLICY.parameters[0], own))
    less = reduced(assessment(policy=policy), REQUIREMENT)
    assert less.policies[0].parameters == (own,)


def test_leaves_with_a_value_are_gone() -> None:
    sample = assessment([finding(leaves=(leaf(observed=re.escape("10.1.2.3")),))])
    for detail in (REQUIREMENT, COUNTS):
        assert not any(one.leaves or one.settling for one in reduced(sample, detail).findings)
