"""What every report format offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from compliance.assessment.model import Assessment


class Report(Protocol):
    """One format of a report."""

    @property
    def name(self) -> str:
        """The word for ``--format``."""

    def render(self, assessment: Assessment) -> Iterator[str] | Iterator[bytes]:
        """Yields the report piece by piece; the pieces joined are the whole file.

        A format of text yields texts, to be written as UTF-8; one that is no text yields bytes.
        The same assessment gives the same pieces, whatever the terminal, the locale or the time.
        """
