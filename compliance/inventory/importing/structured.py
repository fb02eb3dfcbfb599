"""Makes rows of files that are no tables, each cell with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compliance.inventory.importing.mapping import heading_key
from compliance.inventory.importing.rows import SourceCell, SourceRow, SourceTable, SourceTables
from compliance.inventory.source import Path, SourceFile, dotted


class Columns:
    """Gathers the cells of one row.

    Args:
        source: the file they come from.
    """

    def __init__(self, source: SourceFile) -> None:
        self.headings: dict[str, str] = {}
        self.cells: dict[str, SourceCell] = {}
        self._source = source

    def add(self, heading: str, value: Any, path: Path, place: str = "") -> None:
        """Adds a cell; an empty one has a heading all the same.

        Args:
            heading: the column.
            value: text, number, truth value, or rows; anything else is left out.
            path: where it stands in the file.
            place: the same in the words of the source, for evidence; by default the path.
        """
        key = heading_key(heading)
        self.headings.setdefault(key, heading)
        if not isinstance(value, str | int | float | tuple) or value in ("", ()):
            return
        cell = SourceCell(value, self._source.position(path), place or dotted(path))
        self.cells.setdefault(key, cell)

    def row(self, path: Path = ()) -> SourceRow:
        """The row, which stands at a path."""
        return SourceRow(self.cells, self._source.position(path))


def table(name: str, rows: Iterable[tuple[Columns, Path]]) -> SourceTable:
    """A table of rows, with all headings that any of them has."""
    headings: dict[str, str] = {}
    made = []
    for columns, path in rows:
        headings |= {key: each for key, each in columns.headings.items() if key not in headings}
        made.append(columns.row(path))
    return SourceTable(name, headings, tuple(made))


def single_row(source: SourceFile, name: str, columns: Columns) -> SourceTables:
    """A file with one table of one row."""
    return SourceTables(file_name(source), (table(name, [(columns, ())]),))


def file_name(source: SourceFile) -> str:
    """Name of a file without its folders."""
    return source.path.rpartition("/")[2]


def said(value: Any) -> str:
    """A text without blanks at its ends; empty for what is no text."""
    return value.strip() if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; empty for what is no list. Other members become empty mappings."""
    return [mapping(member) for member in value] if isinstance(value, list) else []
