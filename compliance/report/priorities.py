"""What to do first."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assessment.model import SEVERITIES, MissingFact
from compliance.report.gather import Group
from compliance.report.texts import Texts

EFFORTS = ("small", "medium", "large")
"""Every effort, least first."""


def fix_first(gaps: Iterable[Group], texts: Texts) -> list[Group]:
    """Gaps in the order to begin with: the gravest, and of these the ones of the least work."""
    return sorted(gaps, key=lambda one: (SEVERITIES.index(one.severity), _work(one, texts)))


def _work(group: Group, texts: Texts) -> int:
    rule = texts.rule(group)
    known = rule is not None and rule.effort in EFFORTS
    return EFFORTS.index(str(rule.effort)) if rule is not None and known else len(EFFORTS)


def ask_first(facts: Iterable[MissingFact]) -> list[MissingFact]:
    """Missing facts in the order to ask for: those that most findings wait for."""
    return sorted(facts, key=lambda one: -one.findings)
