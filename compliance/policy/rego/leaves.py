"""Operators as Rego: for each the bodies under which a leaf is true and under which it is false.

A leaf whose bodies all fail is unknown. A negated operator is its twin with the rails swapped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from compliance.policy.conditions import FactValue, Leaf, Literal, Value
from compliance.policy.rego.module import literal, raw_string
from compliance.policy.rego.terms import (
    NONE,
    Operand,
    Place,
    clean_guard,
    complete_guards,
    fact_operand,
    fact_term,
    link_term,
    members_term,
    type_guard,
    value_operand,
)

Body = list[str]
Rails = tuple[list[Body], list[Body]]
"""Bodies of the true rail and of the false rail, alternatives joined by OR."""

TWINS = {
    "not_equals": "equals",
    "not_in": "in",
    "not_contains": "contains",
    "not_exists": "exists",
    "not_empty": "is_empty",
}
"""Negated operator to the one whose rails it swaps."""
LINKS = ("link", "reverse")
"""Types that hold records."""
LISTS = ("list", "derived", *LINKS)
"""Types that hold members or records."""


@dataclass(frozen=True, slots=True)
class _Test:
    leaf: Leaf
    place: Place

    @property
    def value(self) -> Value:
        if self.leaf.value is None:
            raise ValueError(f"{self.leaf.id}: {self.leaf.test} needs a value")
        return self.leaf.value

    def fact(self) -> Operand:
        return fact_operand(self.leaf.path, self.leaf.type, self.leaf.none, self.place)

    def operand(self) -> Operand:
        return value_operand(self.value, self.place)

    def members(self) -> str:
        return members_term(self.leaf.path, self.leaf.type, self.place)

    def lib(self, module: str, name: str) -> str:
        return self.place.module.ref(self.place.names.lib(module), name)

    def member_guard(self, term: str) -> str:
        return type_guard(term, self.leaf.items or "string", self.place)

    def complete(self) -> Body:
        """The list is there, all of it."""
        return list(complete_guards(self.leaf.path, self.leaf.type, self.place))

    def clean(self) -> Body:
        """The list is there, all of it, and every member is known."""
        body = [clean_guard(self.members(), self.leaf.items or "string", self.place)]
        return body + self.complete()[1:]

    def value_clean(self) -> Body:
        """A compared list fact is there and every member is known."""
        if isinstance(self.value, FactValue):
            term = fact_term(self.value.path, self.place)
            return [clean_guard(term, self.leaf.items or self.leaf.type, self.place)]
        return []

    def is_none(self) -> str:
        """The fact is the word ``none``."""
        return f"{fact_term(self.leaf.path, self.place)} == {NONE}"

    def none_bodies(self) -> list[Body]:
        """Bodies that hold when the fact, or the one it is compared with, is known none."""
        bodies = []
        if self.leaf.none and self.leaf.type not in LINKS:
            bodies.append([self.is_none()])
        for value in (self.leaf.value, self.leaf.days):
            if isinstance(value, FactValue) and value.none:
                bodies.append([f"{fact_term(value.path, self.place)} == {NONE}"])
        return bodies


def leaf_rails(leaf: Leaf, place: Place) -> Rails:
    """The bodies of both rails of a leaf.

    Raises:
        KeyError: the operator is unknown.
    """
    positive = TWINS.get(leaf.test, leaf.test)
    test = _Test(leaf, place)
    true, false = _OPERATORS[positive](test)
    if positive not in ("exists", "is_empty"):
        false = false + test.none_bodies()
    if leaf.test in TWINS:
        true, false = false, true
    return ([] if leaf.rail == "true" else true), ([] if leaf.rail == "false" else false)


def _compare(yes: str, no: str) -> Callable[[_Test], Rails]:
    def rails(test: _Test) -> Rails:
        fact, other = test.fact(), test.operand()
        guards = [*fact.guards, *other.guards]
        true = [*guards, f"{fact.term} {yes} {other.term}"]
        return [true], [[*guards, f"{fact.term} {no} {other.term}"]]

    return rails


def _equals(test: _Test) -> Rails:
    true, false = _compare("==", "!=")(test)
    if isinstance(test.value, Literal) and test.leaf.type != "date":
        # A literal of the fact's own type cannot equal a value of another type.
        fact = fact_term(test.leaf.path, test.place)
        true = [[f"{fact} == {literal(test.value.value)}"]]
    return true, false


def _in(test: _Test) -> Rails:
    fact, other = test.fact(), test.operand()
    true = [*fact.guards, *other.guards, f"{fact.term} in {other.term}"]
    false = [*fact.guards, *test.value_clean(), *_there(test), f"not {fact.term} in {other.term}"]
    return [true], [false]


def _there(test: _Test) -> Body:
    """What keeps ``not`` from holding because a term is undefined."""
    fact, other = test.fact(), test.operand()
    terms = [] if fact.guards else [fact.term]
    terms += [] if isinstance(test.value, Literal | FactValue) else [other.term]
    return [f"{term} != null" for term in terms]


def _contains(test: _Test) -> Rails:
    other = test.operand()
    defined = [f"{other.term} != null"] if not isinstance(test.value, Literal) else []
    if test.leaf.type == "string":
        fact = test.fact()
        guards = [*fact.guards, *other.guards]
        call = f"contains({fact.term}, {other.term})"
        return [[*guards, call]], [[*guards, *defined, f"not {call}"]]
    members = test.members()
    true = [f"is_array({members})", *other.guards, f"{other.term} in {members}"]
    false = [*test.clean(), *other.guards, *defined, f"not {other.term} in {members}"]
    return [true], [false]


def _intersects(test: _Test) -> Rails:
    members, other = test.members(), test.operand()
    true = [
        f"is_array({members})",
        *other.guards,
        f"some member in {members}",
        test.member_guard("member"),
        f"member in {other.term}",
    ]
    false = [*test.clean(), *test.value_clean(), *_defined(test)]
    false.append(f"every member in {members} {{\n\tnot member in {other.term}\n}}")
    return [true], [false]


def _defined(test: _Test) -> Body:
    """A parameter must have a value before ``not`` or ``every`` may speak of it."""
    term = test.operand().term
    return [] if isinstance(test.value, Literal | FactValue) else [f"is_array({term})"]


def _contains_all(test: _Test) -> Rails:
    members, other = test.members(), test.operand()
    true = [f"is_array({members})", *test.value_clean(), *_defined(test)]
    true.append(f"every wanted in {other.term} {{\n\twanted in {members}\n}}")
    false = [
        *test.clean(),
        *other.guards,
        f"some wanted in {other.term}",
        test.member_guard("wanted"),
        f"not wanted in {members}",
    ]
    return [true], [false]


def _subset_of(test: _Test) -> Rails:
    members, other = test.members(), test.operand()
    true = [*test.clean(), *other.guards, *_defined(test)]
    true.append(f"every member in {members} {{\n\tmember in {other.term}\n}}")
    false = [
        f"is_array({members})",
        *test.value_clean(),
        *_defined(test),
        f"some member in {members}",
        test.member_guard("member"),
        f"not member in {other.term}",
    ]
    return [true], [false]


def _exists(test: _Test) -> Rails:
    if test.leaf.none and test.leaf.type in LINKS:
        # A link that is known to lead nowhere has no records and says so.
        none = f"{link_term(test.leaf.path, test.place)}.none == true"
        count = f"count({test.members()})"
        there = f"is_array({test.members()})"
        return [[there, f"{count} > 0"]], [[there, f"{count} == 0", none]]
    false = [[test.is_none()]] if test.leaf.none else []
    if test.leaf.type in LISTS:
        return [[f"is_array({test.members()})"]], false
    fact = test.fact()
    return [[*fact.guards] or [f"{fact.term} != null"]], false


def _is_empty(test: _Test) -> Rails:
    none = [[test.is_none()]] if test.leaf.none and test.leaf.type not in LINKS else []
    if test.leaf.type in LISTS:
        count = f"count({test.members()})"
        there = f"is_array({test.members()})"
        return [[*test.complete(), f"{count} == 0"], *none], [[there, f"{count} > 0"]]
    fact = test.fact()
    if test.leaf.type == "string":
        return [[f'{fact.term} == ""'], *none], [[*fact.guards, f'{fact.term} != ""']]
    return none, [[*fact.guards] or [f"{fact.term} != null"]]


def _matches(test: _Test) -> Rails:
    fact = test.fact()
    if not isinstance(test.value, Literal):
        raise TypeError(f"{test.leaf.id}: a pattern is written in the rule")
    call = f"regex.match({raw_string(f'^(?:{test.value.value})$')}, {fact.term})"
    return [[*fact.guards, call]], [[*fact.guards, f"not {call}"]]


def _call(function: str) -> Callable[[_Test], Rails]:
    def rails(test: _Test) -> Rails:
        fact, other = test.fact(), test.operand()
        guards = [*fact.guards, *other.guards]
        call = f"{function}({fact.term}, {other.term})"
        defined = [] if isinstance(test.value, Literal | FactValue) else [f"{other.term} != null"]
        return [[*guards, call]], [[*guards, *defined, f"not {call}"]]

    return rails


def _length(at_least: bool) -> Callable[[_Test], Rails]:
    yes, no = (">=", "<") if at_least else ("<=", ">")

    def rails(test: _Test) -> Rails:
        other = test.operand()
        if test.leaf.type in LISTS:
            count = f"count({test.members()})"
            part, whole = [f"is_array({test.members()})"], test.complete()
            true, false = (part, whole) if at_least else (whole, part)
        else:
            fact = test.fact()
            count = f"count({fact.term})"
            true = false = [*fact.guards]
        return (
            [[*true, *other.guards, f"{count} {yes} {other.term}"]],
            [[*false, *other.guards, f"{count} {no} {other.term}"]],
        )

    return rails


def _cut_off(test: _Test) -> tuple[Body, str]:
    """Guards and the term of the date so many days before the assessment."""
    place, value = test.place, test.value
    if isinstance(value, FactValue):
        other = test.operand()
        return [*other.guards], f"{test.lib('dates', 'days_ago')}({other.term})"
    term = value_operand(value, _in_shared(place)).term
    suffix = _slug(value.value) if isinstance(value, Literal) else term.rpartition(".")[2]
    name = f"days_ago_{suffix}"
    if place.shared.define(name):
        days_ago = place.shared.ref(place.names.lib("dates"), "days_ago")
        place.shared.value(name, f"{days_ago}({term})")
    return [], place.module.ref(place.names.shared, name)


def _slug(number: float) -> str:
    return str(number).replace("-", "minus_").replace(".", "_")


def _in_shared(place: Place) -> Place:
    return replace(place, module=place.shared, variables={})


def _within_days(test: _Test) -> Rails:
    fact, (guards, cut_off) = test.fact(), _cut_off(test)
    as_of = test.lib("dates", "as_of")
    guards = [*fact.guards, *guards]
    true = [*guards, f"{fact.term} >= {cut_off}", f"{fact.term} <= {as_of}"]
    before = [*guards, f"{fact.term} < {cut_off}"]
    after = [*guards, f"{fact.term} > {as_of}", f"{cut_off} != null"]
    return [true], [before, after]


def _older_than_days(test: _Test) -> Rails:
    fact, (guards, cut_off) = test.fact(), _cut_off(test)
    guards = [*fact.guards, *guards]
    true, false = [*guards, f"{fact.term} < {cut_off}"], [*guards, f"{fact.term} >= {cut_off}"]
    if isinstance(test.value, Literal):
        return [true], [false]
    # Nothing keeps another fact or a choice from being below 0, and the cut-off from lying ahead.
    as_of = test.lib("dates", "as_of")
    after = [*guards, f"{fact.term} > {as_of}", f"{cut_off} != null"]
    return [[*true, f"{fact.term} <= {as_of}"]], [false, after]


def _within_days_of(test: _Test) -> Rails:
    fact, other = test.fact(), test.operand()
    if test.leaf.days is None:
        raise ValueError(f"{test.leaf.id}: within_days_of needs `days`")
    days = value_operand(test.leaf.days, test.place)
    guards = [*fact.guards, *other.guards, *days.guards]
    arguments = f"({fact.term}, {other.term}, {days.term})"
    true = [*guards, test.lib("dates", "later_by_at_most") + arguments]
    return [true], [[*guards, test.lib("dates", "later_by_more") + arguments]]


def _version(yes: str, no: str) -> Callable[[_Test], Rails]:
    def rails(test: _Test) -> Rails:
        fact, other = test.fact(), test.operand()
        key = test.lib("versions", "key")
        guards = [*fact.guards, *other.guards]
        left, right = f"{key}({fact.term})", f"{key}({other.term})"
        return [[*guards, f"{left} {yes} {right}"]], [[*guards, f"{left} {no} {right}"]]

    return rails


_OPERATORS: dict[str, Callable[[_Test], Rails]] = {
    "equals": _equals,
    "in": _in,
    "contains": _contains,
    "contains_any": _intersects,
    "intersects": _intersects,
    "contains_all": _contains_all,
    "subset_of": _subset_of,
    "less_than": _compare("<", ">="),
    "at_most": _compare("<=", ">"),
    "greater_than": _compare(">", "<="),
    "at_least": _compare(">=", "<"),
    "before": _compare("<", ">="),
    "on_or_before": _compare("<=", ">"),
    "after": _compare(">", "<="),
    "on_or_after": _compare(">=", "<"),
    "exists": _exists,
    "is_empty": _is_empty,
    "matches": _matches,
    "starts_with": _call("startswith"),
    "ends_with": _call("endswith"),
    "length_at_least": _length(at_least=True),
    "length_at_most": _length(at_least=False),
    "within_days": _within_days,
    "older_than_days": _older_than_days,
    "within_days_of": _within_days_of,
    "version_at_least": _version(">=", "<"),
    "version_below": _version("<", ">="),
}
