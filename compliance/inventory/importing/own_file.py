"""The importer's own file: records and answers in the form of an inventory file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from compliance.inventory import answers
from compliance.inventory.fact_schemas import IMPORTED, VALUE
from compliance.inventory.kinds import AGENCY, Fact, Kinds

Leaf = Any
"""A fact as written: a plain value, or a mapping with ``value`` and its provenance."""


class OwnFile:
    """What the importer's file holds, in a copy that may be changed.

    Args:
        content: the file's content; empty for a new file.
        kinds: all kinds.
    """

    def __init__(self, content: Mapping[str, Any], kinds: Kinds) -> None:
        self.content: dict[str, Any] = copy.deepcopy(dict(content))
        self._kinds = kinds
        self._records: dict[tuple[str, str], dict[str, Any]] = {}
        for key, value in self.content.items():
            kind = kinds.by_collection.get(key)
            if kind is None:
                continue
            for record in [value] if kind.name == AGENCY else value or ():
                self._records[kind.name, record["id"]] = record

    def records(self) -> Iterator[tuple[str, str]]:
        """Kind and id of every record."""
        yield from self._records

    def has(self, kind: str, name: str) -> bool:
        """Whether the file holds a record."""
        return (kind, name) in self._records

    def add(self, kind: str, name: str) -> None:
        """Adds a record without facts."""
        record: dict[str, Any] = {"id": name}
        self._records[kind, name] = record
        if kind == AGENCY:
            self.content[AGENCY] = record
            return
        key = self._kinds[kind].collection
        if not self.content.get(key):  # a file may hold nothing below the key
            self.content[key] = []
        self.content[key].append(record)

    def leaf(self, kind: str, name: str, path: str) -> Leaf:
        """A fact of a record as written; None where it says nothing."""
        found: Any = self._records[kind, name]
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def leaves(self, kind: str, name: str) -> Iterator[tuple[Fact, Leaf]]:
        """Every fact that a record states."""
        stated = self._records[kind, name]
        for fact in self._kinds[kind].facts.values():
            # Most facts are not stated: the first key of their path is not there.
            if fact.path.partition(".")[0] in stated and fact.entered and fact.path != "id":
                leaf = self.leaf(kind, name, fact.path)
                if plain(leaf) is not None:
                    yield fact, leaf

    def put(self, kind: str, name: str, path: str, leaf: Leaf) -> None:
        """Writes a fact of a record."""
        *groups, last = path.split(".")
        below = self._records[kind, name]
        for group in groups:
            if not isinstance(below.get(group), dict):
                below[group] = {}
            below = below[group]
        below[last] = leaf

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The answers of the file."""
        return list(self.content.get(answers.KEY) or ())

    def set_answers(self, given: list[dict[str, Any]]) -> None:
        """Replaces the answers of the file."""
        self.content.pop(answers.KEY, None)
        if given:
            self.content[answers.KEY] = given


def plain(leaf: Leaf) -> Any:
    """The plain value of a fact as written."""
    return leaf[VALUE] if isinstance(leaf, dict) and VALUE in leaf else leaf


def is_imported(leaf: Leaf) -> bool:
    """Whether a fact as written came from an import, and no person."""
    return isinstance(leaf, dict) and VALUE in leaf and leaf.get("assurance") == IMPORTED


def day_of(leaf: Leaf) -> str:
    """The day on which a fact as written was so; empty where it does not say."""
    return str(leaf.get("reported_on") or "") if isinstance(leaf, dict) else ""


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are identical: 1 is not true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
