"""Answers to single questions, as inventory files list them beside the records they are about.

An answer with a value fills in a fact that its record does not state; the other kinds of answers
(not known, not applicable, see evidence) are kept and fill in nothing. :mod:`overlay
<compliance.inventory.overlay>` lays them over the records.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.forms import Form, WordedProblem
from compliance.inventory.kinds import Fact, Kind
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import Position
from compliance.inventory.wording import Wording, worded

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from compliance.inventory.store import Record

KEY = "answers"
"""Key of inventory files that lists the answers."""
WITH_VALUE, DONT_KNOW, NOT_APPLICABLE, SEE_EVIDENCE = ANSWERS = (
    "value", "dont_know", "not_applicable", "see_evidence",
)  # fmt: skip
"""Kinds of answers; only the first fills anything in."""
_FORM = Form("answers.schema.json", "answer", "an", "an answer")

_MEMBER = re.compile(r"(?P<list>[a-z0-9_.]+)\[(?P<number>[0-9]+)\](?:\.(?P<field>[a-z0-9_.]+))?")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question about one record."""

    subject: str
    """``kind/id`` of the record."""
    fact: str
    """Path below the record's kind: ``logging.enabled``, ``software[0].eol_on``."""
    answer: str
    """One of ``ANSWERS``."""
    answered_on: str
    """ISO date."""
    value: Any = None
    """The plain value as a record would state it; None but for ``value``."""
    by: str | None = None
    """Person id or role title."""
    evidence: str | None = None
    reason: str | None = None
    """For ``not_applicable`` the reason, else a comment."""
    source: str | None = None
    assurance: str | None = None
    about: str | None = None
    """Fingerprint of the record when it was asked, see :func:`fingerprint`."""
    position: Position | None = None
    """Where the answer stands; None while it stands in no file."""

    def written(self) -> dict[str, Any]:
        """The answer as inventory files hold it, what was not said left out."""
        keys = _FORM.schema["properties"]
        return {key: getattr(self, key) for key in keys if getattr(self, key) is not None}

    @property
    def provenance(self) -> dict[str, Any]:
        """What the answer says about where its value comes from."""
        said = {
            "source": self.source,
            "reported_on": self.answered_on,
            "by": self.by,
            "evidence": self.evidence,
            "assurance": self.assurance,
        }
        return {key: text for key, text in said.items() if text is not None}


@dataclass(frozen=True, slots=True)
class FactPath:
    """A fact of a record, or of one member of a list of objects."""

    fact: Fact
    list: str | None = None
    """For a member: path of the list below the record's kind."""
    number: int = 0
    """Number of the member, from 0."""

    @property
    def text(self) -> str:
        """The path below the kind: ``logging.enabled``, ``software[0].eol_on``."""
        if self.list is None:
            return self.fact.path
        return f"{self.list}[{self.number}].{self.fact.path}"

    @property
    def steps(self) -> Steps:
        """Keys and numbers from the record down to the fact."""
        own = tuple(self.fact.path.split("."))
        if self.list is None:
            return own
        return (*self.list.split("."), self.number, *own)

    @property
    def dotted(self) -> str:
        """The path with members by number, as records give positions: ``software.0.eol_on``."""
        return ".".join(str(step) for step in self.steps)


def fact_path(kind: Kind, text: str) -> FactPath | None:
    """The fact that people may answer at a path below a kind, or None where there is none."""
    member = _MEMBER.fullmatch(text)
    if member is None:
        fact = kind.facts.get(text)
        return FactPath(fact) if fact is not None and fact.entered and text != "id" else None
    outer = kind.facts.get(member["list"])
    inner = outer.fields.get(member["field"] or "") if outer is not None else None
    return FactPath(inner, member["list"], int(member["number"])) if inner is not None else None


def fingerprint(record: Record, path: FactPath | None = None) -> str:
    """A text that changes when what identifies a record changes: kind, id and name.

    For a fact of a member of a list also the member's number and what the record states of it. No
    sensitive fact and no answer enters, so that it tells nothing and answers do not change it.

    Args:
        record: the record the question is about.
        path: the fact asked for, where it belongs to a member.

    Returns:
        16 hexadecimal digits.
    """
    name = record.stated.get("name")
    said: list[Any] = [record.kind, record.id, name if isinstance(name, str) else None]
    if path is not None and path.list is not None:
        said += [path.list, path.number, member_of(record.stated, path)]
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def member_of(facts: Mapping[str, Any], path: FactPath) -> Any:
    """The member of a list that a path leads into; None where the list has no such member."""
    found: Any = facts
    for step in str(path.list).split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, list) or path.number >= len(found):
        return None
    return found[path.number]


def read_answer(raw: Any, place: RecordPlace) -> Answer | None:
    """An answer as written; None where it has problems, which go to its place.

    An answer stands for a record's own words, so that whatever is wrong with it stops the run; only
    its value is judged later, as the fact it fills in.
    """
    before = len(place.problems)
    found = (each for error in _FORM.validator.iter_errors(raw) for each in _worded(error))
    for path, wording, key in dict.fromkeys(found):
        place.error(path, wording, key=key)
    if len(place.problems) > before:
        return None
    return Answer(**raw, position=place.source.position(place.steps))


def _worded(error: ValidationError) -> Iterator[WordedProblem]:
    path = tuple(error.absolute_path)
    about_shape = list(_FORM.shape_problems(error))
    if about_shape:
        yield from about_shape
    elif not error.validator or path == (VALUE,):
        yield (VALUE,), _worded_no_value(error.instance), True
    else:
        yield path, _worded_value(error, str(path[0])), False


def _worded_no_value(written: Any) -> Wording:
    if written is None:
        return Wording("null is no answer", f"a value; where it is not known, answer: {DONT_KNOW}")
    message = "a value stands beside an answer of another kind"
    return Wording(message, f"answer: {WITH_VALUE}, or no value")


def _worded_value(error: ValidationError, name: str) -> Wording:
    schema = _FORM.schema["properties"][name]
    described = Fact(
        kind=KEY,
        path=name,
        type="date" if "format" in schema else "string",
        enum=tuple(schema["enum"]) if "enum" in schema else None,
        schema=schema,
    )
    wording = worded(error, described, member=False, hidden=False)
    if error.validator == "minLength":
        return Wording("the text is empty", "a text, or the key left out")
    if error.validator == "pattern" and "examples" in schema and "format" not in schema:
        return Wording(wording.message, f"such as {schema['examples'][0]}")
    return wording
