"""What reports ask of a store of findings; how it keeps them is not their concern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from compliance.assessment.model import Finding, Inherited, Mark


class Outline(Protocol):
    """As much of a finding as lists and counts need; each part as in :class:`Finding`."""

    @property
    def policy(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def record(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def marks(self) -> tuple[Mark, ...]: ...
    @property
    def inheritance(self) -> tuple[Inherited, ...]: ...
    @property
    def rules(self) -> tuple[str, ...]: ...
    @property
    def upcoming(self) -> bool: ...
    def mark(self, name: str) -> Mark | None: ...
    def whole(self) -> Finding:
        """The finding with its leaves, worked out now."""


class Findings(Protocol):
    """A store of findings: walked in the order (kind, id, policy, rule), looked up by id."""

    def __iter__(self) -> Iterator[Finding]:
        """Every finding, in order."""

    def __len__(self) -> int:
        """How many there are."""

    def get(self, finding_id: str) -> Finding | None:
        """The finding of that id, or None."""

    def open(self) -> Iterator[Finding]:
        """Errors, gaps and unknowns alone, in order; cheaper than walking all."""

    def notable(self) -> Iterator[Outline]:
        """All but the satisfied and not applicable ones that have no mark and nothing to tell.

        In order; what is left out is told by the summary's counts. Outlines are cheap to walk.
        """
