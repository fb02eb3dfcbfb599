"""What two assessments of one inventory differ in: what closes, opens, becomes known or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    Outline,
)

UPCOMING_GAP = "upcoming gap"
"""State of a gap in what is not yet in force."""
UPCOMING_UNKNOWN = "upcoming unknown"
"""State of an unknown in what is not yet in force."""
NOT_CHECKED = "not checked"
"""State of a rule that is not among the rule sets."""

CLOSED, OPENED, OUT_OF_SCOPE = "closed", "opened", "out_of_scope"
KNOWN, NOT_KNOWN = "becomes_known", "becomes_unknown"
AHEAD_CLOSED, AHEAD_OPENED = "upcoming_closed", "upcoming_opened"
STARTED, ENDED, OTHER = "rule_appears", "rule_vanishes", "other"
EFFECTS = (
    CLOSED, OPENED, KNOWN, NOT_KNOWN, OUT_OF_SCOPE, AHEAD_CLOSED, AHEAD_OPENED, STARTED, ENDED,
    OTHER,
)  # fmt: skip
"""Every effect, in the order in which they are told."""

_OPEN = frozenset((GAP, UNKNOWN, ERROR))


@dataclass(frozen=True, slots=True, order=True)
class State:
    """How one rule came out for one record."""

    name: str
    """A status, or one of the words above."""
    severity: str = ""
    """Empty where no finding stands for it."""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Records for which one rule comes out differently, and in the same way."""

    effect: str
    """One of ``EFFECTS``."""
    policy: str
    rule: str
    kind: str
    was: str
    """The state as it is."""
    would_be: str
    """The state as it would be."""
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
    """Status in words; ``not there`` where the rule set does not have it."""
    would_be: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What differs."""

    changes: tuple[Change, ...]
    """By effect, severity, basis and rule."""
    requirements: tuple[RequirementChange, ...]
    """In the order of the policies."""

    def count(self, effect: str) -> int:
        """How many findings an effect came to."""
        return sum(len(one.subjects) for one in self.changes if one.effect == effect)


def effects(old: Assessment, new: Assessment) -> Effects:
    """What would be different.

    Args:
        old: the inventory as it is.
        new: the same records as they would be, or under other rule sets or on another date.
    """
    before, after = _Side(old), _Side(new)
    found: dict[_Group, list[str]] = {}
    for key in sorted(before.told.keys() | after.told.keys()):
        was, would_be = before.state(key), after.state(key)
        if was.name == would_be.name:
            continue
        policy, rule, record = key
        worst = would_be if would_be.severity else was
        group = (
            _effect(was.name, would_be.name), policy, rule, record.partition("/")[0],
            was.name, would_be.name, worst.severity, worst.basis,
        )  # fmt: skip
        found.setdefault(group, []).append(record)
    changes = []
    for (effect, policy, rule, kind, old_name, new_name, severity, basis), records in found.items():
        cited = _cited(policy, rule, new, old)
        changes.append(
            Change(
                effect, policy, rule, kind, old_name, new_name, severity, basis, cited,
                tuple(records),
            )
        )  # fmt: skip
    return Effects(tuple(sorted(changes, key=_rank)), tuple(_requirements(old, new)))


def _rank(change: Change) -> tuple[int, int, int, str, str, str, str, str]:
    return (
        EFFECTS.index(change.effect),
        SEVERITIES.index(change.severity) if change.severity else len(SEVERITIES),
        BASES.index(change.basis) if change.basis else len(BASES),
        change.policy,
        change.rule,
        change.kind,
        change.was,
        change.would_be,
    )


_Key = tuple[str, str, str]
"""Policy, rule and record."""
_Group = tuple[str, str, str, str, str, str, str, str]
"""What the records of one change have in common, as in :class:`Change`."""


class _Side:
    """The states of one assessment; what no open finding tells is looked up."""

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment
        self._agency = assessment.metadata.agency
        self.told: dict[_Key, State] = {}
        for outline in assessment.findings.notable():
            if outline.status in _OPEN:
                for rule in _rules(outline):
                    state = State(_name(outline), outline.severity, outline.basis)
                    self.told[outline.policy, rule, outline.record] = state
        self._rules = {
            policy.id: frozenset(rule.id for rule in policy.rules) for policy in assessment.policies
        }

    def state(self, key: _Key) -> State:
        """The state of one rule for one record."""
        told = self.told.get(key)
        if told is not None:
            return told
        policy, rule, record = key
        base, at, _date = rule.partition("@")
        if rule != APPLIES and base not in self._rules.get(policy, ()):
            return State(NOT_CHECKED)
        kind, _, name = record.partition("/")
        found = self._assessment.findings.get(f"{self._agency}/{policy}/{rule}/{kind}:{name}")
        if found is not None:
            return State(found.status)
        if at:
            # What a later value of a parameter asks is told only where it fails.
            return self.state((policy, base, record))
        return State(NOT_APPLICABLE)


def _rules(outline: Outline) -> Iterator[str]:
    """The rules an open finding speaks of: where a policy may or may not apply, all that wait."""
    if outline.rule == APPLIES and outline.rules:
        yield from outline.rules
    else:
        yield outline.rule


def _name(outline: Outline) -> str:
    if not outline.upcoming:
        return outline.status
    return {GAP: UPCOMING_GAP, UNKNOWN: UPCOMING_UNKNOWN}.get(outline.status, outline.status)


def _effect(was: str, would_be: str) -> str:
    """What it amounts to that one state becomes another."""
    if NOT_CHECKED in (was, would_be):
        return STARTED if was == NOT_CHECKED else ENDED
    ahead = (UPCOMING_GAP, UPCOMING_UNKNOWN)
    effect = OTHER
    if would_be == GAP:
        effect = OPENED
    elif would_be == UPCOMING_GAP:
        effect = AHEAD_OPENED
    elif would_be == UNKNOWN:
        effect = NOT_KNOWN
    elif was == GAP:
        effect = CLOSED if would_be == SATISFIED else OUT_OF_SCOPE
    elif was == UNKNOWN:
        effect = KNOWN
    elif was in ahead and would_be in (SATISFIED, NOT_APPLICABLE):
        effect = AHEAD_CLOSED if was == UPCOMING_GAP and would_be == SATISFIED else OTHER
    return effect


def _cited(policy_id: str, rule_id: str, *assessments: Assessment) -> tuple[str, ...]:
    for assessment in assessments:
        policy = assessment.policy(policy_id)
        rule = policy.rule(rule_id) if policy else None
        if policy is not None and rule is not None:
            labels = {one.id: one.label for one in policy.requirements}
            return tuple(labels.get(covered, covered) for covered in rule.covers)
    return ()


def _requirements(old: Assessment, new: Assessment) -> Iterator[RequirementChange]:
    before, after = _statuses(old), _statuses(new)
    ordered = [*after, *(key for key in before if key not in after)]
    for key in ordered:
        was, would_be = before.get(key), after.get(key)
        told = would_be or was
        if told is not None and (was and was[2]) != (would_be and would_be[2]):
            missing = "not there"
            yield RequirementChange(
                *key, told[0], told[1], was[2] if was else missing,
                would_be[2] if would_be else missing,
            )  # fmt: skip


def _statuses(assessment: Assessment) -> Mapping[tuple[str, str], tuple[str, str, str]]:
    """Citation, title and status in words of each requirement, by policy and id."""
    return {
        (policy.id, one.id): (
            one.label, one.title, f"{one.text}{' (not yet in force)' if one.upcoming else ''}",
        )
        for policy in assessment.policies
        for one in policy.requirements
    }  # fmt: skip
