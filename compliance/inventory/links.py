"""Links between records: forward, backward, and the lists worked out from them.

A link is complete when its fact is there and every member of it is valid. A reverse list is
complete when the agency says that all records of the kind are listed and every one of them states
the link; a single open one might name any record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.kinds import ANY, KNOWN_NONE, SELF, Fact
from compliance.inventory.store import Derived, Inventory, Linked, Record

ALL = "all"
"""Key of a link to every record of a kind: ``{all: system}``."""

Target = tuple[str, str]
"""Kind and id."""


@dataclass(slots=True)
class _Backward:
    """One link fact of a kind, read backwards."""

    by_target: dict[Target, list[Record]] = field(default_factory=dict)
    by_kind: dict[str, list[Record]] = field(default_factory=dict)
    """Records that link to every record of a kind."""
    unstated: list[Record] = field(default_factory=list)


def targets(fact: Fact, value: Any) -> Iterator[Target]:
    """What a link's value names; not the kind of ``{all: kind}``, nor members that are null.

    Args:
        fact: the link.
        value: its plain value.
    """
    for member in value if isinstance(value, list) else (value,):
        if not isinstance(member, str) or _is_none(fact, member):
            continue
        if fact.target == ANY:
            kind, _, name = member.partition("/")
            yield kind, name
        else:
            yield str(fact.target), member


def kind_of_all(value: Any) -> str | None:
    """The kind that ``{all: kind}`` names; None for other values of a link."""
    return value.get(ALL) if isinstance(value, dict) else None


class Links:
    """Follows the links of one inventory. Backward links are indexed when first asked for.

    Args:
        inventory: where records are looked up.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._backward: dict[tuple[str, str], _Backward] = {}

    def linked(self, record: Record, fact: Fact) -> Linked:
        """The records a link or reverse list leads to."""
        if fact.type == "reverse":
            return self._reverse(record, fact)
        value = record.get(fact.path)
        if value is None:
            return Linked((), complete=False, stated=False)
        if _is_none(fact, value):
            return Linked((), complete=True, none=True)
        kind = kind_of_all(value)
        if kind is not None:
            return self._all(kind)
        found = (self._inventory.get(*target) for target in targets(fact, value))
        records = _ordered(linked for linked in found if linked is not None)
        members = len(value) if isinstance(value, list) else 1
        return Linked(records, complete=len(records) == members)

    def derived(self, record: Record, fact: Fact) -> Derived:
        """A derived fact: the union of a list fact over the record and its linked records."""
        members: dict[Any, None] = {}
        complete = True
        for name in fact.over:
            if name == SELF:
                sources: Iterable[Record] = (record,)
            else:
                linked = self._inventory.linked(record, name)
                complete = complete and linked.complete
                sources = linked.records
            for source in sources:
                known = self._list(source, str(fact.union))
                members.update(dict.fromkeys(known.members))
                complete = complete and known.complete
        return Derived(tuple(sorted(members)), complete)

    def unstated(self, kind: str, link: str) -> tuple[Record, ...]:
        """Records of a kind that leave a link open."""
        return tuple(self._index(kind, link).unstated)

    def _reverse(self, record: Record, fact: Fact) -> Linked:
        kind = str(fact.target)
        if fact.via is None:
            return self._all(kind)
        index = self._index(kind, fact.via)
        records = index.by_target.get((record.kind, record.id), [])
        for_all = index.by_kind.get(record.kind, [])
        found = _ordered([*records, *for_all]) if for_all else tuple(records)
        return Linked(found, complete=self._inventory.complete_on(kind) and not index.unstated)

    def _all(self, kind: str) -> Linked:
        records = tuple(self._inventory.iterate(kind))
        return Linked(records, complete=self._inventory.complete_on(kind))

    def _index(self, kind: str, link: str) -> _Backward:
        found = self._backward.get((kind, link))
        if found is None:
            fact = self._inventory.kinds[kind].facts[link]
            found = self._backward[(kind, link)] = _Backward()
            for record in self._inventory.iterate(kind):
                _take(found, record, fact)
        return found

    def _list(self, record: Record, name: str) -> Derived:
        """The known members of a list fact or derived fact of a record."""
        fact = self._inventory.kinds[record.kind].facts[name]
        if fact.type == "derived":
            return self._inventory.derived(record, name)
        value = record.get(name)
        if not isinstance(value, list):
            return Derived((), complete=False)
        known = tuple(member for member in value if member is not None)
        return Derived(known, complete=len(known) == len(value))


def _take(index: _Backward, record: Record, fact: Fact) -> None:
    value = record.get(fact.path)
    if value is None or (isinstance(value, list) and None in value):
        index.unstated.append(record)
    kind = kind_of_all(value)
    if kind is not None:
        index.by_kind.setdefault(kind, []).append(record)
    for target in dict.fromkeys(targets(fact, value)):
        index.by_target.setdefault(target, []).append(record)


def _is_none(fact: Fact, value: Any) -> bool:
    return fact.none and value == KNOWN_NONE


def _ordered(records: Iterable[Record]) -> tuple[Record, ...]:
    """Each record once, in the order of kind and id."""
    unique = {(record.kind, record.id): record for record in records}
    return tuple(unique[key] for key in sorted(unique))
