"""What was supposed, and what would come of it: all that is printed of one try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import Assessment
from compliance.report.plain import number
from compliance.whatif.effects import (
    AHEAD_CLOSED,
    AHEAD_OPENED,
    CLOSED,
    ENDED,
    KNOWN,
    NOT_KNOWN,
    OPENED,
    OTHER,
    OUT_OF_SCOPE,
    STARTED,
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
    (AHEAD_CLOSED, "gap not yet in force would close", "gaps not yet in force would close"),
    (AHEAD_OPENED, "gap not yet in force would open", "gaps not yet in force would open"),
    (STARTED, "finding would come from rules not checked now",
     "findings would come from rules not checked now"),
    (ENDED, "finding would go with its rule", "findings would go with their rules"),
    (OTHER, "other finding would change", "other findings would change"),
)  # fmt: skip
_ALWAYS = (CLOSED, OPENED)


def sentence(outcome: Outcome) -> str:
    """The outcome in one sentence."""
    parts = list(_counts(outcome.effects))
    met = sum(
        one.was.startswith("not met") and one.would_be.startswith("met")
        for one in outcome.effects.requirements
    )
    if met:
        parts.append(f"{number(met, 'requirement')} not met now would be met")
    if not outcome.effects.changes:
        same = all(one.changed == 0 for one in outcome.supposed)
        why = " Every record says so already." if same else ""
        return f"Nothing would come out differently.{why}"
    return f"{'; '.join(parts)}."


def _counts(effects: Effects) -> Iterator[str]:
    for effect, one, many in _WORDS:
        total = effects.count(effect)
        if total or effect in _ALWAYS:
            yield f"{total or 'no'} {one if total in (0, 1) else many}"
