"""One test of one fact: the operator fitted to the fact, its value read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from compliance.inventory.kinds import Fact
from compliance.inventory.problems import Problem, closest
from compliance.policy.conditions import FactValue, Leaf, Node, Value
from compliance.policy.operators import LISTS, OPERATORS, TWINS, Operator, Shape
from compliance.policy.scope import Found, Scope, why_not_walked
from compliance.policy.source import Place
from compliance.policy.values import ValueReader, Wanted, shown, wanted

_DATE = Wanted("date", "a date")
_DAYS = Wanted("integer", Shape.DAYS.value, schema={"minimum": 0})
_VALUES = ("param", "fact", "rule")


Term = Callable[[str], Node | None]
"""A part of a condition that waits for its id."""


def nothing(node_id: str) -> None:
    """The term of a part that could not be read."""
    del node_id


class LeafReader:
    """Reads what stands behind a path and collects what is wrong with it."""

    def __init__(self, problems: list[Problem], places: dict[str, Place]) -> None:
        self._problems = problems
        self._places = places
        self._values = ValueReader(problems)

    def _wrong(
        self, place: Place, message: str, expected: str, suggestion: str = "", *, key: bool = False
    ) -> None:
        self._problems.append(place.problem(message, expected, suggestion, key=key))

    def leaves(self, found: Found, value: Any, scope: Scope, place: Place) -> list[Term]:
        """The leaves of a path: one for a plain value, one an operator for a mapping."""
        refused = why_not_walked(found, scope) if found.fact.linked else None
        if refused:
            self._wrong(place, refused.message, refused.expected, key=True)
            return [nothing]
        if not isinstance(value, Mapping):
            return [self._plain(found, value, scope, place)]
        if not value:
            self._wrong(place, "no operator stands here", "an operator and its value")
            return [nothing]
        return [self._test(found, name, operand, scope, place) for name, operand in value.items()]

    def _plain(self, found: Found, value: Any, scope: Scope, place: Place) -> Term:
        equals = OPERATORS["equals"]
        if found.fact.type in equals.types and isinstance(value, bool | int | float | str):
            return partial(self._leaf, found, equals, value, scope, place)
        what = f"`{found.path}` cannot be compared with {shown(value)} without an operator"
        expected = f"one of {_operators_for(found.fact)}"
        self._wrong(place, what, expected, _operator_for(found.fact, value))
        return nothing

    def _test(self, found: Found, name: Any, operand: Any, scope: Scope, place: Place) -> Term:
        operator = OPERATORS.get(name)
        below = place.at(name)
        expected = f"one of {_operators_for(found.fact)}"
        if name in _VALUES:
            guess = f"equals: {{{name}: {operand}}}"
            self._wrong(
                below, f"`{name}` stands where an operator should", expected, guess, key=True
            )
        elif operator is None:
            guess = closest(str(name), OPERATORS)
            self._wrong(below, f"there is no operator `{name}`", expected, guess, key=True)
        elif not _fits(operator, found.fact):
            what = f"`{name}` does not fit `{found.path}`, which is {type_text(found.fact)}"
            self._wrong(below, what, expected, key=True)
        else:
            return partial(self._leaf, found, operator, operand, scope, below)
        return nothing

    def _leaf(
        self, found: Found, operator: Operator, raw: Any, scope: Scope, place: Place, node_id: str
    ) -> Node | None:
        self._places[node_id] = place
        fact, before = found.fact, len(self._problems)
        value, days = self._operand(fact, operator, raw, scope, place)
        if len(self._problems) > before:
            return None
        items = fact.items if fact.type in LISTS else None
        return Leaf(node_id, found.path, operator.name, fact.type, value, items, fact.none, days)

    def _operand(
        self, fact: Fact, operator: Operator, raw: Any, scope: Scope, place: Place
    ) -> tuple[Value | None, Value | None]:
        match operator.shape:
            case Shape.FLAG:
                self._flag(operator, raw, place)
                return None, None
            case Shape.DISTANCE:
                return self._distance(raw, scope, place)
            case Shape.PATTERN:
                value = self._values.read(raw, wanted(operator.shape, fact), scope, place)
                return self._values.pattern(value, place), None
            case shape:
                return self._values.read(raw, wanted(shape, fact), scope, place), None

    def _flag(self, operator: Operator, raw: Any, place: Place) -> None:
        if raw is not True:
            suggestion = f"{TWINS[operator.name]}: true" if raw is False else ""
            what = f"`{operator.name}` takes no other value than true"
            self._wrong(place, what, Shape.FLAG.value, suggestion)

    def _distance(self, raw: Any, scope: Scope, place: Place) -> tuple[Value | None, Value | None]:
        if not isinstance(raw, Mapping) or set(raw) != {"fact", "days"}:
            self._wrong(place, "`within_days_of` needs `fact` and `days`", Shape.DISTANCE.value)
            return None, None
        other: FactValue | None = None
        if isinstance(raw["fact"], str):
            other = self._values.fact(raw["fact"], _DATE, scope, place.at("fact"))
        else:
            self._wrong(place.at("fact"), "this is no path", "the path of another date")
        return other, self._values.read(raw["days"], _DAYS, scope, place.at("days"))


def type_text(fact: Fact) -> str:
    """The type of a fact in words."""
    match fact.type:
        case "list" | "derived":
            return f"a list of {fact.items} values"
        case "link" | "reverse":
            return f"a link to {fact.target} records"
        case other:
            return f"of type {other}"


def _fits(operator: Operator, fact: Fact) -> bool:
    compares_members = operator.shape in (Shape.MEMBER, Shape.MEMBERS) and fact.type in LISTS
    return fact.type in operator.types and not (compares_members and fact.items == "object")


def _operators_for(fact: Fact) -> str:
    return ", ".join(operator.name for operator in OPERATORS.values() if _fits(operator, fact))


def _operator_for(fact: Fact, value: Any) -> str:
    if not isinstance(value, list | str) or fact.linked:
        return ""
    if fact.type in LISTS:
        return f"contains_all: {value}" if isinstance(value, list) else f"contains: {value}"
    return f"in: {value}"
