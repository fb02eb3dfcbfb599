"""Finds the files of an inventory: in folders, searched with all folders in them, or one by one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from compliance.inventory.formats import NO_TABLES, READ
from compliance.inventory.problems import ERROR, NOTE, Position, Problem

SETTINGS = "compliance.yaml"
"""Name of the settings file, which is no part of an inventory."""
QUESTIONS = "questions"
"""Names of workbooks that begin with it hold answers to be merged, not records."""

_OPEN = "~$"
"""Names of files begin with it by which Excel marks a workbook that is open."""

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

    In folders, names that begin with a dot, the settings file, the folder of reports and files of
    other formats are passed over; a settings file in a folder below is a problem, because it would
    hold for nothing, and so is a table in a format that is not read. Workbooks of questions are
    noted. Links are followed, but nothing is read twice.

    Args:
        paths: files and folders as the user gave them.
    """
    search = _Search()
    for path in paths:
        search.given(path)
    return search.found


def is_read(path: Path, folder: Path) -> bool:
    """Whether a file would be read as part of the inventory in a folder.

    Args:
        path: the file, which need not exist.
        folder: a folder around it; both are absolute.
    """
    below = path.relative_to(folder).parts
    if below[0] == REPORTS and len(below) > 1:
        return False
    hidden = any(name.startswith(".") for name in below)
    return not hidden and path.suffix.lower() in (*READ, *NO_TABLES) and not _is_aside(path.name)


def _is_aside(name: str) -> bool:
    """Whether a workbook holds no records by its name."""
    is_questions = name.lower().startswith(QUESTIONS) and name.lower().endswith(".xlsx")
    return is_questions or name.startswith(_OPEN)


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
            before = self._count()
            self._folder(path, top=True)
            self._follow_links()
            if before == self._count():
                self._problem(
                    path,
                    "the folder holds no inventory files",
                    f"at least one file whose name ends in {', '.join(READ)}",
                )

    def _count(self) -> int:
        """Files found, and what stood in the way of finding more."""
        errors = [problem for problem in self.found.problems if problem.kind == ERROR]
        return len(self.found.files) + len(errors)

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
            else:
                self._found(path)

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
            else:
                self._found(path)

    def _found(self, path: Path) -> None:
        """Take in a file of a folder, where it is one of the inventory."""
        suffix = path.suffix.lower()
        if suffix not in READ and suffix not in NO_TABLES:
            return
        if path.name.startswith(_OPEN):
            self._note(
                path.with_name(path.name.removeprefix(_OPEN)),
                "open workbook",
                "it is open in Excel, and what is not saved yet is not read",
            )
        elif _is_aside(path.name):
            self._note(
                path, "questions", "answers are merged with `compliance answer`, not read here"
            )
        else:
            self._file(path)

    def _note(self, path: Path, about: str, message: str) -> None:
        problem = Problem(Position(path.as_posix()), about, message, kind=NOTE)
        self.found.problems.append(problem)

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
