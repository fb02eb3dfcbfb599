"""Knows the rows with which the program's own workbooks explain how to fill them in.

They are left out without a word. Whoever writes a record over the example, and leaves the mark in
its first cell, must hear of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compliance.inventory.kinds import Fact
from compliance.inventory.tables.cells import BLANK, Cell, read_cell
from compliance.inventory.tables.columns import EXAMPLE, GUIDANCE, Column


def is_guidance(first: str) -> bool:
    """Whether a row explains what to enter, by its first cell."""
    return first.lstrip().startswith(GUIDANCE.rstrip())


def is_example(first: str) -> bool:
    """Whether a row is marked as the example, by its first cell."""
    return first.lstrip().startswith(EXAMPLE.rstrip())


def is_unchanged(cells: Sequence[Cell], columns: Mapping[int, Column], first: int) -> bool:
    """Whether an example row still shows what the schema gives as examples, or less.

    Args:
        cells: the row.
        columns: its facts, by the number of the column.
        first: the column with the mark.
    """
    for number, column in columns.items():
        cell = cells[number] if number < len(cells) else None
        if isinstance(cell, str) and number == first:
            cell = cell.lstrip().removeprefix(EXAMPLE.rstrip()).strip()
        if column.provenance is None and not _is_given(column.fact, cell):
            return False
    return True


def _is_given(fact: Fact, cell: Cell) -> bool:
    said = read_cell(fact, cell)
    return said == BLANK or said.value in (*fact.examples, _first(fact))


def _first(fact: Fact) -> object:
    """What stands for an example where the schema gives none."""
    if fact.type == "boolean":
        return True
    return fact.enum[0] if fact.enum else None
