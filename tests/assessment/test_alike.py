"""Gaps that came out alike are grouped without working out the leaves of each."""

from __future__ import annotations

import random
from typing import Any

import pytest

from compliance.assessment.model import Finding
from compliance.assessment.sketches import Sketch
from compliance.report.actions import actions
from compliance.report.json import JsonReport
from tests.assessment.world import World, rule

IDLE = {
    "title": "Idle", "type": "integer", "stricter": "lower", "basis": "bureau", "default": 15,
    "unit": "minutes",
}  # fmt: skip
TIMEOUT = {"system.session_timeout_minutes": {"at_most": {"param": "idle"}}}
RULES = (
    rule("one"),
    rule("either", expect={"any": [{"system.mfa": True}, TIMEOUT]}),
    rule("both", expect={"all": [{"system.mfa": True}, TIMEOUT]}, severity="low"),
    rule("agency-too", expect={"all": [{"system.mfa": True}, {"agency.name": {"exists": True}}]}),
    rule(
        "vendors",
        expect={"every": {"in": "system.vendors", "expect": {"vendor.is_government": True}}},
    ),
    rule("linked", expect={"any": [{"system.vendors": {"is_empty": True}}, {"system.mfa": True}]}),
    rule(
        "derived",
        subject="vendor",
        expect={
            "any": [
                {"vendor.data_types_reached": {"not_contains": "ephi"}},
                {"vendor.is_government": True},
            ]
        },
    ),
    rule(
        "members",
        expect={"none": {"in": "system.software", "expect": {"item.name": {"starts_with": "old"}}}},
    ),
    rule(
        "counted",
        expect={
            "count": {
                "in": "system.vendors",
                "expect": {"vendor.is_government": True},
                "at_least": 1,
            }
        },
    ),
    rule(
        "compared",
        expect={"system.last_log_review_on": {"on_or_after": {"fact": "system.go_live_on"}}},
    ),
)


def _inventory(count: int) -> dict[str, Any]:
    chance = random.Random(7)  # noqa: S311
    values: dict[str, tuple[Any, ...]] = {
        "mfa": (False, False, True, None),
        "session_timeout_minutes": (10, 16, 20, None),
        "vendors": (["v"], ["v", "w"], ["w"], [], None),
        "data_types": (["ephi"], ["pii"], None),
        "software": ([{"name": "older"}, {"name": "new"}], [{"name": "new"}, {}], [], None),
        "last_log_review_on": ("2026-01-01", "2026-05-01", "none"),
        "go_live_on": ("2026-03-01", None),
    }
    systems = [
        {"id": f"s{n}", **{name: chance.choice(choices) for name, choices in values.items()}}
        for n in range(count)
    ]
    vendors = [
        {"id": name, "is_government": chance.choice((True, False, None)),
         "data_types": chance.choice((["ephi"], [], None))}
        for name in ("v", "w", *(f"v{n}" for n in range(20)))
    ]  # fmt: skip
    return {"systems": systems, "vendors": vendors}


def test_actions_are_those_of_findings_worked_out_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = world.policy(*RULES, parameters={"idle": IDLE})
    made = world.assess(policy, _inventory(80), choices={"idle": 12})
    found = actions(made)
    assert len(found) > 5
    monkeypatch.setattr(Sketch, "alike", None)
    assert actions(made) == found


def test_few_gaps_are_worked_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = world.policy(*RULES[:4], parameters={"idle": IDLE})
    made = world.assess(policy, _inventory(80))
    worked_out = []
    whole = Sketch.whole

    def noted(self: Sketch) -> Finding:
        worked_out.append(self)
        return whole(self)

    monkeypatch.setattr(Sketch, "whole", noted)
    actions(made)
    gaps = sum(count.findings for count in made.summary.counts if count.status == "gap")
    assert gaps > 100
    assert len(worked_out) < 12


def test_findings_do_not_say_what_they_are_like(world: World) -> None:
    made = world.assess(world.policy(rule()), {"systems": [{"id": "a", "mfa": False}]})
    assert [one.alike for one in made.findings] == [None]
    assert "alike" not in "".join(JsonReport().render(made))
