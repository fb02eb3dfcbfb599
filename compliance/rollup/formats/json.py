"""A roll-up as one JSON document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from compliance.report.json import escaped
from compliance.rollup.model import FORM, Agency, Fix, Group, Rollup


def render(rollup: Rollup) -> Iterator[str]:
    """Yields the document."""
    content = {name: _plain(getattr(rollup, name)) for name in _names(rollup)}
    content["stale"] = [one.id for one in rollup.stale]
    document = {"rollup": FORM, **content}
    yield escaped(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)) + "\n"


def _names(record: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(record)]


def _plain(value: Any) -> Any:
    """Plain data: agencies by their ids in groups, mappings with several keys as lists."""
    found: Any
    if isinstance(value, Mapping):
        found = _mapping(value)
    elif isinstance(value, Group):
        found = _group(value)
    elif dataclasses.is_dataclass(value):
        found = {name: _plain(getattr(value, name)) for name in _names(value)}
        if isinstance(value, Agency):
            found["statuses"] = _by_policy(value)
        if isinstance(value, Fix):
            del found["key"]
    elif isinstance(value, tuple | list):
        found = [_plain(one) for one in value]
    elif isinstance(value, Decimal):
        found = int(value) if value == value.to_integral_value() else float(value)
    else:
        found = value
    return found


def _mapping(value: Mapping[Any, Any]) -> Any:
    if any(isinstance(key, tuple) for key in value):
        return [{"of": list(key), "number": _plain(value[key])} for key in value]
    return {str(key): _plain(value[key]) for key in value}


def _group(group: Group) -> dict[str, Any]:
    return {
        "quarter": group.quarter,
        "why": group.why,
        "sets": [_plain(one) for one in group.columns],
        "agencies": [one.id for one in group.agencies],
    }


def _by_policy(agency: Agency) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (policy, requirement), status in agency.statuses.items():
        found.setdefault(policy, {})[requirement] = status
    return found
