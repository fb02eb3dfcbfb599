"""What was taken from a source, and all that was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.problems import NOTE, WRONG_VALUE, Position, Problem
from compliance.inventory.wording import Wording


@dataclass(frozen=True, slots=True)
class TakenFact:
    """A fact as the importer's file will hold it."""

    value: Any
    provenance: Mapping[str, str]
    """source, evidence, assurance, and reported_on where the source says it."""
    position: Position
    """Where the source says it."""

    def written(self) -> dict[str, Any]:
        """The form in which inventory files hold it."""
        return {VALUE: self.value, **self.provenance}


@dataclass(slots=True)
class TakenRecord:
    """A record as the source has it."""

    kind: str
    id: str
    position: Position
    facts: dict[str, TakenFact] = field(default_factory=dict)
    """By path below the kind."""
    reported_on: str = ""
    clashed: set[str] = field(default_factory=set)
    """Paths that rows with the same id say differently; left unknown."""

    @property
    def subject(self) -> str:
        """``device/sn-1``."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column nothing was made of."""

    heading: str
    table: str
    filled: int
    """Rows with a value."""
    why: str
    """The mapping's reason; empty where the mapping does not know the column."""
    personal: bool = False


@dataclass(slots=True)
class Harvest:
    """All that came of reading a source."""

    records: dict[tuple[str, str], TakenRecord] = field(default_factory=dict)
    """By kind and id."""
    problems: list[Problem] = field(default_factory=list)
    """Cells that could not be used, each left unknown."""
    notes: list[Problem] = field(default_factory=list)
    left_open: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Facts that the source leaves open, by fact (with its kind) and reason, with how often."""
    columns: list[Column] = field(default_factory=list)
    columns_used: int = 0
    """Columns that something was made of."""
    rows: int = 0
    """Rows that became records."""
    filtered: int = 0
    """Rows that the user's filter left out."""
    skipped: int = 0
    """Rows that are no records, such as guidance."""
    without_id: list[Position] = field(default_factory=list)
    same: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By kind: facts that identify a record in other files."""
    undated: int = 0
    """Facts without a day."""

    def wrong(self, position: Position, path: str, wording: Wording) -> None:
        """Takes down a cell that cannot be used."""
        expected, suggestion = wording.expected, wording.suggestion
        self.problems.append(
            Problem(position, path, wording.message, expected, suggestion, WRONG_VALUE)
        )

    def note(self, position: Position, path: str, text: str) -> None:
        """Takes down what must not go unsaid."""
        self.notes.append(Problem(position, path, text, kind=NOTE))


def join(known: TakenRecord, made: TakenRecord, result: Harvest) -> None:
    """Adds to a record what another row with the same id says.

    Where both say something else, the row of the later day counts; of rows of the same day, or of
    none, neither does.

    Args:
        known: the record; changed.
        made: what the other row says.
        result: takes down what was not taken.
    """
    newer = bool(made.reported_on and known.reported_on < made.reported_on)
    older = bool(known.reported_on and made.reported_on < known.reported_on)
    unlike = [path for path, fact in made.facts.items() if _unlike(known, path, fact)]
    if unlike and (newer or older):
        result.note(
            made.position,
            known.subject,
            f"another row has the same id ({known.position}); of what they say differently that "
            f"of {max(known.reported_on, made.reported_on)} counts",
        )
    for path, fact in made.facts.items():
        if path in known.clashed:
            continue
        if path not in known.facts or newer:
            known.facts[path] = fact
        elif path in unlike and not older:
            known.clashed.add(path)
            wording = Wording(
                "another row with the same id says something else "
                f"({known.facts.pop(path).position})",
                "an id for each record, made of a column that tells them apart",
            )
            result.wrong(fact.position, f"{known.subject} {path}", wording)
    known.reported_on = max(known.reported_on, made.reported_on)


def _unlike(known: TakenRecord, path: str, fact: TakenFact) -> bool:
    there = known.facts.get(path)
    return there is not None and there.value != fact.value
