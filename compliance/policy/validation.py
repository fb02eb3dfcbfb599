"""Policy files against their JSON Schemas, each failure worded and placed.

Conditions are left to the parser, which knows the facts and says more than a schema can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from compliance import resources
from compliance.inventory.problems import Problem, closest
from compliance.inventory.schema_validators import fast_validator, reference_validator
from compliance.policy.source import Place
from compliance.policy.values import shown

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

CONDITIONS = "condition.schema.json"
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def schema_problems(value: Any, schema: str, place: Place) -> list[Problem]:
    """What a schema refuses in a value, in the order of the text.

    Args:
        value: plain data of a whole file.
        schema: name of a schema: ``policy``, ``requirements``, ``rules``, ``rule-tests``,
            ``policy-index``.
        place: where the value stands.
    """
    errors = _validator(schema).iter_errors(value)
    problems = [problem for error in errors for problem in _problems(error, place)]
    return sorted(problems, key=_order)


def _order(problem: Problem) -> tuple[int, int]:
    return problem.position.line or 0, problem.position.column or 0


def keeps_to(value: Any, schema: str) -> bool:
    """Whether a value keeps to a schema, told fast and without saying why not."""
    return fast_validator(_load(schema)).is_valid(value)


@cache
def _validator(name: str) -> Validator:
    return reference_validator(_load(name))


def _load(name: str) -> dict[str, Any]:
    """A schema, with conditions accepted as they are."""
    text = (resources.schemas() / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text, object_hook=_without_conditions)
    return schema


def _without_conditions(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("$ref") == CONDITIONS:
        return {key: value for key, value in part.items() if key != "$ref"}
    return part


@dataclass(frozen=True, slots=True)
class _Refusal:
    """One failure of a schema."""

    keyword: str
    """The word of the schema that failed: ``required``."""
    wanted: Any
    """What the schema says behind it."""
    value: Any
    """What stands in the file."""
    schema: Mapping[str, Any]
    message: str


def _problems(error: ValidationError, place: Place) -> Iterator[Problem]:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    refusal = _Refusal(
        str(error.validator), error.validator_value, error.instance, schema, error.message
    )
    here = place.at(*error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        name = str(error.instance)
        described = str(schema.get("description", "another name"))
        yield here.at(name).problem(f"`{name}` cannot be a name here", described, key=True)
        return
    yield from _WORDED.get(refusal.keyword, _does_not_fit)(refusal, here)


def _unknown_keys(refusal: _Refusal, place: Place) -> Iterator[Problem]:
    known = list(refusal.schema["properties"])
    for key in refusal.value:
        if key not in known:
            yield place.at(key).problem(
                f"there is no key `{key}` here", f"one of {', '.join(known)}",
                closest(str(key), known), key=True,
            )  # fmt: skip


def _missing(refusal: _Refusal, place: Place) -> Iterator[Problem]:
    for key in refusal.wanted:
        if key not in refusal.value and f"'{key}' is" in refusal.message:
            described = refusal.schema["properties"][key]
            expected = described.get("description", described.get("title", key))
            yield place.problem(f"`{key}` is missing", _clause(expected))


def _type(refusal: _Refusal, place: Place) -> Iterator[Problem]:
    wanted = refusal.wanted
    types = [wanted] if isinstance(wanted, str) else wanted
    expected = " or ".join(_TYPES[name] for name in types)
    if "description" in refusal.schema:
        expected += f": {_clause(refusal.schema['description'])}"
    yield place.problem(f"{_kind(refusal.value)} stands here", expected)


def _choice(refusal: _Refusal, place: Place) -> Iterator[Problem]:
    choices = [shown(choice).strip("'") for choice in refusal.wanted]
    yield place.problem(
        f"{shown(refusal.value)} is not known here", f"one of {', '.join(choices)}",
        closest(str(refusal.value), choices),
    )  # fmt: skip


def _does_not_fit(refusal: _Refusal, place: Place) -> Iterator[Problem]:
    described = refusal.schema.get("description", refusal.schema.get("title", refusal.message))
    what = "nothing stands here" if refusal.value in ("", [], {}) else "this does not fit"
    if isinstance(refusal.value, str | int | float) and refusal.value != "":
        what = f"{shown(refusal.value)} does not fit"
    yield place.problem(what, _clause(described))


_WORDED: Mapping[str, Callable[[_Refusal, Place], Iterator[Problem]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _type,
    "enum": _choice,
}


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return shown(value)


def _clause(text: str) -> str:
    return text.rstrip(".")
