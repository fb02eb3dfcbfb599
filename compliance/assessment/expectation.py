"""What a condition asks, in words, with parameters and dates worked out.

Nothing here is evaluated: the words say what a fact is compared with on the date of the assessment.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.assessment.model import Expected
from compliance.assessment.parameters import InForce
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

OtherFact = Callable[[FactValue], Any]
"""Reads the fact a leaf compares with: its value, or None where it is not known."""

_WORDS: Mapping[str, str] = {
    "equals": "{}",
    "not_equals": "anything but {}",
    "in": "{}",
    "not_in": "none of {}",
    "contains": "containing {}",
    "not_contains": "not containing {}",
    "contains_any": "containing at least one of {}",
    "intersects": "containing at least one of {}",
    "contains_all": "containing all of {}",
    "subset_of": "containing nothing but {}",
    "less_than": "less than {}",
    "at_most": "at most {}",
    "greater_than": "more than {}",
    "at_least": "at least {}",
    "exists": "known and not none",
    "not_exists": "none",
    "is_empty": "empty",
    "not_empty": "not empty",
    "matches": "of the form {}",
    "starts_with": "starting with {}",
    "ends_with": "ending with {}",
    "length_at_least": "a length of at least {}",
    "length_at_most": "a length of at most {}",
    "before": "before {}",
    "after": "after {}",
    "on_or_before": "{} or earlier",
    "on_or_after": "{} or later",
    "version_at_least": "version {} or newer",
    "version_below": "older than version {}",
}
_QUANTIFIERS = {"every": "in every one", "some": "in at least one", "none": "in none"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value of a condition with the words for it."""

    value: Any
    text: str
    parameter: str | None = None
    fact: str | None = None


class Expectations:
    """Words for the conditions of one policy, as of one date."""

    def __init__(self, parameter: Callable[[str], InForce], as_of: datetime.date) -> None:
        """Keep what values are resolved with.

        Args:
            parameter: gives the value in force by name.
            as_of: date of the assessment.
        """
        self._parameter = parameter
        self._as_of = as_of
        self._same: dict[int, Expected] = {}

    def leaf(self, leaf: Leaf, other: OtherFact) -> Expected:
        """What a leaf asks of its fact."""
        # The trees of a policy live as long as this object, so a leaf is known by its identity.
        found = self._same.get(id(leaf))
        if found is None:
            found = self._leaf(leaf, other)
            if not isinstance(leaf.value, FactValue) and not isinstance(leaf.days, FactValue):
                self._same[id(leaf)] = found
        return found

    def _leaf(self, leaf: Leaf, other: OtherFact) -> Expected:
        if leaf.value is None:
            return Expected(_WORDS[leaf.test])
        found = self.resolve(leaf.value, other)
        if leaf.test in ("within_days", "older_than_days"):
            return self._days(leaf.test, found)
        if leaf.test == "within_days_of" and leaf.days is not None:
            days = self.resolve(leaf.days, other)
            text = f"at most {_number(days)} days after {found.text}"
            parameter = days.parameter or found.parameter
            return Expected(text, found.value, parameter, found.fact)
        words = found.text
        if leaf.test == "in" and isinstance(found.value, list | tuple) and not found.fact:
            words = " or ".join(shown(member) for member in found.value)
        return Expected(_WORDS[leaf.test].format(words), found.value, found.parameter, found.fact)

    def bound(self, node: Tally, other: OtherFact) -> Expected:
        """What a count or share asks of its number."""
        found = self.resolve(node.value, other)
        number = _WORDS[node.test].format(found.text)
        asked = self._asked(node)
        text = f"{number} ({node.op} of {asked})"
        return Expected(text, found.value, found.parameter, found.fact)

    def quantifier(self, node: Quantifier) -> Expected:
        """What ``every``, ``some`` or ``none`` asks of a list."""
        return Expected(f"{_QUANTIFIERS[node.op]}{self._narrowed(node)} {self.words(node.expect)}")

    def words(self, node: Node) -> str:
        """A whole condition in words."""
        match node:
            case Leaf():
                return f"{node.path}: {self.leaf(node, lambda value: None).text}"
            case Group(op="not"):
                return f"not ({self.words(node.children[0])})"
            case Group():
                joined = (" and " if node.op == "all" else " or ").join(
                    self.words(child) for child in node.children
                )
                return f"({joined})" if len(node.children) > 1 else joined
            case Quantifier():
                return f"{node.path}: {self.quantifier(node).text}"
            case Tally():
                return self.bound(node, lambda value: None).text
            case RegoCondition():
                return f"a condition on {', '.join(node.facts)}"

    def resolve(self, value: Value, other: OtherFact) -> Resolved:
        """A value of a condition, with the words for it."""
        match value:
            case Literal(value=plain):
                return Resolved(plain, shown(plain))
            case AsOf():
                date = self._as_of.isoformat()
                return Resolved(date, date)
            case Parameter(name=name):
                found = self._parameter(name)
                unit = found.definition.unit
                text = "a value nobody has set" if found.value is None else shown(found.value)
                return Resolved(found.value, f"{text} {unit}" if unit else text, name)
            case FactValue(path=path):
                found_value = other(value)
                text = path if found_value is None else f"{path} ({shown(found_value)})"
                return Resolved(found_value, text, fact=path)

    def _days(self, test: str, found: Resolved) -> Expected:
        date = _cut_off(self._as_of, found.value)
        days = f"{_number(found)} days before {self._as_of.isoformat()}"
        if test == "within_days":
            text = f"at most {days}" if date is None else f"{date} or later (at most {days})"
        else:
            text = f"more than {days}" if date is None else f"before {date} (more than {days})"
        return Expected(text, found.value, found.parameter, found.fact, date)

    def _asked(self, node: Tally) -> str:
        what = f"{node.of} records" if node.of else str(node.path)
        expect = f" with {self.words(node.expect)}" if node.expect else ""
        return f"{what}{self._narrowed(node)}{expect}".removesuffix(",")

    def _narrowed(self, node: Quantifier | Tally) -> str:
        return f" where {self.words(node.where)}," if node.where else ""


def shown(value: Any) -> str:
    """A value as a condition's words show it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(shown(member) for member in value) or "nothing"
    return str(value)


def _number(found: Resolved) -> str:
    """A number without its unit, which the sentence names itself."""
    return f"({found.text})" if found.value is None else shown(found.value)


def _cut_off(as_of: datetime.date, days: Any) -> str | None:
    if isinstance(days, bool) or not isinstance(days, int | float):
        return None
    # As the policies' library has it: a date before year 1 becomes its first day.
    if days >= (as_of - datetime.date.min).days:
        return datetime.date.min.isoformat()
    try:
        return (as_of - datetime.timedelta(days=days)).isoformat()
    except OverflowError:
        return None
