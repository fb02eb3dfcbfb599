"""What reports ask of a store of findings; how it keeps them is not their concern."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from compliance.assessment.model import Finding, Inherited, Mark


class Outline(Protocol):
    """As much of a finding as lists and counts need; each part as in :class:`Finding`."""

    @property
    def policy(self) -> str:
        """Id of the policy."""

    @property
    def rule(self) -> str:
        """Id of the rule."""

    @property
    def kind(self) -> str:
        """Kind of the subject."""

    @property
    def record(self) -> str:
        """The subject as ``kind/id``."""

    @property
    def status(self) -> str:
        """One of ``STATUSES``."""

    @property
    def severity(self) -> str:
        """One of ``SEVERITIES``."""

    @property
    def basis(self) -> str:
        """Weakest basis of what decided it."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What qualifies the status."""

    @property
    def inheritance(self) -> tuple[Inherited, ...]:
        """Providers' statements that cover it."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that wait for it."""

    @property
    def upcoming(self) -> bool:
        """Whether what failed is not yet in force."""

    def mark(self, name: str) -> Mark | None:
        """The mark of that name, or None."""

    @property
    def alike(self) -> Hashable:
        """The same for findings of a policy that the same tests of the same facts decided alike.

        They differ in the record alone; None where only the whole finding tells.
        """

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
