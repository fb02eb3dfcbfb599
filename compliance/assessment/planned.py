"""The plan of action and milestones, findings from outside, and last days, as they are saved.

Reports read these and nothing else: dates, states and what is overdue are worked out already, as of
the date of the assessment. All dates are ISO strings, all positions ``file:line:column``.
"""

from __future__ import annotations

from dataclasses import dataclass

PROPOSED = "proposed"
"""State of an item that waits for a named person to accept it: it does not count."""
ACCEPTED = "accepted"
"""State of an item that a named person accepted, with owner, milestone and date."""
CLOSED = "closed"
"""State of an item whose gaps are closed."""
PLAN_STATES = (PROPOSED, ACCEPTED, CLOSED)
"""Every state of a plan item."""


@dataclass(frozen=True, slots=True)
class PlanMilestone:
    """One step of a plan item."""

    title: str
    due_on: str | None = None
    done_on: str | None = None


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """Something that happened to a plan item."""

    date: str
    event: str
    """proposed, accepted, added (subjects joined), resolved (some subjects are satisfied),
    regressed (they are gaps again), in_force, closed or reopened."""
    by: str | None = None
    """Who did it, where a person did: an id or a role title."""
    because: str | None = None
    """Why, in words."""
    subjects: tuple[str, ...] = ()
    """The records it is about, as ``kind/id``."""


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What an item costs and who pays."""

    one_time: int | None = None
    """Whole units of the currency, once."""
    yearly: int | None = None
    """Whole units of the currency, each year."""
    currency: str = "USD"
    funding_source: str | None = None
    federal_share: float | None = None
    """Fraction from 0 to 1 that a federal program pays."""
    federal_condition: str | None = None
    """What the federal share depends on."""
    fiscal_year: int | None = None
    """Fiscal year it is asked for."""
    request_status: str | None = None
    """not_requested, planned, requested, approved, funded or denied."""


@dataclass(frozen=True, slots=True)
class PlanCover:
    """The findings of one rule that a plan item is about."""

    policy: str
    rule: str
    kind: str
    requirements: tuple[str, ...] = ()
    """Ids of the requirements the rule covers."""
    subjects: tuple[str, ...] = ()
    """Ids of all records the item is about, within the kind."""
    gaps: tuple[str, ...] = ()
    """Those that are gaps in this assessment (upcoming ones, for an upcoming item)."""
    unclear: tuple[str, ...] = ()
    """Those of which this assessment cannot tell: unknown, in error, or no longer found."""


@dataclass(frozen=True, slots=True)
class PlanItemText:
    """One item of the plan, as of the date of the assessment."""

    id: str
    """Lasting: ``POAM-0001``."""
    title: str
    state: str
    """One of ``PLAN_STATES``."""
    severity: str
    """Highest severity of what it covers."""
    found_on: str
    """When it was found first."""
    basis: str | None = None
    """Strongest basis of the findings it covers; None where it covers none."""
    due_on: str | None = None
    """The date that counts: a person's, else the latest one."""
    due_basis: str | None = None
    """``agency`` where a person set the date; else as ``latest_basis``."""
    latest_on: str | None = None
    """By when rule, bureau or issuer want it done."""
    latest_basis: str | None = None
    """Who sets that time: the basis of the rule's own time, ``bureau`` for the bureau's table, or
    ``issuer``."""
    overdue: bool = False
    """Open, and past ``due_on``."""
    late_milestones: int = 0
    """Milestones of an open item past their date and not done."""
    lacks: tuple[str, ...] = ()
    """For a proposed item: what is missing before it counts, in words."""
    upcoming: bool = False
    """About gaps that are not yet in force."""
    in_force_from: str | None = None
    """For an upcoming item: from when, where the policy says."""
    covers: tuple[PlanCover, ...] = ()
    outside: tuple[str, ...] = ()
    """Findings from outside it answers, by their ids."""
    owner: str | None = None
    accepted_by: str | None = None
    accepted_on: str | None = None
    reopened_on: str | None = None
    """When it was last reopened."""
    closed_on: str | None = None
    remediation: str | None = None
    """What is to be done."""
    milestones: tuple[PlanMilestone, ...] = ()
    cost: PlanCost | None = None
    shared_service: str | None = None
    """A service shared by several agencies that would close it."""
    comment: str | None = None
    history: tuple[PlanEvent, ...] = ()
    """Newest first."""
    position: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is not closed."""
        return self.state != CLOSED

    @property
    def records(self) -> tuple[str, ...]:
        """Every record it is about, as ``kind/id``."""
        return tuple(
            f"{cover.kind}/{subject}" for cover in self.covers for subject in cover.subjects
        )


@dataclass(frozen=True, slots=True)
class OutsideFinding:
    """A finding of somebody who audits the agency: only its issuer closes it."""

    source: str
    """OCR, IRS, CJIS, CMS, SSA, state_auditor or other."""
    number: str
    """The issuer's own number."""
    title: str
    severity: str
    reported_on: str
    source_name: str | None = None
    """The issuer's name, where the source is ``other``."""
    response_due_on: str | None = None
    responded_on: str | None = None
    accepted_by_issuer_on: str | None = None
    """When the issuer accepted the correction: from then on it is closed."""
    open: bool = True
    """Not accepted by the issuer on the date of the assessment."""
    overdue: bool = False
    """Open, unanswered, and past the date for the response."""
    requirements: tuple[str, ...] = ()
    """Ids of requirements it is about."""
    labels: tuple[str, ...] = ()
    """The same as citations, in that order; the id where no policy of this run has it."""
    subjects: tuple[str, ...] = ()
    """Records it is about, as ``kind/id``."""
    description: str | None = None
    response: str | None = None
    items: tuple[str, ...] = ()
    """Plan items that answer it."""
    position: str | None = None

    @property
    def id(self) -> str:
        """Source and number: ``IRS 2026-07``."""
        return f"{self.source} {self.number}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a rule that is satisfied today still will be, if nobody acts."""

    on: str
    """The last day; from the next one on the rule is not satisfied any more."""
    policy: str
    rule: str
    severity: str
    basis: str
    """Weakest basis of the rule and every parameter it reads."""
    subjects: tuple[str, ...]
    """Records as ``kind/id``: those that hold the date, else the subjects of the rule."""
    path: str | None = None
    """Path of the date that decides; None where several facts do, such as a clock's."""
    dated: str | None = None
    """That date as the inventory has it."""
