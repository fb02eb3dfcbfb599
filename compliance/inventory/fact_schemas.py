"""JSON Schemas worked out from the kinds: of one plain value, and of a whole record as written.

A record as written may hold null for any fact, ``none`` where the fact permits it, and for every
fact a mapping with the plain value and its provenance.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact, Kind

JsonSchema = dict[str, Any]
Tree = dict[str, "Fact | Tree"]
"""Facts by name, groups as trees of their own."""

IMPORTED = "imported"
"""Assurance of a fact that an import entered, and no person."""
ASSURANCES = ("attested", IMPORTED, "referenced", "asserted")
"""How well a fact is known, strong to weak."""
VALUE = "value"
"""Key of the plain value beside its provenance."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The fast validator's own check of dates lets years below 1 through.
_DATE_SCHEMA: JsonSchema = {
    "type": "string",
    "format": "date",
    "pattern": "^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-",
}
_TEXT: JsonSchema = {"type": "string", "maxLength": 2000}
PROVENANCE: Mapping[str, JsonSchema] = {
    "source": _TEXT,
    "reported_on": _DATE_SCHEMA,
    "by": _TEXT,
    "evidence": _TEXT,
    "assurance": {"enum": list(ASSURANCES)},
}
"""What may be said about where a value comes from, by key, with the schema of the plain value."""
PROVENANCE_FACTS: Mapping[str, Fact] = {
    key: Fact(
        kind="provenance",
        path=key,
        type="date" if "format" in schema else "string",
        enum=tuple(schema["enum"]) if "enum" in schema else None,
        schema=schema,
    )
    for key, schema in PROVENANCE.items()
}
"""The same keys as facts."""

_ID = "[a-z0-9][a-zA-Z0-9._-]*"
_ONE_ID: JsonSchema = {"type": "string", "pattern": f"^{_ID}$"}
_ONE_SUBJECT: JsonSchema = {"type": "string", "pattern": f"^[a-z][a-z_]*/{_ID}$"}
_ALL: JsonSchema = {
    "type": "object",
    "properties": {"all": {"type": "string"}},
    "required": ["all"],
    "additionalProperties": False,
}
_NOTES = ("title", "description", "examples")


def is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, written in full: ``2026-02-28``."""
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def tree_of(facts: Iterable[Fact]) -> Tree:
    """The facts people write, as they are nested in a record."""
    tree: Tree = {}
    for fact in facts:
        if not fact.entered:
            continue
        *groups, name = fact.path.split(".")
        below = tree
        for group in groups:
            inner = below.setdefault(group, {})
            if isinstance(inner, Fact):
                raise TypeError(f"{fact.full_path}: {group} is a fact and a group")
            below = inner
        below[name] = fact
    return tree


def plain_schema(fact: Fact) -> JsonSchema:
    """The schema of a fact's plain value, which is not null; members of lists may be."""
    if fact.type == "link":
        return _link_schema(fact)
    if fact.type == "date":
        return _DATE_SCHEMA
    if fact.type == "list":
        return {**_plain(fact.schema), "items": _or_null(member_schema(fact))}
    return _plain(fact.schema)


def member_schema(fact: Fact) -> JsonSchema:
    """The schema of one member of a list, or of one of the ids a link holds."""
    if fact.type == "link":
        return _ONE_SUBJECT if fact.target == ANY else _ONE_ID
    if fact.items == "date":
        return _DATE_SCHEMA
    if fact.items == "object":
        return _group_schema(tree_of(fact.fields.values()))
    return _plain(fact.schema["items"])


def id_schema(kind: Kind) -> JsonSchema:
    """The schema of an id; ``none`` is what links say that lead nowhere."""
    return {**_plain(kind.facts["id"].schema), "not": {"const": KNOWN_NONE}}


def record_schema(kind: Kind) -> JsonSchema:
    """The schema of a whole record as people write it."""
    tree = tree_of(kind.facts.values())
    properties = {name: _written(part) for name, part in tree.items() if name != "id"}
    return {
        "type": "object",
        "properties": {"id": id_schema(kind), **properties},
        "required": ["id"],
        "additionalProperties": False,
    }


def _written(part: Fact | Tree) -> JsonSchema:
    if isinstance(part, Fact):
        return _leaf_schema(part)
    return _or_null(_group_schema(part))


def _group_schema(tree: Tree) -> JsonSchema:
    return {
        "type": "object",
        "properties": {name: _written(part) for name, part in tree.items()},
        "additionalProperties": False,
    }


def _leaf_schema(fact: Fact) -> JsonSchema:
    plain = plain_schema(fact)
    value = _or_null(plain, KNOWN_NONE) if fact.none else _or_null(plain)
    said = {key: _or_null(schema) for key, schema in PROVENANCE.items()}
    with_provenance = {
        "type": "object",
        "properties": {VALUE: value, **said},
        "required": [VALUE],
        "additionalProperties": False,
    }
    return {"anyOf": [*value["anyOf"], with_provenance]}


def _or_null(schema: JsonSchema, *words: str) -> JsonSchema:
    return {"anyOf": [{"enum": [None, *words]}, schema]}


def _link_schema(fact: Fact) -> JsonSchema:
    one = member_schema(fact)
    several: JsonSchema = {"type": "array", "items": _or_null(one), "uniqueItems": True}
    if fact.target != ANY or "type" in fact.schema:
        return several if fact.many else one
    return {"anyOf": [one, several, _ALL]}


def _plain(schema: Mapping[str, Any]) -> JsonSchema:
    return {
        key: value
        for key, value in schema.items()
        if not key.startswith("x-") and key not in _NOTES
    }
