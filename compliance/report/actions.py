"""What to fix first: open gaps grouped by the action that closes them, across rules and rule sets.

An action changes some facts of one kind of record. It closes the gaps that ask for exactly these
changes, and helps with those that ask for more. What is not yet in force is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from compliance.assessment.model import (
    BASES,
    GAP,
    SEVERITIES,
    Assessment,
)
from compliance.report.action_costs import ActionCost, Costs
from compliance.report.action_groups import Gathered, Group, Shape
from compliance.report.demands import Change, value_to_try
from compliance.report.detail import FULL
from compliance.report.priorities import EFFORTS
from compliance.report.weights import (
    BASIS_WEIGHTS,
    SEVERITY_WEIGHTS,
    UPCOMING_DATED,
    UPCOMING_UNDATED,
    repeated,
    units,
)


@dataclass(frozen=True, slots=True, order=True)
class Closed:
    """Gaps that an action closes and that have this in common."""

    upcoming: bool
    """Not yet in force."""
    policy: str
    basis: str
    severity: str
    findings: int


@dataclass(frozen=True, slots=True, order=True)
class Helped:
    """Gaps that an action does not close by itself."""

    needs: tuple[str, ...]
    """Paths of the facts that have to change, or to be known, as well."""
    findings: int


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do, with the gaps it closes."""

    facts: tuple[str, ...]
    """Paths of the facts that it changes; empty where none is told."""
    kind: str
    """Kind of the records that it changes, or that the gaps are about."""
    title: str
    """What to do, as a sentence: from the remediation of the gravest rule."""
    records: int
    """How many records it changes."""
    subjects: tuple[str, ...]
    """The same as ``kind/id``, in order; empty where a report leaves out names."""
    closes: tuple[Closed, ...]
    """In force first, then by policy, basis and severity."""
    helps: tuple[Helped, ...]
    severity: str
    """Highest severity of what it closes, of what is in force where anything is."""
    basis: str
    """Strongest basis of the same."""
    rules: tuple[str, ...]
    """``policy/rule`` of what it closes, in order."""
    requirements: tuple[str, ...]
    """Citations of the requirements in force whose gaps it closes, in the order of the policies."""
    upcoming_requirements: tuple[str, ...]
    """The same of what is not yet in force."""
    effort: str | None
    """Largest effort of its rules; None where none says."""
    cost: ActionCost | None
    provider: str | None
    """For what a provider has to put right: who."""
    trial: str | None
    """What `compliance whatif --set` takes to show the effect; None where one value cannot."""
    findings: tuple[str, ...]
    """Ids of the findings that it closes, in order."""
    score: Fraction
    """What the list is ordered by; means nothing by itself."""
    aims: tuple[str, ...] = ()
    """What each fact has to become, beside its path; empty where more, later or less says it."""

    @property
    def closed(self) -> int:
        """How many gaps in force it closes."""
        return sum(one.findings for one in self.closes if not one.upcoming)

    @property
    def upcoming(self) -> int:
        """How many gaps that are not yet in force it closes."""
        return sum(one.findings for one in self.closes if one.upcoming)


def actions(assessment: Assessment) -> tuple[Action, ...]:
    """All actions that the gaps of an assessment ask for, those to begin with first.

    Args:
        assessment: the outcome of a run. Of one that was reduced, gaps are grouped by rule alone.
    """
    gathered = Gathered(assessment.metadata.agency)
    for outline in assessment.findings.notable():
        if outline.status == GAP:
            gathered.take(outline)
    costs = Costs(assessment.plan)
    found = [_action(one, assessment, costs) for one in gathered.groups()]
    return tuple(sorted(found, key=_rank))


def _rank(action: Action) -> tuple[Fraction, int, int, str, tuple[str, ...], tuple[str, ...]]:
    return (
        -action.score,
        SEVERITIES.index(action.severity),
        BASES.index(action.basis),
        action.title,
        action.rules,
        action.subjects,
    )


def _action(group: Group, assessment: Assessment, costs: Costs) -> Action:
    provider, _carried, changes = group.key
    gravest = min(group.shapes, key=_gravity)
    named_first = min(group.homes or group.shapes, key=_gravity)
    rules = sorted({(policy, rule) for policy, rule, *_ in group.shapes})
    effort = _effort(assessment, rules)
    cost = costs.of(group.gaps)
    named = assessment.metadata.detail == FULL
    subjects = tuple(sorted(group.records)) if named else ()
    return Action(
        facts=tuple(change.path for change in changes if change.path),
        kind=_kind(group, changes),
        title=_title(assessment, named_first, provider),
        records=len(group.records),
        subjects=subjects,
        closes=_closes(group),
        helps=tuple(sorted(Helped(needs, total) for needs, total in group.helps.items())),
        severity=gravest[3],
        basis=gravest[2],
        rules=tuple(f"{policy}/{rule}" for policy, rule in rules),
        requirements=_cited(assessment, group, upcoming=False),
        upcoming_requirements=_cited(assessment, group, upcoming=True),
        effort=effort,
        cost=cost,
        provider=provider or None,
        trial=_trial(group, changes, assessment),
        findings=tuple(group.findings),
        score=_value(group, provider) / units(effort, cost.first_years if cost else None),
        aims=tuple(change.aim for change in changes if change.path),
    )


def _gravity(shape: Shape) -> tuple[bool, int, int, str, str]:
    """Orders findings: in force first, then by severity and basis."""
    policy, rule, basis, severity, upcoming, _dated = shape
    return upcoming, SEVERITIES.index(severity), BASES.index(basis), policy, rule


def _kind(group: Group, changes: Iterable[Change]) -> str:
    paths = [change.path for change in changes if change.path]
    if paths:
        return paths[0].partition(".")[0]
    return min(group.records, default="").partition("/")[0]


def _title(assessment: Assessment, gravest: Shape, provider: str) -> str:
    policy = assessment.policy(gravest[0])
    rule = policy.rule(gravest[1]) if policy else None
    title = first_sentence(rule.remediation or rule.title) if rule else ""
    title = title or f"Close the gaps of {gravest[0]}/{gravest[1]}."
    return f"Have {provider} put right what it carries: {title}" if provider else title


def first_sentence(text: str) -> str:
    """The first sentence of a text, with its full stop."""
    words = text.split()
    for at, word in enumerate(words[:-1]):
        if word[-1] in ".!?" and word.lower() not in _SHORT and words[at + 1][:1].isupper():
            return " ".join(words[: at + 1])
    return " ".join(words)


_SHORT = frozenset(("e.g.", "i.e.", "etc.", "no.", "u.s.", "vs."))


def _effort(assessment: Assessment, rules: Iterable[tuple[str, str]]) -> str | None:
    found = []
    for policy_id, rule_id in rules:
        policy = assessment.policy(policy_id)
        rule = policy.rule(rule_id) if policy else None
        if rule is not None and rule.effort in EFFORTS:
            found.append(str(rule.effort))
    return max(found, key=EFFORTS.index, default=None)


def _closes(group: Group) -> tuple[Closed, ...]:
    sums: Counter[tuple[bool, str, str, str]] = Counter()
    for (policy, _rule, basis, severity, upcoming, _dated), total in group.shapes.items():
        sums[upcoming, policy, basis, severity] += total

    def order(key: tuple[bool, str, str, str]) -> tuple[bool, str, int, int]:
        return key[0], key[1], BASES.index(key[2]), SEVERITIES.index(key[3])

    return tuple(Closed(*key, sums[key]) for key in sorted(sums, key=order))


def _cited(assessment: Assessment, group: Group, *, upcoming: bool) -> tuple[str, ...]:
    return tuple(_citations(assessment, group.covers, upcoming=upcoming))


def _citations(
    assessment: Assessment, covers: Mapping[tuple[str, str, bool], None], *, upcoming: bool
) -> Iterator[str]:
    for policy in assessment.policies:
        for requirement in policy.requirements:
            if (policy.id, requirement.id, upcoming) in covers:
                yield requirement.cited


def _trial(group: Group, changes: tuple[Change, ...], assessment: Assessment) -> str | None:
    if len(changes) != 1:
        return None
    value = value_to_try(changes[0], group.tests.values(), assessment.metadata.facts)
    return None if value is None else f"{changes[0].path}={value}"


def _value(group: Group, provider: str) -> Fraction:
    """What is closed, weighted; a provider's gap counts once, however many rely on it."""
    sums: dict[tuple[str, str], Counter[Fraction]] = {}
    for (policy, rule, basis, severity, upcoming, dated), total in group.shapes.items():
        weight = Fraction(SEVERITY_WEIGHTS[severity] * BASIS_WEIGHTS[basis])
        if upcoming:
            weight *= UPCOMING_DATED if dated else UPCOMING_UNDATED
        sums.setdefault((policy, rule), Counter())[weight] += total
    value = Fraction(0)
    for totals in sums.values():
        for weight, total in totals.items():
            value += weight * (1 if provider else repeated(total))
    return value
