"""An inventory kept in memory."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from compliance.inventory.answers import Answer
from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.links import Links
from compliance.inventory.problems import Problem
from compliance.inventory.store import Derived, Inventory, Linked, Record


class MemoryInventory(Inventory):
    """An inventory whose records all fit into memory.

    Args:
        kinds: all kinds.
        as_of: date of the assessment.
        records: records with ids unique within their kinds, exactly one of them the agency's.
    """

    def __init__(self, kinds: Kinds, as_of: datetime.date, records: Iterable[Record]) -> None:
        self.kinds = kinds
        self.as_of = as_of
        self.inheritance: tuple[InheritanceStatement, ...] = ()
        self.digests: Mapping[str, str] = {}
        self.wrong_values: tuple[Problem, ...] = ()
        self.answers: tuple[Answer, ...] = ()
        self._records: dict[str, dict[str, Record]] = {}
        for record in sorted(records, key=lambda record: (record.kind, record.id)):
            self._records.setdefault(record.kind, {})[record.id] = record
        (self.agency,) = self._records[AGENCY].values()
        self._links = Links(self)

    def add(self, records: Iterable[Record]) -> None:
        """Take in records of other files, such as a plan's, before anything is asked."""
        added = [*self.iterate(), *records]
        self._records = {}
        for record in sorted(added, key=lambda record: (record.kind, record.id)):
            self._records.setdefault(record.kind, {})[record.id] = record
        self._links = Links(self)

    def iterate(self, kind: str | None = None) -> Iterator[Record]:
        """See :meth:`Inventory.iterate`."""
        if kind is not None:
            yield from self._records.get(kind, {}).values()
            return
        for records in self._records.values():
            yield from records.values()

    def get(self, kind: str, id: str) -> Record | None:
        """See :meth:`Inventory.get`."""
        return self._records.get(kind, {}).get(id)

    def count(self, kind: str) -> int:
        """See :meth:`Inventory.count`."""
        return len(self._records.get(kind, {}))

    def linked(self, record: Record, name: str) -> Linked:
        """See :meth:`Inventory.linked`."""
        return self._links.linked(record, self.kinds[record.kind].facts[name])

    def derived(self, record: Record, name: str) -> Derived:
        """See :meth:`Inventory.derived`."""
        return self._links.derived(record, self.kinds[record.kind].facts[name])

    def unstated(self, kind: str, link: str) -> tuple[Record, ...]:
        """See :meth:`Inventory.unstated`."""
        return self._links.unstated(kind, link)
