"""Gathers the records of all files, each under its kind and id."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory import answers, inheritance
from compliance.inventory.answers import Answer
from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.kinds import AGENCY, Kind, Kinds
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import Position, Problem, closest
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Record
from compliance.inventory.validation import RecordValidator
from compliance.inventory.wording import Wording, shown


@dataclass
class Collected:
    """All records that have an id of their own, the statements of providers, and answers."""

    by_kind: dict[str, dict[str, Record]] = field(default_factory=dict)
    statements: list[tuple[InheritanceStatement, RecordPlace]] = field(default_factory=list)
    answers: list[tuple[Answer, RecordPlace]] = field(default_factory=list)
    has_agency: bool = False
    """Whether any file has the key ``agency``, be its value right or wrong."""

    def records(self) -> Iterator[Record]:
        """Every record."""
        for records in self.by_kind.values():
            yield from records.values()


class Collector:
    """Takes in one file after the other.

    Args:
        kinds: all kinds.
        as_of: date of the assessment.
        problems: takes what is wrong.
    """

    def __init__(self, kinds: Kinds, as_of: datetime.date, problems: list[Problem]) -> None:
        self.collected = Collected()
        self._kinds = kinds
        self._problems = problems
        self.validator = RecordValidator(kinds, as_of.isoformat())

    def file(self, source: SourceFile) -> None:
        """Take in all that a file lists."""
        if not isinstance(source.value, Mapping):
            self._problem(
                source.position(), "", f"{shown(source.value)} makes up the whole file",
                "a mapping with keys such as agency: and systems:",
            )  # fmt: skip
            return
        for key, value in source.value.items():
            kind = self._kinds.by_collection.get(key)
            if key == inheritance.KEY:
                self._statements(source, value)
            elif key == answers.KEY:
                self._answers(source, value)
            elif kind is None or kind.read_only:
                self._unknown(source, key, kind)
            elif kind.name == AGENCY:
                self._agency(source, value, kind)
            else:
                for steps, raw in self._members(source, key, value):
                    self._record(source, steps, raw, kind)

    def _unknown(self, source: SourceFile, key: str, kind: Kind | None) -> None:
        position = source.position((key,), key=True)
        if kind is not None:
            message = f"records of the kind {kind.name} are not written in inventory files"
            self._problem(position, key, message, "the key left out")
            return
        known = [
            each.collection for each in self._kinds.by_collection.values() if not each.read_only
        ]
        known = sorted([*known, inheritance.KEY, answers.KEY])
        expected = f"one of {', '.join(known)}; a file that is no part of the inventory elsewhere"
        singular = self._kinds.by_name.get(key)
        meant = singular.collection if singular else closest(key, known)
        self._problem(position, key, f"the key {key} names no kind of record", expected, meant)

    def _agency(self, source: SourceFile, value: Any, kind: Kind) -> None:
        first = next(iter(self.collected.by_kind.get(AGENCY, {}).values()), None)
        if first is not None:
            self._problem(
                source.position((AGENCY,), key=True), AGENCY,
                f"the inventory has an agency already, {first.id} ({first.position('id')})",
                "one agency an inventory: check each agency's files by themselves",
            )  # fmt: skip
            return
        self.collected.has_agency = True
        self._record(source, (AGENCY,), value, kind)

    def _statements(self, source: SourceFile, value: Any) -> None:
        for steps, raw in self._members(source, inheritance.KEY, value):
            place = RecordPlace(source, steps, f"{steps[0]}[{steps[1]}]", self._problems)
            statement = inheritance.read_statement(raw, place)
            if not _has_refused(place) and statement is not None:
                self.collected.statements.append((statement, place))

    def _answers(self, source: SourceFile, value: Any) -> None:
        for steps, raw in self._members(source, answers.KEY, value):
            place = RecordPlace(source, steps, f"{steps[0]}[{steps[1]}]", self._problems)
            answer = answers.read_answer(raw, place)
            if not _has_refused(place) and answer is not None:
                self.collected.answers.append((answer, place))

    def _members(self, source: SourceFile, key: str, value: Any) -> Iterator[tuple[Steps, Any]]:
        if isinstance(value, list):
            for index, member in enumerate(value):
                yield (key, index), member
        elif value:
            self._problem(
                source.position((key,)), key, f"{shown(value)} stands in the place of a list",
                f"a list: each member of {key} begins with a hyphen and a space",
            )  # fmt: skip

    def _record(self, source: SourceFile, steps: Steps, raw: Any, kind: Kind) -> None:
        name = raw.get("id") if isinstance(raw, Mapping) else None
        named = isinstance(name, str) and len(name) <= 100
        label = f"{kind.name}/{name}" if named else _label(steps)
        place = RecordPlace(source, steps, label, self._problems)
        if not isinstance(raw, dict):
            wording = Wording(
                f"{shown(raw)} stands in the place of a record", "a mapping with at least an id"
            )
            place.error((), wording)
            return
        before = len(self._problems)
        for path, wording in source.refused(steps):
            place.wrong_value(path, wording)
        facts = self.validator.facts(kind.name, raw, place)
        if isinstance(name, str) and not _is_about(self._problems[before:], place, "id"):
            self._add(Record(kind.name, name, facts, place), place)

    def _add(self, record: Record, place: RecordPlace) -> None:
        records = self.collected.by_kind.setdefault(record.kind, {})
        first = records.setdefault(record.id, record)
        if first is not record:
            message = f"the id {record.id} stands twice (first at {first.position('id')})"
            expected = f"an id of its own for each record of the kind {record.kind}"
            place.error(("id",), Wording(message, expected))

    def _problem(
        self, position: Position, path: str, message: str, expected: str, suggestion: str = ""
    ) -> None:
        self._problems.append(Problem(position, path, message, expected, suggestion))


def _has_refused(place: RecordPlace) -> bool:
    """Whether cells cannot be used: without them the rest would say something else."""
    found = list(place.source.refused(place.steps))
    if found:  # What cannot be used is not also missing.
        told = {place.position(path) for path, _ in found}
        place.problems[:] = [each for each in place.problems if each.position not in told]
    for path, wording in found:
        place.error(path, wording)
    return bool(found)


def _label(steps: Steps) -> str:
    return str(steps[0]) + "".join(f"[{step}]" for step in steps[1:])


def _is_about(problems: list[Problem], place: RecordPlace, fact: str) -> bool:
    return any(problem.path == f"{place.subject} {fact}" for problem in problems)
