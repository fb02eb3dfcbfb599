"""What is due: by dates of facts, requirements, parameters and providers' statements."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.assessment.model import (
    NOT_SANCTIONABLE_UNTIL,
    UPCOMING,
    Assessment,
    Finding,
    Leaf,
    PolicyRun,
)
from compliance.report.gather import Gathered, Group, Groups
from compliance.report.html.entries import statements
from compliance.report.leaves import told
from compliance.report.plain import enumeration, number, value
from compliance.report.texts import RECORDS_SHOWN, Texts, named, subject

SHOWN = 30
"""Entries of each of the two lists."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a date."""

    date: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is overdue, the longest first, and what is coming, the next first."""

    overdue: tuple[Due, ...]
    overdue_left: int
    coming: tuple[Due, ...]
    coming_left: int


def calendar(texts: Texts, found: Gathered, planned: Iterable[Due] = ()) -> Calendar:
    """What is due, before and after the date of the report.

    Args:
        texts: words of the assessment.
        found: its findings.
        planned: what the plan and findings from outside add.
    """
    as_of = texts.assessment.metadata.as_of
    dated: set[Due] = set(planned)
    if texts.named:
        dated |= {*_facts(texts, found.gaps), *_statements(found, as_of)}
        dated |= set(_deadlines(texts))
    dated |= {*_marks(texts, found), *_policies(texts.assessment)}
    ordered = sorted(dated, key=lambda one: (one.date, one.title, one.text))
    overdue = tuple(one for one in ordered if one.date < as_of)
    coming = tuple(one for one in ordered if one.date >= as_of)
    return Calendar(
        overdue[:SHOWN], max(0, len(overdue) - SHOWN), coming[:SHOWN], max(0, len(coming) - SHOWN)
    )


def _facts(texts: Texts, gaps: Groups) -> Iterator[Due]:
    """Facts that are too old: the day on which the time that a rule gives was over."""
    for group in gaps:
        for finding in group.shown:
            for leaf in finding.leaves:
                day = _over_on(leaf, texts.assessment.metadata.as_of)
                if day is not None:
                    yield _fact(texts, day, group, finding, leaf)


def _fact(texts: Texts, day: str, group: Group, finding: Finding, leaf: Leaf) -> Due:
    one = told([leaf], finding.record, texts.assessment.metadata.facts)
    title = f"{one.title or one.path}: {one.found}, expected {one.expected}"
    return Due(day, title, f"{subject(finding)}. {texts.title(group)}")


def _over_on(leaf: Leaf, as_of: str) -> str | None:
    """The day after which a date was too old; None where a leaf asks nothing of the kind."""
    cut_off, observed = leaf.expected.cut_off, leaf.observed
    if cut_off is None or leaf.outcome != "false" or not isinstance(observed, str):
        return None
    try:
        first, given = datetime.date.fromisoformat(cut_off), datetime.date.fromisoformat(observed)
        allowed = datetime.date.fromisoformat(as_of) - first
        return (given + allowed).isoformat() if given < first and allowed.days > 0 else None
    except (ValueError, OverflowError):
        return None


def _deadlines(texts: Texts) -> Iterator[Due]:
    """The last days on which rules that are satisfied today still will be."""
    for one in texts.assessment.deadlines:
        policy = texts.assessment.policy(one.policy)
        rule = policy.rule(one.rule) if policy else None
        records = enumeration(one.subjects[:RECORDS_SHOWN], len(one.subjects))
        title = rule.title if rule else f"{one.policy}/{one.rule}"
        yield Due(one.on, title, f"Satisfied up to this day, if nobody acts: {records}")


def _marks(texts: Texts, found: Gathered) -> Iterator[Due]:
    for group in found.upcoming:
        mark = group.shown[0].mark(UPCOMING)
        if mark is not None and mark.date:
            records = named(group) if texts.named else number(group.total, f"{group.kind} record")
            yield Due(mark.date, texts.title(group), f"A gap from this day: {records}")
    for group in found.gaps:
        mark = group.shown[0].mark(NOT_SANCTIONABLE_UNTIL)
        if mark is not None and mark.date:
            yield Due(mark.date, texts.title(group), "Gaps can be sanctioned from this day")


def _policies(assessment: Assessment) -> Iterator[Due]:
    as_of = assessment.metadata.as_of
    for policy in assessment.policies:
        yield from (one for one in _requirements(policy) if one.date > as_of)
        for parameter in policy.parameters:
            unit = f" {parameter.unit}" if parameter.unit else ""
            for date, coming in parameter.upcoming:
                if date > as_of:
                    text = f"The policy's value becomes {value(coming)}{unit}"
                    yield Due(date, parameter.title, text)


def _requirements(policy: PolicyRun) -> Iterator[Due]:
    for one in policy.requirements:
        for date, text in (
            (one.in_force_from, "In force from this day"),
            (one.enforced_from, "Enforced from this day"),
            (one.sanctioned_from, "Sanctioned from this day"),
            (one.until, "In force up to this day"),
        ):
            if date:
                yield Due(date, f"{one.cited} {one.title}", text)


def _statements(found: Gathered, as_of: str) -> Iterator[Due]:
    for one in (*statements(found.inherited), *statements(found.lapsed)):
        if one.expires_on:
            place = f" [{one.position}]" if one.position else ""
            over = one.expires_on < as_of
            text = "It has expired: get a new one" if over else "Get a new one before it expires"
            yield Due(
                one.expires_on, f"The statement of {one.provider} ({one.extent})", text + place
            )
