"""Turns the rows of a table into records, and takes down what must not go unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.personal_data import suspects
from compliance.inventory.place import Steps
from compliance.inventory.problems import NOTE, Position, Problem
from compliance.inventory.tables.cells import Cell, CellValue, read_cell
from compliance.inventory.tables.columns import EXAMPLE, Column
from compliance.inventory.tables.headings import COMMENT, Header
from compliance.inventory.tables.naming import Target
from compliance.inventory.tables.own_rows import is_example, is_guidance, is_unchanged
from compliance.inventory.tables.raw import Sheet
from compliance.inventory.wording import Wording, expectation

_KEPT = 10_000
"""Different cells of a column whose reading is kept: most columns repeat few values."""
_LONG_NUMBER = 10**11
"""From here on a number may be that of a card."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the facts of a table's rows stand."""

    place: Callable[[int, int], Position]
    columns: Mapping[Steps, int]
    """Column from 0 by the keys that lead to the fact, or to a word on its source."""
    steps: Mapping[int, Steps]
    """The same the other way round."""
    identity: int
    """The column that stands for the row as a whole."""


@dataclass(slots=True)
class Row:
    """One row with what it says."""

    grid: Grid
    number: int
    """From 0."""
    name: str
    """What its first column says: the id of a record."""
    said: dict[str, Any]
    """The record, or the member of a list, as an inventory file would hold it."""
    refused: list[tuple[Steps, Wording]] = field(default_factory=list)
    """Cells that cannot be used, by the keys that lead to the fact."""
    suspected: list[tuple[Steps, str]] = field(default_factory=list)
    """What looks like personal data, by the keys that lead to it."""

    def position(self, path: Steps = ()) -> Position:
        """Where the value at a path below the row stands, or what stands for the row."""
        names = tuple(step for step in path if isinstance(step, str) and step != VALUE)
        for length in range(len(names), 0, -1):
            column = self.grid.columns.get(names[:length])
            if column is not None:
                return self.grid.place(self.number, column)
        return self.grid.place(self.number, self.grid.identity)


class RowReader:
    """Reads the rows of one table.

    Args:
        sheet: the table.
        target: what its rows are.
        header: its headings.
        problems: takes problems and notes.
    """

    def __init__(
        self, sheet: Sheet, target: Target, header: Header, problems: list[Problem]
    ) -> None:
        self._sheet = sheet
        self._target = target
        self._header = header
        self._problems = problems
        self._columns = sorted(header.columns.items())
        self._identity = header.identity or 0
        self._first = min((*header.columns, *header.dropped))
        self._known: dict[int, dict[tuple[type, Cell], CellValue]] = {
            number: {} for number in header.columns
        }
        self._notes: dict[tuple[int, str], list[int]] = {}
        self._unnamed: set[int] = set()
        self.comments = 0
        """Rows that were left out because a person began them with ``#``."""

    def rows(self) -> Iterator[Row]:
        """The rows that say something."""
        steps = {number: _steps(column) for number, column in self._columns}
        columns = {path: number for number, path in steps.items()}
        grid = Grid(self._sheet.place, columns, steps, self._identity)
        for number in range(self._header.row + 1, len(self._sheet.rows)):
            cells = self._sheet.rows[number]
            if not any(map(_says, cells)):
                continue
            first = cells[self._first] if self._first < len(cells) else None
            if isinstance(first, str) and first.lstrip().startswith(COMMENT):
                self._leave_out(first, cells, number)
                continue
            self._check_unnamed(cells, number)
            row = self._row(grid, number, cells)
            if row is not None:
                yield row
        self._tell_notes()

    def _leave_out(self, first: str, cells: Sequence[Cell], number: int) -> None:
        """Leave out a row that begins with ``#``; only what a person wrote is worth a word."""
        if is_guidance(first):
            return
        if not is_example(first):
            self.comments += 1
        elif not is_unchanged(cells, self._header.columns, self._first):
            self._problems.append(
                Problem(
                    self._sheet.position(number, self._first), "example row",
                    "it was changed, and it is no record while it begins with #",
                    f"{EXAMPLE.rstrip()} removed from its first cell, if it is a record now; the "
                    "row deleted, if not",
                    kind=NOTE,
                )
            )  # fmt: skip

    def _row(self, grid: Grid, number: int, cells: Sequence[Cell]) -> Row | None:
        row = Row(grid, number, "", {})
        provenance: dict[Steps, dict[str, Any]] = {}
        columns = self._header.columns
        for column_number, raw in enumerate(cells):
            if raw is None or column_number not in columns:
                continue
            column = columns[column_number]
            value = self._cell(column_number, column, raw, number)
            steps = grid.steps[column_number]
            if value.wrong is not None:
                row.refused.append((steps, _hidden(value.wrong, column)))
            elif column.provenance is None and value.stated:
                _put(row.said, steps, value.value)
            elif value.value is not None:
                provenance.setdefault(steps[:-1], {})[str(steps[-1])] = value.value
        for steps, said in provenance.items():
            _put(row.said, steps, {VALUE: _at(row.said, steps), **said})
        if not self._take_name(row):
            return None
        row.suspected += _suspected(row.said, cells)
        return row

    def _take_name(self, row: Row) -> bool:
        """Take the name of a row; without one the row cannot be used."""
        column = self._target.identity
        key = column.fact.path
        name = row.said.get(key)
        if self._target.list is not None:
            row.said.pop(key, None)
        if isinstance(name, str):
            row.name = name
            return True
        wording = dict(row.refused).get((key,)) or Wording(
            f"the row has values, and nothing under {column.heading} that names its record",
            "the id of the record; or the row emptied, or begun with # where it is no record",
        )
        self._problems.append(
            Problem(row.position(), "", wording.message, wording.expected, wording.suggestion)
        )
        return False

    def _cell(self, number: int, column: Column, raw: Cell, row: int) -> CellValue:
        known = self._known[number]
        key = (raw.__class__, raw)
        value = known.get(key)
        if value is None:
            value = read_cell(column.cell_fact, raw)
            if len(known) < _KEPT:
                known[key] = value
        if value.note:
            self._notes.setdefault((number, value.note), []).append(row)
        return value

    def _check_unnamed(self, cells: Sequence[Cell], row: int) -> None:
        """Tell of the first cell of each column that holds something below no heading."""
        if len(cells) == len(self._columns):
            return
        for number, cell in enumerate(cells):
            if (
                number in self._header.columns
                or number in self._header.dropped
                or number in self._unnamed
                or not _says(cell)
            ):
                continue
            self._unnamed.add(number)
            self._problems.append(
                Problem(
                    self._sheet.position(row, number), "",
                    "there is a value in a column without a heading",
                    "a heading above it, or the column emptied",
                )
            )  # fmt: skip

    def _tell_notes(self) -> None:
        for (number, note), rows in self._notes.items():
            cells = f" in {len(rows):,} cells of this column" if len(rows) > 1 else ""
            self._problems.append(
                Problem(
                    self._sheet.position(rows[0], number),
                    f'column "{self._header.columns[number].heading}"',
                    f"{note}{cells}",
                    "a blank cell where nothing is known, else the value as it is meant",
                    kind=NOTE,
                )
            )
        self._tell_merged()

    def _tell_merged(self) -> None:
        for top, left, bottom, right in self._sheet.merged:
            named = any(left <= number <= right for number in self._header.columns)
            if top > self._header.row and named:
                self._problems.append(
                    Problem(
                        self._sheet.position(top, left), "merged cells",
                        "their value counts for the first cell alone, and the others "
                        f"(to {self._sheet.position(bottom, right)}) are unknown",
                        "the cells unmerged, and the value in each that it holds for",
                        kind=NOTE,
                    )
                )  # fmt: skip
                return


def _steps(column: Column) -> Steps:
    steps = tuple(column.fact.path.split("."))
    return steps if column.provenance is None else (*steps, column.provenance)


def _says(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or not cell.isspace())


def _put(record: dict[Any, Any], steps: Steps, value: Any) -> None:
    for group in steps[:-1]:
        record = record.setdefault(group, {})
    record[steps[-1]] = value


def _at(record: Mapping[str, Any], steps: Steps) -> Any:
    found: Any = record
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _hidden(wording: Wording, column: Column) -> Wording:
    """Words that do not name a value that must not appear."""
    if not column.fact.sensitive:
        return wording
    return Wording("the cell cannot be used", expectation(column.cell_fact))


def _suspected(said: Mapping[str, Any], cells: Sequence[Cell]) -> Iterator[tuple[Steps, str]]:
    """What looks like personal data in a row; most rows are settled by one look at them all."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    texts += [str(cell) for cell in cells if isinstance(cell, int) and cell >= _LONG_NUMBER]
    if any(suspects("\n".join(texts))):
        yield from _within(said, ())


def _within(value: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _within(inner, (*steps, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _within(inner, (*steps, index))
    elif isinstance(value, str | int | float):
        for suspect in suspects(str(value)):
            yield steps, suspect.what
