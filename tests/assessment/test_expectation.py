"""Conditions in words, with values and dates worked out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from compliance.assessment.expectation import Expectations
from compliance.assessment.parameters import InForce, Parameters
from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Group,
    Leaf,
    Literal,
    Node,
    Parameter,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
)
from compliance.policy.model import ParameterDefinition
from compliance.policy.operators import OPERATORS, Shape

TODAY = datetime.date(2026, 11, 23)
BEFORE = "days before 2026-11-23"
DEFINITIONS = {
    "days": ParameterDefinition("days", "Days", "integer", "lower", "law", 30, (), "days"),
    "idle": ParameterDefinition("idle", "Idle", "integer", "lower", "law", 15, (), "minutes"),
    "unset": ParameterDefinition("unset", "Unset", "integer", "lower", "law"),
}


def expectations() -> Expectations:
    parameters = Parameters("pol", DEFINITIONS, {}, TODAY)

    def in_force(name: str) -> InForce:
        return parameters.in_force(name)

    return Expectations(in_force, TODAY)


def leaf(test: str, value: Value | None, days: Value | None = None) -> Leaf:
    return Leaf("expect", "system.x", test, "string", value, days=days)


def text(test: str, value: Value | None, days: Value | None = None, other: Any = None) -> str:
    return expectations().leaf(leaf(test, value, days), lambda _value: other).text


EXAMPLES: dict[Shape, Value | None] = {
    Shape.FLAG: None,
    Shape.SAME: Literal("x"),
    Shape.CHOICES: Literal(["x", "y"]),
    Shape.MEMBER: Literal("x"),
    Shape.MEMBERS: Literal(["x"]),
    Shape.NUMBER: Literal(3),
    Shape.DAYS: Literal(3),
    Shape.LENGTH: Literal(3),
    Shape.TEXT: Literal("x"),
    Shape.PATTERN: Literal("x+"),
    Shape.DATE: AsOf(),
    Shape.VERSION: Literal("1.2"),
    Shape.DISTANCE: FactValue("system.y", "date"),
}


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=list(OPERATORS))
def test_every_operator_has_words(operator: Any) -> None:
    days = Literal(60) if operator.shape is Shape.DISTANCE else None
    said = text(operator.name, EXAMPLES[operator.shape], days)
    assert said
    assert "{" not in said
    assert "_" not in said


def test_operators_are_told_apart() -> None:
    said = [text(name, EXAMPLES[one.shape], Literal(60)) for name, one in OPERATORS.items()]
    same = {"contains_any", "intersects"}
    assert len(set(said)) == len(said) - len(same) + 1


@pytest.mark.parametrize(
    ("test", "value", "says"),
    [
        ("equals", Literal(True), "true"), ("not_equals", Literal("x"), "anything but x"),
        ("in", Literal(["a", "b", "c"]), "a or b or c"),
        ("not_in", Literal(["a", "b"]), "none of a, b"),
        ("contains_all", Literal(["a", "b"]), "containing all of a, b"),
        ("at_most", Parameter("idle"), "at most 15 minutes"),
        ("at_most", Parameter("unset"), "at most a value nobody has set"),
        ("before", AsOf(), "before 2026-11-23"),
        ("within_days", Literal(30), f"2026-10-24 or later (at most 30 {BEFORE})"),
        ("within_days", Parameter("days"), f"2026-10-24 or later (at most 30 {BEFORE})"),
        ("older_than_days", Literal(0), f"before 2026-11-23 (more than 0 {BEFORE})"),
        ("within_days", Literal(10**9), f"0001-01-01 or later (at most 1000000000 {BEFORE})"),
        ("within_days", Parameter("unset"), f"at most (a value nobody has set) {BEFORE}"),
        ("older_than_days", FactValue("system.y", "integer"), f"more than (system.y) {BEFORE}"),
        ("equals", FactValue("system.y", "string"), "system.y"),
    ],
)  # fmt: skip
def test_words(test: str, value: Value, says: str) -> None:
    assert text(test, value) == says


def test_another_facts_value_is_shown() -> None:
    distance = FactValue("incident.discovered_on", "date")
    assert text("within_days_of", distance, Parameter("days"), "2026-01-01") == (
        "at most 30 days after incident.discovered_on (2026-01-01)"
    )


def test_what_was_compared_is_kept() -> None:
    found = expectations().leaf(leaf("within_days", Parameter("days")), lambda _value: None)
    assert (found.value, found.parameter, found.cut_off) == (30, "days", "2026-10-24")


def test_another_facts_value_is_read_anew() -> None:
    one, values = expectations(), iter(["2026-01-01", "2026-02-02"])
    node = leaf("before", FactValue("system.y", "date"))
    said = [one.leaf(node, lambda _value: next(values)).value for _ in range(2)]
    assert said == ["2026-01-01", "2026-02-02"]


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (Group("g", "all", (leaf("exists", None), leaf("is_empty", None))),
         "(system.x: known and not none and system.x: empty)"),
        (Group("g", "any", (leaf("equals", Literal("a")), leaf("equals", Literal("b")))),
         "(system.x: a or system.x: b)"),
        (Group("g", "all", (leaf("equals", Literal("a")),)), "system.x: a"),
        (Group("g", "not", (leaf("equals", Literal("a")),)), "not (system.x: a)"),
        (Quantifier("q", "none", "system.v", "link", "v", leaf("equals", Literal("a")),
                    leaf("exists", None)),
         "system.v: in none where system.x: known and not none, system.x: a"),
        (Tally("t", "share", "device", "at_least", Literal(0.9), None, leaf("equals", Literal(1)),
               "device"), "at least 0.9 (share of device records with system.x: 1)"),
        (RegoCondition("r", ("system.a", "system.b")), "a condition on system.a, system.b"),
    ],
)  # fmt: skip
def test_whole_conditions(node: Node, says: str) -> None:
    assert expectations().words(node) == says
