"""What the rest of the program asks of an inventory; how it is kept is not its concern."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.kinds import Kinds
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import Position, Problem
from compliance.inventory.source import SourceFile, lookup

if TYPE_CHECKING:
    from compliance.inventory.answers import Answer

NO_PROVENANCE: Mapping[str, Any] = MappingProxyType({"assurance": "asserted"})
"""Provenance of a plain value."""
_NOTHING_WRONG: frozenset[str] = frozenset()
_NO_ANSWERS: Mapping[Steps, tuple[SourceFile, Steps]] = MappingProxyType({})


class Record:
    """One subject: its plain facts, and where each of them stands.

    Args:
        kind: name of its kind.
        id: its id, unique within the kind.
        facts: plain values by name, groups nested. Read-only. Values that failed their schema are
            None, and so are dates of past events that lie after the assessment.
        place: where it stands, with what was found there.
    """

    __slots__ = (
        "_answered", "_provenance", "_source", "_steps", "_wrong", "facts", "id", "kind", "stated",
    )  # fmt: skip

    def __init__(self, kind: str, id: str, facts: Mapping[str, Any], place: RecordPlace) -> None:
        self.kind = kind
        self.id = id
        self.facts = facts
        self._source = place.source
        self._steps = place.steps
        self._provenance = place.provenance or None
        self._wrong = frozenset(place.wrong) if place.wrong else _NOTHING_WRONG
        self.stated = facts
        """What the record itself says: its facts without those that answers fill in."""
        self._answered: Mapping[Steps, tuple[SourceFile, Steps]] = _NO_ANSWERS

    def answered(
        self, path: Steps, value: Any, place: RecordPlace, stands: tuple[SourceFile, Steps]
    ) -> Record:
        """The same record with one more fact, which stands elsewhere.

        Args:
            path: keys and numbers down to the fact.
            value: its plain value; None where what is written there cannot be used.
            place: what was found with the value.
            stands: the file that holds the value, and the steps to it.
        """
        found = copy(self)
        found.facts = _with(self.facts, path, value)
        found._provenance = {**(self._provenance or {}), **place.provenance}
        found._wrong = self._wrong | place.wrong
        found._answered = {**self._answered, path: stands}
        return found

    def supposed(self, path: Steps, value: Any, stands: tuple[SourceFile, Steps]) -> Record:
        """The same record with one fact as it might be, whatever it says now.

        Args:
            path: names down to the fact.
            value: its plain value; None for not known.
            stands: what is told as the place of the value.
        """
        name = ".".join(map(str, path))
        below = (f"{name}.", f"{name}[")
        found = copy(self)
        found.facts = _with(self.facts, path, value)
        found.stated = _with(self.stated, path, value)
        said = (self._provenance or {}).items()
        kept = {key: one for key, one in said if key != name and not key.startswith(below)}
        found._provenance = kept or None
        found._wrong = frozenset(
            one for one in self._wrong if one != name and not one.startswith(below)
        )
        found._answered = {**self._answered, path: stands}
        return found

    @property
    def subject(self) -> str:
        """Kind and id: ``system/payroll``."""
        return f"{self.kind}/{self.id}"

    def get(self, path: str) -> Any:
        """The plain value at a path such as ``logging.enabled``; None where it is not known."""
        if "." in path:
            return lookup(self.facts, path)
        return self.facts.get(path)

    def get_at(self, path: Steps) -> Any:
        """The plain value below keys and numbers of members; None where it is not known."""
        found: Any = self.facts
        for step in path:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list) and step < len(found) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    def position(self, path: str = "", *, key: bool = False) -> Position | None:
        """Where a value stands, or the record itself; None for a value that is not written.

        Args:
            path: a fact's path; members by number, such as ``software.0.eol_on``.
            key: the place of the fact's key instead of its value.
        """
        names = path.split(".") if path else []
        if self._answered:
            own = tuple(int(name) if name.isdigit() else name for name in names)
            for answered, (source, steps) in self._answered.items():
                if own[: len(answered)] == answered:
                    return _position(source, steps, names[len(answered) :], key=key)
        return _position(self._source, self._steps, names, key=key)

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


def _position(
    source: SourceFile, start: Steps, names: Iterable[str], *, key: bool
) -> Position | None:
    """Where the value below a place of a file stands; None where there is none."""
    steps = list(start)
    value = source.at(steps)
    for name in names:
        # Records and groups have no value: there it is a key too many, beside the one looked for.
        if isinstance(value, dict) and VALUE in value and name not in value:
            steps.append(VALUE)
            value = value[VALUE]
        if isinstance(value, dict) and name in value:
            steps.append(name)
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            steps.append(int(name))
            value = value[int(name)]
        else:
            return None
    if len(steps) > len(start) and isinstance(value, dict) and VALUE in value and not key:
        steps.append(VALUE)
    return source.position(steps, key=key)


def _with(facts: Any, path: Steps, value: Any) -> Any:
    """A copy of facts, as deep as need be, with a value at a path."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return [_with(one, rest, value) if at == first else one for at, one in enumerate(facts)]
    below = facts or {}
    return {**below, first: _with(below.get(first), rest, value)}


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
    answers: tuple[Answer, ...]
    """The answer that counts for each fact that somebody answered, by subject and fact; not all
    of them hold a value, and where the record states the fact itself none is used."""

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
