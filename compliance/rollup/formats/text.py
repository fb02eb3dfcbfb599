"""A roll-up as text, for a terminal or a message."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.report.plain import neutral, prose
from compliance.rollup.model import Agency, Group, Rollup
from compliance.rollup.tables import Cell, Table, others
from compliance.rollup.words import (
    HOW_TO_READ,
    NOTES,
    TITLE,
    age_words,
    gap_words,
    headline,
    known_words,
    list_words,
    listed,
    requirement_words,
)

SHOWN = 15
"""Rows of a table; other formats have them all."""
_LONG = ("made",)
"""Tables whose digests only get in the way here."""


def render(rollup: Rollup) -> Iterator[str]:
    """Yields the roll-up piece by piece."""
    if rollup.marking:
        yield prose(rollup.marking)
    yield prose(f"{TITLE}: {headline(rollup)}")
    yield "\n" + prose(HOW_TO_READ)
    if rollup.detail in NOTES:
        yield prose(NOTES[rollup.detail])
    for group in rollup.groups:
        yield from _group(group)
    for table in others(rollup):
        if table.rows and table.name not in _LONG:
            yield from _table(table)
    if rollup.marking:
        yield "\n" + prose(rollup.marking)


def _group(group: Group) -> Iterator[str]:
    sets = ", ".join(f"{one.policy} {one.version}" for one in group.columns)
    yield f"\nAgencies in {group.quarter}, checked against {neutral(sets)}\n"
    if group.why:
        yield prose(f"Apart from others: {group.why}", "  ")
    for agency in group.agencies:
        yield from _agency(agency, group)


def _agency(agency: Agency, group: Group) -> Iterator[str]:
    text = (
        f"{agency.name} ({agency.id}), as of {agency.as_of}, {age_words(agency)}. Complete lists: "
        f"{list_words(agency)}. Known: {known_words(agency)}."
    )
    yield prose(text, "    ", "  - ")
    for column in group.columns:
        found = agency.of(column.policy)
        other = group.elsewhere.get((agency.id, column.policy))
        if other is not None:
            words = f"checked against {other[0]}, see below"
        elif found is None:
            words = "not checked against it"
        else:
            words = f"{requirement_words(found)}. {gap_words(found)}"
        yield prose(f"{column.policy}: {words}.", "        ", "      ")


def _table(table: Table) -> Iterator[str]:
    yield f"\n{neutral(table.title)}\n"
    yield prose(table.intro, "  ")
    for row in table.rows[:SHOWN]:
        pairs = zip(table.columns[1:], row[1:], strict=True)
        words = "; ".join(f"{name.lower()}: {_cell(cell)}" for name, cell in pairs if cell != "")
        yield prose(f"{_cell(row[0])}: {words}.", "    ", "  - ")
    left = len(table.rows) - SHOWN
    if left > 0:
        yield f"  and {left:,} more; --format html, xlsx and json have them all.\n"


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return listed(cell, 6) or "none"
    return f"{cell:,}" if isinstance(cell, int) else cell.rstrip(".")
