"""Reads one inventory or policy file into plain values with positions.

Every format yields the same: dictionaries with text keys, lists, texts, whole and fractional
numbers, true, false and null, and beside them the place of each key and value.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.errors import UserError
from compliance.inventory.flaws import Flaw, Parsed
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import Position, Problem
from compliance.inventory.source import SourceFile, line_starts, place

LARGEST_FILE = 64 * 1024 * 1024
"""Size in bytes up to which a file is read."""
SUFFIXES = (".yaml", ".yml", ".json")

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "a text file saved as UTF-8 (in the editor: Save as, encoding UTF-8)"
_EMPTY = ("the file is empty", "at least one key and its value, or no file")
_UTF8_MARK = b"\xef\xbb\xbf"


class ReadError(UserError):
    """A file that cannot be read, or that holds what no inventory may hold.

    Attributes:
        problems: everything that is wrong with it, in the order of the file.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file."""

    source: SourceFile | None
    """The values; None where the file could not be read to its end."""
    problems: tuple[Problem, ...]
    """What is wrong, in the order of the file. With values: keys and scalars not accepted, which
    are left out or null."""


def read_file(path: Path) -> SourceFile:
    """The value of a file that is right in form.

    Args:
        path: a file whose name ends as one of :data:`SUFFIXES`.

    Raises:
        ReadError: anything is wrong with it.
    """
    reading = read(path)
    if reading.source is None or reading.problems:
        raise ReadError(reading.problems)
    return reading.source


def read(path: Path) -> Reading:
    """Read a file as far as it goes and tell all that is wrong with its form.

    Args:
        path: a file whose name ends as one of :data:`SUFFIXES`.
    """
    name = path.as_posix()
    if path.suffix.lower() not in SUFFIXES:
        return _unread(name, "the format of the file is not known", f"a name in {_listed()}")
    try:
        data = _bytes(path)
    except OSError as error:
        reason = error.strerror or str(error)
        return _unread(
            name, f"the file cannot be read ({reason})", "a file this user may open and read"
        )
    if isinstance(data, Problem):
        return Reading(None, (data,))
    return read_bytes(data, name, json=path.suffix.lower() == ".json")


def read_bytes(data: bytes, name: str, *, json: bool = False) -> Reading:
    """Read the content of a file.

    Args:
        data: the bytes.
        name: path to name in positions, with ``/`` between its parts.
        json: JSON instead of YAML.
    """
    body = data.removeprefix(_UTF8_MARK)
    problem = _encoding_problem(body, name)
    if problem is not None:
        return Reading(None, (problem,))
    text = body.decode("utf-8")
    if not text.strip():
        return _unread(name, *_EMPTY)
    parsed = _parse(text, json)
    lines = line_starts(text)
    ordered = sorted(parsed.flaws, key=lambda flaw: flaw.offset)
    problems = tuple(_problem(flaw, name, lines) for flaw in ordered)
    if not parsed.whole:
        return Reading(None, problems)
    if parsed.value is None and not problems:
        return _unread(name, *_EMPTY)
    digest = hashlib.sha256(data).hexdigest()
    found = tuple(suspects(text))
    return Reading(SourceFile(name, parsed.value, digest, parsed.offsets, lines, found), problems)


def _parse(text: str, json: bool) -> Parsed:
    # Either parser is imported only where a file of its format is read.
    if json:
        from compliance.inventory.json_reader import parse_json

        return parse_json(text)
    from compliance.inventory.yaml_reader import parse_yaml

    return parse_yaml(text)


def _bytes(path: Path) -> bytes | Problem:
    """The content of a regular file that is not too large."""
    about = path.stat()  # Opening a pipe would wait for ever.
    if not stat.S_ISREG(about.st_mode):
        message, expected = "this is no regular file", "a file on disk"
    elif about.st_size > LARGEST_FILE:
        message = f"the file is too large ({about.st_size / 1024 / 1024:.0f} MB)"
        expected = "at most 64 MB: split the file; all files of a folder are read together"
    else:
        return path.read_bytes()
    return Problem(Position(path.as_posix()), "", message, expected)


def _encoding_problem(data: bytes, name: str) -> Problem | None:
    """Why the bytes are no UTF-8 text; None where they are."""
    start = data[:4]
    if data[:2] in _UTF16 or (start[1::2] == b"\0\0") != (start[::2] == b"\0\0"):
        return Problem(Position(name), "", "the file is saved as UTF-16", _SAVE_AS)
    zero = data.find(b"\0")
    if zero >= 0:
        return Problem(
            _byte_position(data, zero, name), "", "the file is binary, not text",
            "a YAML or JSON file: look whether this is the right one",
        )  # fmt: skip
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem(
            _byte_position(data, error.start, name), "",
            f"the byte {data[error.start]:02X} is no character in UTF-8", _SAVE_AS,
        )  # fmt: skip
    return None


def _byte_position(data: bytes, offset: int, name: str) -> Position:
    before = data[:offset]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    return Position(name, line, len(before[start:].decode("utf-8", "replace")) + 1)


def _problem(flaw: Flaw, name: str, lines: Sequence[int]) -> Problem:
    message = flaw.message
    if flaw.earlier is not None:
        word, offset = flaw.earlier
        message += f" ({word} in line {place(name, offset, lines).line})"
    return Problem(place(name, flaw.offset, lines), "", message, flaw.expected)


def _unread(name: str, message: str, expected: str) -> Reading:
    return Reading(None, (Problem(Position(name), "", message, expected),))


def _listed() -> str:
    return f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
