"""Cases the rule tester derives: documents with a fact taken away, and subjects out of scope."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.policy.conditions import (
    AsOf,
    Group,
    Leaf,
    Literal,
    Node,
    Parameter,
    Value,
)
from compliance.policy.deletion import covered
from compliance.policy.model import ParameterDefinition

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Derived:
    """A document made from another by one change."""

    change: str
    """What was changed: ``system.mfa removed``."""
    document: Document


def without_one_fact(document: Mapping[str, Any], kind: str, kinds: Kinds) -> Iterator[Derived]:
    """The document with each of its facts removed, written as null and of another type, one by one.

    Facts of linked records, members of lists and the completeness of lists are taken away as well;
    facts whose absence means none are left alone.

    Args:
        document: the input document of a subject.
        kind: kind of the subject.
        kinds: all kinds.
    """
    heads = [kind] if kind == AGENCY else [kind, AGENCY]
    for head in heads:
        for change, path, value in _record(
            document.get(head, {}), (head,), kinds[head].facts, kinds
        ):
            yield Derived(f"{_label(path)} {change}", _with(document, path, value))


class _Removed:
    """Stands for a value that is taken out."""


_REMOVED = _Removed()
_Change = tuple[str, tuple[str | int, ...], Any]


def _record(
    record: Any,
    path: tuple[str | int, ...],
    facts: Mapping[str, Fact],
    kinds: Kinds,
    group: str = "",
) -> Iterator[_Change]:
    if not isinstance(record, Mapping):
        return
    for name, value in record.items():
        here = (*path, name)
        fact = facts.get(group + name)
        if name == "links" and not group:
            yield from _links(value, here, facts, kinds)
        elif fact is None and isinstance(value, Mapping):
            yield from _record(value, here, facts, kinds, f"{group}{name}.")
        elif fact is not None and name != "id" and covered(fact):
            yield from _fact(value, here, fact, kinds)


def _fact(value: Any, path: tuple[str | int, ...], fact: Fact, kinds: Kinds) -> Iterator[_Change]:
    yield "removed", path, _REMOVED
    yield "null", path, None
    yield "of another type", path, _mistyped(value, fact)
    if fact.type == "derived":
        yield "incomplete", (*path, "complete"), False
        value, path = value.get("members"), (*path, "members")
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield "null", (*path, index), None
            yield from _record(member, (*path, index), fact.fields, kinds)


def _links(
    links: Mapping[str, Any],
    path: tuple[str | int, ...],
    facts: Mapping[str, Fact],
    kinds: Kinds,
    group: str = "",
) -> Iterator[_Change]:
    """Links lie below ``links`` as their facts lie below the record, in groups or not."""
    for name, link in links.items():
        here, fact = (*path, name), facts.get(group + name)
        if fact is None:
            yield from _links(link, here, facts, kinds, f"{group}{name}.")
            continue
        yield "removed", here, _REMOVED
        yield "of another type", here, [link]
        yield "incomplete", (*here, "complete"), False
        for index, record in enumerate(link["records"]):
            below = kinds[str(fact.target)].facts
            yield from _record(record, (*here, "records", index), below, kinds)


def _mistyped(value: Any, fact: Fact) -> Any:
    """A value of a type the fact never has; ``none`` is a text whatever the type of the fact."""
    if fact.type == "boolean":
        return "yes"
    if isinstance(value, list):
        return {"k": value[0] if value else ""}
    return "7" if fact.type in ("integer", "number") else 7


def _with(document: Mapping[str, Any], path: tuple[str | int, ...], value: Any) -> Document:
    """The document with one change; what does not lie on the path is shared with it."""
    changed: Document = dict(document)
    target: Any = changed
    for step in path[:-1]:
        target[step] = copy.copy(target[step])
        target = target[step]
    if value is _REMOVED:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed


def _label(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step not in ("links", "records", "members"):
            text += f".{step}" if text else step
    return text


def out_of_scope(
    document: Mapping[str, Any],
    condition: Node,
    parameters: Mapping[str, ParameterDefinition],
) -> Iterator[Derived]:
    """Documents in which a condition of applicability ought to be false, one leaf turned at a time.

    Only leaves over plain facts outside lists are turned, to a value that makes them false; whether
    the whole condition then is false is for the engine to say.

    Args:
        document: the input document of a subject the policy applies to.
        condition: ``applies`` or ``when``.
        parameters: the policy's parameters.
    """
    for leaf, wanted in _leaves(condition, turned=False):
        path = tuple(leaf.path.split("."))
        for value in _values(leaf, wanted, parameters):
            if path[0] in document:
                yield Derived(f"{leaf.path} turned", _set(document, path, value))


def _leaves(node: Node, turned: bool) -> Iterator[tuple[Leaf, bool]]:
    if isinstance(node, Group):
        for child in node.children:
            yield from _leaves(child, turned != (node.op == "not"))
    elif isinstance(node, Leaf):
        yield node, turned


def _values(
    leaf: Leaf, wanted: bool, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[Any]:
    """Values of a leaf's fact among which one makes it come out as wanted."""
    if leaf.none:
        yield "none"
    bounds = _plain(leaf.value, parameters)
    if leaf.type == "boolean":
        yield from (True, False)
    elif leaf.type in ("list", "derived"):
        members = bounds if isinstance(bounds, list | tuple) else [bounds]
        for list_value in ([], [m for m in members if m is not None] if wanted else []):
            whole = {"members": list_value, "complete": True}
            yield whole if leaf.type == "derived" else list_value
    elif leaf.type in ("integer", "number"):
        for bound in bounds if isinstance(bounds, list | tuple) else [bounds]:
            if isinstance(bound, int | float):
                yield from (bound, bound - 1, bound + 1)
    elif leaf.type == "date":
        yield from ("0001-01-01", "9999-12-31")
    else:
        yield from bounds if isinstance(bounds, list | tuple) else [bounds or "x"]
        yield from ("", "another value")


def _plain(value: Value | None, parameters: Mapping[str, ParameterDefinition]) -> Any:
    match value:
        case Literal(value=plain):
            return plain
        case Parameter(name=name):
            return parameters[name].default
        case AsOf() | None:
            return None
        case _:
            return None


def _set(document: Mapping[str, Any], path: tuple[str, ...], value: Any) -> Document:
    changed: Document = dict(document)
    target: Any = changed
    for step in path[:-1]:
        target[step] = copy.copy(target.get(step, {}))
        target = target[step]
    target[path[-1]] = value
    return changed
