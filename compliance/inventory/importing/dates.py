"""Days as a mapping declares that they are written; no order of day and month is ever guessed."""

from __future__ import annotations

import datetime
import re
from functools import cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "mon": r"(?P<name>[a-z]{3,9})\.?",
    "mm": r"(?P<month>[0-9]{2})",
    "dd": r"(?P<day>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "d": r"(?P<day>[0-9]{1,2})",
}
_TOKEN = re.compile("|".join(_PARTS))
_TIME = r"(?:[T ,]+(?:at )?[0-9]{1,2}:[0-9]{2}.*)?"


def read_date(text: str, forms: tuple[str, ...]) -> str | None:
    """A day as ``2026-11-23``; None where the text is none in any of the declared forms.

    Args:
        text: the text; a time behind the day is passed over.
        forms: such as ``yyyy-mm-dd`` or ``m/d/yyyy``.
    """
    for form in forms:
        match = _compiled(form).fullmatch(text.strip().casefold())
        if match is not None:
            return _day(match)
    return None


def complete(form: str) -> bool:
    """Whether a form names year, month and day, each once."""
    found = sorted(part[0] for part in _TOKEN.findall(form))
    return found == ["d", "m", "y"]


@cache
def _compiled(form: str) -> re.Pattern[str]:
    text, end = "", 0
    for token in _TOKEN.finditer(form):
        text += re.escape(form[end : token.start()]) + _PARTS[token[0]]
        end = token.end()
    return re.compile(text + re.escape(form[end:]) + _TIME.casefold(), re.DOTALL)


def _day(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    name = found.get("name")
    if name is not None and name[:3] not in _MONTHS:
        return None
    month = int(found["month"]) if name is None else _MONTHS.index(name[:3]) + 1
    try:
        return datetime.date(int(found["year"]), month, int(found["day"])).isoformat()
    except ValueError:
        return None
