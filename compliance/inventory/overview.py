"""An inventory at a glance, and one record with all that it is tied to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compliance.inventory.kinds import AGENCY, Fact, Kind
from compliance.inventory.known import KnownFact, known_facts, shown
from compliance.inventory.store import Inventory, Record


@dataclass(frozen=True, slots=True)
class KindCount:
    """What an inventory holds of one kind."""

    kind: str
    title: str
    records: int
    complete_on: str | None
    """Day from which on the list is said to be complete; None where nothing is said."""
    known: int
    """Facts known of all its records together."""
    possible: int
    """Facts that could be known of them."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Records that a record links to, or that link to it."""

    path: str
    title: str
    records: tuple[tuple[str, str], ...]
    """Subject (kind and id) and name of each; the name may be empty."""
    complete: bool
    """Whether there are certainly no others."""
    stated: KnownFact | None = None
    """For a link: the fact that says so."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A list the program works out from other records."""

    path: str
    title: str
    members: tuple[Any, ...]
    complete: bool
    """Whether there are certainly no others."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with all that is known of it."""

    record: Record
    kind: Kind
    name: str
    known: int
    """How many facts are known."""
    possible: int
    """How many facts its kind has."""
    facts: tuple[KnownFact, ...]
    """Facts it states, links excepted."""
    links: tuple[Tie, ...]
    linked_from: tuple[Tie, ...]
    """Reverse lists that hold a record or are certainly empty."""
    worked_out: tuple[WorkedOut, ...]


def counts(inventory: Inventory) -> Iterator[KindCount]:
    """Every kind of which there are records or a date of completeness, in the order of names."""
    for name in inventory.kinds:
        kind = inventory.kinds[name]
        asked = _asked(kind)
        records = known = 0
        for record in inventory.iterate(name):
            records += 1
            known += sum(record.get(path) is not None for path in asked)
        complete = None if name == AGENCY else inventory.agency.get(f"complete.{name}")
        if records or complete:
            yield KindCount(name, kind.title, records, complete, known, records * len(asked))


def view(inventory: Inventory, record: Record) -> RecordView:
    """All that is known of a record, without sensitive values.

    Args:
        inventory: the inventory that holds it.
        record: the record.
    """
    kind = inventory.kinds[record.kind]
    asked = _asked(kind)
    facts = tuple(known_facts(kind, record))
    links = {fact.path: fact for fact in facts if kind.facts[fact.path].type == "link"}
    ties = [_tie(inventory, record, fact, links.get(fact.path)) for fact in kind.facts.values()
            if fact.linked]  # fmt: skip
    return RecordView(
        record=record,
        kind=kind,
        name=name_of(record),
        known=sum(record.get(path) is not None for path in asked),
        possible=len(asked),
        facts=tuple(fact for fact in facts if fact.path not in links),
        links=tuple(tie for tie in ties if tie.stated is not None),
        linked_from=tuple(
            tie
            for tie in ties
            if kind.facts[tie.path].type == "reverse" and (tie.records or tie.complete)
        ),
        worked_out=tuple(_worked_out(inventory, record, kind)),
    )


def name_of(record: Record) -> str:
    """What people call a record; empty where nothing is said."""
    return str(record.get("name") or "")


def _asked(kind: Kind) -> list[str]:
    """Facts that could be known of a record of a kind."""
    return [
        fact.path
        for fact in kind.facts.values()
        if fact.entered and not fact.absent_none and fact.path != "id"
    ]


def _tie(inventory: Inventory, record: Record, fact: Fact, stated: KnownFact | None) -> Tie:
    linked = inventory.linked(record, fact.path)
    records = () if fact.sensitive else linked.records
    named = tuple((one.subject, name_of(one)) for one in records)
    return Tie(fact.path, fact.title, named, linked.complete, stated)


def _worked_out(inventory: Inventory, record: Record, kind: Kind) -> Iterator[WorkedOut]:
    for fact in kind.facts.values():
        if fact.type == "derived":
            derived = inventory.derived(record, fact.path)
            if derived.members or derived.complete:
                members = shown(fact, list(derived.members))
                hidden = not isinstance(members, list)
                yield WorkedOut(
                    fact.path,
                    fact.title,
                    (members,) if hidden else tuple(members),
                    derived.complete,
                )
