"""Charts as SVG that stands in a page by itself: no script, no style sheet, nothing to load.

The shapes are drawn by pygal; what is written is made anew from them, so that the same numbers give
the same bytes. Every colour stands out from a light and from a dark page, no line or bar is told
from its neighbours by colour alone, and text takes the colour of the page. A chart carries its
numbers along: show them in a table beside it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.report.chart_shapes import WIDTH, Drawing, shown

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

HEIGHT = 340
"""Height of a chart in its own units, its legend left out."""
LEGEND_COLUMNS = 4
_ABOVE = 26
"""Room above the plot for words at marked labels."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one part of every bar."""

    name: str
    values: tuple[int | float | None, ...]
    """One for each label; None where there is none."""
    tone: str | None = None
    """One of ``TONES``; by default the next one of a row of colours."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its numbers."""

    title: str
    description: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    svg: str
    """The drawing: an element ``svg``, safe to stand in a page as it is."""
    marks: Mapping[int, str]
    """What happened at labels, by their number from 0."""


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    description: str = "",
    marks: Mapping[int, str] | None = None,
) -> Chart:
    """A line for each series.

    Args:
        title: what the chart shows.
        labels: what the values belong to, such as dates; written below.
        series: the lines; each with as many values as there are labels.
        description: what a reader who does not see it should know; by default the numbers.
        marks: words for labels at which something happened, by their number from 0: each gets an
            upright line, and the lines of the chart begin anew there.

    Raises:
        ValueError: a series has another number of values.
    """
    return _chart(_pygal().Line(**_settings(series)), title, labels, series, (description, marks))


def stacked_bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    description: str = "",
    marks: Mapping[int, str] | None = None,
) -> Chart:
    """A bar for each label, with a part for each series; arguments as for :func:`line_chart`."""
    graph = _pygal().StackedBar(**_settings(series))
    return _chart(graph, title, labels, series, (description, marks))


def _pygal() -> Any:
    """The library, without the import hook for maps that it puts in front of every import."""
    import pygal

    sys.meta_path[:] = [
        one for one in sys.meta_path if not type(one).__module__.startswith("pygal")
    ]
    return pygal


def _settings(series: Sequence[Series]) -> dict[str, Any]:
    rows = math.ceil(len(series) / LEGEND_COLUMNS)
    return {
        "js": [], "no_prefix": True, "width": WIDTH, "height": HEIGHT + 18 * rows,
        "legend_at_bottom": True, "legend_at_bottom_columns": min(LEGEND_COLUMNS, len(series) or 1),
        "truncate_legend": -1, "truncate_label": -1, "margin_top": _ABOVE, "show_legend": True,
        "x_label_rotation": 0, "dots_size": 4, "include_x_axis": True, "allow_interruptions": True,
    }  # fmt: skip


def _chart(
    graph: Graph,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    more: tuple[str, Mapping[int, str] | None],
) -> Chart:
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(labels)} labels")
    description, marks = more
    words = description or _numbers(labels, series)
    found = Chart(title, words, tuple(labels), tuple(series), "", dict(marks or {}))
    drawn = Drawing(found, stacked=type(graph).__name__ == "StackedBar").draw(graph)
    return Chart(title, words, found.labels, found.series, drawn, found.marks)


def _numbers(labels: Sequence[str], series: Sequence[Series]) -> str:
    """All numbers as a sentence for each series."""
    return " ".join(
        f"{one.name}: "
        + ", ".join(
            f"{label} {'no value' if value is None else shown(value)}"
            for label, value in zip(labels, one.values, strict=True)
        )
        + "."
        for one in series
    )
