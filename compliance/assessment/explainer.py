"""From drafts to findings: the leaves that decided a status, its basis, what settles it.

The engine is asked ``why`` only where the tree leaves a choice. A gap of a rule with one leaf has
that leaf false; of a rule with an ``any``, all leaves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace

from compliance.assessment.decided import Decided, Deciders
from compliance.assessment.details import (
    Case,
    Details,
    Totals,
    leaf_assurance,
    weakest_assurance,
)
from compliance.assessment.mending import Way, mending, ways_told
from compliance.assessment.model import (
    APPLIES,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    Finding,
    Leaf,
    Outline,
    Settling,
)
from compliance.assessment.plan import PolicyPlan, RulePlan, weakest_basis
from compliance.assessment.sketches import Sketch, Told
from compliance.assessment.subject import Draft, Judged
from compliance.engine.interface import Why
from compliance.inventory.store import Record
from compliance.policy.conditions import Node
from compliance.policy.explanation import deciding, explain, forced
from compliance.policy.kleene import FALSE, OPEN, TRUE

_NONE: Mapping[str, str] = {}
_ROOTS = {SATISFIED: TRUE, NOT_APPLICABLE: FALSE, UNKNOWN: OPEN}


class Explainer:
    """Completes the drafts of one policy."""

    def __init__(
        self, plan: PolicyPlan, details: Details, agency: str, totals: Mapping[str, Totals]
    ) -> None:
        """Keep what findings are made of.

        Args:
            plan: the policy's rules.
            details: reads the facts.
            agency: the agency's id.
            totals: totals of the agency's rules, by rule id.
        """
        self._plan = plan
        self._details = details
        self._agency = agency
        self._deciders = Deciders(plan, details, totals)
        self._mending: dict[str, tuple[Way, ...]] = {}
        self._last: tuple[Told, str | None] | None = None
        self._facts: tuple[Record | None, dict[str, Settling]] = (None, {})
        """Facts that would settle unknowns of the last subject, by path."""

    def asks(self, judged: Judged) -> list[str]:
        """The rules the engine must be asked about, sorted; ``applies`` stands for the policy."""
        asked = set()
        application = self._plan.applies.get(judged.record.kind)
        for draft in judged.drafts:
            if not draft.explained:
                continue
            if draft.plan is None:
                if application and application.sure[_ROOTS[draft.status]] is None:
                    asked.add(APPLIES)
            elif self._deciders.sure(draft.plan, draft.status) is None or self._doubtful(
                judged.record.kind, judged.application
            ):
                asked.add(draft.plan.id)
            elif application and application.sure[TRUE] is None:
                asked.add(APPLIES)
        return sorted(asked)

    def outlines(
        self, judged: Judged, why: Why, bases: Mapping[str, str] = _NONE
    ) -> Iterator[tuple[Outline, tuple[Settling, ...]]]:
        """The findings of a subject that are more than a byte, by rule id.

        Args:
            judged: its drafts.
            why: what the engine said to :meth:`asks`.
            bases: basis of rules that do not fail by the agency's own values alone.

        Returns:
            Each with the facts that would settle it, for an unknown.
        """
        told = Told(judged.record, judged.application, why, bases)
        for draft in sorted(judged.drafts, key=lambda draft: draft.rule):
            if draft.explained and draft.plan is not None:
                yield self._sketch(draft, draft.plan, told)
            else:
                finding = self._other(draft, told)
                yield finding, finding.settling

    def plain(self, record: Record, index: int, status: str) -> Finding:
        """A satisfied or not applicable finding with nothing more to say."""
        plan = self._plan.by_kind[record.kind][index]
        draft = Draft(plan, status, status, plan.rule.severity)
        return self._bare(draft, record, Decided())

    def _sketch(
        self, draft: Draft, plan: RulePlan, told: Told
    ) -> tuple[Outline, tuple[Settling, ...]]:
        """A gap or unknown of a rule, with what its counts need worked out."""
        settles: tuple[Settling, ...] = ()
        basis = plan.rule.basis
        # Where no parameter is weaker than the rule, it makes no difference which leaves decided.
        varies = plan.satisfied_basis != basis or self._doubtful(told.record.kind, told.application)
        if varies or draft.status == UNKNOWN:
            found = self._deciders.of(plan, draft.status, told)
            basis = told.bases.get(plan.id) or found.basis
            if draft.status == UNKNOWN:
                settles = self._settling(found, plan, told.record)
        policy = self._plan.policy.id
        sketch = Sketch(policy, plan.id, draft, basis, told, self._whole, self._alike)
        return sketch, settles

    def _alike(self, sketch: Sketch) -> Hashable:
        draft, told = sketch.draft, sketch.told
        return self._deciders.alike(self._plan.rules[draft.rule], draft.status, told)

    def _whole(self, sketch: Sketch) -> Finding:
        draft, told = sketch.draft, sketch.told
        plan = self._plan.rules[draft.rule]
        found = self._deciders.of(plan, draft.status, told)
        case = self._deciders.case(plan, told.record)
        leaves = self._details.leaves(found.leaves, case)
        settles: tuple[Settling, ...] = ()
        if draft.status == UNKNOWN:
            settles = self._settling(found, plan, told.record)
        total = (one.assurance for one in case.totals.values() if one.assurance)
        assurances = [self._assurance_of_application(told), leaf_assurance(leaves), *total]
        finding = self._bare(
            draft, told.record, Decided((), sketch.basis, found.message), leaves, settles,
            weakest_assurance(one for one in assurances if one),
        )  # fmt: skip
        ways = self._ways(plan, found, case, leaves) if draft.status == GAP else ()
        return replace(finding, ways=ways) if ways else finding

    def _ways(
        self, plan: RulePlan, found: Decided, case: Case, leaves: tuple[Leaf, ...]
    ) -> tuple[tuple[Settling, ...], ...]:
        """The sets of facts that would close a gap, where its leaves do not say so already."""
        if found.expect is not None:
            ways = mending(found.expect)
        elif plan.id in self._mending:
            ways = self._mending[plan.id]
        else:
            tree = plan.trees["expect"]
            sure = forced(tree, FALSE)
            ways = mending(explain(tree, sure, lambda _value, _scope: None)) if sure else ()
            self._mending[plan.id] = ways
        return ways_told((self._details.changes(way, case) for way in ways), leaves)

    def _settling(self, found: Decided, plan: RulePlan, record: Record) -> tuple[Settling, ...]:
        """The facts that would settle an unknown."""
        if found.settling is None:
            return self._details.settling(found.leaves, self._deciders.case(plan, record))
        if self._facts[0] is not record:
            self._facts = (record, {})
        known = self._facts[1]
        for path in found.settling:
            if path not in known:
                known[path] = Settling(path, self._details.holder(path, record))
        return tuple([known[path] for path in found.settling])

    def _other(self, draft: Draft, told: Told) -> Finding:
        """A finding that its status explains, or the one about the policy's own condition."""
        if draft.explained:
            return self._application(draft, told)
        return self._bare(draft, told.record, Decided(message=draft.message))

    def _assurance_of_application(self, told: Told) -> str | None:
        """How well it is known that the policy applies; kept for the findings of one subject."""
        if self._last is None or self._last[0] is not told:
            self._last = (told, leaf_assurance(self._applied(told)))
        return self._last[1]

    def _bare(
        self,
        draft: Draft,
        record: Record,
        found: Decided,
        leaves: tuple[Leaf, ...] = (),
        settling: tuple[Settling, ...] = (),
        assurance: str | None = None,
    ) -> Finding:
        plan, name = draft.plan, record.get("name")
        if draft.status in (SATISFIED, NOT_APPLICABLE) and plan is not None:
            case = self._deciders.case(plan, record)
            assurance = self._details.assurance(self._trees(plan), case)
        return Finding(
            agency=self._agency,
            policy=self._plan.policy.id,
            rule=draft.rule,
            kind=record.kind,
            subject=record.id,
            evaluated=draft.evaluated,
            status=draft.status,
            severity=draft.severity,
            basis=self._basis(draft, found),
            assurance=assurance,
            covers=plan.rule.covers if plan else (),
            name=name if isinstance(name, str) else None,
            units=self._details.belonging.units(record),
            owner=self._details.belonging.owner(record),
            marks=draft.marks,
            leaves=leaves,
            settling=settling,
            inheritance=draft.inheritance,
            rules=draft.rules,
            message=draft.message or found.message,
        )

    def _basis(self, draft: Draft, found: Decided) -> str:
        if draft.plan is None:
            return found.basis
        if draft.status == SATISFIED:
            return draft.plan.satisfied_basis
        return weakest_basis([draft.plan.rule.basis, found.basis])

    def _application(self, draft: Draft, told: Told) -> Finding:
        """The finding that says why a policy does not apply, or what would tell."""
        record, why = told.record, told.why
        application = self._plan.applies[record.kind]
        value = _ROOTS[draft.status]
        sure, message = application.sure[value], None
        case = Case(record, application.expectations, {})
        if sure is None:
            if APPLIES in why.outcomes:
                bound = self._details.bound(case)
                tree = explain(application.tree, why.outcomes[APPLIES], bound)
                sure = tuple(deciding(tree))
            else:
                message = why.errors.get(APPLIES)
        leaves = self._details.leaves(sure or (), case)
        settles: tuple[Settling, ...] = ()
        if draft.status == UNKNOWN:
            settles = self._details.settling(sure or (), case)
        elif message is None:
            title = self._plan.policy.title
            words = application.expectations.words(application.tree)
            message = f"{title} applies to records of the kind {record.kind} where {words}."
        basis = self._plan.basis_of((one.node for one in sure or ()), None)
        found = Decided(sure or (), basis, message)
        return self._bare(draft, record, found, leaves, settles, leaf_assurance(leaves))

    def _applied(self, told: Told) -> tuple[Leaf, ...]:
        """The leaves by which the policy applies to a subject."""
        application = self._plan.applies.get(told.record.kind)
        if application is None or told.application != SATISFIED:
            return ()
        found = application.sure[TRUE]
        case = Case(told.record, application.expectations, {})
        if found is None:
            # Every rule's leaves hold those of the policy's own condition.
            outcomes = next(iter(told.why.outcomes.values()), None)
            if outcomes is None:
                return ()
            bound = self._details.bound(case)
            found = tuple(deciding(explain(application.tree, outcomes, bound)))
        return self._details.leaves(found, case)

    def _doubtful(self, kind: str, application: str | None) -> bool:
        """Whether it is not known that the policy applies: its condition could not be evaluated."""
        return kind in self._plan.applies and application != SATISFIED

    def _tree_of_application(self, kind: str) -> Node | None:
        application = self._plan.applies.get(kind)
        return application.tree if application else None

    def _trees(self, plan: RulePlan) -> list[Node]:
        tree = self._tree_of_application(plan.rule.subject)
        return [*([tree] if tree else []), *plan.trees.values()]
