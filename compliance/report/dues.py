"""What is due when: every date of an assessment that asks for something to be done."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from compliance.assessment.model import (
    GAP,
    NOT_SANCTIONABLE_UNTIL,
    OUTER_LIMIT_ONLY,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Deadline,
    Finding,
    Inherited,
    Leaf,
    Outline,
    PlanItemText,
)
from compliance.report.plain import enumeration, value
from compliance.report.plan import issuer, standing

PLAN, MILESTONE, OUTSIDE = "plan", "milestone", "finding from outside"
INTERVAL, CLOCK = "interval", "outer limit"
STATEMENT, AHEAD, SANCTION = "provider's statement", "upcoming", "sanctions"
SORTS = (CLOCK, OUTSIDE, PLAN, MILESTONE, INTERVAL, STATEMENT, AHEAD, SANCTION)
"""Every sort of date, the one that bears the least delay first."""
RECORDS_SHOWN = 6
"""Records named in a sentence."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a date."""

    on: str
    """The last day on which it is in time, or the day on which something begins."""
    sort: str
    """One of ``SORTS``."""
    title: str
    text: str
    """What it is about, and what is to be done."""
    key: str
    """Tells it from every other; the same from run to run as long as the date stands."""
    overdue: bool = False
    severity: str | None = None
    basis: str | None = None
    records: tuple[str, ...] = ()
    """As ``kind/id``."""
    position: str | None = None
    policy: str | None = None
    rule: str | None = None


def dues(assessment: Assessment) -> tuple[Due, ...]:
    """Everything with a date, the longest overdue first.

    Args:
        assessment: reduced ones tell less.
    """
    found: dict[str, Due] = {}
    gathering = _Gathering(assessment)
    for one in (*_plan(assessment), *_outside(assessment), *gathering.all()):
        found.setdefault(one.key, one)
    return tuple(sorted(found.values(), key=_rank))


def _rank(one: Due) -> tuple[object, ...]:
    return (one.on, SORTS.index(one.sort), one.title, one.text, one.key)


def within(found: tuple[Due, ...], as_of: str, days: int) -> tuple[Due, ...]:
    """What is overdue, or due within some days.

    Args:
        found: by date.
        as_of: the day to count from.
        days: how many days ahead.
    """
    try:
        last = datetime.date.fromisoformat(as_of) + datetime.timedelta(days)
    except OverflowError:
        last = datetime.date.max
    return tuple(one for one in found if one.overdue or one.on <= last.isoformat())


def _plan(assessment: Assessment) -> Iterator[Due]:
    as_of = assessment.metadata.as_of
    for item in assessment.plan:
        if item.open and item.due_on:
            title, late = f"{item.id} {item.title}", item.due_on < as_of
            made = Due(item.due_on, PLAN, title, standing(item), f"plan/{item.id}", late)
            yield _of_item(made, item)
        for number, step in enumerate(item.milestones if item.open else ()):
            if step.due_on and not step.done_on:
                title, late = f"{item.id} {step.title}", step.due_on < as_of
                text = f"{item.title}; {f'owner {item.owner}' if item.owner else 'no owner yet'}"
                key = f"milestone/{item.id}/{number}/{step.title}"
                yield _of_item(Due(step.due_on, MILESTONE, title, text, key, late), item)


def _of_item(made: Due, item: PlanItemText) -> Due:
    return replace(
        made,
        severity=item.severity,
        basis=item.basis,
        records=item.records,
        position=item.position,
    )


def _outside(assessment: Assessment) -> Iterator[Due]:
    as_of = assessment.metadata.as_of
    for one in assessment.outside:
        answered = one.responded_on is not None and one.responded_on <= as_of
        if one.open and one.response_due_on and not answered:
            yield Due(
                one.response_due_on,
                OUTSIDE,
                f"{issuer(one)} {one.number} {one.title}",
                f"The response is due; reported {one.reported_on}",
                f"outside/{one.id}",
                one.response_due_on < as_of,
                one.severity,
                records=one.subjects,
                position=one.position,
            )


@dataclass(slots=True)
class _Group:
    """Records that share a date."""

    make: Callable[[tuple[str, ...]], Due]
    records: dict[str, None] = field(default_factory=dict)


class _Gathering:
    """Dates of findings and policies, with the records of each."""

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment
        self._as_of = assessment.metadata.as_of
        self._facts = assessment.metadata.facts
        self._groups: dict[tuple[str, ...], _Group] = {}

    def all(self) -> Iterator[Due]:
        """Every date but those of the plan and of findings from outside."""
        for deadline in self._assessment.deadlines:
            yield self._deadline(deadline)
        for outline in self._assessment.findings.notable():
            self._finding(outline)
        for group in self._groups.values():
            yield group.make(tuple(group.records))
        yield from self._policies()

    def _deadline(self, one: Deadline) -> Due:
        title = self._title(one.policy, one.rule)
        records = enumeration(one.subjects[:RECORDS_SHOWN], len(one.subjects))
        if one.path and one.dated:
            ahead = one.dated > self._as_of
            words = "" if ahead else ", recent enough up to this day"
            text = f"{records}: {self._fact(one.path)} {one.dated}{words}"
            return self._of_rule(one, INTERVAL, title, text, one.path)
        if self._outer_limit(one):
            text = f"{records}: the last day of the outer limit; the duty may fall due before it"
            return self._of_rule(one, CLOCK, title, text, "")
        return self._of_rule(one, INTERVAL, title, f"{records}: satisfied up to this day", "")

    def _of_rule(self, one: Deadline, sort: str, title: str, text: str, path: str) -> Due:
        key = f"last-day/{one.policy}/{one.rule}/{path}/{one.on}/{one.dated or ''}"
        return Due(
            one.on, sort, title, text, key, False, one.severity, one.basis, one.subjects,
            policy=one.policy, rule=one.rule,
        )  # fmt: skip

    def _outer_limit(self, one: Deadline) -> bool:
        agency = self._assessment.metadata.agency
        kind, _, subject = one.subjects[0].partition("/")
        found = self._assessment.findings.get(f"{agency}/{one.policy}/{one.rule}/{kind}:{subject}")
        return found is not None and found.mark(OUTER_LIMIT_ONLY) is not None

    def _finding(self, outline: Outline) -> None:
        for statement in outline.inheritance:
            self._statement(outline, statement)
        if outline.status == GAP and not outline.upcoming:
            finding = outline.whole()
            for leaf in finding.leaves:
                day = over_on(leaf, self._as_of)
                if day is not None:
                    self._late(finding, leaf, day)
        for name, sort, words in (
            (UPCOMING, AHEAD, "a gap from this day on, unless something is done"),
            (NOT_SANCTIONABLE_UNTIL, SANCTION, "a gap that can be sanctioned from this day on"),
        ):
            mark = outline.mark(name)
            if mark is not None and mark.date and outline.status == GAP:
                self._marked(outline, mark.date, sort, words)

    def _late(self, finding: Finding, leaf: Leaf, day: str) -> None:
        """A date that lies too far back."""
        policy, rule, severity, basis = (
            finding.policy, finding.rule, finding.severity, finding.basis
        )  # fmt: skip

        def make(records: tuple[str, ...]) -> Due:
            named = enumeration(records[:RECORDS_SHOWN], len(records))
            text = f"{named}: {self._fact(leaf.path)} {leaf.observed}, too long ago"
            key = f"last-day/{policy}/{rule}/{leaf.path}/{day}/{leaf.observed}"
            return Due(
                day, INTERVAL, self._title(policy, rule), text, key, True, severity, basis, records,
                policy=policy, rule=rule,
            )  # fmt: skip

        self._add((policy, rule, severity, basis, leaf.path, day), leaf.subject, make)

    def _marked(self, outline: Outline, day: str, sort: str, words: str) -> None:
        policy, rule, severity, basis = (
            outline.policy, outline.rule, outline.severity, outline.basis
        )  # fmt: skip

        def make(records: tuple[str, ...]) -> Due:
            named = enumeration(records[:RECORDS_SHOWN], len(records))
            return Due(
                day, sort, self._title(policy, rule), f"{named}: {words}",
                f"{sort}/{policy}/{rule}/{severity}/{basis}/{day}", False, severity, basis,
                records, policy=policy, rule=rule,
            )  # fmt: skip

        self._add((sort, policy, rule, severity, basis, day), outline.record, make)

    def _statement(self, outline: Outline, one: Inherited) -> None:
        """A provider's statement that ends, or has ended and would still settle something."""
        if one.expires_on is None or (one.assessed_on or "") > self._as_of:
            return
        over = one.expires_on < self._as_of
        if over and (outline.status != UNKNOWN or outline.upcoming):
            return
        day, provider, position = one.expires_on, one.provider, one.position
        does = "it has ended: get a new one" if over else "get a new one before it ends"

        def make(records: tuple[str, ...]) -> Due:
            named = enumeration(records[:RECORDS_SHOWN], len(records))
            return Due(
                day, STATEMENT, f"Statement of {provider} ({one.extent})", f"{named}: {does}",
                f"statement/{provider}/{one.extent}/{day}/{position or ''}", over,
                records=records, position=position,
            )  # fmt: skip

        self._add(("statement", provider, one.extent, day, position or ""), outline.record, make)

    def _add(
        self, key: tuple[str, ...], record: str, make: Callable[[tuple[str, ...]], Due]
    ) -> None:
        self._groups.setdefault(key, _Group(make)).records[record] = None

    def _policies(self) -> Iterator[Due]:
        """Requirements and values of parameters that begin, or end, later."""
        for policy in self._assessment.policies:
            for one in policy.requirements:
                for date, sort, words in (
                    (one.in_force_from, AHEAD, "in force from this day on"),
                    (one.enforced_from, SANCTION, "enforced from this day on"),
                    (one.sanctioned_from, SANCTION, "sanctioned from this day on"),
                    (one.until, AHEAD, "in force up to this day"),
                ):
                    if date and date > self._as_of:
                        title = f"{one.cited} {one.title}".strip()
                        key = f"requirement/{policy.id}/{one.id}/{words}"
                        yield Due(date, sort, title, words, key, policy=policy.id)
            for parameter in policy.parameters:
                unit = f" {parameter.unit}" if parameter.unit else ""
                for date, coming in parameter.upcoming:
                    if date > self._as_of:
                        text = f"the policy's value becomes {value(coming)}{unit}"
                        key = f"parameter/{policy.id}/{parameter.name}/{date}"
                        yield Due(date, AHEAD, parameter.title, text, key, policy=policy.id)

    def _title(self, policy: str, rule: str) -> str:
        run = self._assessment.policy(policy)
        found = run.rule(rule) if run else None
        return found.title if found else f"{policy}/{rule}"

    def _fact(self, path: str) -> str:
        fact = self._facts.get(path)
        return fact.title if fact else path


def over_on(leaf: Leaf, as_of: str) -> str | None:
    """The last day on which a date that is too old was not; None for other leaves.

    Args:
        leaf: what a gap rests on.
        as_of: date of the assessment.
    """
    cut_off, observed = leaf.expected.cut_off, leaf.observed
    if cut_off is None or leaf.outcome != "false" or not isinstance(observed, str):
        return None
    try:
        first, given = datetime.date.fromisoformat(cut_off), datetime.date.fromisoformat(observed)
        allowed = datetime.date.fromisoformat(as_of) - first
        return (given + allowed).isoformat() if given < first and allowed.days > 0 else None
    except (ValueError, OverflowError):
        return None
