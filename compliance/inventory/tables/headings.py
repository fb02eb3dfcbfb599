"""Finds the row of headings of a table, and the fact of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compliance.inventory.problems import Position, Problem, closest
from compliance.inventory.tables.cells import Cell
from compliance.inventory.tables.columns import Column, folded, headings
from compliance.inventory.tables.naming import Target
from compliance.inventory.tables.raw import Sheet
from compliance.inventory.tables.settings import DROP, KEY, TableSettings

LOOKED_AT = 20
"""Rows in which the headings are looked for: titles, explanations and groups may stand above."""
COMMENT = "#"
"""A row whose first filled cell begins with it is no record."""
_SHOWN = 5


@dataclass(slots=True)
class Header:
    """The headings of a table."""

    row: int
    """From 0."""
    columns: dict[int, Column] = field(default_factory=dict)
    """Columns that hold facts, by their number from 0."""
    dropped: set[int] = field(default_factory=set)
    """Columns that the settings leave out, or that are refused already."""
    identity: int | None = None
    """The column that every row needs."""


def find_header(
    sheet: Sheet, target: Target, settings: TableSettings, problems: list[Problem]
) -> Header | None:
    """The headings of a table; None where there are none.

    Args:
        sheet: the table.
        target: what its rows are.
        settings: other names of columns.
        problems: takes what is wrong with the headings.
    """
    matcher = _Matcher(sheet, target, settings)
    rows = [_heading_texts(sheet, number) for number in range(min(LOOKED_AT, len(sheet.rows)))]
    counts = [sum(matcher.is_known(text) for text in row.values()) for row in rows]
    best = max(counts, default=0)
    if best == 0:
        problems.append(_no_header(sheet, target))
        return None
    number = counts.index(best)
    header = Header(number)
    for column, text in rows[number].items():
        found = matcher.match(column, text, number, header, problems)
        if found is None:
            header.dropped.add(column)
        else:
            header.columns[column] = found
            if found.fact is target.identity.fact and found.provenance is None:
                header.identity = column
    if header.identity is None:
        problems.append(_no_identity(sheet, target, number))
        return None
    return header


class _Matcher:
    def __init__(self, sheet: Sheet, target: Target, settings: TableSettings) -> None:
        self._sheet = sheet
        self._target = target
        self._settings = settings
        self._known: Mapping[str, Column] = headings(target.columns)
        self._tables = (sheet.name, *target.names)

    def is_known(self, text: str) -> bool:
        return folded(text) in self._known or self._settings.column(self._tables, text) is not None

    def match(
        self, column: int, text: str, row: int, header: Header, problems: list[Problem]
    ) -> Column | None:
        """The fact of a column; None, with a problem unless it is dropped on purpose."""
        place = self._sheet.position(row, column)
        found: Column | None = self._known.get(folded(text))
        said = self._settings.column(self._tables, text)
        if said is not None:
            name, where = said
            if name == DROP:
                return None
            found = self._known.get(folded(name))
            if found is None:
                problems.append(self._no_fact(name, where or place))
                return None
        if found is None:
            problems.append(self._unknown(text, place))
            return None
        first = _same(found, header)
        if first is not None:
            problems.append(
                Problem(
                    place, _named(text),
                    f"two columns stand for {found.path} (the first is "
                    f"{self._sheet.position(row, first)})",
                    f"one of the two removed, or dropped in compliance.yaml: {self._drop(text)}",
                )
            )  # fmt: skip
            return None
        return found

    def _unknown(self, text: str, place: Position) -> Problem:
        return Problem(
            place, _named(text), f"no fact of {self._target.names[0]} has this heading",
            "the title or the path of a fact above each column; or in compliance.yaml, where the "
            f"column is no part of the inventory, {self._drop(text)}",
            self._similar(text),
        )  # fmt: skip

    def _no_fact(self, name: str, where: Position) -> Problem:
        return Problem(
            where, f"{KEY}.columns", f"{self._target.names[0]} has no fact {name}",
            f"the path of a fact, or {DROP}", self._similar(name),
        )  # fmt: skip

    def _similar(self, text: str) -> str:
        known = {name: column for name, column in self._known.items() if not column.provenance}
        near = closest(folded(text), known)
        return known[near].heading if near else ""

    def _drop(self, text: str) -> str:
        shown = text if text.replace(" ", "").isalnum() else f"'{text}'"
        return f"{KEY}: {{columns: {{{self._target.names[1]}: {{{shown}: {DROP}}}}}}}"


def _heading_texts(sheet: Sheet, number: int) -> dict[int, str]:
    """What stands above each column in a row; cells merged from above reach down into it."""
    found = {
        column: " ".join(cell.split())
        for column, cell in enumerate(sheet.rows[number])
        if isinstance(cell, str) and cell.strip()
    }
    if any(text.startswith(COMMENT) for text in list(found.values())[:1]):
        return {}
    for top, left, bottom, _ in sheet.merged:
        if top < number <= bottom and left not in found:
            cell = _cell(sheet.rows[top], left) if top < len(sheet.rows) else None
            if isinstance(cell, str) and cell.strip():
                found[left] = " ".join(cell.split())
    return found


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _same(column: Column, header: Header) -> int | None:
    """The number of a column that stands for the same."""
    return next((number for number, one in header.columns.items() if one == column), None)


def _no_header(sheet: Sheet, target: Target) -> Problem:
    usual = ", ".join(column.heading for column in target.columns[:_SHOWN])
    return Problem(
        sheet.position(0, 0), "",
        f"no row of headings was found in the first {LOOKED_AT} rows",
        f"a row with headings such as {usual}; or the sheet left out in compliance.yaml: "
        f"{KEY}: {{sheets: {{'{sheet.name}': {DROP}}}}}",
    )  # fmt: skip


def _no_identity(sheet: Sheet, target: Target, row: int) -> Problem:
    heading = target.identity.heading
    what = "names the record" if target.list is not None else "tells the rows apart"
    return Problem(
        sheet.position(row, 0), "", f"there is no column with the heading {heading}",
        f"a column {heading} that {what}; or, where another column does so, that one in "
        f"compliance.yaml: {KEY}: {{columns: {{{target.names[1]}: "
        f"{{THAT COLUMN: {target.identity.path}}}}}}}",
    )  # fmt: skip


def _named(text: str) -> str:
    return f'column "{text}"'
