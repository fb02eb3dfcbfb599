"""Turns a record as written into plain facts: the form in which engines see it.

Provenance is set aside, whole numbers written as ``2.0`` become ``2``, past events dated after the
day of the assessment become null, and ``none`` is filled in where absence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.fact_schemas import VALUE, Tree, tree_of
from compliance.inventory.kinds import KNOWN_NONE, Fact, Kind
from compliance.inventory.place import RecordPlace, Steps, fact_path
from compliance.inventory.scalars import LARGEST
from compliance.inventory.wording import Wording

Facts = dict[str, Any]
"""Plain values by name, groups nested. Read-only: it may be the very value a file was read into."""


@dataclass(frozen=True)
class Plan:
    """What needs a look in one mapping of facts."""

    facts: Mapping[str, Fact]
    past: frozenset[str]
    """Dates of past events."""
    lists: Mapping[str, Fact]
    """Lists whose members are dates, numbers or objects."""
    objects: Mapping[str, Plan]
    """Plans of embedded objects, by the list that holds them."""
    groups: Mapping[str, Plan]
    absent: Mapping[str, Any]
    """What is filled in for names that are not there."""


class Cleaner:
    """Cleans records of one kind.

    Args:
        plan: what needs a look in records of the kind.
        as_of: date of the assessment, ``2026-11-23``.
    """

    def __init__(self, plan: Plan, as_of: str) -> None:
        self._plan = plan
        self._as_of = as_of

    def clean(self, raw: Facts, place: RecordPlace) -> Facts:
        """The plain facts of a record whose values all fit their schemas.

        Args:
            raw: the record as written, or as repaired; not changed.
            place: takes provenance, and dates that lie too late.
        """
        return self._facts(self._plan, raw, (), place)

    def _facts(self, plan: Plan, raw: Facts, path: Steps, place: RecordPlace) -> Facts:
        facts = raw
        past, as_of = plan.past, self._as_of
        for name, value in raw.items():
            kind = value.__class__
            if kind is str:
                if name not in past or value <= as_of:
                    continue
            elif kind is bool or kind is int or value is None:
                continue
            new = self._value(plan, name, value, (*path, name), place)
            if new is not value:
                facts = dict(raw) if facts is raw else facts
                facts[name] = new
        for name, filled in plan.absent.items():
            if name not in raw:
                facts = dict(raw) if facts is raw else facts
                facts[name] = filled
        return facts

    def _value(self, plan: Plan, name: str, value: Any, path: Steps, place: RecordPlace) -> Any:
        if isinstance(value, dict):
            if name in plan.groups:
                return self._facts(plan.groups[name], value, path, place)
            if VALUE in value:
                return self._set_aside(plan, name, value, path, place)
            return value
        if isinstance(value, list):
            return self._members(plan, name, value, path, place)
        if name in plan.past:
            return self._date(plan.facts[name], value, path, place)
        return _whole(value)

    def _set_aside(
        self, plan: Plan, name: str, said: dict[str, Any], path: Steps, place: RecordPlace
    ) -> Any:
        known = {key: text for key, text in said.items() if key != VALUE and text is not None}
        reported = (*path, "reported_on")
        if "reported_on" in known and self._late(known["reported_on"]):
            self._date(None, known.pop("reported_on"), reported, place)
        place.provenance[fact_path(path)] = known
        value = said[VALUE]
        if value is None or isinstance(value, bool):
            return value
        return self._value(plan, name, value, (*path, VALUE), place)

    def _members(
        self, plan: Plan, name: str, members: list[Any], path: Steps, place: RecordPlace
    ) -> list[Any] | None:
        fact = plan.lists.get(name)
        if fact is None:
            return members
        objects = plan.objects.get(name)
        found: list[Any] = []
        for index, member in enumerate(members):
            if objects is not None and isinstance(member, dict):
                found.append(self._facts(objects, member, (*path, index), place))
            elif fact.items == "date" and not fact.future:
                found.append(self._date(fact, member, (*path, index), place))
            else:
                found.append(_whole(member))
        return place.whole_list(path, members, found)

    def _date(self, fact: Fact | None, value: Any, path: Steps, place: RecordPlace) -> Any:
        """A date of a past event, or null and a problem where it lies after the assessment."""
        if not self._late(value):
            return value
        hidden = fact is not None and fact.sensitive
        place.wrong_value(
            path,
            Wording(
                f"{'the date' if hidden else value} lies after the day of the assessment",
                f"a date up to {self._as_of}, because this tells of something that has happened",
            ),
        )
        return None

    def _late(self, value: Any) -> bool:
        return isinstance(value, str) and value != KNOWN_NONE and value > self._as_of


def _whole(value: Any) -> Any:
    """A number without its point where it is a whole one that is kept exactly."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return int(value)
    return value


def plan_of(kind: Kind) -> Plan:
    """What needs a look in records of a kind."""
    return _plan(tree_of(kind.facts.values()))


def _plan(tree: Tree) -> Plan:
    facts = {name: part for name, part in tree.items() if isinstance(part, Fact)}
    groups = {name: _plan(part) for name, part in tree.items() if not isinstance(part, Fact)}
    absent: dict[str, Any] = {name: KNOWN_NONE for name, fact in facts.items() if fact.absent_none}
    absent |= {name: group.absent for name, group in groups.items() if group.absent}
    return Plan(
        facts=facts,
        past=frozenset(
            name for name, fact in facts.items() if fact.type == "date" and not fact.future
        ),
        lists={
            name: fact
            for name, fact in facts.items()
            if fact.items in ("date", "number", "integer", "object")
        },
        objects={
            name: _plan(tree_of(fact.fields.values()))
            for name, fact in facts.items()
            if fact.items == "object"
        },
        groups=groups,
        absent=absent,
    )
