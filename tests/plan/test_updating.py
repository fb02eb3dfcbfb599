"""What an assessment changes in a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from compliance.assessment.model import Assessment, Migration, RuleText
from compliance.assessment.planned import PlanEvent
from compliance.plan.due import later, latest_of_rule
from compliance.plan.loading import load_plan
from compliance.plan.standing import due, is_before, lacks, overdue, state
from compliance.plan.texts import with_plan
from compliance.plan.updating import update
from tests.plan.world import ACCEPT, RULES, apply, on, replace_in, run, step, text

DAY = "2026-11-23"
BOTH = {"r/a": "gap", "r/b": "gap"}


def events(folder: Path, number: int = 0) -> list[str]:
    return [event.event for event in load_plan(folder).items[number].history]


def test_new_gaps_become_one_proposed_item_a_rule_and_kind(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {**BOTH, "s/a": "gap", "r/c": "unknown", "s/b": "satisfied"})
    assert [(one.id, one.state, one.severity, one.basis) for one in plan.items] == [
        ("POAM-0001", "proposed", "high", "law"),
        ("POAM-0002", "proposed", "low", "bureau"),
    ]
    [cover] = plan.items[0].covers
    assert (cover.policy, cover.rule, cover.kind) == ("hipaa", "r", "system")
    assert cover.subjects == ("a", "b")
    assert cover.requirements == ("a", "b")
    assert plan.items[0].remediation == "Do it."
    assert plan.last_id == "POAM-0002"


def test_the_same_findings_change_nothing_not_even_a_byte(tmp_path: Path) -> None:
    step(tmp_path, DAY, BOTH)
    before = text(tmp_path)
    assert update(load_plan(tmp_path), on("2026-12-01", BOTH)).nothing
    step(tmp_path, "2026-12-01", BOTH)
    assert text(tmp_path) == before


@pytest.mark.parametrize("status", ["satisfied", "not_applicable"])
def test_what_is_settled_closes_with_its_date(tmp_path: Path, status: str) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    plan = step(tmp_path, "2026-12-05", {"r/a": status})
    [item] = plan.items
    assert (item.state, item.closed_on) == ("closed", "2026-12-05")
    assert item.history[0].because in ("Satisfied", "No longer applicable")


@pytest.mark.parametrize("status", ["unknown", "error", None])
def test_what_cannot_be_told_closes_nothing_and_is_said(tmp_path: Path, status: str | None) -> None:
    plan = step(tmp_path, DAY, {"r/a": "gap", "r/b": "gap"})
    statuses = {"r/a": status, "r/b": "satisfied"} if status else {"r/b": "satisfied"}
    found = update(plan, on("2026-12-05", statuses))
    [unclear] = found.unclear
    assert unclear.records == ("system/a",)
    assert unclear.words
    assert not found.happened("closed")


def test_a_vanished_policy_or_rule_closes_nothing(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {"r/a": "gap", "s/a": "gap"})
    found = update(plan, on("2026-12-05", {}, rules=RULES[1:]))
    assert [one.words for one in found.unclear] == [
        "hipaa 0.1.0 has no rule r any more",
        "the inventory no longer has the record",
    ]
    assert not found.happened("closed")


def test_a_rule_with_a_new_id_keeps_its_item(tmp_path: Path) -> None:
    first = step(tmp_path, DAY, {"r/a": "gap"})
    old = text(tmp_path)
    renamed = (Migration("r", "s", "said more exactly"),)
    later = moved({"s/a": "gap"}, renamed)
    assert apply(tmp_path, later).items == first.items
    assert text(tmp_path) == old
    [shown] = with_plan(later, load_plan(tmp_path)).plan
    assert [(one.rule, one.gaps, one.unclear) for one in shown.covers] == [("s", ("a",), ())]
    grown = apply(tmp_path, moved({"s/a": "gap", "s/b": "gap"}, renamed))
    assert [one.records for one in grown.items] == [("system/a", "system/b")]
    [closed] = apply(tmp_path, moved({"s/a": "satisfied", "s/b": "satisfied"}, renamed)).items
    assert (closed.state, closed.covers[0].rule) == ("closed", "r")


def test_a_rule_that_became_two_closes_with_both(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    table = (Migration("r", "s", "split"), Migration("r", "q", "split"), Migration("q", "t", ""))
    [item] = apply(tmp_path, moved({"s/a": "satisfied", "t/a": "gap"}, table)).items
    assert item.state == "proposed"
    [item] = apply(tmp_path, moved({"s/a": "gap", "s/b": "gap", "t/b": "gap"}, table)).items
    assert item.records == ("system/a", "system/b")
    both = {f"{rule}/{name}": "satisfied" for rule in "st" for name in "ab"}
    [item] = apply(tmp_path, moved(both, table)).items
    assert item.state == "closed"


def test_a_retired_rule_closes_nothing_and_says_why(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    found = moved({"s/a": "satisfied"}, (Migration("r", None, "no longer asked"),))
    changed = update(load_plan(tmp_path), found)
    assert changed.nothing
    assert [one.words for one in changed.unclear] == [
        "hipaa 0.1.0 has no rule r any more (no longer asked)"
    ]


def moved(statuses: dict[str, str], table: tuple[Migration, ...]) -> Assessment:
    """A later assessment by a version that has other rules and says what became of the old."""
    rules = (replace(RULES[1], severity="high", basis="law"), replace(RULES[0], id="t"))
    found = on("2026-12-01", statuses, rules=rules)
    return replace(found, policies=(replace(found.policies[0], migrations=table),))


def test_one_record_of_several_is_resolved_and_later_vanishes(tmp_path: Path) -> None:
    step(tmp_path, DAY, BOTH)
    plan = step(tmp_path, "2026-12-01", {"r/a": "gap", "r/b": "satisfied"})
    assert plan.items[0].resolved() == {"system/b"}
    # It was put right before it went, so its going keeps nothing open.
    plan = step(tmp_path, "2026-12-09", {"r/a": "satisfied"})
    assert plan.items[0].state == "closed"


def test_what_comes_back_before_the_item_closes_is_told(tmp_path: Path) -> None:
    step(tmp_path, DAY, BOTH)
    step(tmp_path, "2026-12-01", {"r/a": "gap", "r/b": "satisfied"})
    plan = step(tmp_path, "2026-12-09", BOTH)
    assert plan.items[0].resolved() == set()
    assert events(tmp_path) == ["regressed", "resolved", "proposed"]


def test_a_gap_that_comes_back_reopens_its_item_with_history(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    replace_in(tmp_path, *ACCEPT)
    step(tmp_path, "2026-11-30", {"r/a": "gap"})
    step(tmp_path, "2026-12-05", {"r/a": "satisfied"})
    plan = step(tmp_path, "2027-01-05", {"r/a": "gap"})
    [item] = plan.items
    assert (item.state, item.closed_on, item.latest_on) == ("proposed", None, "2027-04-05")
    assert events(tmp_path) == ["reopened", "closed", "accepted", "proposed"]
    # What was accepted before counts no more; the words stay.
    assert item.accepted_by == "CISO"
    assert lacks(item, "2027-01-05") == ("an acceptance since it was reopened on 2027-01-05",)
    assert due(item, "2027-01-05") == ("2027-04-05", "bureau")
    replace_in(tmp_path, ("accepted_on: 2026-11-24", "accepted_on: 2027-01-06"))
    plan = step(tmp_path, "2027-01-06", {"r/a": "gap"})
    assert state(plan.items[0], "2027-01-06") == "accepted"
    assert events(tmp_path)[0] == "accepted"


def test_an_item_closed_by_hand_over_a_gap_reopens(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    replace_in(tmp_path, ("state: proposed", "state: closed\n    closed_on: 2026-11-30"))
    plan = step(tmp_path, "2026-12-01", {"r/a": "gap"})
    assert plan.items[0].state == "proposed"
    assert plan.items[0].history[0].because == "The gap was closed by hand and is there still"


def test_a_new_record_joins_a_proposed_item_and_never_an_accepted_one(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    plan = step(tmp_path, "2026-12-01", BOTH)
    assert [one.records for one in plan.items] == [("system/a", "system/b")]
    replace_in(tmp_path, *ACCEPT)
    plan = step(tmp_path, "2026-12-02", {**BOTH, "r/c": "gap"})
    assert [one.records for one in plan.items] == [("system/a", "system/b"), ("system/c",)]
    assert [state(one, "2026-12-02") for one in plan.items] == ["accepted", "proposed"]


def test_an_item_counts_with_person_owner_milestone_and_date(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {"r/a": "gap"})
    assert len(lacks(plan.items[0], DAY)) == 5
    for number, pair in enumerate(ACCEPT, 1):
        replace_in(tmp_path, pair)
        assert len(lacks(load_plan(tmp_path).items[0], "2026-11-24")) == 5 - number
    [item] = load_plan(tmp_path).items
    assert state(item, "2026-11-24") == "accepted"
    assert state(item, DAY) == "proposed"  # the day before
    assert due(item, "2026-11-24") == ("2027-03-31", "agency")


def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap", "s/a": "gap"})
    written = text(tmp_path)
    (tmp_path / "poam.yaml").write_text(written[: written.index("  - id: POAM-0002")])
    plan = step(tmp_path, "2026-12-01", {"r/a": "gap", "s/a": "gap"})
    assert [one.id for one in plan.items] == ["POAM-0001", "POAM-0003"]


def test_upcoming_gaps_are_proposed_apart_until_they_are_in_force(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {"r/a": "gap", "s@2027-01-01/a": "upcoming", "s/a": "satisfied"})
    ahead = plan.items[1]
    assert (ahead.upcoming, ahead.in_force_from, ahead.latest_on) == (
        True, "2027-01-01", "2027-01-01",
    )  # fmt: skip
    assert ahead.covers[0].rule == "s"
    plan = step(tmp_path, "2027-01-02", {"r/a": "gap", "s/a": "gap"})
    assert len(plan.items) == 2
    assert (plan.items[1].upcoming, plan.items[1].latest_on) == (False, "2028-01-02")
    assert events(tmp_path, 1) == ["in_force", "proposed"]


def test_an_upcoming_gap_closes_when_it_is_put_right_ahead(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"s@2027-01-01/a": "upcoming", "s/a": "satisfied"})
    plan = step(tmp_path, "2026-12-01", {"s@2027-01-01/a": "satisfied", "s/a": "satisfied"})
    assert plan.items[0].state == "closed"


def test_no_upcoming_item_where_there_is_a_gap_today(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {"s@2027-01-01/a": "upcoming", "s/a": "gap"})
    assert [one.upcoming for one in plan.items] == [False]


def test_a_gap_put_right_for_today_alone_gets_an_item_for_what_is_ahead(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"s@2027-01-01/a": "upcoming", "s/a": "gap"})
    plan = step(tmp_path, "2026-12-01", {"s@2027-01-01/a": "upcoming", "s/a": "satisfied"})
    assert [(one.state, one.upcoming) for one in plan.items] == [
        ("closed", False), ("proposed", True),
    ]  # fmt: skip
    before = text(tmp_path)
    step(tmp_path, "2026-12-01", {"s@2027-01-01/a": "upcoming", "s/a": "satisfied"})
    assert text(tmp_path) == before


def test_the_rule_s_own_time_goes_before_the_bureau_s_table() -> None:
    rules = {rule.id: rule for rule in RULES}
    own = latest_of_rule(rules["flaws"], "critical", DAY)
    assert (own.on, own.basis) == ("2026-12-08", "law")
    for severity, days in (("critical", 30), ("high", 90), ("medium", 180), ("low", 365)):
        table = latest_of_rule(rules["r"], severity, DAY)
        assert (table.on, table.basis) == (later(DAY, days), "bureau")
    assert later("9999-12-01", 365) == "9999-12-31"


def test_overdue_is_from_the_day_after(tmp_path: Path) -> None:
    [item] = step(tmp_path, DAY, {"r/a": "gap"}).items
    assert item.latest_on == "2027-02-21"
    assert not overdue(item, "2027-02-21")
    assert overdue(item, "2027-02-22")


def test_a_plan_is_not_updated_as_of_an_earlier_date(tmp_path: Path) -> None:
    plan = step(tmp_path, DAY, {"r/a": "gap"})
    assert is_before("2026-11-22", plan.items) == DAY
    assert is_before(DAY, plan.items) is None
    # A slip in the date of an acceptance does not lock the plan until that day.
    slip = PlanEvent("2062-11-24", "accepted", "Director")
    items = tuple(replace(one, history=(slip, *one.history)) for one in plan.items)
    assert is_before(DAY, items) is None


def test_an_item_of_a_person_s_own_stays(tmp_path: Path) -> None:
    own = "items:\n- id: POAM-0007\n  title: Hire\n  state: proposed\n  severity: low\n"
    (tmp_path / "poam.yaml").write_text(own + "  found_on: 2026-01-01\n")
    plan = step(tmp_path, DAY, {"r/a": "gap"})
    assert [one.id for one in plan.items] == ["POAM-0007", "POAM-0008"]
    assert plan.items[0].state == "proposed"
    assert text(tmp_path).startswith(own)


FINDING = """findings:
  - source: IRS
    number: 2026-07
    title: No second factor
    severity: high
    reported_on: 2026-08-14
    response_due_on: 2026-11-12
    requirements: [a]
"""


def test_only_the_issuer_closes_a_finding_from_outside(tmp_path: Path) -> None:
    (tmp_path / "findings").mkdir()
    file = tmp_path / "findings" / "irs.yaml"
    file.write_text(FINDING)
    [item] = step(tmp_path, DAY, {"r/a": "satisfied"}).items
    assert (item.outside, item.found_on, item.latest_on, item.latest_basis) == (
        ("IRS 2026-07",), "2026-08-14", "2026-11-12", "issuer",
    )  # fmt: skip
    before = text(tmp_path)
    step(tmp_path, "2027-01-01", {"r/a": "satisfied", "s/a": "satisfied"})
    assert text(tmp_path) == before
    file.write_text(FINDING + "    accepted_by_issuer_on: 2027-02-01\n")
    [item] = step(tmp_path, "2027-01-15", {}).items
    assert item.state == "proposed"
    [item] = step(tmp_path, "2027-02-01", {}).items
    assert (item.state, item.closed_on) == ("closed", "2027-02-01")
    file.write_text(FINDING)
    [item] = step(tmp_path, "2027-02-02", {}).items
    assert item.state == "proposed"
    assert "IRS 2026-07" in (item.history[0].because or "")


def test_an_item_with_gaps_and_a_finding_waits_for_both(tmp_path: Path) -> None:
    step(tmp_path, DAY, {"r/a": "gap"})
    replace_in(tmp_path, ("    remediation: Do it.\n", "    outside: [IRS 2026-07]\n"))
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "irs.yaml").write_text(FINDING)
    [item] = step(tmp_path, "2026-12-01", {"r/a": "satisfied"}).items
    assert (item.outside, item.state) == (("IRS 2026-07",), "proposed")
    accepted = FINDING + "    accepted_by_issuer_on: 2026-12-02\n"
    (tmp_path / "findings" / "irs.yaml").write_text(accepted)
    [item] = step(tmp_path, "2026-12-03", {"r/a": "satisfied"}).items
    assert (item.state, item.history[0].because) == ("closed", "Satisfied, accepted by the issuer")


def test_the_policy_of_these_tests_has_its_rules() -> None:
    assert {rule.id for rule in run().rules} == {"r", "s", "flaws"}
    assert isinstance(run().rule("s@2027-01-01"), RuleText)
