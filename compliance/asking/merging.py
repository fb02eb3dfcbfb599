"""Merges answers that came back into an inventory: what is taken, what is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compliance.asking.model import record_text
from compliance.asking.response import Responses, Said
from compliance.assessment.asked import asked_record
from compliance.inventory.answers import (
    WITH_VALUE,
    Answer,
    FactPath,
    fact_path,
    fingerprint,
    member_of,
)
from compliance.inventory.overlay import same_value
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.store import Inventory, Record
from compliance.inventory.tables.cells import Cell, neutralised
from compliance.inventory.wording import Wording
from compliance.report.plain import neutral

_KNOWN = Wording("it is known already", "")
_ONE_OF_THEM = "one of the two, or different days and --prefer new for the later one"
_ASK_ANEW = "the answer to the question as it is asked now; `compliance ask` writes it anew"


@dataclass(frozen=True, slots=True)
class Returned:
    """One answer that came back, as it stands in its file."""

    subject: str
    fact: str
    about: str
    said: Said
    raw: Cell
    """What was typed, None for nothing."""
    position: Position
    """Of the answer."""
    places: Mapping[str, Position] = field(default_factory=dict)
    """Where else it says something: by ``question``, ``by``, ``answered_on``."""
    shown: tuple[str, str] = ("", "")
    """The record and the question as people read them beside the answer; empty where the file does
    not show them."""
    wrong: Wording | None = None
    """Why what stands beside the answer cannot be used."""


@dataclass(slots=True)
class Merged:
    """What became of answers that came back."""

    taken: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """New answers, by subject and fact."""
    known: int = 0
    """Answers that the inventory had already."""
    blank: int = 0
    """Questions that nobody answered."""
    left_out: list[Problem] = field(default_factory=list)


def merge(
    returned: Iterable[Returned],
    inventory: Inventory,
    responses: Responses,
    *,
    own_file: str,
    prefer_new: bool = False,
) -> Merged:
    """Work out which answers can be taken into an inventory.

    Args:
        returned: what came back, file by file.
        inventory: the records and answers as they are now.
        responses: reads and judges answers.
        own_file: path of the file that is written, whose answers can be replaced.
        prefer_new: an answer takes the place of an earlier one that differs.
    """
    merging = _Merging(inventory, responses, own_file, prefer_new)
    for one in returned:
        merging.take(one)
    return merging.merged


class _Merging:
    def __init__(
        self, inventory: Inventory, responses: Responses, own_file: str, prefer_new: bool
    ) -> None:
        self.merged = Merged()
        self._inventory = inventory
        self._responses = responses
        self._own_file = own_file
        self._prefer_new = prefer_new
        self._earlier = {(one.subject, one.fact): one for one in inventory.answers}
        self._places: dict[tuple[str, str], Returned] = {}
        self._disputed: set[tuple[str, str]] = set()

    def take(self, one: Returned) -> None:
        """Take an answer, or say why it is left out."""
        if one.raw is None or not str(one.raw).strip():
            self.merged.blank += 1
            return
        found = self._subject(one)
        if isinstance(found, Wording):
            self._leave_out(one, found, "question")
            return
        record, path = found
        answer = one.wrong or self._responses.read(record, path, one.raw, one.said, one.about)
        if answer is None:
            self.merged.blank += 1
        elif isinstance(answer, Wording):
            self._leave_out(one, answer)
        elif not answer.by:
            wording = Wording("it is not said who answers", "an id or a role, or --by")
            self._leave_out(one, wording, "by")
        else:
            self._settle(one, record, path, answer)

    def _subject(self, one: Returned) -> tuple[Record, FactPath] | Wording:
        kind, _, name = one.subject.partition("/")
        record = self._inventory.get(kind, name) if kind in self._inventory.kinds else None
        if record is None:
            return Wording(f"the inventory has no {one.subject or 'such record'}", _ASK_ANEW)
        path = fact_path(self._inventory.kinds[kind], one.fact)
        listed = self._inventory.kinds[kind].facts.get(one.fact)
        if listed is not None and listed.type == "reverse":
            return Wording(
                "records that are missing cannot be answered here",
                "the records listed and filled in in the inventory itself",
            )
        if path is None:
            return Wording(f"there is no fact {one.fact} in {kind}", _ASK_ANEW)
        gone = path.list is not None and not isinstance(member_of(record.stated, path), Mapping)
        if gone or one.about != fingerprint(record, path):
            return Wording(
                f"what identifies {one.subject} has changed since this was asked", _ASK_ANEW
            )
        return self._taken_apart(one, record, path) or (record, path)

    def _taken_apart(self, one: Returned, record: Record, path: FactPath) -> Wording | None:
        """Whether what stands beside the answer speaks of another question."""
        asked = asked_record(self._inventory.kinds[record.kind], record, path)
        record_shown = record_text(record.subject, path.text, asked.name, asked.label)
        question = path.fact.question or path.fact.title
        for shown, now in zip(one.shown, (record_shown, question), strict=True):
            if shown and _words(shown) != _words(neutralised(neutral(now))):
                return Wording(
                    f"what stands beside the answer is not what it was asked about "
                    f"({one.subject} {one.fact}): cells were moved, or the question has changed",
                    _ASK_ANEW,
                )
        return None

    def _settle(self, one: Returned, record: Record, path: FactPath, answer: Answer) -> None:
        """Take an answer that is right in itself, unless something else says otherwise."""
        key = (answer.subject, answer.fact)
        conflict = self._conflict(key, record, path, answer)
        if conflict is _KNOWN:
            self.merged.known += 1
        elif conflict is not None:
            self._leave_out(one, conflict)
        else:
            self.merged.taken[key] = answer
            self._places[key] = one

    def _conflict(
        self, key: tuple[str, str], record: Record, path: FactPath, answer: Answer
    ) -> Wording | None:
        """Why an answer is not taken: ``_KNOWN`` where it says what is known already."""
        stated = _stated(record, path)
        earlier = self._earlier.get(key)
        if stated is not None or (record.is_wrong(path.text) and earlier is None):
            return self._against_record(record, path, answer, stated)
        if earlier is not None:
            if _same(earlier, answer):
                return _KNOWN
            if not self._replaces(earlier, answer):
                return self._against_earlier(earlier)
        other = self.merged.taken.get(key)
        if key in self._disputed or (other is not None and not _same(other, answer)):
            return self._against_other(key, answer)
        return None if other is None else _KNOWN

    def _against_record(
        self, record: Record, path: FactPath, answer: Answer, stated: object
    ) -> Wording:
        if answer.answer == WITH_VALUE and same_value(stated, answer.value):
            return _KNOWN
        where = record.position(path.dotted)
        at = f" ({where})" if where else ""
        return Wording(
            f"the inventory itself says otherwise{at}, and an answer never changes what it says",
            "the value corrected there, if this is the right one",
        )

    def _replaces(self, earlier: Answer, answer: Answer) -> bool:
        """Whether a new answer may take the place of an earlier one that differs."""
        if earlier.answer == WITH_VALUE and not self._prefer_new:
            return False
        here = earlier.position is not None and earlier.position.file == self._own_file
        return here or answer.answered_on > earlier.answered_on or earlier.answer != WITH_VALUE

    def _against_earlier(self, earlier: Answer) -> Wording:
        by = f" by {earlier.by}" if earlier.by else ""
        if self._prefer_new:
            remedy = "a later day, or that answer corrected where it stands"
        else:
            remedy = "one of the two; --prefer new takes this one"
        return Wording(
            f"an earlier answer{by} of {earlier.answered_on} differs ({earlier.position})", remedy
        )

    def _against_other(self, key: tuple[str, str], answer: Answer) -> Wording:
        """Two answers that came back differ: with ``prefer new`` the later of them counts."""
        first = self._places[key]
        known = self.merged.taken.get(key)
        if known is not None and self._prefer_new and known.answered_on != answer.answered_on:
            if answer.answered_on > known.answered_on:
                self.merged.taken[key] = answer
            return _KNOWN
        if known is not None:
            del self.merged.taken[key]
            self._disputed.add(key)
            self._leave_out(first, Wording("another answer to the question differs", _ONE_OF_THEM))
        return Wording(f"another answer to the question differs ({first.position})", _ONE_OF_THEM)

    def _leave_out(self, one: Returned, wording: Wording, place: str = "") -> None:
        self.merged.left_out.append(
            Problem(
                one.places.get(place, one.position),
                f"{one.subject} {one.fact}",
                wording.message,
                wording.expected,
                wording.suggestion,
                ERROR,
            )
        )


def _words(text: str) -> list[str]:
    return text.split()


def _stated(record: Record, path: FactPath) -> object:
    """What a record itself says of a fact."""
    found: object = record.stated
    for step in path.steps:
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def _same(one: Answer, other: Answer) -> bool:
    """Whether two answers to one question say the same."""
    if one.answer != other.answer:
        return False
    if one.answer == WITH_VALUE:
        return same_value(one.value, other.value)
    return (one.reason, one.evidence) == (other.reason, other.evidence)
