"""What a gap asks to be changed: facts, in which records, and to what kind of value.

Two gaps ask for the same change where the same fact of the same kind of record has to become the
same thing, or merely more, later or less than it is. Nothing is evaluated here: what a rule asks is
read from the leaves that decided it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.assessment.mending import changed_by_default, default_way
from compliance.assessment.model import FactText, Finding, Leaf, Settling

AS_OF = "as_of"
"""Stands for the date of the assessment, as a value to try."""

_MORE = frozenset(
    ("exists", "not_empty", "within_days", "on_or_after", "after", "at_least", "greater_than")
)
"""Tests that any value late or great enough meets: what meets the strictest meets them all."""
_LESS = frozenset(("at_most", "less_than"))
"""Tests that any number small enough meets."""
_LISTS = frozenset(("every", "some", "none", "count", "share"))
_REGO = "rego"
_TO = "= "


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One fact that has to become something else."""

    path: str
    """Headed by the kind of the record that states it; empty where no fact is told."""
    aim: str = ""
    """What it has to become, where more, later, less or known does not say it."""


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together close one gap."""

    changes: tuple[Change, ...]
    """Each once, in order."""
    records: tuple[str, ...]
    """The records that state the facts, as ``kind/id``, in order."""
    leaves: tuple[Leaf, ...] = ()
    """The leaves that have to come out otherwise."""


def ways_of(finding: Finding) -> tuple[Way, ...]:
    """The ways to close a gap, the one that its rule names first before others.

    A gap without leaves (its facts were left out of a reduced report, or could not be told), or of
    a condition written in Rego, has one way, which names no fact.
    """
    leaves = changed_by_default(finding.leaves)
    if any(leaf.test == _REGO for leaf in leaves):
        leaves = ()  # It tells what it reads, not what has to change.
    ways = finding.ways or (default_way(finding.leaves),) if leaves else ()
    found: dict[tuple[Change, ...], Way] = {}
    for facts in filter(None, ways):
        way = _way(facts, leaves)
        found.setdefault(way.changes, way)
    if found:
        return tuple(found.values())
    rule = f"{finding.policy}/{finding.rule.partition('@')[0]}"
    return (Way((Change("", rule),), (finding.record,)),)


def _way(facts: Sequence[Settling], leaves: Sequence[Leaf]) -> Way:
    changes, chosen = set(), []
    for fact in facts:
        tests = [
            leaf
            for leaf in leaves
            if (leaf.path, leaf.subject, leaf.element) == (fact.path, fact.subject, fact.element)
        ]
        chosen += tests
        aims = {_aim(leaf) for leaf in tests}
        changes.add(Change(fact.path, "; ".join(sorted(aim for aim in aims if aim))))
    records = tuple(sorted({fact.subject for fact in facts}))
    return Way(tuple(sorted(changes)), records, tuple(chosen))


def _aim(leaf: Leaf) -> str:
    negated = "not " if leaf.outcome == "true" else ""
    if leaf.test in _LISTS or negated or leaf.element is not None:
        return f"{negated}{leaf.test} {leaf.expected.text}"
    if leaf.expected.fact is None or leaf.test == "within_days":
        if leaf.test == "equals":
            return _TO + json.dumps(leaf.expected.value)
        if leaf.test in _LESS:
            return "less"
    return "" if leaf.test in _MORE else f"{leaf.test} {leaf.expected.text}"


def value_to_try(
    change: Change, leaves: Iterable[Leaf], facts: Mapping[str, FactText]
) -> str | None:
    """A value that every one of some gaps asks for, as `compliance whatif` reads it.

    Args:
        change: the change that all of them ask for.
        leaves: their tests of the fact.
        facts: texts of facts by path.

    Returns:
        None where no single value is sure to do for all.
    """
    tests = list(leaves)
    fact = facts.get(change.path)
    if fact is None or any(leaf.element is not None or leaf.state == "withheld" for leaf in tests):
        return None
    if change.aim.startswith(_TO):
        return _text(json.loads(change.aim.removeprefix(_TO)))
    if change.aim == "less":
        return _bound(tests, fact, smaller=True)
    if change.aim == "" and tests:
        if fact.type == "date":
            # Of two dates the later one may have to lie after today.
            free = all(leaf.expected.fact is None or leaf.test == "within_days" for leaf in tests)
            return AS_OF if free else None
        return _bound(tests, fact, smaller=False)
    return None


def _bound(tests: Sequence[Leaf], fact: FactText, *, smaller: bool) -> str | None:
    """The number that is enough for the strictest of some tests."""
    steps = {"at_most": 0, "less_than": -1, "at_least": 0, "greater_than": 1, "exists": 0}
    found = []
    for leaf in tests:
        value = leaf.expected.value
        if leaf.test == "exists":
            continue
        if leaf.test not in steps or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if steps[leaf.test] and fact.type != "integer":
            return None
        found.append(value + steps[leaf.test])
    if not found:
        return None
    return _text(min(found) if smaller else max(found))


def _text(value: Any) -> str:
    if isinstance(value, str):
        plain = value and value == value.strip() and not set(value) & set(":;'\"[{=\n")
        return value if plain else json.dumps(value)
    return json.dumps(value)
