"""What was supposed, and what would come of it: all that is printed of one try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import Assessment
from compliance.report.plain import number
from compliance.whatif.effects import (
    AHEAD_CLOSED,
    AHEAD_GONE,
    AHEAD_OPENED,
    CLOSED,
    DEFERRED,
    KNOWN,
    NOT_KNOWN,
    OPENED,
    OUT_OF_SCOPE,
    VANISHED,
    Effects,
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """One thing that was supposed."""

    text: str
    """``system.mfa=true``, ``policy hipaa 1.0.0``, ``as of 2027-01-01``: safe to print."""
    records: int | None = None
    """For a fact: the records it is about."""
    changed: int | None = None
    """Those that say otherwise, or nothing, now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One try."""

    old: Assessment
    new: Assessment
    supposed: tuple[Supposed, ...]
    effects: Effects


_WORDS = (
    (CLOSED, "gap would close", "gaps would close"),
    (OPENED, "gap would open", "gaps would open"),
    (KNOWN, "unknown would become known", "unknowns would become known"),
    (NOT_KNOWN, "finding would become unknown", "findings would become unknown"),
    (OUT_OF_SCOPE, "gap would no longer apply", "gaps would no longer apply"),
    (DEFERRED, "gap would not yet be in force", "gaps would not yet be in force"),
    (VANISHED, "gap would no longer be looked for", "gaps would no longer be looked for"),
    (AHEAD_CLOSED, "gap not yet in force would close", "gaps not yet in force would close"),
    (AHEAD_OPENED, "gap not yet in force would open", "gaps not yet in force would open"),
    (AHEAD_GONE, "other gap not yet in force would go", "other gaps not yet in force would go"),
)  # fmt: skip
_ALWAYS = (CLOSED, OPENED)


def sentence(outcome: Outcome) -> str:
    """The outcome in one sentence."""
    parts = list(_counts(outcome.effects))
    met = sum(
        one.was == "not_met" and one.would_be == "met" and not one.upcoming
        for one in outcome.effects.requirements
    )
    if met:
        parts.append(f"{number(met, 'requirement')} not met now would be met")
    others = sum(one.findings for one in outcome.effects.others)
    if others:
        parts.append(number(others, "other finding would change", "other findings would change"))
    if not (outcome.effects.changes or outcome.effects.others):
        same = all(one.changed == 0 for one in outcome.supposed)
        why = " Every record says so already." if same else ""
        return f"Nothing would come out differently.{why}"
    return f"{'; '.join(parts)}."


def _counts(effects: Effects) -> Iterator[str]:
    for effect, one, many in _WORDS:
        total = effects.count(effect)
        if total or effect in _ALWAYS:
            yield f"{total or 'no'} {one if total in (0, 1) else many}"
