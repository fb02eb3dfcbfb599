"""Settings of an inventory: the file ``compliance.yaml``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance import resources
from compliance.errors import UserError
from compliance.inventory.problems import Position, Problem, closest
from compliance.inventory.tables.settings import KEY, TableSettings

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from compliance.inventory.source import SourceFile

FILE_NAME = "compliance.yaml"
OTHER_NAME = "compliance.yml"
"""What people call the file, too; nothing reads it."""


class SettingsError(UserError):
    """A settings file that cannot be used.

    Attributes:
        problems: all that is wrong with it, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every check of an inventory; empty where no file says anything."""

    policies: tuple[str, ...] = ()
    """Policies to check against: ``hipaa`` or ``hipaa@0.1.0``."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Values the agency chose, by policy id and name."""
    marking: str | None = None
    """Handling marking of every report."""
    personal_data_allowed: tuple[str, ...] = ()
    """Facts that may hold what looks like personal data, such as ``system.description``."""
    tables: TableSettings = field(default_factory=TableSettings)
    """Other names that the inventory's tables and their columns go by."""
    source: SourceFile | None = None
    """The file it was read from; None where there is none."""

    def position(self, *path: str | int, key: bool = False) -> Position | None:
        """Where a setting stands: ``position("parameters", "hipaa", "idle_minutes")``.

        Args:
            *path: keys from the root of the file, members of lists by number.
            key: the place of the last key instead of its value.
        """
        return self.source.position(path, key=key) if self.source else None


def find_settings(paths: Sequence[Path], working: Path) -> Path | None:
    """Finds the settings file that holds for an inventory.

    Args:
        paths: files and folders of the inventory.
        working: the working folder.

    Returns:
        The file in a folder among the paths or beside a file among them, else the nearest one in
        the working folder and the folders above it; None where there is none.

    Raises:
        SettingsError: the paths have several settings files, so that it is not clear which holds;
            what bears the name is a folder or a link that leads nowhere; or the settings have
            another name.
    """
    folders = [path if _is(path.is_dir) else path.parent for path in paths]
    for folder in folders:
        _check_file(folder / FILE_NAME)
        _check_other(folder / OTHER_NAME)
    found = {
        candidate.resolve(): candidate
        for folder in folders
        if _is((candidate := folder / FILE_NAME).is_file)
    }
    if len(found) > 1:
        first, second, *_ = found.values()
        raise SettingsError([_several(first, second)])
    if found:
        return next(iter(found.values()))
    here = working.absolute()
    for folder in (here, *here.parents):
        if _is((folder / FILE_NAME).is_file):
            return folder / FILE_NAME
    return None


def read_settings(path: Path | None) -> Settings:
    """Reads a settings file.

    Args:
        path: the file; None gives empty settings.

    Raises:
        ReadError: the file cannot be read as YAML.
        SettingsError: it holds a key or a value that is no setting.
    """
    if path is None:
        return Settings()
    # Both are imported only where there is a file to read.
    from jsonschema import Draft202012Validator

    from compliance.inventory.reader import read_file

    source = read_file(path)
    schema = json.loads((resources.schemas() / "compliance.schema.json").read_text("utf-8"))
    errors = list(Draft202012Validator(schema).iter_errors(source.value))
    problems = [problem for error in errors for problem in _problems(error, source)]
    if problems:
        raise SettingsError(sorted(problems, key=_place))
    value = source.value
    return Settings(
        policies=tuple(value.get("policies", ())),
        parameters=value.get("parameters", {}),
        marking=value.get("marking"),
        personal_data_allowed=tuple(value.get("personal_data_allowed", ())),
        tables=_tables(value.get(KEY, {}), source),
        source=source,
    )


def _tables(said: Mapping[str, Any], source: SourceFile) -> TableSettings:
    return TableSettings(said.get("sheets", {}), said.get("columns", {}), source)


def _is(test: Callable[[], bool]) -> bool:
    try:
        return test()
    except OSError:  # a folder this user may not enter
        return False


def _check_file(candidate: Path) -> None:
    """Refuses what bears the name and is no file: its settings would be left out unsaid."""
    is_link = _is(candidate.is_symlink)
    if _is(candidate.is_file) or not (is_link or _is(candidate.exists)):
        return
    what = "the link leads to no file" if is_link else "this is no file"
    expected = "the settings in a file of this name, or nothing of this name"
    raise SettingsError([Problem(Position(candidate.as_posix()), "", what, expected)])


def _check_other(candidate: Path) -> None:
    """Refuses a file that was meant to hold the settings, which would be left out unsaid."""
    if _is(candidate.is_file):
        what = f"settings are read from a file called {FILE_NAME}, and this one is called otherwise"
        expected = f"{FILE_NAME} as the name of the file"
        raise SettingsError([Problem(Position(candidate.as_posix()), "", what, expected)])


def _several(first: Path, second: Path) -> Problem:
    return Problem(
        Position(second.as_posix()),
        "",
        f"the paths have a second settings file, {first.as_posix()}, and it is not clear which "
        "of the two holds",
        "one settings file for one inventory: remove one of the two",
    )


def _problems(error: ValidationError, source: SourceFile) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for key in sorted(set(source.at(path)) - set(known)):
            yield Problem(
                source.position((*path, key), key=True),
                _dotted((*path, key)),
                f"there is no setting {key}",
                f"one of {', '.join(known)}",
                closest(key, known),
            )
    elif error.validator == "pattern" and "x-expected" not in schema:
        yield Problem(
            source.position((*path, str(error.instance)), key=True),
            _dotted((*path, str(error.instance))),
            f"{error.instance!r} is no id",
            "small letters, digits and - for a policy, _ for a parameter",
        )
    else:
        yield Problem(
            source.position(path),
            _dotted(path),
            "the value is no such setting",
            schema.get("x-expected", "a mapping of settings, such as 'policies: [hipaa]'"),
        )


def _dotted(path: Sequence[str | int]) -> str:
    from compliance.inventory.source import dotted

    return dotted(path)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.position.line or 0, problem.position.column or 0
