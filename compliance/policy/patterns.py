"""Whether a regular expression is one that RE2 reads, judged without RE2.

A pattern must lie in what RE2 and Python's ``re`` both know: what only one of them has is refused
by name, and Python's parser settles the rest. So the answer needs no program; the build asks OPA.
"""

from __future__ import annotations

import re
import warnings

_MOST_REPEATS = 1000
_GROUP = re.compile(r"\?(?:[ims]*(?:-[ims]+)?:|[ims]+\)|P<[A-Za-z_][A-Za-z0-9_]*>)")
_REPEAT = re.compile(r"[*+?]|\{(\d+)(?:,(\d*))?\}")
_ANYWHERE = "afnrtvdDsSwWx"
_OUTSIDE_SETS = _ANYWHERE + "AbB"
_GROUPS = {
    "=": "looks ahead",
    "!": "looks ahead",
    "<=": "looks behind",
    "<!": "looks behind",
    "P=": "refers back to a group",
    ">": "has an atomic group",
    "(": "has a conditional",
    "#": "has a comment",
}


def why_not_re2(pattern: str) -> str | None:
    """What RE2 would not accept in a pattern, in a few words; None where it accepts all of it."""
    reason = _Reader(pattern).refused()
    if reason:
        return reason
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None


class _Reader:
    """Goes through a pattern once, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def refused(self) -> str | None:
        while self._at < len(self._pattern):
            reason = self._piece()
            if reason:
                return reason
        return None

    def _piece(self) -> str | None:
        match self._pattern[self._at]:
            case "\\":
                return self._escape(_OUTSIDE_SETS)
            case "[":
                return self._set()
            case "(":
                return self._group()
            case "*" | "+" | "?" | "{":
                return self._repeat()
            case _:
                self._at += 1
                return None

    def _escape(self, letters: str) -> str | None:
        escaped = self._pattern[self._at + 1 : self._at + 2]
        self._at += 2
        if not escaped:
            return "it ends with a backslash"
        if escaped.isdigit():
            return f"\\{escaped} refers back to a group"
        if not escaped.isascii() or (escaped.isalpha() and escaped not in letters):
            return f"there is no \\{escaped}"
        return None

    def _set(self) -> str | None:
        self._at += 1
        if self._pattern.startswith("^", self._at):
            self._at += 1
        if self._pattern.startswith("]", self._at):
            self._at += 1
        while self._at < len(self._pattern):
            match self._pattern[self._at]:
                case "]":
                    self._at += 1
                    return None
                case "\\":
                    if reason := self._escape(_ANYWHERE):
                        return reason
                case "[":
                    return "a [ within a set must be written \\["
                case _:
                    self._at += 1
        return "a set is not closed"

    def _group(self) -> str | None:
        self._at += 1
        if not self._pattern.startswith("?", self._at):
            return None
        known = _GROUP.match(self._pattern, self._at)
        if known:
            self._at = known.end()
            return None
        rest = self._pattern[self._at + 1 :]
        for start, what in _GROUPS.items():
            if rest.startswith(start):
                return f"it {what}"
        return f"there is no (?{rest[:1]}"

    def _repeat(self) -> str | None:
        if self._pattern.startswith("{,", self._at):
            return "{, needs a number in front"
        repeat = _REPEAT.match(self._pattern, self._at)
        if repeat is None:
            self._at += 1
            return None
        self._at = repeat.end()
        if self._pattern.startswith("+", self._at):
            return "a repetition cannot be possessive"
        if max((int(n) for n in repeat.groups() if n), default=0) > _MOST_REPEATS:
            return f"a repetition may not exceed {_MOST_REPEATS}"
        if self._pattern.startswith("?", self._at):
            self._at += 1
        return None
