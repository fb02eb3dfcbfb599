"""Trends over quarters, each over agencies that were assessed in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from compliance.assessment.model import REQUIREMENT_STATUSES, SEVERITIES
from compliance.rollup.model import Agency, Quarter, SetResult, Trend
from compliance.rollup.versions import newer

MOST = 12
"""Quarters that a trend goes back."""


def trends(agencies: Sequence[Agency]) -> Iterator[Trend]:
    """The trend of each policy, by its id.

    A quarter is shown where at least half of the agencies that were ever checked against the policy
    were assessed in it; an agency is counted where it was assessed in each of these quarters. So
    no line rises because one more agency reports.

    Args:
        agencies: with their histories, in the order of their names.
    """
    titles = {one.policy: one.title for agency in agencies for one in agency.sets}
    for policy in sorted(titles):
        by_agency = {agency.id: _last_of_quarters(agency, policy) for agency in agencies}
        checked = [agency for agency in agencies if by_agency[agency.id]]
        present = Counter(name for agency in checked for name in by_agency[agency.id])
        shown = sorted(name for name in present if 2 * present[name] >= len(checked))[-MOST:]
        counted = [one for one in checked if set(shown) <= by_agency[one.id].keys()]
        made = tuple(
            sum_up(name, [by_agency[agency.id][name] for agency in counted]) for name in shown
        )
        if len(shown) > 1 and counted and any(one.requirements or one.gaps for one in made):
            ids = {one.id for one in counted}
            left_out = tuple(one.name for one in checked if one.id not in ids)
            counted_names = tuple(one.name for one in counted)
            yield Trend(policy, titles[policy], counted_names, left_out, made)


def own_trend(agency: Agency, policy: str) -> tuple[Quarter, ...]:
    """The quarters of one agency; empty where there is but one."""
    found = _last_of_quarters(agency, policy)
    made = tuple(sum_up(name, [found[name]]) for name in sorted(found)[-MOST:])
    told = len(made) > 1 and any(one.requirements or one.gaps for one in made)
    return made if told else ()


def _last_of_quarters(agency: Agency, policy: str) -> dict[str, SetResult]:
    """The last result of each quarter."""
    found = {}
    for point in agency.history:
        result = point.of(policy)
        if result is not None:
            found[point.quarter] = result
    return found


def sum_up(quarter: str, results: Sequence[SetResult]) -> Quarter:
    """The sums of some results."""
    requirements: Counter[str] = Counter()
    gaps: Counter[str] = Counter()
    for one in results:
        requirements.update(one.requirements)
        gaps.update(one.gaps)
    return Quarter(
        quarter,
        tuple(sorted({one.version for one in results}, key=newer)),
        {name: requirements[name] for name in REQUIREMENT_STATUSES if requirements[name]},
        {name: gaps[name] for name in SEVERITIES if gaps[name]},
        sum(one.unknown for one in results),
    )
