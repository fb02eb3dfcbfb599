"""One rule for one subject: every condition with its outcome and every fact it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from compliance.assessment.details import Case, Details
from compliance.assessment.evaluate import PolicyUse
from compliance.assessment.model import APPLIES, UNKNOWN, Leaf, Settling
from compliance.assessment.parameters import Parameters
from compliance.assessment.plan import PolicyPlan, plan_policy
from compliance.assessment.readings import Readings
from compliance.assessment.totals import FirstPass, add_up
from compliance.errors import UserError
from compliance.inventory.documents import Document, DocumentBuilder
from compliance.inventory.kinds import AGENCY
from compliance.inventory.store import Inventory, Record
from compliance.policy.conditions import Node
from compliance.policy.explanation import Explained, deciding, explain, explain_rule, settling

ROOTS = (APPLIES, "when", "expect", "otherwise")
"""The conditions of a rule, in the order in which they are asked."""


class InquiryError(UserError):
    """The engine could not say how a rule came out."""


@dataclass(frozen=True)
class Inquired:
    """How a rule came out for a subject."""

    trees: Mapping[str, Explained]
    """Conditions by root, in the order of ``ROOTS``, as far as the rule has them."""
    deciding: tuple[Leaf, ...]
    """The facts that made the status what it is."""
    settling: tuple[Settling, ...]
    """The facts that would settle an unknown."""
    case: Case
    details: Details

    def leaves(self, explained: Explained) -> tuple[Leaf, ...]:
        """What a node without children of its own read."""
        return self.details.leaves([explained], self.case)

    def words(self, node: Node) -> str:
        """What a node asks, with values and dates worked out."""
        return self.case.expectations.words(node)


class Inquiry:
    """Asks about the rules of one policy version."""

    def __init__(self, inventory: Inventory, use: PolicyUse) -> None:
        """Prepares the questions.

        Args:
            inventory: the agency's records.
            use: the policy version with a running engine.
        """
        policy = use.bundle.policy
        parameters = Parameters(policy.id, policy.parameters, use.choices, inventory.as_of)
        self._plan: PolicyPlan = plan_policy(policy, parameters, inventory.as_of)
        self._inventory = inventory
        self._engine = use.engine
        self._builder = DocumentBuilder(
            inventory, use.bundle.reads, parameters.choices, use.bundle.measures
        )
        self._details = Details(Readings(inventory))

    def ask(self, rule: str, record: Record) -> Inquired:
        """How a rule came out.

        Args:
            rule: a rule of the policy about the record's kind (dated versions included), or
                ``applies`` where the policy has a condition for the kind.
            record: a record of the inventory.

        Raises:
            InquiryError: the rule could not be evaluated.
        """
        document = self.document(record, {rule: True})
        why = next(iter(self._engine.why([document])))
        if rule not in why.outcomes:
            reason = why.errors.get(rule, "it gave no answer")
            raise InquiryError(
                f"{self._plan.policy.id}/{rule} could not be evaluated for {record.subject}: "
                f"{reason}."
            )
        if rule == APPLIES:
            return self._application(record, why.outcomes[rule])
        plan = self._plan.rules[rule]
        case = Case(record, plan.expectations, self._first.totals.get(rule, {}))
        trees: dict[str, Node | None] = dict(plan.trees)
        application = self._plan.applies.get(record.kind)
        if application is not None:
            trees[APPLIES] = application.tree
        explained = explain_rule(trees, why.outcomes[rule], self._details.bound(case))
        found = {root: getattr(explained, root) for root in ROOTS}
        settles = explained.settling() if explained.status == UNKNOWN else ()
        return Inquired(
            {root: tree for root, tree in found.items() if tree is not None},
            self._details.leaves(explained.deciding(), case),
            self._details.settling(settles, case),
            case,
            self._details,
        )

    def document(self, record: Record, why: Mapping[str, bool] | None = None) -> Document:
        """The input document of a record, the agency's with totals.

        Args:
            record: of a kind that some rule is about.
            why: rules whose leaves are asked for.
        """
        totals = self._first.document() if record.kind == AGENCY else None
        return self._builder.build(record, totals, why)

    def _application(self, record: Record, outcomes: Mapping[str, object]) -> Inquired:
        application = self._plan.applies[record.kind]
        case = Case(record, application.expectations, {})
        tree = explain(application.tree, outcomes, self._details.bound(case))
        return Inquired(
            {APPLIES: tree},
            self._details.leaves(deciding(tree), case),
            self._details.settling(settling(tree), case),
            case,
            self._details,
        )

    @cached_property
    def _first(self) -> FirstPass:
        return add_up(
            self._plan, self._engine, self._inventory, self._builder.measure, self._details
        )
