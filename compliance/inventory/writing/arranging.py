"""The order and form of what an inventory file holds.

The agency first, then the collections by name, then statements of inheritance and answers. Records
stand in the order of their ids, facts in that of their schema; what has no place of its own follows
as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache

from compliance import resources
from compliance.inventory import answers, inheritance
from compliance.inventory.fact_schemas import PROVENANCE, VALUE, Tree, tree_of
from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.inventory.writing.nodes import Entry, Form, Node

_LAST = (inheritance.KEY, answers.KEY)
_ORDER_OF_PROVENANCE = (VALUE, *PROVENANCE)


def arrange(root: Node, kinds: Kinds) -> None:
    """Bring the content of an inventory file into its order, in place.

    Args:
        root: the tree of a file's content.
        kinds: all kinds.
    """
    if root.form is not Form.MAPPING:
        return
    root.entries.sort(
        key=lambda entry: (
            entry.key != AGENCY,
            _LAST.index(entry.key) + 1 if entry.key in _LAST else 0,
            entry.key or "",
        )
    )
    for entry in root.entries:
        entry.gap = True
        kind = kinds.by_collection.get(entry.key or "")
        if kind is None:
            _statements(entry)
        elif kind.name == AGENCY:
            _facts(entry.node, tree_of(kind.facts.values()))
        else:
            _records(entry.node, tree_of(kind.facts.values()))


def _records(node: Node, tree: Tree) -> None:
    if node.form is not Form.LIST:
        return
    node.entries.sort(key=lambda entry: _id(entry.node))
    for entry in node.entries:
        entry.gap = True
        _facts(entry.node, tree)


def _id(node: Node) -> tuple[bool, str]:
    entry = node.entry("id") if node.form is Form.MAPPING else None
    name = entry.node.scalar if entry else None
    return (False, name) if isinstance(name, str) else (True, "")


def _statements(entry: Entry) -> None:
    """Lists without ids: statements keep their order, answers stand by what they are about."""
    if entry.key == answers.KEY:
        entry.node.entries.sort(key=lambda member: _about(member.node))
    for member in entry.node.entries:
        member.gap = True
        _sort(member.node, order_of(entry.key) if entry.key in _LAST else ())


def _about(node: Node) -> tuple[str, ...]:
    found = (node.entry(key) for key in ("subject", "fact", "answered_on"))
    return tuple(str(entry.node.scalar) if entry else "" for entry in found)


@cache
def order_of(key: str) -> tuple[str, ...]:
    """Keys of the members of a list whose members have no id, in the order of their schema.

    Args:
        key: key of the list in inventory files: ``inheritance`` or ``answers``.
    """
    path = resources.schemas() / f"{key}.schema.json"
    return tuple(json.loads(path.read_text(encoding="utf-8"))["properties"])


def _facts(node: Node, tree: Tree) -> None:
    if node.form is not Form.MAPPING:
        return
    _sort(node, tree)
    for entry in node.entries:
        part = tree.get(entry.key or "")
        if isinstance(part, Fact):
            _leaf(entry.node, part)
        elif part is not None:
            _facts(entry.node, part)


def _leaf(node: Node, fact: Fact) -> None:
    if node.form is Form.MAPPING:
        # A value with its provenance, or a link to every record of a kind.
        node.short = True
        _sort(node, _ORDER_OF_PROVENANCE)
        entry = node.entry(VALUE)
        if entry is not None:
            _leaf(entry.node, fact)
    elif node.form is Form.LIST and fact.fields:
        for member in node.entries:
            _facts(member.node, tree_of(fact.fields.values()))


def _sort(node: Node, order: Iterable[str] | Mapping[str, object]) -> None:
    ranks = {key: rank for rank, key in enumerate(order)}
    node.entries.sort(key=lambda entry: ranks.get(entry.key or "", len(ranks)))
