"""What the rest of the program asks of an inventory; how it is kept is not its concern."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.kinds import Kinds
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Position, Problem
from compliance.inventory.source import lookup

NO_PROVENANCE: Mapping[str, Any] = MappingProxyType({"assurance": "asserted"})
"""Provenance of a plain value."""
_NOTHING_WRONG: frozenset[str] = frozenset()


class Record:
    """One subject: its plain facts, and where each of them stands.

    Args:
        kind: name of its kind.
        id: its id, unique within the kind.
        facts: plain values by name, groups nested. Read-only. Values that failed their schema are
            None, and so are dates of past events that lie after the assessment.
        place: where it stands, with what was found there.
    """

    __slots__ = ("_provenance", "_source", "_steps", "_wrong", "facts", "id", "kind")

    def __init__(self, kind: str, id: str, facts: Mapping[str, Any], place: RecordPlace) -> None:
        self.kind = kind
        self.id = id
        self.facts = facts
        self._source = place.source
        self._steps = place.steps
        self._provenance = place.provenance or None
        self._wrong = frozenset(place.wrong) if place.wrong else _NOTHING_WRONG

    @property
    def subject(self) -> str:
        """Kind and id: ``system/payroll``."""
        return f"{self.kind}/{self.id}"

    def get(self, path: str) -> Any:
        """The plain value at a path such as ``logging.enabled``; None where it is not known."""
        if "." in path:
            return lookup(self.facts, path)
        return self.facts.get(path)

    def position(self, path: str = "", *, key: bool = False) -> Position | None:
        """Where a value stands, or the record itself; None for a value that is not written.

        Args:
            path: a fact's path; members by number, such as ``software.0.eol_on``.
            key: the place of the fact's key instead of its value.
        """
        steps = list(self._steps)
        value = self._source.at(steps)
        for step in path.split(".") if path else ():
            if isinstance(value, dict) and VALUE in value:
                steps.append(VALUE)
                value = value[VALUE]
            if isinstance(value, dict) and step in value:
                steps.append(step)
                value = value[step]
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                steps.append(int(step))
                value = value[int(step)]
            else:
                return None
        if isinstance(value, dict) and VALUE in value and not key:
            steps.append(VALUE)
        return self._source.position(steps, key=key)

    def provenance(self, path: str) -> Mapping[str, Any]:
        """Where the value at a path comes from.

        Returns:
            ``assurance`` always, and ``source``, ``reported_on``, ``by`` and ``evidence`` as far
            as they are said.
        """
        said = self._provenance.get(path) if self._provenance else None
        if said is None:
            return NO_PROVENANCE
        assumed = "referenced" if "evidence" in said else "asserted"
        return {"assurance": assumed, **said}

    def is_wrong(self, path: str) -> bool:
        """Whether a value was written at a path, or around it, that could not be used."""
        return path in self._wrong or any(
            path.startswith((f"{wrong}.", f"{wrong}[")) for wrong in self._wrong
        )

    def __repr__(self) -> str:
        return f"<{self.subject}>"


@dataclass(frozen=True, slots=True)
class Linked:
    """The records a link or a reverse list leads to."""

    records: tuple[Record, ...]
    """In the order of kind and id, each once."""
    complete: bool
    """Whether there are certainly no others."""
    stated: bool = True
    """False for a link whose fact is absent, null or wrong."""
    none: bool = False
    """True for a link whose fact is the word ``none``: known to lead nowhere."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A list the program works out."""

    members: tuple[Any, ...]
    """Known members, sorted, each once."""
    complete: bool
    """Whether there are certainly no others."""


class Inventory(ABC):
    """All that is known about one agency. Read-only."""

    kinds: Kinds
    as_of: datetime.date
    """Date of the assessment: what lies later has not happened."""
    agency: Record
    inheritance: tuple[InheritanceStatement, ...]
    """Statements of providers, in the order of the files."""
    digests: Mapping[str, str]
    """SHA-256 of each file, in hexadecimal, by its path."""
    wrong_values: tuple[Problem, ...]
    """Values that could not be used and count as unknown."""

    @abstractmethod
    def iterate(self, kind: str | None = None) -> Iterator[Record]:
        """Records in the order of kind and id: of one kind, or all, the agency's included."""

    @abstractmethod
    def get(self, kind: str, id: str) -> Record | None:
        """One record."""

    @abstractmethod
    def count(self, kind: str) -> int:
        """Number of records of a kind."""

    @abstractmethod
    def linked(self, record: Record, name: str) -> Linked:
        """The records that a link or a reverse list of a record leads to.

        Args:
            record: the record it starts from.
            name: path of the fact below the record's kind, such as ``vendors``.
        """

    @abstractmethod
    def derived(self, record: Record, name: str) -> Derived:
        """A derived fact of a record.

        Args:
            record: the record.
            name: path of the fact below its kind, such as ``data_types_reached``.
        """

    @abstractmethod
    def unstated(self, kind: str, link: str) -> tuple[Record, ...]:
        """Records of a kind that leave a link open, so that reverse lists over it are incomplete.

        Args:
            kind: the kind that holds the link.
            link: path of the link fact.
        """

    def complete_on(self, kind: str) -> bool:
        """Whether the agency says that the inventory holds every record of a kind."""
        if kind == self.agency.kind:
            return True
        date = self.agency.get(f"complete.{kind}")
        return isinstance(date, str) and date <= self.as_of.isoformat()
