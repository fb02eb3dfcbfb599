"""Reads the sheets of a workbook (.xlsx)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.inventory.problems import Position
from compliance.inventory.scalars import LARGEST
from compliance.inventory.tables.cells import Cell
from compliance.inventory.tables.package import Package
from compliance.inventory.tables.raw import Sheet
from compliance.inventory.tables.scan import Extent, Scanned, scan

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


def workbook_sheets(data: bytes, name: str) -> Iterator[Sheet]:
    """The tables of a workbook, in its order.

    Args:
        data: the bytes of the file.
        name: its path, for positions.

    Raises:
        TableError: it cannot be read.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    package = Package(data, name)
    parts = package.sheets()
    package.check_others(frozenset(parts.values()))
    extent = Extent()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.name not in parts:
                raise package.damaged(about.name)
            place = Position(name, sheet=about.name)
            scanned = scan(package, parts[about.name], place, extent)
            sheet = workbook.get_sheet_by_name(about.name)
            yield Sheet(
                about.name,
                hidden=about.visible != SheetVisibleEnum.Visible,
                rows=_rows(sheet, scanned),
                place=_Places(name, about.name),
                merged=tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ()),
                hidden_rows=scanned.hidden_rows,
            )
    except CalamineError as error:
        raise package.damaged() from error


@dataclass(frozen=True, slots=True)
class _Places:
    """Names cells as workbooks do."""

    file: str
    sheet: str

    def __call__(self, row: int, column: int) -> Position:
        return Position(self.file, row + 1, column + 1, self.sheet)


def _rows(sheet: CalamineSheet, scanned: Scanned) -> list[list[Cell]]:
    # Columns are counted from the first filled one, rows from the top.
    before: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    known: dict[str, str] = {}
    rows = []
    for cells in sheet.iter_rows() if sheet.start else ():
        row = before + [_cell(cell, known) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    for (number, column), shown in scanned.errors.items():
        rows += [[] for _ in range(number + 1 - len(rows))]
        row = rows[number]
        row += [None] * (column + 1 - len(row))
        row[column] = shown
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(cell: Any, known: dict[str, str]) -> Cell:
    if cell.__class__ is str:
        # The same text stands in many cells, and is kept once.
        return known.setdefault(cell, cell) if cell else None
    if cell.__class__ is float and cell.is_integer() and abs(cell) <= LARGEST:
        return int(cell)
    value: Cell = cell
    return value
