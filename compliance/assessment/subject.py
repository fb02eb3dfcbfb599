"""From the engine's statuses of one subject to drafts of its findings.

A draft is a finding without its leaves: which rules need the engine's ``why`` for these is known
only when all drafts of the subject are there. Plain outcomes become one byte and no draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.assessment.inheritance import Inheritance, Outcome, Providers
from compliance.assessment.model import (
    APPLIES,
    ERROR,
    GAP,
    INHERITED,
    MARKS,
    NOT_APPLICABLE,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    UPCOMING,
    Inherited,
    Mark,
)
from compliance.assessment.plan import PolicyPlan, RulePlan
from compliance.assessment.rows import NO_FINDING, PLAIN_NOT_APPLICABLE, PLAIN_SATISFIED
from compliance.engine.interface import Evaluation
from compliance.inventory.store import Record

_FAILING = (GAP, UNKNOWN)
_CODES: Mapping[str | None, int] = {
    SATISFIED: PLAIN_SATISFIED,
    NOT_APPLICABLE: PLAIN_NOT_APPLICABLE,
}


@dataclass(slots=True)
class Draft:
    """A finding but for what explains it."""

    plan: RulePlan | None
    """None for the finding that says whether the policy applies."""
    evaluated: str
    status: str
    severity: str
    marks: tuple[Mark, ...] = ()
    inheritance: tuple[Inherited, ...] = ()
    rules: tuple[str, ...] = ()
    message: str | None = None

    @property
    def rule(self) -> str:
        """The rule id of the finding."""
        return self.plan.id if self.plan else APPLIES

    @property
    def explained(self) -> bool:
        """Whether leaves say why: the status is the engine's own, and no plain one."""
        if self.evaluated != self.status:
            return False
        return self.status in _FAILING or (self.plan is None and self.status == NOT_APPLICABLE)


@dataclass(slots=True)
class Judged:
    """One subject under one policy."""

    record: Record
    application: str | None
    """The engine's status of ``applies``; None where the policy has no such condition or it could
    not be evaluated."""
    codes: bytearray
    """See :class:`compliance.assessment.rows.Row`."""
    statuses: dict[str, str]
    """Final status by rule id, for requirements; those of dated versions mean nothing."""
    drafts: list[Draft] = field(default_factory=list)


class Judge:
    """Turns evaluations of one policy into drafts."""

    def __init__(
        self, plan: PolicyPlan, inheritance: Inheritance, providers: Providers, as_of: str
    ) -> None:
        """Keep what statuses depend on.

        Args:
            plan: the policy's rules.
            inheritance: providers' statements.
            providers: what they find about themselves.
            as_of: ISO date of the assessment.
        """
        self._plan = plan
        self._inheritance = inheritance
        self._providers = providers
        self._as_of = as_of
        self._dated = {
            kind: [index for index, one in enumerate(plans) if not one.plain]
            for kind, plans in plan.by_kind.items()
        }
        """Rules by number whose outcomes depend on dates."""

    def judge(self, record: Record, evaluation: Evaluation) -> Judged:
        """The drafts of one subject."""
        plans = self._plan.by_kind[record.kind]
        statuses = evaluation.statuses
        application = statuses.get(APPLIES)
        judged = Judged(record, application, bytearray(len(plans)), dict(statuses))
        self._errors(evaluation, judged)
        if application == NOT_APPLICABLE:
            severity = highest(plan.rule.severity for plan in plans)
            judged.drafts.append(Draft(None, NOT_APPLICABLE, NOT_APPLICABLE, severity))
            judged.statuses = {
                plan.id: ERROR if plan.id in evaluation.errors else NOT_APPLICABLE for plan in plans
            }
            return judged
        undecided = application == UNKNOWN
        # Unknown applicability never makes a gap, a provider's neither.
        inherits = not undecided and self._inheritance.consumer(record.subject)
        waiting: list[RulePlan] = []
        found = [statuses.get(plan.id) for plan in plans]
        if not inherits:
            judged.codes = self._codes(record.kind, found)
        for index in [number for number, code in enumerate(judged.codes) if not code]:
            plan, status = plans[index], found[index]
            if status == UNKNOWN and undecided and plan.plain:
                waiting.append(plan)
            elif plan.ordinary and not inherits and status in _FAILING:
                judged.drafts.append(Draft(plan, status, status, plan.rule.severity))
            elif status is not None:
                self._rule(index, plan, status, inherits, judged)
        if undecided:
            judged.drafts.append(self._undecided(waiting, plans))
        return judged

    def _codes(self, kind: str, statuses: Sequence[str | None]) -> bytearray:
        """The bytes of plain outcomes, by rule; 0 where there is more to say."""
        codes = bytearray([_CODES.get(status, NO_FINDING) for status in statuses])
        for index in self._dated[kind]:
            codes[index] = NO_FINDING
        return codes

    def _errors(self, evaluation: Evaluation, judged: Judged) -> None:
        for rule, message in sorted(evaluation.errors.items()):
            judged.statuses[rule] = ERROR
            plan = self._plan.rules.get(rule)
            if plan is not None:
                severity = plan.rule.severity
            else:
                plans = self._plan.by_kind[judged.record.kind]
                severity = highest(one.rule.severity for one in plans)
            judged.drafts.append(Draft(plan, ERROR, ERROR, severity, message=message))

    def _undecided(self, waiting: list[RulePlan], plans: tuple[RulePlan, ...]) -> Draft:
        """The one finding of a subject to which the policy may or may not apply."""
        holding = [plan for plan in waiting if plan.force.upcoming is None]
        severity = highest(plan.rule.severity for plan in holding or waiting or plans)
        coming = [plan.force.upcoming for plan in waiting if plan.force.upcoming]
        marks: tuple[Mark, ...] = ()
        if coming and not holding:
            marks = (min(coming, key=lambda mark: mark.date or ""),)
        rules = tuple(plan.id for plan in waiting)
        return Draft(None, UNKNOWN, UNKNOWN, severity, marks, rules=rules)

    def _rule(self, index: int, plan: RulePlan, raw: str, inherits: bool, judged: Judged) -> None:
        own, _, mark = raw.partition("+")
        outcome = Outcome(own)
        if inherits:
            outcome = self._inheritance.apply(
                judged.record.subject, plan.rule.covers, own, self._providers.status
            )
        if plan.date is not None:
            self._coming(plan, own, outcome, judged)
            return
        status, message = self._held(plan, outcome.status)
        judged.statuses[plan.id] = status
        marks = _marks(plan, status, mark, outcome)
        if plan.plain and status == own and status in _CODES and not (marks or outcome.statements):
            judged.codes[index] = _CODES[status]
            return
        judged.drafts.append(
            Draft(plan, own, status, plan.rule.severity, marks, outcome.statements, message=message)
        )

    @staticmethod
    def _held(plan: RulePlan, status: str) -> tuple[str, str | None]:
        """The status as far as the rule holds, with the reason where that changes it."""
        if plan.force.ended is not None:
            return NOT_APPLICABLE, f"The rule is no longer in force after {plan.force.ended}."
        if status == GAP and plan.force.never_gap:
            return NOT_APPLICABLE, "The rule covers an exception, which never yields a gap."
        return status, None

    def _coming(self, plan: RulePlan, own: str, outcome: Outcome, judged: Judged) -> None:
        """A rule as of a coming date: only a failure that is not there today already counts."""
        date, today = str(plan.date), judged.statuses.get(plan.rule.id, ERROR).partition("+")[0]
        until = plan.rule.dates.until
        over = plan.force.ended is not None or (until is not None and until < date)
        if date <= self._as_of or over or plan.force.never_gap:
            return
        new = outcome.status == GAP and today not in (GAP, ERROR)
        if new or (outcome.status == UNKNOWN and today == SATISFIED):
            later = plan.force.upcoming.date if plan.force.upcoming else None
            mark = Mark(UPCOMING, max(date, later or date))
            marks = _sorted([mark, *_inherited(outcome)])
            judged.drafts.append(
                Draft(plan, own, outcome.status, plan.rule.severity, marks, outcome.statements)
            )


def _marks(plan: RulePlan, status: str, mark: str, outcome: Outcome) -> tuple[Mark, ...]:
    marks = _inherited(outcome)
    if mark and status == SATISFIED:
        marks.append(Mark(mark))
    if status in _FAILING and plan.force.upcoming:
        marks.append(plan.force.upcoming)
    if status == GAP and plan.force.not_sanctionable:
        marks.append(plan.force.not_sanctionable)
    return _sorted(marks)


def _inherited(outcome: Outcome) -> list[Mark]:
    return [Mark(INHERITED, provider=outcome.provider)] if outcome.provider else []


def _sorted(marks: list[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: MARKS.index(mark.name)))


def highest(severities: Iterable[str]) -> str:
    """The highest of some severities."""
    return min(severities, key=SEVERITIES.index)
