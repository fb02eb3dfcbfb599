"""Tells by the name of a sheet or a file what its rows are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.inventory.kinds import AGENCY, Fact, Kind, Kinds
from compliance.inventory.problems import closest
from compliance.inventory.tables.columns import (
    ABOUT,
    LISTS,
    Column,
    columns_of,
    folded,
    list_columns,
    list_sheet_name,
    lists_of,
    sheet_name,
)
from compliance.inventory.tables.without_ids import without_ids

NO_RECORDS = frozenset((folded(ABOUT), folded(LISTS)))
"""Sheets, by their folded names, that hold no records in any workbook."""
_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What the rows of a table are."""

    key: str
    """Key of inventory files that lists them, such as ``systems``."""
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    """What the table may be called; the first is the name of its sheet."""
    kind: Kind | None = None
    """Kind of the records; None for statements of inheritance and answers."""
    list: Fact | None = None
    """The list of objects whose members the rows are; None for records."""

    @property
    def identity(self) -> Column:
        """The column without which there is no table: the id of the record."""
        return self.columns[0]

    @property
    def single(self) -> bool:
        """Whether there is one record at most."""
        return self.kind is not None and self.kind.name == AGENCY and self.list is None


class Names:
    """The names of all tables.

    Args:
        kinds: all kinds.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._targets: dict[str, Target] = {}
        self._shown: list[str] = []
        self.targets = tuple(_targets(kinds))
        """What the rows of tables may be."""
        for target in self.targets:
            if target.list is None:
                self._shown.append(target.names[0])
            for name in target.names:
                self._targets.setdefault(folded(name), target)

    def of_sheet(self, name: str) -> Target | None:
        """What the rows of a sheet are; None where its name says nothing."""
        return self._targets.get(folded(name))

    def of_file(self, stem: str) -> Target | None:
        """What the rows of a text file are, by its name without the ending.

        More words may follow behind a hyphen, an underscore or a blank: ``devices-east``.
        """
        ends = [len(stem), *(match.start() for match in reversed([*_WORDS.finditer(stem)]))]
        found = (self._targets.get(folded(stem[:end])) for end in ends)
        return next((target for target in found if target is not None), None)

    def similar(self, name: str) -> str:
        """The name of a sheet that was probably meant."""
        by_fold = {folded(target.names[0]): target.names[0] for target in self.targets}
        return by_fold.get(closest(folded(name), by_fold), "")

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the sheets of records, in the order of the kinds."""
        return tuple(self._shown)


def names_of(kinds: Kinds) -> Names:
    """The names of all tables, worked out once."""
    if (__name__, "") not in kinds.worked_out:
        kinds.worked_out[__name__, ""] = Names(kinds)
    names: Names = kinds.worked_out[__name__, ""]
    return names


def _targets(kinds: Kinds) -> Iterator[Target]:
    entered = [kinds[name] for name in kinds if not kinds[name].read_only]
    for kind in entered:
        own = (sheet_name(kind), kind.collection, kind.name, kind.title)
        yield Target(kind.collection, columns_of(kind), own, kind)
    for table in without_ids():
        yield Target(table.key, table.columns, (table.sheet, table.key))
    for kind in entered:
        for fact in lists_of(kind):
            paths = (f"{kind.collection}.{fact.path}", f"{kind.name}.{fact.path}")
            names = (list_sheet_name(kind, fact), *paths)
            yield Target(kind.collection, list_columns(kind, fact), names, kind, fact)
