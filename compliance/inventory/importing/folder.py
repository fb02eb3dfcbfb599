"""The folder an import goes into: what it holds already, and whether it can be read afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compliance.errors import UserError
from compliance.inventory.files import find_files
from compliance.inventory.kinds import AGENCY
from compliance.inventory.load import Loaded
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import read_file
from compliance.inventory.store import Record

_STAND_IN = "stand-in-for-the-agency"
Load = Callable[[Sequence[Path]], Loaded]
"""Reads files as one inventory, with the settings that hold for the folder."""


class FolderError(UserError):
    """A folder that cannot be read as an inventory.

    Attributes:
        problems: all that is wrong with it.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds."""

    path: Path
    own: Path
    """The importer's file in it, whether or not it is there yet."""
    records: Mapping[tuple[str, str], Record]
    """Every record by kind and id, with all answers laid over them."""
    content: Mapping[str, Any]
    """Content of the importer's file; empty where there is none."""
    text: str
    """Its text."""

    @property
    def has_agency(self) -> bool:
        """Whether any file names an agency."""
        return any(kind == AGENCY for kind, _ in self.records)


def open_folder(path: Path, own: Path, load: Load) -> Folder:
    """Reads the folder an import goes into.

    Args:
        path: the folder; it need not be there.
        own: the importer's file in it.
        load: reads an inventory.

    Raises:
        FolderError: it cannot be read as an inventory, for more than the lack of an agency.
        ReadError: the importer's file cannot be read.
    """
    files = _files(path)
    records: dict[tuple[str, str], Record] = {}
    if files:
        loaded = _loaded(files, load)
        if loaded.inventory is None:
            raise FolderError(loaded.errors)
        records = {(each.kind, each.id): each for each in loaded.inventory.iterate()}
        records.pop((AGENCY, _STAND_IN), None)
    content: Any = {}
    text = ""
    if own.exists():
        content = read_file(own).value
        text = own.read_text(encoding="utf-8-sig")
    return Folder(path, own, records, content, text)


def check_text(folder: Folder, text: str, load: Load, *, agency: bool) -> Loaded:
    """Reads the folder as it would be with a new text of the importer's file.

    Args:
        folder: the folder.
        text: the text.
        load: reads an inventory.
        agency: whether the folder or the text names an agency.

    Returns:
        What came of reading; problems name the file at its future place.
    """
    with tempfile.TemporaryDirectory(prefix="compliance-import-") as made:
        written = Path(made) / folder.own.name
        written.write_text(text, encoding="utf-8", newline="\n")
        others = [path for path in _files(folder.path) if path.resolve() != folder.own.resolve()]
        files = [*others, written]
        loaded = load(files) if agency else _with_stand_in(files, load)
        return _renamed(loaded, written.as_posix(), folder.own.as_posix())


def _files(path: Path) -> list[Path]:
    """The files of the folder; none where it is not there or holds none."""
    try:
        return list(find_files([path]).files) if path.is_dir() else []
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"the folder cannot be opened ({reason})"
        problem = Problem(Position(path.as_posix()), "", message, "a folder this user may read")
        raise FolderError((problem,)) from error


def _loaded(files: Sequence[Path], load: Load) -> Loaded:
    """Reads files; where all they lack is an agency, with one that stands in for it."""
    loaded = load(files)
    errors = loaded.errors
    if len(errors) != 1 or errors[0].path != AGENCY or loaded.inventory is not None:
        return loaded
    again = _with_stand_in(files, load)
    return again if again.inventory is not None else loaded


def _with_stand_in(files: Sequence[Path], load: Load) -> Loaded:
    with tempfile.TemporaryDirectory(prefix="compliance-import-") as made:
        path = Path(made) / "agency.yaml"
        path.write_text(f"{AGENCY}: {{id: {_STAND_IN}}}\n", encoding="utf-8")
        return load([*files, path])


def _renamed(loaded: Loaded, name: str, meant: str) -> Loaded:
    problems = tuple(
        replace(problem, position=replace(problem.position, file=meant))
        if problem.position.file == name
        else problem
        for problem in loaded.problems
    )
    return replace(loaded, problems=problems)
