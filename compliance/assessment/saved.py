"""Reading an assessment back from the JSON or JSON lines that ``compliance check`` wrote.

``schemas/assessment.schema.json`` describes the form: the fields of the model by their names, a
field that holds its default left out.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import (
    Assessment,
    Deadline,
    Finding,
    Metadata,
    OutsideFinding,
    PlanItemText,
    PolicyRun,
    Summary,
)
from compliance.errors import UserError

SCHEMA = 1
"""The version of the form that is read."""

_Record = TypeVar("_Record")
_PARTS = ("metadata", "policies", "findings", "summary")
_PLANNED = {"plan": "plan_item", "outside": "outside_finding", "deadlines": "deadline"}
"""Keys of a document that may be left out, with the names of their lines."""
_DERIVED = frozenset({"id", "record"})
"""Keys a finding or a line carries beside its fields."""


class SavedError(UserError):
    """A file that is no saved assessment."""


def from_data(data: Mapping[str, Any]) -> Assessment:
    """The assessment of a JSON document.

    Raises:
        SavedError: it has another form.
    """
    _check_schema(data)
    try:
        metadata, policies, findings, summary = (data[key] for key in _PARTS)
    except KeyError as error:
        raise SavedError(f"This is no saved assessment: it has no {error}.") from error
    planned = [_of(list, data.get(name, []), name) for name in _PLANNED]
    return _assessment(metadata, policies, findings, summary, planned=planned)


def from_lines(lines: Iterable[str]) -> Assessment:
    """The assessment of JSON lines: metadata, policies, findings, summary.

    Raises:
        SavedError: a line has another form, or the summary, which comes last, is missing.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise SavedError(
                f"Line {number} is no JSON: {error}. Write the report again."
            ) from error
        if not isinstance(record, dict) or not isinstance(record.get("record"), str):
            raise SavedError(f"Line {number} is no record of a saved assessment.")
        found.setdefault(record["record"], []).append(record)
    for name in ("metadata", "summary"):
        if len(found.get(name, ())) != 1:
            raise SavedError(
                f"The saved assessment has no line `{name}`: it was cut short. Write it again."
            )
    metadata = found["metadata"][0]
    _check_schema(metadata)
    policies, findings = (found.get(name, []) for name in ("policy", "finding"))
    planned = [found.get(name, []) for name in _PLANNED.values()]
    return _assessment(metadata, policies, findings, found["summary"][0], planned=planned)


def _check_schema(data: Mapping[str, Any]) -> None:
    if "schema" not in data:
        raise SavedError(
            "This is no saved assessment: it has no key `schema`. "
            "Write one with `compliance check --format json`."
        )
    if data.get("schema") != SCHEMA:
        raise SavedError(
            f"The assessment has the form {data.get('schema')!r} and this program reads {SCHEMA}. "
            "Write it again with this version, or read it with the one that wrote it."
        )


def _assessment(
    metadata: Any, policies: Any, findings: Any, summary: Any, *, planned: list[Any]
) -> Assessment:
    plan, outside, deadlines = planned
    return Assessment(
        metadata=_read(Metadata, metadata, "metadata"),
        policies=tuple(
            _read(PolicyRun, policy, f"policies[{index}]") for index, policy in enumerate(policies)
        ),
        findings=ListedFindings(
            _read(Finding, finding, f"findings[{index}]") for index, finding in enumerate(findings)
        ),
        summary=_read(Summary, summary, "summary"),
        plan=tuple(_read(PlanItemText, one, f"plan[{index}]") for index, one in enumerate(plan)),
        outside=tuple(
            _read(OutsideFinding, one, f"outside[{index}]") for index, one in enumerate(outside)
        ),
        deadlines=tuple(
            _read(Deadline, one, f"deadlines[{index}]") for index, one in enumerate(deadlines)
        ),
    )


_Decoder = Callable[[Any, str], Any]


def _read(record: type[_Record], data: Any, place: str) -> _Record:
    if not isinstance(data, Mapping):
        raise SavedError(f"{place}: a mapping is expected. The saved assessment is damaged.")
    decoders = _fields(record)
    unknown = sorted(set(data) - set(decoders) - _DERIVED - {"schema"})
    if unknown:
        raise SavedError(f"{place}.{unknown[0]}: this program knows no such field.")
    fields = {
        name: decode(data[name], f"{place}.{name}")
        for name, decode in decoders.items()
        if name in data
    }
    try:
        return record(**fields)
    except TypeError as error:
        raise SavedError(f"{place}: a field is missing ({error}).") from error


_KNOWN: dict[type[Any], dict[str, _Decoder]] = {}


def _fields(record: type[Any]) -> dict[str, _Decoder]:
    if record not in _KNOWN:
        hints = typing.get_type_hints(record)
        fields = dataclasses.fields(record)
        _KNOWN[record] = {field.name: _decoder(hints[field.name]) for field in fields}
    return _KNOWN[record]


def _decoder(hint: Any) -> _Decoder:
    """What reads a value of an annotated field."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda data, place: _read(hint, data, place)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin is not None and _is_a(origin, Mapping):
        inner = _decoder(arguments[1])
        return lambda data, place: {
            key: inner(one, f"{place}.{key}") for key, one in _of(dict, data, place).items()
        }
    if origin in (types.UnionType, typing.Union):
        choices = [_decoder(one) for one in arguments if one is not type(None)]
        return lambda data, place: None if data is None else choices[0](data, place)
    if hint is Any:
        return lambda data, place: data
    return lambda data, place: _of(hint, data, place)


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decoder:
    if arguments[1:] == (Ellipsis,):
        inner = _decoder(arguments[0])
        return lambda data, place: tuple(
            inner(one, f"{place}[{index}]") for index, one in enumerate(_of(list, data, place))
        )
    inners = [_decoder(one) for one in arguments]

    def read(data: Any, place: str) -> tuple[Any, ...]:
        if len(_of(list, data, place)) != len(inners):
            raise SavedError(f"{place}: {len(inners)} values are expected.")
        return tuple(inner(one, place) for inner, one in zip(inners, data, strict=True))

    return read


def _is_a(origin: Any, wanted: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, wanted)


def _of(wanted: type, data: Any, place: str) -> Any:
    if isinstance(data, wanted) and not (wanted is int and isinstance(data, bool)):
        return data
    raise SavedError(f"{place}: {wanted.__name__} is expected, not {type(data).__name__}.")
