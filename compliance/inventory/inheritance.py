"""Providers' statements that they carry requirements for others, as inventory files list them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from compliance import resources
from compliance.inventory.fact_schemas import JsonSchema
from compliance.inventory.kinds import Fact
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import Position, closest
from compliance.inventory.schema_validators import reference_validator
from compliance.inventory.wording import Wording, shown, worded

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

KEY = "inheritance"
"""Key of inventory files that lists the statements."""


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
    for error in _validator().iter_errors({**raw, **dict.fromkeys(refused)} if refused else raw):
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


@cache
def _schema() -> JsonSchema:
    path = resources.schemas() / "inheritance.schema.json"
    schema: JsonSchema = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> Validator:
    return reference_validator(_schema())


def _worded(error: ValidationError) -> Iterator[tuple[Steps, Wording, bool]]:
    properties = _schema()["properties"]
    path = tuple(error.absolute_path)
    written: Any = error.instance
    if error.validator == "required":
        missing = str(error.message).split("'")[1]
        expected = f"the key {missing} ({properties[missing]['title'].lower()})"
        yield path, Wording("the statement is not whole", expected), False
    elif error.validator == "additionalProperties":
        for name in written:
            if name not in properties:
                message = f"there is no key {name} in a statement of inheritance"
                expected = f"one of {', '.join(properties)}"
                yield (*path, name), Wording(message, expected, closest(name, properties)), True
    elif not path:
        message = f"{shown(written)} stands in the place of a statement"
        yield path, Wording(message, f"a mapping with {', '.join(properties)}"), False
    elif error.validator in ("minItems", "uniqueItems"):
        yield path, Wording("the list is empty or repeats a member", "each member once"), False
    else:
        yield path, _worded_value(error, str(path[0]), member=len(path) > 1), False


def _worded_value(error: ValidationError, name: str, *, member: bool) -> Wording:
    schema = _schema()["properties"][name]
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
