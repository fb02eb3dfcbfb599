"""The condition tree: what a rule's YAML means once every path has been looked up.

Plain data shared by the parser, the compiler, the tester and the assessment. ``to_data`` and
``from_data`` give the JSON form that a bundle's ``data.json`` carries::

    {"op": "leaf", "id": "expect", "path": "system.mfa", "test": "equals", "type": "boolean",
     "value": {"literal": true}}
    {"op": "all" | "any" | "not", "id": "expect", "of": [node, ...]}
    {"op": "every" | "some" | "none", "id": "expect", "in": "system.vendors", "list": "link",
     "as": "vendor", "where": node, "expect": node}
    {"op": "count" | "share", "id": "expect", "of": "device", "as": "device", "where": node,
     "expect": node, "test": "at_least", "value": {"literal": 0.9}}
    {"op": "rego", "id": "expect", "facts": ["system.mfa"]}

Node ids are paths from the root of the condition (``when``, ``expect.0``, ``expect.1.where``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule: a scalar or a list of scalars."""

    value: Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """``{param: idle_minutes}``: the value in force for the agency."""

    name: str


@dataclass(frozen=True, slots=True)
class FactValue:
    """``{fact: system.discovered_on}``: the value of another fact in scope."""

    path: str
    type: str
    none: bool = False


@dataclass(frozen=True, slots=True)
class AsOf:
    """The word ``as_of``: the date of the assessment."""


Value = Literal | Parameter | FactValue | AsOf


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test of one fact."""

    id: str
    path: str
    """Path as written, headed by a kind in scope, the ``as`` name of an element, or ``item``."""
    test: str
    """Name of the operator."""
    type: str
    """boolean, integer, number, string, date, list, link, reverse or derived."""
    value: Value | None = None
    """What the fact is compared with; None for tests that take none (``exists: true``)."""
    items: str | None = None
    """Type of a list's members."""
    none: bool = False
    """The fact accepts the word ``none``."""
    days: Value | None = None
    """For ``within_days_of``: how many days may lie between the two dates."""
    rail: str | None = None
    """Set by the mutation tester alone: ``true`` or ``false`` names a rail that is left out."""


@dataclass(frozen=True, slots=True)
class Group:
    """``all``, ``any`` or ``not`` (one child) over other nodes."""

    id: str
    op: str
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantifier:
    """``every``, ``some`` or ``none`` over linked records or the members of a list."""

    id: str
    op: str
    path: str
    """The list that is walked."""
    list: str
    """link, reverse (records and completeness) or list (the fact's own members)."""
    element: str
    """Name under which the conditions speak of the element (kind, ``as`` name or ``item``)."""
    expect: Node
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """``count`` or ``share``: a number of records compared with a bound.

    Over a kind (``of``) it is worked out record by record in a first pass and read from
    ``input.totals``; over a list in the document (``path``) it is counted in place.
    """

    id: str
    op: str
    element: str
    test: str
    """at_least, at_most, less_than, greater_than or equals."""
    value: Value
    where: Node | None = None
    expect: Node | None = None
    of: str | None = None
    path: str | None = None
    list: str | None = None


@dataclass(frozen=True, slots=True)
class RegoCondition:
    """A condition written in Rego: two rails and the facts they read."""

    id: str
    facts: tuple[str, ...]


Node = Leaf | Group | Quantifier | Tally | RegoCondition


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, ``where`` before ``expect``."""
    if isinstance(node, Group):
        return node.children
    if isinstance(node, Quantifier | Tally):
        return tuple(part for part in (node.where, node.expect) if part is not None)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def value_to_data(value: Value) -> dict[str, Any]:
    """The JSON form of a value."""
    match value:
        case Literal(value=literal):
            return {"literal": literal}
        case Parameter(name=name):
            return {"param": name}
        case FactValue(path=path, type=kind, none=none):
            return {"fact": path, "type": kind, **({"none": True} if none else {})}
        case AsOf():
            return {"as_of": True}


def value_from_data(data: JsonObject) -> Value:
    """The value of a JSON form made by :func:`value_to_data`."""
    if "literal" in data:
        return Literal(data["literal"])
    if "param" in data:
        return Parameter(data["param"])
    if "fact" in data:
        return FactValue(data["fact"], data["type"], data.get("none", False))
    return AsOf()


def to_data(node: Node) -> dict[str, Any]:
    """The JSON form of a condition tree, keys with nothing to say left out."""
    match node:
        case Leaf():
            return _leaf_to_data(node)
        case Group():
            return {"op": node.op, "id": node.id, "of": [to_data(c) for c in node.children]}
        case Quantifier():
            return _drop_none(
                op=node.op, id=node.id, **{"in": node.path}, list=node.list, **{"as": node.element},
                where=to_data(node.where) if node.where else None, expect=to_data(node.expect),
            )  # fmt: skip
        case Tally():
            return _drop_none(
                op=node.op, id=node.id, of=node.of, **{"in": node.path}, list=node.list,
                **{"as": node.element}, where=to_data(node.where) if node.where else None,
                expect=to_data(node.expect) if node.expect else None, test=node.test,
                value=value_to_data(node.value),
            )  # fmt: skip
        case RegoCondition():
            return {"op": "rego", "id": node.id, "facts": list(node.facts)}


def _leaf_to_data(leaf: Leaf) -> dict[str, Any]:
    return _drop_none(
        op="leaf", id=leaf.id, path=leaf.path, test=leaf.test, type=leaf.type, items=leaf.items,
        none=True if leaf.none else None,
        value=value_to_data(leaf.value) if leaf.value else None,
        days=value_to_data(leaf.days) if leaf.days else None,
    )  # fmt: skip


def _drop_none(**entries: Any) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value is not None}


def from_data(data: JsonObject) -> Node:
    """The condition tree of a JSON form made by :func:`to_data`."""
    op, node_id = data["op"], data["id"]
    if op == "leaf":
        return _leaf_from_data(data)
    if op in ("all", "any", "not"):
        return Group(node_id, op, tuple(from_data(child) for child in data["of"]))
    if op == "rego":
        return RegoCondition(node_id, tuple(data["facts"]))
    where = from_data(data["where"]) if "where" in data else None
    expect = from_data(data["expect"]) if "expect" in data else None
    if op in ("count", "share"):
        return Tally(
            node_id, op, data["as"], data["test"], value_from_data(data["value"]), where, expect,
            data.get("of"), data.get("in"), data.get("list"),
        )  # fmt: skip
    if expect is None:
        raise ValueError(f"{node_id}: a quantifier needs `expect`")
    return Quantifier(node_id, op, data["in"], data["list"], data["as"], expect, where)


def _leaf_from_data(data: JsonObject) -> Leaf:
    return Leaf(
        data["id"], data["path"], data["test"], data["type"],
        value_from_data(data["value"]) if "value" in data else None,
        data.get("items"), data.get("none", False),
        value_from_data(data["days"]) if "days" in data else None,
    )  # fmt: skip
