"""The plan as an assessment carries it: everything that depends on the date worked out."""

from __future__ import annotations

from dataclasses import replace

from compliance.assessment.model import Assessment
from compliance.assessment.planned import OutsideFinding, PlanCover, PlanItemText
from compliance.plan.model import Cover, Plan, PlanItem
from compliance.plan.standing import (
    Standings,
    due,
    issuer_accepted,
    lacks,
    late_milestones,
    overdue,
    state,
)
from compliance.plan.successors import followed


def with_plan(assessment: Assessment, plan: Plan) -> Assessment:
    """An assessment with the plan and the findings from outside as of its date.

    Args:
        assessment: findings as of one date.
        plan: the agency's plan, with nothing wrong.
    """
    if plan.empty:
        return assessment
    plan = followed(plan, assessment)
    as_of = assessment.metadata.as_of
    standings = Standings(assessment)
    items = [item_text(item, as_of, standings) for item in plan.items]
    labels = {
        requirement.id: requirement.label
        for policy in assessment.policies
        for requirement in policy.requirements
    }
    outside = [
        replace(
            found,
            labels=tuple(
                labels.get(requirement, requirement) for requirement in found.requirements
            ),
        )
        for found in outside_texts(plan, as_of)
    ]
    return replace(
        assessment,
        plan=tuple(sorted(items, key=lambda item: item.id)),
        outside=tuple(sorted(outside, key=lambda found: found.id)),
    )


def item_text(item: PlanItem, as_of: str, standings: Standings | None = None) -> PlanItemText:
    """An item as of a date.

    Args:
        item: as its file has it.
        as_of: the date.
        standings: what an assessment says of its records; None where there is none.
    """
    due_on, due_basis = due(item, as_of)
    counts = state(item, as_of)
    return PlanItemText(
        id=item.id,
        title=item.title,
        state=counts,
        severity=item.severity,
        found_on=item.found_on,
        basis=item.basis,
        due_on=due_on,
        due_basis=due_basis,
        latest_on=item.latest_on,
        latest_basis=item.latest_basis,
        overdue=overdue(item, as_of),
        late_milestones=late_milestones(item, as_of),
        lacks=() if item.closed else lacks(item, as_of),
        upcoming=item.upcoming,
        in_force_from=item.in_force_from,
        covers=tuple(_cover(cover, item, standings) for cover in item.covers),
        outside=item.outside,
        owner=item.owner,
        accepted_by=item.accepted_by,
        accepted_on=item.accepted_on,
        reopened_on=item.reopened_on,
        closed_on=item.closed_on,
        remediation=item.remediation,
        milestones=item.milestones,
        cost=item.cost,
        shared_service=item.shared_service,
        comment=item.comment,
        history=item.history,
        position=str(item.position) if item.position else None,
    )


def _cover(cover: Cover, item: PlanItem, standings: Standings | None) -> PlanCover:
    gaps: list[str] = []
    unclear: list[str] = []
    resolved = item.resolved()
    for subject in cover.subjects if standings and not item.closed else ():
        standing = standings.of(cover, subject, upcoming=item.upcoming) if standings else None
        if standing is None or standing.settled:
            continue
        if not standing.words:
            gaps.append(subject)
        elif f"{cover.kind}/{subject}" not in resolved:
            unclear.append(subject)
    return PlanCover(
        cover.policy, cover.rule, cover.kind, cover.requirements, cover.subjects,
        tuple(gaps), tuple(unclear),
    )  # fmt: skip


def outside_texts(plan: Plan, as_of: str) -> tuple[OutsideFinding, ...]:
    """Findings from outside as of a date, with the items that answer them."""
    found = []
    for one in plan.outside:
        open_ = not issuer_accepted(one, as_of)
        unanswered = not (one.responded_on and one.responded_on <= as_of)
        late = one.response_due_on is not None and one.response_due_on < as_of
        items = tuple(item.id for item in plan.items if one.id in item.outside)
        found.append(replace(one, open=open_, overdue=open_ and unanswered and late, items=items))
    return tuple(found)
