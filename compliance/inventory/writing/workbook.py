"""Writes tables as a workbook that people fill in: explained, with drop-downs, the same each time.

Rows that explain begin with ``#`` in their first cell, so that readers leave them out.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from compliance.errors import UserError
from compliance.inventory.kinds import Kinds
from compliance.inventory.tables.cells import Written, cell_text
from compliance.inventory.tables.columns import ABOUT, EXAMPLE, GUIDANCE, LISTS, Column
from compliance.inventory.writing import guidance
from compliance.inventory.writing.cell_checks import is_share, validation
from compliance.inventory.writing.tables import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LARGEST_CELL = 32_767
"""Characters that a cell of a workbook holds."""
MOST_ROWS = 1_048_576
"""Rows that a sheet holds."""

_GROUPS, _HEADINGS, _GUIDANCE, _FIRST = range(4)
_CREATED = datetime.datetime(2000, 1, 1)
"""Workbooks carry a date; this one is no clock's."""
_TO_FILL_IN = 1_000
"""Rows below the records that offer drop-downs and checks."""
_DAY = "yyyy-mm-dd"
_NARROW, _WIDE = 14, 34
_LINE = 15
"""Height of a line of text, in points."""
_SMALL_LINE = 12
"""The same for the text of explanations."""
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "group": {"bold": True, "bg_color": "#D9E2F3", "font_color": "#1F2937"},
    "heading": {
        "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True,
        "valign": "top", "border": 1, "border_color": "#8EA9DB",
    },
    "guidance": {
        "bg_color": "#F2F2F2", "font_color": "#333333", "text_wrap": True, "valign": "top",
        "font_size": 9, "num_format": "@",
    },
    "example": {
        "italic": True, "bg_color": "#FFF2CC", "font_color": "#4A3B00", "valign": "top",
        "num_format": "@",
    },
    "text": {"num_format": "@", "valign": "top"},
    "wrapped": {"num_format": "@", "valign": "top", "text_wrap": True},
    "day": {"num_format": _DAY, "valign": "top"},
    "number": {"valign": "top"},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "about_heading": {"bold": True, "font_size": 12, "font_color": "#1F3864"},
    "about": {"text_wrap": True, "valign": "top"},
    "about_name": {"bold": True, "valign": "top"},
}  # fmt: skip
_ABOUT: tuple[tuple[str, str], ...] = (
    ("One row a record", "Each sheet lists one kind of record. Enter one on each row below the "
     "explanations. The id is short and lasting; other sheets name the record by it."),
    ("Leave blank what is not known", "A blank cell is not known. The report asks for it where a "
     "rule needs it. Never guess."),
    ("Say none where there is none", "The word none says that it is known that there is none, or "
     "that it never happened."),
    ("Several values", "Put ; between them, such as: network; email."),
    ("Yes and no, choices", "Cells with a fixed set of values offer them in a list. Where several "
     "may be chosen, the list gives the words; type them with ; between."),
    ("Dates", "Write them like 2026-11-23."),
    ("Rows that begin with #", "They explain, or show an example, and are not read. You may "
     "delete them. Columns may stand in any order, and those you do not need may go."),
    ("Persons", "Write ids or role titles, never names. Leave patient and client data out."),
)  # fmt: skip


class WorkbookError(UserError):
    """What a workbook cannot hold."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the sheet ``About`` says beside how to fill in the workbook."""

    title: str = "Inventory"
    lines: tuple[str, ...] = ()
    """Paragraphs below the title."""
    example: bool = False
    """Whether each sheet shows an example row."""


@dataclass(slots=True)
class _Book:
    """A workbook that is being written."""

    file: Workbook
    kinds: Kinds
    formats: dict[str, Format] = field(default_factory=dict)
    lists: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Columns of the sheet of lists, by the choices they hold."""

    def format(self, name: str) -> Format:
        if name not in self.formats:
            self.formats[name] = self.file.add_format(dict(_FORMATS[name]))
        return self.formats[name]

    def list_of(self, choices: tuple[str, ...]) -> str:
        """Where the choices of a drop-down stand, for those too long for the sheet itself."""
        column = self.lists.setdefault(choices, len(self.lists))
        from xlsxwriter.utility import xl_range_abs

        return f"={LISTS}!{xl_range_abs(0, column, len(choices) - 1, column)}"


def workbook(
    tables: Sequence[Table], kinds: Kinds, explanation: Explanation | None = None
) -> bytes:
    """The bytes of a workbook with a sheet for each table, the same for the same tables.

    Args:
        tables: what to write, in the order of the sheets.
        kinds: all kinds.
        explanation: what the sheet ``About`` says beside how to fill in.

    Raises:
        WorkbookError: a text is too long for a cell, or a table for a sheet.
    """
    # It takes a while to import, and only those who write a workbook need it.
    from xlsxwriter import Workbook

    explanation = explanation or Explanation()
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(stream, options) as file:
        file.set_properties({"title": explanation.title, "created": _CREATED})
        book = _Book(file, kinds)
        _about(book, tables, explanation)
        for table in tables:
            _sheet(book, table, explanation)
        _lists(book)
    return stream.getvalue()


def _about(book: _Book, tables: Sequence[Table], explanation: Explanation) -> None:
    sheet = book.file.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    sheet.hide_gridlines(2)
    row = 0
    sheet.write_string(row, 0, explanation.title, book.format("title"))
    for line in explanation.lines:
        row += 1
        sheet.merge_range(row, 0, row, 1, line, book.format("about"))
        sheet.set_row(row, _height(line, 125))
    sections = (
        ("How to fill in", _ABOUT),
        ("Sheets", [(table.name, table.about) for table in tables]),
        ("What some values mean", [*_meanings(tables)]),
    )
    for heading, lines in sections:
        if lines:
            row += 2
            sheet.write_string(row, 0, heading, book.format("about_heading"))
        for name, text in lines:
            row += 1
            sheet.write_string(row, 0, name, book.format("about_name"))
            sheet.write_string(row, 1, text, book.format("about"))
            sheet.set_row(row, _height(text, 100))


def _meanings(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    said = set()
    for table in tables:
        for _, value, meaning in guidance.meanings([c.fact for c in table.columns]):
            if value not in said:
                said.add(value)
                yield value, meaning


def _sheet(book: _Book, table: Table, explanation: Explanation) -> None:
    sheet = book.file.add_worksheet(table.name)
    _explained(book, sheet, table)
    first = _FIRST
    if explanation.example:
        _example(book, sheet, table)
        first += 1
    if first + len(table.rows) > MOST_ROWS:
        raise WorkbookError(
            f"{table.name} has {len(table.rows):,} rows, and a sheet of a workbook holds "
            f"{MOST_ROWS:,}. Write text files instead: name a folder."
        )
    last = first + len(table.rows) + _TO_FILL_IN
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, _width(table, number), book.format(_style(column)))
        area = (first, number, min(last, MOST_ROWS - 1), number)
        rule = validation(column, book.kinds, area, book.list_of)
        sheet.data_validation(*area, rule)
    for offset, cells in enumerate(table.rows):
        for number, cell in enumerate(cells):
            _put(book, sheet, table, (first + offset, number), cell)
    sheet.freeze_panes(_GUIDANCE, 1)


def _explained(book: _Book, sheet: Worksheet, table: Table) -> None:
    """The rows above the records: groups, headings, what to enter."""
    titles = ["#", *(table.groups.get(c.path.partition(".")[0], "") for c in table.columns[1:])]
    for title, run in groupby(range(len(titles)), key=titles.__getitem__):
        # Not merged: merged cells hinder sorting, filtering and moving columns.
        for position, number in enumerate(run):
            text = "" if position else title
            sheet.write_string(_GROUPS, number, text, book.format("group")) if text else (
                sheet.write_blank(_GROUPS, number, None, book.format("group"))
            )
    words = [guidance.guidance(column, book.kinds) for column in table.columns]
    if table.owner:
        words[0] = f"The id of a row of the sheet {table.owner}."
    words[0] = f"{GUIDANCE}{words[0]}"
    for number, column in enumerate(table.columns):
        sheet.write_string(_HEADINGS, number, column.heading, book.format("heading"))
        sheet.write_string(_GUIDANCE, number, words[number], book.format("guidance"))
    widths = [_width(table, number) for number in range(len(words))]
    lines = max(_lines(text, width) for text, width in zip(words, widths, strict=True))
    headings = max(_lines(c.heading, w) for c, w in zip(table.columns, widths, strict=True))
    sheet.set_row(_HEADINGS, _LINE * headings + 3)
    sheet.set_row(_GUIDANCE, min(_SMALL_LINE * lines + 3, 300))


def _example(book: _Book, sheet: Worksheet, table: Table) -> None:
    for number, column in enumerate(table.columns):
        cell = guidance.example(column.cell_fact)
        text = cell.isoformat() if isinstance(cell, datetime.date) else cell
        shown = "" if text is None else str(text)
        if number == 0:
            shown = f"{EXAMPLE}{shown}"
        sheet.write_string(_FIRST, number, shown, book.format("example"))


def _put(book: _Book, sheet: Worksheet, table: Table, at: tuple[int, int], cell: Written) -> None:
    column = table.columns[at[1]]
    if cell is None:
        return
    if isinstance(cell, str):
        if len(cell.encode("utf-16-le")) // 2 > LARGEST_CELL:
            raise WorkbookError(
                f"{table.name}: the text under {column.heading} of {table.rows[0][0]} is longer "
                f"than the {LARGEST_CELL:,} characters that a cell holds. Write YAML or JSON."
            )
        sheet.write_string(*at, cell, book.format("wrapped" if "\n" in cell else "text"))
    elif isinstance(cell, bool):
        if column.cell_fact.type == "boolean":
            sheet.write_string(*at, guidance.YES if cell else guidance.NO, book.format("text"))
        else:
            sheet.write_boolean(*at, cell)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(*at, cell, book.format("day"))
    elif float(f"{cell:.15G}") == cell:
        sheet.write_number(*at, cell, book.format("number"))
    else:
        # Workbooks keep fifteen digits of a number, and all of a text.
        sheet.write_string(*at, cell_text(cell), book.format("text"))


def _style(column: Column) -> str:
    fact = column.cell_fact
    if fact.type == "date":
        return "day"
    # A number cell would turn 95% into 0.95.
    return "number" if fact.type in ("integer", "number") and not is_share(fact) else "text"


def _lists(book: _Book) -> None:
    if not book.lists:
        return
    sheet = book.file.add_worksheet(LISTS)
    for choices, column in book.lists.items():
        for row, choice in enumerate(choices):
            sheet.write_string(row, column, choice)
    sheet.hide()


def _width(table: Table, number: int) -> int:
    column = table.columns[number]
    if number == 0:
        return 24
    fact = column.cell_fact
    plain = fact.type in ("boolean", "date", "integer", "number")
    longest = max((len(str(row[number])) for row in table.rows[:50] if row[number]), default=0)
    return max(_NARROW + (0 if plain else 8), min(longest + 2, _WIDE))


def _lines(text: str, width: int) -> int:
    return sum(-(-max(len(part), 1) // max(width - 2, 1)) for part in text.split("\n"))


def _height(text: str, width: int) -> int:
    return max(_LINE * _lines(text, width), _LINE) + 2
