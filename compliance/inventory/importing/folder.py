"""The folder an import goes into: what it holds already, and whether it can be read afterwards."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
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

MARK = "Written by `compliance inventory import`"
"""How every importer's file begins, but for comments that people put above it."""
_HEAD = 10_000
"""Characters of a file in which it says who wrote it."""
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
    parts: Mapping[int, Path]
    """The importer's files that are there, by number from 1: more than one where one would be too
    large to be read."""
    records: Mapping[tuple[str, str], Record]
    """Every record by kind and id, with all answers laid over them."""
    content: Mapping[str, Any]
    """Content of the importer's files together; empty where there is none."""
    texts: Mapping[int, str]
    """Their texts by number."""

    @property
    def has_agency(self) -> bool:
        """Whether any file names an agency."""
        return any(kind == AGENCY for kind, _ in self.records)

    def part(self, number: int) -> Path:
        """Where the importer's file of a number stands, or will stand."""
        return self.own if number == 1 else self.own.with_name(part_name(self.own, number))


def part_name(own: Path, number: int) -> str:
    """Name of a further file of an importer, from number 2: ``intune-2.yaml``."""
    return f"{own.stem}-{number}{own.suffix}"


def part_mark(own: Path, number: int) -> str:
    """By what a further file says at its top that it is one."""
    return f"part {number} of {own.name}"


def written_by(text: str) -> str:
    """The comment by which a text says that an import wrote it; empty where it does not."""
    for line in text[:_HEAD].splitlines():
        if line.strip() and not line.startswith("#"):
            break
        if MARK in line:
            return line
    return ""


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
    parts = _parts(path, own)
    content = _together(read_file(part).value for part in parts.values())
    texts = {number: part.read_text(encoding="utf-8-sig") for number, part in parts.items()}
    return Folder(path, own, parts, records, content, texts)


def _parts(path: Path, own: Path) -> dict[int, Path]:
    """The importer's files that are there, by number."""
    found = {1: own} if own.exists() else {}
    name = re.compile(f"{re.escape(own.stem)}-([1-9][0-9]*){re.escape(own.suffix)}")
    for each in path.iterdir() if path.is_dir() else ():
        match = name.fullmatch(each.name)
        if match is None or not each.is_file():
            continue
        if part_mark(own, int(match[1])) in written_by(_head_of(each)):
            found[int(match[1])] = each
    return dict(sorted(found.items()))


def _head_of(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return stream.read(_HEAD)


def _together(contents: Iterable[Any]) -> dict[str, Any]:
    """What several files hold, as one would hold it."""
    joined: dict[str, Any] = {}
    for content in contents:
        for key, value in content.items():
            both = isinstance(joined.get(key), list) and isinstance(value, list)
            if both:
                joined[key] = [*joined[key], *value]
            elif joined.get(key) is None:
                joined[key] = value
    return joined


def check_texts(folder: Folder, texts: Sequence[str], load: Load, *, agency: bool) -> Loaded:
    """Reads the folder as it would be with new texts of the importer's files.

    Args:
        folder: the folder.
        texts: the texts in the order of their numbers.
        load: reads an inventory.
        agency: whether the folder or a text names an agency.

    Returns:
        What came of reading; problems name the files at their future places.
    """
    own = {part.resolve() for part in (*folder.parts.values(), folder.own)}
    with tempfile.TemporaryDirectory(prefix="compliance-import-") as made:
        written: dict[str, str] = {}
        files = [path for path in _files(folder.path) if path.resolve() not in own]
        for number, text in enumerate(texts, 1):
            meant = folder.part(number)
            path = Path(made) / meant.name
            path.write_text(text, encoding="utf-8", newline="\n")
            written[path.as_posix()] = meant.as_posix()
            files.append(path)
        loaded = load(files) if agency else _with_stand_in(files, load)
        return _renamed(loaded, written)


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


def _renamed(loaded: Loaded, names: Mapping[str, str]) -> Loaded:
    problems = tuple(
        replace(problem, position=replace(problem.position, file=names[problem.position.file]))
        if problem.position.file in names
        else problem
        for problem in loaded.problems
    )
    return replace(loaded, problems=problems)
