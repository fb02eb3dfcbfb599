"""Looks through the XML of a sheet before its cells are read.

It finds how far the filled cells reach, because the reader of workbooks lays out all cells up to
the last one, and what that reader leaves out: errors of formulas, formulas that were never worked
out, hidden rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from compliance.inventory.problems import Position
from compliance.inventory.tables.formulas import ERRORS, NOT_CALCULATED
from compliance.inventory.tables.limits import (
    AREA,
    CELLS,
    COLUMNS,
    ROWS,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)
from compliance.inventory.tables.package import Package, check_counts, xml_parser

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Extent:
    """How far the sheets of a file reach together."""

    filled: int = 0
    """Cells that hold something."""
    area: int = 0
    """All cells between the first and the last of each sheet."""


@dataclass(slots=True)
class Scanned:
    """What was found in a sheet."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose formulas gave no value, by row and column from 0, with what they show."""
    hidden_rows: int = 0


def scan(package: Package, part: str, place: Position, extent: Extent) -> Scanned:
    """Look through a sheet.

    Args:
        package: the workbook.
        part: the part of the sheet.
        place: the sheet as a whole.
        extent: of the sheets before it; becomes that with this one.

    Raises:
        TableError: the sheet is larger than what is read, or is no sheet.
    """
    scanner = _Scanner(place, extent, package.size(part))
    parser = xml_parser()
    parser.ordered_attributes = True
    parser.StartElementHandler = scanner.start
    scanner.parser = parser
    try:
        for piece in package.pieces(part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise package.damaged(place.sheet) from error
    scanner.finish()
    return scanner.found


class _Scanner:
    def __init__(self, place: Position, extent: Extent, size: int) -> None:
        self.found = Scanned()
        self.parser: expat.XMLParserType
        self._place = place
        self._extent = extent
        self._size = size
        self._row = -1
        self._column = -1
        self._filled = False
        self._kind = ""
        self._formula = False
        self._text: list[str] = []
        self._corners = [ROWS, COLUMNS, -1, -1]

    def start(self, tag: str, attributes: list[str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if name == "c":
            self._close()
            self._cell(attributes)
        elif name in ("v", "is"):
            self._fill()
        elif name == "f":
            self._formula = self._column >= 0
            self._fill()
        elif name == "row":
            self._close()
            self._new_row(attributes)
        else:
            check_counts(dict(zip(attributes[::2], attributes[1::2], strict=True)), self._size)

    def finish(self) -> None:
        """The sheet has ended."""
        self._close()
        top, left, bottom, right = self._corners
        if bottom >= 0:
            self._extent.area += (bottom - top + 1) * (right - left + 1)
        if self._extent.area > AREA:
            raise too_many_cells(self._place)

    def _new_row(self, attributes: list[str]) -> None:
        self._row += 1
        self._column = -1
        for number in range(0, len(attributes), 2):
            value = attributes[number + 1]
            if attributes[number] == "r":
                self._row = int(value) - 1
            elif attributes[number] == "hidden" and value in ("1", "true"):
                self.found.hidden_rows += 1

    def _cell(self, attributes: list[str]) -> None:
        self._column += 1
        for number in range(0, len(attributes), 2):
            if attributes[number] == "r":
                match = _REFERENCE.fullmatch(attributes[number + 1])
                if match is None:
                    raise ValueError(attributes[number + 1])
                self._column = _number(match[1])
                self._row = int(match[2]) - 1
            elif attributes[number] == "t":
                self._kind = attributes[number + 1]

    def _fill(self) -> None:
        """The cell holds something."""
        if not self._filled and self._column >= 0:
            self._filled = True
            self._count()
        if self._formula or self._kind == "e":
            self._text.clear()
            self.parser.CharacterDataHandler = self._text.append

    def _count(self) -> None:
        row, column = self._row, self._column
        if row >= ROWS:
            raise too_many_rows(self._at(row, column))
        if column >= COLUMNS:
            raise too_many_columns(self._at(row, column))
        top, left, bottom, right = self._corners
        self._corners = [min(top, row), min(left, column), max(bottom, row), max(right, column)]
        self._extent.filled += 1
        if self._extent.filled > CELLS:
            raise too_many_cells(self._place)

    def _close(self) -> None:
        """The cell before has ended."""
        if self._formula or self._kind == "e":
            text = "".join(self._text).strip()
            if self._kind == "e":
                shown = text if text in ERRORS else "#VALUE!"
                self.found.errors[self._row, self._column] = shown
            elif not text and self._kind != "str":  # A text may be empty.
                self.found.errors[self._row, self._column] = NOT_CALCULATED
        if self._text or self._formula or self._kind:
            self.parser.CharacterDataHandler = None
            self._text.clear()
            self._formula = False
            self._kind = ""
        self._filled = False

    def _at(self, row: int, column: int) -> Position:
        return Position(self._place.file, row + 1, column + 1, self._place.sheet)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
