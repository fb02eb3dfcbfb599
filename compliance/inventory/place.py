"""The place of one record in its file, and what is found there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.problems import ERROR, WRONG_VALUE, Position, Problem
from compliance.inventory.source import SourceFile, dotted
from compliance.inventory.wording import Wording, as_typed

Steps = tuple[str | int, ...]


@dataclass
class RecordPlace:
    """Where a record stands; collects what reading it brings to light.

    Paths are steps from the record downwards, ``value`` keys included.
    """

    source: SourceFile
    steps: Steps
    """From the root of the file to the record."""
    subject: str
    """The record in messages: ``system/payroll``, or ``systems[3]`` while its id is not known."""
    problems: list[Problem] = field(default_factory=list)
    """Takes what is wrong; shared by all records."""
    wrong: set[str] = field(default_factory=set)
    """Facts, groups and members whose values could not be used: ``tls_versions[1]``."""
    provenance: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is said about where a fact's value comes from, by the fact's path."""

    def position(self, path: Steps, *, key: bool = False) -> Position:
        """Where the value at a path stands, or its key."""
        return self.source.position((*self.steps, *path), key=key)

    def error(self, path: Steps, wording: Wording, *, key: bool = False) -> None:
        """Take down a problem that stops the run, at the value or at its key."""
        self._add(path, wording, ERROR, key=key)

    def wrong_value(self, path: Steps, wording: Wording) -> None:
        """Take down a value that cannot be used and counts as unknown."""
        self.wrong.add(fact_path(path))
        self._add(path, wording, WRONG_VALUE, key=False)

    def whole_list(self, path: Steps, members: list[Any], found: list[Any]) -> list[Any] | None:
        """A list with null for each member that cannot be used; null where that is all of them.

        Slips alone do not say that there is anything.

        Args:
            path: where the list stands.
            members: the list as written.
            found: its members as they can be used.
        """
        if not members or None in members or any(member is not None for member in found):
            return found
        self.wrong.add(fact_path(path))
        return None

    def _add(self, path: Steps, wording: Wording, kind: str, *, key: bool) -> None:
        # A key at fault is named in full; beside a value it is the fact that people look for.
        fact = dotted(path) if key else fact_path(path)
        position = self.position(path, key=key)
        in_cell = position.sheet is not None or position.file.lower().endswith(".csv")
        self.problems.append(
            Problem(
                position=position,
                path=f"{self.subject} {fact}" if fact else self.subject,
                message=wording.message,
                expected=as_typed(wording.expected) if in_cell else wording.expected,
                suggestion=wording.suggestion,
                kind=kind,
            )
        )


def fact_path(path: Steps) -> str:
    """The path of a fact, without the keys ``value`` on the way to it."""
    return dotted([step for step in path if step != VALUE])
