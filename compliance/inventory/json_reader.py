"""JSON text to plain values and offsets.

The standard library's parser decides what JSON is; the values are then put together token by
token, because that parser tells neither where a value stands nor that a key stands twice.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import Any

from compliance.inventory.flaws import DEPTH, Flaw, Parsed, SyntaxFlawError, mapping, too_deep
from compliance.inventory.scalars import Refusal, bad_character, resolve

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s\[\]{}",:]+')


def parse_json(text: str) -> Parsed:
    """Read one JSON document.

    Args:
        text: the whole file, without a byte order mark.
    """
    builder = _Builder(text)
    try:
        _check_syntax(text)
        return Parsed(builder.read(), builder.offsets, builder.flaws)
    except SyntaxFlawError as error:
        return Parsed(None, builder.offsets, [*builder.flaws, error.flaw], whole=False)


def _check_syntax(text: str) -> None:
    try:
        # Numbers are kept as text here: Python would refuse to convert thousands of digits.
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise SyntaxFlawError(_syntax_flaw(error)) from error
    except RecursionError:
        _check_depth(text)
        raise


def _check_depth(text: str) -> None:
    depth = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > DEPTH:
                raise too_deep(match.start())
        elif match[0] in "]}":
            depth -= 1


def _syntax_flaw(error: json.JSONDecodeError) -> Flaw:
    problem = error.msg
    if "property name" in problem:
        expected = "a key in double quotes; no comma behind the last member"
    elif "delimiter" in problem:
        expected = f"{problem.removeprefix('Expecting ')}"
    elif "control character" in problem:
        expected = "escapes such as \\n and \\t inside a text"
    elif problem == "Extra data":
        expected = "one value a file, here nothing more"
    else:
        expected = "valid JSON: keys and texts in double quotes, no comments, no trailing commas"
    return Flaw(error.pos, f"this is not JSON ({problem})", expected)


class _Builder:
    """Puts values together from the tokens of a text whose syntax is known to be right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets = array("I")
        self.flaws: list[Flaw] = []

    def read(self) -> Any:
        """The value; see the YAML parser for how mappings are collected."""
        items: list[Any] = []
        first = 0
        around: list[tuple[list[Any], int]] = []
        for match in _TOKEN.finditer(self.text):
            token = match[0]
            if token in ("]", "}"):
                value = self._closed(token, items, first)
                items, first = around.pop()
                items.append(value)
                continue
            self.offsets.append(match.start())
            if token in ("[", "{"):
                if len(around) == DEPTH:
                    raise too_deep(match.start())
                around.append((items, first))
                items, first = [], len(self.offsets)
            else:
                items.append(self._scalar(token, match.start()))
        return items[0]

    def _closed(self, token: str, items: list[Any], first: int) -> Any:
        if token == "]":  # noqa: S105 - a bracket
            return items
        keys = items[::2]
        found = dict(zip(keys, items[1::2], strict=True))
        if len(found) == len(keys) and None not in found:
            return found
        return mapping(items, first, self.offsets, self.flaws)

    def _scalar(self, token: str, offset: int) -> Any:
        if token[0] != '"':
            value = resolve(_CONSTANTS.get(token, token))
        elif "\\" in token:
            value = json.loads(token)
            value = bad_character(value) or value
        else:
            value = bad_character(token) or token[1:-1]
        if isinstance(value, Refusal):
            self.flaws.append(Flaw(offset, value.message, value.expected))
            return None
        return value


_CONSTANTS = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
"""Words that the standard library's parser reads, though they are no JSON."""
