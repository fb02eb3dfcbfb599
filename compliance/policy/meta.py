"""A policy as the JSON data of its bundle, and back.

Everything a report prints is in it, so a bundle needs no source folder. Fields that say nothing
(None, an empty text, an empty list, the default) are left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from compliance.policy.conditions import Node, from_data, to_data
from compliance.policy.model import (
    DatedValue,
    Dates,
    Due,
    Extent,
    Migration,
    Otherwise,
    ParameterDefinition,
    Policy,
    Requirement,
    Rule,
    Source,
)

Data = Mapping[str, Any]
T = TypeVar("T")


def policy_to_data(policy: Policy) -> dict[str, Any]:
    """The policy part of ``meta`` in a bundle's ``data.json``."""
    return {
        "policy": _policy_to_data(policy),
        "requirements": [_plain(requirement) for requirement in policy.requirements],
        "rules": [_plain(rule) for rule in policy.rules],
        "parameters": {name: _plain(value) for name, value in sorted(policy.parameters.items())},
    }


def policy_from_data(data: Data) -> Policy:
    """The policy of a bundle, without its Rego files.

    Raises:
        KeyError, TypeError, ValueError: the data were not made by :func:`policy_to_data`.
    """
    raw = dict(data["policy"])
    raw["sources"] = _all(Source, raw["sources"])
    raw["extent"] = _all(Extent, raw["extent"])
    raw["applies"] = {kind: from_data(tree) for kind, tree in raw.get("applies", {}).items()}
    raw["start"] = tuple(raw.get("start", ()))
    raw["migrations"] = _all(Migration, raw.get("migrations", ()))
    parameters = {name: _parameter(value) for name, value in data["parameters"].items()}
    return Policy(
        **raw,
        requirements=tuple(_requirement(value) for value in data["requirements"]),
        rules=tuple(_rule(value) for value in data["rules"]),
        parameters=parameters,
    )


def _policy_to_data(policy: Policy) -> dict[str, Any]:
    elsewhere = ("requirements", "rules", "parameters", "rego_files")
    return _plain(policy, leave_out=elsewhere)


def _plain(value: Any, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a dataclass that say something."""
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        part = getattr(value, field.name)
        says = part not in (None, "", (), {}) and part != field.default
        if field.name not in leave_out and (says or field.default is dataclasses.MISSING):
            plain[field.name] = _json(part)
    if not plain.get("dates", True):
        del plain["dates"]
    return plain


def _json(value: Any) -> Any:
    if isinstance(value, Node):
        return to_data(value)
    if dataclasses.is_dataclass(value):
        return _plain(value)
    if isinstance(value, Mapping):
        return {key: _json(part) for key, part in sorted(value.items())}
    if isinstance(value, tuple | list):
        return [_json(part) for part in value]
    return value


def _all(kind: type[T], values: Iterable[Data]) -> tuple[T, ...]:
    return tuple(kind(**value) for value in values)


def _requirement(data: Data) -> Requirement:
    raw = dict(data)
    for key in ("controls", "sources"):
        raw[key] = tuple(raw.get(key, ()))
    raw["dates"] = Dates(**raw.get("dates", {}))
    return Requirement(**raw)


def _parameter(data: Data) -> ParameterDefinition:
    raw = dict(data)
    raw["values"] = _all(DatedValue, raw.get("values", ()))
    return ParameterDefinition(**raw)


def _rule(data: Data) -> Rule:
    raw = dict(data)
    raw["covers"] = tuple(raw["covers"])
    for root in ("when", "expect"):
        if root in raw:
            raw[root] = from_data(raw[root])
    if "otherwise" in raw:
        otherwise = raw["otherwise"]
        raw["otherwise"] = Otherwise(otherwise["mark"], from_data(otherwise["expect"]))
    if "due" in raw:
        raw["due"] = Due(**raw["due"])
    raw["dates"] = Dates(**raw.get("dates", {}))
    return Rule(**raw)
