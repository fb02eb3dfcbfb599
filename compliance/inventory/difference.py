"""What is different between two inventories: records, their facts, and where these come from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import Fact
from compliance.inventory.known import KnownFact, known_facts, stated
from compliance.inventory.problems import Position
from compliance.inventory.store import Inventory, Record
from compliance.inventory.writing.content import written, written_record

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class FactDifference:
    """One fact that is not the same in both."""

    path: str
    """With its kind: ``system.logging.enabled``."""
    title: str
    change: str
    """added, removed or changed."""
    old: KnownFact | None
    """None where the fact was added."""
    new: KnownFact | None
    """None where the fact was removed."""
    provenance_only: bool = False
    """Whether the value is the same and only what is said about where it comes from is not."""


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """One record that is not the same in both."""

    subject: str
    """Kind and id."""
    name: str
    """What people call it; empty where nothing is said."""
    change: str
    """added, removed or changed."""
    old: Position | None
    """Where it stands; None where it was added."""
    new: Position | None
    """Where it stands; None where it was removed."""
    facts: tuple[FactDifference, ...]
    """In the order of the schema. Of a record that was added or removed, all it states."""


@dataclass(frozen=True, slots=True)
class ListDifference:
    """Members of a list without ids that are in one of the two alone."""

    key: str
    """``inheritance`` or ``answers``."""
    change: str
    """added or removed."""
    members: tuple[dict[str, Any], ...]
    """As inventory files hold them, in their order; answers without their values."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is different between two inventories."""

    records: tuple[RecordDifference, ...]
    """In the order of kind and id."""
    lists: tuple[ListDifference, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.records or self.lists)


def difference(old: Inventory, new: Inventory) -> Difference:
    """Compare two inventories by kind, id and fact; order, layout and format make no difference.

    Args:
        old: the one before.
        new: the one after; read with the same kinds and date.
    """
    subjects = {(record.kind, record.id) for one in (old, new) for record in one.iterate()}
    found = []
    for kind, name in sorted(subjects):
        before, after = old.get(kind, name), new.get(kind, name)
        record = _record(old, before, after)
        if record is not None:
            found.append(record)
    return Difference(tuple(found), tuple(_lists(old, new)))


def _record(
    inventory: Inventory, old: Record | None, new: Record | None
) -> RecordDifference | None:
    known = new or old
    if known is None or (old and new and _is_alike(inventory, old, new)):
        return None
    facts = tuple(_facts(inventory, old, new))
    if old is not None and new is not None and not facts:
        return None
    return RecordDifference(
        subject=known.subject,
        name=str(known.get("name") or ""),
        change=_change(old, new),
        old=old.position() if old else None,
        new=new.position() if new else None,
        facts=facts,
    )


def _is_alike(inventory: Inventory, old: Record, new: Record) -> bool:
    """Whether two records state the same in the same order: most do, and it is quickly seen."""
    kind = inventory.kinds[new.kind]
    return _same(written_record(kind, old), written_record(kind, new))


def _facts(
    inventory: Inventory, old: Record | None, new: Record | None
) -> Iterator[FactDifference]:
    kind = inventory.kinds[(new or old or inventory.agency).kind]
    values = [stated(kind, record) if record else {} for record in (old, new)]
    shown = [
        {fact.path: fact for fact in known_facts(kind, record)} if record else {}
        for record in (old, new)
    ]
    for path, fact in kind.facts.items():
        before, after = (_unordered(fact, each.get(path)) for each in values)
        if _same(before, after):
            continue
        was, now = (each.get(path) for each in shown)
        yield FactDifference(
            path=fact.full_path,
            title=fact.title,
            change=_change(was, now),
            old=was,
            new=now,
            provenance_only=_same(_plain(before), _plain(after)),
        )


def _unordered(fact: Fact, value: Any) -> Any:
    """A value in which the order of members counts only where it says something."""
    if isinstance(value, dict) and VALUE in value:
        return {**value, VALUE: _unordered(fact, value[VALUE])}
    if isinstance(value, list) and (fact.type == "link" or fact.schema.get("uniqueItems")):
        return sorted(value, key=_text)
    return value


def _change(old: Any, new: Any) -> str:
    if old is None:
        return ADDED
    return REMOVED if new is None else CHANGED


def _lists(old: Inventory, new: Inventory) -> Iterator[ListDifference]:
    before, after = written(old), written(new)
    keys = {key for content in (before, after) for key in content}
    for key in sorted(keys - set(old.kinds.by_collection)):
        pair = before.get(key, []), after.get(key, [])
        for change, members in ((REMOVED, _without(*pair)), (ADDED, _without(*pair[::-1]))):
            if members:
                yield ListDifference(key, change, tuple(map(_without_value, members)))


def _without_value(member: dict[str, Any]) -> dict[str, Any]:
    """An answer may be one to a question about a sensitive fact."""
    return {key: part for key, part in member.items() if key != VALUE}


def _without(members: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """Members that are not among others, each as often as it is there more often."""
    left = [_text(other) for other in others]
    found = []
    for member in members:
        text = _text(member)
        if text in left:
            left.remove(text)
        else:
            found.append(member)
    return found


def _plain(value: Any) -> Any:
    """A value without its provenance, at any depth."""
    if isinstance(value, dict):
        if VALUE in value:
            return _plain(value[VALUE])
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value


def _same(old: Any, new: Any) -> bool:
    return _text(old) == _text(new)


def _text(value: Any) -> str:
    """JSON tells 1 from true, and 1 from 1.0, which the reader has made one already."""
    return json.dumps(value, sort_keys=True)
