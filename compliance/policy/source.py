"""Where a part of a policy's text stands, so that every problem names file, line and column."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.inventory.problems import Problem
from compliance.inventory.source import SourceFile, dotted

NO_FILE = SourceFile("<text>", None)
"""Stands in for the file of a condition that does not come from one."""


@dataclass(frozen=True, slots=True)
class Place:
    """One key or value of a file."""

    source: SourceFile = NO_FILE
    path: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> Place:
        """The place of a value below this one."""
        return Place(self.source, (*self.path, *keys))

    def problem(
        self, message: str, expected: str = "", suggestion: str = "", *, key: bool = False
    ) -> Problem:
        """A problem at this value.

        Args:
            message: what is wrong, as a sentence without its full stop.
            expected: what should stand there.
            suggestion: what was probably meant.
            key: whether the key is at fault and not its value.
        """
        position = self.source.position(self.path, key=key)
        return Problem(position, dotted(self.path), message, expected, suggestion)
