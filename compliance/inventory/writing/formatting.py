"""Rewrites inventory files in one order and layout, with all their comments."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.inventory.collecting import Collector
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.reader import Reading, read_bytes
from compliance.inventory.writing.arranging import arrange
from compliance.inventory.writing.layout import laid_out
from compliance.inventory.writing.nodes import Node, UnwritableError, build, plain

SUFFIXES = (".yaml", ".yml", ".json")
"""Files that are formatted."""
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Formatted:
    """What came of formatting a file."""

    path: str
    text: str | None
    """The new text; None where the file has errors."""
    changed: bool
    """Whether the text differs; line ends and a byte order mark alone make no difference."""
    problems: tuple[Problem, ...] = ()
    """Why it was refused."""


def format_file(path: Path, kinds: Kinds, as_of: datetime.date) -> Formatted:
    """The stable form of a file, which holds the same values and comments.

    Args:
        path: a file whose name ends as one of :data:`SUFFIXES`.
        kinds: all kinds.
        as_of: date of the assessment; changes nothing of the result.
    """
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read ({error.strerror or error})"
        return _refused(name, Problem(Position(name), "", message, "a file this user may read"))
    return format_bytes(data, name, kinds, as_of, json_=path.suffix.lower() == ".json")


def format_bytes(
    data: bytes, name: str, kinds: Kinds, as_of: datetime.date, *, json_: bool = False
) -> Formatted:
    """The same for the content of a file.

    Args:
        data: the bytes.
        name: path to name in problems.
        kinds: all kinds.
        as_of: date of the assessment; changes nothing of the result.
        json_: JSON instead of YAML.
    """
    reading = read_bytes(data, name, json=json_)
    problems = _errors(reading, kinds, as_of)
    if reading.source is None or problems:
        return _refused(name, *problems)
    before = data.decode("utf-8").removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
    value = reading.source.value
    try:
        after = _json_text(value, kinds) if json_ else _yaml_text(before, value, kinds)
    except UnwritableError as error:
        return _refused(name, Problem(Position(name), "", str(error).rstrip(".")))
    again = read_bytes(after.encode("utf-8"), name, json=json_)
    if again.source is None or again.problems or _settled(again.source.value) != _settled(value):
        return _refused(name, _unlike(name, "values"))
    return Formatted(name, after, after != before)


def _errors(reading: Reading, kinds: Kinds, as_of: datetime.date) -> list[Problem]:
    """What is wrong with a file by itself; links into other files are not looked at."""
    problems = list(reading.problems)
    if reading.source is not None and not problems:
        Collector(kinds, as_of, problems).file(reading.source)
    return [problem for problem in problems if problem.kind == ERROR]


def _yaml_text(text: str, value: Any, kinds: Kinds) -> str:
    from compliance.inventory.writing.commented import comments_of, read_commented

    document = read_commented(text)
    if not _same(plain(document.root), value):
        raise UnwritableError("its comments cannot be told from its values")
    kept = comments_of(document)
    arrange(document.root, kinds)
    after = laid_out(document.root)
    if document.head:
        after = "".join(f"{line}\n" for line in [*document.head, ""]) + after
    if comments_of(read_commented(after)) != kept:
        raise UnwritableError("its comments would not all be kept")
    return after


def _json_text(value: Any, kinds: Kinds) -> str:
    root: Node = build(value)
    arrange(root, kinds)
    return json.dumps(plain(root), indent=2, ensure_ascii=False) + "\n"


def _same(left: Any, right: Any) -> bool:
    return json.dumps(left) == json.dumps(right)


def _settled(value: Any) -> str:
    """A value as text in which neither the order of keys nor that of records matters."""
    if isinstance(value, dict):
        value = {
            key: sorted(json.dumps(member, sort_keys=True) for member in inner)
            if isinstance(inner, list)
            else inner
            for key, inner in value.items()
        }
    return json.dumps(value, sort_keys=True)


def _unlike(name: str, what: str) -> Problem:
    return Problem(
        Position(name), "", f"formatting would change the {what}, so the file was left as it is",
        "a report of this fault, with the file",
    )  # fmt: skip


def _refused(name: str, *problems: Problem) -> Formatted:
    return Formatted(name, None, changed=False, problems=problems)
