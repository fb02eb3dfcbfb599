"""Saved assessments in folders: found, opened at their tops, and put by agency."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.saved import SavedError
from compliance.errors import UserError
from compliance.rollup.saved import OtherFileError, Saved, open_saved

SUFFIXES = (".json", ".jsonl")
"""What names of saved assessments end with."""


class NoFolderError(UserError):
    """A folder or file that is not there."""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """Something about a file that must not go unsaid."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


@dataclass(frozen=True)
class Found:
    """What folders hold."""

    agencies: dict[str, list[Saved]]
    """Assessments by agency, in the order of ids; of each the newest first."""
    notes: tuple[Told, ...]
    """Files that are something else, and files that say the same as another one."""
    problems: tuple[Told, ...]
    """Files that cannot be used though they should."""


def find(paths: Sequence[Path], as_of: str) -> Found:
    """Looks for saved assessments.

    Args:
        paths: folders, searched with all folders below them, and files.
        as_of: ISO date; what is dated later is left out with a note.

    Raises:
        NoFolderError: one of the paths is not there.
    """
    notes, problems, opened = [], [], []
    for path in _files(paths):
        try:
            saved = open_saved(path)
        except OtherFileError:
            notes.append(Told(path.as_posix(), "passed over: it is no saved assessment."))
        except SavedError as error:
            problems.append(Told(path.as_posix(), str(error)))
        else:
            if saved.top.metadata.as_of > as_of:
                later = f"passed over: it is dated {saved.top.metadata.as_of}, after {as_of}."
                notes.append(Told(path.as_posix(), later))
            else:
                opened.append(saved)
    agencies: dict[str, list[Saved]] = {}
    for saved in sorted(opened, key=lambda one: one.order, reverse=True):
        agencies.setdefault(saved.top.metadata.agency, []).append(saved)
    kept = {}
    for agency in sorted(agencies):
        kept[agency] = list(_each_day_once(agencies[agency], notes, problems))
    notes += _renamed(kept)
    return Found(kept, tuple(sorted(notes)), tuple(sorted(problems)))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file once, in the order of paths."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            for folder, below, names in os.walk(path):
                below[:] = sorted(name for name in below if not name.startswith("."))
                for name in names:
                    if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                        one = Path(folder, name)
                        found.setdefault(one.resolve(), one)
        elif path.exists():
            found.setdefault(path.resolve(), path)
        else:
            raise NoFolderError(
                f"{path.as_posix()} is not there. Name folders with assessments that "
                "`compliance check --format json -o FILE` wrote."
            )
    yield from sorted(found.values(), key=lambda one: one.as_posix())


def _each_day_once(
    listed: Iterable[Saved], notes: list[Told], problems: list[Told]
) -> Iterator[Saved]:
    """The assessments of an agency, newest first, one for each date."""
    kept: Saved | None = None
    for saved in listed:
        if kept is None or kept.top.metadata.as_of != saved.top.metadata.as_of:
            kept = saved
            yield saved
        elif kept.digest() == saved.digest():
            text = f"passed over: it is a copy of {kept.path.as_posix()}."
            notes.append(Told(saved.path.as_posix(), text))
        else:
            agency, as_of = saved.top.metadata.agency, saved.top.metadata.as_of
            text = (
                f"it is a second assessment of {agency} as of {as_of}, and differs from "
                f"{kept.path.as_posix()}, which counts. Keep one for each agency and date, "
                "made against all of its rule sets."
            )
            problems.append(Told(saved.path.as_posix(), text))


def _renamed(agencies: dict[str, list[Saved]]) -> Iterator[Told]:
    """Agencies whose name changed: perhaps two of them bear one id."""
    for agency, listed in agencies.items():
        newest = listed[0]
        name = newest.top.metadata.agency_name
        for saved in listed[1:]:
            other = saved.top.metadata.agency_name
            if other != name:
                text = f"the agency {agency} is named {other!r} here, and {name!r} in "
                yield Told(saved.path.as_posix(), f"{text}{newest.path.as_posix()}.")
                break
