"""A roll-up as a workbook: what it is on the first sheet, then a sheet for each table."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from compliance.report.plain_cells import safe
from compliance.rollup.model import Rollup
from compliance.rollup.tables import Cell, Table, tables
from compliance.rollup.words import HOW_TO_READ, NOTES, TITLE, headline

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_CREATED = datetime.datetime(2000, 1, 1)
"""Set in every workbook, so that the same roll-up gives the same bytes."""
_WIDEST = 60
_NARROWEST = 9


def render(rollup: Rollup) -> Iterator[bytes]:
    """Yields the workbook."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    made = tables(rollup)
    with Workbook(stream, options) as book:
        book.set_properties({"title": TITLE, "created": _CREATED})
        formats = {
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}
            ),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "link": book.add_format({"underline": 1, "font_color": "#174F86"}),
        }
        sheets = _sheet_names(made)
        _about(book, rollup, list(zip(made, sheets, strict=True)), formats)
        for table, name in zip(made, sheets, strict=True):
            _sheet(book, name, table, rollup, formats)
    yield stream.getvalue()


def _sheet_names(made: list[Table]) -> list[str]:
    """A name of at most 31 characters for each, none twice whatever its case."""
    names: list[str] = []
    for table in made:
        wanted = re.sub(r"[\[\]:*?/\\']", " ", table.name).replace("-", " ").capitalize()[:31]
        name, number = wanted, 1
        while name.casefold() in {one.casefold() for one in names}:
            number += 1
            name = f"{wanted[:27]} {number}"
        names.append(name)
    return names


def _about(
    book: Workbook,
    rollup: Rollup,
    made: list[tuple[Table, str]],
    formats: dict[str, Format],
) -> None:
    sheet = book.add_worksheet("About")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    _handled(sheet, rollup)
    sheet.write_string(0, 0, TITLE, formats["title"])
    lines = [("As of", rollup.as_of), ("Marking", rollup.marking or "none")]
    lines += [("Summary", headline(rollup)), ("How to read it", HOW_TO_READ)]
    if rollup.detail in NOTES:
        lines.append(("Detail", NOTES[rollup.detail]))
    for row, (name, text) in enumerate(lines, 2):
        sheet.write_string(row, 0, name, formats["head"])
        sheet.write_string(row, 1, safe(text), formats["cell"])
    start = len(lines) + 3
    for row, (table, name) in enumerate(made, start):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats["link"], safe(table.title))
        sheet.write_string(row, 1, safe(table.intro), formats["cell"])


def _sheet(
    book: Workbook, name: str, table: Table, rollup: Rollup, formats: dict[str, Format]
) -> None:
    sheet = book.add_worksheet(name)
    _handled(sheet, rollup)
    top = 1 if rollup.marking else 0
    if rollup.marking:
        sheet.write_string(0, 0, safe(rollup.marking))
    for column, heading in enumerate(table.columns):
        sheet.write_string(top, column, safe(heading), formats["head"])
        longest = max(len(_text(row[column])) for row in table.rows)
        width = min(max(longest, len(heading) // 2, _NARROWEST) + 1, _WIDEST)
        sheet.set_column(column, column, width)
    for number, row in enumerate(table.rows, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell, formats["cell"])
            else:
                sheet.write_string(number, column, _text(cell), formats["cell"])
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)


def _handled(sheet: object, rollup: Rollup) -> None:
    """The marking on every printed page."""
    marking = safe(rollup.marking or "").replace("&", "&&")[:200]
    sheet.set_landscape()  # type: ignore[attr-defined]
    sheet.fit_to_pages(1, 0)  # type: ignore[attr-defined]
    if marking:
        sheet.set_header(f"&C{marking}")  # type: ignore[attr-defined]
        sheet.set_footer(f"&C{marking}")  # type: ignore[attr-defined]


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return safe("; ".join(cell))
    return str(cell) if isinstance(cell, int) else safe(cell)
