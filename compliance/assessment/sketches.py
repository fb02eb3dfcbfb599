"""Gaps and unknowns before their leaves are worked out.

An agency has many and a report for people shows few, so the facts behind each are looked up when
somebody asks for the whole finding.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from compliance.assessment.model import UPCOMING, Finding, Inherited, Mark
from compliance.assessment.subject import Draft
from compliance.engine.interface import Why
from compliance.inventory.store import Record


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine said of one subject under one policy."""

    record: Record
    application: str | None
    """As in :class:`compliance.assessment.subject.Judged`."""
    why: Why
    bases: Mapping[str, str] = field(default_factory=dict)
    """See :data:`compliance.assessment.own_values.Bases`."""


@dataclass(slots=True)
class Sketch:
    """A finding that lists and counts may use; see :class:`compliance.assessment.model.Outline`."""

    policy: str
    rule: str
    draft: Draft
    basis: str
    told: Told
    make: Callable[[Sketch], Finding]
    """Works the rest out."""
    like: Callable[[Sketch], Hashable]
    """Says what it has in common with others."""

    @property
    def kind(self) -> str:
        """Kind of the subject."""
        return self.told.record.kind

    @property
    def record(self) -> str:
        """The subject as ``kind/id``."""
        return self.told.record.subject

    @property
    def status(self) -> str:
        """Gap or unknown."""
        return self.draft.status

    @property
    def severity(self) -> str:
        """Severity of the rule."""
        return self.draft.severity

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks."""
        return self.draft.marks

    @property
    def inheritance(self) -> tuple[Inherited, ...]:
        """Providers' statements that cover the finding."""
        return self.draft.inheritance

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that wait for the finding: none wait for that of a rule."""
        return self.draft.rules

    @property
    def upcoming(self) -> bool:
        """Whether what failed is not yet in force."""
        return bool(self.draft.marks) and self.mark(UPCOMING) is not None

    def mark(self, name: str) -> Mark | None:
        """The mark of that name, or None."""
        marks = self.draft.marks
        return next((mark for mark in marks if mark.name == name), None) if marks else None

    @property
    def alike(self) -> Hashable:
        """See :class:`compliance.assessment.model.Outline`."""
        return self.like(self)

    def whole(self) -> Finding:
        """The finding with its leaves."""
        return self.make(self)
