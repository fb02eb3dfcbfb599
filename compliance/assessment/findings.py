"""Stores of findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.assessment.model import ERROR, GAP, UNKNOWN, Finding, Outline

OPEN_STATUSES = (ERROR, GAP, UNKNOWN)
"""Statuses that ask for something to be done."""


def order(finding: Finding) -> tuple[str, str, str, str]:
    """Sort key of findings: kind, id, policy, rule."""
    return (finding.kind, finding.subject, finding.policy, finding.rule)


class ListedFindings:
    """Findings held one by one, such as those of a saved assessment."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = {finding.id: finding for finding in sorted(findings, key=order)}

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings.values())

    def __len__(self) -> int:
        return len(self._findings)

    def get(self, finding_id: str) -> Finding | None:
        """The finding of that id, or None."""
        return self._findings.get(finding_id)

    def open(self) -> Iterator[Finding]:
        """Errors, gaps and unknowns alone, in order."""
        return (finding for finding in self if finding.status in OPEN_STATUSES)

    def notable(self) -> Iterator[Outline]:
        """All but the satisfied and not applicable ones with nothing more to tell, in order."""
        return (finding for finding in self if _notable(finding))


def _notable(finding: Finding) -> bool:
    more = (finding.marks, finding.inheritance, finding.leaves, finding.message)
    return finding.status in OPEN_STATUSES or any(more)
