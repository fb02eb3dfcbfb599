"""The tables whose rows have no id of their own: statements of inheritance, and answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from compliance import resources
from compliance.inventory import answers, inheritance
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import ANY, Fact, schema_facts
from compliance.inventory.tables.columns import Column

_SHEETS = {inheritance.KEY: "Inheritance", answers.KEY: "Answers"}


@dataclass(frozen=True, slots=True)
class WithoutIds:
    """A list of inventory files whose members have no id."""

    key: str
    """Key of inventory files that lists the members."""
    sheet: str
    """Name of the sheet."""
    about: str
    """What a row is, as a sentence."""
    columns: tuple[Column, ...]


@cache
def without_ids() -> tuple[WithoutIds, ...]:
    """All of them, in the order of inventory files."""
    return tuple(_of(key) for key in _SHEETS)


def _of(key: str) -> WithoutIds:
    path = resources.schemas() / f"{key}.schema.json"
    schema: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    about = f"{schema['description'].partition('. ')[0].rstrip('.')}."
    columns = tuple(Column(fact, fact.title, fact.path) for fact in _facts(key, schema))
    return WithoutIds(key, _SHEETS[key], about, columns)


def _facts(key: str, schema: Mapping[str, Any]) -> Iterator[Fact]:
    for fact in schema_facts(key, schema["properties"]).values():
        # The value of an answer is of the type of the fact it is about.
        yield replace(fact, type=ANY) if (key, fact.path) == (answers.KEY, VALUE) else fact
