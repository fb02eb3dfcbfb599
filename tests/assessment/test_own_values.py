"""The basis of failures where the agency chose a stricter value than the policy's."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.assessment.model import Assessment
from compliance.report.text import TextReport
from tests.assessment.world import World, found, rule

IDLE = {
    "title": "Idle", "type": "integer", "stricter": "lower", "basis": "law", "default": 15,
    "unit": "minutes",
}  # fmt: skip
LOGS = {"title": "Logs", "type": "integer", "stricter": "lower", "basis": "bureau", "default": 31}
TIMEOUT = {"system.session_timeout_minutes": {"at_most": {"param": "idle"}}}
REVIEWED = {"system.last_log_review_on": {"within_days": {"param": "logs"}}}


def assessed(
    world: World, system: dict[str, Any], expect: Any, choices: dict[str, int], **changes: Any
) -> Assessment:
    parameters = {
        name: one for name, one in (("idle", IDLE), ("logs", LOGS)) if name in str(expect)
    }
    policy = world.policy(rule(expect=expect, **changes), parameters=parameters)
    return world.assess(policy, {"systems": [{"id": "a", **system}]}, choices=choices)


@pytest.mark.parametrize(
    ("minutes", "status", "basis"),
    [
        (11, "satisfied", "practice"),
        (12, "gap", "practice"),
        (15, "gap", "practice"),
        (16, "gap", "law"),
        (None, "unknown", "law"),
    ],
)
def test_a_gap_of_the_policys_value_keeps_its_basis(
    world: World, minutes: int | None, status: str, basis: str
) -> None:
    made = assessed(world, {"session_timeout_minutes": minutes}, TIMEOUT, {"idle": 11})
    one = found(made)["r system/a"]
    assert (one.status, one.basis) == (status, basis)
    assert [(count.status, count.basis) for count in made.summary.counts] == [(status, basis)]
    [requirement] = made.policies[0].requirements
    expected = {"satisfied": "met", "unknown": "unknown"}.get(status)
    assert requirement.status == (expected or ("not_met" if basis == "law" else "unknown"))


@pytest.mark.parametrize(
    ("reviewed_on", "basis"),
    [("2026-10-23", "practice"), ("2026-10-22", "bureau")],
    ids=["31 days", "32 days"],
)
def test_both_sides_of_the_policys_number_of_days(
    world: World, reviewed_on: str, basis: str
) -> None:
    made = assessed(world, {"last_log_review_on": reviewed_on}, REVIEWED, {"logs": 30})
    one = found(made)["r system/a"]
    assert (one.status, one.basis) == ("gap", basis)


def test_the_basis_is_that_of_the_leaves_that_fail_by_the_policys_values(world: World) -> None:
    both = {"all": [TIMEOUT, REVIEWED]}
    system = {"session_timeout_minutes": 16, "last_log_review_on": "2026-10-23"}
    made = assessed(world, system, both, {"logs": 30})
    # By the agency's values both fail, by the policy's only the session, whose number is law.
    assert found(made)["r system/a"].basis == "law"
    either = {"any": [TIMEOUT, REVIEWED]}
    assert found(assessed(world, system, either, {"logs": 30}))["r system/a"].basis == "practice"


def test_what_is_unknown_by_the_policys_value_is_the_agencys_gap(world: World) -> None:
    either = {"any": [TIMEOUT, {"system.mfa": True}]}
    system = {"session_timeout_minutes": 12, "mfa": False}
    assert found(assessed(world, system, either, {"idle": 11}))["r system/a"].basis == "practice"
    both = {"all": [TIMEOUT, {"system.mfa": True}]}
    system = {"session_timeout_minutes": 12}
    one = found(assessed(world, system, both, {"idle": 11}))["r system/a"]
    assert (one.status, one.basis) == ("gap", "practice")


def test_an_agencys_value_that_is_the_policys_asks_nothing_twice(world: World) -> None:
    policy = world.policy(rule(expect=TIMEOUT), parameters={"idle": IDLE})
    inventory = {"systems": [{"id": "a", "session_timeout_minutes": 20}]}
    world.assess(policy, inventory, choices={"idle": 15})
    assert len(world.engines[-1].batches) == 1
    world.assess(policy, inventory, choices={"idle": 14})
    assert len(world.engines[-1].batches) == 2
    satisfied = {"systems": [{"id": "a", "session_timeout_minutes": 2}]}
    world.assess(policy, satisfied, choices={"idle": 14})
    assert len(world.engines[-1].batches) == 1


@pytest.mark.parametrize(("minutes", "basis"), [(12, "practice"), (16, "law")])
def test_records_counted_by_an_agencys_value(world: World, minutes: int, basis: str) -> None:
    counted = {"share": {"of": "system", "expect": TIMEOUT, "at_least": 1}}
    policy = world.policy(rule(subject="agency", expect=counted), parameters={"idle": IDLE})
    inventory = {
        "agency": {"id": "agency", "complete": {"system": "2026-01-01"}},
        "systems": [{"id": "a", "session_timeout_minutes": minutes}],
    }
    made = world.assess(policy, inventory, choices={"idle": 11})
    one = found(made)["r agency/agency"]
    assert (one.status, one.basis) == ("gap", basis)


def test_a_coming_value_keeps_its_basis_too(world: World) -> None:
    values = [{"value": 10, "in_force_from": "2027-01-01", "basis": "guidance"}]
    policy = world.policy(rule(expect=TIMEOUT), parameters={"idle": {**IDLE, "values": values}})
    for minutes, expected in ((9, None), (10, None), (11, "guidance")):
        inventory = {"systems": [{"id": "a", "session_timeout_minutes": minutes}]}
        made = found(world.assess(policy, inventory, choices={"idle": 11}))
        coming = made.get("r@2027-01-01 system/a")
        assert (coming.basis if coming else None) == expected
    inventory = {"systems": [{"id": "a", "session_timeout_minutes": 9}]}
    made = found(world.assess(policy, inventory, choices={"idle": 8}))
    assert made["r system/a"].basis == "practice"


def test_a_rule_that_faults_by_the_policys_values_stays_the_agencys(world: World) -> None:
    policy = world.policy(rule(expect=TIMEOUT), parameters={"idle": IDLE})
    inventory = {"systems": [{"id": "a", "session_timeout_minutes": 16}]}
    made = world.assess(policy, inventory, choices={"idle": 11}, faults=[("r", "a")])
    assert found(made)["r system/a"].status == "error"


def test_reports_name_the_standard_that_is_broken(world: World) -> None:
    own = assessed(world, {"session_timeout_minutes": 12}, TIMEOUT, {"idle": 11})
    both = assessed(world, {"session_timeout_minutes": 16}, TIMEOUT, {"idle": 11})
    words = [" ".join("".join(TextReport().render(made)).split()) for made in (own, both)]
    assert "Gap against the agency's own value (Idle: 11 minutes; the policy's: 15 min" in words[0]
    assert "Gap against req-a. Rule pol/r" in words[1]
