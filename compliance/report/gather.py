"""Findings grouped by rule, in one walk and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from compliance.assessment.model import (
    APPLIES,
    BASES,
    BY_DOCUMENTED_DECISION,
    ERROR,
    GAP,
    INHERITED,
    NOT_APPLICABLE,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    Assessment,
    Finding,
)

SHOWN = 12
"""Findings of one group that a report for people lists; JSON has them all."""


@dataclass
class Group:
    """Findings of one rule with one basis."""

    policy: str
    rule: str
    severity: str
    basis: str
    shown: list[Finding] = field(default_factory=list)
    """The first `SHOWN`, in the order of the assessment."""
    total: int = 0

    def add(self, finding: Finding) -> None:
        """Counts a finding and keeps it while there is room."""
        self.total += 1
        if len(self.shown) < SHOWN:
            self.shown.append(finding)


class Groups:
    """Groups by policy, rule and basis, kept as they come."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str], Group] = {}

    def add(self, finding: Finding) -> None:
        """Puts a finding with the others of its policy, rule and basis."""
        key = (finding.policy, finding.rule, finding.basis)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(
                finding.policy, finding.rule, finding.severity, finding.basis
            )
        group.add(finding)

    def __len__(self) -> int:
        """How many findings there are, not how many groups."""
        return sum(group.total for group in self._groups.values())

    def __iter__(self) -> Iterator[Group]:
        """The groups: most severe first, then by strength of basis, then by number of findings."""
        return iter(sorted(self._groups.values(), key=_rank))


def _rank(group: Group) -> tuple[int, int, int, str, str]:
    return (
        SEVERITIES.index(group.severity),
        BASES.index(group.basis),
        -group.total,
        group.policy,
        group.rule,
    )


@dataclass
class Gathered:
    """What a report for people lists."""

    errors: Groups = field(default_factory=Groups)
    gaps: Groups = field(default_factory=Groups)
    upcoming: Groups = field(default_factory=Groups)
    decisions: Groups = field(default_factory=Groups)
    """Satisfied by a documented decision."""
    inherited: Groups = field(default_factory=Groups)
    """A provider's statement gave the status, whichever it is."""
    undecided: Groups = field(default_factory=Groups)
    """Whether a policy applies to the subject is unknown."""
    excluded: Groups = field(default_factory=Groups)
    """A policy does not apply to the subject."""


def gather(assessment: Assessment) -> Gathered:
    """Walks all findings of an assessment once."""
    gathered = Gathered()
    for finding in assessment.findings:
        for groups in _places(finding, gathered):
            groups.add(finding)
    return gathered


def _places(finding: Finding, gathered: Gathered) -> Iterator[Groups]:
    if finding.upcoming:
        yield gathered.upcoming
    elif finding.status == ERROR:
        yield gathered.errors
    elif finding.status == GAP:
        yield gathered.gaps
    elif finding.rule == APPLIES and finding.status == UNKNOWN:
        yield gathered.undecided
    elif finding.rule == APPLIES and finding.status == NOT_APPLICABLE:
        yield gathered.excluded
    elif finding.status == SATISFIED and finding.mark(BY_DOCUMENTED_DECISION):
        yield gathered.decisions
    if finding.mark(INHERITED):
        yield gathered.inherited
