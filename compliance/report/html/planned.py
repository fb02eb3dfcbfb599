"""The plan of action and milestones, and findings from outside, as entries of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import (
    GAP,
    SATISFIED,
    UPCOMING,
    Assessment,
    OutsideFinding,
    PlanItemText,
)
from compliance.assessment.planned import CLOSED
from compliance.report.html.due import Due
from compliance.report.html.facets import Facets
from compliance.report.plan import due_words, issuer, outside_words, standing, urgency

SHOWN = 200
"""Items of each list; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the plan."""

    item: PlanItemText
    standing: str
    due: str
    facets: Facets


@dataclass(frozen=True, slots=True)
class Outside:
    """One finding from outside."""

    found: OutsideFinding
    text: str
    facets: Facets


def items(assessment: Assessment) -> Iterator[Item]:
    """The plan, what is most urgent first."""
    for one in sorted(assessment.plan, key=urgency)[:SHOWN]:
        words = f"closed {one.closed_on}" if one.state == CLOSED else standing(one)
        yield Item(one, words, due_words(one), _of_item(one))


def _of_item(one: PlanItemText) -> Facets:
    status = GAP if one.open else SATISFIED
    return Facets(
        policy=tuple(sorted({cover.policy for cover in one.covers})),
        severity=(one.severity,),
        status=(UPCOMING if one.upcoming else status,),
        basis=(one.basis,) if one.basis else (),
        kind=tuple(sorted({cover.kind for cover in one.covers})),
        owner=(one.owner,) if one.owner else (),
    )


def outside(assessment: Assessment) -> Iterator[Outside]:
    """Findings from outside, open ones first."""
    ordered = sorted(
        assessment.outside,
        key=lambda one: (not one.open, not one.overdue, one.response_due_on or "9999", one.id),
    )
    for one in ordered[:SHOWN]:
        kinds = tuple(sorted({subject.partition("/")[0] for subject in one.subjects}))
        status = (GAP if one.open else SATISFIED,)
        yield Outside(one, outside_words(one), Facets((), (one.severity,), status, (), kinds))


def dates(assessment: Assessment) -> Iterator[Due]:
    """What the plan and the issuers of findings want done by when."""
    for one in assessment.plan:
        if one.open and one.due_on:
            yield Due(one.due_on, f"{one.id} {one.title}", standing(one))
        if one.open:
            for step in one.milestones:
                if step.due_on and not step.done_on:
                    yield Due(step.due_on, f"{one.id} {one.title}", f"Milestone: {step.title}")
    for found in assessment.outside:
        if found.open and found.response_due_on and not found.responded_on:
            title = f"{issuer(found)} {found.number} {found.title}"
            yield Due(found.response_due_on, title, "Response to the issuer")
