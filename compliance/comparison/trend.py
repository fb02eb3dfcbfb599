"""The saved assessments of one agency over time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment
from compliance.assessment.saved import SavedError
from compliance.assessment.saved_file import read_saved
from compliance.comparison.model import Numbers
from compliance.comparison.requirements import numbers
from compliance.errors import UserError
from compliance.report.json import JsonReport

SUFFIXES = (".json", ".jsonl")
"""What names of saved assessments end with."""


class TrendError(UserError):
    """Files that make no trend."""


@dataclass(frozen=True, slots=True)
class Count:
    """One rule set on one date."""

    version: str
    digests: Mapping[str, str]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Point:
    """One assessment."""

    as_of: str
    file: str
    """Name of its file."""
    counts: Mapping[str, Count]
    """By policy id."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is passed over."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One rule set over time."""

    id: str
    title: str
    binding: str
    counts: tuple[Count | None, ...]
    """One for each point; None where it was not used."""
    changes: Mapping[int, str]
    """At which points other rules begin, in words."""


@dataclass(frozen=True, slots=True)
class Trend:
    """All assessments by date."""

    agency: str
    name: str
    """The agency's name, else its id."""
    points: tuple[Point, ...]
    rule_sets: tuple[RuleSet, ...]
    skipped: tuple[Skipped, ...]
    marking: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of one assessment."""

    point: Point
    agency: str
    name: str
    marking: str | None
    titles: Mapping[str, tuple[str, str]]
    """Title and binding of each policy."""
    digest: str


def read_trend(folder: Path) -> Trend:
    """The trend over the saved assessments of a folder, those in folders below it left out.

    Args:
        folder: what else lies in it is passed over and told.

    Raises:
        TrendError: there is none, they are of several agencies, or two different ones have the
            same date.
    """
    read: list[_Read] = []
    skipped: list[Skipped] = []
    for path in _files(folder):
        try:
            # One at a time: of each nothing but its numbers is kept.
            read.append(_kept(path.name, read_saved(path)))
        except SavedError as error:
            reason = str(error).removeprefix(f"{path.as_posix()}: ")
            skipped.append(Skipped(path.name, reason))
    if not read:
        passed = "; ".join(f"{one.file}: {one.reason}" for one in skipped[:3])
        raise TrendError(
            f"{folder.as_posix()} holds no saved assessment"
            f"{f' ({passed})' if passed else ''}. Save one now and then, with its date "
            f"in the name: `compliance check FOLDER --format json -o {folder.as_posix()}/"
            "2026-11-23.json`."
        )
    _check_agencies(read)
    return _trend(_by_date(read, skipped), skipped)


def _files(folder: Path) -> list[Path]:
    try:
        found = [one for one in folder.iterdir() if one.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise TrendError(
            f"{folder.as_posix()}: it cannot be read as a folder ({error.strerror}). Name the "
            "folder that holds the saved assessments."
        ) from error
    return sorted(one for one in found if one.is_file() and not one.name.startswith("."))


def _kept(file: str, assessment: Assessment) -> _Read:
    metadata = assessment.metadata
    counts = {
        one.id: Count(one.version, dict(one.digests), numbers(assessment, one))
        for one in assessment.policies
    }
    digest = hashlib.sha256()
    for piece in JsonReport().render(assessment):
        digest.update(piece.encode())
    return _Read(
        Point(metadata.as_of, file, counts),
        metadata.agency,
        metadata.agency_name or metadata.agency,
        metadata.marking,
        {one.id: (one.title, one.binding) for one in assessment.policies},
        digest.hexdigest(),
    )


def _check_agencies(read: Iterable[_Read]) -> None:
    first: _Read | None = None
    for one in read:
        first = first or one
        if one.agency != first.agency:
            raise TrendError(
                f"{first.point.file} is of the agency {first.agency} and {one.point.file} of "
                f"{one.agency}. Keep the assessments of each agency in a folder of their own."
            )


def _by_date(read: Iterable[_Read], skipped: list[Skipped]) -> list[_Read]:
    """One assessment a date; a second copy of the same one is passed over."""
    found: dict[str, _Read] = {}
    for one in read:
        first = found.setdefault(one.point.as_of, one)
        if first is one:
            continue
        if first.digest != one.digest:
            raise TrendError(
                f"{first.point.file} and {one.point.file} are both as of {one.point.as_of} and "
                "differ. Move the one that does not count to another folder."
            )
        skipped.append(Skipped(one.point.file, f"the same as {first.point.file}"))
    return [found[date] for date in sorted(found)]


def _trend(read: list[_Read], skipped: list[Skipped]) -> Trend:
    titles: dict[str, tuple[str, str]] = {}
    for one in read:
        titles.update(one.titles)
    points = tuple(one.point for one in read)
    markings = [one.marking for one in read if one.marking]
    return Trend(
        read[-1].agency,
        read[-1].name,
        points,
        tuple(
            RuleSet(policy, *titles[policy], *_counts(policy, points)) for policy in sorted(titles)
        ),
        tuple(sorted(skipped, key=lambda one: one.file)),
        markings[-1] if markings else None,
    )


def _counts(
    policy: str, points: Iterable[Point]
) -> tuple[tuple[Count | None, ...], Mapping[int, str]]:
    counts = tuple(point.counts.get(policy) for point in points)
    return counts, dict(_changes(counts))


def _changes(counts: Iterable[Count | None]) -> Iterator[tuple[int, str]]:
    before: Count | None = None
    for number, count in enumerate(counts):
        if count is None:
            continue
        if before is not None and before.version != count.version:
            yield number, f"version {before.version} to {count.version}"
        elif before is not None and before.digests != count.digests:
            yield number, f"version {count.version} built otherwise"
        before = count
