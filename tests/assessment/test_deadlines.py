"""Until when satisfied rules stay so."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.assessment import deadlines
from compliance.assessment.deadlines import HORIZON
from compliance.assessment.model import Assessment
from tests.assessment.world import AS_OF, World, found, rule

LOG = "system.last_log_review_on"
TODAY = AS_OF.isoformat()


def ago(days: int) -> str:
    return (AS_OF - datetime.timedelta(days)).isoformat()


def ahead(days: int) -> str:
    return ago(-days)


def system(system_id: str = "a", **facts: Any) -> dict[str, Any]:
    return {"id": system_id, **facts}


def told(assessment: Assessment) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(one.on, one.path, one.subjects) for one in assessment.deadlines]


def checked(world: World, expect: Any, *systems: dict[str, Any], **changes: Any) -> Assessment:
    policy = world.policy(rule(expect=expect, **changes))
    return world.assess(policy, {"systems": list(systems)})


def test_a_recent_date_ends_that_many_days_later(world: World) -> None:
    made = checked(
        world,
        {LOG: {"within_days": 30}},
        system("a", last_log_review_on=ago(10)),
        system("b", last_log_review_on=ago(10)),
        system("c", last_log_review_on=ago(30)),
        system("too-old", last_log_review_on=ago(31)),
        system("never", last_log_review_on="none"),
        system("unknown"),
    )
    assert told(made) == [
        (TODAY, LOG, ("system/c",)),
        (ahead(20), LOG, ("system/a", "system/b")),
    ]
    assert {one.dated for one in made.deadlines} == {ago(10), ago(30)}
    assert {one.rule for one in made.deadlines} == {"r"}


def test_the_engine_says_the_same_on_the_last_day_and_the_next(world: World) -> None:
    """What is said here holds: satisfied on the day, a gap on the one after."""
    policy = world.policy(rule(expect={LOG: {"within_days": 30}}))
    values = {"systems": [system(last_log_review_on=ago(10))]}
    (deadline,) = world.assess(policy, values).deadlines
    last = datetime.date.fromisoformat(deadline.on)
    from compliance.assessment.evaluate import assess
    from tests.assessment.world import make_inventory

    for day, status in ((last, "satisfied"), (last + datetime.timedelta(1), "gap")):
        again = assess(make_inventory(values, day), [world.use(policy)])
        assert found(again)["r system/a"].status == status


def test_several_dates_that_all_count_are_told_each(world: World) -> None:
    made = checked(
        world,
        {"all": [{LOG: {"within_days": 30}}, {"system.last_access_review_on": {"within_days": 90}},
                 {"system.mfa": True}]},
        system(last_log_review_on=ago(10), last_access_review_on=ago(1), mfa=True),
    )  # fmt: skip
    assert told(made) == [
        (ahead(20), LOG, ("system/a",)),
        (ahead(89), "system.last_access_review_on", ("system/a",)),
    ]


def test_of_alternatives_the_last_one_counts(world: World) -> None:
    choice = [{LOG: {"within_days": 30}}, {"system.last_access_review_on": {"within_days": 90}}]
    made = checked(
        world, {"any": choice}, system(last_log_review_on=ago(10), last_access_review_on=ago(70))
    )
    assert told(made) == [(ahead(20), None, ("system/a",))]
    kept = checked(
        world,
        {"any": [*choice, {"system.mfa": True}]},
        system(last_log_review_on=ago(10), mfa=True),
    )
    assert told(kept) == []


def test_what_is_not_satisfied_or_not_in_force_has_no_last_day(world: World) -> None:
    fresh = system(last_log_review_on=ago(10))
    for changes in (
        {"in_force_from": ahead(5)},
        {"until": ago(5)},
        {"when": {"system.id": "another"}},
    ):
        policy = world.policy(
            rule(expect={LOG: {"within_days": 30}}, **changes),
            rule("s", expect={"system.mfa": True}),
        )
        assert told(world.assess(policy, {"systems": [{**fresh, "mfa": False}]})) == [], changes
    proposed = world.policy(rule(expect={LOG: {"within_days": 30}}), binding="proposed")
    assert told(world.assess(proposed, {"systems": [fresh]})) == []


def test_what_no_day_within_the_horizon_ends_has_no_last_day(world: World) -> None:
    one = system(last_log_review_on=ago(1))
    choice = {"any": [{LOG: {"within_days": HORIZON + 50}}, {"system.mfa": True}]}
    assert told(checked(world, choice, one)) == []
    huge = checked(world, {LOG: {"within_days": 10_000_000}}, one)
    assert told(huge) == []


def test_old_enough_never_ends(world: World) -> None:
    made = checked(world, {LOG: {"older_than_days": 5}}, system(last_log_review_on=ago(10)))
    assert told(made) == []


def test_a_date_that_lies_ahead_ends_with_it(world: World) -> None:
    ends = "incident.law_enforcement.delay_ends_on"
    for test, day in (("on_or_after", ahead(20)), ("after", ahead(19))):
        policy = world.policy(rule(subject="incident", expect={ends: {test: "as_of"}}))
        one = {"id": "i-1", "law_enforcement": {"delay_ends_on": ahead(20)}}
        assert told(world.assess(policy, {"incidents": [one]})) == [(day, ends, ("incident/i-1",))]
    over = world.policy(rule(subject="incident", expect={ends: {"before": "as_of"}}))
    past = {"id": "i-1", "law_enforcement": {"delay_ends_on": ago(20)}}
    assert told(world.assess(over, {"incidents": [past]})) == []


def test_the_engine_is_not_asked_where_no_date_can_change_anything(world: World) -> None:
    choice = {"any": [{"system.mfa": True}, {LOG: {"within_days": 30}}]}
    policy = world.policy(rule(expect=choice))
    for day, calls in ((ago(31), 1), ("none", 1), (None, 1), (ago(30), 2)):
        facts: dict[str, Any] = {"mfa": True, "last_log_review_on": day}
        assert told(world.assess(policy, {"systems": [system(**facts)]})) == []
        assert len(world.engines[-1].batches) == calls, day


def test_dates_within_lists_are_left_to_the_engine(world: World) -> None:
    cured = {"every": {"in": "vendor.issues", "where": {"item.action": "being_cured"},
                       "expect": {"item.found_on": {"within_days": 90}}}}  # fmt: skip
    policy = world.policy(rule(subject="vendor", expect=cured))
    issues = [{"action": "being_cured", "found_on": ago(day)} for day in (10, 40)]
    issues.append({"action": "cured", "found_on": ago(89)})
    made = world.assess(policy, {"vendors": [{"id": "v", "issues": issues}]})
    assert told(made) == [(ahead(50), None, ("vendor/v",))]


@pytest.mark.parametrize("several", [False, True])
def test_a_sensitive_date_is_not_told_by_the_last_day(world: World, several: bool) -> None:
    screened = {"person.screening.completed_on": {"within_days": 365}}
    expect = {"any": [screened, {"person.training.security_on": {"within_days": 30}}]}
    policy = world.policy(rule(subject="person", expect=expect if several else screened))
    people = [{"id": "p-1", "screening": {"completed_on": ago(100)},
               "training": {"security_on": ago(3)}}]  # fmt: skip
    made = world.assess(policy, {"persons": people})
    assert found(made)["r person/p-1"].status == "satisfied"
    assert told(made) == []


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 60), second=st.integers(0, 60), days=st.integers(1, 60),
    op=st.sampled_from(["any", "all"]),
)  # fmt: skip
def test_the_engine_and_the_dates_agree(
    first: int, second: int, days: int, op: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whichever way a last day is worked out, it is the first or last of the single ones."""
    world = World(tmp_path_factory.mktemp("world"))
    other = "system.last_access_review_on"
    tests = [{LOG: {"within_days": days}}, {other: {"within_days": days}}]
    made = checked(
        world, {op: tests}, system(last_log_review_on=ago(first), last_access_review_on=ago(second))
    )
    left = [days - first, days - second]
    if op == "all":
        expected = {ahead(day) for day in left} if min(left) >= 0 else set()
    else:
        expected = {ahead(max(left))} if max(left) >= 0 else set()
    assert {one.on for one in made.deadlines} == expected


TURNING = {
    "any": [
        {LOG: {"within_days": 30}},
        {"all": [{"system.last_vuln_scan_on": {"within_days": 90}}, {"system.mfa": True}]},
        {"not": {"system.last_pentest_on": {"older_than_days": 400}}},
        {"system.go_live_on": {"after": "as_of"}},
        {"system.go_live_on": {"on_or_after": "as_of"}},
    ]
}
DAYS = st.one_of(st.none(), st.integers(-5, 1300))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(DAYS, DAYS, DAYS, st.integers(-1300, 1300), st.booleans()), min_size=1, max_size=4
    )
)
def test_the_days_on_which_tests_turn_say_the_same_as_all_days(
    rows: list[tuple[int | None, int | None, int | None, int, bool]],
) -> None:
    def day(days: int | None) -> str | None:
        return None if days is None else ago(max(days, 0))

    systems = [
        system(
            f"s{number}", last_log_review_on=day(log), last_vuln_scan_on=day(scan),
            last_pentest_on=day(test), go_live_on=ahead(support), mfa=mfa,
        )
        for number, (log, scan, test, support, mfa) in enumerate(rows)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        world = World(Path(folder))
        policy = world.policy(rule(expect=TURNING), rule("other", expect={"not": TURNING}))
        made = world.assess(policy, {"systems": systems})
        patch.setattr(deadlines, "_settled", lambda *_: False)
        assert told(world.assess(policy, {"systems": systems})) == told(made)
