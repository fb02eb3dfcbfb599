"""What dates, designations and bindings do to the findings of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.model import NOT_SANCTIONABLE_UNTIL, UPCOMING, Mark
from compliance.policy.model import Dates, Requirement, Rule

WITHOUT_GAPS = ("exception", "none")
"""Designations of requirements that never yield a gap."""


@dataclass(frozen=True, slots=True)
class Force:
    """How far a rule, or a requirement, holds on the date of the assessment."""

    upcoming: Mark | None = None
    """A gap or unknown is only upcoming."""
    not_sanctionable: Mark | None = None
    """A gap is marked so."""
    ended: str | None = None
    """The last day it held, where that is past."""
    never_gap: bool = False
    """All it covers are exceptions, or ask nothing."""

    @property
    def plain(self) -> bool:
        """Whether nothing of this changes any finding."""
        return self == _PLAIN


_PLAIN = Force()


def rule_force(
    rule: Rule, requirements: Mapping[str, Requirement], binding: str, as_of: str
) -> Force:
    """How far a rule holds.

    A rule holds as soon and as long as one of the requirements it covers does, and within its own
    dates.

    Args:
        rule: the rule.
        requirements: the policy's requirements by id.
        binding: the policy's; nothing of a proposed policy is in force.
        as_of: ISO date of the assessment.
    """
    covered = [requirements[covers] for covers in rule.covers if covers in requirements]
    dates = [requirement.dates for requirement in covered]
    force = _force(
        Dates(
            in_force_from=_later(
                rule.dates.in_force_from, _first([d.in_force_from for d in dates])
            ),
            sanctioned_from=_later(
                rule.dates.sanctioned_from, _first([d.sanctioned_from for d in dates])
            ),
            until=_sooner(rule.dates.until, _last([d.until for d in dates])),
        ),
        binding,
        as_of,
    )
    never = bool(covered) and all(one.designation in WITHOUT_GAPS for one in covered)
    return Force(force.upcoming, force.not_sanctionable, force.ended, never)


def requirement_force(requirement: Requirement, binding: str, as_of: str) -> Force:
    """How far a requirement holds; arguments as for :func:`rule_force`."""
    return _force(requirement.dates, binding, as_of)


def _force(dates: Dates, binding: str, as_of: str) -> Force:
    start, sanctioned, until = dates.in_force_from, dates.sanctioned_from, dates.until
    coming = start is not None and start > as_of
    upcoming = (
        Mark(UPCOMING, start if coming else None) if coming or binding == "proposed" else None
    )
    lenient = sanctioned is not None and sanctioned > as_of
    return Force(
        upcoming,
        Mark(NOT_SANCTIONABLE_UNTIL, sanctioned) if lenient else None,
        until if until is not None and until < as_of else None,
    )


def _later(one: str | None, other: str | None) -> str | None:
    return max((date for date in (one, other) if date), default=None)


def _sooner(one: str | None, other: str | None) -> str | None:
    return min((date for date in (one, other) if date), default=None)


def _first(dates: Sequence[str | None]) -> str | None:
    """The first of several starts; None where one has none, so that it has always held."""
    return None if None in dates else min((date for date in dates if date), default=None)


def _last(dates: Sequence[str | None]) -> str | None:
    """The last of several ends; None where one has none, so that it holds for ever."""
    return None if None in dates else max((date for date in dates if date), default=None)
