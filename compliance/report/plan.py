"""The plan of action and milestones, and findings from outside, in a report for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assessment.model import SEVERITIES, Assessment, OutsideFinding, PlanItemText
from compliance.assessment.planned import ACCEPTED, CLOSED, PROPOSED
from compliance.report.plain import enumeration, number, prose

SHOWN = 20
"""Items of a list; JSON has them all."""
_BASES = {
    "agency": "the agency's date",
    "bureau": "the bureau's time",
    "issuer": "the issuer's date",
    "law": "the law's time",
    "guidance": "the guidance's time",
    "practice": "good practice's time",
}
_SOURCES = {"state_auditor": "state auditor"}


def plan_lines(assessment: Assessment) -> Iterator[str]:
    """How the plan stands: what is overdue, what is accepted, what waits for a person."""
    if not assessment.plan:
        return
    items = sorted(assessment.plan, key=urgency)
    yield prose(counts(items), "  ")
    accepted = [one for one in items if one.state == ACCEPTED]
    late = [one for one in items if one.overdue and one.state == PROPOSED]
    for item in [*late, *accepted][:SHOWN]:
        yield prose(f"{item.id} [{item.severity}] {item.title}: {standing(item)}", "    ", "  - ")
    left = len(late) + len(accepted) - SHOWN
    if left > 0:
        yield f"  and {left:,} more; `compliance poam show` lists them.\n"
    waiting = [one for one in items if one.state == PROPOSED and not one.overdue]
    if waiting:
        names = enumeration([one.id for one in waiting[:SHOWN]], len(waiting))
        yield prose(f"Proposed, and waiting for a named person to accept: {names}", "    ", "  - ")


def counts(items: Sequence[PlanItemText]) -> str:
    """How many items there are of each sort, as a sentence."""
    proposed = [one for one in items if one.state == PROPOSED]
    upcoming = sum(one.upcoming for one in proposed)
    late = sum(one.overdue for one in items)
    ahead = f", {upcoming:,} of them about what is not yet in force" if upcoming else ""
    parts = [
        f"{sum(one.state == ACCEPTED for one in items):,} accepted",
        f"{len(proposed):,} proposed{ahead}",
        f"{sum(one.state == CLOSED for one in items):,} closed",
    ]
    return f"{number(len(items), 'item')}: {'; '.join(parts)}. {late:,} overdue."


def standing(item: PlanItemText) -> str:
    """How an open item stands, in words."""
    parts = ["proposed, not accepted" if item.state == PROPOSED else f"owner {item.owner}"]
    parts.append(due_words(item))
    if item.late_milestones:
        parts.append(number(item.late_milestones, "milestone is late", "milestones are late"))
    ahead = [one for one in item.milestones if one.due_on and not one.done_on]
    if ahead and item.state == ACCEPTED:
        step = min(ahead, key=lambda one: one.due_on or "")
        parts.append(f"next {step.due_on}: {step.title}")
    unclear = sum(len(cover.unclear) for cover in item.covers)
    if unclear:
        parts.append(f"{number(unclear, 'record')} cannot be told")
    if item.reopened_on:
        parts.append(f"reopened {item.reopened_on}")
    return "; ".join(parts)


def due_words(item: PlanItemText) -> str:
    """By when: ``due 2027-02-21 (the bureau's time)``."""
    if item.due_on is None:
        start = f"in force from {item.in_force_from}" if item.in_force_from else "not yet in force"
        return start if item.upcoming else "no date"
    word = "OVERDUE since" if item.overdue else "due"
    basis = _BASES.get(item.due_basis or "", "")
    text = f"{word} {item.due_on}{f' ({basis})' if basis else ''}"
    late = item.due_basis == "agency" and item.latest_on and item.due_on > item.latest_on
    if late:
        text += f", later than {_BASES.get(item.latest_basis or '', 'the latest date')}"
        text += f", {item.latest_on}"
    return text


def cost_words(item: PlanItemText) -> str:
    """What an item costs, in words; empty where nobody says."""
    cost = item.cost
    if cost is None:
        return ""
    amounts = [
        f"{cost.currency} {amount:,} {word}"
        for amount, word in ((cost.one_time, "once"), (cost.yearly, "a year"))
        if amount is not None
    ]
    parts = [
        " and ".join(amounts),
        f"from {cost.funding_source}" if cost.funding_source else "",
        f"federal share {cost.federal_share:.0%}" if cost.federal_share is not None else "",
        f"on condition: {cost.federal_condition}" if cost.federal_condition else "",
        f"fiscal year {cost.fiscal_year}" if cost.fiscal_year else "",
        f"request {cost.request_status.replace('_', ' ')}" if cost.request_status else "",
    ]
    return "; ".join(part for part in parts if part)


def urgency(item: PlanItemText) -> tuple[bool, bool, str, int, str]:
    """Orders items: open before closed, overdue first, then by date and severity."""
    return (
        not item.open,
        not item.overdue,
        item.due_on or "9999-99-99",
        SEVERITIES.index(item.severity),
        item.id,
    )


def outside_lines(assessment: Assessment) -> Iterator[str]:
    """Findings from outside: open ones with what is due, accepted ones as a count."""
    if not assessment.outside:
        return
    open_ = sorted(
        (one for one in assessment.outside if one.open),
        key=lambda one: (not one.overdue, one.response_due_on or "9999-99-99", one.id),
    )
    accepted = len(assessment.outside) - len(open_)
    text = f"{len(open_):,} open; {accepted:,} accepted by the issuer."
    yield prose(f"{number(len(assessment.outside), 'finding')}: {text}", "  ")
    for found in open_[:SHOWN]:
        yield prose(outside_words(found), "    ", "  - ")
    if len(open_) > SHOWN:
        yield f"  and {len(open_) - SHOWN:,} more; --format json lists them.\n"


def issuer(found: OutsideFinding) -> str:
    """Who issued a finding: ``IRS``, ``state auditor``, or the name of another one."""
    return found.source_name or _SOURCES.get(found.source, found.source)


def outside_words(found: OutsideFinding) -> str:
    """One finding in words."""
    text = f"{issuer(found)} {found.number} [{found.severity}] {found.title}: "
    text += f"reported {found.reported_on}; {_response(found)}"
    if found.labels:
        text += f"; about {', '.join(found.labels)}"
    if found.items:
        text += f"; plan {', '.join(found.items)}"
    return text


def _response(found: OutsideFinding) -> str:
    if not found.open:
        return f"accepted by the issuer {found.accepted_by_issuer_on}"
    if found.responded_on:
        return f"answered {found.responded_on}, not yet accepted by the issuer"
    if found.overdue:
        return f"response OVERDUE since {found.response_due_on}"
    if found.response_due_on:
        return f"response due {found.response_due_on}"
    return "not yet answered"
