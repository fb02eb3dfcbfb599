"""Finds what looks like data about a person that an inventory has no need of.

Numbers of social security, of payment cards and of medical records. What is found is named by its
place and its sort; the value itself is never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SOCIAL_SECURITY = re.compile(
    r"(?<![0-9-])(?!000|666|9)[0-9]{3}([ -])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9-])"
)
_CARD = re.compile(
    r"(?<![0-9.-])(?:3[47][0-9]{2}([ -]?)[0-9]{6}\1[0-9]{5}|[3-6][0-9]{3}([ -]?)[0-9]{4}\2[0-9]{4}"
    r"\2[0-9]{1,7})(?![0-9.-])"
)
_MEDICAL_RECORD = re.compile(r"\bMRN[ :#]*[0-9]{5,}")

# Shapes of such values when every digit is a 0: a text without any of them is passed at once.
_SHAPES = (
    b"000-00-0000", b"000 00 0000", b"0000000000000", b"0000-0000-0000", b"0000 0000 0000",
    b"0000-000000-", b"0000 000000 ", b"MRN",
)  # fmt: skip
_ALL_ZERO = bytes.maketrans(b"123456789", b"000000000")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A part of a text that looks like personal data."""

    offset: int
    """In characters from the beginning of the text."""
    what: str
    """Such as ``a social security number``."""


def suspects(text: str) -> Iterator[Suspect]:
    """All that looks like personal data in a text."""
    shapes = text.encode("utf-8", "replace").translate(_ALL_ZERO)
    if not any(shape in shapes for shape in _SHAPES):
        return
    for match in _SOCIAL_SECURITY.finditer(text):
        yield Suspect(match.start(), "a social security number")
    for match in _CARD.finditer(text):
        if _adds_up(match[0]):
            yield Suspect(match.start(), "the number of a payment card")
    for match in _MEDICAL_RECORD.finditer(text):
        yield Suspect(match.start(), "the number of a medical record")


def _adds_up(number: str) -> bool:
    """Whether the last digit of a card's number checks the others."""
    digits = [int(digit) for digit in number if digit.isdigit()]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return 13 <= len(digits) <= 19 and total % 10 == 0
