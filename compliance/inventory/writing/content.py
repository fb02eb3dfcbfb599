"""An inventory back in the form of a file: what every writer of inventories starts from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from compliance.inventory import answers, inheritance
from compliance.inventory.answers import WITH_VALUE, Answer, fact_path
from compliance.inventory.fact_schemas import PROVENANCE, VALUE, Tree, tree_of
from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.kinds import AGENCY, KNOWN_NONE, Fact, Kind
from compliance.inventory.store import NO_PROVENANCE, Inventory, Record
from compliance.inventory.writing.arranging import order_of

_LEFT_OUT = object()


def written(inventory: Inventory) -> dict[str, Any]:
    """The content of one file that holds the whole inventory.

    Loading it gives an equal inventory: the same records, plain values, provenance, links and
    statements. What is not known (absent, null, or wrong) is left out, except where absence would
    say ``none``. Answers that fill in a fact stand in their record, with who gave them and when as
    provenance; the others stay answers.

    Args:
        inventory: the inventory.
    """
    content: dict[str, Any] = {AGENCY: written_record(inventory.kinds[AGENCY], inventory.agency)}
    for name in inventory.kinds:
        kind = inventory.kinds[name]
        records = [written_record(kind, each) for each in inventory.iterate(name)]
        if name != AGENCY and records:
            content[kind.collection] = records
    if inventory.inheritance:
        content[inheritance.KEY] = [_statement(each) for each in inventory.inheritance]
    unused = [each.written() for each in inventory.answers if not _is_used(each, inventory)]
    if unused:
        content[answers.KEY] = unused
    return content


def _is_used(answer: Answer, inventory: Inventory) -> bool:
    """Whether an answer fills in a fact, which then stands in its record."""
    kind, _, name = answer.subject.partition("/")
    record = inventory.get(kind, name)
    path = fact_path(inventory.kinds[kind], answer.fact) if record else None
    if record is None or path is None or answer.answer != WITH_VALUE:
        return False
    stated: Any = record.stated
    for step in path.steps:
        stated = _below(stated, step)
    return stated is None and record.get_at(path.steps) is not None


def _below(value: Any, step: str | int) -> Any:
    if isinstance(value, list) and isinstance(step, int):
        return value[step] if step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def written_record(kind: Kind, record: Record) -> dict[str, Any]:
    """One record as a file would hold it, facts in the order of the schema.

    Args:
        kind: the kind of the record.
        record: the record.
    """
    return _facts(_tree_of(kind), record.facts, record, "")


@cache
def _tree_of(kind: Kind) -> Tree:
    return tree_of(kind.facts.values())


def _facts(tree: Tree, facts: Mapping[str, Any], record: Record, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, part in tree.items():
        if name in facts:
            path = f"{prefix}{name}"
            if isinstance(part, Fact):
                shown = _leaf(part, facts[name], record, path)
            else:
                shown = _group(part, facts[name], record, path)
            if shown is not _LEFT_OUT:
                found[name] = shown
    return found


def _group(tree: Tree, facts: Mapping[str, Any] | None, record: Record, path: str) -> Any:
    if facts is None:
        # A group that is null leaves open what its absence would say.
        return None if _absence_speaks(tree) else _LEFT_OUT
    return _facts(tree, facts, record, f"{path}.") or _LEFT_OUT


def _leaf(fact: Fact, value: Any, record: Record, path: str) -> Any:
    said = _said(record, path)
    if said:
        return {VALUE: _value(fact, value, record, path), **said}
    assumed = KNOWN_NONE if fact.absent_none else None
    return _LEFT_OUT if value == assumed else _value(fact, value, record, path)


def _value(fact: Fact, value: Any, record: Record, path: str) -> Any:
    """A plain value; with the provenance of what lies within, where it is a list of objects."""
    if not fact.fields or not isinstance(value, list):
        return value
    tree = tree_of(fact.fields.values())
    return [
        _facts(tree, member, record, f"{path}[{index}].") if isinstance(member, dict) else member
        for index, member in enumerate(value)
    ]


def _said(record: Record, path: str) -> dict[str, Any]:
    """What a file says beside a value; not the assurance that follows from it."""
    known = record.provenance(path)
    assumed = "referenced" if "evidence" in known else NO_PROVENANCE["assurance"]
    return {
        key: known[key]
        for key in PROVENANCE
        if key in known and not (key == "assurance" and known[key] == assumed)
    }


def _absence_speaks(tree: Tree) -> bool:
    return any(
        part.absent_none if isinstance(part, Fact) else _absence_speaks(part)
        for part in tree.values()
    )


def _statement(statement: InheritanceStatement) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in order_of(inheritance.KEY):
        value = getattr(statement, key)
        if value is not None:
            found[key] = list(value) if isinstance(value, tuple) else value
    return found
