"""Sheets of a workbook that look and print alike: marked, frozen, filtered, linked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from compliance.report.open_cells import Cell
from compliance.report.plain import neutral
from compliance.report.plain_cells import safe, safe_lines

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SUMMARY = "Summary"
MARKING_ROW, TITLE_ROW, NOTE_ROW, HEADING_ROW, FIRST_ROW = range(5)
"""Rows of every sheet that is a table."""
MOST_LINKS = 10_000
"""Links of one sheet: more of them make it slow, and a sheet holds 65,530."""
MOST_ROWS = 1_000_000
"""Rows of one table: a sheet holds 1,048,576."""
_LEAST = 2
"""Lines of a row that any column may ask for."""
_LINE, _TALLEST = 13.5, 400
"""Heights of a line of a table and of a row, in points: a row holds 409."""

_TABLE = {"valign": "top", "text_wrap": True, "font_size": 10}
_TONES = {
    "error": ("#E2D9F3", "#3D0A91"),
    "gap": ("#F8D7DA", "#7A1C25"),
    "unknown": ("#FFF3CD", "#5C4400"),
    "satisfied": ("#D1E7DD", "#0A3622"),
    "upcoming": ("#CFE2FF", "#052C65"),
    "not_applicable": ("#E9ECEF", "#41464B"),
    "critical": ("#7A1C25", "#FFFFFF"),
    "high": ("#F8D7DA", "#7A1C25"),
    "medium": ("#FFF3CD", "#5C4400"),
    "low": ("#E9ECEF", "#41464B"),
}
"""Background and text of a status or severity; the word always stands in the cell as well."""
_LINKED = " linked"
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "lines": {"border": 1, "border_color": "#D0D7DE"},
    "marking": {"bold": True, "font_color": "#9B1C1C"},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "note": {"font_color": "#41464B", "italic": True},
    "section": {"bold": True, "font_size": 13, "font_color": "#1F3864", "bottom": 1},
    "heading": {
        "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True,
        "valign": "top", "border": 1, "border_color": "#8EA9DB", "font_size": 10,
    },
    "text": {"valign": "top", "text_wrap": True},
    "name": {"valign": "top", "text_wrap": True, "bold": True},
    "digest": {"valign": "top", "font_name": "Courier New", "font_size": 9},
    "cell": _TABLE,
    "number": {**_TABLE, "num_format": "#,##0", "align": "center"},
    **{
        f"{name}{_LINKED}": {**_TABLE, "bg_color": back, "font_color": ink, "underline": 1}
        for name, (back, ink) in _TONES.items()
    },
    "link": {**_TABLE, "font_color": "#0B5394", "underline": 1, "num_format": "#,##0"},
    "plain_link": {"font_color": "#0B5394", "underline": 1, "valign": "top"},
    **{
        name: {**_TABLE, "bg_color": back, "font_color": ink, "num_format": "#,##0",
               "align": "center"}
        for name, (back, ink) in _TONES.items()
    },
}  # fmt: skip
TONES = frozenset(_TONES)
"""Words that colour a cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """Of the cells it holds."""
    title: str
    width: int
    """In characters."""
    toned: bool = False
    """Whether cells are coloured by the word they hold."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to another place of the workbook."""

    text: Cell
    sheet: str
    row: int
    """Counted from 0."""
    tone: str = ""
    """The word that colours it; none where empty."""


@dataclass(frozen=True, slots=True)
class Toned:
    """A text or number with the word that colours it."""

    text: Cell
    tone: str


Shown = Cell | Link | Toned
"""What a cell of a table shows."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a sheet shows."""

    title: str
    note: str
    """A sentence below the title."""
    columns: Sequence[Column]
    frozen: int = 1
    """Columns that stay in view."""
    printed: int | None = None
    """Columns that are printed; all where None."""


@dataclass(slots=True)
class Book:
    """A workbook that is being written."""

    file: Workbook
    marking: str
    subject: str
    """What the report is about, for headers: ``Agency as of 2026-11-23``."""
    versions: str
    """The policy versions, for footers."""
    _formats: dict[str, Format] = field(default_factory=dict)

    def format(self, name: str) -> Format:
        """The format of a style or tone."""
        if name not in self._formats:
            self._formats[name] = self.file.add_format(dict(_STYLES[name]))
        return self._formats[name]

    def add(self, name: str) -> Worksheet:
        """A sheet set up to be printed, marked on every page."""
        sheet = self.file.add_worksheet(name)
        marking = f"&B{_code(self.marking, 90)}&B\n" if self.marking else ""
        sheet.set_landscape()
        sheet.set_paper(1)
        sheet.set_margins(left=0.4, right=0.4, top=0.9, bottom=0.9)
        # All in the middle: parts beside each other would run into one another.
        sheet.set_header(f"&C{marking}{_code(self.subject, 90)} - &A")
        sheet.set_footer(f"&C{marking}{_code(self.versions, 90)} - page &P of &N")
        return sheet

    def table(self, sheet: Worksheet, table: Table, rows: Iterable[Mapping[str, Shown]]) -> int:
        """Fills a sheet with a table.

        Args:
            sheet: an empty one.
            table: what it is and its columns.
            rows: cells by the names of their columns; made while they are written.

        Returns:
            How many rows it has.
        """
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
        sheet.write_string(MARKING_ROW, 0, safe(self.marking), self.format("marking"))
        sheet.set_row(TITLE_ROW, 24)
        sheet.write_string(TITLE_ROW, 0, table.title, self.format("title"))
        home = f"internal:'{SUMMARY}'!A1"
        sheet.write_url(NOTE_ROW, 0, home, self.format("plain_link"), SUMMARY)
        note = f"{table.note} Print shows the first {table.printed} columns."
        note = note if table.printed else table.note
        sheet.write_string(NOTE_ROW, 1, note, self.format("note"))
        heads = max(len(wrap(one.title, one.width - 1)) for one in table.columns)
        sheet.set_row(HEADING_ROW, _LINE * heads + 3)
        for number, column in enumerate(table.columns):
            sheet.write_string(HEADING_ROW, number, safe(column.title), self.format("heading"))
        total = _Rows(self, sheet, table.columns, table.printed or len(table.columns)).write(rows)
        last = len(table.columns) - 1
        sheet.autofilter(HEADING_ROW, 0, max(HEADING_ROW + total, FIRST_ROW), last)
        # Lines between all cells, empty ones too, without writing those.
        lines = {"type": "formula", "criteria": "=TRUE", "format": self.format("lines")}
        sheet.conditional_format(FIRST_ROW, 0, max(HEADING_ROW + total, FIRST_ROW), last, lines)
        sheet.freeze_panes(FIRST_ROW, table.frozen)
        sheet.repeat_rows(MARKING_ROW, HEADING_ROW)
        sheet.fit_to_pages(1, 0)
        printed = (table.printed or len(table.columns)) - 1
        sheet.print_area(0, 0, max(HEADING_ROW + total, FIRST_ROW), printed)
        return total


@dataclass(slots=True)
class _Rows:
    """The rows of a table."""

    book: Book
    sheet: Worksheet
    columns: Sequence[Column]
    printed: int
    """Columns that rows are as high as; others are cut to it."""
    links: int = 0

    def write(self, rows: Iterable[Mapping[str, Shown]]) -> int:
        total = 0
        for cells in rows:
            if total == MOST_ROWS:
                text = "There are more; --format json lists them."
                self.sheet.write_string(FIRST_ROW + total, 0, text, self.book.format("cell"))
                break
            shown = [cells.get(column.name, "") for column in self.columns]
            # Not every program fits rows to their text by itself.
            heights = list(map(_lines, shown, self.columns))
            lines = max(*heights[: self.printed], min(max(heights), _LEAST))
            self.sheet.set_row(FIRST_ROW + total, min(_LINE * lines + 3, _TALLEST))
            for number, one in enumerate(shown):
                if one not in ("", ()):
                    self._cell(FIRST_ROW + total, number, self.columns[number], one)
            total += 1
        return total

    def _cell(self, row: int, number: int, column: Column, shown: Shown) -> None:
        if isinstance(shown, Link):
            if self.links < MOST_LINKS and written(shown.text):
                self.links += 1
                place = f"internal:'{shown.sheet}'!A{shown.row + 1}"
                style = f"{shown.tone}{_LINKED}" if shown.tone else "link"
                form = self.book.format(style)
                self.sheet.write_url(row, number, place, form, written(shown.text))
                if isinstance(shown.text, int):
                    # A link is a text; the number in its place keeps it, and sorts as one.
                    self.sheet.write_number(row, number, shown.text, form)
                return
            shown = shown.text
        style = "cell"
        if isinstance(shown, Toned):
            style, shown = shown.tone, shown.text
        elif column.toned and shown in TONES:
            style = str(shown)
        if isinstance(shown, int):
            name = "number" if style == "cell" else style
            self.sheet.write_number(row, number, shown, self.book.format(name))
        else:
            self.sheet.write_string(row, number, written(shown), self.book.format(style))


def written(cell: Cell) -> str:
    """A cell as text: several texts on lines of their own."""
    if isinstance(cell, tuple):
        return safe_lines(cell)
    return safe(str(cell))


def _lines(shown: Shown, column: Column) -> int:
    text = shown.text if isinstance(shown, Link | Toned) else shown
    if isinstance(text, int):
        return 1
    return sum(lines_of(one, column.width) for one in ((text,) if isinstance(text, str) else text))


def lines_of(text: str, width: int) -> int:
    """How many lines of a column a text takes, about."""
    return max(1, -(-len(text) // max(int(width * 1.2), 1)))


def _code(text: str, most: int) -> str:
    """A text in a header or footer, where ``&`` begins a code."""
    shown = neutral(" ".join(text.split()))
    codes = [char.replace("&", "&&") for char in shown]
    # Counted as workbooks count; a pair of ampersands stays together.
    sizes = list(accumulate(len(code.encode("utf-16-le")) // 2 for code in codes))
    fitting = bisect_right(sizes, most)
    cut = "" if fitting == len(codes) else "..."
    # A number after the code for bold would be a size.
    return f" {''.join(codes[:fitting])}{cut}"
