"""What identifies the records whose facts are missing, so that an answer finds them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from compliance.assessment.belonging import Belonging
from compliance.assessment.model import AskedRecord, Settling
from compliance.inventory.answers import FactPath, fact_path, fingerprint, member_of
from compliance.inventory.kinds import Kind, Kinds
from compliance.inventory.store import Inventory, Record


def asked_records(inventory: Inventory, settling: Iterable[Settling]) -> tuple[AskedRecord, ...]:
    """Each record, and each member of a list of objects, that some missing fact belongs to.

    Args:
        inventory: the agency's records.
        settling: the missing facts.
    """
    found: dict[tuple[str, str | None], AskedRecord] = {}
    belonging = Belonging(inventory.kinds)
    for one in settling:
        record = _record(inventory, one, belonging)
        if record is not None:
            found[record.subject, record.member] = record
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or "")))


def settled_path(kinds: Kinds, settling: Settling) -> FactPath | None:
    """The fact a person would answer to settle something.

    Returns:
        The fact, or the one of a member of a list of objects; None where it is a member of a list
        of plain values, which is entered with its list alone, or no fact that people enter.
    """
    head, _, path = settling.path.partition(".")
    kind = kinds[head]
    if settling.element is None:
        return fact_path(kind, path)
    holder = _list_of(kind, path)
    if holder is None:
        return None
    return fact_path(kind, f"{holder}[{settling.element}].{path[len(holder) + 1 :]}")


def _list_of(kind: Kind, path: str) -> str | None:
    """Path of the list of objects that a field's path begins with."""
    return next((holder for holder in _prefixes(path) if holder in kind.facts), None)


def _prefixes(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _record(inventory: Inventory, settling: Settling, belonging: Belonging) -> AskedRecord | None:
    kind, _, name = settling.subject.partition("/")
    record = inventory.get(kind, name)
    if record is None:
        return None
    found = asked_record(inventory.kinds[kind], record, settled_path(inventory.kinds, settling))
    return replace(found, units=belonging.units(record), owner=belonging.owner(record))


def asked_record(kind: Kind, record: Record, path: FactPath | None) -> AskedRecord:
    """What identifies a record, or the member of it that a fact belongs to.

    Args:
        kind: the record's kind.
        record: the record.
        path: the fact; None where it belongs to the record itself.
    """
    own_name = record.stated.get("name")
    named = own_name if isinstance(own_name, str) else None
    if path is None or path.list is None:
        return AskedRecord(record.subject, fingerprint(record), named)
    label = _label(kind, path, member_of(record.stated, path))
    member = f"{path.list}[{path.number}]"
    return AskedRecord(record.subject, fingerprint(record, path), named, member, label)


def _label(kind: Kind, path: FactPath, member: Any) -> str | None:
    """What a person knows a member by: its first text."""
    fields = kind.facts[str(path.list)].fields
    if not isinstance(member, Mapping):
        return None
    texts = (member.get(name) for name, fact in fields.items() if not fact.sensitive)
    return next((text for text in texts if isinstance(text, str) and text), None)
