"""Reads CSV files: UTF-8, columns between commas."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.inventory.problems import Position
from compliance.inventory.tables.cells import Cell
from compliance.inventory.tables.content import file_text
from compliance.inventory.tables.limits import (
    CELLS,
    COLUMNS,
    ROWS,
    TableError,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)
from compliance.inventory.tables.raw import Sheet

_SAVE_AS = "in Excel: File, Save as, CSV UTF-8 (comma delimited)"
_LOOKED_AT = 64 * 1024
"""Characters that are looked at to tell what stands between the columns."""
_LONGEST = 1_000_000
"""Characters of a cell; more is a quotation mark that was never closed."""
_QUOTED = re.compile(r'"[^"]*"')
_FIELD = re.compile(r'"(?:[^"]|"")*"[^,\r\n]*|[^,\r\n]*')


def csv_sheet(data: bytes, name: str, stem: str) -> Sheet:
    """The one table of a CSV file.

    Args:
        data: the bytes of the file.
        name: its path, for positions.
        stem: its name without the ending.

    Raises:
        TableError: it cannot be read.
    """
    text = file_text(data, name, _SAVE_AS)
    _check_separator(text, name)
    places = _Places(name, text, array("I"), array("I"))
    rows = list(_rows(text, places))
    while rows and not rows[-1]:
        rows.pop()
    return Sheet(stem, hidden=False, rows=rows, place=places)


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the line and the character at which a cell begins."""

    file: str
    text: str
    offsets: array[int]
    """Of the first character of each row."""
    lines: array[int]
    """On which each row begins, from 1."""

    def __call__(self, row: int, column: int) -> Position:
        if row >= len(self.offsets):
            return Position(self.file)
        offset = start = self.offsets[row]
        for _ in range(column):
            field = _FIELD.match(self.text, offset)
            end = field.end() if field else offset
            if self.text[end : end + 1] != ",":
                break
            offset = end + 1
        before = self.text[start:offset].replace("\r\n", "\n").replace("\r", "\n")
        inside = before.rpartition("\n")[2]
        return Position(self.file, self.lines[row] + before.count("\n"), len(inside) + 1)


def _rows(text: str, places: _Places) -> Iterator[list[Cell]]:
    """The rows of a text; takes down where each begins."""
    csv.field_size_limit(_LONGEST)
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    filled = 0
    known: dict[str, str] = {}
    while True:
        places.offsets.append(lines.offset)
        places.lines.append(lines.number + 1)
        row = len(places.offsets) - 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(error, places(row, 0)) from error
        if row >= ROWS:
            raise too_many_rows(places(row, 0))
        # The same text stands in many rows, and is kept once.
        cells: list[Cell] = [known.setdefault(field, field) if field else None for field in fields]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > COLUMNS:
            raise too_many_columns(places(row, COLUMNS))
        filled += len(cells) - cells.count(None)
        if filled > CELLS:
            raise too_many_cells(places(row, 0))
        yield cells


class _Lines:
    """The lines of a text with their ends, and how far they have been read."""

    def __init__(self, text: str) -> None:
        self._stream = io.StringIO(text, newline="")
        self.offset = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.offset += len(line)
        self.number += 1
        return line


def _broken(error: csv.Error, place: Position) -> TableError:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return TableError(
            place, "a quotation mark opens in this row and is never closed",
            'a second one at the end of the cell; inside it each " written twice',
        )  # fmt: skip
    return TableError(
        place, "a quotation mark stands inside a cell in this row",
        f'the cell in quotation marks and each " inside it written twice, or {_SAVE_AS}',
    )  # fmt: skip


def _check_separator(text: str, name: str) -> None:
    """Refuse columns between semicolons or tabs: read as commas, the table would be one column."""
    bare = _QUOTED.sub(_blanked, text[:_LOOKED_AT]).splitlines()
    number, line = next(
        ((number, line) for number, line in enumerate(bare, 1) if re.search("[,;\t]", line)),
        (1, ""),
    )
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        first, *others = line.split(",")
        if (mark in first and line.count(mark) > len(others)) or _hints_at(mark, line):
            raise TableError(
                Position(name, number, 1), f"{word} stand between the columns",
                f"commas: {_SAVE_AS}; where that gives {word} too, set the list separator of "
                "the computer's region to a comma, or save as Excel workbook (.xlsx)",
            )  # fmt: skip


def _blanked(match: re.Match[str]) -> str:
    """What stands in quotation marks, with nothing left but its lines."""
    return "".join(mark for mark in match[0] if mark == "\n")


def _hints_at(mark: str, line: str) -> bool:
    """Whether a first line such as ``sep=;`` names a mark as what stands between columns."""
    return line.lower() == f"sep={mark}"
