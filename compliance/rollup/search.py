"""Saved assessments in folders: found, opened at their tops, and put by agency."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.saved import SavedError
from compliance.errors import UserError
from compliance.rollup.agency import point
from compliance.rollup.model import Point, Told
from compliance.rollup.saved import OtherFileError, open_saved

SUFFIXES = (".json", ".jsonl")
"""What names of saved assessments end with."""


class NoFolderError(UserError):
    """A folder or file that is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved assessment as it is listed: what stands in the file is read again when it is used."""

    path: Path
    name: str | None
    """The agency's name in it."""
    point: Point

    @property
    def as_of(self) -> str:
        """Date of the assessment."""
        return self.point.as_of

    def digest(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Found:
    """What folders hold."""

    agencies: dict[str, list[Entry]]
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
            entry = _entry(path)
        except OtherFileError:
            notes.append(Told(path.as_posix(), "left out: it is no saved assessment."))
        except SavedError as error:
            problems.append(Told(path.as_posix(), str(error)))
        else:
            if entry.as_of > as_of:
                later = f"left out: it is dated {entry.as_of}, after {as_of}."
                notes.append(Told(path.as_posix(), later))
            else:
                opened.append(entry)
    agencies: dict[str, list[Entry]] = {}
    for entry in sorted(opened, key=lambda one: (one.as_of, one.path.as_posix()), reverse=True):
        agencies.setdefault(entry.point.agency, []).append(entry)
    kept = {}
    for agency in sorted(agencies):
        kept[agency] = list(_each_day_once(agencies[agency], notes, problems))
    notes += _renamed(kept)
    return Found(kept, tuple(sorted(notes)), tuple(sorted(problems)))


def _entry(path: Path) -> Entry:
    saved = open_saved(path)
    return Entry(path, saved.top.metadata.agency_name, point(saved.top))


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
    listed: Iterable[Entry], notes: list[Told], problems: list[Told]
) -> Iterator[Entry]:
    """The assessments of an agency, newest first, one for each date."""
    kept: Entry | None = None
    for entry in listed:
        if kept is None or kept.as_of != entry.as_of:
            kept = entry
            yield entry
        elif kept.digest() == entry.digest():
            text = f"left out: it is a copy of {kept.path.as_posix()}."
            notes.append(Told(entry.path.as_posix(), text))
        else:
            text = (
                f"it is a second assessment of {entry.point.agency} as of {entry.as_of}, and "
                f"differs from {kept.path.as_posix()}, which counts. Keep one for each agency and "
                "date, made against all of its rule sets."
            )
            problems.append(Told(entry.path.as_posix(), text))


def _renamed(agencies: dict[str, list[Entry]]) -> Iterator[Told]:
    """Agencies whose name changed: perhaps two of them bear one id."""
    for agency, listed in agencies.items():
        newest = listed[0]
        for entry in listed[1:]:
            if entry.name != newest.name:
                text = f"the agency {agency} is named {entry.name!r} here, and {newest.name!r} in "
                yield Told(entry.path.as_posix(), f"{text}{newest.path.as_posix()}.")
                break
