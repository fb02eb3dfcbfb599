"""What decided the gaps and unknowns of one policy: worked out once for all that came out alike."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.details import Case, Details, Totals
from compliance.assessment.model import APPLIES, GAP, SATISFIED, UNKNOWN
from compliance.assessment.plan import PolicyPlan, RulePlan, weakest_basis
from compliance.assessment.sketches import Told
from compliance.inventory.store import Record
from compliance.policy.conditions import Group, Leaf, Node, Tally, walk
from compliance.policy.explanation import Explained, explain_rule
from compliance.policy.kleene import OPEN


@dataclass(frozen=True, slots=True)
class Decided:
    """What explains one finding."""

    leaves: Sequence[Explained] = ()
    basis: str = "law"
    """Weakest basis of what decided, the rule's own counted in where it is about one."""
    message: str | None = None
    expect: Explained | None = None
    """What the rule expects, where the engine was asked about it."""
    settling: tuple[str, ...] | None = None
    """For an unknown: paths of the facts that settle it, in order, where these are facts of the
    subject or the agency whatever stands there; None where somebody has to look."""


class Deciders:
    """Says what decided the findings of one policy."""

    def __init__(self, plan: PolicyPlan, details: Details, totals: Mapping[str, Totals]) -> None:
        """Keep what findings are explained with.

        Args:
            plan: the policy's rules.
            details: reads the facts.
            totals: totals of the agency's rules, by rule id.
        """
        self._plan = plan
        self._details = details
        self._totals = totals
        self._sure: dict[tuple[str, str], Decided] = {}
        self._alike: dict[tuple[str | None, ...], Decided] = {}
        self._flat: dict[str, bool] = {}
        self._comparing: dict[str, bool] = {}
        self._plain: dict[str, bool] = {}

    def of(self, plan: RulePlan, status: str, told: Told) -> Decided:
        """What decided a gap or unknown, but for the policy's own condition where that is true.

        Args:
            plan: the rule.
            status: gap or unknown.
            told: what the engine said of the subject.
        """
        outcomes = told.why.outcomes.get(plan.id)
        if outcomes is None:
            return self._without_asking(plan, status, told)
        if not self._is_flat(plan):
            return self._explained(plan, status, told)
        # Where no list is walked, subjects differ in the outcomes of the same leaves alone, which
        # come in the same order.
        key = (plan.id, status, told.application, *outcomes.values())
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = self._explained(plan, status, told)
        return found

    def case(self, plan: RulePlan, record: Record) -> Case:
        """A rule for a subject."""
        return Case(record, plan.expectations, self._totals.get(plan.id, {}))

    def sure(self, plan: RulePlan, status: str) -> tuple[Explained, ...] | None:
        """What always decides a status of a rule; None where the engine must be asked."""
        return plan.sure_gap if status == GAP else plan.sure_unknown

    def alike(self, plan: RulePlan, status: str, told: Told) -> Hashable:
        """The same for subjects that the same tests of the same facts decided alike.

        None for rules whose explanations depend on more than the outcomes of their tests.
        """
        if not self._compares(plan):
            return None
        kind, outcomes = told.record.kind, told.why.outcomes.get(plan.id, {})
        if self._is_flat(plan):
            # What is missing of a link or a derived fact depends on the record.
            if OPEN in outcomes.values() and not self._is_plain(plan):
                return None
            # One object stands for all that came out alike, as long as this one does.
            return plan.id, kind, id(self.of(plan, status, told))
        text = json.dumps(outcomes)
        # So does what is missing of a list or of its members.
        settled = outcomes and f'"{OPEN}"' not in text and '"complete": false' not in text
        return (plan.id, kind, told.application, text) if settled else None

    def _is_plain(self, plan: RulePlan) -> bool:
        """Whether every test of a rule is of a fact that people write."""
        found = self._plain.get(plan.id)
        if found is None:
            nodes = [node for tree in plan.trees.values() for node in walk(tree)]
            leaves = [node for node in nodes if isinstance(node, Leaf)]
            found = self._plain[plan.id] = all(map(self._details.is_plain, leaves))
        return found

    def _compares(self, plan: RulePlan) -> bool:
        """Whether a rule compares facts with values alone, those of members of its lists too."""
        found = self._comparing.get(plan.id)
        if found is None:
            nodes = [node for tree in plan.trees.values() for node in walk(tree)]
            found = self._comparing[plan.id] = all(map(self._details.compares, nodes))
        return found

    def _without_asking(self, plan: RulePlan, status: str, told: Told) -> Decided:
        sure = self.sure(plan, status)
        if sure is None:
            message = told.why.errors.get(plan.id)
            return Decided(basis=plan.rule.basis, message=message)
        key = (plan.id, status)
        found = self._sure.get(key)
        if found is None:
            found = self._sure[key] = self._decided(plan, status, sure)
        return found

    def _explained(self, plan: RulePlan, status: str, told: Told) -> Decided:
        trees: dict[str, Node | None] = dict(plan.trees)
        if told.application != SATISFIED:
            trees[APPLIES] = self._application(plan)
        bound = self._details.bound(self.case(plan, told.record))
        explained = explain_rule(trees, told.why.outcomes[plan.id], bound)
        # The same for an unknown, without working the status out again.
        leaves = explained.settling() if status == UNKNOWN else explained.deciding()
        return self._decided(plan, status, leaves, explained.expect)

    def _decided(
        self,
        plan: RulePlan,
        status: str,
        leaves: Sequence[Explained],
        expect: Explained | None = None,
    ) -> Decided:
        basis = self._plan.basis_of((one.node for one in leaves), plan.date)
        settling = self._details.settling_paths(leaves) if status == UNKNOWN else None
        return Decided(leaves, weakest_basis([plan.rule.basis, basis]), None, expect, settling)

    def _application(self, plan: RulePlan) -> Node | None:
        application = self._plan.applies.get(plan.rule.subject)
        return application.tree if application else None

    def _is_flat(self, plan: RulePlan) -> bool:
        found = self._flat.get(plan.id)
        if found is None:
            application = self._application(plan)
            trees = [*plan.trees.values(), *([application] if application else [])]
            found = self._flat[plan.id] = all(map(_walks_nothing, trees))
        return found


def _walks_nothing(tree: Node) -> bool:
    return all(
        isinstance(node, Group | Leaf) or (isinstance(node, Tally) and node.of is not None)
        for node in walk(tree)
    )
