"""Assessing an inventory: every policy over every subject, and all that reports print of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import compliance
from compliance.assessment.asked import asked_records
from compliance.assessment.inheritance import Inheritance, Statement
from compliance.assessment.knowing import complete_lists, known_facts
from compliance.assessment.model import (
    NOT_APPLICABLE,
    Assessment,
    FactText,
    GroupExtent,
    Metadata,
    PolicyRun,
    RuleText,
    Summary,
    WrongValue,
)
from compliance.assessment.named_requirements import (
    NOTHING_ELSE,
    OtherPolicies,
    requirement_problems,
)
from compliance.assessment.parameters import Parameters
from compliance.assessment.plan import PolicyPlan, plan_policy
from compliance.assessment.rows import RowFindings
from compliance.assessment.runner import PolicyOutcome, PolicyRunner
from compliance.assessment.tallying import Tallying
from compliance.engine.interface import Engine
from compliance.errors import UserError
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import Fact, Kinds
from compliance.inventory.problems import NOTE, WRONG_VALUE, Problem
from compliance.inventory.store import Inventory
from compliance.policy.bundle import Bundle
from compliance.policy.model import Policy, Rule


class NothingAppliedError(UserError):
    """No rule of any policy applied to any record."""


@dataclass(frozen=True)
class PolicyUse:
    """One policy version to assess with."""

    bundle: Bundle
    engine: Engine
    selected: str
    """Why this rule set is used: ``named with --policy``."""
    choices: Mapping[str, Any] = field(default_factory=dict)
    """The agency's parameter values by name."""


def assess(
    inventory: Inventory,
    uses: Sequence[PolicyUse],
    others: OtherPolicies = NOTHING_ELSE,
    *,
    deadlines: bool = True,
) -> Assessment:
    """Evaluate an inventory, as of its date, against some policies.

    Args:
        inventory: the agency's records.
        uses: policy versions, each with a running engine; no policy twice.
        others: what else is published, for requirements that the inventory names.
        deadlines: find out until when satisfied rules stay so, which takes time.

    Raises:
        UserError: a parameter choice may not stand, or no rule of any policy applied.
    """
    as_of = inventory.as_of.isoformat()
    ordered = sorted(uses, key=lambda use: use.bundle.policy_id)
    plans = [_plan(use, inventory) for use in ordered]
    inheritance = Inheritance(_statements(inventory), as_of)
    tallying = Tallying()
    outcomes = []
    for use, plan in zip(ordered, plans, strict=True):
        builder = DocumentBuilder(
            inventory, use.bundle.reads, plan.parameters.choices, use.bundle.measures
        )
        runner = PolicyRunner(plan, use.engine, builder, inventory, inheritance)
        outcomes.append(runner.run(tallying, deadlines=deadlines))
    counts = tallying.counts()
    if all(count.status == NOT_APPLICABLE for count in counts):
        raise NothingAppliedError(_nothing_applied(ordered, inventory))
    findings = RowFindings(inventory.agency.id, [outcome.rows for outcome in outcomes])
    facts = _facts(inventory.kinds, [use.bundle for use in ordered], tallying.missing_paths())
    runs = [
        _policy_run(use, plan, outcome, inventory, tallying)
        for use, plan, outcome in zip(ordered, plans, outcomes, strict=True)
    ]
    named = requirement_problems(inventory, [use.bundle.policy for use in ordered], others)
    summary = Summary(
        counts,
        tallying.missing(facts),
        (
            *_values(inventory.wrong_values, WRONG_VALUE),
            *_values(named, WRONG_VALUE, as_unknown=False),
        ),
        (*_values(inventory.wrong_values, NOTE), *_values(named, NOTE)),
        asked_records(inventory, tallying.asked()),
    )
    dues = sorted(
        (one for outcome in outcomes for one in outcome.deadlines),
        key=lambda one: (one.on, one.policy, one.rule, one.path or "", one.dated or ""),
    )
    metadata = _metadata(inventory, facts)
    return Assessment(metadata, tuple(runs), findings, summary, deadlines=tuple(dues))


def _plan(use: PolicyUse, inventory: Inventory) -> PolicyPlan:
    policy = use.bundle.policy
    parameters = Parameters(policy.id, policy.parameters, use.choices, inventory.as_of)
    return plan_policy(policy, parameters, inventory.as_of)


def _statements(inventory: Inventory) -> list[Statement]:
    return [
        Statement(
            provider=one.provider,
            requirements=frozenset(one.requirements),
            consumers=frozenset(one.consumers),
            extent=one.extent,
            provider_status=one.provider_status,
            assessed_on=one.assessed_on,
            expires_on=one.expires_on,
            consumer_does=one.consumer_does,
            by=one.by,
            evidence=one.evidence,
            position=str(one.position),
        )
        for one in inventory.inheritance
    ]


def _nothing_applied(uses: Sequence[PolicyUse], inventory: Inventory) -> str:
    names = ", ".join(f"{use.bundle.policy_id} {use.bundle.version}" for use in uses)
    kinds = sorted({kind for use in uses for kind in use.bundle.policy.subjects})
    listed = ", ".join(f"{inventory.count(kind)} {kind}" for kind in kinds)
    return (
        f"No rule of any policy ({names}) applied to any record of the agency "
        f"{inventory.agency.id}, so there is nothing to report. Their rules are about these kinds, "
        f"of which the inventory has: {listed}. Check the facts that decide whether a policy "
        "applies, list the records that are missing, or choose other policies with --policy."
    )


def _metadata(inventory: Inventory, facts: Mapping[str, FactText]) -> Metadata:
    name = inventory.agency.get("name")
    counts = {kind: inventory.count(kind) for kind in inventory.kinds}
    known, read = known_facts(inventory, facts)
    return Metadata(
        program_version=compliance.__version__,
        as_of=inventory.as_of.isoformat(),
        agency=inventory.agency.id,
        agency_name=name if isinstance(name, str) else None,
        inventory=dict(sorted(inventory.digests.items())),
        subjects={kind: count for kind, count in counts.items() if count},
        facts=facts,
        complete=complete_lists(inventory),
        known_facts=known,
        read_facts=read,
    )


def _values(
    problems: Iterable[Problem], kind: str, *, as_unknown: bool = True
) -> Iterator[WrongValue]:
    for problem in problems:
        if problem.kind == kind:
            yield WrongValue(
                str(problem.position),
                problem.path,
                problem.message,
                problem.expected,
                problem.suggestion or None,
                as_unknown,
            )


def _policy_run(
    use: PolicyUse,
    plan: PolicyPlan,
    outcome: PolicyOutcome,
    inventory: Inventory,
    tallying: Tallying,
) -> PolicyRun:
    policy = use.bundle.policy
    records = {kind: inventory.count(kind) for kind in inventory.kinds}
    return PolicyRun(
        id=policy.id,
        version=policy.version,
        title=policy.title,
        status=policy.status,
        binding=policy.binding,
        authority=policy.authority,
        statement=policy.statement,
        selected=use.selected,
        digests=dict(use.bundle.digests),
        engine=use.engine.name,
        engine_version=use.engine.version,
        rules=tuple(
            _rule_text(rule, tallying.of_rule(policy.id, rule.id)) for rule in policy.rules
        ),
        requirements=outcome.scores.texts(records, inventory.complete_on),
        extent=_extent(policy),
        sources=tuple(_without_none(asdict(source)) for source in policy.sources),
        parameters=plan.parameters.texts(),
        applies=outcome.applies,
        migrations=policy.migrations,
    )


def _rule_text(rule: Rule, counts: Mapping[str, int]) -> RuleText:
    return RuleText(
        id=rule.id,
        title=rule.title,
        subject=rule.subject,
        severity=rule.severity,
        basis=rule.basis,
        covers=rule.covers,
        remediation=rule.remediation,
        section=rule.section,
        effort=rule.effort,
        due_days=rule.due.days if rule.due else None,
        due_basis=rule.due.basis if rule.due else None,
        question=rule.question or None,
        in_force_from=rule.dates.in_force_from,
        enforced_from=rule.dates.enforced_from,
        sanctioned_from=rule.dates.sanctioned_from,
        until=rule.dates.until,
        counts=counts,
    )


def _extent(policy: Policy) -> tuple[GroupExtent, ...]:
    return tuple(
        GroupExtent(
            group=group.group,
            title=group.title,
            extent=group.extent,
            requirements=sum(one.group == group.group for one in policy.requirements),
            source_count=group.source_count,
        )
        for group in policy.extent
    )


def _without_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _facts(kinds: Kinds, bundles: Iterable[Bundle], missing: Iterable[str]) -> dict[str, FactText]:
    """Texts of the facts that policies read and findings name, by path."""
    paths = set(missing)
    for bundle in bundles:
        for documents in (bundle.reads, bundle.measures):
            for kind, nodes in documents.items():
                for head, node in nodes.items():
                    paths.update(_paths(kinds, kind if head == "self" else head, node))
    found = {}
    for path in sorted(paths):
        fact = fact_at(kinds, path)
        if fact is not None:
            found[path] = _fact_text(path, fact)
    return found


def fact_at(kinds: Kinds, path: str) -> Fact | None:
    """The fact at a path headed by its kind, those of embedded objects among them."""
    found = kinds.fact(path)
    if found is not None:
        return found
    head, _, last = path.rpartition(".")
    while head:
        outer = kinds.fact(head)
        if outer is not None:
            return outer.fields.get(last)
        head, _, part = head.rpartition(".")
        last = f"{part}.{last}"
    return None


def _paths(kinds: Kinds, kind: str, node: Mapping[str, Any]) -> Iterable[str]:
    if kind not in kinds:
        return
    for path in node["facts"]:
        yield f"{kind}.{path}"
        fact = kinds[kind].facts.get(path)
        if fact is not None:
            yield from (f"{kind}.{path}.{field}" for field in fact.fields)
    for path, below in node["links"].items():
        yield f"{kind}.{path}"
        fact = kinds[kind].facts.get(path)
        if fact is not None:
            for target in [str(fact.target)] if fact.target in kinds else kinds:
                yield from _paths(kinds, target, below)


def _fact_text(path: str, fact: Fact) -> FactText:
    return FactText(
        path=path,
        title=fact.title,
        question=fact.question,
        asked_of=fact.asked_of,
        type=fact.type,
        choices=fact.enum or (),
    )
