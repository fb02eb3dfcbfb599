"""The files of a policy's source folder, read and checked for form.

policy.yaml, requirements.yaml    what the policy is
rules/*.yaml, rules/*.rego        its rules
tests/*.yaml                      cases of its rules
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import read
from compliance.inventory.source import SourceFile
from compliance.policy.source import Place
from compliance.policy.validation import schema_problems

POLICY_FILE = "policy.yaml"
REQUIREMENTS_FILE = "requirements.yaml"
RULES_FOLDER = "rules"
TESTS_FOLDER = "tests"
LARGEST_REGO_FILE = 1024 * 1024
"""Bytes of a Rego file written by hand."""
_YAML = (".yaml", ".yml")
_REGO = (".rego",)
_PROSE = (".md",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement, rule or case as written, with its place."""

    raw: Mapping[str, Any]
    """Its keys and values."""
    place: Place
    """Where it stands."""
    section: str = ""
    """Section its file names."""

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.raw["id"])


@dataclass(frozen=True, slots=True)
class RegoFile:
    """A Rego file written by hand."""

    name: str
    """Name below ``rules/``: ``contingency.rego``."""
    file: str
    """Path for messages."""
    text: str

    def problem(self, message: str, expected: str = "", offset: int | None = None) -> Problem:
        """A problem in the file, or at an offset of its text in characters."""
        where = Position(self.file)
        if offset is not None:
            line = self.text.count("\n", 0, offset) + 1
            where = Position(self.file, line, offset - self.text.rfind("\n", 0, offset))
        return Problem(where, "", message, expected)


@dataclass(frozen=True)
class PolicyFiles:
    """Everything a policy's folder holds; every YAML file keeps to its schema."""

    folder: Path
    policy: Entry
    requirements: tuple[Entry, ...]
    rules: tuple[Entry, ...]
    """By file name, then in the order written."""
    rego: Mapping[str, RegoFile]
    """By name, sorted."""
    tests: tuple[SourceFile, ...]
    """Files of cases, by name."""

    @property
    def cases(self) -> Iterator[Entry]:
        """All cases, in the order of the files."""
        for source in self.tests:
            yield from _entries(source, "cases")


@dataclass
class FilesRead:
    """What came of reading a folder."""

    files: PolicyFiles | None = None
    """None where there are problems."""
    problems: list[Problem] = field(default_factory=list)


def is_policy_folder(path: Path) -> bool:
    """Whether a folder holds the source of a policy."""
    return (path / POLICY_FILE).is_file()


def read_files(folder: Path) -> FilesRead:
    """Reads the files of a policy; what is wrong with their form is collected."""
    outcome = FilesRead()
    if not is_policy_folder(folder):
        where = Position(folder.as_posix())
        what = "this is no folder with a policy" if folder.is_dir() else "there is no such folder"
        outcome.problems.append(Problem(where, "", what, f"a folder that holds {POLICY_FILE}"))
        return outcome
    policy = _read(folder / POLICY_FILE, "policy", outcome.problems)
    requirements = _read(folder / REQUIREMENTS_FILE, "requirements", outcome.problems)
    rules = [_read(path, "rules", outcome.problems) for path in _yaml(folder / RULES_FOLDER)]
    tests = [_read(path, "rule-tests", outcome.problems) for path in _yaml(folder / TESTS_FOLDER)]
    rego = [_rego(path, outcome.problems) for path in _files(folder / RULES_FOLDER, _REGO)]
    outcome.problems += _strays(folder / RULES_FOLDER, (*_YAML, *_REGO))
    outcome.problems += _strays(folder / TESTS_FOLDER, _YAML)
    if not outcome.problems and policy and requirements:
        outcome.files = PolicyFiles(
            folder=folder,
            policy=Entry(policy.value, Place(policy)),
            requirements=tuple(_entries(requirements, "requirements")),
            rules=tuple(entry for file in rules if file for entry in _entries(file, "rules")),
            rego={file.name: file for file in rego if file},
            tests=tuple(file for file in tests if file),
        )
    return outcome


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(
        path
        for path in found
        if path.suffix in suffixes and path.is_file() and not path.name.startswith(".")
    )


def _strays(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Problem]:
    """Files that nothing reads, whose rules or cases would be missed without a word."""
    read = {*_files(folder, (*suffixes, *_PROSE))}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path not in read and not path.name.startswith("."):
            expected = f"files whose names end in {', '.join(suffixes)}"
            yield Problem(Position(path.as_posix()), "", "nothing reads this", expected)


def _yaml(folder: Path) -> list[Path]:
    return _files(folder, _YAML)


def _read(path: Path, schema: str, problems: list[Problem]) -> SourceFile | None:
    reading = read(path)
    problems.extend(reading.problems)
    if reading.source is None or reading.problems:
        return None
    refused = schema_problems(reading.source.value, schema, Place(reading.source))
    problems.extend(refused)
    return None if refused else reading.source


def _entries(source: SourceFile, key: str) -> Iterator[Entry]:
    section = source.value.get("section", "")
    for index, raw in enumerate(source.value[key]):
        yield Entry(raw, Place(source, (key, index)), section)


def _rego(path: Path, problems: list[Problem]) -> RegoFile | None:
    where = Position(path.as_posix())
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"the file cannot be read ({error.strerror or error})"
        problems.append(Problem(where, "", what, "a file this user may open and read"))
        return None
    if len(data) > LARGEST_REGO_FILE:
        problems.append(Problem(where, "", "the file is too large", "at most 1 MB"))
        return None
    try:
        return RegoFile(path.name, path.as_posix(), data.decode("utf-8"))
    except UnicodeDecodeError:
        problems.append(Problem(where, "", "the file is no UTF-8 text", "a text file in UTF-8"))
        return None
