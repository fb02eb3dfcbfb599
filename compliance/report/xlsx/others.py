"""The sheets of the plan, findings from outside, statements, and slips in the inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from compliance.assessment.model import Assessment, PlanItemText, WrongValue
from compliance.report.gather import Gathered, Group, Groups, Settled
from compliance.report.plan import cost_words, due_words, issuer, outside_words, standing, urgency
from compliance.report.texts import (
    Texts,
    named,
    records_carried,
    statement,
    still_does,
    would_settle,
)
from compliance.report.xlsx.book import Column, Shown, Table, Toned
from compliance.report.xlsx.findings import listed

PLAN = Table(
    "Plan",
    "The plan of action and milestones, what is most urgent first. An item counts once a named "
    "person has accepted it.",
    (
        Column("id", "Item", 12),
        Column("severity", "Severity", 9, toned=True),
        Column("title", "Title", 40),
        Column("state", "State", 11),
        Column("due", "Due", 24),
        Column("standing", "How it stands", 34),
        Column("owner", "Owner", 20),
        Column("milestones", "Milestones", 40),
        Column("records", "Records with a gap", 34),
        Column("remediation", "What to do", 40),
        Column("cost", "Cost", 30),
        Column("shared", "Shared service", 20),
        Column("outside", "Findings from outside", 18),
        Column("rules", "Rules", 34),
        Column("found_on", "Found on", 12),
        Column("accepted", "Accepted", 24),
        Column("lacks", "What is missing to accept it", 30),
        Column("comment", "Comment", 40),
    ),
    frozen=2,
    printed=8,
)
OUTSIDE = Table(
    "Outside",
    "Findings of those who audit the agency. Only their issuer closes them.",
    (
        Column("issuer", "Issuer", 14),
        Column("number", "Number", 16),
        Column("severity", "Severity", 9, toned=True),
        Column("title", "Title", 40),
        Column("state", "State", 10, toned=True),
        Column("words", "How it stands", 60),
        Column("due", "Response due", 13),
        Column("requirements", "Requirements", 28),
        Column("records", "Records", 28),
        Column("items", "Plan items", 16),
    ),
    frozen=2,
)
STATEMENTS = Table(
    "Statements",
    "What rests on a statement: documented decisions, providers that carry a requirement, and to "
    "what a rule set does not apply.",
    (
        Column("sort", "What", 26),
        Column("about", "Rule or statement", 60),
        Column("findings", "Findings", 10),
        Column("records", "Records", 50),
        Column("text", "In words", 60),
    ),
)
WRONG = Table(
    "Wrong values",
    "Values of the inventory that could not be used, and notes on it. A wrong value counts as "
    "unknown until it is put right.",
    (
        Column("sort", "What", 22),
        Column("position", "Where it stands", 44),
        Column("path", "Fact", 40),
        Column("message", "What is wrong", 50),
        Column("expected", "Expected", 36),
        Column("suggestion", "Perhaps meant", 20),
    ),
)


def plan(assessment: Assessment) -> Iterator[Mapping[str, Shown]]:
    """The items of the plan."""
    for one in sorted(assessment.plan, key=urgency):
        yield _item(one)


def _item(one: PlanItemText) -> dict[str, Shown]:
    due: Shown = due_words(one) if one.open else ""
    gaps = [f"{cover.kind}/{subject}" for cover in one.covers for subject in cover.gaps]
    return {
        "id": one.id,
        "severity": one.severity,
        "title": one.title,
        "state": one.state,
        "due": Toned(str(due), "gap") if one.overdue else due,
        "standing": standing(one) if one.open else f"closed {one.closed_on}",
        "owner": one.owner or "",
        "milestones": tuple(
            f"{step.due_on or 'no date'}: {step.title}"
            + (f" (done {step.done_on})" if step.done_on else "")
            for step in one.milestones
        ),
        "records": listed(gaps),
        "remediation": one.remediation or "",
        "cost": cost_words(one),
        "shared": one.shared_service or "",
        "outside": ", ".join(one.outside),
        "rules": listed([f"{cover.policy}/{cover.rule}" for cover in one.covers]),
        "found_on": one.found_on,
        "accepted": f"{one.accepted_on} by {one.accepted_by}" if one.accepted_on else "",
        "lacks": one.lacks,
        "comment": one.comment or "",
    }


def outside(assessment: Assessment) -> Iterator[Mapping[str, Shown]]:
    """Findings from outside, open ones first."""
    ordered = sorted(
        assessment.outside,
        key=lambda one: (not one.open, not one.overdue, one.response_due_on or "9999", one.id),
    )
    for one in ordered:
        yield {
            "issuer": issuer(one),
            "number": one.number,
            "severity": one.severity,
            "title": one.title,
            "state": Toned("open", "gap") if one.open else Toned("closed", "satisfied"),
            "words": outside_words(one),
            "due": one.response_due_on or "",
            "requirements": one.labels,
            "records": listed(one.subjects),
            "items": ", ".join(one.items),
        }


def statements(texts: Texts, found: Gathered) -> Iterator[Mapping[str, Shown]]:
    """What rests on statements, those that do not hold first."""
    for one, statuses in found.lapsed:
        for _, group in statuses:
            yield _statement(
                "Does not hold on this date", texts.lapse(one), group, (would_settle(group),)
            )
    for one, statuses in found.inherited:
        for status, group in statuses:
            words = (f"{status}: {records_carried(group)}.", still_does(one))
            yield _statement("Carried by a provider", statement(one), group, words)
    yield from _groups("Documented decision", texts, found.decisions)
    yield from _groups("Rule set does not apply", texts, found.excluded)


def _statement(sort: str, about: str, group: Settled, words: Iterable[str]) -> dict[str, Shown]:
    return {
        "sort": sort,
        "about": about,
        "records": listed(group.records),
        "text": tuple(filter(None, words)),
    }


def _groups(sort: str, texts: Texts, groups: Groups) -> Iterator[Mapping[str, Shown]]:
    for group in groups:
        yield {
            "sort": sort,
            "about": texts.title(group),
            "findings": group.total,
            "records": named(group) if texts.named else "",
            "text": _reason(group),
        }


def _reason(group: Group) -> str:
    return group.shown[0].message or ""


def wrong_values(assessment: Assessment) -> Iterator[Mapping[str, Shown]]:
    """Slips in the inventory, then notes on it."""
    for one in assessment.summary.wrong_values:
        yield _wrong("Read as unknown" if one.as_unknown else "Named, but not there", one)
    for one in assessment.summary.notes:
        yield _wrong("Note", one)


def _wrong(sort: str, one: WrongValue) -> dict[str, Shown]:
    return {
        "sort": sort,
        "position": one.position,
        "path": one.path,
        "message": one.message,
        "expected": one.expected,
        "suggestion": one.suggestion or "",
    }
