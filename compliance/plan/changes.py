"""What changes in a plan, before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.assessment.planned import PlanEvent, PlanMilestone
from compliance.plan.model import PlanItem


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in one item that a file holds."""

    item: PlanItem
    """As it was."""
    sets: Mapping[str, Any] = field(default_factory=dict)
    """New values of keys the program keeps."""
    events: tuple[PlanEvent, ...] = ()
    """New events, in the order they happened."""
    subjects: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Ids to add, by the number of the item's cover."""
    milestones: tuple[PlanMilestone, ...] = ()
    """Milestones to add."""

    @property
    def nothing(self) -> bool:
        """Whether nothing changes."""
        return not (self.sets or self.events or self.subjects or self.milestones)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Records of an item of which the assessment cannot tell."""

    item: str
    words: str
    """Why."""
    records: tuple[str, ...]
    """As ``kind/id``."""


@dataclass(frozen=True, slots=True)
class Update:
    """All that an assessment changes in a plan."""

    changes: tuple[Change, ...]
    """Items that change, in the order of the file."""
    new: tuple[PlanItem, ...]
    """Proposed items, in the order of their ids."""
    unclear: tuple[Unclear, ...]

    @property
    def nothing(self) -> bool:
        """Whether the plan stays as it is."""
        return not self.changes and not self.new

    def happened(self, event: str) -> tuple[str, ...]:
        """Ids of the items to which something happened."""
        return tuple(
            change.item.id
            for change in self.changes
            if any(one.event == event for one in change.events)
        )


class Draft:
    """Changes of one item while they are worked out."""

    def __init__(self, item: PlanItem, as_of: str) -> None:
        self.item = item
        self.subjects: dict[int, list[str]] = {}
        self._as_of = as_of
        self._sets: dict[str, Any] = {}
        self._events: list[PlanEvent] = []

    def set(self, key: str, value: Any) -> None:
        """Give a key a value, unless it has it."""
        if getattr(self.item, key) != value:
            self._sets[key] = value

    def event(
        self,
        name: str,
        *,
        date: str | None = None,
        by: str | None = None,
        because: str | None = None,
        subjects: Iterable[str] = (),
    ) -> None:
        """Add an event of today, or of another date."""
        self._events.append(PlanEvent(date or self._as_of, name, by, because, tuple(subjects)))

    def done(self) -> Change:
        """The changes."""
        subjects = {number: tuple(ids) for number, ids in self.subjects.items()}
        return Change(self.item, self._sets, tuple(self._events), subjects)
