"""One saved assessment boiled down to what a roll-up keeps of it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from compliance.assessment.model import (
    ERROR,
    GAP,
    REQUIREMENT_STATUSES,
    SEVERITIES,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Metadata,
    PlanItemText,
    PolicyRun,
)
from compliance.assessment.planned import ACCEPTED, CLOSED, PROPOSED
from compliance.inventory.kinds import AGENCY
from compliance.report.actions import Action, actions
from compliance.report.detail import COUNTS, FULL
from compliance.report.headline import status_of
from compliance.report.investments import Investments, Sum, investments
from compliance.report.plan import issuer
from compliance.report.stamp import engine, inventory_digest, policy_digest
from compliance.rollup.model import (
    Agency,
    Asked,
    Fix,
    Outside,
    PlanState,
    Point,
    Service,
    SetResult,
)
from compliance.rollup.saved import Saved

NO_PLAN = Investments((), (), (), (), (), 0)
"""What there is without a plan; no finding has to be walked for it."""


def quarter(day: str) -> str:
    """The quarter of a date: ``2026-Q4``."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def point(assessment: Assessment) -> Point:
    """One assessment as a point of a trend; no finding is read for it."""
    metadata = assessment.metadata
    sets = tuple(_sets(assessment))
    return Point(metadata.agency, metadata.as_of, quarter(metadata.as_of), sets)


def agency(saved: Saved, as_of: datetime.date, detail: str) -> Agency:
    """What is kept of an agency's newest assessment.

    Args:
        saved: the assessment; its findings are walked once.
        as_of: date of the roll-up.
        detail: how much may be told; what it leaves out is not kept.

    Raises:
        SavedError: the file holds something else.
    """
    assessment = saved.assessment()
    metadata = assessment.metadata
    names = COUNTS not in (detail, metadata.detail)
    # The findings are walked even where nothing is told of them: a damaged file is found out.
    fixes = tuple(_fixes(actions(assessment)))
    money = investments(assessment) if assessment.plan else NO_PLAN
    return Agency(
        id=metadata.agency,
        name=metadata.agency_name or metadata.agency,
        as_of=metadata.as_of,
        age=(as_of - datetime.date.fromisoformat(metadata.as_of)).days,
        quarter=quarter(metadata.as_of),
        path=saved.path.as_posix(),
        detail=metadata.detail,
        program_version=metadata.program_version,
        inventory_sha256=inventory_digest(assessment),
        marking=metadata.marking,
        sets=tuple(_sets(assessment)),
        records=_records(metadata, assessment.policies),
        complete=dict(sorted(metadata.complete.items())),
        known=sum(metadata.known_facts.values()),
        read=sum(metadata.read_facts.values()),
        missing=len(assessment.summary.missing_facts),
        statuses=dict(_statuses(assessment.policies)) if names else {},
        fixes=fixes if names else (),
        plan=_plan(assessment.plan),
        outside=tuple(_outside(assessment, detail)),
        asked=tuple(_asked(metadata.agency, one, detail) for one in money.sums),
        asked_in_all=tuple(_asked(metadata.agency, one, detail) for one in money.totals),
        services=tuple(_services(metadata.agency, money)) if detail == FULL else (),
    )


def _records(metadata: Metadata, policies: Iterable[PolicyRun]) -> dict[str, int]:
    """Records by kind, of the kinds that rule sets ask about, though none may be listed."""
    kinds = {kind for policy in policies for kind in policy.applies} | metadata.read_facts.keys()
    return {kind: metadata.subjects.get(kind, 0) for kind in sorted(kinds) if kind != AGENCY}


def _sets(assessment: Assessment) -> Iterator[SetResult]:
    for policy in sorted(assessment.policies, key=lambda one: one.id):
        found: Counter[str] = Counter()
        gaps: Counter[str] = Counter()
        for count in assessment.summary.counts:
            if count.policy == policy.id:
                status = status_of(count)
                found[status] += count.findings
                if status == GAP:
                    gaps[count.severity] += count.findings
        counted = Counter(one.status for one in policy.requirements if not one.upcoming)
        yield SetResult(
            policy=policy.id,
            version=policy.version,
            title=policy.title,
            binding=policy.binding,
            requirements={name: counted[name] for name in REQUIREMENT_STATUSES if counted[name]},
            gaps={name: gaps[name] for name in SEVERITIES if gaps[name]},
            unknown=found[UNKNOWN],
            errors=found[ERROR],
            upcoming=found[UPCOMING],
            digest=policy_digest(policy),
            engine=engine(policy),
        )


def _statuses(policies: Iterable[PolicyRun]) -> Iterator[tuple[tuple[str, str], str]]:
    for policy in policies:
        for one in policy.requirements:
            if not one.upcoming:
                yield (policy.id, one.id), one.status


def _fixes(found: Iterable[Action]) -> Iterator[Fix]:
    for action in found:
        closes: Counter[tuple[str, str]] = Counter()
        for one in action.closes:
            if not one.upcoming:
                closes[one.policy, one.basis] += one.findings
        yield Fix(
            key=_key(action),
            facts=action.facts,
            kind=action.kind,
            title=_title(action),
            severity=action.severity,
            basis=action.basis,
            effort=action.effort,
            records=action.records,
            closes=dict(sorted(closes.items())),
            upcoming=action.upcoming,
            rules=action.rules,
            requirements=action.requirements or action.upcoming_requirements,
            provider=action.provider,
        )


def _key(action: Action) -> tuple[str, ...]:
    if action.provider:
        named = action.requirements or action.upcoming_requirements
        return ("provider", action.provider, *named)
    if action.facts:
        return ("facts", action.kind, *action.facts, *action.aims)
    return ("rules", action.kind, *action.rules)


def _title(action: Action) -> str:
    """What to do, without the name of a provider, which a roll-up may have to leave out."""
    if action.provider is None:
        return action.title
    return action.title.removeprefix(f"Have {action.provider} put right what it carries: ")


def _plan(items: Iterable[PlanItemText]) -> PlanState:
    listed = list(items)
    states = Counter(one.state for one in listed)
    dates = [one.due_on for one in listed if one.state == ACCEPTED and one.due_on]
    return PlanState(
        proposed=states[PROPOSED],
        accepted=states[ACCEPTED],
        closed=states[CLOSED],
        overdue=sum(one.overdue for one in listed),
        late_milestones=sum(one.late_milestones for one in listed),
        next_due_on=min(dates, default=None),
    )


def _outside(assessment: Assessment, detail: str) -> Iterator[Outside]:
    for one in assessment.outside:
        if one.open:
            found = Outside(
                agency=assessment.metadata.agency,
                source=issuer(one) if detail == FULL else one.source.replace("_", " "),
                severity=one.severity,
                reported_on=one.reported_on,
                due_on=one.response_due_on,
                overdue=one.overdue,
                answered=one.responded_on is not None,
            )
            yield replace(found, number=one.number, title=one.title) if detail == FULL else found


def _asked(agency_id: str, found: Sum, detail: str) -> Asked:
    return Asked(
        agency=agency_id,
        fiscal_year=found.fiscal_year,
        funding_source=None if detail == COUNTS else found.funding_source,
        currency=found.currency,
        items=len(found.items),
        one_time=found.one_time.total,
        without_one_time=len(found.without_one_time),
        yearly=found.yearly.total,
        without_yearly=len(found.without_yearly),
        federal=found.one_time.federal + found.yearly.federal,
        not_split=found.one_time.not_split + found.yearly.not_split,
        requests=dict(found.statuses),
        gaps=found.risk.total,
    )


def _services(agency_id: str, found: Investments) -> Iterator[Service]:
    for one in found.shared:
        name = " ".join(one.name.split())
        yield Service(name, agency_id, len(one.items), one.risk.total)
