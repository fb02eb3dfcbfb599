"""The outcome of one run: findings, what they were worked out from, and every text a report prints.

An :class:`Assessment` needs nothing beside it: rule and requirement texts, questions, citations and
resolved values are copied in, so that a saved one is rendered again later without the inventory
or the policy. All dates are ISO strings (``2026-11-23``), all positions ``file:line:column``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.assessment.planned import (
    Deadline,
    OutsideFinding,
    PlanCost,
    PlanCover,
    PlanEvent,
    PlanItemText,
    PlanMilestone,
)
from compliance.assessment.stores import Findings, Outline
from compliance.assessment.texts import (
    AskedRecord,
    FactText,
    GroupExtent,
    ParameterText,
    PolicyRun,
    RequirementText,
    RuleText,
)
from compliance.policy.model import (
    APPLIES,
    BASES,
    DECISION_MARK,
    GAP,
    NOT_APPLICABLE,
    OUTER_LIMIT_MARK,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    Migration,
)

ERROR = "error"
"""Status of a rule that could not be evaluated for a subject."""
STATUSES = (ERROR, GAP, UNKNOWN, SATISFIED, NOT_APPLICABLE)
"""Every status of a finding, worst first."""
ASSURANCES = ("attested", "imported", "referenced", "asserted")
"""Every assurance, strongest first."""
REQUIREMENT_STATUSES = ("not_met", "unknown", "met", "not_assessable", "not_applicable")
"""Every status of a requirement, worst first."""

UPCOMING = "upcoming"
INHERITED = "inherited"
BY_DOCUMENTED_DECISION = DECISION_MARK
OUTER_LIMIT_ONLY = OUTER_LIMIT_MARK
NOT_SANCTIONABLE_UNTIL = "not_sanctionable_until"
MARKS = (
    UPCOMING, INHERITED, BY_DOCUMENTED_DECISION, OUTER_LIMIT_ONLY, NOT_SANCTIONABLE_UNTIL,
)  # fmt: skip


__all__ = [
    "APPLIES", "ASSURANCES", "BASES", "BY_DOCUMENTED_DECISION", "ERROR", "GAP", "INHERITED",
    "MARKS", "NOT_APPLICABLE", "NOT_SANCTIONABLE_UNTIL", "OUTER_LIMIT_ONLY",
    "REQUIREMENT_STATUSES", "SATISFIED", "SEVERITIES", "STATUSES", "UNKNOWN", "UPCOMING",
    "AskedRecord", "Assessment", "Count", "Deadline", "Expected", "FactText", "Finding", "Findings",
    "GroupExtent",
    "Inherited", "Leaf", "Mark", "Metadata", "Migration", "MissingFact", "Outline",
    "OutsideFinding",
    "ParameterText",
    "PlanCost", "PlanCover", "PlanEvent", "PlanItemText", "PlanMilestone", "PolicyRun",
    "Provenance", "RequirementText", "RuleText", "Settling", "Summary", "WrongValue",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Qualifies a status without changing it."""

    name: str
    """One of ``MARKS``."""
    date: str | None = None
    """For ``upcoming`` and ``not_sanctionable_until``: the first day it no longer holds, where the
    policy names one (a proposed policy has none)."""
    provider: str | None = None
    """For ``inherited``: who carries the requirement, such as ``vendor/central-it``."""

    @property
    def text(self) -> str:
        """The mark as a person reads it: ``upcoming from 2027-01-01``."""
        words = self.name.replace("_", " ")
        if self.name == UPCOMING and self.date:
            return f"{words} from {self.date}"
        if self.provider:
            return f"{words} from {self.provider}"
        return f"{words} {self.date}" if self.date else words


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from and how well it is known."""

    assurance: str
    """One of ``ASSURANCES``."""
    source: str | None = None
    reported_on: str | None = None
    by: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a leaf asks of its fact, with parameters and dates worked out."""

    text: str
    """Words that follow the fact's title: ``at most 15 minutes``, ``on or after 2026-05-27``."""
    value: Any = None
    """What is compared with: a literal, the parameter's value in force, or the other fact's value;
    None where the test takes none or the value is not known."""
    parameter: str | None = None
    """Name of the parameter the value comes from."""
    fact: str | None = None
    """Path of the other fact the value comes from."""
    cut_off: str | None = None
    """The date that ``as_of`` and a number of days come to."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test of one fact, as it came out for one finding."""

    id: str
    """Node id in the rule's condition; its first part is ``applies``, ``when``, ``expect`` or
    ``otherwise``."""
    path: str
    """Path of the fact headed by its kind: ``vendor.baa.status``."""
    subject: str
    """Record the value belongs to, such as ``vendor/v1``: not always the finding's own subject."""
    test: str
    """Name of the operator, or ``count``, ``share`` or ``rego`` where no single fact is read."""
    expected: Expected
    outcome: str
    """true, false or unknown."""
    state: str = "known"
    """``known`` (``observed`` holds the value), ``missing``, ``wrong`` (a value that fails its
    schema was written) or ``withheld`` (a sensitive fact: known, never written)."""
    observed: Any = None
    element: str | None = None
    """For a member of a list of plain values or embedded objects: its number from 0."""
    position: str | None = None
    """``file:line:column`` of the value, None where it was not written down."""
    provenance: Provenance | None = None
    """None where there is no value."""

    @property
    def part(self) -> str:
        """applies, when, expect or otherwise."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Settling:
    """A fact that would settle an unknown finding, and the record it is missing from."""

    path: str
    """Path headed by its kind; ``agency.complete.vendor`` says that a list is complete."""
    subject: str
    """Record to complete, such as ``system/payroll``."""
    element: str | None = None
    """For a member of a list of embedded objects: its number from 0."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """A provider's statement that covers a finding, and what it did to the status."""

    provider: str
    """``kind/id``."""
    extent: str
    """full or shared."""
    provider_status: str
    """The worse of what the statement says and the provider's own findings."""
    valid: bool
    """False where the statement has expired or is dated after ``as_of``, or has no date."""
    effect: str
    """``none``, or the status the statement gave the finding."""
    assessed_on: str | None = None
    expires_on: str | None = None
    consumer_does: str | None = None
    by: str | None = None
    evidence: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The status of one rule for one subject."""

    agency: str
    policy: str
    rule: str
    """Rule id, ``applies``, or ``<rule>@<date>`` for a parameter value not yet in force."""
    kind: str
    subject: str
    """Id of the subject within its kind."""
    evaluated: str
    """The engine's status, before inheritance and dates."""
    status: str
    severity: str
    basis: str
    """Weakest basis of what decided the status."""
    assurance: str | None = None
    """Weakest assurance of the known facts that decided it; None where no fact is known."""
    covers: tuple[str, ...] = ()
    """Requirement ids."""
    name: str | None = None
    """The subject's own name, where it has one."""
    units: tuple[str, ...] = ()
    """Ids of the units the subject belongs to, as far as the inventory says."""
    owner: str | None = None
    """The person (an id) or role that answers for the subject, as far as the inventory says."""
    marks: tuple[Mark, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    """The leaves that decided a gap or left it unknown; empty for other findings."""
    settling: tuple[Settling, ...] = ()
    """For an unknown: the facts that would settle it."""
    inheritance: tuple[Inherited, ...] = ()
    rules: tuple[str, ...] = ()
    """For the unknown finding ``applies``: the rules that wait for it."""
    message: str | None = None
    """For ``error``: what the engine said. For ``not_applicable``: the reason."""
    ways: tuple[tuple[Settling, ...], ...] = ()
    """For a gap: the sets of facts, each of which would close it if all of them changed as the rule
    asks. Empty where that is one set, the facts of the leaves under ``expect``."""

    @property
    def id(self) -> str:
        """``agency/policy/rule/kind:id``, the same from run to run."""
        return f"{self.agency}/{self.policy}/{self.rule}/{self.kind}:{self.subject}"

    @property
    def record(self) -> str:
        """The subject as ``kind/id``."""
        return f"{self.kind}/{self.subject}"

    def mark(self, name: str) -> Mark | None:
        """The mark of that name, or None."""
        return next((mark for mark in self.marks if mark.name == name), None)

    @property
    def upcoming(self) -> bool:
        """Whether what failed is not yet in force: it counts neither in headlines nor in scores."""
        return any(mark.name == UPCOMING for mark in self.marks)

    @property
    def alike(self) -> None:
        """Nothing: the finding is here, so that nobody needs another one like it."""
        return None

    def whole(self) -> Finding:
        """The finding itself: it is an outline with everything there."""
        return self


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings share severity, status, basis and marks."""

    policy: str
    severity: str
    status: str
    basis: str
    marks: tuple[str, ...]
    """Names of marks, in the order of ``MARKS``."""
    findings: int


@dataclass(frozen=True, slots=True)
class MissingFact:
    """One fact that unknown findings wait for."""

    path: str
    title: str
    question: str
    asked_of: str
    severity: str
    """Highest severity of the findings that wait for it."""
    subjects: tuple[str, ...]
    """Records to complete, as ``kind/id``, in order."""
    rules: tuple[str, ...]
    """``policy/rule``, in order."""
    findings: int


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A value that fails its fact's schema, or names what is not there."""

    position: str
    path: str
    message: str
    expected: str = ""
    suggestion: str | None = None
    as_unknown: bool = True
    """It was evaluated as unknown; else as it stands, and no rule looks for it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a headline and a table are made of."""

    counts: tuple[Count, ...]
    missing_facts: tuple[MissingFact, ...]
    """Most severe first, then those that most findings wait for."""
    wrong_values: tuple[WrongValue, ...]
    notes: tuple[WrongValue, ...] = ()
    """What is no slip but must not go unsaid, in the same form."""
    asked: tuple[AskedRecord, ...] = ()
    """The records that facts are missing of, by subject and member."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was assessed, when, and with what."""

    program_version: str
    as_of: str
    agency: str
    agency_name: str | None
    inventory: Mapping[str, str]
    """SHA-256 of each file, by its path as the user gave it."""
    subjects: Mapping[str, int]
    """Number of records by kind."""
    facts: Mapping[str, FactText] = field(default_factory=dict)
    """Texts of the facts the policies read, by path."""
    marking: str | None = None
    """Handling marking that every report carries."""
    detail: str = "full"
    """How much of the outcome is here: all of it, or what ``--detail`` named."""
    complete: Mapping[str, str] = field(default_factory=dict)
    """Kinds of which the agency says that every record is listed, with the day it says so."""
    known_facts: Mapping[str, int] = field(default_factory=dict)
    """Of the facts that the policies read: how many are known of all records together, by kind."""
    read_facts: Mapping[str, int] = field(default_factory=dict)
    """How many could be known, by kind."""
    schema: int = 1


@dataclass(frozen=True)
class Assessment:
    """The outcome of one run as of one date."""

    metadata: Metadata
    policies: tuple[PolicyRun, ...]
    findings: Findings
    summary: Summary
    plan: tuple[PlanItemText, ...] = ()
    """The plan of action and milestones, by id."""
    outside: tuple[OutsideFinding, ...] = ()
    """Findings from outside, by source and number."""
    deadlines: tuple[Deadline, ...] = ()
    """Until when satisfied rules stay so, the next day first."""

    def policy(self, policy_id: str) -> PolicyRun | None:
        """The policy of that id, or None."""
        return next((policy for policy in self.policies if policy.id == policy_id), None)
