"""What `compliance inventory diff` does."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.inventory.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    Difference,
    FactDifference,
    ListDifference,
    RecordDifference,
    difference,
)
from compliance.inventory.known import KnownFact
from compliance.report.json import escaped
from compliance.report.plain import neutral, number, prose
from compliance_cli import objects, output, status
from compliance_cli.assessing import read_inventory
from compliance_cli.fact_text import fact_data, known_as, placed, whole

_SIGNS = {ADDED: "+", REMOVED: "-", CHANGED: "~"}
_SCHEMA = 1
_FEW = 4
"""So many members that are in both lists are counted instead of repeated."""


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What the user asked for."""

    old: Path
    new: Path
    format: str
    as_of: datetime.date | None
    output: Path | None


def run_diff(options: DiffOptions) -> int:
    """Compares two inventories and returns the exit status."""
    both = (options.old, options.new)
    output.check_writable(options.output, both)
    as_of = objects.date_or_today(options.as_of)
    old, new = (read_inventory((path,), as_of, objects.settings((path,))) for path in both)
    found = difference(old, new)
    pieces = _as_json(found, as_of) if options.format == "json" else _as_text(found)
    output.write(pieces, options.output)
    output.say(_summary(found))
    return status.FINDINGS if found else status.OK


def _summary(found: Difference) -> str:
    if not found:
        return "Nothing is different."
    counts = {change: sum(record.change == change for record in found.records) for change in _SIGNS}
    parts = [f"{number(count, 'record')} {change}" for change, count in counts.items() if count]
    parts += [
        f"{number(len(one.members), 'entry', 'entries')} of {one.key} {one.change}"
        for one in found.lists
    ]
    return ", ".join(parts) + "."


def _as_text(found: Difference) -> Iterator[str]:
    separator = ""
    for record in found.records:
        yield separator + "".join(_record(record))
        separator = "\n"
    for one in found.lists:
        yield separator + "".join(_list(one))
        separator = "\n"


def _record(record: RecordDifference) -> Iterator[str]:
    name = f" ({record.name})" if record.name else ""
    places = [placed(place) for place in (record.old, record.new) if place]
    head = f"{_SIGNS[record.change]} {record.subject}{name}: {record.change}"
    yield neutral(head) + "\n"
    yield neutral(f"  {' -> '.join(places)}") + "\n"
    for fact in record.facts:
        yield from _fact(fact, record.change)


def _fact(fact: FactDifference, change: str) -> Iterator[str]:
    title = f"{fact.title} ({fact.path})"
    known = fact.new or fact.old
    if fact.old is not None and fact.new is not None:
        what = "comes from elsewhere" if fact.provenance_only else "changed"
        yield prose(f"{_SIGNS[CHANGED]} {title}: {what}", "      ", "    ")
        was, now = fact.old.value, fact.new.value
        if isinstance(was, list) and isinstance(now, list) and not fact.provenance_only:
            yield _side("was", fact.old, _only(was, now), said=False)
            yield _side("is", fact.new, _only(now, was), said=False)
        else:
            yield _side("was", fact.old, _value(fact.old), said=fact.provenance_only)
            yield _side("is", fact.new, _value(fact.new), said=fact.provenance_only)
    elif known is not None:
        place = "" if change in (ADDED, REMOVED) else f" [{placed(known.position)}]"
        text = f"{_SIGNS[fact.change]} {title}: {_value(known)}{place}"
        yield prose(text, "        ", "    ")


def _only(members: list[Any], others: list[Any]) -> str:
    """A list in words: what the other list holds as well is counted, not repeated."""
    shared = [member for member in members if member in others]
    if len(shared) < _FEW:
        return whole(members)
    own = [whole(member) for member in members if member not in others]
    return ", ".join([*own, f"and {len(shared):,} that are in both" if own else "the others"])


def _side(word: str, fact: KnownFact, text: str, *, said: bool) -> str:
    source = known_as(fact.provenance)
    extra = f"; {source}" if said or source != "asserted" else ""
    place = f" [{placed(fact.position)}]" if fact.position else ""
    return prose(f"{word}: {text}{extra}{place}", "          ", "        ")


def _value(fact: KnownFact) -> str:
    return "(a value that could not be used)" if fact.wrong else whole(fact.value)


def _list(one: ListDifference) -> Iterator[str]:
    entries = number(len(one.members), "entry", "entries")
    yield f"{_SIGNS[one.change]} {one.key}: {entries} {one.change}\n"
    for member in one.members:
        yield prose(whole(member), "      ", "    ")


def _as_json(found: Difference, as_of: datetime.date) -> Iterator[str]:
    data = {
        "schema": _SCHEMA,
        "as_of": as_of.isoformat(),
        "records": [_record_data(record) for record in found.records],
        "lists": [
            {"key": one.key, "change": one.change, "members": list(one.members)}
            for one in found.lists
        ],
    }
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _record_data(record: RecordDifference) -> dict[str, Any]:
    return {
        "subject": record.subject,
        "name": record.name,
        "change": record.change,
        "old": placed(record.old) or None,
        "new": placed(record.new) or None,
        "facts": [
            {
                "path": fact.path,
                "title": fact.title,
                "change": fact.change,
                "provenance_only": fact.provenance_only,
                "old": fact_data(fact.old),
                "new": fact_data(fact.new),
            }
            for fact in record.facts
        ],
    }
