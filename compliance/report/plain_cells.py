"""Text that is safe in a cell: no formula, no character that misleads, no more than it holds.

One place for every table that spreadsheet programs open.
"""

from __future__ import annotations

from functools import lru_cache

from compliance.inventory.tables.cells import neutralised
from compliance.report.plain import neutral

LONGEST = 32_000
"""Characters of a cell, counted as workbooks count them (which hold 32,767) and with room to say
that there are more."""


@lru_cache(maxsize=4096)
def safe(text: str) -> str:
    """A text as a cell shows it: on one line, harmless, cut where it is too long."""
    return cut(neutralised(neutral(" ".join(text.split()))))


def safe_lines(texts: tuple[str, ...]) -> str:
    """Several texts as the lines of one cell."""
    return cut("\n".join(safe(text) for text in texts))


def cut(text: str) -> str:
    """A text that a cell of a workbook can hold, with a word where it was longer."""
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    shown = text.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", "ignore")
    return f"{shown}... ({len(text):,} characters)"
