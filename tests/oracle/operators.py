"""How each operator comes out on one fact: true, false, or None for unknown."""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.policy.conditions import AsOf, FactValue, Leaf, Literal, Parameter, Value
from compliance.policy.model import ParameterDefinition
from tests.oracle.values import (
    KNOWN_NONE,
    SCALARS,
    Members,
    as_date,
    as_derived,
    as_link,
    as_members,
    as_version,
    as_whole,
    look_up,
    look_up_link,
    member,
    same,
)

Outcome = bool | None

NEGATED = {
    "not_equals": "equals",
    "not_in": "in",
    "not_contains": "contains",
    "not_exists": "exists",
    "not_empty": "is_empty",
}
"""Operators that swap true and false of another one."""


@dataclass(frozen=True)
class Surroundings:
    """What a leaf can see."""

    scope: Mapping[str, Any]
    """The document's own keys and the elements of the quantifiers around, by name."""
    document: Mapping[str, Any]
    parameters: Mapping[str, ParameterDefinition]
    at: str | None = None
    """Date whose parameter values are used; the document's ``as_of`` where None."""

    def within(self, name: str, element: Any) -> Surroundings:
        """The surroundings inside a quantifier, for one element."""
        return Surroundings({**self.scope, name: element}, self.document, self.parameters, self.at)

    @property
    def as_of(self) -> datetime.date | None:
        """The date of the assessment, None where it is no date."""
        return as_date(self.document.get("as_of"))


def test_leaf(leaf: Leaf, around: Surroundings) -> Outcome:
    """How a leaf comes out."""
    positive = NEGATED.get(leaf.test, leaf.test)
    outcome = _positive(leaf, positive, around)
    if outcome is None or positive == leaf.test:
        return outcome
    return not outcome


def _positive(leaf: Leaf, test: str, around: Surroundings) -> Outcome:
    if leaf.none and leaf.type in ("link", "reverse"):
        if test == "exists":
            return _leads_somewhere(look_up_link(around.scope, leaf.path))
    elif leaf.none and look_up(around.scope, leaf.path) == KNOWN_NONE:
        return test == "is_empty"
    if _is_none(leaf.value, around) or _is_none(leaf.days, around):
        return False
    fact = _fact(leaf.type, leaf.items, leaf.path, around.scope)
    if fact is None:
        return None
    if test == "exists":
        return True
    return TESTS[test](leaf, fact, around)


def _leads_somewhere(link: Any) -> Outcome:
    """Whether a link that may be known to lead nowhere leads to a record."""
    found = as_link(link)
    if found is None:
        return None
    if len(link["records"]) > 0:
        return True
    return False if link.get("none") is True else None


def _is_none(value: Value | None, around: Surroundings) -> bool:
    """Whether a fact compared with is known not to exist."""
    return (
        isinstance(value, FactValue)
        and value.none
        and look_up(around.scope, value.path) == KNOWN_NONE
    )


def _fact(kind: str, items: str | None, path: str, scope: Mapping[str, Any]) -> Any:
    """A fact of its type, Members for lists; None where it is not known."""
    if kind in ("link", "reverse"):
        return as_link(look_up_link(scope, path))
    raw = look_up(scope, path)
    if kind == "list":
        return as_members(raw, items, complete=True)
    if kind == "derived":
        return as_derived(raw, items)
    return SCALARS[kind](raw)


def parameter(name: str, around: Surroundings) -> Any:
    """A parameter's raw value in force: the agency's choice, else the policy's; None if unknown.

    On a coming date a choice only counts where it is as strict as what the policy then asks.
    """
    definition = around.parameters[name]
    choices = around.document.get("parameters")
    if not isinstance(choices, dict) or name not in choices:
        return _of_policy(definition, around)
    choice = _checked(definition.type, choices[name])
    if around.at is None or choice is None or not definition.values:
        return choice
    coming = _of_policy(definition, around)
    return choice if coming is None or _as_strict(definition, choice, coming) else coming


def _of_policy(definition: ParameterDefinition, around: Surroundings) -> Any:
    value = definition.default
    if definition.values:
        today = as_date(around.at) if around.at else around.as_of
        if today is None:
            return None
        for dated in definition.values:
            start = as_date(dated.in_force_from)
            if start is not None and start <= today:
                value = dated.value
    return _checked(definition.type, value)


def _as_strict(definition: ParameterDefinition, choice: Any, value: Any) -> bool:
    match definition.stricter:
        case "lower":
            return bool(choice <= value)
        case "higher":
            return bool(choice >= value)
        case "subset":
            return all(member(one, value) for one in choice)
        case "superset":
            return all(member(one, choice) for one in value)
        case "true" | "false":
            return choice is value or choice is (definition.stricter == "true")
    return same(choice, value)


def _checked(kind: str, value: Any) -> Any:
    if kind == "list":
        members = as_members(value, "string", complete=True)
        return value if members is not None and members.clean else None
    if kind == "integer":
        return as_whole(value)
    return value if SCALARS[kind](value) is not None else None


def scalar(value: Value | None, kind: str, around: Surroundings) -> Any:
    """What a fact of a scalar type is compared with; None where it is not known."""
    match value:
        case Literal(value=raw):
            return SCALARS[kind](raw)
        case Parameter(name=name):
            return SCALARS[kind](parameter(name, around))
        case FactValue(path=path, type=other):
            raw = look_up(around.scope, path)
            return SCALARS[kind](raw) if SCALARS[other](raw) is not None else None
        case AsOf():
            return around.as_of if kind == "date" else None
    raise AssertionError(f"nothing to compare with: {value}")


def collection(value: Value | None, items: str, around: Surroundings) -> Members | None:
    """The list a fact is compared with; None where it is not known."""
    match value:
        case Literal(value=raw):
            return as_members(raw, items, complete=True)
        case Parameter(name=name):
            return as_members(parameter(name, around), items, complete=True)
        case FactValue(path=path, type=other):
            found = _fact(other, items, path, around.scope)
            assert found is None or isinstance(found, Members)
            return found
    raise AssertionError(f"no list to compare with: {value}")


def _equals(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
    other = scalar(leaf.value, leaf.type, around)
    return None if other is None else same(fact, other)


def _in(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
    values = collection(leaf.value, leaf.type, around)
    if values is None:
        return None
    if member(fact, values.known):
        return True
    return False if values.clean else None


def _contains(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
    if leaf.type == "string":
        part = scalar(leaf.value, "string", around)
        return None if part is None else part in fact
    wanted = scalar(leaf.value, leaf.items or "string", around)
    if wanted is None:
        return None
    if member(wanted, fact.known):
        return True
    return False if fact.clean else None


def _contains_any(leaf: Leaf, fact: Members, around: Surroundings) -> Outcome:
    wanted = collection(leaf.value, leaf.items or "string", around)
    if wanted is None:
        return None
    if any(member(one, wanted.known) for one in fact.known):
        return True
    return False if fact.clean and wanted.clean else None


def _contains_all(leaf: Leaf, fact: Members, around: Surroundings) -> Outcome:
    wanted = collection(leaf.value, leaf.items or "string", around)
    if wanted is None:
        return None
    there = [member(one, fact.known) for one in wanted.known]
    if wanted.clean and all(there):
        return True
    return False if fact.clean and not all(there) else None


def _subset_of(leaf: Leaf, fact: Members, around: Surroundings) -> Outcome:
    allowed = collection(leaf.value, leaf.items or "string", around)
    if allowed is None:
        return None
    inside = [member(one, allowed.known) for one in fact.known]
    if fact.clean and all(inside):
        return True
    return False if allowed.clean and not all(inside) else None


def _is_empty(_leaf: Leaf, fact: Any, _around: Surroundings) -> Outcome:
    if isinstance(fact, str):
        return fact == ""
    if fact.size > 0:
        return False
    return True if fact.complete else None


def _comparison(compare: Callable[[Any, Any], bool], kind: str | None = None) -> Test:
    def test(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
        other = scalar(leaf.value, kind or leaf.type, around)
        return None if other is None else compare(fact, other)

    return test


def _matches(leaf: Leaf, fact: str, around: Surroundings) -> Outcome:
    pattern = scalar(leaf.value, "string", around)
    return None if pattern is None else re.fullmatch(pattern, fact, re.ASCII) is not None


def _length_at_least(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
    bound = scalar(leaf.value, "integer", around)
    if bound is None:
        return None
    size, complete = _length(fact)
    if size >= bound:
        return True
    return False if complete else None


def _length_at_most(leaf: Leaf, fact: Any, around: Surroundings) -> Outcome:
    bound = scalar(leaf.value, "integer", around)
    if bound is None:
        return None
    size, complete = _length(fact)
    if size > bound:
        return False
    return True if complete else None


def _length(fact: str | Members) -> tuple[int, bool]:
    return (len(fact), True) if isinstance(fact, str) else (fact.size, fact.complete)


def _days(value: Value | None, around: Surroundings) -> int | None:
    """A whole number of days."""
    return as_whole(scalar(value, "integer", around))


def _within_days(leaf: Leaf, fact: datetime.date, around: Surroundings) -> Outcome:
    days = _days(leaf.value, around)
    today = around.as_of
    if days is None or today is None:
        return None
    return today.toordinal() - days <= fact.toordinal() <= today.toordinal()


def _older_than_days(leaf: Leaf, fact: datetime.date, around: Surroundings) -> Outcome:
    days = _days(leaf.value, around)
    today = around.as_of
    if days is None or today is None:
        return None
    return fact <= today and fact.toordinal() < today.toordinal() - days


def _within_days_of(leaf: Leaf, fact: datetime.date, around: Surroundings) -> Outcome:
    days = _days(leaf.days, around)
    other = scalar(leaf.value, "date", around)
    if days is None or other is None:
        return None
    return bool((fact - other).days <= days)


def _version(compare: Callable[[Any, Any], bool]) -> Test:
    def test(leaf: Leaf, fact: str, around: Surroundings) -> Outcome:
        version = as_version(fact)
        other = as_version(scalar(leaf.value, "string", around))
        return None if version is None or other is None else compare(version, other)

    return test


Test = Callable[[Leaf, Any, Surroundings], Outcome]

TESTS: Mapping[str, Test] = {
    "equals": _equals,
    "in": _in,
    "contains": _contains,
    "contains_any": _contains_any,
    "intersects": _contains_any,
    "contains_all": _contains_all,
    "subset_of": _subset_of,
    "is_empty": _is_empty,
    "less_than": _comparison(operator.lt),
    "at_most": _comparison(operator.le),
    "greater_than": _comparison(operator.gt),
    "at_least": _comparison(operator.ge),
    "before": _comparison(operator.lt),
    "on_or_before": _comparison(operator.le),
    "after": _comparison(operator.gt),
    "on_or_after": _comparison(operator.ge),
    "matches": _matches,
    "starts_with": _comparison(str.startswith),
    "ends_with": _comparison(str.endswith),
    "length_at_least": _length_at_least,
    "length_at_most": _length_at_most,
    "within_days": _within_days,
    "older_than_days": _older_than_days,
    "within_days_of": _within_days_of,
    "version_at_least": _version(operator.ge),
    "version_below": _version(operator.lt),
}
"""Positive operators but ``exists``, on a fact that is there and of its type."""
