"""Which agencies may stand side by side: those of one quarter, on the same policy versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from compliance.rollup.model import Agency, Column, Group
from compliance.rollup.versions import newer


def groups(agencies: Sequence[Agency]) -> Iterator[Group]:
    """Groups of agencies: of each quarter one, and one for each other policy version in it.

    The version that most agencies of a quarter were checked against (of two the newer) is the one
    of the quarter's first group.

    Args:
        agencies: in the order of their names.
    """
    quarters = sorted({one.quarter for one in agencies}, reverse=True)
    for quarter in quarters:
        found = [one for one in agencies if one.quarter == quarter]
        why = ""
        if quarter != quarters[0]:
            why = (
                f"They were assessed in {quarter}, others in {quarters[0]}: what is due, and what "
                "is in force, may differ."
            )
        yield from _of_quarter(quarter, found, why)


def _of_quarter(quarter: str, agencies: list[Agency], why: str) -> Iterator[Group]:
    used: dict[str, Counter[str]] = {}
    for agency in agencies:
        for one in agency.sets:
            used.setdefault(one.policy, Counter())[one.version] += 1
    main = {policy: _most(versions) for policy, versions in sorted(used.items())}
    elsewhere = {
        (agency.id, one.policy): (one.version, _anchor(quarter, one.policy, one.version))
        for agency in agencies
        for one in agency.sets
        if one.version != main[one.policy]
    }
    columns = tuple(_column(agencies, policy, version) for policy, version in main.items())
    yield Group(_anchor(quarter), quarter, why, columns, tuple(agencies), elsewhere)
    for policy, versions in sorted(used.items()):
        for version in sorted(versions, key=newer, reverse=True):
            if version != main[policy]:
                reason = (
                    f"They were checked against {policy} {version}, others of {quarter} against "
                    f"{main[policy]}: the two versions may ask different things."
                )
                yield Group(
                    _anchor(quarter, policy, version),
                    quarter,
                    f"{reason} {why}".strip(),
                    (_column(agencies, policy, version),),
                    tuple(one for one in agencies if _uses(one, policy, version)),
                    {},
                )


def _most(versions: Counter[str]) -> str:
    return max(versions, key=lambda one: (versions[one], newer(one)))


def _uses(agency: Agency, policy: str, version: str) -> bool:
    found = agency.of(policy)
    return found is not None and found.version == version


def _column(agencies: Iterable[Agency], policy: str, version: str) -> Column:
    results = (one.of(policy) for one in agencies if _uses(one, policy, version))
    found = next(one for one in results if one is not None)
    return Column(policy, version, found.title, found.binding)


def _anchor(*parts: str) -> str:
    return "-".join(("group", *parts)).replace(".", "-").lower()
