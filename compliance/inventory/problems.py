"""Where something stands in a file, and what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"
"""Kind of a problem that stops the run."""
WRONG_VALUE = "wrong_value"
"""Kind of a problem that makes one value unknown; the run goes on."""
NOTE = "note"
"""Kind of what is no problem but must not go unsaid, such as rows that were left out."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: ``systems.yaml:12:5``, or in a workbook ``inventory.xlsx:Systems!D7``."""

    file: str
    """Path as the user gave it, with ``/`` between its parts."""
    line: int | None = None
    """Line or row from 1; None where the file or the sheet as a whole is meant."""
    column: int | None = None
    """Column from 1, counted in characters (Unicode code points), in a sheet in cells."""
    sheet: str | None = None
    """For a workbook: the sheet; None where the workbook as a whole is meant."""

    def __str__(self) -> str:
        if self.sheet is None:
            return self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        cell = f"!{letters(self.column or 1)}{self.line}" if self.line else ""
        return f"{self.file}:{self.sheet}{cell}"


def letters(column: int) -> str:
    """A column of a sheet as workbooks name it: 1 is A, 27 is AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what a person wrote."""

    position: Position
    path: str
    """What it is about, such as ``system/payroll logging.enabled``; empty for a whole file."""
    message: str
    """What is wrong, as a sentence without its full stop."""
    expected: str = ""
    """What should stand there, or what to do."""
    suggestion: str = ""
    """The key, id or value that was probably meant."""
    kind: str = ERROR

    def __str__(self) -> str:
        text = f"{self.position}: {self.path + ': ' if self.path else ''}{self.message}."
        if self.expected:
            text += f" Expected: {self.expected}."
        if self.suggestion:
            text += f" Did you mean {self.suggestion}?"
        return text


def closest(word: str, candidates: Iterable[str]) -> str:
    """The candidate spelt most like a word, or an empty text where none is near."""
    matches = difflib.get_close_matches(word, sorted(set(candidates)), n=1, cutoff=0.7)
    return matches[0] if matches else ""
