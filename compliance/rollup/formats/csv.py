"""A roll-up's first table, agencies by rule set, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from compliance.report.plain_cells import safe
from compliance.rollup.model import Rollup
from compliance.rollup.tables import Cell, agencies


def render(rollup: Rollup) -> Iterator[str]:
    """Yields the lines; the last columns say how to handle each and what it was made from."""
    table = agencies(rollup)
    stamp: tuple[Cell, ...] = (rollup.as_of, rollup.detail, rollup.marking or "")
    yield _line((*table.columns, "Roll-up as of", "Detail", "Marking of the roll-up"))
    for row in table.rows:
        yield _line((*row, *stamp))


def _line(cells: tuple[Cell, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_text(cell) for cell in cells])
    return text.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return safe("; ".join(cell))
    return str(cell) if isinstance(cell, int) else safe(cell)
