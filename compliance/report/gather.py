"""Findings grouped by rule, in one walk and in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

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
    STATUSES,
    UNKNOWN,
    Assessment,
    Finding,
    Inherited,
    Outline,
)

SHOWN = 12
"""Findings of one group that a report for people lists; JSON has them all."""
EXCLUDED = 100
"""Records of one kind to which a policy does not apply that any report lists."""


@dataclass
class Group:
    """Findings of one rule for one kind, with one basis."""

    policy: str
    rule: str
    kind: str
    severity: str
    basis: str
    shown: list[Finding] = field(default_factory=list)
    """The first ones, in the order of the assessment; `SHOWN` unless more were asked for."""
    total: int = 0

    def add(self, finding: Outline, most: int = SHOWN) -> None:
        """Counts a finding and keeps it while there is room."""
        self.total += 1
        if len(self.shown) < most:
            self.shown.append(finding.whole())


class Groups:
    """Groups by policy, rule, kind and basis, kept as they come."""

    def __init__(self, most: int = SHOWN) -> None:
        """Starts without groups.

        Args:
            most: findings of each group that are kept.
        """
        self._most = most
        self._groups: dict[tuple[str, str, str, str], Group] = {}

    def add(self, finding: Outline) -> None:
        """Puts a finding with the others of its policy, rule, kind and basis."""
        key = (finding.policy, finding.rule, finding.kind, finding.basis)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(
                finding.policy, finding.rule, finding.kind, finding.severity, finding.basis
            )
        group.add(finding, self._most)

    def __len__(self) -> int:
        """How many findings there are, not how many groups."""
        return sum(group.total for group in self._groups.values())

    def __iter__(self) -> Iterator[Group]:
        """The groups: most severe first, then by strength of basis, then by number of findings."""
        return iter(sorted(self._groups.values(), key=_rank))


def _rank(group: Group) -> tuple[int, int, int, str, str, str]:
    return (
        SEVERITIES.index(group.severity),
        BASES.index(group.basis),
        -group.total,
        group.policy,
        group.rule,
        group.kind,
    )


@dataclass
class Settled:
    """Findings to which one statement of a provider gave one status."""

    records: list[str] = field(default_factory=list)
    """Subjects as ``kind/id``, each once, in order."""
    rules: set[str] = field(default_factory=set)
    """``policy/rule``."""


class Carried:
    """Findings by the statements that settle them, or would if they held, and by status."""

    def __init__(self) -> None:
        self._settled: dict[Inherited, dict[str, Settled]] = {}

    def add(self, finding: Outline, statements: Iterable[Inherited]) -> None:
        """Puts a finding with the others of each of some statements."""
        for statement in statements:
            key = replace(statement, effect="")
            found = self._settled.setdefault(key, {}).setdefault(finding.status, Settled())
            found.rules.add(f"{finding.policy}/{finding.rule}")
            if finding.record not in found.records[-1:]:
                found.records.append(finding.record)

    def __iter__(self) -> Iterator[tuple[Inherited, list[tuple[str, Settled]]]]:
        """The statements by provider and place, with what they settled, worst status first."""
        for statement in sorted(self._settled, key=_statement_rank):
            found = self._settled[statement]
            yield statement, [(status, found[status]) for status in STATUSES if status in found]


def _statement_rank(statement: Inherited) -> tuple[str, list[str], str]:
    # Numbers in a place by their size: line 9 before line 10, cell A9 before A10.
    place = [
        part.rjust(9, "0") if part.isdigit() else part
        for part in re.split(r"([0-9]+)", statement.position or "")
    ]
    return statement.provider, place, statement.extent


@dataclass
class Gathered:
    """What a report for people lists."""

    errors: Groups = field(default_factory=Groups)
    gaps: Groups = field(default_factory=Groups)
    upcoming: Groups = field(default_factory=Groups)
    decisions: Groups = field(default_factory=Groups)
    """Satisfied by a documented decision."""
    inherited: Carried = field(default_factory=Carried)
    """A provider's statement gave the status, whichever it is."""
    lapsed: Carried = field(default_factory=Carried)
    """A provider's statement would settle what is unknown, but does not hold on this date."""
    excluded: Groups = field(default_factory=Groups)
    """A policy does not apply to the subject."""


def gather(assessment: Assessment, most: int = SHOWN) -> Gathered:
    """Walks the findings of an assessment that have something to tell once.

    Args:
        assessment: the outcome of a run.
        most: findings of one rule, kind and basis that are kept to be listed.
    """
    gathered = Gathered(
        errors=Groups(most),
        gaps=Groups(most),
        upcoming=Groups(most),
        decisions=Groups(most),
        excluded=Groups(min(most, EXCLUDED)),
    )
    for finding in assessment.findings.notable():
        place = _place(finding, gathered)
        if place is not None:
            place.add(finding)
        if finding.mark(INHERITED):
            acting = (one for one in finding.inheritance if one.effect != "none")
            gathered.inherited.add(finding, acting)
        elif finding.status == UNKNOWN and not finding.upcoming:
            gathered.lapsed.add(finding, filter(_would_settle, finding.inheritance))
    return gathered


def _would_settle(statement: Inherited) -> bool:
    """Whether only its dates keep a statement from settling an unknown."""
    settles = statement.provider_status in (SATISFIED, NOT_APPLICABLE)
    return settles and statement.extent == "full" and not statement.valid


def _place(finding: Outline, gathered: Gathered) -> Groups | None:
    place = None
    if finding.upcoming:
        place = gathered.upcoming
    elif finding.status == ERROR:
        place = gathered.errors
    elif finding.status == GAP:
        place = gathered.gaps
    elif finding.rule == APPLIES and finding.status == NOT_APPLICABLE:
        place = gathered.excluded
    elif finding.status == SATISFIED and finding.mark(BY_DOCUMENTED_DECISION):
        place = gathered.decisions
    return place
