"""Which leaves of a rule's conditions decided no case.

A leaf decides a case when the status would be another if the leaf alone had come out otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from compliance.policy.conditions import Leaf, Literal, Node, Parameter, Tally, Value, walk
from compliance.policy.explanation import explain_rule
from compliance.policy.model import APPLIES, ParameterDefinition, Rule
from compliance.policy.words import describe

_OTHER = {"true": "false", "false": "true"}


def deciding_leaves(
    rule: Rule,
    applies: Node | None,
    parameters: Mapping[str, ParameterDefinition],
    outcomes: Sequence[Mapping[str, Any]],
) -> list[str]:
    """The leaves that decided none of the cases: ``expect.0: system.mfa is yes``.

    Conditions inside a count or share over a kind do not show in a document of the agency and are
    left out.

    Args:
        rule: a rule written in YAML.
        applies: the condition that governs its kind.
        parameters: the policy's parameters.
        outcomes: leaf outcomes of each case, as an engine's ``why`` gives them for the rule.
    """
    trees = {APPLIES: applies, **rule.conditions}
    wanted = {
        node.id: node
        for root, tree in trees.items()
        if tree is not None and root != APPLIES
        for node in _visible(tree)
    }

    def bound(value: Value, scope: object) -> Decimal | None:
        del scope
        plain = parameters[value.name].default if isinstance(value, Parameter) else None
        plain = value.value if isinstance(value, Literal) else plain
        return Decimal(str(plain)) if isinstance(plain, int | float) else None

    def status(found: Mapping[str, Any]) -> tuple[str, bool]:
        explained = explain_rule(trees, found, bound)
        return explained.status, explained.by_otherwise

    decided: set[str] = set()
    for found in outcomes:
        before = status(found)
        for node_id, flipped in _flips(found):
            if node_id not in decided and status(flipped) != before:
                decided.add(node_id)
    return [
        f"{node_id}: {describe(node)}" for node_id, node in wanted.items() if node_id not in decided
    ]


def _visible(tree: Node) -> Iterator[Node]:
    hidden = {
        below.id
        for node in walk(tree)
        if isinstance(node, Tally) and node.of
        for part in (node.where, node.expect)
        if part is not None
        for below in walk(part)
    }
    for node in walk(tree):
        if node.id not in hidden and (
            isinstance(node, Leaf) or (isinstance(node, Tally) and node.of)
        ):
            yield node


def _flips(outcomes: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The outcomes with one leaf, of one element, turned round."""
    for path in _leaf_paths(outcomes, ()):
        changed = dict(outcomes)
        target: Any = changed
        for step in path[:-1]:
            target[step] = dict(target[step])
            target = target[step]
        target[path[-1]] = _OTHER[target[path[-1]]]
        yield path[-1], changed


def _leaf_paths(outcomes: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node_id, found in outcomes.items():
        here = (*path, node_id)
        if isinstance(found, str):
            if found in _OTHER:
                yield here
        elif "elements" in found:
            for element, inner in found["elements"].items():
                yield from _leaf_paths(inner, (*here, "elements", element))
