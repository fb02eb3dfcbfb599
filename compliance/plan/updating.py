"""What a new assessment changes in a plan: worked out here, written elsewhere.

New gaps become proposed items, one a rule and kind. A gap that is satisfied or not applicable now
is resolved, and an item with nothing else left closes; what cannot be told closes nothing. A gap
that comes back reopens its item. What people wrote is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from compliance.assessment.model import (
    BASES,
    GAP,
    NOT_APPLICABLE,
    SEVERITIES,
    UPCOMING,
    Assessment,
    RuleText,
)
from compliance.assessment.planned import ACCEPTED, CLOSED, PROPOSED, OutsideFinding, PlanEvent
from compliance.plan.changes import Change, Draft, Unclear, Update
from compliance.plan.due import Latest, earliest, latest_of_finding, latest_of_rule
from compliance.plan.holders import Holders
from compliance.plan.model import Cover, Plan, PlanItem, next_id
from compliance.plan.standing import (
    Gap,
    Standing,
    Standings,
    gaps,
    issuer_accepted,
    state,
)
from compliance.plan.successors import followed

_NO_WORDS = "The gap was closed by hand and is there still"


def update(plan: Plan, assessment: Assessment) -> Update:
    """Work out what an assessment changes.

    Args:
        plan: as it stands in its files, with nothing wrong.
        assessment: the findings of today.
    """
    return _Updater(followed(plan, assessment), assessment).run()


class _Updater:
    def __init__(self, plan: Plan, assessment: Assessment) -> None:
        self._plan = plan
        self._assessment = assessment
        self._as_of = assessment.metadata.as_of
        self._standings = Standings(assessment)
        self._gaps: dict[tuple[str, str, str], Gap] = {}
        for gap in gaps(assessment):
            self._gaps.setdefault((gap.policy, gap.rule, gap.record), gap)
        self._unclear: list[Unclear] = []

    def run(self) -> Update:
        holders = Holders(self._plan.items)
        joining: dict[str, list[Gap]] = {}
        left: list[Gap] = []
        for gap in self._gaps.values():
            if holders.of(gap) is not None:
                continue
            taker = holders.taker(gap, self._as_of)
            if taker is None:
                left.append(gap)
            else:
                joining.setdefault(taker.id, []).append(gap)
        changes = [
            self._change(item, holders, joining.get(item.id, ())) for item in self._plan.items
        ]
        new = self._new(left)
        kept = tuple(change for change in changes if not change.nothing)
        return Update(kept, new, tuple(self._unclear))

    # Items that are there

    def _change(self, item: PlanItem, holders: Holders, joining: Sequence[Gap]) -> Change:
        if item.closed:
            return self._reopened(item, holders)
        change = Draft(item, self._as_of)
        self._accepted(change)
        self._join(change, joining)
        standings = self._told(item)
        self._in_force(change, standings)
        self._turned(change, standings)
        self._close(change, standings)
        return change.done()

    def _told(self, item: PlanItem) -> dict[str, Standing]:
        """How each record of an item stands; what cannot be told is taken down."""
        found: dict[str, Standing] = {}
        reasons: dict[str, list[str]] = {}
        for cover in item.covers:
            for subject in cover.subjects:
                record = f"{cover.kind}/{subject}"
                standing = self._standings.of(cover, subject, upcoming=item.upcoming)
                worst = found.get(record)
                if worst is None or worst.settled or standing.status == GAP:
                    found[record] = standing
        resolved = item.resolved()
        for record, standing in found.items():
            if standing.words and record not in resolved:
                reasons.setdefault(standing.words, []).append(record)
        self._unclear += [
            Unclear(item.id, words, tuple(records)) for words, records in reasons.items()
        ]
        return found

    def _accepted(self, change: Draft) -> None:
        item = change.item
        if state(item, self._as_of) == ACCEPTED:
            told = any(
                event.event == ACCEPTED and event.date >= (item.reopened_on or "")
                for event in item.history
            )
            if not told:
                change.event(ACCEPTED, date=item.accepted_on, by=item.accepted_by)
            change.set("state", ACCEPTED)

    def _join(self, change: Draft, joining: Sequence[Gap]) -> None:
        item = change.item
        for gap in joining:
            for place, cover in enumerate(item.covers):
                if (cover.policy, cover.rule, cover.kind) == (gap.policy, gap.rule, gap.kind):
                    number = place if cover.number is None else cover.number
                    joined = change.subjects.setdefault(number, [])
                    # Several rules may have come from one, of which the file has a single list.
                    if gap.subject not in joined:
                        joined.append(gap.subject)
                    break
        if joining:
            records = dict.fromkeys(gap.record for gap in joining)
            change.event("added", subjects=records)

    def _in_force(self, change: Draft, standings: Mapping[str, Standing]) -> None:
        item = change.item
        if not item.upcoming or GAP not in {one.status for one in standings.values()}:
            return
        change.event("in_force")
        change.set("upcoming", False)
        self._date(change, self._as_of)

    def _turned(self, change: Draft, standings: Mapping[str, Standing]) -> None:
        """Records that are settled now and were not, and the other way round."""
        before = change.item.resolved()
        settled = [record for record, one in standings.items() if one.settled]
        again = [
            record
            for record, one in standings.items()
            if record in before and one.status in (GAP, UPCOMING)
        ]
        if again:
            change.event("regressed", subjects=again)
        fresh = [record for record in settled if record not in before]
        if fresh and not self._closes(change, standings):
            change.event("resolved", subjects=fresh)

    def _closes(self, change: Draft, standings: Mapping[str, Standing]) -> bool:
        item = change.item
        if change.subjects or not (item.covers or item.outside):
            return False
        before = item.resolved()
        for record, one in standings.items():
            gone = record in before and one.status not in (GAP, UPCOMING)
            if not (one.settled or gone):
                return False
        return all(self._issuer_accepted(name) for name in item.outside)

    def _issuer_accepted(self, name: str) -> bool:
        found = self._plan.finding(name)
        return found is not None and issuer_accepted(found, self._as_of)

    def _close(self, change: Draft, standings: Mapping[str, Standing]) -> None:
        if not self._closes(change, standings):
            return
        change.set("state", CLOSED)
        change.set("closed_on", self._as_of)
        change.event(CLOSED, because=_why_closed(change.item, standings))

    def _reopened(self, item: PlanItem, holders: Holders) -> Change:
        change = Draft(item, self._as_of)
        back = [
            gap
            for cover in item.covers
            for subject in cover.subjects
            if (gap := self._gaps.get((cover.policy, cover.rule, f"{cover.kind}/{subject}")))
            and holders.of(gap) is item
        ]
        withdrawn = [
            name
            for name in item.outside
            if not self._issuer_accepted(name) and holders.of_finding(name) is item
        ]
        if not back and not withdrawn:
            return change.done()
        change.set("state", PROPOSED)
        change.set("closed_on", None)
        if item.upcoming and any(not gap.upcoming for gap in back):
            change.set("upcoming", False)
        why = "The gap is there again" if _closed_by_program(item) else _NO_WORDS
        if withdrawn:
            why = f"Not accepted by the issuer: {', '.join(withdrawn)}"
        change.event("reopened", because=why, subjects=[gap.record for gap in back])
        self._date(change, self._as_of)
        return change.done()

    def _date(self, change: Draft, found_on: str) -> None:
        """The latest date, counted anew from a date."""
        latest = self._latest_of(change.item, found_on)
        if latest is not None:
            change.set("latest_on", latest.on)
            change.set("latest_basis", latest.basis)

    def _latest_of(self, item: PlanItem, found_on: str) -> Latest | None:
        dates = [
            latest_of_rule(self._rule(cover.policy, cover.rule), item.severity, found_on)
            for cover in item.covers
        ]
        outside = [found for name in item.outside if (found := self._plan.finding(name))]
        return earliest([*dates, *map(latest_of_finding, outside)])

    # New items

    def _new(self, left: Iterable[Gap]) -> tuple[PlanItem, ...]:
        groups: dict[tuple[str, str, str, bool], list[Gap]] = {}
        for gap in left:
            groups.setdefault((gap.policy, gap.rule, gap.kind, gap.upcoming), []).append(gap)
        items = [self._proposed(members) for members in groups.values()]
        items += [self._for_finding(found) for found in self._unanswered()]
        items.sort(key=_rank)
        made: list[PlanItem] = []
        first = self._plan.next_id()
        for item in items:
            made.append(replace(item, id=next_id([made[-1].id]) if made else first))
        return tuple(made)

    def _proposed(self, members: Sequence[Gap]) -> PlanItem:
        first = members[0]
        rule = self._rule(first.policy, first.rule)
        severity = min((gap.severity for gap in members), key=SEVERITIES.index)
        dates = [gap.in_force_from for gap in members if gap.in_force_from]
        latest: Latest | None = latest_of_rule(rule, severity, self._as_of)
        if first.upcoming:
            latest = None
        cover = Cover(
            first.policy, first.rule, first.kind, tuple(gap.subject for gap in members),
            rule.covers if rule else (),
        )  # fmt: skip
        return PlanItem(
            id="",
            title=rule.title if rule else f"{first.policy}/{first.rule}",
            state=PROPOSED,
            severity=severity,
            found_on=self._as_of,
            basis=min((gap.basis for gap in members), key=BASES.index),
            latest_on=latest.on if latest else min(dates, default=None),
            latest_basis=latest.basis if latest else (rule.basis if rule and dates else None),
            upcoming=first.upcoming,
            in_force_from=min(dates, default=None),
            covers=(cover,),
            remediation=rule.remediation if rule else None,
            history=(PlanEvent(self._as_of, PROPOSED),),
        )

    def _unanswered(self) -> Iterator[OutsideFinding]:
        answered = {name for item in self._plan.items for name in item.outside}
        for found in self._plan.outside:
            if found.id not in answered and not issuer_accepted(found, self._as_of):
                yield found

    def _for_finding(self, found: OutsideFinding) -> PlanItem:
        latest = latest_of_finding(found)
        return PlanItem(
            id="",
            title=found.title,
            state=PROPOSED,
            severity=found.severity,
            found_on=found.reported_on,
            latest_on=latest.on,
            latest_basis=latest.basis,
            outside=(found.id,),
            history=(PlanEvent(self._as_of, PROPOSED),),
        )

    def _rule(self, policy: str, rule: str) -> RuleText | None:
        run = self._assessment.policy(policy)
        return run.rule(rule) if run else None


def _why_closed(item: PlanItem, standings: Mapping[str, Standing]) -> str:
    statuses = {one.status for one in standings.values() if one.settled}
    parts = [status.replace("_", " ") for status in sorted(statuses, reverse=True)]
    if statuses == {NOT_APPLICABLE}:
        parts = ["no longer applicable"]
    if item.outside:
        parts.append("accepted by the issuer")
    return ", ".join(parts).capitalize() or "Resolved before"


def _closed_by_program(item: PlanItem) -> bool:
    last = next((event.event for event in item.history if event.event in (CLOSED, "reopened")), "")
    return last == CLOSED


def _rank(item: PlanItem) -> tuple[Any, ...]:
    basis = BASES.index(item.basis) if item.basis else -1
    cover = item.covers[0] if item.covers else None
    place = (cover.policy, cover.rule, cover.kind) if cover else ("", *item.outside)
    return item.upcoming, SEVERITIES.index(item.severity), basis, place
