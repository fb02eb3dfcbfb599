"""What every source is read into: tables of rows whose cells know where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compliance.inventory.importing.mapping import heading_key
from compliance.inventory.problems import Position, Problem
from compliance.inventory.tables.cells import Cell


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One value of the source."""

    value: Cell | tuple[SourceRow, ...]
    """None for an empty cell; rows where the source lists something below the row."""
    position: Position
    place: str
    """Where it stands within its file, for evidence: ``Inventory!D6``."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row."""

    cells: Mapping[str, SourceCell]
    """By heading key; a column the row does not reach is not there."""
    position: Position

    def get(self, heading: str) -> SourceCell | None:
        """The cell below a heading; None where there is none."""
        return self.cells.get(heading_key(heading))


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One sheet, or one list of a structured file."""

    name: str
    headings: Mapping[str, str]
    """Headings as they stand in the file, on one line, by heading key."""
    rows: Sequence[SourceRow]


@dataclass(frozen=True, slots=True)
class SourceTables:
    """A whole file."""

    file: str
    """Name of the file without its folders."""
    tables: tuple[SourceTable, ...]
    notes: tuple[Problem, ...] = field(default=())
    """What was passed over, such as a column without a heading."""
