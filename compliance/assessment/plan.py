"""What is known about each rule before any subject is looked at, worked out once a run."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from compliance.assessment.dates import Force, rule_force
from compliance.assessment.expectation import Expectations
from compliance.assessment.model import BASES
from compliance.assessment.parameters import Parameters
from compliance.policy.conditions import Leaf, Node, Parameter, Quantifier, Tally, walk
from compliance.policy.explanation import Explained, explain, forced
from compliance.policy.kleene import FALSE, OPEN, TRUE
from compliance.policy.model import Policy, Rule


@dataclass(frozen=True, slots=True)
class RulePlan:
    """One rule, or one dated version of it, as an engine knows it."""

    id: str
    """``idle-logoff``, or ``idle-logoff@2027-01-01``."""
    rule: Rule
    date: str | None
    """For a dated version: the first day of the coming parameter value."""
    force: Force
    trees: Mapping[str, Node]
    """``when``, ``expect`` and ``otherwise``, as far as the rule has them."""
    expectations: Expectations
    satisfied_basis: str
    """Weakest basis of the rule and every parameter it reads."""
    sure_gap: tuple[Explained, ...] | None
    """What decides every gap of the rule, beside the policy's own condition; None where that
    differs from subject to subject, so that the engine is asked."""
    sure_unknown: tuple[Explained, ...] | None
    """The same for every unknown of a subject the policy applies to."""
    plain: bool
    """A satisfied or not applicable outcome is a finding as it is."""
    ordinary: bool
    """A gap or unknown outcome, too, is a finding as it is."""


@dataclass(frozen=True)
class PolicyPlan:
    """All rules of one policy."""

    policy: Policy
    parameters: Parameters
    rules: Mapping[str, RulePlan]
    """By the engine's id, sorted."""
    by_kind: Mapping[str, tuple[RulePlan, ...]]
    applies: Mapping[str, ApplicationPlan]
    """By kind of subject, for kinds whose application is a condition."""
    _bases: dict[tuple[int, str | None], str] = field(default_factory=dict, repr=False)
    """Basis by identity of a node, which lives as long as the policy."""

    def basis_of(self, nodes: Iterable[Node], date: str | None) -> str:
        """The weakest basis of the parameters some nodes read; ``law`` where they read none.

        A list that is walked reads none itself: the leaves of its elements speak for themselves.
        """
        return weakest_basis(self._basis_of(node, date) for node in nodes)

    def _basis_of(self, node: Node, date: str | None) -> str:
        key = (id(node), date)
        if key not in self._bases:
            names = _own_parameters(node)
            bases = (self.parameters.in_force(name, date).basis for name in names)
            self._bases[key] = weakest_basis(bases)
        return self._bases[key]


@dataclass(frozen=True, slots=True)
class ApplicationPlan:
    """The condition under which a policy applies to subjects of a kind."""

    tree: Node
    expectations: Expectations
    sure: Mapping[str, tuple[Explained, ...] | None]
    """What decides an outcome (true, false, unknown), where that is always the same."""


def plan_policy(policy: Policy, parameters: Parameters, as_of: datetime.date) -> PolicyPlan:
    """Prepare a policy.

    Args:
        policy: the policy as its bundle holds it.
        parameters: its parameters with the agency's choices.
        as_of: date of the assessment.
    """
    plans = {}
    for rule in policy.rules:
        for date in (None, *_coming_dates(policy, rule)):
            expectations = Expectations(partial(parameters.in_force, date=date), as_of)
            plan = _plan(policy, parameters, rule, date, expectations, as_of)
            plans[plan.id] = plan
    today = Expectations(parameters.in_force, as_of)
    applies = {}
    for kind in policy.subjects:
        tree = policy.applies_to(kind)
        if tree is not None:
            sure = {value: _sure([(tree, value)]) for value in (TRUE, FALSE, OPEN)}
            applies[kind] = ApplicationPlan(tree, today, sure)
    return PolicyPlan(
        policy,
        parameters,
        dict(sorted(plans.items())),
        {
            kind: tuple(plans[name] for name in sorted(plans) if plans[name].rule.subject == kind)
            for kind in policy.subjects
        },
        applies,
    )


def _coming_dates(policy: Policy, rule: Rule) -> list[str]:
    """The dates for which a bundle has another version of a rule: a parameter's values change."""
    names = {name for tree in rule.conditions.values() for name in parameters_of(tree)}
    return sorted(
        {value.in_force_from for name in names for value in policy.parameters[name].values}
    )


def parameters_of(node: Node) -> frozenset[str]:
    """Names of the parameters that a node and all below it read."""
    found: set[str] = set()
    for part in walk(node):
        values: tuple[Any, ...] = ()
        if isinstance(part, Leaf):
            values = (part.value, part.days)
        elif isinstance(part, Tally):
            values = (part.value,)
        found.update(value.name for value in values if isinstance(value, Parameter))
    return frozenset(found)


def _own_parameters(node: Node) -> frozenset[str]:
    if isinstance(node, Quantifier):
        return frozenset()
    if isinstance(node, Tally) and node.of is None:
        return parameters_of(replace(node, where=None, expect=None))
    return parameters_of(node)


def weakest_basis(bases: Iterable[str]) -> str:
    """The weakest of some bases; the strongest there is, ``law``, of none."""
    return BASES[max((BASES.index(basis) for basis in bases), default=0)]


def _plan(
    policy: Policy,
    parameters: Parameters,
    rule: Rule,
    date: str | None,
    expectations: Expectations,
    as_of: datetime.date,
) -> RulePlan:
    trees = rule.conditions
    force = rule_force(rule, policy.requirements_by_id, policy.binding, as_of.isoformat())
    bases = [
        parameters.in_force(name, date).basis
        for tree in trees.values()
        for name in parameters_of(tree)
    ]
    expected = [(trees[root], FALSE) for root in ("expect", "otherwise") if root in trees]
    when = [(trees["when"], TRUE)] if "when" in trees else []
    lone = "when" not in trees and "otherwise" not in trees
    return RulePlan(
        id=f"{rule.id}@{date}" if date else rule.id,
        rule=rule,
        date=date,
        force=force,
        trees=trees,
        expectations=expectations,
        satisfied_basis=weakest_basis([rule.basis, *bases]),
        sure_gap=_sure([*when, *expected]),
        sure_unknown=_sure([(trees["expect"], OPEN)]) if lone else None,
        plain=date is None and force.ended is None,
        ordinary=date is None and force.plain,
    )


def _sure(wanted: Iterable[tuple[Node, str]]) -> tuple[Explained, ...] | None:
    """The leaves of trees whose roots leave no choice; None where one leaves a choice."""
    found: list[Explained] = []
    for tree, value in wanted:
        outcomes = forced(tree, value)
        if outcomes is None:
            return None
        found += _leaves(explain(tree, outcomes, lambda _value, _scope: None))
    return tuple(found)


def _leaves(explained: Explained) -> Iterable[Explained]:
    if not explained.children:
        yield explained
    for child in explained.children:
        yield from _leaves(child)
