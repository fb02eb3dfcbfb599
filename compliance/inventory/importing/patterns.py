"""Texts with ``*`` for anything, as mappings and ``--where`` write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text in which ``*`` stands for anything; case and blanks at the ends do not count.

    ``*`` alone is any text but an empty one, and an empty pattern is an empty cell.
    """

    text: str
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile once what is asked of every row."""
        # Several stars in a row mean no more than one, and would make matching slow.
        text = re.sub(r"\*+", "*", self.text.strip()).casefold()
        any_of_it = ".+" if text == "*" else ".*"
        compiled = re.compile(any_of_it.join(map(re.escape, text.split("*"))), re.DOTALL)
        object.__setattr__(self, "_compiled", compiled)

    def fits(self, text: str) -> bool:
        """Whether a whole text is such a one."""
        return self._compiled.fullmatch(text.strip().casefold()) is not None


def patterns(said: str | Iterable[str]) -> tuple[Pattern, ...]:
    """One pattern or several."""
    return tuple(map(Pattern, [said] if isinstance(said, str) else said))


def fits_any(some: Iterable[Pattern], text: str) -> bool:
    """Whether a text fits one of the patterns."""
    return any(pattern.fits(text) for pattern in some)
