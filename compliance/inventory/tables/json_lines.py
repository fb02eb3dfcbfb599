"""Reads JSON lines: a record on each line, of the kind that the file is named after."""

from __future__ import annotations

import hashlib
from array import array
from pathlib import Path
from typing import Any

from compliance.inventory import answers
from compliance.inventory.flaws import Flaw
from compliance.inventory.json_reader import parse_json
from compliance.inventory.kinds import Kinds
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import Reading
from compliance.inventory.source import SourceFile, line_starts, place, size
from compliance.inventory.tables.content import file_bytes, file_text
from compliance.inventory.tables.limits import LARGEST_TEXT, ROWS, TableError, too_many_rows
from compliance.inventory.tables.naming import names_of

_SAVE_AS = "the file saved as UTF-8"


def read_json_lines(path: Path, kinds: Kinds) -> Reading:
    """Read a file of JSON lines.

    A line that is wrong is told and left out; the others are read.

    Args:
        path: a file such as ``devices.jsonl``.
        kinds: all kinds.
    """
    name = path.as_posix()
    key = _key(path.stem, kinds)
    if key is None:
        names = names_of(kinds)
        problem = Problem(
            Position(name), "", f"the name of the file, {path.stem}, names no kind of record",
            "the name of a list of records, such as devices.jsonl", names.similar(path.stem),
        )  # fmt: skip
        return Reading(None, (problem,))
    try:
        data = file_bytes(path, LARGEST_TEXT)
        text = file_text(data, name, _SAVE_AS)
        _check_length(text, name)
    except TableError as error:
        return Reading(None, (error.problem,))
    single = any(target.key == key and target.single for target in names_of(kinds).targets)
    return _parsed(text, name, key, hashlib.sha256(data).hexdigest(), single=single)


def _check_length(text: str, name: str) -> None:
    """Refuse more lines than a table may have rows."""
    if text.count("\n") > ROWS and sum(map(bool, map(str.strip, text.split("\n")))) > ROWS:
        raise too_many_rows(Position(name))


def _key(stem: str, kinds: Kinds) -> str | None:
    """The key of inventory files that would list the records of a file."""
    if stem == answers.KEY:
        return stem
    target = names_of(kinds).of_file(stem)
    return None if target is None or target.list is not None else target.key


def _parsed(text: str, name: str, key: str, digest: str, *, single: bool) -> Reading:
    records: list[Any] = []
    # As if the file were one mapping with one list: their places are its beginning.
    offsets = array("I", [0, 0] if single else [0, 0, 0])
    flaws: list[Flaw] = []
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            parsed = parse_json(line)
            flaws += (_moved(flaw, offset) for flaw in parsed.flaws)
            if parsed.whole:
                records.append(parsed.value)
                offsets.extend(offset + place for place in parsed.offsets)
        offset += len(line) + 1
    lines = line_starts(text)
    problems = [_problem(flaw, name, lines) for flaw in flaws]
    if single and len(records) > 1:
        problems.append(
            Problem(
                place(name, 0, lines), key, f"the file has {len(records)} lines of {key}", "one"
            )
        )
    value: Any = {key: records[0] if single and records else records} if records else {}
    if single:
        del offsets[2 + sum(map(size, records[:1])) :]
    found = tuple(suspects(text))
    source = SourceFile(name, value, digest, offsets if records else array("I", [0]), lines, found)
    return Reading(source, tuple(problems))


def _moved(flaw: Flaw, offset: int) -> Flaw:
    earlier = flaw.earlier and (flaw.earlier[0], flaw.earlier[1] + offset)
    return Flaw(flaw.offset + offset, flaw.message, flaw.expected, earlier)


def _problem(flaw: Flaw, name: str, lines: array[int]) -> Problem:
    message = flaw.message
    if flaw.earlier is not None:
        message += f" ({flaw.earlier[0]} in character {place(name, flaw.earlier[1], lines).column})"
    return Problem(place(name, flaw.offset, lines), "", message, flaw.expected)
