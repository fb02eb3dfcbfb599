"""One policy over all subjects: documents in batches, statuses, findings, counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from compliance.assessment.deadlines import Deadlines
from compliance.assessment.details import Details
from compliance.assessment.explainer import Explainer
from compliance.assessment.inheritance import Inheritance, Providers
from compliance.assessment.model import (
    BASES,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    Deadline,
)
from compliance.assessment.own_values import Bases, OwnValues, Tools
from compliance.assessment.plan import PolicyPlan
from compliance.assessment.readings import Readings
from compliance.assessment.rows import (
    PLAIN_NOT_APPLICABLE,
    PLAIN_SATISFIED,
    PolicyRows,
    Row,
)
from compliance.assessment.scoring import Scores
from compliance.assessment.subject import Judge, Judged
from compliance.assessment.tallying import Tallying
from compliance.assessment.totals import FirstPass, add_up, batches
from compliance.engine.interface import Engine, Evaluation, Why
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import AGENCY
from compliance.inventory.store import Inventory, Record

_APPLICATION = {SATISFIED: "true", NOT_APPLICABLE: "false"}
_NOT_ASKED = Why()


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """What one policy came to."""

    rows: PolicyRows
    scores: Scores
    applies: Mapping[str, Mapping[str, int]]
    """Subjects by kind: to how many the policy applies, does not, and may."""
    deadlines: tuple[Deadline, ...]
    """Until when satisfied rules stay so."""


class PolicyRunner:
    """Evaluates one policy."""

    def __init__(
        self,
        plan: PolicyPlan,
        engine: Engine,
        builder: DocumentBuilder,
        inventory: Inventory,
        inheritance: Inheritance,
    ) -> None:
        """Keep what the run needs.

        Args:
            plan: the policy's rules.
            engine: evaluates them.
            builder: builds input documents with what the rules read.
            inventory: the subjects.
            inheritance: providers' statements.
        """
        self._plan = plan
        self._engine = engine
        self._builder = builder
        self._inventory = inventory
        self._inheritance = inheritance
        self._readings = Readings(inventory)
        self._details = Details(self._readings)
        self._as_of = inventory.as_of.isoformat()

    def run(self, tallying: Tallying, *, deadlines: bool = True) -> PolicyOutcome:
        """Evaluate every subject.

        Args:
            tallying: takes the counts of findings.
            deadlines: find out until when satisfied rules stay so.
        """
        plan, policy = self._plan, self._plan.policy
        first = add_up(plan, self._engine, self._inventory, self._builder.measure, self._details)
        judge = Judge(plan, self._inheritance, self._providers(first), self._as_of)
        explainer = Explainer(plan, self._details, self._inventory.agency.id, first.totals)
        forces = {rule.id: plan.rules[rule.id].force for rule in policy.rules}
        scores = Scores(policy.requirements, policy.rules, forces, policy.binding, self._as_of)
        until = Deadlines(plan, self._engine, self._readings, self._inventory)
        applies: dict[str, dict[str, int]] = {}
        rows = []
        for judged, why, bases in self._judged(judge, explainer, first):
            findings, weak = {}, {}
            for finding, settling in explainer.outlines(judged, why, bases):
                rule = finding.rule
                findings[rule] = finding
                tallying.add(finding, settling)
                for mark in finding.marks:
                    scores.add_mark(rule, mark.name)
                if finding.status == GAP and rule in plan.rules:
                    own, basis = plan.rules[rule].rule.basis, finding.basis
                    if own != basis and BASES.index(basis) > BASES.index(own):
                        weak[rule] = basis
            rows.append(Row(judged.record, bytes(judged.codes), findings))
            scores.add(judged.record.kind, judged.statuses, weak)
            self._count_application(judged, applies)
            if deadlines:
                totals = self._totals(judged.record, first)
                until.add(judged, partial(self._builder.build, judged.record, totals))
        self._tally_plain(rows, tallying)
        rules = {kind: tuple(one.id for one in plans) for kind, plans in plan.by_kind.items()}
        return PolicyOutcome(
            PolicyRows(policy.id, rules, rows, explainer.plain), scores, applies, until.found()
        )

    def _judged(
        self, judge: Judge, explainer: Explainer, first: FirstPass
    ) -> Iterator[tuple[Judged, Why, Bases]]:
        """Every subject of the policy in the order of kind and id, with what ``why`` said of it."""
        tools = Tools(self._engine, self._builder, self._inventory, self._details)
        own_values = OwnValues(self._plan, tools)
        for kind in sorted(self._plan.by_kind):
            for records in batches(self._inventory.iterate(kind)):
                batch = [
                    judge.judge(record, evaluation)
                    for record, evaluation in self._evaluate(records, first)
                ]
                asked = [(judged, explainer.asks(judged)) for judged in batch]
                documents = [
                    self._builder.build(
                        judged.record,
                        self._totals(judged.record, first),
                        dict.fromkeys(rules, True),
                    )
                    for judged, rules in asked
                    if rules
                ]
                answers = self._engine.why(documents)
                for (judged, rules), bases in zip(asked, own_values.bases(batch), strict=True):
                    yield judged, next(answers) if rules else _NOT_ASKED, bases

    def _evaluate(
        self, records: Sequence[Record], first: FirstPass
    ) -> Iterator[tuple[Record, Evaluation]]:
        documents = [self._builder.build(record, self._totals(record, first)) for record in records]
        evaluations = self._engine.evaluate(documents)
        for record, evaluation in zip(records, evaluations, strict=True):
            yield record, self._with_errors(record, evaluation, first)

    @staticmethod
    def _totals(record: Record, first: FirstPass) -> Mapping[str, object] | None:
        return first.document() if record.kind == AGENCY else None

    @staticmethod
    def _with_errors(record: Record, evaluation: Evaluation, first: FirstPass) -> Evaluation:
        """An agency rule over a record that could not be counted is in error itself."""
        if record.kind != AGENCY or not first.errors:
            return evaluation
        statuses = {
            rule: status for rule, status in evaluation.statuses.items() if rule not in first.errors
        }
        return Evaluation(statuses, {**evaluation.errors, **first.errors})

    def _providers(self, first: FirstPass) -> Providers:
        """What providers of this inventory find about themselves, as far as it counts today."""
        findings: dict[str, dict[str, str]] = {}
        counting = {
            name: plan
            for name, plan in self._plan.rules.items()
            if plan.plain and plan.force.upcoming is None and not plan.force.never_gap
        }
        for provider in self._inheritance.providers:
            kind, _, name = provider.partition("/")
            record = self._inventory.get(kind, name) if kind in self._plan.by_kind else None
            if record is None:
                continue
            for _record, evaluation in self._evaluate([record], first):
                found = {
                    rule: status.partition("+")[0]
                    for rule, status in evaluation.statuses.items()
                    if rule in counting
                }
                found |= {rule: ERROR for rule in evaluation.errors if rule in counting}
                findings[provider] = found
        covers = {name: plan.rule.covers for name, plan in self._plan.rules.items()}
        return Providers(self._inheritance, findings, covers)

    def _count_application(self, judged: Judged, applies: dict[str, dict[str, int]]) -> None:
        counts = applies.setdefault(judged.record.kind, {"true": 0, "false": 0, "unknown": 0})
        if judged.record.kind in self._plan.applies:
            counts[_APPLICATION.get(str(judged.application), UNKNOWN)] += 1
        else:
            counts["true"] += 1

    def _tally_plain(self, rows: Sequence[Row], tallying: Tallying) -> None:
        for kind, plans in self._plan.by_kind.items():
            codes = b"".join(row.codes for row in rows if row.record.kind == kind)
            for index, plan in enumerate(plans):
                column, rule = codes[index :: len(plans)], plan.rule
                for status, code, basis in (
                    (SATISFIED, PLAIN_SATISFIED, plan.satisfied_basis),
                    (NOT_APPLICABLE, PLAIN_NOT_APPLICABLE, rule.basis),
                ):
                    tallying.add_plain(
                        self._plan.policy.id,
                        rule.id,
                        rule.severity,
                        basis,
                        status,
                        column.count(code),
                    )
