"""How an item stands on a date: accepted or not, due when, overdue, and what an assessment says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import (
    APPLIES,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Finding,
    Outline,
)
from compliance.assessment.planned import ACCEPTED, CLOSED, PROPOSED, OutsideFinding
from compliance.plan.model import FIRST_DATE, Cover, PlanItem
from compliance.plan.successors import retired

OWN = "agency"
"""Basis of a date that the agency set."""

_UNKNOWN = "unknown: a fact is missing"
_IN_ERROR = "its rule could not be evaluated"


def lacks(item: PlanItem, as_of: str) -> tuple[str, ...]:
    """What an item lacks before it counts, in words; nothing for an accepted one."""
    dated = any(milestone.due_on for milestone in item.milestones)
    missing = [
        words
        for said, words in (
            (item.accepted_by, "who accepts it (accepted_by)"),
            (item.accepted_on, "when it was accepted (accepted_on)"),
            (item.owner, "an owner (owner)"),
            (item.due_on, "a date (due_on)"),
            (dated, "a milestone with its date (milestones)"),
        )
        if not said
    ]
    if item.accepted_on and item.accepted_on > as_of:
        missing.append(f"an acceptance that has come: {item.accepted_on} lies ahead")
    reopened = item.reopened_on
    if item.accepted_on and reopened and item.accepted_on < reopened:
        missing.append(f"an acceptance since it was reopened on {reopened}")
    return tuple(missing)


def state(item: PlanItem, as_of: str) -> str:
    """The state that counts on a date, whatever word the file has."""
    if item.closed:
        return CLOSED
    return PROPOSED if lacks(item, as_of) else ACCEPTED


def was_accepted(item: PlanItem, as_of: str) -> bool:
    """Whether a named person has accepted an item, be it closed since or not."""
    return bool(item.accepted_by and item.accepted_on and item.accepted_on <= as_of)


def due(item: PlanItem, as_of: str) -> tuple[str | None, str | None]:
    """The date that counts, and who set it.

    An agency's own date counts once the item is accepted; until then the latest one does.
    """
    if state(item, as_of) != PROPOSED and item.due_on:
        return item.due_on, OWN
    if item.latest_on:
        return item.latest_on, item.latest_basis
    return item.due_on, OWN if item.due_on else None


def overdue(item: PlanItem, as_of: str) -> bool:
    """Whether an item is open past its date."""
    date, _basis = due(item, as_of)
    return not item.closed and date is not None and date < as_of


def late_milestones(item: PlanItem, as_of: str) -> int:
    """How many milestones of an open item are past their date and not done."""
    if item.closed:
        return 0
    late = [one for one in item.milestones if one.due_on and one.due_on < as_of]
    return sum(not (one.done_on and one.done_on <= as_of) for one in late)


def issuer_accepted(found: OutsideFinding, as_of: str) -> bool:
    """Whether the issuer has accepted the correction: nothing else closes the finding."""
    return (found.accepted_by_issuer_on or "9999-99-99") <= as_of


@dataclass(frozen=True, slots=True)
class Standing:
    """What an assessment says of one record that an item is about."""

    status: str
    """gap, upcoming, satisfied, not_applicable, or unknown for whatever cannot be told."""
    words: str = ""
    """For ``unknown``: why it cannot be told."""

    @property
    def settled(self) -> bool:
        """Satisfied or not applicable."""
        return self.status in (SATISFIED, NOT_APPLICABLE)


class Standings:
    """Looks up the findings behind the items of a plan.

    Args:
        assessment: findings as of one date.
    """

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment
        self._upcoming: dict[tuple[str, str, str], Finding] = {}
        for outline in assessment.findings.notable():
            if outline.upcoming:
                self._upcoming[_key(outline)] = outline.whole()

    def of(self, cover: Cover, subject: str, *, upcoming: bool = False) -> Standing:
        """How one record stands.

        Args:
            cover: rule and kind.
            subject: id of the record.
            upcoming: whether the item is about what is not yet in force.
        """
        run = self._assessment.policy(cover.policy)
        if run is None:
            return Standing(UNKNOWN, f"the policy {cover.policy} is not part of this assessment")
        if run.rule(cover.rule) is None:
            words = f"{cover.policy} {run.version} has no rule {cover.rule} any more"
            why = retired(run, cover.rule)
            words += f" ({why})" if why else ""
            return Standing(UNKNOWN, words)
        now = self._now(cover, subject)
        if not upcoming or now.status == GAP:
            return now
        ahead = self._upcoming.get((cover.policy, cover.rule, f"{cover.kind}/{subject}"))
        return now if ahead is None else _standing(ahead, UPCOMING)

    def _now(self, cover: Cover, subject: str) -> Standing:
        found = self._get(cover, cover.rule, subject)
        if found is None:
            found = self._get(cover, APPLIES, subject)
        if found is None:
            return Standing(UNKNOWN, "the inventory no longer has the record")
        if found.upcoming:  # Of a policy that is only proposed.
            return Standing(UNKNOWN, "not yet in force") if found.status == GAP else _plain(found)
        return _plain(found)

    def _get(self, cover: Cover, rule: str, subject: str) -> Finding | None:
        agency = self._assessment.metadata.agency
        return self._assessment.findings.get(
            f"{agency}/{cover.policy}/{rule}/{cover.kind}:{subject}"
        )


def _plain(found: Finding) -> Standing:
    return _standing(found, GAP)


def _standing(found: Finding, gap: str) -> Standing:
    if found.status == GAP:
        return Standing(gap)
    if found.status == ERROR:
        return Standing(UNKNOWN, _IN_ERROR)
    if found.status == UNKNOWN:
        return Standing(UNKNOWN, _UNKNOWN)
    return Standing(found.status)


def _key(outline: Outline) -> tuple[str, str, str]:
    return outline.policy, outline.rule.partition("@")[0], outline.record


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap that a plan should answer."""

    policy: str
    rule: str
    """Rule id without the date of a later parameter value."""
    kind: str
    subject: str
    severity: str
    basis: str
    upcoming: bool = False
    in_force_from: str | None = None

    @property
    def record(self) -> str:
        """``kind/id``."""
        return f"{self.kind}/{self.subject}"


def gaps(assessment: Assessment) -> Iterator[Gap]:
    """The gaps of an assessment, in order; an upcoming one only where there is no gap today."""
    found = [one for one in assessment.findings.notable() if one.status == GAP]
    today = {_key(one) for one in found if not one.upcoming}
    for one in found:
        policy, rule, record = key = _key(one)
        if one.upcoming and key in today:
            continue
        mark = one.mark(UPCOMING)
        date = mark.date if mark else None
        yield Gap(
            policy, rule, one.kind, record.partition("/")[2], one.severity, one.basis,
            one.upcoming, date,
        )  # fmt: skip


def is_before(date: str, plan: tuple[PlanItem, ...]) -> str | None:
    """The newest date on which a plan was updated, where it is later than a date; else None.

    Acceptances are the dates of people, who may write one that lies ahead.
    """
    events = (event for item in plan for event in item.history if event.event != ACCEPTED)
    newest = max((event.date for event in events), default=FIRST_DATE)
    return newest if newest > date else None
