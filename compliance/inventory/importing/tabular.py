"""Finds the table in each sheet of a workbook or CSV file: its headings and its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from compliance.inventory.importing.mapping import ImportMapping, heading_key
from compliance.inventory.importing.rows import SourceCell, SourceRow, SourceTable, SourceTables
from compliance.inventory.importing.values import text_of
from compliance.inventory.problems import NOTE, Problem, letters
from compliance.inventory.tables.raw import RawTables, Sheet

SEARCHED = 20
"""Rows from the top among which the headings are looked for."""


def tables_of(raw: RawTables, mapping: ImportMapping) -> SourceTables:
    """The tables of a file, one for each sheet that has headings the mapping knows.

    Args:
        raw: the file.
        mapping: knows the headings.
    """
    known = mapping.used() | mapping.personal | set(mapping.left) | set(mapping.checks)
    notes: list[Problem] = []
    tables = tuple(_found(raw.sheets, known, mapping.used(), notes))
    return SourceTables(raw.path.rpartition("/")[2], tables, tuple(notes))


def _found(
    sheets: tuple[Sheet, ...], known: frozenset[str], used: frozenset[str], notes: list[Problem]
) -> Iterator[SourceTable]:
    for sheet in sheets:
        header = _header(sheet, known, used)
        if header is None:
            if sheet.rows:
                notes.append(_note(sheet, 0, 0, "nothing is taken from this sheet"))
            continue
        if sheet.hidden:
            notes.append(_note(sheet, header, 0, "the sheet is hidden and was read all the same"))
        yield _table(sheet, header, notes)


def _header(sheet: Sheet, known: frozenset[str], used: frozenset[str]) -> int | None:
    """The row that holds most of the known headings, the first of several; None without any."""
    best, most = None, 0
    for number, row in enumerate(sheet.rows[:SEARCHED]):
        found = {heading_key(text_of(cell)) for cell in row}
        count = len(found & known)
        if count > most and found & used:
            best, most = number, count
    return best


def _table(sheet: Sheet, header: int, notes: list[Problem]) -> SourceTable:
    titles = [" ".join(text_of(cell).split()) for cell in sheet.rows[header]]
    counts = Counter(heading_key(title) for title in titles if title)
    headings: dict[str, str] = {}
    columns: dict[int, str] = {}
    for column, title in enumerate(titles):
        key = heading_key(title)
        if not title:
            continue
        if counts[key] > 1:
            message = f"the heading {title} stands {counts[key]} times, so that none is read"
            notes.append(_note(sheet, header, column, message))
            continue
        headings[key] = title
        columns[column] = key
    rows = []
    for number in range(header + 1, len(sheet.rows)):
        row = _row(sheet, number, columns)
        if row.cells:
            rows.append(row)
    notes.extend(_without_heading(sheet, header, titles))
    return SourceTable(sheet.name, headings, tuple(rows))


def _row(sheet: Sheet, number: int, columns: dict[int, str]) -> SourceRow:
    cells = {}
    row = sheet.rows[number]
    for column, key in columns.items():
        value = row[column] if column < len(row) else None
        if text_of(value):
            place = f"{sheet.name}!{letters(column + 1)}{number + 1}"
            cells[key] = SourceCell(value, sheet.position(number, column), place)
    return SourceRow(cells, sheet.position(number, 0))


def _without_heading(sheet: Sheet, header: int, titles: list[str]) -> Iterator[Problem]:
    told = set()
    for row in sheet.rows[header + 1 :]:
        for column, cell in enumerate(row):
            title = titles[column] if column < len(titles) else ""
            if not title and column not in told and text_of(cell):
                told.add(column)
    for column in sorted(told):
        yield _note(sheet, header, column, "the column has no heading and was not read")


def _note(sheet: Sheet, row: int, column: int, message: str) -> Problem:
    return Problem(sheet.position(row, column), "", message, kind=NOTE)
