"""Comparing two assessments: every gap of both gets exactly one effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from compliance.assessment.model import (
    APPLIES,
    BASES,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    Assessment,
    Finding,
)
from compliance.assessment.planned import CLOSED, PlanItemText
from compliance.comparison.differences import differences, policy_changes
from compliance.comparison.migrating import NOTHING, Succession, succession
from compliance.comparison.model import (
    ABSENT,
    AHEAD,
    AHEAD_GONE,
    AHEAD_NEW,
    AHEAD_PERSISTING,
    DEFERRED,
    EFFECTS,
    LEARNT,
    LOST,
    NEW,
    NOT_APPLYING,
    PERSISTING,
    RESOLVED,
    STANDINGS,
    UNCLEAR,
    UPCOMING_GAP,
    UPCOMING_UNKNOWN,
    VANISHED,
    Change,
    Comparison,
    SubjectChange,
)
from compliance.comparison.requirements import requirement_changes
from compliance.comparison.sides import POLICY, RECORD, RULE, Place, Side, Standing
from compliance.errors import UserError
from compliance.report.detail import FULL

_ORDER = (*EFFECTS, *AHEAD, LOST, LEARNT)
_CANNOT_TELL = (UNKNOWN, ERROR)
_BEFORE = {
    SATISFIED: "was satisfied before",
    UNKNOWN: "was unknown before",
    ERROR: "could not be evaluated before",
    NOT_APPLICABLE: "the rule did not apply before",
    UPCOMING_UNKNOWN: "was unknown and not yet in force before",
}
_APPEARED = {RECORD: "the record is new", RULE: "the rule is new", POLICY: "the rule set is new"}
_GONE = {
    RECORD: "the record is not there any more, or no rule set looks at it",
    RULE: "the rule is not there any more",
    POLICY: "the rule set was not used",
}


class ComparisonError(UserError):
    """Assessments that cannot be compared."""


def compare(old: Assessment, new: Assessment) -> Comparison:
    """Compares two assessments of one agency.

    A gap counts as resolved only where the later assessment finds it satisfied: neither one that
    vanished nor one of which nobody can tell now is.

    Args:
        old: the earlier one, in full detail.
        new: the later one.

    Raises:
        ComparisonError: they are of different agencies, or reduced so that records have no names.
    """
    _check(old, new)
    sides = _Sides(old, new)
    changes = sorted(sides.changes(), key=_rank)
    return Comparison(
        old=old,
        new=new,
        policies=policy_changes(old, new, sides.rules),
        changes=tuple(changes),
        transitions=dict(sorted(sides.transitions.items(), key=_standings)),
        requirements=tuple(requirement_changes(old, new)),
        subjects=tuple(_subjects(sides.old, sides.new)),
        differences=tuple(differences(old, new)),
        reopened=_plan(old, new, was_closed=True),
        closed=_plan(old, new, was_closed=False),
    )


def _check(old: Assessment, new: Assessment) -> None:
    before, after = old.metadata, new.metadata
    if before.agency != after.agency:
        raise ComparisonError(
            f"These are assessments of two agencies, {before.agency} and {after.agency}. "
            "Compare two of the same agency."
        )
    for one in (before, after):
        if one.detail != FULL:
            raise ComparisonError(
                f"The assessment as of {one.as_of} is reduced to {one.detail}, so its records have "
                "no names to compare by. Compare the ones that were saved with --detail full."
            )


class _Sides:
    """Both assessments, and what they differ in."""

    def __init__(self, old: Assessment, new: Assessment) -> None:
        self.old, self.new = Side(old), Side(new)
        names = {one.id for one in (*old.policies, *new.policies)}
        self.rules: dict[str, Succession] = {
            name: succession(old.policy(name), new.policy(name), "rules") for name in sorted(names)
        }
        self.transitions: Counter[tuple[str, str]] = Counter()

    def changes(self) -> Iterator[Change]:
        """Every change that is told; counts every transition on the way."""
        for place, after in self.new.walk():
            before = _worst(self.old.at(one) for one in self._before(place))
            self._count(before, after)
            change = self._later(place, before, after)
            if change is not None:
                yield change
        for place, before in self.old.walk():
            places = self._after(place)
            later = [self.new.at(one) for one in places]
            # What has a finding of its own later was counted with it.
            if not any(map(_own, later, places)):
                self._count(before, _worst(later))
            change = self._earlier(place, before, later)
            if change is not None:
                yield change

    def _count(self, before: Standing, after: Standing) -> None:
        if before.name != after.name:
            self.transitions[before.name, after.name] += 1

    def _later(self, place: Place, before: Standing, after: Standing) -> Change | None:
        """The change of a finding of the later assessment."""
        found = after.finding
        if found is None:
            return None
        effect = _effect_of_later(before.name, after.name)
        if effect is None:
            return None
        why = self._why_new(place, before) if effect in (NEW, AHEAD_NEW) else ""
        return Change(effect, before.name, after.name, why, found, _of_rule(before))

    def _why_new(self, place: Place, before: Standing) -> str:
        if before.name == UPCOMING_GAP or (not place.date and self._was_coming(place)):
            return "was upcoming before, and is in force now"
        if before.name == ABSENT:
            return _APPEARED.get(before.lacking, "")
        return _BEFORE.get(before.name, "")

    def _was_coming(self, place: Place) -> bool:
        """Whether a value of a parameter made it a gap that came into force since then."""
        policy = self.old.policy(place.policy)
        dates = {
            date
            for parameter in (policy.parameters if policy else ())
            for date, _ in parameter.upcoming
            if date <= self.new.assessment.metadata.as_of
        }
        return any(
            self.old.at(one.at(f"{one.rule}@{date}")).name == UPCOMING_GAP
            for one in self._before(place)
            for date in dates
        )

    def _earlier(self, place: Place, before: Standing, later: Sequence[Standing]) -> Change | None:
        """The change of a gap of the earlier assessment that is none in the later."""
        found = before.finding
        # What is a gap later, or came into force, is told with the later finding.
        still = {GAP} if before.name == GAP else {GAP, UPCOMING_GAP}
        if found is None or before.name not in (GAP, UPCOMING_GAP):
            return None
        if still & {one.name for one in later}:
            return None
        after = _worst(later)
        effect = AHEAD_GONE if before.name == UPCOMING_GAP else _effect_of_earlier(after.name)
        told, why = _of_rule(after), self._why_gone(place, after)
        return Change(effect, before.name, after.name, why, told or found, found if told else None)

    def _why_gone(self, place: Place, after: Standing) -> str:
        if after.name == ERROR:
            return "the rule could not be evaluated"
        if after.name != ABSENT:
            return ""
        reason = self.rules.get(place.policy, NOTHING).reason(place.base)
        words = _GONE.get(after.lacking, "no rule set looks at it any more")
        return f"{words}: {reason}" if reason and after.lacking == RULE else words

    def _before(self, place: Place) -> list[Place]:
        """The places of the earlier assessment that a later one stands for."""
        return self._moved(place, self.rules.get(place.policy, NOTHING).before)

    def _after(self, place: Place) -> list[Place]:
        """The places of the later assessment that stand for an earlier one."""
        moved = self._moved(place, self.rules.get(place.policy, NOTHING).after)
        if not place.date:
            return moved
        # Where a coming value is no matter of its own any more, the rule itself tells.
        return [one if self.new.at(one).finding is not None else one.at(one.base) for one in moved]

    @staticmethod
    def _moved(place: Place, ids: Mapping[str, tuple[str, ...]]) -> list[Place]:
        suffix = f"@{place.date}" if place.date else ""
        return [place.at(f"{one}{suffix}") for one in ids.get(place.base, ())] or [place]


def _own(standing: Standing, place: Place) -> bool:
    return standing.finding is not None and standing.finding.rule == place.rule


def _of_rule(standing: Standing) -> Finding | None:
    """The finding of a standing, where it is one of the rule and not of its rule set."""
    found = standing.finding
    return None if found is None or found.rule == APPLIES else found


def _worst(found: Iterable[Standing]) -> Standing:
    """Of what stands for one place, what tells most about it."""
    return min(found, key=lambda one: STANDINGS.index(one.name))


def _effect_of_later(before: str, after: str) -> str | None:
    if after == GAP:
        return PERSISTING if before == GAP else NEW
    if after == UPCOMING_GAP:
        return {UPCOMING_GAP: AHEAD_PERSISTING, GAP: None}.get(before, AHEAD_NEW)
    if before == SATISFIED and after in _CANNOT_TELL:
        return LOST
    return LEARNT if before in _CANNOT_TELL and after == SATISFIED else None


def _effect_of_earlier(after: str) -> str:
    """What became of a gap that is none any more."""
    return {
        SATISFIED: RESOLVED,
        NOT_APPLICABLE: NOT_APPLYING,
        UPCOMING_GAP: DEFERRED,
        ABSENT: VANISHED,
    }.get(after, UNCLEAR)


def _rank(change: Change) -> tuple[object, ...]:
    one: Finding = change.finding
    return (
        _ORDER.index(change.effect),
        SEVERITIES.index(one.severity),
        BASES.index(one.basis),
        one.policy,
        one.rule,
        one.kind,
        one.subject,
    )


def _standings(item: tuple[tuple[str, str], int]) -> tuple[int, int]:
    (before, after), _ = item
    return STANDINGS.index(before), STANDINGS.index(after)


def _subjects(old: Side, new: Side) -> Iterator[SubjectChange]:
    for kind in sorted({kind for kind, _ in old.records ^ new.records}):
        appeared = sorted(one for at, one in new.records - old.records if at == kind)
        vanished = sorted(one for at, one in old.records - new.records if at == kind)
        yield SubjectChange(kind, tuple(appeared), tuple(vanished))


def _plan(old: Assessment, new: Assessment, *, was_closed: bool) -> tuple[PlanItemText, ...]:
    before = {item.id: item.state for item in old.plan}
    return tuple(
        item
        for item in new.plan
        if item.id in before
        and (before[item.id] == CLOSED) is was_closed
        and (item.state == CLOSED) is not was_closed
    )
