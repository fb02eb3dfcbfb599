"""Providers' statements that they carry requirements for others, as inventory files list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.inventory.forms import Form, WordedProblem
from compliance.inventory.kinds import Fact
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Position
from compliance.inventory.wording import Wording, worded

if TYPE_CHECKING:
    from jsonschema import ValidationError

KEY = "inheritance"
"""Key of inventory files that lists the statements."""
_FORM = Form("inheritance.schema.json", "statement", "a", "a statement of inheritance")


@dataclass(frozen=True, slots=True)
class InheritanceStatement:
    """One dated statement of a provider."""

    provider: str
    """``kind/id``; of this inventory, or another agency."""
    requirements: tuple[str, ...]
    consumers: tuple[str, ...]
    """``kind/id`` of records of this inventory."""
    extent: str
    """full or shared."""
    provider_status: str
    """satisfied, gap, unknown or not_applicable."""
    assessed_on: str
    """ISO date; may lie after the date of the assessment."""
    position: Position
    consumer_does: str | None = None
    expires_on: str | None = None
    by: str | None = None
    evidence: str | None = None
    requirement_positions: tuple[Position, ...] = field(default=(), compare=False, repr=False)
    """Where each requirement stands, in the same order."""


def read_statement(raw: Any, place: RecordPlace) -> InheritanceStatement | None:
    """A statement as written; None where it has problems, which go to its place.

    A statement moves statuses of others, so that whatever is wrong with it stops the run.
    """
    before = len(place.problems)
    refused = {str(path[0]): wording for path, wording in place.source.refused(place.steps)}
    for name, wording in refused.items():
        place.error((name,), wording)
    # What cannot be read is not missing as well.
    for error in _FORM.validator.iter_errors({**raw, **dict.fromkeys(refused)} if refused else raw):
        for path, wording, key in _worded(error):
            if not path or path[0] not in refused:
                place.error(path, wording, key=key)
    if len(place.problems) > before:
        return None
    said = {name: value for name, value in raw.items() if name not in ("requirements", "consumers")}
    return InheritanceStatement(
        **said,
        requirements=tuple(raw["requirements"]),
        consumers=tuple(raw["consumers"]),
        position=place.source.position(place.steps),
        requirement_positions=tuple(
            place.source.position((*place.steps, "requirements", index))
            for index in range(len(raw["requirements"]))
        ),
    )


def _worded(error: ValidationError) -> Iterator[WordedProblem]:
    path = tuple(error.absolute_path)
    about_shape = list(_FORM.shape_problems(error))
    if about_shape:
        yield from about_shape
    elif error.validator in ("minItems", "uniqueItems"):
        yield path, Wording("the list is empty or repeats a member", "each member once"), False
    else:
        yield path, _worded_value(error, str(path[0]), member=len(path) > 1), False


def _worded_value(error: ValidationError, name: str, *, member: bool) -> Wording:
    schema = _FORM.schema["properties"][name]
    items = schema.get("items", {})
    described = Fact(
        kind=KEY,
        path=name,
        type="list" if items else "date" if "format" in schema else "string",
        items="string" if items else None,
        enum=tuple(schema["enum"]) if "enum" in schema else None,
        schema=schema,
    )
    wording = worded(error, described, member=member, hidden=False)
    if error.validator == "pattern" and name in ("provider", "consumers"):
        return Wording(wording.message, "kind and id, such as system/payroll", wording.suggestion)
    return wording
