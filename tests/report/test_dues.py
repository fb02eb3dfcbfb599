"""What is due when."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.model import (
    Assessment,
    Deadline,
    Expected,
    Finding,
    Inherited,
    Mark,
    OutsideFinding,
    ParameterText,
    PlanItemText,
    PlanMilestone,
)
from compliance.report.calendar import as_calendar
from compliance.report.dues import (
    AHEAD,
    CLOCK,
    INTERVAL,
    MILESTONE,
    OUTSIDE,
    PLAN,
    SANCTION,
    STATEMENT,
    Due,
    dues,
    within,
)
from compliance.report.dues_telling import as_json, page
from compliance.report.reducing import reduced
from tests.report import sample

TODAY = "2026-11-23"


def made(*findings: Finding, **changes: Any) -> Assessment:
    return replace(sample.assessment(findings or (sample.finding(),)), **changes)


def told(found: Assessment) -> list[tuple[str, str, bool]]:
    return [(one.on, one.sort, one.overdue) for one in dues(found)]


def item(**changes: Any) -> PlanItemText:
    first = PlanItemText("POAM-0001", "Encrypt it", "accepted", "high", "2026-10-01", owner="DBA")
    return replace(first, **changes)


@pytest.mark.parametrize(
    ("due_on", "overdue"), [("2026-11-22", True), (TODAY, False), ("2026-11-24", False)]
)
def test_what_is_due_today_is_not_overdue_yet(due_on: str, overdue: bool) -> None:
    outside = OutsideFinding("IRS", "1", "Logs", "high", "2026-08-01", response_due_on=due_on)
    plan = item(due_on=due_on, milestones=(PlanMilestone("Order", due_on),))
    found = dues(made(plan=(plan,), outside=(outside,)))
    assert [(one.sort, one.overdue) for one in found] == [
        (OUTSIDE, overdue), (PLAN, overdue), (MILESTONE, overdue),
    ]  # fmt: skip
    assert {one.on for one in found} == {due_on}


def test_what_is_done_closed_or_answered_is_not_due() -> None:
    steps = (PlanMilestone("Order", "2026-11-01", "2026-11-02"), PlanMilestone("Some day"))
    outside = OutsideFinding("IRS", "1", "Logs", "high", "2026-08-01", response_due_on="2026-10-01")
    answered = replace(outside, responded_on="2026-09-30")
    accepted = replace(outside, number="2", open=False)
    closed = item(id="POAM-0002", state="closed", due_on="2026-10-01",
                  milestones=(PlanMilestone("Order", "2026-10-01"),))  # fmt: skip
    assert dues(made(plan=(item(milestones=steps), closed), outside=(answered, accepted))) == ()
    later = replace(outside, responded_on="2026-12-01")
    assert told(made(outside=(later,))) == [("2026-10-01", OUTSIDE, True)]


def test_the_last_days_of_satisfied_rules() -> None:
    rule = sample.RULES[0].id
    dated = Deadline("2026-12-01", "hipaa", rule, "high", "law", ("system/a", "system/b"),
                     "system.last_log_review_on", "2026-11-01")  # fmt: skip
    clock = Deadline("2026-12-05", "hipaa", rule, "critical", "law", ("system/payroll",))
    satisfied = sample.finding("payroll", status="satisfied", evaluated="satisfied", leaves=(),
                               marks=(Mark("outer_limit_only"),))  # fmt: skip
    plain = replace(clock, subjects=("system/c",), on="2026-12-06")
    found = dues(made(satisfied, deadlines=(dated, clock, plain)))
    assert [(one.sort, one.on) for one in found] == [
        (INTERVAL, "2026-12-01"), (CLOCK, "2026-12-05"), (INTERVAL, "2026-12-06"),
    ]  # fmt: skip
    assert "system/a, system/b: system.last_log_review_on 2026-11-01" in found[0].text
    assert "may fall due before" in found[1].text
    assert found[0].title == sample.RULES[0].title


def late_leaf(observed: object, cut_off: str = "2026-10-24", **changes: Any) -> Any:
    expected = Expected("recent", 30, cut_off=cut_off)
    return sample.leaf(path="system.last_log_review_on", observed=observed, expected=expected,
                       **changes)  # fmt: skip


def test_a_date_that_lies_too_far_back_is_overdue_since_its_last_day() -> None:
    gap = sample.finding(leaves=(late_leaf("2026-10-01"),))
    other = sample.finding("claims", leaves=(late_leaf("2026-10-01", subject="system/claims"),))
    (one,) = dues(made(gap, other))
    assert (one.on, one.overdue) == ("2026-10-31", True)
    assert one.records == ("system/claims", "system/payroll")
    assert one.text.endswith("2026-10-01, too long ago")


@pytest.mark.parametrize(
    "leaf",
    [
        late_leaf("none"),
        late_leaf(None, state="withheld"),
        late_leaf("2026-10-01", outcome="true"),
        late_leaf("2026-10-01", outcome="unknown"),
        late_leaf("2026-10-01", cut_off="0001-01-01"),
        sample.leaf(),
    ],
)
def test_other_leaves_have_no_date(leaf: Any) -> None:
    assert dues(made(sample.finding(leaves=(leaf,)))) == ()


def test_what_is_not_in_force_is_ahead_and_never_overdue() -> None:
    gap = sample.finding(marks=(Mark("upcoming", "2027-01-01"),), leaves=(late_leaf("2026-01-01"),))
    lenient = sample.finding("b", marks=(Mark("not_sanctionable_until", "2027-03-01"),))
    undated = sample.finding("c", marks=(Mark("upcoming"),))
    assert told(made(gap, lenient, undated)) == [
        ("2027-01-01", AHEAD, False), ("2027-03-01", SANCTION, False),
    ]  # fmt: skip


def test_requirements_and_parameters_that_begin_later() -> None:
    requirement = sample.requirement(
        "r", "45 CFR 1", "met", in_force_from="2027-01-01", enforced_from="2027-02-01",
        sanctioned_from="2026-01-01", until="2030-01-01",
    )  # fmt: skip
    parameter = ParameterText("p", "Idle limit", 15, False, "law", "minutes",
                              (("2026-01-01", 12), ("2027-04-01", 10)))  # fmt: skip
    policy = replace(sample.POLICY, requirements=(requirement,), parameters=(parameter,))
    found = dues(made(policies=(policy,)))
    assert [(one.on, one.text) for one in found] == [
        ("2027-01-01", "in force from this day on"),
        ("2027-02-01", "enforced from this day on"),
        ("2027-04-01", "the policy's value becomes 10 minutes"),
        ("2030-01-01", "in force up to this day"),
    ]


def statement(**changes: Any) -> Inherited:
    first = Inherited("vendor/it", "full", "satisfied", True, "satisfied", "2026-01-01",
                      "2027-01-01", position="inheritance.yaml:3:5")  # fmt: skip
    return replace(first, **changes)


def test_statements_end() -> None:
    kept = sample.finding("a", status="satisfied", leaves=(), inheritance=(statement(),))
    twice = sample.finding("b", status="satisfied", leaves=(), inheritance=(statement(),))
    (one,) = dues(made(kept, twice))
    assert (one.on, one.sort, one.overdue) == ("2027-01-01", STATEMENT, False)
    assert one.records == ("system/a", "system/b")
    over = statement(expires_on="2026-11-22", valid=False, effect="none")
    waiting = replace(sample.UNKNOWN, inheritance=(over,))
    assert told(made(waiting)) == [("2026-11-22", STATEMENT, True)]
    settled = sample.finding("a", status="satisfied", leaves=(), inheritance=(over,))
    later = replace(waiting, inheritance=(statement(assessed_on="2026-12-24"),))
    for finding in (settled, later):
        assert dues(made(finding)) == ()


def test_within_keeps_what_is_overdue() -> None:
    plan = tuple(
        item(id=f"POAM-{number}", due_on=day)
        for number, day in enumerate(("2020-01-01", TODAY, "2026-12-03", "2026-12-04"))
    )
    found = dues(made(plan=plan))
    assert [one.on for one in within(found, TODAY, 10)] == ["2020-01-01", TODAY, "2026-12-03"]
    assert [one.on for one in within(found, TODAY, 0)] == ["2020-01-01", TODAY]
    assert within(found, TODAY, 10**9) == found


def test_a_reduced_assessment_names_no_record() -> None:
    whole = made(sample.finding(leaves=(late_leaf("2026-10-01"),)), plan=(item(due_on=TODAY),))
    for detail in ("requirement", "counts"):
        less = reduced(whole, detail)
        text = json.dumps(json.loads("".join(as_json(less, dues(less)))))
        assert "payroll" not in text
        assert "POAM" not in text
        assert "is reduced" in page(less, (), ()).lead


def test_the_page_tells_all_by_how_far_it_lies_ahead() -> None:
    days = ("2026-11-22", TODAY, "2026-12-23", "2026-12-24", "2027-02-21", "2027-02-22",
            "2027-11-24", "2027-11-25")  # fmt: skip
    plan = tuple(item(id=f"POAM-{number}", due_on=day) for number, day in enumerate(days))
    found = dues(made(plan=plan))
    sections = page(made(plan=plan), found, found).sections
    assert [(one.title, len(one.blocks)) for one in sections] == [
        ("Overdue", 1), ("Within 30 days", 2), ("Within 90 days", 2), ("Within a year", 2),
        ("Later", 1),
    ]  # fmt: skip
    assert page(made(plan=plan), found, found).lead == (
        "1 date overdue, 2 within 30 days, 5 later."
    )
    assert page(made(plan=plan), found[:3], found).lead.endswith("5 of them are not listed here.")


EVIL = "a;b,c\\d\r\nEND:VCALENDAR\u202e\x00 " + "ä" * 60


def lines(found: Assessment) -> list[str]:
    text = "".join(as_calendar(found, dues(found)))
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    physical = text.removesuffix("\r\n").split("\r\n")
    assert all(len(one.encode()) <= 75 for one in physical)
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_calendar_holds_an_event_for_each_date() -> None:
    found = lines(made(plan=(item(due_on="2026-12-31"), item(id="POAM-0002", due_on=TODAY))))
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    assert [one for one in found if one.startswith(("DTSTART", "DTEND"))] == [
        "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261124",
        "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
    ]  # fmt: skip
    for name in ("BEGIN:VEVENT", "END:VEVENT", "DTSTAMP:20261123T000000Z"):
        assert found.count(name) == 2


def test_no_text_breaks_out_of_its_place_in_a_calendar() -> None:
    found = lines(made(plan=(item(title=EVIL, due_on=TODAY),)))
    assert found.count("END:VCALENDAR") == 1
    (summary,) = [one for one in found if one.startswith("SUMMARY:")]
    assert r"a\;b\,c\\d END:VCALENDAR" in summary
    assert "\u202e" not in summary


def uids(found: Assessment) -> list[str]:
    return [one for one in lines(found) if one.startswith("UID:")]


def test_an_event_keeps_its_uid_and_no_two_share_one() -> None:
    plan = (item(due_on="2026-12-31"), item(id="POAM-0002", due_on="2026-12-31"))
    first = uids(made(plan=plan))
    assert len(set(first)) == 2
    moved = tuple(replace(one, due_on="2027-01-31") for one in plan)
    later = made(plan=moved)
    later = replace(later, metadata=replace(later.metadata, as_of="2026-12-01"))
    assert uids(later) == first
    elsewhere = made(plan=plan)
    elsewhere = replace(elsewhere, metadata=replace(elsewhere.metadata, agency="another"))
    assert not set(uids(elsewhere)) & set(first)


@given(st.lists(st.dates().map(str), max_size=6), st.text(max_size=80))
def test_any_dates_and_texts_make_a_calendar(days: list[str], title: str) -> None:
    plan = tuple(
        item(id=f"POAM-{number}", due_on=day, title=title) for number, day in enumerate(days)
    )
    assessment = made(plan=plan)
    found: tuple[Due, ...] = dues(assessment)
    assert [one.on for one in found] == sorted(days)
    assert len(uids(assessment)) == len(days)
    assert "".join(as_json(assessment, found))
