"""Every open finding in the order that reports list them, one after the other.

Formats that people sort and filter themselves list findings singly, not by rule with the first few
records; the order is the same: by sort, then as :class:`compliance.report.gather.Groups` has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import ERROR, GAP, UNKNOWN, UPCOMING, Assessment, Finding, Outline
from compliance.report.detail import FULL
from compliance.report.gather import Group, Groups

OPEN = (ERROR, GAP, UNKNOWN, UPCOMING)
"""The sorts of open findings in the order of a list: what is not yet in force comes last."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list."""

    sort: str
    """One of ``OPEN``."""
    group: Group
    """The findings of the same rule, kind and basis; it holds how many, and the first alone."""
    finding: Finding
    findings: int = 1
    """How many findings the entry stands for: more than one where records are not named."""


class OpenFindings:
    """The open findings of an assessment by sort, gravest first."""

    def __init__(self, assessment: Assessment) -> None:
        # Without names, findings of one group are all the same: one entry stands for all.
        self._named = assessment.metadata.detail == FULL
        self._outlines: dict[str, list[Outline]] = {sort: [] for sort in OPEN}
        self._groups = {sort: Groups(most=1) for sort in OPEN}
        for outline in assessment.findings.notable():
            sort = sort_of(outline)
            if sort is not None:
                self._groups[sort].add(outline)
                if self._named:
                    self._outlines[sort].append(outline)

    def count(self, sort: str) -> int:
        """How many findings of a sort there are."""
        return len(self._groups[sort])

    def of(self, sort: str) -> Iterator[Listed]:
        """The entries of one sort: those of a rule together, the gravest first."""
        groups = list(self._groups[sort])
        if not self._named:
            for group in groups:
                yield Listed(sort, group, group.shown[0], group.total)
            return
        places = {_key(group): place for place, group in enumerate(groups)}
        # Sorting keeps the order by kind and id among the findings of a group.
        for outline in sorted(self._outlines[sort], key=lambda one: places[_key(one)]):
            yield Listed(sort, groups[places[_key(outline)]], outline.whole())


def sort_of(finding: Outline) -> str | None:
    """Which sort of open finding one is; None for one that is not open."""
    if finding.status not in (ERROR, GAP, UNKNOWN):
        return None
    return UPCOMING if finding.upcoming else finding.status


def _key(finding: Outline | Group) -> tuple[str, str, str, str]:
    return finding.policy, finding.rule, finding.kind, finding.basis
