"""The reference of kinds and facts: what may be written, what it answers, and who knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import AGENCY, ANY, SELF, Fact, Kind, Kinds

UNITS = {
    "days": "days", "hours": "hours", "minutes": "minutes", "months": "months", "years": "years",
    "pct": "percent", "bits": "bits", "length": "characters",
}  # fmt: skip
"""Units of numbers, by the last word of their fact's name."""
_SCALARS = {
    "boolean": "true or false", "integer": "whole number", "number": "number", "string": "text",
    "date": "date", "object": "entry",
}  # fmt: skip
_PLURALS = {
    "integer": "whole numbers", "number": "numbers", "string": "texts", "date": "dates",
    "object": "entries",
}  # fmt: skip
_EXAMPLE = 8
"""So many facts an example of a record holds."""


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact as the reference describes it."""

    path: str
    """Below the kind, or below the entry of a list: ``logging.enabled``."""
    title: str
    type: str
    """boolean, integer, number, string, date, list, link, reverse or derived."""
    takes: str
    """What may be written, in words: ``whole number (days, at least 0), or none``."""
    values: tuple[Any, ...]
    """Allowed values; empty where there is no such list."""
    meanings: Mapping[str, str]
    """What allowed values mean, where that is said."""
    unit: str
    """Empty where it has none."""
    question: str
    asked_of: str
    """Role that usually knows."""
    description: str
    none: bool
    """Whether the word none may be written."""
    absent: str
    """``none`` where leaving the fact out says none, else ``unknown``; empty where worked out."""
    sensitive: bool
    """Evaluated, never written into an output."""
    example: Any
    """As it would be written; None where there is none."""
    entries: tuple[FactEntry, ...] = ()
    """Facts of each entry of a list of entries."""


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """Facts that stand together."""

    path: str
    """Key of the group; empty for the facts of the record itself."""
    title: str
    facts: tuple[FactEntry, ...]


@dataclass(frozen=True, slots=True)
class KindEntry:
    """One kind of record."""

    name: str
    collection: str
    title: str
    description: str
    read_only: bool
    groups: tuple[GroupEntry, ...]
    """What people write."""
    worked_out: tuple[FactEntry, ...]
    """What the program works out from other records."""
    example: Mapping[str, Any]
    """The content of a file with one record."""

    @property
    def facts(self) -> int:
        """How many facts people may write, the id included."""
        return sum(len(group.facts) for group in self.groups)


def kind_entry(kind: Kind) -> KindEntry:
    """The reference of a kind."""
    entered = [fact for fact in kind.facts.values() if fact.entered]
    grouped: dict[str, list[Fact]] = {}
    for fact in entered:
        grouped.setdefault(fact.path.rpartition(".")[0], []).append(fact)
    return KindEntry(
        name=kind.name,
        collection=kind.collection,
        title=kind.title,
        description=kind.description,
        read_only=kind.read_only,
        groups=tuple(
            GroupEntry(path, kind.groups.get(path, ""), tuple(map(fact_entry, facts)))
            for path, facts in grouped.items()
        ),
        worked_out=tuple(fact_entry(fact) for fact in kind.facts.values() if not fact.entered),
        example=_example(kind, entered),
    )


def kind_entries(kinds: Kinds) -> Iterator[KindEntry]:
    """The reference of every kind, in the order of names."""
    for name in kinds:
        yield kind_entry(kinds[name])


def fact_entry(fact: Fact) -> FactEntry:
    """The reference of a fact."""
    absent = "none" if fact.absent_none else "unknown"
    return FactEntry(
        path=fact.path,
        title=fact.title,
        type=fact.type,
        takes=takes(fact),
        values=fact.enum or (),
        meanings=fact.labels,
        unit=_unit(fact),
        question=fact.question,
        asked_of=fact.asked_of,
        description=fact.description,
        none=fact.none,
        absent=absent if fact.entered and fact.path != "id" else "",
        sensitive=fact.sensitive,
        example=fact.examples[0] if fact.examples else None,
        entries=tuple(map(fact_entry, fact.fields.values())),
    )


def takes(fact: Fact) -> str:
    """What may be written for a fact, in words."""
    text = _plain(fact)
    details = [*_details(fact)]
    if details:
        text += f" ({', '.join(details)})"
    return f"{text}, or none" if fact.none else text


def _plain(fact: Fact) -> str:
    if fact.type == "link":
        return _link(fact)
    if fact.type == "list":
        return (
            f"list of {_PLURALS[str(fact.items)]}"
            if not fact.enum
            else (f"list, each {_choices(fact)}")
        )
    if fact.type == "reverse":
        return f"list of {fact.target} records"
    if fact.type == "derived":
        others = [f"its {name}" for name in fact.over if name != SELF]
        own = ["the record itself"] if SELF in fact.over else []
        return f"list: {fact.union} of {' and '.join([*own, *others])}"
    return _choices(fact) if fact.enum else _SCALARS[fact.type]


def _choices(fact: Fact) -> str:
    return "one of " + ", ".join(str(value) for value in fact.enum or ())


def _link(fact: Fact) -> str:
    if fact.target == ANY:
        several = fact.many or "type" not in fact.schema
        one = "list of kind/id" if fact.many else "kind/id of a record"
        return one + (", a list of them, or {all: KIND}" if several and not fact.many else "")
    return f"list of ids of {fact.target} records" if fact.many else f"id of a {fact.target} record"


def _details(fact: Fact) -> Iterator[str]:
    schema = fact.schema.get("items", fact.schema) if fact.type == "list" else fact.schema
    unit = _unit(fact)
    if unit:
        yield unit
    for key, words in (("minimum", "at least"), ("maximum", "at most")):
        if key in schema:
            yield f"{words} {schema[key]}"
    if fact.type == "date":
        yield "may lie in the future" if fact.future else "not in the future"


def _unit(fact: Fact) -> str:
    if fact.type not in ("integer", "number") and fact.items not in ("integer", "number"):
        return ""
    return UNITS.get(fact.path.rpartition("_")[2], "")


def _example(kind: Kind, facts: Iterable[Fact]) -> dict[str, Any]:
    """A file with a record of the first facts, as their schemas give examples."""
    record: dict[str, Any] = {}
    for fact in facts:
        if fact.examples and not fact.fields and len(record) < _EXAMPLE and "." not in fact.path:
            record[fact.path] = fact.examples[0]
    return {kind.collection: record if kind.name == AGENCY else [record]}


def provenance_example() -> dict[str, Any]:
    """A value with all that may be said about where it comes from."""
    return {
        VALUE: True,
        "source": "Device management export",
        "reported_on": "2026-11-16",
        "by": "IT administrator",
        "evidence": "Report 2026-11",
        "assurance": "imported",
    }
