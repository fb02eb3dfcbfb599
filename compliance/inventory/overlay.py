"""Lays answers over records: each fills in a fact that its record does not state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.answers import (
    WITH_VALUE,
    Answer,
    FactPath,
    fact_path,
    fingerprint,
    member_of,
)
from compliance.inventory.collecting import Collected
from compliance.inventory.fact_schemas import IMPORTED, VALUE
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import ERROR, NOTE, WRONG_VALUE, Position, Problem, closest
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Record
from compliance.inventory.validation import RecordValidator
from compliance.inventory.wording import Wording

_COMPARISONS = 30_000
"""So many ids are compared in search of similar ones; after that there are no suggestions."""


def lay_over(
    collected: Collected,
    kinds: Kinds,
    validator: RecordValidator,
    problems: list[Problem],
    *,
    some_unread: bool,
) -> tuple[Answer, ...]:
    """Fill in what records leave open and answers say.

    Args:
        collected: all records and answers; records that gain facts are replaced.
        kinds: all kinds.
        validator: judges the values.
        problems: takes what is wrong.
        some_unread: whether a file could not be read, which may hold a record that is missing.

    Returns:
        The answer that counts for each fact that somebody answered, by subject and fact, those
        without a value and those whose record states the fact itself among them.
    """
    check = _Check(collected, kinds, problems, some_unread)
    found: dict[tuple[str, str], _Placed] = {}
    for answer, place in collected.answers:
        placed = check.placed(answer, place)
        if placed is not None:
            key = (answer.subject, answer.fact)
            found[key] = placed if key not in found else check.later(found[key], placed)
    layer = _Layer(validator, problems)
    for key in sorted(found):
        if found[key].answer.answer == WITH_VALUE:
            layer.fill(found[key])
    for record in layer.changed.values():
        collected.by_kind[record.kind][record.id] = record
    return tuple(found[key].answer for key in sorted(found))


@dataclass(frozen=True, slots=True)
class _Placed:
    """An answer with the record and the fact it is about."""

    answer: Answer
    place: RecordPlace
    record: Record
    path: FactPath


class _Check:
    """Finds what answers are about, and refuses those that are about nothing."""

    def __init__(
        self, collected: Collected, kinds: Kinds, problems: list[Problem], some_unread: bool
    ) -> None:
        self._collected = collected
        self._kinds = kinds
        self._problems = problems
        self._unread = " (unless a file that could not be read holds it)" if some_unread else ""
        self._comparisons = _COMPARISONS

    def placed(self, answer: Answer, place: RecordPlace) -> _Placed | None:
        record = self._record(answer, place)
        if record is None:
            return None
        path = fact_path(self._kinds[record.kind], answer.fact)
        if path is None:
            self._no_fact(answer, place, record.kind)
            return None
        gone = path.list is not None and not isinstance(member_of(record.stated, path), Mapping)
        if gone or (answer.about is not None and answer.about != fingerprint(record, path)):
            what = f"{path.list}[{path.number}] of " if path.list else ""
            wording = Wording(
                f"what identifies {what}{record.subject} has changed since this was answered, so "
                "the answer is not used",
                "an answer to the question as it is asked now, or no answer",
            )
            self._add(place, "about", answer, wording, kind=WRONG_VALUE)
            return None
        return _Placed(answer, place, record, path)

    def later(self, first: _Placed, second: _Placed) -> _Placed:
        """The one of two answers to one question that counts."""
        if first.answer.answered_on != second.answer.answered_on:
            return max(first, second, key=lambda one: one.answer.answered_on)
        if second.answer.answer != WITH_VALUE:
            return first
        if first.answer.answer == WITH_VALUE and not same_value(
            first.answer.value, second.answer.value
        ):
            wording = Wording(
                f"another answer of the same day says otherwise ({first.answer.position})",
                "one of the two, or a later date for the one that counts",
            )
            self._add(second.place, VALUE, second.answer, wording)
        return first if first.answer.answer == WITH_VALUE else second

    def _record(self, answer: Answer, place: RecordPlace) -> Record | None:
        kind, _, name = answer.subject.partition("/")
        if kind not in self._kinds or self._kinds[kind].read_only:
            known = f"one of {', '.join(self._kinds)}"
            near = closest(kind, self._kinds)
            self._add(place, "subject", answer, Wording(f"there is no kind {kind}", known, near))
            return None
        records = self._collected.by_kind.get(kind, {})
        if name in records:
            return records[name]
        key = AGENCY if kind == AGENCY else self._kinds[kind].collection
        if answer.assurance == IMPORTED:
            # Nobody's own words: whoever removed the record need not look for these as well.
            wording = Wording(
                f"there is no {kind} with the id {name}{self._unread}, so the imported answer is "
                "not used",
                f"the id of a record under the key {key}; the next import of this source removes "
                "the answer",
            )
            self._add(place, "subject", answer, wording, kind=WRONG_VALUE)
            return None
        self._comparisons -= len(records)
        near = closest(name, records) if self._comparisons >= 0 else ""
        wording = Wording(
            f"there is no {kind} with the id {name}{self._unread}",
            f"the id of a record under the key {key}, or no answer",
            f"{kind}/{near}" if near else "",
        )
        self._add(place, "subject", answer, wording)
        return None

    def _no_fact(self, answer: Answer, place: RecordPlace, kind: str) -> None:
        facts = [
            path
            for name, fact in self._kinds[kind].facts.items()
            if fact.entered and name != "id"
            for path in (name, *(f"{name}[0].{field}" for field in fact.fields))
        ]
        wording = Wording(
            f"there is no fact {answer.fact} in {kind} that people enter",
            "a fact that the reference of kinds lists",
            closest(answer.fact, facts),
        )
        self._add(place, "fact", answer, wording)

    def _add(
        self, place: RecordPlace, key: str, answer: Answer, wording: Wording, *, kind: str = ERROR
    ) -> None:
        self._problems.append(
            Problem(
                position=place.source.position((*place.steps, key)),
                path=f"answer about {answer.subject} {answer.fact}",
                message=wording.message,
                expected=wording.expected,
                suggestion=wording.suggestion,
                kind=kind,
            )
        )


class _AnsweredPlace(RecordPlace):
    """The place of an answer's value: what is wrong with it is told where the answer stands."""

    def position(self, path: Steps, *, key: bool = False) -> Position:
        """Where the answer says what the record would say at a path."""
        del key
        found = list(path)
        while found and found[0] != VALUE and found[0] not in _KEYS:
            del found[0]
        if found:
            found[0] = _KEYS.get(str(found[0]), found[0])
        return self.source.position((*self.steps, *found))


_KEYS = {"reported_on": "answered_on", **{key: key for key in ("source", "by", "evidence")}}


class _Layer:
    """Records with what answers fill in."""

    def __init__(self, validator: RecordValidator, problems: list[Problem]) -> None:
        self.changed: dict[str, Record] = {}
        self._validator = validator
        self._problems = problems

    def fill(self, placed: _Placed) -> None:
        """Fill in one answer where its record says nothing, and say where it says otherwise."""
        answer, path = placed.answer, placed.path
        record = self.changed.get(placed.record.subject, placed.record)
        stated = record.get_at(path.steps)
        if stated is not None or record.is_wrong(path.text):
            if stated is None or not same_value(stated, answer.value):
                self._problems.append(_overruled(placed, record))
            return
        place = _AnsweredPlace(
            placed.place.source,
            placed.place.steps,
            f"answer about {record.subject}",
            self._problems,
        )
        said = {VALUE: answer.value, **answer.provenance}
        raw = nested(path.steps, said)
        facts = self._validator.facts(record.kind, {"id": record.id, **raw}, place)
        value: Any = facts
        for step in path.steps:
            value = value[step]
        self.changed[record.subject] = record.answered(
            path.steps, value, place, (placed.place.source, (*placed.place.steps, VALUE))
        )


def _overruled(placed: _Placed, record: Record) -> Problem:
    """The note that a record says otherwise; no value appears in it."""
    source, steps = placed.place.source, placed.place.steps
    where = record.position(placed.path.dotted)
    at = f" ({where})" if where is not None else ", where a fact that is left out says none"
    return Problem(
        _position(source, steps),
        f"answer about {record.subject} {placed.answer.fact}",
        f"the record says otherwise itself{at}, and what a record says counts",
        "the value corrected in the record, or no answer",
        kind=NOTE,
    )


def _position(source: SourceFile, steps: Steps) -> Position:
    return source.position((*steps, VALUE))


def nested(steps: Steps, value: Any) -> Any:
    """A value below a path; members of a list before it are empty."""
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        return [*({} for _ in range(first)), nested(rest, value)]
    return {first: nested(rest, value)}


def same_value(one: Any, other: Any) -> bool:
    """Whether two plain values mean the same."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    """A value in a form in which equal means the same: 1 is not true, and 2 is 2.0."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
