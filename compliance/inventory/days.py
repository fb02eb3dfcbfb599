"""Days as people write them, where only one day can be meant."""

from __future__ import annotations

import datetime
import re
from typing import Any

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ].*)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[- .]([a-z]{3,9})\.?[- ,]+([0-9]{4})")
_FIRST_SERIAL = datetime.date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Numbers that stand for days in workbooks: from 1954 to 2119."""
_MOST_MONTHS = 12


def meant_day(value: Any) -> str:
    """The day a value means, as ``2026-03-02``; empty where it means none, or one of two.

    Args:
        value: a text such as ``March 2, 2026`` or ``25.3.2026``, or the number by which workbooks
            keep a day.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value in _SERIALS:
        return (_FIRST_SERIAL + datetime.timedelta(days=value)).isoformat()
    parts = _parts(" ".join(value.lower().split())) if isinstance(value, str) else None
    if parts is None:
        return ""
    try:
        return datetime.date(*parts).isoformat()
    except ValueError:
        return ""


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day; None where there is doubt about them."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
        return year, month, day
    if match := _YEAR_LAST.fullmatch(text):
        one, other, year = map(int, match.groups())
        if one != other and max(one, other) <= _MOST_MONTHS:
            return None  # 3/2/2026 is in March or in February.
        return (year, other, one) if one > _MOST_MONTHS else (year, one, other)
    if match := _MONTH_FIRST.fullmatch(text):
        name, day, year = match[1], int(match[2]), int(match[3])
    elif match := _DAY_FIRST.fullmatch(text):
        day, name, year = int(match[1]), match[2], int(match[3])
    else:
        return None
    month = next((number for number, one in enumerate(_MONTHS, 1) if one.startswith(name)), 0)
    return year, month, day
