"""What is due, as text and as JSON."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence

from compliance.assessment.model import Assessment
from compliance.report.blocks import Line, Page, Section
from compliance.report.detail import NOTES
from compliance.report.dues import INTERVAL, Due
from compliance.report.json import encode, escaped
from compliance.report.plain import number

SCHEMA = 1
"""Version of the JSON form."""
SPANS = ((30, "Within 30 days"), (90, "Within 90 days"), (366, "Within a year"))
"""Sections by how far a date lies ahead, in days."""
LATER = "Later"
_EVER = 10**7
"""More days than any date lies ahead."""


def page(assessment: Assessment, found: Sequence[Due], everything: Sequence[Due]) -> Page:
    """What is due as a report for people.

    Args:
        assessment: what it was read from.
        found: what is listed, by date.
        everything: what there is.
    """
    metadata = assessment.metadata
    name = metadata.agency_name or metadata.agency
    overdue = [one for one in found if one.overdue]
    sections = [Section("Overdue", tuple(_line(one, metadata.as_of) for one in overdue))]
    coming = [one for one in found if not one.overdue]
    before = -1
    for days, title in (*SPANS, (_EVER, LATER)):
        lines = tuple(
            _line(one, metadata.as_of)
            for one in coming
            if before < _ahead(one, metadata.as_of) <= days
        )
        sections.append(Section(title, lines))
        before = days
    title = f"What is due: {name} as of {metadata.as_of}"
    lead = sentence(assessment, everything)
    left = len(everything) - len(found)
    if left:
        lead += f" {left:,} of them are not listed here."
    return Page(title, lead, tuple(sections), metadata.marking)


def sentence(assessment: Assessment, found: Sequence[Due]) -> str:
    """How much is overdue and how much comes soon, in a sentence."""
    as_of = assessment.metadata.as_of
    overdue = sum(one.overdue for one in found)
    coming = [one for one in found if not one.overdue]
    soon = sum(_ahead(one, as_of) <= SPANS[0][0] for one in coming)
    text = (
        f"{number(overdue, 'date')} overdue, {soon:,} within {SPANS[0][0]} days, "
        f"{len(coming) - soon:,} later."
    )
    if assessment.metadata.detail in NOTES:
        text += " The assessment is reduced: the plan, reviews and statements are left out of it."
    return text


def _ahead(one: Due, as_of: str) -> int:
    return (datetime.date.fromisoformat(one.on) - datetime.date.fromisoformat(as_of)).days


def _line(one: Due, as_of: str) -> Line:
    days = _ahead(one, as_of)
    when = f"in {number(days, 'day')}" if days > 0 else f"{number(-days, 'day')} ago"
    grade = f" [{one.severity}]" if one.severity else ""
    basis = f" (basis: {one.basis})" if one.basis else ""
    sort = one.sort
    if sort == INTERVAL:
        sort = "interval ended" if one.overdue else "interval ends"
    text = f"{one.on} ({'today' if days == 0 else when}){grade} {sort}: {one.title}{basis}"
    place = f" [{one.position}]" if one.position else ""
    return Line(text, (Line(one.text + place),) if one.text else (), one.severity)


def as_json(assessment: Assessment, found: Sequence[Due]) -> Iterator[str]:
    """What is due as one JSON document."""
    metadata = assessment.metadata
    data = {
        "schema": SCHEMA,
        "agency": metadata.agency,
        "as_of": metadata.as_of,
        "overdue": sum(one.overdue for one in found),
        "due": [encode(one) for one in found],
    }
    if metadata.marking:
        data["marking"] = metadata.marking
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"
