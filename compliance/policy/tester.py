"""The rule tester: hand-written cases, what follows from them, and what they leave undecided.

Every rule needs a satisfied and a gap case written by hand. From each case the tester derives the
documents with one fact taken away and holds them to the deletion property, and subjects out of
scope, which must be not applicable. It then tells which leaves of a condition no case decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.engine.interface import Engine
from compliance.inventory.kinds import Kinds
from compliance.policy.cases import Case
from compliance.policy.deletion import allowed
from compliance.policy.derived_cases import out_of_scope, without_one_fact
from compliance.policy.model import Policy, Rule
from compliance.policy.undecided import deciding_leaves

Document = dict[str, Any]
NEEDED = ("satisfied", "gap")
"""Statuses every rule needs a case of."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case, or one derived from it, that did not come out as it must."""

    case: Case
    expected: str
    """Status, with ``+<mark>``; for a derived case what the status may be."""
    actual: str
    """Status the engine gave, or its error."""
    change: str = ""
    """For a derived case what was changed."""

    def __str__(self) -> str:
        change = f" ({self.change})" if self.change else ""
        where = self.case.place.source.position(self.case.place.path)
        return f"{where}: {self.case.title}{change}: expected {self.expected}, got {self.actual}"


@dataclass
class RuleReport:
    """What the cases of one rule showed."""

    rule: str
    cases: int = 0
    """Cases written by hand."""
    derived: int = 0
    """Cases derived from them."""
    failures: list[Failure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Statuses without a case."""
    undecided: list[str] = field(default_factory=list)
    """Leaves of the condition, in words, that decided no case."""

    @property
    def ok(self) -> bool:
        """Whether nothing failed and nothing that is needed is missing."""
        return not self.failures and not self.missing


@dataclass(frozen=True, slots=True)
class Tried:
    """A case with its input document."""

    case: Case
    document: Document


def run_cases(
    policy: Policy, tried: Sequence[Tried], engine: Engine, kinds: Kinds
) -> list[RuleReport]:
    """Run all cases of a policy and all that follow from them.

    Args:
        policy: the policy.
        tried: its cases with their input documents.
        engine: an engine that evaluates exactly this policy.
        kinds: all kinds.

    Returns:
        A report a rule, in the order of the rules.
    """
    reports = {rule.id: RuleReport(rule.id) for rule in policy.rules}
    by_rule: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        by_rule[one.case.rule].append(one)
        reports[one.case.rule].cases += 1
    statuses = _statuses(engine, tried)
    for one, status in zip(tried, statuses, strict=True):
        if status != one.case.status:
            reports[one.case.rule].failures.append(Failure(one.case, one.case.status, status))
    _check_deletions(reports, tried, statuses, engine, kinds)
    for rule in policy.rules:
        report = reports[rule.id]
        found = {one.case.status.partition("+")[0] for one in by_rule[rule.id]}
        report.missing += [status for status in NEEDED if status not in found]
        _check_scope(policy, rule, report, by_rule[rule.id], engine, found)
        report.undecided += _undecided(policy, rule, by_rule[rule.id], engine)
    return list(reports.values())


def _statuses(engine: Engine, tried: Iterable[Tried]) -> list[str]:
    tried = list(tried)
    evaluations = engine.evaluate([one.document for one in tried])
    return [
        evaluation.statuses.get(one.case.rule)
        or f"error: {evaluation.errors.get(one.case.rule, 'no status')}"
        for one, evaluation in zip(tried, evaluations, strict=True)
    ]


def _check_deletions(
    reports: Mapping[str, RuleReport],
    tried: Sequence[Tried],
    statuses: Sequence[str],
    engine: Engine,
    kinds: Kinds,
) -> None:
    derived = [
        (Tried(one.case, taken.document), before, taken.change)
        for one, before in zip(tried, statuses, strict=True)
        for taken in without_one_fact(one.document, one.case.kind, kinds)
    ]
    after_all = _statuses(engine, (one for one, _, _ in derived))
    for (one, before, change), after in zip(derived, after_all, strict=True):
        report = reports[one.case.rule]
        report.derived += 1
        if not allowed(before, after):
            expected = f"{before} or what the deletion property allows"
            report.failures.append(Failure(one.case, expected, after, change))


def _check_scope(
    policy: Policy,
    rule: Rule,
    report: RuleReport,
    tried: Sequence[Tried],
    engine: Engine,
    found: set[str],
) -> None:
    """A rule with conditions of applicability needs a not-applicable case, derived or written."""
    conditions = [c for c in (policy.applies_to(rule.subject), rule.when) if c is not None]
    if not conditions:
        return
    for condition in conditions:
        derived = [
            Tried(one.case, changed.document)
            for one in tried
            if one.case.status.startswith(NEEDED)
            for changed in out_of_scope(one.document, condition, policy.parameters)
        ]
        outside = _statuses(engine, derived).count("not_applicable")
        report.derived += outside
        if not outside and "not_applicable" not in found:
            report.missing.append("not_applicable")
            return


def _undecided(policy: Policy, rule: Rule, tried: Sequence[Tried], engine: Engine) -> list[str]:
    if rule.written_in_rego:
        return []
    asking = [{**one.document, "why": {rule.id: True}} for one in tried]
    outcomes = [why.outcomes[rule.id] for why in engine.why(asking) if rule.id in why.outcomes]
    applies = policy.applies_to(rule.subject)
    return deciding_leaves(rule, applies, policy.parameters, outcomes)
