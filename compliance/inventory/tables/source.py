"""The tables of an inventory as one source: plain values, and the cell of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.place import Steps
from compliance.inventory.problems import Position
from compliance.inventory.source import Path, SourceFile
from compliance.inventory.tables.rows import Row
from compliance.inventory.wording import Wording


class TableSource(SourceFile):
    """What the tables of all files of an inventory hold together.

    Args:
        value: lists of records by key, as an inventory file would hold them.
        rows: the row of each record, by key, in the order of its list.
        members: rows of the members of lists of objects, by the path of the list, by key and
            number of the record.
        digests: SHA-256 of each file in hexadecimal, by its path.
    """

    __slots__ = ("_digests", "_members", "_rows")

    def __init__(
        self,
        value: Mapping[str, Any],
        rows: Mapping[str, Sequence[Row]],
        members: Mapping[tuple[str, int], Mapping[str, Sequence[Row]]],
        digests: Mapping[str, str],
    ) -> None:
        super().__init__(next(iter(digests), ""), value)
        self._rows = rows
        self._members = members
        self._digests = digests

    @property
    def digests(self) -> Mapping[str, str]:
        """See :meth:`SourceFile.digests`."""
        return self._digests

    def position(self, path: Path = (), key: bool = False) -> Position:
        """See :meth:`SourceFile.position`; keys have no cells, so that it is always the value's."""
        del key
        found = self._row(path)
        return Position(self.path) if found is None else found[0].position(found[1])

    def refused(self, path: Path) -> Iterator[tuple[Steps, Wording]]:
        """See :meth:`SourceFile.refused`."""
        number = self._number(path)
        if number is None:
            return
        key = str(path[0])
        yield from self._rows[key][number].refused
        for name, rows in self._members.get((key, number), {}).items():
            for index, row in enumerate(rows):
                for steps, wording in row.refused:
                    yield (*name.split("."), index, *steps), wording

    def suspected(self) -> Iterator[tuple[Steps, str]]:
        """See :meth:`SourceFile.suspected`."""
        for key, rows in self._rows.items():
            for number, row in enumerate(rows):
                start = self._start(key, number)
                for steps, what in row.suspected:
                    yield (*start, *steps), what
        for (key, number), lists in self._members.items():
            for name, rows in lists.items():
                start = (*self._start(key, number), *name.split("."))
                for index, row in enumerate(rows):
                    for steps, what in row.suspected:
                        yield (*start, index, *steps), what

    def _start(self, key: str, number: int) -> Steps:
        return (key, number) if isinstance(self.value[key], list) else (key,)

    def _number(self, path: Path) -> int | None:
        """The number of the record that a path leads into; None where it leads into none."""
        key = path[0] if path else None
        if key not in self._rows:
            return None
        if not isinstance(self.value[key], list):
            return 0
        number = path[1] if len(path) > 1 else 0
        return number if isinstance(number, int) and number < len(self._rows[str(key)]) else None

    def _row(self, path: Path) -> tuple[Row, Steps] | None:
        """The row a path leads into, and the rest of the path."""
        number = self._number(path)
        if number is None:
            return None
        key = str(path[0])
        rest = tuple(path[2 if isinstance(self.value[key], list) else 1 :])
        names = [step for step in rest if step != VALUE]
        for at, step in enumerate(names):
            if isinstance(step, int):
                rows = self._members.get((key, number), {}).get(".".join(map(str, names[:at])), ())
                if step < len(rows):
                    return rows[step], tuple(names[at + 1 :])
                break
        return self._rows[key][number], rest
