"""What became of the gaps of one assessment in a later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compliance.assessment.model import Assessment, Finding, Migration, PlanItemText

NEW = "new"
"""A gap that was none before."""
PERSISTING = "persisting"
"""A gap before and after."""
RESOLVED = "resolved"
"""A gap before; satisfied now."""
UNCLEAR = "unclear"
"""A gap before; now nobody can tell: unknown, or the rule could not be evaluated."""
NOT_APPLYING = "not_applying"
"""A gap before; now the rule or its rule set does not apply to the record."""
DEFERRED = "deferred"
"""A gap before; now one that is not yet in force."""
VANISHED = "vanished"
"""A gap before; now the record, the rule or the rule set is not there."""
EFFECTS = (NEW, RESOLVED, PERSISTING, UNCLEAR, VANISHED, NOT_APPLYING, DEFERRED)
"""Every effect on gaps in force."""

AHEAD_NEW, AHEAD_PERSISTING, AHEAD_GONE = "ahead_new", "ahead_persisting", "ahead_gone"
AHEAD = (AHEAD_NEW, AHEAD_PERSISTING, AHEAD_GONE)
"""Every effect on gaps that are not yet in force."""

LOST, LEARNT = "lost", "learnt"
"""What was satisfied and is unknown now; what was unknown and is satisfied now."""

UPCOMING_GAP, UPCOMING_UNKNOWN = "upcoming_gap", "upcoming_unknown"
"""Standings of what fails a rule that is not yet in force."""
ABSENT = "absent"
"""Standing where there is no finding: no such rule set, rule or record."""
STANDINGS = (
    "error", "gap", "unknown", UPCOMING_GAP, UPCOMING_UNKNOWN, "satisfied", "not_applicable",
    ABSENT,
)  # fmt: skip
"""Every standing, worst first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule for one record, before and after."""

    effect: str
    """One of ``EFFECTS`` or ``AHEAD``, or ``LOST`` or ``LEARNT``."""
    before: str
    """One of ``STANDINGS``."""
    after: str
    """One of ``STANDINGS``."""
    why: str
    """Why it is so, in words that follow the record: ``was satisfied before``; may be empty."""
    finding: Finding
    """The later finding where there is one, else the earlier."""
    earlier: Finding | None = None
    """The earlier finding, where both are there."""

    @property
    def regraded(self) -> bool:
        """Whether severity or basis are others than before."""
        old, new = self.earlier, self.finding
        return old is not None and (old.severity, old.basis) != (new.severity, new.basis)


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement that came out otherwise, appeared or vanished."""

    policy: str
    id: str
    label: str
    title: str
    before: str
    """One of ``REQUIREMENT_STATUSES``, or ``ABSENT``."""
    after: str
    upcoming: bool = False
    """Not in force on the later date: it enters no count."""


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter with another value in force."""

    name: str
    title: str
    before: str
    """The value in words, with its unit; ``not there`` where it has none."""
    after: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one rule set came to."""

    requirements: Mapping[str, int]
    """Requirements in force by status."""
    gaps: Mapping[str, int]
    """Gaps in force by severity."""
    unknown: int
    """Unknowns in force."""
    errors: int
    upcoming: int
    """Gaps and unknowns that are not yet in force."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One rule set, before and after."""

    id: str
    title: str
    before: str | None
    """Version; None where it was not used."""
    after: str | None
    numbers_before: Numbers | None = None
    numbers_after: Numbers | None = None
    rebuilt: bool = False
    """The same version with other digests."""
    rules_appeared: tuple[str, ...] = ()
    rules_vanished: tuple[str, ...] = ()
    """Rules without a successor."""
    followed: tuple[Migration, ...] = ()
    """Entries of the migration table by which rules and requirements were followed."""
    retired: tuple[Migration, ...] = ()
    """Entries that say why something vanished."""
    parameters: tuple[ParameterChange, ...] = ()
    engine: tuple[str, str] | None = None
    """Engine before and after, where they differ."""

    @property
    def changed(self) -> bool:
        """Whether its rules may not be the same."""
        return self.before != self.after or self.rebuilt


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs between the two runs and is no outcome."""

    what: str
    before: str
    """Empty where ``after`` says it all."""
    after: str


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """Records of one kind that appeared or vanished."""

    kind: str
    appeared: tuple[str, ...]
    """Ids, in order."""
    vanished: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two assessments of one agency."""

    old: Assessment
    """The earlier one."""
    new: Assessment
    """The later one."""
    policies: tuple[PolicyChange, ...]
    """By id."""
    changes: tuple[Change, ...]
    """By effect, then the most severe first, then by policy, rule and record."""
    transitions: Mapping[tuple[str, str], int]
    """How many rules of records went from one standing to another, none left out."""
    requirements: tuple[RequirementChange, ...]
    """Those that came out otherwise, appeared or vanished."""
    subjects: tuple[SubjectChange, ...]
    differences: tuple[Difference, ...]
    reopened: tuple[PlanItemText, ...] = ()
    """Items of the plan that were closed and are open again."""
    closed: tuple[PlanItemText, ...] = ()
    """Items of the plan that were open and are closed."""

    def of(self, effect: str) -> tuple[Change, ...]:
        """The changes of one effect."""
        return tuple(change for change in self.changes if change.effect == effect)

    def count(self, effect: str, **wanted: str) -> int:
        """How many changes have an effect.

        Args:
            effect: one of ``EFFECTS`` or ``AHEAD``, or ``LOST`` or ``LEARNT``.
            **wanted: values of the finding's fields, such as ``severity="high"``.
        """
        return sum(
            all(getattr(change.finding, name) == value for name, value in wanted.items())
            for change in self.changes
            if change.effect == effect
        )

    @property
    def worse(self) -> bool:
        """Whether there are new gaps, or items of the plan that had to be reopened."""
        return bool(self.reopened) or any(change.effect == NEW for change in self.changes)
