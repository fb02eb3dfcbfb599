"""Mutants of a rule: its conditions with one operator, bound or rail changed.

A rule's cases are strong enough when every mutant makes some case come out otherwise. Each mutant
is named after the node and the change (``expect.0 at_least -> greater_than``), so that a test file
can list those that no case can notice, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from compliance.policy.conditions import (
    Group,
    Leaf,
    Literal,
    Node,
    Parameter,
    Quantifier,
    Tally,
    Value,
)
from compliance.policy.model import APPLIES, Otherwise, ParameterDefinition, Rule

_TWINS = (
    ("equals", "not_equals"),
    ("in", "not_in"),
    ("contains", "not_contains"),
    ("exists", "not_exists"),
    ("is_empty", "not_empty"),
    ("contains_any", "contains_all"),
    ("intersects", "contains_all"),
    ("less_than", "at_most"),
    ("greater_than", "at_least"),
    ("before", "on_or_before"),
    ("after", "on_or_after"),
    ("within_days", "older_than_days"),
    ("starts_with", "ends_with"),
    ("length_at_least", "length_at_most"),
    ("version_at_least", "version_below"),
)
_NEIGHBOURS: dict[str, str] = {}
for _one, _other in _TWINS:
    _NEIGHBOURS.setdefault(_one, _other)
    _NEIGHBOURS.setdefault(_other, _one)
_NEGATED = {
    "less_than": "at_least",
    "at_most": "greater_than",
    "at_least": "less_than",
    "greater_than": "at_most",
    "before": "on_or_after",
    "on_or_after": "before",
    "after": "on_or_before",
    "on_or_before": "after",
}
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GROUPS = {"all": "any", "any": "all"}
_QUANTIFIERS = {"every": "some", "some": "every", "none": "every"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one rule."""

    rule: str
    """Id of the rule."""
    name: str
    """Node and change: ``expect.0 at_least -> greater_than``."""
    changed: Rule
    """The rule with the change, under an id of its own."""


def mutants(
    rule: Rule, applies: Node | None, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[Mutant]:
    """Every mutant of a rule, in the order of its conditions.

    Args:
        rule: a rule; one written in Rego has mutants of ``when`` and ``applies`` alone.
        applies: the condition that governs its kind, mutated as well.
        parameters: the policy's parameters: a bound that is one is changed from its default.
    """
    roots: dict[str, Node | None] = {APPLIES: applies, **rule.conditions}
    number = 0
    for root, tree in roots.items():
        if tree is None:
            continue
        for name, changed in _changes(tree, parameters):
            number += 1
            renamed = replace(rule, id=f"{rule.id}--m{number}")
            yield Mutant(rule.id, name, _with_root(renamed, root, changed))


def _with_root(rule: Rule, root: str, tree: Node) -> Rule:
    if root == "expect":
        return replace(rule, expect=tree)
    if root == "otherwise" and rule.otherwise is not None:
        return replace(rule, otherwise=Otherwise(rule.otherwise.mark, tree))
    if root == "when":
        return replace(rule, when=tree)
    # The mutant stands in a policy whose `applies` is true of everything.
    when = tree if rule.when is None else Group("when", "all", (tree, rule.when))
    return replace(rule, when=when)


def without_applies(rule: Rule, applies: Node | None) -> Rule:
    """The same rule for a policy without ``applies``: its condition becomes part of ``when``."""
    return rule if applies is None else _with_root(rule, APPLIES, applies)


def _changes(
    node: Node, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[tuple[str, Node]]:
    """Each change of a node or of one below it, with its name."""
    match node:
        case Leaf():
            yield from _leaf_changes(node, parameters)
        case Group():
            yield from _group_changes(node, parameters)
        case Quantifier() | Tally():
            yield from _list_changes(node, parameters)


def _group_changes(
    node: Group, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[tuple[str, Node]]:
    if node.op == "not":
        yield f"{node.id} not -> nothing", node.children[0]
    elif len(node.children) > 1:
        other = _GROUPS[node.op]
        yield f"{node.id} {node.op} -> {other}", replace(node, op=other)
    for index, child in enumerate(node.children):
        for name, changed in _changes(child, parameters):
            parts = (*node.children[:index], changed, *node.children[index + 1 :])
            yield name, replace(node, children=parts)


def _list_changes(
    node: Quantifier | Tally, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Quantifier):
        other = _QUANTIFIERS[node.op]
        yield f"{node.id} {node.op} -> {other}", replace(node, op=other)
    else:
        for test in sorted({_NEIGHBOURS.get(node.test, ""), _NEGATED.get(node.test, "")} - {""}):
            if test != "not_equals":
                yield f"{node.id} {node.test} -> {test}", replace(node, test=test)
        for name, value in _bounds(node.value, parameters):
            yield f"{node.id} bound {name}", replace(node, value=value)
    if node.where is not None:
        if node.expect is not None:
            yield f"{node.id} where -> nothing", replace(node, where=None)
        for name, changed in _changes(node.where, parameters):
            yield name, replace(node, where=changed)
    if node.expect is not None:
        for name, changed in _changes(node.expect, parameters):
            yield name, replace(node, expect=changed)


def _leaf_changes(
    leaf: Leaf, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[tuple[str, Node]]:
    negated = _NEGATED.get(leaf.test, "")
    for test in sorted({_NEIGHBOURS.get(leaf.test, ""), negated} - {""}):
        if test in ("before", "on_or_before") and leaf.type != "date":
            continue
        yield f"{leaf.id} {leaf.test} -> {test}", replace(leaf, test=test)
    if leaf.test not in _NEIGHBOURS or leaf.test in ("contains_any", "contains_all", "intersects"):
        yield f"{leaf.id} {leaf.test} -> not {leaf.test}", Group(f"{leaf.id}~", "not", (leaf,))
    for field in ("value", "days"):
        value = getattr(leaf, field)
        if value is not None:
            for name, changed in _bounds(value, parameters):
                yield f"{leaf.id} bound {name}", _with_value(leaf, field, changed)
    for rail in ("true", "false"):
        yield f"{leaf.id} without its {rail} rail", replace(leaf, rail=rail)


def _with_value(leaf: Leaf, field: str, value: Value) -> Leaf:
    return replace(leaf, days=value) if field == "days" else replace(leaf, value=value)


def _bounds(
    value: Value, parameters: Mapping[str, ParameterDefinition]
) -> Iterator[tuple[str, Value]]:
    """A bound moved by one either way, and a list with one member less."""
    if isinstance(value, Parameter):
        plain, name = parameters[value.name].default, value.name
    elif isinstance(value, Literal):
        plain, name = value.value, ""
    else:
        return
    for changed in _moved(plain):
        yield f"{name or _text(plain)} -> {_text(changed)}", Literal(changed)


def _moved(plain: Any) -> Iterator[Any]:
    if isinstance(plain, bool):
        return
    if isinstance(plain, int):
        yield plain - 1
        yield plain + 1
    elif isinstance(plain, float):
        yield round(plain - 0.01, 6)
        yield round(plain + 0.01, 6)
    elif isinstance(plain, str) and _DATE.fullmatch(plain):
        day = date.fromisoformat(plain)
        yield (day - timedelta(days=1)).isoformat()
        yield (day + timedelta(days=1)).isoformat()
    elif isinstance(plain, list | tuple) and len(plain) > 1:
        for index in range(len(plain)):
            yield [*plain[:index], *plain[index + 1 :]]


def _text(plain: Any) -> str:
    return f"[{', '.join(map(str, plain))}]" if isinstance(plain, list | tuple) else str(plain)
