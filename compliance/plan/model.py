"""What ``poam.yaml`` and ``findings/*.yaml`` say, as plain frozen data.

What follows from it on a date (who has accepted what, when it is due, what is overdue) is worked
out in :mod:`compliance.plan.standing`. All dates are ISO strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compliance.assessment.planned import (
    CLOSED,
    OutsideFinding,
    PlanCost,
    PlanEvent,
    PlanMilestone,
)
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.source import SourceFile

FILE_NAME = "poam.yaml"
"""Name of the plan beside an inventory."""
FOLDER = "findings"
"""Name of the folder of findings from outside beside an inventory."""
_ID = re.compile(r"(?:POAM-?)?([0-9]{1,6})", re.ASCII | re.IGNORECASE)
FIRST_DATE = "0000-00-00"
"""Before every date."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The findings of one rule that an item is about."""

    policy: str
    rule: str
    kind: str
    subjects: tuple[str, ...]
    """Ids of the records, within the kind."""
    requirements: tuple[str, ...] = ()
    number: int | None = field(default=None, compare=False)
    """Its number in its item's file, from 0, where rules were followed to later ids."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One item as its file has it."""

    id: str
    title: str
    state: str
    """What the file says: ``proposed``, ``accepted`` or ``closed``."""
    severity: str
    found_on: str
    basis: str | None = None
    latest_on: str | None = None
    latest_basis: str | None = None
    upcoming: bool = False
    in_force_from: str | None = None
    covers: tuple[Cover, ...] = ()
    outside: tuple[str, ...] = ()
    """Findings from outside: source and number."""
    remediation: str | None = None
    owner: str | None = None
    due_on: str | None = None
    milestones: tuple[PlanMilestone, ...] = ()
    accepted_by: str | None = None
    accepted_on: str | None = None
    closed_on: str | None = None
    cost: PlanCost | None = None
    shared_service: str | None = None
    comment: str | None = None
    history: tuple[PlanEvent, ...] = ()
    """Newest first."""
    index: int = -1
    """Number of the item in its file, from 0; -1 for one that no file holds."""
    position: Position | None = None

    @property
    def closed(self) -> bool:
        """Whether the file says that it is closed."""
        return self.state == CLOSED

    @property
    def reopened_on(self) -> str | None:
        """When it was last reopened."""
        dates = [event.date for event in self.history if event.event == "reopened"]
        return max(dates, default=None)

    @property
    def records(self) -> tuple[str, ...]:
        """Every record it is about, as ``kind/id``."""
        return tuple(
            f"{cover.kind}/{subject}" for cover in self.covers for subject in cover.subjects
        )

    def resolved(self) -> frozenset[str]:
        """Records, as ``kind/id``, that were satisfied or not applicable when last told of."""
        found: set[str] = set()
        oldest_first = list(self.history[::-1])
        for event in sorted(oldest_first, key=lambda event: event.date):
            if event.event == "resolved":
                found.update(event.subjects)
            elif event.event == CLOSED:
                found.update(self.records)
            elif event.event in ("regressed", "reopened"):
                found.difference_update(event.subjects)
        return frozenset(found)


@dataclass(frozen=True)
class Plan:
    """The plan of one agency with the findings from outside."""

    folder: Path
    """Where ``poam.yaml`` and ``findings/`` lie, or would lie."""
    items: tuple[PlanItem, ...] = ()
    """In the order of the file."""
    outside: tuple[OutsideFinding, ...] = ()
    """In the order of the files."""
    problems: tuple[Problem, ...] = ()
    """All that is wrong, and notes, in the order of the files."""
    source: SourceFile | None = None
    """``poam.yaml``; None where there is none, or it could not be read."""
    last_id: str | None = None
    """The last id that was given, as the file says."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file that was read, by its path."""

    @property
    def path(self) -> Path:
        """The plan's file, there or not."""
        return self.folder / FILE_NAME

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a run."""
        return tuple(problem for problem in self.problems if problem.kind == ERROR)

    @property
    def empty(self) -> bool:
        """Whether there is neither an item nor a finding."""
        return not self.items and not self.outside

    def item(self, item_id: str) -> PlanItem | None:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def finding(self, finding_id: str) -> OutsideFinding | None:
        """The finding from outside of that id, or None."""
        return next((found for found in self.outside if found.id == finding_id), None)

    def next_id(self) -> str:
        """An id that was never given."""
        return next_id([*(item.id for item in self.items), *filter(None, [self.last_id])])


def item_id(text: str) -> str:
    """The id a person means: ``POAM-0003`` for ``poam-3`` and ``3``; else the text itself."""
    found = _ID.fullmatch(text.strip())
    return f"POAM-{int(found[1]):04}" if found else text


def next_id(given: Iterable[str]) -> str:
    """The id after all that were given: ``POAM-0002``."""
    last = max((int(one.partition("-")[2]) for one in given), default=0)
    return f"POAM-{last + 1:04}"
