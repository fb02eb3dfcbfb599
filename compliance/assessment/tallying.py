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


@dataclass(slots=True)
class _Missing:
    severity: str
    subjects: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    findings: int = 0


class Tallying:
    """Adds findings up while they are made."""

    def __init__(self) -> None:
        self._counts: Counter[_Key] = Counter()
        self._missing: dict[str, _Missing] = {}
        self._asked: set[Settling] = set()
        self._rules: dict[tuple[str, str], Counter[str]] = {}

    def add(self, finding: Outline, settling: Sequence[Settling]) -> None:
        """Count one finding.

        Args:
            finding: what was found.
            settling: the facts that would settle it, for an unknown.
        """
        marks = tuple(mark.name for mark in finding.marks) if finding.marks else ()
        policy, status = finding.policy, finding.status
        self._counts[policy, finding.severity, status, finding.basis, marks] += 1
        self._of_rule(policy, finding.rule)[UPCOMING if UPCOMING in marks else status] += 1
        if status == UNKNOWN:
            self._asked.update(settling)
            if UPCOMING not in marks:
                self._wait(finding, settling)

    def add_plain(
        self, policy: str, rule: str, severity: str, basis: str, status: str, findings: int
    ) -> None:  # fmt: skip
        """Count findings of one rule that have no marks."""
        if findings:
            self._counts[policy, severity, status, basis, ()] += findings
            self._of_rule(policy, rule)[status] += findings

    def counts(self) -> tuple[Count, ...]:
        """All counts: by policy, highest severity, worst status, strongest basis, marks."""
        return tuple(
            Count(*key, findings) for key, findings in sorted(self._counts.items(), key=_rank)
        )

    def of_rule(self, policy: str, rule: str) -> dict[str, int]:
        """Findings of a rule and its dated versions by status, those upcoming apart."""
        found = self._of_rule(policy, rule)
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
                found.severity,
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

    def _of_rule(self, policy: str, rule: str) -> Counter[str]:
        key = (policy, rule.partition("@")[0])
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = Counter()
        return found

    def _wait(self, finding: Outline, settling: Sequence[Settling]) -> None:
        rules = [finding.rule]
        if finding.rule == APPLIES:
            rules += finding.rules
        for path in {fact.path for fact in settling}:
            found = self._missing.setdefault(path, _Missing(finding.severity))
            found.severity = min(found.severity, finding.severity, key=SEVERITIES.index)
            found.subjects.update(one.subject for one in settling if one.path == path)
            found.rules.update(f"{finding.policy}/{rule}" for rule in rules)
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
