"""Plain scalars by the core schema of YAML 1.2, which is also how JSON writes numbers.

``no`` and ``2026-01-01`` are texts and ``0o17`` is 15. Infinities, not-a-number and integers that
other programs would round are refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

Scalar = str | int | float | bool | None

LARGEST = 2**53
"""Integers beyond it are rounded by programs that keep numbers as floating point."""

_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER_START = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a scalar is not accepted."""

    message: str
    expected: str


def resolve(text: str) -> Scalar | Refusal:
    """The value of a plain (unquoted) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _SPECIAL.fullmatch(text):
        return Refusal(
            f"{text} is no number that can be compared",
            "a number, or null where it is not known",
        )
    return text


def bad_character(text: str) -> Refusal | None:
    """Why a text that was written with escapes is not accepted; None where it is."""
    found = _BAD_CHARACTER.search(text)
    if found is None:
        return None
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        message = f"the text contains half a character (the lone surrogate U+{code:04X})"
    else:
        message = f"the text contains the control character U+{code:04X}"
    return Refusal(message, "text without it")


def _integer(text: str) -> int | Refusal:
    if len(text) > 30:  # Python refuses to convert thousands of digits.
        digits = text.lstrip("+-0")
        number = int(digits or "0") if len(digits) <= 30 and text[1] not in "ox" else LARGEST + 1
        number = -number if text[0] == "-" else number
    else:
        bases = {"0o": 8, "0x": 16}
        number = int(text, bases.get(text[:2], 10))
    if abs(number) > LARGEST:
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        return Refusal(
            f"the number {shown} is too large to be kept exactly",
            "a number up to 9007199254740992, or a text in quotes",
        )
    return number


def _float(text: str) -> float | Refusal:
    number = float(text)
    if math.isinf(number):
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        return Refusal(f"the number {shown} is too large", "a number that fits 64 bits")
    return number
