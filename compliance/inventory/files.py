"""Finds the files of an inventory: in folders, searched with all folders in them, or one by one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import SUFFIXES

SETTINGS = "compliance.yaml"
"""Name of the settings file, which is no part of an inventory."""

PLAN = frozenset({"poam.yaml", "findings"})
"""Names in an inventory's own folder that hold its plan and findings from outside, no records."""

REPORTS = "report"
"""Name of the folder in an inventory's own folder that holds reports, no records."""

_SETTINGS_BELOW = (
    "settings in a folder below the inventory's own hold for nothing",
    "one settings file, in the folder that is checked: move it there, or remove it",
)


@dataclass
class FoundFiles:
    """Files in the order they are read, and what stood in the way of finding more."""

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_files(paths: Iterable[Path]) -> FoundFiles:
    """All files of the inventory that the paths name together.

    In folders, names that begin with a dot, the settings file and files of other formats are
    passed over; a settings file in a folder below is a problem, because it would hold for nothing.
    Links are followed, but nothing is read twice.

    Args:
        paths: files and folders as the user gave them.
    """
    search = _Search()
    for path in paths:
        search.given(path)
    return search.found


class _Search:
    def __init__(self) -> None:
        self.found = FoundFiles()
        self._seen: dict[Path, Path] = {}
        self._links: list[Path] = []

    def given(self, path: Path) -> None:
        try:
            is_folder = path.is_dir()
            path.stat()
        except OSError as error:
            self._unreachable(path, error)
            return
        if not is_folder:
            self._file(path)
        else:
            before = len(self.found.files), len(self.found.problems)
            self._folder(path, top=True)
            self._follow_links()
            if before == (len(self.found.files), len(self.found.problems)):
                self._problem(
                    path,
                    "the folder holds no inventory files",
                    f"at least one file whose name ends in {', '.join(SUFFIXES)}",
                )

    def _file(self, path: Path) -> None:
        if self._first_time(path):
            self.found.files.append(path)

    def _folder(self, folder: Path, *, top: bool = False) -> None:
        if not self._first_time(folder):
            return
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            self._unreachable(folder, error)
            return
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith(".") or (top and entry.name in (*PLAN, REPORTS)):
                continue
            if entry.name == SETTINGS:
                if not top:
                    self._problem(path, *_SETTINGS_BELOW)
                continue
            if entry.is_symlink():
                self._links.append(path)  # After what really lies here.
            elif entry.is_dir():
                self._folder(path)
            elif path.suffix.lower() in SUFFIXES:
                self._file(path)

    def _follow_links(self) -> None:
        while self._links:
            path = self._links.pop(0)
            try:
                path.stat()
            except OSError as error:
                self._unreachable(path, error)
                continue
            if path.is_dir():
                self._folder(path)
            elif path.suffix.lower() in SUFFIXES:
                self._file(path)

    def _first_time(self, path: Path) -> bool:
        place = path.resolve()
        if place not in self._seen:
            self._seen[place] = path
            return True
        earlier = self._seen[place].as_posix()
        if earlier == path.as_posix():
            self._problem(path, "the path is given twice", "each file and folder once")
        else:
            self._problem(
                path,
                f"this leads to {earlier}, which is read already",
                "each file and folder once: leave this path out, or remove the link",
            )
        return False

    def _unreachable(self, path: Path, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            what = "the link leads nowhere" if path.is_symlink() else "there is no such path"
            self._problem(path, what, "an existing file or folder")
        else:
            reason = error.strerror or str(error)
            self._problem(path, f"it cannot be opened ({reason})", "a path this user may read")

    def _problem(self, path: Path, message: str, expected: str) -> None:
        self.found.problems.append(Problem(Position(path.as_posix()), "", message, expected))
