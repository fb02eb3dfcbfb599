"""What becomes of gaps from one assessment to the next."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.model import Assessment, Finding, ParameterText
from compliance.assessment.planned import PlanItemText
from compliance.comparison.comparing import ComparisonError, compare
from compliance.comparison.model import (
    ABSENT,
    AHEAD_GONE,
    AHEAD_NEW,
    AHEAD_PERSISTING,
    DEFERRED,
    EFFECTS,
    LEARNT,
    LOST,
    NEW,
    NOT_APPLYING,
    PERSISTING,
    RESOLVED,
    UNCLEAR,
    VANISHED,
    Comparison,
)
from tests.comparison.runs import NEW as LATER
from tests.comparison.runs import OLD, finding, policy, run


def between(old: dict[str, str], new: dict[str, str]) -> Comparison:
    return compare(run(old), run(new, LATER))


def told(found: Comparison) -> list[tuple[str, str]]:
    return [(one.effect, f"{one.finding.rule} {one.finding.record}") for one in found.changes]


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("gap", "gap", PERSISTING),
        ("gap", "satisfied", RESOLVED),
        ("gap", "unknown", UNCLEAR),
        ("gap", "error", UNCLEAR),
        ("gap", "not_applicable", NOT_APPLYING),
        ("gap", "upcoming_gap", DEFERRED),
        ("gap", "upcoming_unknown", UNCLEAR),
        ("satisfied", "gap", NEW),
        ("unknown", "gap", NEW),
        ("error", "gap", NEW),
        ("not_applicable", "gap", NEW),
        ("upcoming_gap", "gap", NEW),
        ("upcoming_gap", "upcoming_gap", AHEAD_PERSISTING),
        ("upcoming_gap", "satisfied", AHEAD_GONE),
        ("satisfied", "upcoming_gap", AHEAD_NEW),
        ("satisfied", "unknown", LOST),
        ("unknown", "satisfied", LEARNT),
        ("satisfied", "satisfied", None),
        ("unknown", "unknown", None),
        ("satisfied", "not_applicable", None),
    ],
)
def test_every_pair_of_statuses_has_one_effect(before: str, after: str, effect: str | None) -> None:
    name = "r system/a"
    found = between({name: before}, {name: after})
    assert told(found) == ([(effect, name)] if effect else [])
    expected = {} if before == after else {(before, after): 1}
    assert found.transitions == expected
    assert found.worse is (effect == NEW)


def test_a_vanished_gap_is_never_resolved_and_says_what_is_gone() -> None:
    old = run({"r system/a": "gap", "s system/a": "gap", "s system/b": "gap"})
    new = run({"s system/b": "gap"}, LATER, [policy(["s"])])
    found = compare(old, new)
    assert {(one.effect, one.finding.record, one.finding.rule) for one in found.changes} == {
        (VANISHED, "system/a", "r"), (VANISHED, "system/a", "s"), (PERSISTING, "system/b", "s"),
    }  # fmt: skip
    why = {one.finding.rule: one.why for one in found.of(VANISHED)}
    assert "rule is not there" in why["r"]
    assert "record is not there" in why["s"]
    assert found.policies[0].rules_vanished == ("r",)
    assert found.subjects[0].vanished == ("a",)
    gone = compare(run({"r system/a": "gap"}), run(
        [finding("r system/a", "satisfied", "other")], LATER, [policy(policy_id="other")]
    ))  # fmt: skip
    assert [(one.effect, one.why) for one in gone.changes] == [
        (VANISHED, "the rule set was not used")
    ]


def test_new_gaps_say_why_they_are_new() -> None:
    old = run({"r system/a": "satisfied", "r system/c": "gap"}, policies=[policy(["r"])])
    new = run(
        [finding("r system/a", "gap"), finding("r system/b", "gap"), finding("s system/a", "gap"),
         finding("t system/a", "gap", "other")],
        LATER, [policy(), policy(["t"], "other")],
    )  # fmt: skip
    why = {f"{one.finding.rule} {one.finding.record}": one.why for one in compare(old, new).of(NEW)}
    assert why == {
        "r system/a": "was satisfied before",
        "r system/b": "the record is new",
        "s system/a": "the rule is new",
        "t system/a": "the rule set is new",
    }


def test_where_a_rule_set_stops_applying_its_gaps_no_longer_apply() -> None:
    found = between(
        {"r system/a": "gap", "s system/a": "satisfied"}, {"applies system/a": "not_applicable"}
    )
    assert told(found) == [(NOT_APPLYING, "r system/a")]
    assert found.transitions == {
        ("gap", "not_applicable"): 1, ("satisfied", "not_applicable"): 1,
    }  # fmt: skip


def test_where_nobody_can_tell_whether_a_rule_set_applies_nothing_is_resolved() -> None:
    new = run([finding("applies system/a", "unknown", rules=("r",)),
               finding("s system/a", "satisfied")], LATER)  # fmt: skip
    found = compare(run({"r system/a": "gap", "s system/a": "gap"}), new)
    assert told(found) == [(RESOLVED, "s system/a"), (UNCLEAR, "r system/a")]
    back = compare(replace(new, metadata=replace(new.metadata, as_of=OLD)),
                   run({"r system/a": "gap", "s system/a": "satisfied"}, LATER))  # fmt: skip
    assert [one.why for one in back.of(NEW)] == ["was unknown before"]


def test_a_coming_value_that_came_into_force_is_a_new_gap_and_says_so() -> None:
    date = "2027-01-01"
    parameter = ParameterText("p", "P", 15, False, "bureau", None, ((date, 10),))
    before = policy(parameters=(parameter,))
    old = run({"r system/a": "satisfied", f"r@{date} system/a": "upcoming_gap",
               "r system/b": "satisfied", f"r@{date} system/b": "upcoming_gap"},
              policies=[before])  # fmt: skip
    new = run({"r system/a": "gap", "r system/b": "satisfied"}, LATER)
    found = compare(old, new)
    assert [(one.effect, one.finding.record, one.why) for one in found.changes] == [
        (NEW, "system/a", "was upcoming before, and is in force now"),
        (AHEAD_GONE, "system/b", ""),
    ]


def test_upcoming_gaps_make_nothing_worse() -> None:
    found = between({"r system/a": "satisfied"}, {"r system/a": "upcoming_gap"})
    assert not found.worse
    assert found.count(AHEAD_NEW) == 1
    assert sum(found.count(effect) for effect in EFFECTS) == 0


def test_a_renamed_rule_is_followed() -> None:
    renamed = policy(["new-name"], migrations=[("r", "middle"), ("middle", "new-name")])
    new = run({"new-name system/a": "gap", "new-name system/b": "satisfied"}, LATER, [renamed])
    found = compare(run({"r system/a": "gap", "r system/b": "gap"}, policies=[policy(["r"])]), new)
    assert told(found) == [(RESOLVED, "new-name system/b"), (PERSISTING, "new-name system/a")]
    (change,) = found.policies
    assert (change.rules_appeared, change.rules_vanished) == ((), ())
    assert [one.new for one in change.followed] == ["middle", "new-name"]
    assert found.transitions == {("gap", "satisfied"): 1}


def test_a_merged_rule_stands_for_the_worst_of_those_it_replaces() -> None:
    old = run({"r system/a": "gap", "s system/a": "satisfied"})
    merged = policy(["both"], migrations=[("r", "both"), ("s", "both")])
    assert told(compare(old, run({"both system/a": "gap"}, LATER, [merged]))) == [
        (PERSISTING, "both system/a")
    ]
    fixed = compare(old, run({"both system/a": "satisfied"}, LATER, [merged]))
    assert told(fixed) == [(RESOLVED, "both system/a")]


def test_a_gap_of_a_split_rule_is_resolved_only_where_all_parts_are_satisfied() -> None:
    old = run({"r system/a": "gap"}, policies=[policy(["r"])])
    split = policy(["one", "two"], migrations=[("r", "one"), ("r", "two")])

    def effects(one: str, two: str) -> list[tuple[str, str]]:
        new = run({"one system/a": one, "two system/a": two}, LATER, [split])
        return told(compare(old, new))

    assert effects("satisfied", "satisfied")[0][0] == RESOLVED
    assert effects("satisfied", "unknown") == [(UNCLEAR, "two system/a")]
    assert effects("satisfied", "gap") == [(PERSISTING, "two system/a")]
    assert effects("gap", "gap") == [(PERSISTING, "one system/a"), (PERSISTING, "two system/a")]


def test_the_table_says_why_a_rule_vanished() -> None:
    new = run({"s system/a": "gap"}, LATER, [policy(["s"], migrations=[("r", None)])])
    found = compare(run({"r system/a": "gap", "s system/a": "gap"}), new)
    assert [one.why for one in found.of(VANISHED)] == ["the rule is not there any more: Renamed"]


def test_a_table_that_goes_round_in_circles_ends() -> None:
    circle = policy(["s"], migrations=[("r", "t"), ("t", "r"), ("r", "r")])
    found = compare(run({"r system/a": "gap", "s system/a": "gap"}),
                    run({"s system/a": "gap"}, LATER, [circle]))  # fmt: skip
    assert found.count(VANISHED) == 1


def test_an_earlier_version_in_the_later_run_is_followed_back() -> None:
    old = run({"new system/a": "gap"}, policies=[policy(["new"], migrations=[("old", "new")])])
    found = compare(old, run({"old system/a": "gap"}, LATER, [policy(["old"])]))
    assert told(found) == [(PERSISTING, "old system/a")]


def test_requirements_are_followed_too() -> None:
    old = run({"r system/a": "gap"}, policies=[
        policy(requirements={"a": "not_met", "b": "met", "c": "met", "gone": "unknown"})
    ])  # fmt: skip
    new = run({"r system/a": "gap"}, LATER, [
        policy(requirements={"a": "met", "b": "met", "d": "met", "e": "unknown"},
               migrations=[("c", "d")])
    ])  # fmt: skip
    found = {one.id: (one.before, one.after) for one in compare(old, new).requirements}
    assert found == {
        "a": ("not_met", "met"), "e": (ABSENT, "unknown"), "gone": ("unknown", ABSENT),
    }  # fmt: skip


def test_what_differs_is_named() -> None:
    old, new = run({"r system/a": "gap"}), run({"r system/a": "gap"}, LATER)
    changed = replace(
        new,
        metadata=replace(new.metadata, inventory={"a.yaml": "cd", "b.yaml": "ef"},
                         program_version="0.2.0", subjects={"system": 2}),
        policies=(policy(
            version="1.1.0", engine_version="51", digests={"bundle": "cd"},
            parameters=(ParameterText("p", "Idle limit", 10, True, "bureau", "minutes"),),
        ),),
    )  # fmt: skip
    found = compare(old, changed)
    assert [one.what for one in found.differences] == [
        "Date", "Program", "Inventory files changed (1)", "Inventory files added (1)",
        "Records of the kind system",
    ]  # fmt: skip
    (one,) = found.policies
    assert (one.before, one.after, one.changed, one.rebuilt) == ("1.0.0", "1.1.0", True, False)
    assert one.engine == ("wasm 50", "wasm 51")
    assert [(p.before, p.after) for p in one.parameters] == [
        ("not there", "10 minutes, the agency's own")
    ]
    same = compare(old, replace(new, policies=(policy(digests={"bundle": "cd"}),)))
    assert same.policies[0].rebuilt
    assert not compare(old, new).policies[0].changed


def test_different_agencies_are_refused() -> None:
    other = run({"r system/a": "gap"}, LATER)
    other = replace(other, metadata=replace(other.metadata, agency="another"))
    with pytest.raises(ComparisonError, match="two agencies, agency and another"):
        compare(run({"r system/a": "gap"}), other)


@pytest.mark.parametrize("detail", ["requirement", "counts"])
def test_reduced_assessments_are_refused(detail: str) -> None:
    whole = run({"r system/a": "gap"})
    less = replace(whole, metadata=replace(whole.metadata, detail=detail))
    for pair in ((whole, less), (less, whole)):
        with pytest.raises(ComparisonError, match="--detail full"):
            compare(*pair)


def test_items_of_the_plan_that_were_reopened_make_it_worse() -> None:
    def item(name: str, state: str) -> PlanItemText:
        return PlanItemText(name, "Title", state, "high", "2026-01-01")

    old = replace(run({"r system/a": "satisfied"}),
                  plan=(item("POAM-0001", "closed"), item("POAM-0002", "accepted")))  # fmt: skip
    new = replace(run({"r system/a": "satisfied"}, LATER),
                  plan=(item("POAM-0001", "accepted"), item("POAM-0002", "closed"),
                        item("POAM-0003", "closed")))  # fmt: skip
    found = compare(old, new)
    assert [one.id for one in found.reopened] == ["POAM-0001"]
    assert [one.id for one in found.closed] == ["POAM-0002"]
    assert found.worse


STATUSES = ["gap", "satisfied", "unknown", "error", "not_applicable", "upcoming_gap"]
PLACES = [f"{rule} system/{name}" for rule in "rst" for name in "abc"]
RUNS = st.dictionaries(st.sampled_from(PLACES), st.sampled_from(STATUSES), max_size=9)


def gaps(assessment: Assessment) -> list[Finding]:
    return [one for one in assessment.findings if one.status == "gap" and not one.upcoming]


@given(RUNS, RUNS)
def test_every_gap_of_both_is_counted_once(old: dict[str, str], new: dict[str, str]) -> None:
    before, after = run(old), run(new, LATER)
    found = compare(before, after)
    assert found.count(NEW) + found.count(PERSISTING) == len(gaps(after))
    rest = [one for one in EFFECTS if one != NEW]
    assert sum(found.count(one) for one in rest) == len(gaps(before))
    for change in found.of(RESOLVED):
        later = after.findings.get(change.finding.id)
        assert later is not None
        assert later.status == "satisfied"
    moved = {(a, b) for a, b in found.transitions}
    assert all(a != b for a, b in moved)


@given(RUNS, RUNS, st.randoms())
def test_the_order_of_findings_changes_nothing(
    old: dict[str, str], new: dict[str, str], shuffle: random.Random
) -> None:
    found = between(old, new)
    turned = [list(one.items()) for one in (old, new)]
    for one in turned:
        shuffle.shuffle(one)
    again = between(*(dict(one) for one in turned))
    assert told(again) == told(found)
    assert again.transitions == found.transitions


@given(RUNS)
def test_an_assessment_compared_with_itself_persists(statuses: dict[str, str]) -> None:
    found = compare(run(statuses), run(statuses))
    assert {one.effect for one in found.changes} <= {PERSISTING, AHEAD_PERSISTING}
    assert not found.transitions
    assert not found.worse
    assert not found.requirements
