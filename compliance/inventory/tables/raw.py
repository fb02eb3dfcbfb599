"""Reads workbooks and CSV files into plain rows of cells, and refuses what cannot be read safely.

Nothing is known here of kinds and facts: inventories, imports and filled-in questionnaires all
begin with these rows. Every file is looked through before its cells are read, so that what would
take up too much memory, or would only seem to be read, is refused with what to do about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.inventory.formats import NO_TABLES, TABLES
from compliance.inventory.problems import Position
from compliance.inventory.reader import ReadError
from compliance.inventory.tables.cells import Cell
from compliance.inventory.tables.content import file_bytes
from compliance.inventory.tables.limits import LARGEST_TEXT, LARGEST_WORKBOOK, TableError


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file."""

    name: str
    """Of the sheet; of a CSV file the name of the file without its ending."""
    hidden: bool
    rows: Sequence[Sequence[Cell]]
    """Trailing empty rows and cells are cut; row 0 is the first of the sheet. Empty cells are
    None, whole numbers int. A formula is its value, or its error such as ``#REF!``."""
    place: Callable[[int, int], Position]
    """The position of a cell by its row and column from 0."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Cells that are merged: first row and column, last row and column, all from 0."""
    hidden_rows: int = 0

    def position(self, row: int, column: int) -> Position:
        """Where a cell stands in the file.

        Args:
            row: from 0.
            column: from 0.
        """
        return self.place(row, column)


@dataclass(frozen=True, slots=True)
class RawTables:
    """All tables of a file."""

    path: str
    """As given, with ``/`` between its parts."""
    sha256: str
    """Digest of the file's bytes in hexadecimal."""
    sheets: tuple[Sheet, ...]
    """In the order of the file; charts are left out."""


def read_tables(path: Path) -> RawTables:
    """Read a workbook (``.xlsx``) or a CSV file.

    Args:
        path: the file.

    Raises:
        ReadError: it cannot be read, or is larger than what is read.
    """
    try:
        return _read(path)
    except TableError as error:
        raise ReadError((error.problem,)) from error


def _read(path: Path) -> RawTables:
    name, suffix = path.as_posix(), path.suffix.lower()
    if suffix in NO_TABLES:
        raise TableError(Position(name), *NO_TABLES[suffix])
    if suffix not in TABLES:
        raise TableError(Position(name), "this is no table", "a name in .xlsx or .csv")
    data = file_bytes(path, LARGEST_WORKBOOK if suffix == ".xlsx" else LARGEST_TEXT)
    digest = hashlib.sha256(data).hexdigest()
    # Either reader is imported only where a file of its format is read.
    if suffix == ".xlsx":
        from compliance.inventory.tables.workbook import workbook_sheets

        return RawTables(name, digest, tuple(workbook_sheets(data, name)))
    from compliance.inventory.tables.csv_text import csv_sheet

    return RawTables(name, digest, (csv_sheet(data, name, path.stem),))
