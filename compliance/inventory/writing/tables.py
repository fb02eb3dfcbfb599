"""An inventory as tables: one a kind, one a list of objects; statements and answers have theirs.

The same tables become the sheets of a workbook and the text files of a folder. Reading them gives
back what was written: values, provenance, and the difference between nothing known and none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory import inheritance
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import Fact, Kind, Kinds
from compliance.inventory.scalars import LARGEST
from compliance.inventory.tables.cells import Written, write_cell
from compliance.inventory.tables.columns import (
    Column,
    columns_of,
    file_stem,
    folded,
    headings,
    list_columns,
    list_sheet_name,
    lists_of,
    sheet_name,
)
from compliance.inventory.tables.without_ids import WithoutIds, without_ids

Plain = Mapping[str, Any]
"""A record, a member of a list or a group, as an inventory file holds it."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind of thing."""

    name: str
    """Name of the sheet."""
    stem: str
    """Name of the text file, without its ending."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Written, ...], ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    """Titles of the groups that columns may belong to, by path."""
    about: str = ""
    """What a row of the table is."""
    owner: str = ""
    """For the members of a list: the name of the sheet whose records hold them."""


def tables_of(content: Plain, kinds: Kinds) -> tuple[Table, ...]:
    """The tables of an inventory, with the columns that occur.

    Args:
        content: the content of an inventory file.
        kinds: all kinds.

    Raises:
        ValueError: a value fails its schema, so that no cell can hold it.
    """
    found: list[Table] = []
    for kind in kinds.by_collection.values():
        held = content.get(kind.collection)
        records = [held] if isinstance(held, Mapping) else held
        if records:
            found += _tables_of_kind(kind, records)
    for table in without_ids():
        members = content.get(table.key)
        if members:
            found.append(_filled(_without_ids(table), [(None, each) for each in members]))
    return tuple(found)


def table_of(kind: Kind, facts: Iterable[Fact]) -> Table:
    """A table without rows, for some facts of a kind in the order given; the id comes first.

    Facts that nobody enters are passed over.
    """
    by_path = {column.fact.path: column for column in columns_of(kind)}
    paths = dict.fromkeys(["id", *(fact.path for fact in facts if fact.entered)])
    columns = _named(tuple(by_path[path] for path in paths), columns_of(kind))
    return Table(
        sheet_name(kind), file_stem(kind), columns, groups=kind.groups, about=kind.description
    )


def list_table(kind: Kind, fact: Fact) -> Table:
    """A table without rows, for the members of a list of objects."""
    columns = list_columns(kind, fact)
    return Table(
        list_sheet_name(kind, fact),
        file_stem(kind, fact),
        _named(columns, columns),
        about=f"{fact.question} One row for each, beginning with the id of its {kind.name}.",
        owner=sheet_name(kind),
    )


def statement_table() -> Table:
    """A table without rows, for statements of inheritance."""
    return next(_without_ids(each) for each in without_ids() if each.key == inheritance.KEY)


def _without_ids(table: WithoutIds) -> Table:
    return Table(table.sheet, table.key, table.columns, about=table.about)


def _tables_of_kind(kind: Kind, records: Sequence[Plain]) -> Iterator[Table]:
    lists = []
    for fact in lists_of(kind):
        members = [
            (str(record["id"]), member)
            for record in records
            for member in _members(_plain(_leaf(record, fact.path)))
        ]
        if members:
            lists.append(_filled(list_table(kind, fact), members))
    yield _filled(table_of(kind, (column.fact for column in columns_of(kind))), [
        (None, record) for record in records
    ])  # fmt: skip
    yield from lists


def _filled(table: Table, records: Sequence[tuple[str | None, Plain]]) -> Table:
    """A table with rows, and of its columns those that occur.

    Args:
        table: the table without rows.
        records: each with the id that its first cell holds, where it has none of its own.
    """
    columns = [*_occurring(table.columns, records)]
    rows = tuple(
        tuple(
            write_cell(column.cell_fact, owner)
            if owner is not None and column is columns[0]
            else _cell(column, record)
            for column in columns
        )
        for owner, record in records
    )
    return Table(
        table.name, table.stem, tuple(columns), rows, table.groups, table.about, table.owner
    )


def _occurring(
    columns: Sequence[Column], records: Sequence[tuple[str | None, Plain]]
) -> Iterator[Column]:
    yield columns[0]
    for column in columns[1:]:
        leaves = [_leaf(record, column.fact.path) for _, record in records]
        said = {key for leaf in leaves if _has_said(leaf) for key in leaf if key != VALUE}
        if said or any(_shows(column.fact, _plain(leaf)) for leaf in leaves):
            yield column
            yield from (each for each in column.said() if each.provenance in said)


def _shows(fact: Fact, value: Any) -> bool:
    """Whether a value needs a cell: not one that is absent, nor one that its own sheet holds."""
    if value is _ABSENT or (value is None and not fact.absent_none):
        return False
    return fact.items != "object" or not _members(value)


def _cell(column: Column, record: Plain) -> Written:
    leaf = _leaf(record, column.fact.path)
    if column.provenance is not None:
        said = leaf.get(column.provenance) if _has_said(leaf) else None
        return None if said is None else write_cell(column.cell_fact, said)
    value = _plain(leaf)
    if value is _ABSENT or (column.fact.items == "object" and _members(value)):
        return None
    return write_cell(column.fact, _whole(value))


def _whole(value: Any) -> Any:
    """A number without a fraction as a whole one, as cells hold it: the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return int(value)
    if isinstance(value, list):
        return [_whole(member) for member in value]
    return value


def _members(value: Any) -> Sequence[Plain]:
    """Members of a list of objects that its own sheet can hold; else the cell holds the list."""
    if not isinstance(value, list):
        return ()
    whole = all(isinstance(member, Mapping) and _says(member) for member in value)
    return value if whole else ()


def _says(member: Plain) -> bool:
    """Whether a member has anything to put into a row beside the id of its record."""
    return any(
        part is not None and (not isinstance(part, Mapping) or _says(part))
        for part in member.values()
    )


def _leaf(record: Plain, path: str) -> Any:
    """What stands at a path, with its provenance; absent below a group that is absent."""
    found: Any = record
    for step in path.split("."):
        if found is None:
            return None
        if not isinstance(found, Mapping) or step not in found:
            return _ABSENT
        found = found[step]
    return found


def _has_said(leaf: Any) -> bool:
    return isinstance(leaf, Mapping) and VALUE in leaf


def _plain(leaf: Any) -> Any:
    return leaf[VALUE] if _has_said(leaf) else leaf


def _named(columns: Sequence[Column], among: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns under headings that lead to them and to no other: the title, or the path."""
    known = headings(among)
    return tuple(
        column
        if all(known[folded(each.heading)] == each for each in (column, *column.said()))
        else Column(column.fact, column.path, column.path)
        for column in columns
    )
