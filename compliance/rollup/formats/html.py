"""A roll-up as one page for a browser: no network, no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.assessment.model import REQUIREMENT_STATUSES, SEVERITIES
from compliance.report.charts import Series, line_chart, stacked_bars
from compliance.report.detail import COUNTS
from compliance.report.html.page import Asset, asset, template
from compliance.report.plain import number
from compliance.rollup.model import Agency, Column, Group, Rollup, SetResult, Trend
from compliance.rollup.tables import Cell, Table, others, quarters_of
from compliance.rollup.trend import own_trend
from compliance.rollup.words import (
    HOW_TO_READ,
    NOTES,
    TITLE,
    age_words,
    fix_words,
    gap_words,
    headline,
    known_words,
    list_words,
    open_lists,
    requirement_words,
)

FIRST = 25
"""Rows of a long table that are not folded."""
FOLDED = {"requirements": FIRST, "shared": FIRST, "made": 0}
"""Tables that are long in any state, with the rows that are not folded."""
TO_DO = 5
"""Fixes listed for each agency."""
LONG = 32
"""Characters from which on a text needs a wide column."""
TINY = 12
"""Characters of a text that is never broken."""
_PARTS = (
    ("not_met", "not met", "not_met"), ("unknown", "unknown", "unknown"), ("met", "met", "met"),
    ("not_assessable", "not assessable", "neutral"),
)  # fmt: skip
LAST = ("made", "files")
"""Tables below the agencies."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar."""

    name: str
    title: str
    number: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Place:
    """What one cell of the agencies by rule sets says."""

    result: SetResult | None
    requirements: str = ""
    gaps: str = ""
    bar: tuple[Bar, ...] = ()
    other: str = ""
    """The version it was checked against, where another group shows it."""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One agency in a group."""

    agency: Agency
    anchor: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the top."""

    number: str
    title: str
    text: str
    target: str
    tone: str


def render(rollup: Rollup) -> Iterator[str]:
    """Yields the page piece by piece."""
    yield from map(str, template("rollup.html.j2").generate(**_content(rollup)))


def _content(rollup: Rollup) -> dict[str, Any]:
    anchors = {one.id: f"agency-{index}" for index, one in enumerate(rollup.agencies, 1)}
    about = {anchors[one.id]: _about(one, rollup) for one in rollup.agencies}
    made = [one for one in others(rollup) if one.rows]
    upper = [one for one in made if one.name not in LAST]
    return {
        "metadata": {"marking": rollup.marking},
        "rollup": rollup,
        "title": TITLE,
        "headline": headline(rollup),
        "how": HOW_TO_READ,
        "reduced": NOTES.get(rollup.detail, ""),
        "tiles": list(_tiles(rollup, {one.name for one in made})),
        "groups": [(group, list(_rows(group, anchors))) for group in rollup.groups],
        "tables": upper,
        "last": [one for one in made if one.name in LAST],
        "first": {one.name: FOLDED.get(one.name, len(one.rows)) for one in made},
        "widths": _widths,
        "charts": {f"trend-{one.policy}": list(_charts(one)) for one in rollup.trends},
        "agencies": [(anchors[one.id], one, about[anchors[one.id]]) for one in rollup.agencies],
        "about_of": about,
        "style": asset("report.css", "rollup.css"),
        "script": None,
    }


def _charts(trend: Trend) -> Iterator[tuple[str, Asset]]:
    """The pictures of a trend; the table beside them has the same numbers."""
    labels = [one.quarter for one in trend.quarters]
    marks = {
        index: f"{trend.policy} {', '.join(one.versions)}"
        for index, one in enumerate(trend.quarters)
        if index and one.versions != trend.quarters[index - 1].versions
    }
    requirements = [
        Series(title, tuple(one.requirements.get(name, 0) for one in trend.quarters), tone)
        for name, title, tone in _PARTS
    ]
    gaps = [
        Series(name, tuple(one.gaps.get(name, 0) for one in trend.quarters), name)
        for name in SEVERITIES
    ]
    over = f"{trend.title}, {number(len(trend.agencies), 'agency', 'agencies')}"
    bars = stacked_bars(f"Requirements by quarter: {over}", labels, requirements, marks=marks)
    lines = line_chart(f"Gaps by severity and quarter: {over}", labels, gaps, marks=marks)
    yield "Requirements by quarter", Asset(bars.svg, "")
    yield "Gaps by severity and quarter", Asset(lines.svg, "")


def _widths(table: Table) -> list[str]:
    """How each column of a table is set: as numbers, names, long or short texts."""
    return [_width([row[index] for row in table.rows]) for index in range(len(table.columns))]


def _width(cells: Sequence[Cell]) -> str:
    if any(isinstance(cell, int) for cell in cells):
        return "n"
    if any(isinstance(cell, tuple) for cell in cells):
        return "names"
    longest = max(len(str(cell)) for cell in cells)
    if longest > LONG:
        return "long"
    return "short" if longest > TINY else "tiny"


def _rows(group: Group, anchors: Mapping[str, str]) -> Iterator[Row]:
    for agency in group.agencies:
        places = tuple(_place(agency, group, column) for column in group.columns)
        yield Row(agency, anchors[agency.id], places)


def _place(agency: Agency, group: Group, column: Column) -> Place:
    found = agency.of(column.policy)
    version, anchor = group.elsewhere.get((agency.id, column.policy), ("", ""))
    if found is None or version:
        return Place(None, other=version, anchor=anchor)
    return Place(found, requirement_words(found), gap_words(found), tuple(_bar(found)))


def _bar(result: SetResult) -> Iterator[Bar]:
    total, start = sum(result.requirements.values()), 0.0
    for status in REQUIREMENT_STATUSES:
        found = result.requirements.get(status, 0)
        if found:
            width = 100 * found / total
            yield Bar(status, status.replace("_", " "), found, round(start, 3), round(width, 3))
            start += width


def _about(agency: Agency, rollup: Rollup) -> dict[str, Any]:
    """What the section of one agency says."""
    names = {(one.requirement.policy, one.requirement.id): one for one in rollup.shortfalls}
    missed = [
        names[key].requirement
        for key, status in agency.statuses.items()
        if status == "not_met" and key in names
    ]
    trends = [(one, quarters_of(one.title, own_trend(agency, one.policy))) for one in agency.sets]
    return {
        "age": age_words(agency),
        "lists": list_words(agency),
        "open_lists": open_lists(agency),
        "known": known_words(agency),
        "sets": [
            (one, requirement_words(one), gap_words(one), tuple(_bar(one))) for one in agency.sets
        ],
        "missed": missed,
        "fixes": [(one, fix_words(one)) for one in agency.fixes[:TO_DO]],
        "fixes_left": max(0, len(agency.fixes) - TO_DO),
        "told": COUNTS not in (rollup.detail, agency.detail),
        "trends": [one for one in trends if one[1].rows],
        "behind": [one for one in rollup.behind if one.agency == agency.name],
        "old": agency.age > rollup.stale_days,
    }


def _tiles(rollup: Rollup, shown: set[str]) -> Iterator[Tile]:
    """The numbers at the top; each leads to what it counts."""
    quarters = sorted({one.quarter for one in rollup.agencies})
    span = quarters[0] if len(quarters) == 1 else f"{quarters[0]} to {quarters[-1]}"
    agencies = len(rollup.agencies)
    yield Tile(
        f"{agencies:,}", "agency" if agencies == 1 else "agencies", f"assessed in {span}",
        "groups", "",
    )  # fmt: skip
    if "requirements" in shown:
        missed = [one for one in rollup.shortfalls if one.statuses.get("not_met")]
        every = sum(one.statuses["not_met"] == one.applicable for one in missed)
        yield Tile(
            f"{len(missed):,}", "requirements not met at one agency or more",
            f"{every:,} of them at every agency they apply to"
            if every
            else "none of them at every agency it applies to",
            "requirements", "gap",
        )  # fmt: skip
    if "shared" in shown:
        most = max((len(one.agencies) for one in rollup.shared), default=0)
        text = f"the widest at {number(most, 'agency', 'agencies')}"
        yield Tile(f"{len(rollup.shared):,}", "fixes shared by agencies", text, "shared", "")
    renew = {one.id for one in rollup.stale} | {
        one.id for one in rollup.agencies for old in rollup.behind if old.agency == one.name
    }
    if renew:
        text = f"{len(rollup.stale):,} older than {rollup.stale_days} days; the others on an older "
        target = "stale" if rollup.stale else "behind"
        yield Tile(
            f"{len(renew):,}", "to be assessed anew", f"{text}policy version", target, "unknown"
        )
    overdue = sum(one.plan.overdue for one in rollup.agencies)
    late = sum(found.overdue for one in rollup.agencies for found in one.outside)
    if overdue or late:
        text = f"{number(overdue, 'plan item')}, {number(late, 'answer')} to findings from outside"
        target = "plans" if "plans" in shown and overdue else "outside"
        yield Tile(f"{overdue + late:,}", "overdue", text, target, "gap")
