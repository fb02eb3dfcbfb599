"""The trend over saved assessments as one page: charts, and the same numbers in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compliance.assessment.model import SEVERITIES
from compliance.comparison.trend import Count, RuleSet, Trend
from compliance.comparison.trend_telling import (
    GAP_HEAD,
    NOTE,
    PROPOSED,
    PROPOSED_NOTE,
    REQUIREMENTS,
    gap_rows,
    requirement_rows,
)
from compliance.report.charts import Chart, Series, line_chart, stacked_bars
from compliance.report.html.page import Asset, asset, template

DRAWN = ("met", "not_met", "unknown")
"""Statuses of requirements that have a line; the table has all."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its numbers."""

    title: str
    drawing: Asset
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Metadata:
    """What the frame of every page shows."""

    marking: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One rule set of the page."""

    anchor: str
    found: RuleSet
    changes: tuple[tuple[str, str], ...]
    """Date and words of each change of the rules."""
    figures: tuple[Figure, ...]


def render(trend: Trend) -> Iterator[str]:
    """Yields the page piece by piece."""
    page = template("trend.html.j2")
    content = {
        "trend": trend,
        "metadata": _Metadata(trend.marking),
        "note": NOTE,
        "proposed": {PROPOSED: PROPOSED_NOTE},
        "parts": [_part(trend, one) for one in trend.rule_sets],
        "style": asset("report.css", "trend.css"),
        "script": None,
    }
    yield from map(str, page.generate(**content))


def _part(trend: Trend, found: RuleSet) -> Part:
    changes = tuple((trend.points[at].as_of, words) for at, words in found.changes.items())
    requirements = Figure(
        "Requirements in force",
        _drawing(_requirements(trend, found)),
        ("date", "rules", *REQUIREMENTS.values()),
        requirement_rows(trend, found),
    )
    title, chart = "Gaps in force by severity", _gaps(trend, found)
    proposed = found.binding == PROPOSED
    if proposed:
        title, chart = "Upcoming: gaps and unknowns of what is proposed", _upcoming(trend, found)
    gaps = Figure(title, _drawing(chart), ("date", *GAP_HEAD[1:]), gap_rows(trend, found))
    figures = (gaps,) if proposed else (requirements, gaps)
    return Part(f"policy-{found.id}", found, changes, figures)


def _requirements(trend: Trend, found: RuleSet) -> Chart:
    return line_chart(
        f"Requirements in force, {found.title}",
        [point.as_of for point in trend.points],
        [
            Series(
                REQUIREMENTS[status],
                tuple(_value(one, "requirements", status) for one in found.counts),
                status,
            )
            for status in DRAWN
        ],
        marks=found.changes,
    )


def _gaps(trend: Trend, found: RuleSet) -> Chart:
    return stacked_bars(
        f"Gaps in force by severity, {found.title}",
        [point.as_of for point in trend.points],
        [
            Series(
                severity,
                tuple(_value(one, "gaps", severity) for one in found.counts),
                severity,
            )
            for severity in SEVERITIES
        ],
        marks=found.changes,
    )


def _upcoming(trend: Trend, found: RuleSet) -> Chart:
    counts = tuple(one.numbers.upcoming if one else None for one in found.counts)
    return line_chart(
        f"Upcoming gaps and unknowns, {found.title}",
        [point.as_of for point in trend.points],
        [Series("upcoming", counts)],
        marks=found.changes,
    )


def _value(count: Count | None, part: str, name: str) -> int | None:
    if count is None:
        return None
    values: Mapping[str, int] = getattr(count.numbers, part)
    return values.get(name, 0)


def _drawing(chart: Chart) -> Asset:
    # No style and no script is in it, so the page's policy need not name its digest.
    return Asset(chart.svg, "")
