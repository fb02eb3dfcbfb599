"""From when and until when rules and requirements hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compliance.assessment.dates import Force, requirement_force, rule_force
from compliance.assessment.model import Mark
from compliance.policy.conditions import Leaf, Literal
from compliance.policy.model import Dates, Requirement, Rule

AS_OF = "2026-11-23"
RULE = Rule(
    "r", "A rule", ("a", "b"), "law", "system", "high",
    Leaf("expect", "system.mfa", "equals", "boolean", Literal(True)), "Do it.",
)  # fmt: skip


def requirement(name: str, designation: str = "required", **dates: str) -> Requirement:
    return Requirement(
        name, name, "Title", "group", designation, "law", "yes", dates=Dates(**dates)
    )


def force(
    own: Dates | None = None, a: Requirement | None = None, b: Requirement | None = None,
    binding: str = "binding",
) -> Force:  # fmt: skip
    found = {"a": a or requirement("a"), "b": b or requirement("b")}
    return rule_force(replace(RULE, dates=own or Dates()), found, binding, AS_OF)


def test_nothing_said_is_in_force() -> None:
    assert force().plain
    assert requirement_force(requirement("a"), "practice", AS_OF).plain


@pytest.mark.parametrize(
    ("date", "coming"), [("2026-11-22", False), ("2026-11-23", False), ("2026-11-24", True)]
)
def test_in_force_from_is_the_first_day(date: str, coming: bool) -> None:
    mark = Mark("upcoming", date) if coming else None
    assert force(Dates(in_force_from=date)).upcoming == mark
    assert (
        requirement_force(requirement("a", in_force_from=date), "binding", AS_OF).upcoming == mark
    )


@pytest.mark.parametrize(("date", "lenient"), [("2026-11-23", False), ("2026-11-24", True)])
def test_sanctioned_from(date: str, lenient: bool) -> None:
    mark = Mark("not_sanctionable_until", date) if lenient else None
    assert force(Dates(sanctioned_from=date)).not_sanctionable == mark
    assert force(Dates(sanctioned_from=date)).upcoming is None


@pytest.mark.parametrize(
    ("date", "ended"), [("2026-11-22", True), ("2026-11-23", False), ("2026-11-24", False)]
)
def test_until_is_the_last_day(date: str, ended: bool) -> None:
    assert force(Dates(until=date)).ended == (date if ended else None)


def test_a_rule_holds_as_soon_as_one_of_its_requirements_does() -> None:
    later = requirement("a", in_force_from="2027-01-01")
    latest = requirement("b", in_force_from="2028-01-01")
    assert force(a=later).upcoming is None
    assert force(a=later, b=latest).upcoming == Mark("upcoming", "2027-01-01")
    assert force(Dates(in_force_from="2027-06-01"), later, latest).upcoming == Mark(
        "upcoming", "2027-06-01"
    )


def test_a_rule_holds_as_long_as_one_of_its_requirements_does() -> None:
    past, later = requirement("a", until="2025-01-01"), requirement("b", until="2026-01-01")
    assert force(a=past).ended is None
    assert force(a=past, b=later).ended == "2026-01-01"
    assert force(Dates(until="2024-01-01"), past, later).ended == "2024-01-01"


def test_nothing_of_a_proposed_policy_is_in_force() -> None:
    assert force(binding="proposed").upcoming == Mark("upcoming")
    assert force(Dates(in_force_from="2020-01-01"), binding="proposed").upcoming == Mark("upcoming")
    assert force(Dates(in_force_from="2027-01-01"), binding="proposed").upcoming == Mark(
        "upcoming", "2027-01-01"
    )
    assert requirement_force(requirement("a"), "proposed", AS_OF).upcoming == Mark("upcoming")


@pytest.mark.parametrize(
    ("a", "b", "never"),
    [
        ("exception", "none", True), ("exception", "required", False), ("none", "none", True),
        ("standard", "addressable", False), ("alternative", "alternative", False),
    ],
)  # fmt: skip
def test_exceptions_never_yield_a_gap(a: str, b: str, never: bool) -> None:
    assert force(a=requirement("a", a), b=requirement("b", b)).never_gap == never


def test_a_rule_that_covers_nothing_can_have_gaps() -> None:
    assert not rule_force(replace(RULE, covers=()), {}, "binding", AS_OF).never_gap
