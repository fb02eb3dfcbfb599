"""What two assessments of one inventory differ in: what closes, opens, becomes known or unknown.

The comparison of assessments says what became of each finding; here findings of one rule that come
out differently in the same way are put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import BASES, SATISFIED, SEVERITIES, Assessment
from compliance.comparison import model
from compliance.comparison.comparing import compare
from compliance.comparison.model import ABSENT, Comparison

CLOSED, OPENED, OUT_OF_SCOPE = "closed", "opened", "out_of_scope"
KNOWN, NOT_KNOWN = "becomes_known", "becomes_unknown"
AHEAD_CLOSED, AHEAD_OPENED, AHEAD_GONE = "upcoming_closed", "upcoming_opened", "upcoming_gone"
DEFERRED, VANISHED = "deferred", "vanished"
EFFECTS = (
    CLOSED, OPENED, KNOWN, NOT_KNOWN, OUT_OF_SCOPE, DEFERRED, VANISHED, AHEAD_CLOSED, AHEAD_OPENED,
    AHEAD_GONE,
)  # fmt: skip
"""Every effect, in the order in which they are told."""

_OF_COMPARISON = {
    model.RESOLVED: CLOSED,
    model.NEW: OPENED,
    model.LEARNT: KNOWN,
    model.LOST: NOT_KNOWN,
    model.UNCLEAR: NOT_KNOWN,
    model.NOT_APPLYING: OUT_OF_SCOPE,
    model.DEFERRED: DEFERRED,
    model.VANISHED: VANISHED,
    model.AHEAD_NEW: AHEAD_OPENED,
    model.AHEAD_GONE: AHEAD_GONE,
}
_GONE = frozenset((CLOSED, OUT_OF_SCOPE, DEFERRED, VANISHED, NOT_KNOWN, AHEAD_CLOSED, AHEAD_GONE))
"""Effects on what was, rather than on what would be."""


@dataclass(frozen=True, slots=True)
class Change:
    """Records for which one rule comes out differently, and in the same way."""

    effect: str
    """One of ``EFFECTS``."""
    policy: str
    rule: str
    kind: str
    was: str
    """How it came out as it is."""
    would_be: str
    """How it would come out."""
    severity: str
    basis: str
    requirements: tuple[str, ...]
    """Citations of what the rule covers."""
    subjects: tuple[str, ...]
    """The records as ``kind/id``, in order."""


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement that comes out differently."""

    policy: str
    id: str
    label: str
    title: str
    was: str
    """A status, or ``absent``."""
    would_be: str
    upcoming: bool
    """Not in force: it enters no count."""


@dataclass(frozen=True, slots=True)
class Others:
    """Findings that come out differently and are no gap before or after."""

    was: str
    would_be: str
    findings: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What differs."""

    changes: tuple[Change, ...]
    """By effect, severity, basis and rule."""
    others: tuple[Others, ...]
    """What no change tells, as counts, worst first."""
    requirements: tuple[RequirementChange, ...]
    """In the order of the policies."""

    def count(self, effect: str) -> int:
        """How many findings an effect came to."""
        return sum(len(one.subjects) for one in self.changes if one.effect == effect)


_Group = tuple[str, str, str, str, str, str, str, str]
"""What the records of one change have in common, as in :class:`Change`."""


def effects(old: Assessment, new: Assessment) -> Effects:
    """What would be different.

    Args:
        old: the inventory as it is.
        new: the same records as they would be, or under other rule sets or on another date.
    """
    compared = compare(old, new)
    found: dict[_Group, list[str]] = {}
    told: Counter[tuple[str, str]] = Counter()
    for one in compared.changes:
        effect = _effect(one)
        if effect is None:
            continue
        told[one.before, one.after] += 1
        # A gap that is none any more is told by its own name, not by that of what came after it.
        finding = (one.earlier or one.finding) if effect in _GONE else one.finding
        group = (
            effect, finding.policy, finding.rule, finding.kind, one.before, one.after,
            finding.severity, finding.basis,
        )  # fmt: skip
        found.setdefault(group, []).append(finding.record)
    cited = _Citations(new, old)
    changes = [
        Change(
            effect, policy, rule, kind, before, after, severity, basis, cited.of(policy, rule),
            tuple(sorted(records)),
        )
        for (effect, policy, rule, kind, before, after, severity, basis), records in found.items()
    ]  # fmt: skip
    return Effects(
        tuple(sorted(changes, key=_rank)),
        tuple(_others(compared, told)),
        tuple(
            RequirementChange(
                one.policy, one.id, one.label, one.title, one.before, one.after, one.upcoming
            )
            for one in compared.requirements
        ),
    )


def _effect(one: model.Change) -> str | None:
    if one.effect == model.AHEAD_GONE and one.after == SATISFIED:
        return AHEAD_CLOSED
    return _OF_COMPARISON.get(one.effect)


def _rank(change: Change) -> tuple[int, int, int, str, str, str, str, str]:
    return (
        EFFECTS.index(change.effect),
        SEVERITIES.index(change.severity),
        BASES.index(change.basis),
        change.policy,
        change.rule,
        change.kind,
        change.was,
        change.would_be,
    )


def _others(compared: Comparison, told: Counter[tuple[str, str]]) -> Iterator[Others]:
    for (before, after), total in compared.transitions.items():
        left = total - told[before, after]
        # What only a rule set more or less brings, and needs nothing done, is no news.
        idle = ABSENT in (before, after) and {before, after} & {SATISFIED, "not_applicable"}
        if left > 0 and not idle:
            yield Others(before, after, left)


class _Citations:
    """Citations of what rules cover."""

    def __init__(self, *assessments: Assessment) -> None:
        self._assessments = assessments
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, policy_id: str, rule_id: str) -> tuple[str, ...]:
        """Those of one rule."""
        key = (policy_id, rule_id.partition("@")[0])
        if key not in self._known:
            self._known[key] = self._cited(*key)
        return self._known[key]

    def _cited(self, policy_id: str, rule_id: str) -> tuple[str, ...]:
        for assessment in self._assessments:
            policy = assessment.policy(policy_id)
            rule = policy.rule(rule_id) if policy else None
            if policy is not None and rule is not None:
                labels = {one.id: one.label for one in policy.requirements}
                return tuple(labels.get(covered, covered) for covered in rule.covers)
        return ()
