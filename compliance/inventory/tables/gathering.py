"""Gathers what the tables of an inventory say, whichever files they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import NOTE, Position, Problem, closest
from compliance.inventory.tables.columns import folded
from compliance.inventory.tables.headings import find_header
from compliance.inventory.tables.naming import NO_RECORDS, Names, Target, names_of
from compliance.inventory.tables.raw import RawTables, Sheet
from compliance.inventory.tables.rows import Row, RowReader
from compliance.inventory.tables.settings import DROP, KEY, TableSettings
from compliance.inventory.tables.source import TableSource

_COMPARISONS = 300_000
"""So many ids are compared in search of similar ones; after that there are no suggestions."""

_NAMED = 3
"""So many sheets are named in a note."""


class TableGatherer:
    """Takes in one file of tables after the other.

    Args:
        kinds: all kinds.
        settings: other names of sheets and columns.
        problems: takes problems and notes.
    """

    def __init__(self, kinds: Kinds, settings: TableSettings, problems: list[Problem]) -> None:
        self._names: Names = names_of(kinds)
        self._settings = settings
        self._problems = problems
        self._rows: dict[str, list[Row]] = {}
        self._lists: list[tuple[Target, list[Row]]] = []
        self._digests: dict[str, str] = {}
        self.sheets: dict[tuple[str, str | None], int] = {}
        """Number of each sheet in its file, by the file and the sheet's name."""
        self._comparisons = _COMPARISONS

    def file(self, tables: RawTables) -> None:
        """Take in all tables of a file."""
        self._digests[tables.path] = tables.sha256
        is_text = tables.path.lower().endswith(".csv")
        comments: dict[str, int] = {}
        for number, sheet in enumerate(tables.sheets):
            self.sheets[tables.path, sheet.name] = number
            target = self._target(sheet, is_text=is_text)
            if target is None or not sheet.rows:
                continue
            self._tell_hidden(sheet)
            header = find_header(sheet, target, self._settings, self._problems)
            if header is None:
                continue
            reader = RowReader(sheet, target, header, self._problems)
            self._take(target, list(reader.rows()))
            if reader.comments:
                comments[sheet.name] = reader.comments
        if comments:
            self._note(Position(tables.path), *_left_out(comments))

    def source(self) -> TableSource | None:
        """What all files hold together; None where there was none."""
        if not self._digests:
            return None
        members: dict[tuple[str, int], dict[str, list[Row]]] = {}
        for target, rows in self._lists:
            self._attach(target, rows, members)
        value: dict[str, Any] = {}
        singles = {target.key for target in self._names.targets if target.single}
        for key, rows in self._rows.items():
            if key in singles:
                value[key] = rows[0].said
                self._check_single(key, rows)
            else:
                value[key] = [row.said for row in rows]
        return TableSource(value, self._rows, members, self._digests)

    def _target(self, sheet: Sheet, *, is_text: bool) -> Target | None:
        """What the rows of a sheet are; None where it holds none to read."""
        said = self._settings.sheet(sheet.name)
        if said == DROP:
            return None
        place = (
            sheet.position(0, 0)
            if is_text
            else Position(sheet.position(0, 0).file, sheet=sheet.name)
        )
        name = sheet.name if said is None else said
        of_name = self._names.of_file if is_text and said is None else self._names.of_sheet
        target = of_name(name)
        if target is not None:
            return target
        if folded(sheet.name) in NO_RECORDS or not any(sheet.rows):
            return None
        if sheet.hidden and said is None:
            self._note(place, "hidden sheet", "it names no kind of record and is not read")
            return None
        what = "file" if is_text else "sheet"
        drop = f"{KEY}: {{sheets: {{'{sheet.name}': {DROP}}}}}"
        self._problems.append(
            Problem(
                place, "", f"the name of the {what}, {name}, names no kind of record"
                if said is None else f"the settings say that the {what} holds {name}, which is no "
                "kind of record",
                f"one of {', '.join(self._names.shown)}; or in compliance.yaml, where it is no "
                f"part of the inventory, {drop}",
                self._names.similar(name),
            )
        )  # fmt: skip
        return None

    def _take(self, target: Target, rows: list[Row]) -> None:
        if not rows:
            return
        if target.list is not None:
            self._lists.append((target, rows))
        else:
            self._rows.setdefault(target.key, []).extend(rows)

    def _attach(
        self, target: Target, rows: list[Row], members: dict[tuple[str, int], dict[str, list[Row]]]
    ) -> None:
        """Put the members of a list into the records they name."""
        records = self._rows.get(target.key, [])
        numbers: dict[str, int] = {}
        for index, record in enumerate(records):
            numbers.setdefault(record.name, index)
        path = target.list.path if target.list is not None else ""
        for row in rows:
            number = numbers.get(row.name)
            if number is None:
                self._no_record(target, row, list(numbers))
                continue
            lists = members.setdefault((target.key, number), {})
            if path not in lists and _held(records[number].said, path) is not None:
                self._both(target, row, records[number].position(tuple(path.split("."))))
                continue
            if not row.said:
                self._says_nothing(row)
                continue
            lists.setdefault(path, []).append(row)
            _append(records[number].said, path, row.said)

    def _no_record(self, target: Target, row: Row, known: Sequence[str]) -> None:
        kind = target.kind.name if target.kind else ""
        self._comparisons -= len(known)
        near = closest(row.name, known) if self._comparisons >= 0 else ""
        self._problems.append(
            Problem(
                row.position(), "", f"no table has a row of the {kind} {row.name}",
                "the id of a record that stands in a table; the list of a record in a YAML or "
                "JSON file stands there, too",
                near,
            )
        )  # fmt: skip

    def _both(self, target: Target, row: Row, place: Position) -> None:
        self._problems.append(
            Problem(
                row.position(), "",
                f"the list stands in the cell of its record already ({place})",
                f"the cell emptied, or the rows of {row.name} in {target.names[0]} removed",
            )
        )  # fmt: skip

    def _says_nothing(self, row: Row) -> None:
        self._problems.append(
            Problem(
                row.position(), "", "the row names its record and says nothing more",
                "at least one value beside the id, or the row emptied",
            )
        )  # fmt: skip

    def _check_single(self, key: str, rows: list[Row]) -> None:
        for row in rows[1:]:
            self._problems.append(
                Problem(
                    row.position(), key,
                    f"there is a row about {rows[0].name} already ({rows[0].position()})",
                    "one agency an inventory: check each agency's files by themselves",
                )
            )  # fmt: skip

    def _tell_hidden(self, sheet: Sheet) -> None:
        first = sheet.position(0, 0)
        place = Position(first.file, sheet=first.sheet)
        if sheet.hidden:
            self._note(place, "hidden sheet", "it is read like the others")
        if sheet.hidden_rows:
            rows = "1 row" if sheet.hidden_rows == 1 else f"{sheet.hidden_rows:,} rows"
            self._note(place, "hidden rows", f"{rows}, read like the others")

    def _note(self, place: Position, about: str, message: str) -> None:
        self._problems.append(Problem(place, about, message, kind=NOTE))


def _left_out(comments: Mapping[str, int]) -> tuple[str, str]:
    """Which rows were left out and why, by the sheets they stand in."""
    total = sum(comments.values())
    rows = "1 row that begins" if total == 1 else f"{total:,} rows that begin"
    names = list(comments)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    where = f"{', '.join(names[:_NAMED])}{more}"
    return f"{rows} with #", f"left out, as remarks ({where})"


def _held(record: dict[str, Any], path: str) -> Any:
    """The value of a list in a record, without its provenance."""
    found: Any = record
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found[VALUE] if isinstance(found, dict) and VALUE in found else found


def _append(record: dict[str, Any], path: str, member: dict[str, Any]) -> None:
    *groups, name = path.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    held = record.get(name)
    if isinstance(held, dict) and VALUE in held:
        record, name = held, VALUE
    if record.get(name) is None:
        record[name] = []
    record[name].append(member)
