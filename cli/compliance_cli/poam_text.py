"""The plan in words, for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from compliance.assessment.model import Assessment, PlanItemText
from compliance.assessment.planned import ACCEPTED, PROPOSED, OutsideFinding, PlanCover
from compliance.plan.changes import Update
from compliance.plan.model import Plan
from compliance.report.plain import columns, enumeration, neutral, number, prose
from compliance.report.plan import cost_words, counts, due_words, outside_words, standing, urgency

RECORDS_SHOWN = 6
ITEMS_SHOWN = 40
"""Items of one list of what an update changed."""
_ALL_LACKING = 5
"""What an item lacks that nobody has touched."""


def updated(found: Update, after: Assessment, before: Plan) -> Iterator[str]:
    """What an update changed: a table, and each item that changed in a line."""
    items = {item.id: item for item in after.plan}
    if after.metadata.marking:
        yield prose(after.metadata.marking)
    yield f"Plan of action and milestones as of {after.metadata.as_of}\n\n"
    yield columns(_table(found, after, before))
    changed = (
        ("New", [item.id for item in found.new], _due),
        ("Accepted", found.happened("accepted"), standing_and_records),
        ("Records joined", found.happened("added"), _latest("added")),
        ("Records resolved, others open", found.happened("resolved"), _latest("resolved")),
        ("Records back in the gap", found.happened("regressed"), _latest("regressed")),
        ("In force now", found.happened("in_force"), standing_and_records),
        ("Closed", found.happened("closed"), _closed),
        ("Reopened", found.happened("reopened"), standing_and_records),
    )
    for title, ids, words in changed:
        if ids:
            yield f"\n{title}\n"
        for item_id in ids[:ITEMS_SHOWN]:
            yield _line(items[item_id], words(items[item_id]))
        if len(ids) > ITEMS_SHOWN:
            yield f"  and {len(ids) - ITEMS_SHOWN:,} more; `compliance poam show` lists them.\n"
    yield from _unclear(found)
    late = [item for item in sorted(after.plan, key=urgency) if item.overdue]
    if late:
        yield "\nOverdue\n"
    for item in late[:ITEMS_SHOWN]:
        yield _line(item, standing(item))
    if len(late) > ITEMS_SHOWN:
        yield f"  and {len(late) - ITEMS_SHOWN:,} more; `compliance poam show` lists them.\n"
    yield from _half_accepted(after.plan)


def _table(found: Update, after: Assessment, before: Plan) -> list[list[str]]:
    closed, reopened = found.happened("closed"), found.happened("reopened")
    kept = sum(not item.closed and item.id not in closed for item in before.items)
    waiting = [item for item in after.plan if item.state == PROPOSED]
    ahead = sum(item.upcoming for item in found.new)
    rows = [
        ["new", f"{len(found.new) - ahead:,}"],
        ["new, about what is not yet in force", f"{ahead:,}"],
        ["kept open", f"{kept:,}"],
        ["closed", f"{len(closed):,}"],
        ["reopened", f"{len(reopened):,}"],
        ["overdue", f"{sum(item.overdue for item in after.plan):,}"],
        ["waiting for a named person to accept them", f"{len(waiting):,}"],
        ["accepted", f"{sum(item.state == ACCEPTED for item in after.plan):,}"],
    ]
    return rows


def _unclear(found: Update) -> Iterator[str]:
    if found.unclear:
        yield "\nCannot be told, so nothing is closed\n"
    for one in found.unclear:
        records = enumeration(one.records[:RECORDS_SHOWN], len(one.records))
        yield prose(f"{one.item}: {records}: {one.words}", "    ", "  - ")


def _half_accepted(items: Sequence[PlanItemText]) -> Iterator[str]:
    """Items that somebody has begun to fill in, with what they lack still."""
    begun = [one for one in items if one.open and 0 < len(one.lacks) < _ALL_LACKING]
    if begun:
        yield "\nFilled in partly, so they do not count yet\n"
    for item in begun:
        yield prose(f"{item.id} lacks {'; '.join(item.lacks)}", "    ", "  - ")


def standing_and_records(item: PlanItemText) -> str:
    """How an item stands, and how many records of which kind it is about."""
    return f"{_about(item)}; {standing(item)}"


def _due(item: PlanItemText) -> str:
    return f"{_about(item)}; {due_words(item)}"


def _latest(event: str) -> Callable[[PlanItemText], str]:
    """Words for the records of the newest such event of an item."""

    def words(item: PlanItemText) -> str:
        newest = next(one for one in item.history if one.event == event)
        return enumeration(newest.subjects[:RECORDS_SHOWN], len(newest.subjects))

    return words


def _closed(item: PlanItemText) -> str:
    event = next(one for one in item.history if one.event == "closed")
    return f"{_about(item)}; closed {item.closed_on}: {(event.because or '').lower()}"


def _about(item: PlanItemText) -> str:
    parts = [number(len(cover.subjects), f"{cover.kind} record") for cover in item.covers]
    return ", ".join([*parts, *item.outside]) or "no records"


def _line(item: PlanItemText, words: str) -> str:
    return prose(f"{item.id} [{item.severity}] {item.title}: {words}", "    ", "  - ")


def listed(items: Sequence[PlanItemText], outside: Sequence[OutsideFinding]) -> Iterator[str]:
    """A whole plan: counts, open items by urgency, findings from outside, closed items."""
    yield prose(counts(items))
    in_order = sorted(items, key=urgency)
    for title, wanted in (
        ("Accepted", [one for one in in_order if one.state == ACCEPTED]),
        ("Proposed", [one for one in in_order if one.state == PROPOSED]),
    ):
        if wanted:
            yield f"\n{title}\n"
        for item in wanted:
            yield _line(item, standing_and_records(item))
    if outside:
        yield "\nFindings from outside\n"
    for found in outside:
        yield prose(outside_words(found), "    ", "  - ")
    closed = [item for item in items if not item.open]
    if closed:
        yield "\nClosed\n"
    for item in closed:
        yield _line(item, f"closed {item.closed_on or 'without a date'}")


def shown(items: Iterable[PlanItemText]) -> Iterator[str]:
    """Items in full."""
    for item in items:
        yield f"{item.id} [{item.severity}] {neutral(item.title)}\n"
        for name, words in _parts(item):
            if words:
                yield prose(f"{name}: {words}", "    ", "  ")


def _parts(item: PlanItemText) -> Iterator[tuple[str, str]]:
    yield "State", item.state + (" (upcoming)" if item.upcoming else "")
    yield "Lacks before it counts", "; ".join(item.lacks)
    if item.open:
        yield "Standing", standing(item)
    yield "Found", item.found_on
    yield "Closed", item.closed_on or ""
    yield "Owner", item.owner or ""
    accepted = f"{item.accepted_by} on {item.accepted_on}" if item.accepted_by else ""
    yield "Accepted by", accepted
    yield "To do", item.remediation or ""
    for cover in item.covers:
        yield f"Rule {cover.policy}/{cover.rule}", _records(cover)
    yield "Findings from outside", ", ".join(item.outside)
    for step in item.milestones:
        done = f", done {step.done_on}" if step.done_on else ""
        yield "Milestone", f"{step.due_on or 'no date'}: {step.title}{done}"
    yield "Cost", cost_words(item)
    yield "Shared service", item.shared_service or ""
    yield "Comment", item.comment or ""
    for event in item.history:
        by = f" by {event.by}" if event.by else ""
        about = enumeration(event.subjects[:RECORDS_SHOWN], len(event.subjects))
        because = ": ".join(part for part in (event.because, about) if part)
        name = event.event.replace("_", " ")
        yield event.date, f"{name}{by}{f' ({because})' if because else ''}"


def _records(cover: PlanCover) -> str:
    named = [f"{cover.kind}/{subject}" for subject in cover.subjects[:RECORDS_SHOWN]]
    return enumeration(named, len(cover.subjects))
