"""A trend as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from compliance.assessment.model import SEVERITIES
from compliance.comparison.model import Numbers
from compliance.comparison.trend import Count, RuleSet, Trend
from compliance.report.blocks import Block, Line, Page, Section, Table
from compliance.report.json import encode, escaped
from compliance.report.plain import number

SCHEMA = 1
"""Version of the JSON form."""
REQUIREMENTS: Mapping[str, str] = {
    "met": "met",
    "not_met": "not met",
    "unknown": "unknown",
    "not_assessable": "not assessable",
    "not_applicable": "not applicable",
}
"""Columns of the table of requirements."""
NOTE = (
    "Requirements and gaps in force on each date; what is upcoming is counted apart. Where the "
    "version of a rule set changes, the numbers before and after are not counted by the same rules."
)
PROPOSED = "proposed"
"""Binding of rule sets of which nothing is in force."""
PROPOSED_NOTE = "Nothing of this rule set is in force: all that fails it is upcoming."
_NONE = "-"
"""Where a rule set was not used."""


def page(trend: Trend) -> Page:
    """The trend as a report for people."""
    first, last = trend.points[0].as_of, trend.points[-1].as_of
    title = f"{trend.name}: {number(len(trend.points), 'assessment')} from {first} to {last}"
    if len(trend.points) == 1:
        title = f"{trend.name}: one assessment, as of {last}, which makes no trend yet"
    sections = [
        Section(f"{one.title} (policy {one.id}, {one.binding})", tuple(_rule_set(trend, one)))
        for one in trend.rule_sets
    ]
    sections.append(Section("Assessments", tuple(_files(trend))))
    return Page(title, NOTE, tuple(sections), trend.marking)


def _rule_set(trend: Trend, found: RuleSet) -> Iterator[Block]:
    if found.binding == PROPOSED:
        yield PROPOSED_NOTE
    for at, words in found.changes.items():
        yield Line(f"From {trend.points[at].as_of} on: {words}")
    yield Table(("requirements", "rules", *REQUIREMENTS.values()), requirement_rows(trend, found))
    yield Table(GAP_HEAD, gap_rows(trend, found))


GAP_HEAD = ("gaps", "rules", *SEVERITIES, "all", "unknown", "upcoming")
"""Columns of the table of gaps; the unknown and the upcoming are no gaps."""


def requirement_rows(trend: Trend, found: RuleSet) -> tuple[tuple[str, ...], ...]:
    """Requirements by status, a row for each date."""
    return tuple(
        (as_of, _version(found, at), *_cells(count, lambda one: one.requirements, REQUIREMENTS))
        for at, as_of, count in _dated(trend, found)
    )


def gap_rows(trend: Trend, found: RuleSet) -> tuple[tuple[str, ...], ...]:
    """Gaps by severity, a row for each date."""
    rows = []
    for at, as_of, count in _dated(trend, found):
        cells = _cells(count, lambda one: one.gaps, SEVERITIES)
        if count is None:
            rest = [_NONE] * 3
        else:
            told = count.numbers
            rest = [f"{sum(told.gaps.values()):,}", f"{told.unknown:,}", f"{told.upcoming:,}"]
        rows.append((as_of, _version(found, at), *cells, *rest))
    return tuple(rows)


def _dated(trend: Trend, found: RuleSet) -> Iterator[tuple[int, str, Count | None]]:
    for at, (point, count) in enumerate(zip(trend.points, found.counts, strict=True)):
        yield at, point.as_of, count


def _cells(count: Count | None, part: Any, names: Any) -> list[str]:
    if count is None:
        return [_NONE for _ in names]
    values: Mapping[str, int] = part(count.numbers)
    return [f"{values.get(name, 0):,}" for name in names]


def _version(found: RuleSet, at: int) -> str:
    """The version, with a star where other rules begin."""
    count = found.counts[at]
    if count is None:
        return "not used"
    return f"{count.version} *" if at in found.changes else count.version


def _files(trend: Trend) -> Iterator[Block]:
    for point in trend.points:
        yield Line(f"{point.as_of}: {point.file}")
    for one in trend.skipped:
        yield Line(f"Left out: {one.file}: {one.reason}")


def as_json(trend: Trend) -> Iterator[str]:
    """The trend as one JSON document."""
    data = {
        "schema": SCHEMA,
        "agency": trend.agency,
        "points": [
            {
                "as_of": point.as_of,
                "file": point.file,
                "policies": [
                    {
                        "id": policy,
                        "version": count.version,
                        "digests": dict(count.digests),
                        **_numbers(count.numbers),
                    }
                    for policy, count in point.counts.items()
                ],
            }
            for point in trend.points
        ],
        "rule_changes": [
            {"policy": one.id, "as_of": trend.points[at].as_of, "change": words}
            for one in trend.rule_sets
            for at, words in one.changes.items()
        ],
        "skipped": [encode(one) for one in trend.skipped],
    }
    if trend.marking:
        data["marking"] = trend.marking
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _numbers(found: Numbers) -> dict[str, Any]:
    return {
        "requirements": dict(found.requirements),
        "gaps": dict(found.gaps),
        "unknown": found.unknown,
        "errors": found.errors,
        "upcoming": found.upcoming,
    }
