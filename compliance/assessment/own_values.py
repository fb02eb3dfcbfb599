"""Whether a failure is one of the agency's own stricter value alone, or of the policy's as well.

A record that breaks a value of the agency's own may break the policy's laxer one too, and then the
failure is no matter of the agency's practice. So the subjects with such failures are evaluated once
more with the policy's own values, and a rule that fails there too has the basis it has there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compliance.assessment.details import Details
from compliance.assessment.explainer import Explainer
from compliance.assessment.inheritance import Inheritance, Providers
from compliance.assessment.model import GAP, Outline
from compliance.assessment.parameters import Parameters
from compliance.assessment.plan import PolicyPlan, parameters_of, plan_policy
from compliance.assessment.subject import Judge, Judged
from compliance.assessment.totals import FirstPass, add_up
from compliance.engine.interface import Document, Engine, Why
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import AGENCY
from compliance.inventory.store import Inventory, Record

Bases = Mapping[str, str]
"""Basis by rule id, dated versions included, of what fails under the policy's own values too."""

_NOT_ASKED = Why()


@dataclass(frozen=True, slots=True)
class Tools:
    """What a policy is evaluated with."""

    engine: Engine
    builder: DocumentBuilder
    inventory: Inventory
    details: Details


class OwnValues:
    """Compares the failures of one policy with those under its own values."""

    def __init__(self, plan: PolicyPlan, tools: Tools) -> None:
        """Find the rules that read a value of the agency's own.

        Args:
            plan: the policy's rules with the agency's choices.
            tools: evaluate them.
        """
        self._plan = plan
        self._tools = tools
        self._rules = frozenset(
            name
            for name, one in plan.rules.items()
            for tree in one.trees.values()
            for parameter in parameters_of(tree)
            if plan.parameters.in_force(parameter, one.date).own
        )

    def bases(self, batch: Sequence[Judged]) -> list[Bases]:
        """What fails under the policy's own values too, for each of some subjects.

        Args:
            batch: subjects of one kind, as the agency's values judge them.
        """
        if not self._rules:
            return [{}] * len(batch)
        failing = [self._failing(judged) for judged in batch]
        pairs = zip(batch, failing, strict=True)
        found = self._evaluated([(judged.record, drafts) for judged, drafts in pairs if drafts])
        return [next(found) if drafts else {} for drafts in failing]

    def _failing(self, judged: Judged) -> Mapping[str, str]:
        """Statuses by rule id of failures that a value of the agency's own may have made."""
        return {
            draft.rule: draft.status
            for draft in judged.drafts
            if draft.explained and draft.rule in self._rules
        }

    def _evaluated(self, subjects: Sequence[tuple[Record, Mapping[str, str]]]) -> Iterator[Bases]:
        """The bases of subjects, each with the statuses that the agency's values gave its rules."""
        if not subjects:
            return
        records = [record for record, _ in subjects]
        documents = self._documents(records)
        judged = []
        evaluations = self._tools.engine.evaluate(documents)
        for (record, failing), evaluation in zip(subjects, evaluations, strict=True):
            one = self._judge.judge(record, evaluation)
            one.drafts = [draft for draft in one.drafts if draft.rule in failing]
            judged.append(one)
        explainer = self._explainer(records[0].kind)
        whys = self._why(documents, [explainer.asks(one) for one in judged])
        for (_, failing), one, why in zip(subjects, judged, whys, strict=True):
            outlines = [outline for outline, _settling in explainer.outlines(one, why)]
            yield {
                outline.rule: outline.basis
                for outline in outlines
                if _fails_too(outline, failing[outline.rule])
            }

    def _why(self, documents: Sequence[Document], asked: Sequence[list[str]]) -> Iterator[Why]:
        answers = self._tools.engine.why(
            [
                {**document, "why": dict.fromkeys(rules, True)}
                for document, rules in zip(documents, asked, strict=True)
                if rules
            ]
        )
        for rules in asked:
            yield next(answers) if rules else _NOT_ASKED

    def _documents(self, records: Iterable[Record]) -> list[Document]:
        found = []
        for record in records:
            totals = self._first.document() if record.kind == AGENCY else None
            found.append(_without_choices(self._tools.builder.build(record, totals)))
        return found

    def _explainer(self, kind: str) -> Explainer:
        totals = self._first.totals if kind == AGENCY else {}
        agency = self._tools.inventory.agency.id
        return Explainer(self._of_policy, self._tools.details, agency, totals)

    @cached_property
    def _of_policy(self) -> PolicyPlan:
        policy, as_of = self._plan.policy, self._tools.inventory.as_of
        return plan_policy(policy, Parameters(policy.id, policy.parameters, {}, as_of), as_of)

    @cached_property
    def _judge(self) -> Judge:
        # A failure that a provider's statement makes is explained by no leaves, so none is here.
        as_of = self._tools.inventory.as_of.isoformat()
        nobody = Inheritance((), as_of)
        return Judge(self._of_policy, nobody, Providers(nobody, {}, {}), as_of)

    @cached_property
    def _first(self) -> FirstPass:
        """Records counted by the policy's own values."""

        def measure(record: Record) -> Document:
            return _without_choices(tools.builder.measure(record))

        tools = self._tools
        return add_up(self._of_policy, tools.engine, tools.inventory, measure, tools.details)


def _without_choices(document: Document) -> Document:
    return {**document, "parameters": {}}


def _fails_too(outline: Outline, status: str) -> bool:
    """Whether what failed fails under the policy's own values: a gap there is a gap here."""
    return outline.status in (GAP, status)
