"""A JSON Schema of a whole inventory file, from which editors complete and check what is typed.

It says what the reader says of one file by itself. Links into other files, ids that stand twice and
dates after the day of the assessment are beyond a schema. It keeps to draft 7, which every editor
knows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compliance import resources
from compliance.inventory import answers, inheritance
from compliance.inventory.fact_schemas import (
    JsonSchema,
    Tree,
    id_schema,
    member_schema,
    record_schema,
    tree_of,
)
from compliance.inventory.kinds import AGENCY, Fact, Kind, Kinds

_DRAFT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/definitions/"


def file_schema(kinds: Kinds) -> JsonSchema:
    """The JSON Schema (draft 7) of an inventory file.

    Args:
        kinds: all kinds.
    """
    builder = _Builder()
    properties: dict[str, Any] = {}
    for name in sorted(kinds, key=lambda name: (name != AGENCY, kinds[name].collection)):
        kind = kinds[name]
        if not kind.read_only:
            builder.shared[name] = builder.record(kind)
            record = {"$ref": _DEFINITIONS + name}
            properties[kind.collection] = (
                {"description": kind.description, "allOf": [record]}
                if name == AGENCY
                else _list_of(record, kind.description)
            )
    for key in (inheritance.KEY, answers.KEY):
        schema = _read(key)
        builder.shared[key] = schema
        properties[key] = _list_of({"$ref": _DEFINITIONS + key}, schema["description"])
    return {
        "$schema": _DRAFT,
        "title": "Inventory file",
        "description": "Records of an agency's inventory; all files of a folder are one inventory.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "definitions": builder.shared,
    }


def _list_of(member: JsonSchema, description: str) -> JsonSchema:
    return {"description": description, "type": ["array", "null"], "items": member}


def _read(key: str) -> JsonSchema:
    path = resources.schemas() / f"{key}.schema.json"
    schema: JsonSchema = json.loads(path.read_text(encoding="utf-8"))
    return {name: part for name, part in schema.items() if not name.startswith("$")}


class _Builder:
    """Builds schemas of records; what occurs several times is written once."""

    def __init__(self) -> None:
        self.shared: dict[str, JsonSchema] = {}
        self._names: dict[str, str] = {}

    def record(self, kind: Kind) -> JsonSchema:
        """The schema of a record, with titles and questions that editors show."""
        schema = record_schema(kind)
        tree = tree_of(fact for fact in kind.facts.values() if fact.path != "id")
        noted = _noted(kind.facts["id"], id_schema(kind))
        properties = {"id": noted, **self._group(schema["properties"], tree, kind.groups, "")}
        return {**schema, "title": kind.title, "properties": properties}

    def _group(
        self, properties: Mapping[str, Any], tree: Tree, groups: Mapping[str, str], prefix: str
    ) -> JsonSchema:
        found: JsonSchema = {}
        for name, part in tree.items():
            if isinstance(part, Fact):
                found[name] = _noted(part, self._leaf(part, properties[name]))
                continue
            # Two types instead of two schemas: editors then name the wrong key, not the group.
            _, group = properties[name]["anyOf"]
            path = f"{prefix}{name}"
            inner = self._group(group["properties"], part, groups, f"{path}.")
            said = {"title": groups.get(path, name), "type": ["object", "null"]}
            found[name] = {**group, **said, "properties": inner}
        return found

    def _leaf(self, fact: Fact, schema: JsonSchema) -> JsonSchema:
        if fact.fields:
            member = member_schema(fact)
            tree = tree_of(fact.fields.values())
            noted = {**member, "properties": self._group(member["properties"], tree, {}, "")}
            schema = _replaced(schema, member, self._once(noted, fact.full_path))
        return self._once(schema, "")

    def _once(self, schema: JsonSchema, name: str) -> JsonSchema:
        """A reference to a schema."""
        text = json.dumps(schema)
        if text not in self._names:
            self._names[text] = name or f"value-{len(self._names) + 1}"
            self.shared[self._names[text]] = schema
        return {"$ref": _DEFINITIONS + self._names[text]}


def _noted(fact: Fact, schema: JsonSchema) -> JsonSchema:
    """A schema with what an editor shows beside it; draft 7 ignores what stands beside $ref."""
    said = [fact.question, fact.description]
    said += [f"{value}: {meaning}." for value, meaning in fact.labels.items()]
    said += ["none: known that there is none." if fact.none and not fact.absent_none else ""]
    noted: JsonSchema = {"title": fact.title}
    if any(said):
        noted["description"] = " ".join(part for part in said if part)
    return {**noted, "allOf": [schema]}


def _replaced(schema: Any, old: JsonSchema, new: JsonSchema) -> Any:
    if schema == old:
        return new
    if isinstance(schema, dict):
        return {key: _replaced(part, old, new) for key, part in schema.items()}
    if isinstance(schema, list):
        return [_replaced(part, old, new) for part in schema]
    return schema
