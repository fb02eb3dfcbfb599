"""Requirements that replace one another: for each subject, either met is met.

A requirement of the designation ``alternative`` names the one it replaces; several may name the
same one, and an alternative may have alternatives itself. All that are so connected are a family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from compliance.assessment.model import ERROR, GAP, NOT_APPLICABLE, SATISFIED, UNKNOWN

FALLS_SHORT = "falls_short"
"""Status of a subject under a requirement that only a value of weaker basis leaves open."""

_BEST_FIRST = (SATISFIED, ERROR, UNKNOWN, FALLS_SHORT, GAP)


@dataclass(frozen=True, slots=True)
class Family:
    """What counts for one requirement beside its own rules; each has the requirement itself."""

    applies_by: tuple[str, ...]
    """The requirement and all that replace it: it applies to a subject where one of these does."""
    met_by: tuple[str, ...]
    """All it is connected with: where it applies, the best of these counts."""


@dataclass(frozen=True, slots=True)
class Held:
    """How a requirement comes out for a subject, its alternatives counted in."""

    status: str
    by: tuple[str, ...] = ()
    """The other requirements that made it better than its own rules did."""


def families(
    replaced: Mapping[str, str | None], counts: Callable[[str, str], bool]
) -> dict[str, Family]:
    """The families of some requirements; one that is connected with none is left out.

    Args:
        replaced: by requirement id, the one it is an alternative to.
        counts: whether, for a requirement, how another one comes out may count.
    """
    links = {one: other for one, other in replaced.items() if other in replaced and other != one}
    members = {one: {one} for one in replaced}
    for one, other in links.items():
        joined = members[one] | members[str(other)]
        members.update(dict.fromkeys(joined, joined))
    found = {}
    for one in replaced:
        counted = {other for other in members[one] if other == one or counts(one, other)}
        if len(members[one]) > 1:
            replacing = _alternatives(one, links)
            found[one] = Family(
                tuple(name for name in replaced if name in counted & replacing),
                tuple(name for name in replaced if name in counted),
            )
    return found


def _alternatives(one: str, links: Mapping[str, str | None]) -> set[str]:
    """A requirement with everything that replaces it, directly or not."""
    found: set[str] = set()
    new = {one}
    while new:
        found |= new
        new = {name for name, other in links.items() if other in new} - found
    return found


def hold(own: Mapping[str, str], family: Mapping[str, Family]) -> Iterator[tuple[str, Held]]:
    """How the requirements that have statuses of their own come out for a subject.

    Args:
        own: the subject's status by the rules of each requirement, those left out that have no
            rule about its kind.
        family: of every requirement named.

    Returns:
        For each of ``own``: not applicable where neither it nor one that replaces it applies; else
        the best that any of its family comes to.
    """
    applicable = {name: status for name, status in own.items() if status != NOT_APPLICABLE}
    for name, status in own.items():
        if applicable.keys().isdisjoint(family[name].applies_by):
            yield name, Held(NOT_APPLICABLE)
            continue
        counted = [one for one in family[name].met_by if one in applicable]
        best = min((applicable[one] for one in counted), key=_BEST_FIRST.index)
        by = () if best == status else tuple(one for one in counted if applicable[one] == best)
        yield name, Held(best, by)
