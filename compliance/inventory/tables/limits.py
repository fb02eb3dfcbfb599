"""How large tables may be, and the error of a table that cannot be read."""

from __future__ import annotations

from compliance.inventory.problems import Position, Problem

ROWS = 200_000
"""Rows a table may have: twice the largest fleet of devices that was planned for."""
COLUMNS = 2_000
"""Columns a table may have: the largest kind has 270 facts, each with five words on its source."""
CELLS = 5_000_000
"""Filled cells a file may have: about 500 MB of memory."""
AREA = 10_000_000
"""Cells between a file's first and last ones, empty ones included: a workbook's reader lays them
all out, 32 bytes each."""
LARGEST_WORKBOOK = 64 * 1024 * 1024
"""Bytes of a workbook's file, which is compressed."""
UNPACKED = 384 * 1024 * 1024
"""Bytes of a workbook's parts when they are unpacked: five million cells of text."""
LARGEST_TEXT = 128 * 1024 * 1024
"""Bytes of a CSV file or one of JSON lines, which is kept in memory for the places of its cells."""


class TableError(Exception):
    """A table that cannot be read.

    Attributes:
        problem: what is wrong with it.
    """

    def __init__(
        self, position: Position, message: str, expected: str, suggestion: str = ""
    ) -> None:
        self.problem = Problem(position, "", message, expected, suggestion)
        super().__init__(str(self.problem))


def too_many_rows(position: Position) -> TableError:
    """The error of a row past the last that is read."""
    return TableError(
        position,
        f"there are more than {ROWS:,} rows",
        "the table split into several files of the kind, such as devices-east.csv and "
        "devices-west.csv; where nothing is to be seen so far down, the rows deleted",
    )


def too_many_columns(position: Position) -> TableError:
    """The error of a column past the last that is read."""
    return TableError(
        position,
        f"there are more than {COLUMNS:,} columns",
        "the columns to the right deleted, where nothing is to be seen in them",
    )


def too_many_cells(position: Position) -> TableError:
    """The error of a file with too many cells."""
    return TableError(
        position,
        f"the file has more than {CELLS:,} filled cells, or {AREA:,} with empty ones between them",
        "the table split into several files of the kind, or saved as CSV UTF-8 (comma delimited); "
        "where nothing is to be seen far from it, the rows and columns there deleted",
    )
