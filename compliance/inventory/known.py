"""What is known of a record, in a form that may be shown: sensitive values are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import Fact, Kind
from compliance.inventory.problems import Position
from compliance.inventory.source import lookup
from compliance.inventory.store import Record
from compliance.inventory.writing.content import written_record

NOT_SHOWN = "(known, not shown)"
"""Stands for a sensitive value."""
_NO_ID = "id"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One fact that a record states."""

    path: str
    """Below the kind: ``logging.enabled``."""
    title: str
    value: Any
    """The plain value, ``NOT_SHOWN`` in the place of whatever is sensitive; None where wrong."""
    provenance: Mapping[str, Any]
    """``assurance`` always, and ``source``, ``reported_on``, ``by``, ``evidence`` where said."""
    position: Position | None
    wrong: bool = False
    """Whether something is written that could not be used."""


def known_facts(kind: Kind, record: Record) -> Iterator[KnownFact]:
    """The facts of a record that are known or wrong, in the order of the schema, without its id.

    Args:
        kind: the kind of the record.
        record: the record.
    """
    for fact in kind.facts.values():
        value = record.get(fact.path) if fact.entered else None
        wrong = fact.entered and value is None and record.is_wrong(fact.path)
        if fact.path != _NO_ID and (value is not None or wrong):
            yield KnownFact(
                fact.path,
                fact.title,
                shown(fact, value),
                record.provenance(fact.path),
                record.position(fact.path),
                wrong,
            )


def shown(fact: Fact, value: Any) -> Any:
    """A value as an output may show it: ``NOT_SHOWN`` in the place of whatever is sensitive.

    Args:
        fact: the fact, or the field of an embedded object.
        value: its plain value.
    """
    if value is None:
        return None
    if fact.sensitive:
        return NOT_SHOWN
    if not fact.fields or not isinstance(value, list):
        return value
    return [
        _object(fact.fields, member) if isinstance(member, dict) else member for member in value
    ]


def _object(fields: Mapping[str, Fact], member: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of an embedded object, by path."""
    known = {path: (field, lookup(member, path)) for path, field in fields.items()}
    return {
        path: shown(field, value)
        for path, (field, value) in known.items()
        if value is not None and not (field.absent_none and value == "none")
    }


def stated(kind: Kind, record: Record) -> dict[str, Any]:
    """All that a record states, by the path of the fact, provenance of members included.

    Sensitive values are among them: for comparing, never to be shown.

    Args:
        kind: the kind of the record.
        record: the record.
    """
    content = written_record(kind, record)
    found: dict[str, Any] = {}
    for path, fact in kind.facts.items():
        if fact.entered and path != _NO_ID:
            value = lookup(content, path)
            plain = value[VALUE] if isinstance(value, dict) and VALUE in value else value
            if plain is not None:
                found[path] = value
    return found
