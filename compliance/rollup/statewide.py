"""The roll-up of what folders hold."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import compliance
from compliance.assessment.model import BASES, SEVERITIES, Assessment
from compliance.assessment.saved import SavedError
from compliance.errors import UserError
from compliance.policy.registry import PUBLISHED, Registry
from compliance.report.detail import COUNTS, FULL, REQUIREMENT
from compliance.report.priorities import EFFORTS
from compliance.rollup.agency import agency
from compliance.rollup.grouping import groups
from compliance.rollup.model import (
    Agency,
    Behind,
    Fix,
    RequirementName,
    Rollup,
    SharedFix,
    Shortfall,
    Told,
)
from compliance.rollup.saved import OtherFileError, open_saved
from compliance.rollup.search import Entry, Found
from compliance.rollup.trend import trends
from compliance.rollup.versions import newer

Version = tuple[tuple[int, ...], str]
Names = dict[tuple[str, str], tuple[Version, RequirementName]]
"""What requirements are called, with the version that says so."""


class NothingUsableError(UserError):
    """No folder holds an assessment that can be used."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a roll-up is made."""

    as_of: datetime.date
    """Its date: ages are counted to it."""
    detail: str = REQUIREMENT
    """One of ``compliance.report.detail.DETAILS``."""
    marking: str | None = None
    """Marking of the whole; None for those of the agencies together."""
    stale_days: int = 120
    """Age from which on an assessment is old."""


def roll_up(found: Found, wanted: Wanted, registry: Registry) -> Rollup:
    """Puts agencies side by side.

    One assessment is held at a time, and its findings some at a time.

    Args:
        found: what the folders hold.
        wanted: how.
        registry: where the newest versions of policies are looked up.

    Raises:
        NothingUsableError: there is no assessment to use.
    """
    problems = list(found.problems)
    names: Names = {}
    agencies = []
    for listed in found.agencies.values():
        made = _agency(listed, wanted, problems, names)
        if made is not None:
            agencies.append(made)
    if not agencies:
        listed_problems = " ".join(map(str, problems[:3]))
        raise NothingUsableError(
            "There is no saved assessment to use. Write one for each agency with `compliance check "
            f"INVENTORY --format json -o AGENCY.json`, and name their folder. {listed_problems}"
        )
    agencies = list(_nameless(agencies, wanted.detail))
    agencies.sort(key=lambda one: (one.name.casefold(), one.id))
    fixes = [(one, fix) for one in agencies for fix in one.fixes]
    return Rollup(
        as_of=wanted.as_of.isoformat(),
        detail=wanted.detail,
        marking=wanted.marking or _markings(agencies),
        stale_days=wanted.stale_days,
        program_version=compliance.__version__,
        agencies=tuple(agencies),
        groups=tuple(groups(agencies)),
        shortfalls=tuple(_shortfalls(agencies, names)),
        shared=tuple(_shared([one for one in fixes if one[1].provider is None])),
        providers=tuple(_shared([one for one in fixes if one[1].provider], fewest=1)),
        trends=tuple(trends(agencies)),
        behind=tuple(_behind(agencies, registry)),
        stale=tuple(one for one in agencies if one.age > wanted.stale_days),
        notes=found.notes,
        problems=tuple(sorted(problems)),
        unnamed=tuple(one.name for one in agencies if one.detail == COUNTS),
    )


def _agency(
    listed: Sequence[Entry],
    wanted: Wanted,
    problems: list[Told],
    names: Names,
) -> Agency | None:
    """An agency by its newest assessment that can be read; None where none can."""
    for index, entry in enumerate(listed):
        try:
            saved = open_saved(entry.path)
            made = agency(saved, wanted.as_of, wanted.detail)
        except (SavedError, OtherFileError) as error:
            problems.append(Told(entry.path.as_posix(), str(error) or "it was changed meanwhile."))
            continue
        if made.statuses:
            _name(saved.top, names)
        return replace(made, history=tuple(one.point for one in reversed(listed[index:])))
    return None


def _name(top: Assessment, names: Names) -> None:
    """Keeps what requirements are called in the newest version at hand."""
    for policy in top.policies:
        version = newer(policy.version)
        for one in policy.requirements:
            key = (policy.id, one.id)
            if key not in names or names[key][0] < version:
                name = RequirementName(policy.id, one.id, one.cited, one.title, one.basis)
                names[key] = (version, name)


def _markings(agencies: Iterable[Agency]) -> str | None:
    """The markings of all agencies: which one is the strictest, no program can tell."""
    return " \N{MIDDLE DOT} ".join(sorted({one.marking for one in agencies if one.marking})) or None


def _shortfalls(
    agencies: Sequence[Agency],
    names: Names,
) -> list[Shortfall]:
    """Requirements that are not met or unknown somewhere, those of most agencies first."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    failing: dict[tuple[str, str], list[str]] = {}
    for one in agencies:
        for key, status in one.statuses.items():
            counts.setdefault(key, Counter())[status] += 1
            if status == "not_met":
                failing.setdefault(key, []).append(one.name)
    found = [
        Shortfall(names[key][1], dict(count), tuple(failing.get(key, ())))
        for key, count in counts.items()
        if count["not_met"] or count["unknown"]
    ]
    found.sort(
        key=lambda one: (
            -one.statuses.get("not_met", 0),
            -one.statuses.get("unknown", 0),
            one.requirement.policy,
            one.requirement.id,
        )
    )
    return found


def _shared(fixes: Iterable[tuple[Agency, Fix]], fewest: int = 2) -> list[SharedFix]:
    """Fixes that at least some agencies need, those of most agencies first."""
    found: dict[tuple[str, ...], list[tuple[Agency, Fix]]] = {}
    for one, fix in fixes:
        found.setdefault(fix.key, []).append((one, fix))
    made = [
        SharedFix(
            _summed([fix for _, fix in listed]),
            tuple({one.id: one.name for one, _ in listed}.values()),
        )
        for listed in found.values()
        if len({one.id for one, _ in listed}) >= fewest
    ]
    made.sort(
        key=lambda one: (
            -len(one.agencies),
            SEVERITIES.index(one.fix.severity),
            BASES.index(one.fix.basis),
            -one.fix.closed,
            one.fix.key,
        )
    )
    return made


def _summed(fixes: Sequence[Fix]) -> Fix:
    """One fix for all: its words from the gravest, its numbers added up."""
    gravest = min(
        fixes, key=lambda one: (SEVERITIES.index(one.severity), BASES.index(one.basis), one.title)
    )
    closes: Counter[tuple[str, str]] = Counter()
    for one in fixes:
        closes.update(one.closes)
    efforts = [one.effort for one in fixes if one.effort in EFFORTS]
    return replace(
        gravest,
        effort=max(efforts, key=lambda one: EFFORTS.index(str(one)), default=None),
        records=sum(one.records for one in fixes),
        closes=dict(sorted(closes.items())),
        upcoming=sum(one.upcoming for one in fixes),
        rules=tuple(sorted({rule for one in fixes for rule in one.rules})),
        requirements=tuple(dict.fromkeys(name for one in fixes for name in one.requirements)),
    )


def _renamed(fix: Fix, names: Sequence[str], detail: str) -> Fix:
    if detail == FULL or fix.provider is None:
        return fix
    called = f"provider {names.index(fix.provider) + 1}"
    return replace(fix, provider=called, key=("provider", called, *fix.key[2:]))


def _nameless(agencies: Sequence[Agency], detail: str) -> Iterator[Agency]:
    """The agencies; providers are numbered where the detail leaves out their names."""
    names = sorted({fix.provider for one in agencies for fix in one.fixes if fix.provider})
    for one in agencies:
        yield replace(one, fixes=tuple(_renamed(fix, names, detail) for fix in one.fixes))


def _behind(agencies: Iterable[Agency], registry: Registry) -> Iterator[Behind]:
    newest = {
        policy: next((one.version for one in reversed(all_) if one.status == PUBLISHED), None)
        for policy, all_ in registry.policies.items()
    }
    for one in agencies:
        for result in one.sets:
            latest = newest.get(result.policy)
            if latest is not None and newer(result.version) < newer(latest):
                yield Behind(one.name, result.policy, result.version, latest)
