"""Counts of findings, and the facts that unknown ones wait for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.assessment.model import (
    APPLIES,
    BASES,
    MARKS,
    SEVERITIES,
    STATUSES,
    UNKNOWN,
    UPCOMING,
    Count,
    FactText,
    MissingFact,
    Outline,
    Settling,
)

_Key = tuple[str, str, str, str, tuple[str, ...]]
"""Policy, severity, status, basis and names of marks."""


@dataclass(slots=True)
class _Missing:
    severity: int
    """Rank of the highest severity."""
    subjects: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    findings: int = 0


class Tallying:
    """Adds findings up while they are made."""

    def __init__(self) -> None:
        self._missing: dict[str, _Missing] = {}
        self._asked: set[Settling] = set()
        self._rules: dict[tuple[str, str], Counter[_Key]] = {}
        """By policy and rule."""
        self._versions: dict[tuple[str, str], Counter[_Key]] = {}
        """The same, dated versions of a rule beside it."""

    def add(self, finding: Outline, settling: Sequence[Settling]) -> None:
        """Count one finding.

        Args:
            finding: what was found.
            settling: the facts that would settle it, for an unknown, in order of their paths.
        """
        policy, status, marks = finding.policy, finding.status, finding.marks
        names = tuple(mark.name for mark in marks) if marks else ()
        key = (policy, finding.severity, status, finding.basis, names)
        self._of_rule(policy, finding.rule)[key] += 1
        if status == UNKNOWN:
            self._asked.update(settling)
            if UPCOMING not in names:
                self._wait(finding, settling)

    def add_plain(
        self, policy: str, rule: str, severity: str, basis: str, status: str, findings: int
    ) -> None:  # fmt: skip
        """Count findings of one rule that have no marks."""
        if findings:
            self._of_rule(policy, rule)[policy, severity, status, basis, ()] += findings

    def counts(self) -> tuple[Count, ...]:
        """All counts: by policy, highest severity, worst status, strongest basis, marks."""
        sums: Counter[_Key] = Counter()
        for counts in self._rules.values():
            sums.update(counts)
        return tuple(Count(*key, findings) for key, findings in sorted(sums.items(), key=_rank))

    def of_rule(self, policy: str, rule: str) -> dict[str, int]:
        """Findings of a rule and its dated versions by status, those upcoming apart."""
        found: Counter[str] = Counter()
        for (_policy, _severity, status, _basis, names), findings in self._of_rule(
            policy, rule
        ).items():
            found[UPCOMING if UPCOMING in names else status] += findings
        return {name: found[name] for name in (*STATUSES, UPCOMING) if found[name]}

    def missing(self, texts: Mapping[str, FactText]) -> tuple[MissingFact, ...]:
        """The facts that unknown findings in force wait for.

        Args:
            texts: title and question of each fact.
        """
        facts = [
            MissingFact(
                path,
                texts[path].title,
                texts[path].question,
                texts[path].asked_of,
                SEVERITIES[found.severity],
                tuple(sorted(found.subjects)),
                tuple(sorted(found.rules)),
                found.findings,
            )
            for path, found in self._missing.items()
        ]
        return tuple(
            sorted(
                facts,
                key=lambda fact: (SEVERITIES.index(fact.severity), -fact.findings, fact.path),
            )
        )

    def missing_paths(self) -> Iterable[str]:
        """Paths of the facts that unknown findings wait for."""
        return self._missing

    def asked(self) -> Iterable[Settling]:
        """What would settle unknown findings, those not yet in force among them."""
        return self._asked

    def _of_rule(self, policy: str, rule: str) -> Counter[_Key]:
        found = self._versions.get((policy, rule))
        if found is None:
            found = self._rules.setdefault((policy, rule.partition("@")[0]), Counter())
            self._versions[policy, rule] = found
        return found

    def _wait(self, finding: Outline, settling: Sequence[Settling]) -> None:
        severity = SEVERITIES.index(finding.severity)
        rules = [f"{finding.policy}/{finding.rule}"]
        if finding.rule == APPLIES:
            rules += [f"{finding.policy}/{rule}" for rule in finding.rules]
        last = None
        for fact in settling:
            found = self._missing.get(fact.path)
            if found is None:
                found = self._missing[fact.path] = _Missing(severity)
            found.subjects.add(fact.subject)
            if fact.path != last:
                last = fact.path
                found.severity = min(found.severity, severity)
                found.rules.update(rules)
                found.findings += 1


def _rank(item: tuple[_Key, int]) -> tuple[object, ...]:
    (policy, severity, status, basis, marks), _ = item
    return (
        policy,
        SEVERITIES.index(severity),
        STATUSES.index(status),
        BASES.index(basis),
        [MARKS.index(mark) for mark in marks],
    )
