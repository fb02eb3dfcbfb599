"""Reads every file of an inventory by its format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from compliance.inventory.formats import JSON_LINES, NO_TABLES, READ, TABLES
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.reader import ReadError, Reading, read
from compliance.inventory.source import SourceFile

if TYPE_CHECKING:
    from compliance.inventory.tables.gathering import TableGatherer
    from compliance.inventory.tables.settings import TableSettings


class FileReader:
    """Reads files one after the other.

    Args:
        kinds: all kinds.
        settings: other names that tables and their columns go by.
        problems: takes what is wrong with the form of the files.
    """

    def __init__(
        self, kinds: Kinds, settings: TableSettings | None, problems: list[Problem]
    ) -> None:
        self._kinds = kinds
        self._settings = settings
        self._problems = problems
        self._tables: TableGatherer | None = None
        self.unread = False
        """Whether a file could not be read, so that records may be missing."""

    def sources(self, files: Iterable[Path]) -> list[SourceFile]:
        """What the files hold that can be read; all tables are one source, which comes last."""
        found = []
        for path in files:
            suffix = path.suffix.lower()
            if suffix in TABLES or suffix in NO_TABLES:
                self._table(path)
                continue
            reading = self._read(path, suffix)
            self._problems += reading.problems
            if reading.source is None:
                self.unread = True
            else:
                found.append(reading.source)
        tables = self._tables.source() if self._tables else None
        return found if tables is None else [*found, tables]

    def sheet_number(self, position: Position) -> int:
        """Which sheet of its workbook a place stands in, from 0; -1 outside of sheets."""
        sheets = self._tables.sheets if self._tables else {}
        return sheets.get((position.file, position.sheet), -1)

    def _read(self, path: Path, suffix: str) -> Reading:
        if suffix not in READ:
            message = "the format of the file is not known"
            place, expected = Position(path.as_posix()), f"a name in {', '.join(READ)}"
            return Reading(None, (Problem(place, "", message, expected),))
        if suffix != JSON_LINES:
            return read(path)
        # Imported only where there is such a file.
        from compliance.inventory.tables.json_lines import read_json_lines

        return read_json_lines(path, self._kinds)

    def _table(self, path: Path) -> None:
        # Imported only where there is a table.
        from compliance.inventory.tables.gathering import TableGatherer
        from compliance.inventory.tables.raw import read_tables
        from compliance.inventory.tables.settings import TableSettings

        if self._tables is None:
            settings = self._settings or TableSettings()
            self._tables = TableGatherer(self._kinds, settings, self._problems)
        before = len(self._problems)
        try:
            self._tables.file(read_tables(path))
        except ReadError as error:
            self._problems += error.problems
            self.unread = True
        # A sheet or a row that could not be read may hold what others refer to.
        self.unread |= any(problem.kind == ERROR for problem in self._problems[before:])
