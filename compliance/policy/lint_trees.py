"""Conditions that mean something else than they seem to say."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.inventory.problems import Problem
from compliance.policy.conditions import Group, Leaf, Node, Quantifier, Tally
from compliance.policy.files import PolicyFiles
from compliance.policy.loader import LoadedPolicy
from compliance.policy.operators import NEGATED_COMPARISONS, TWINS
from compliance.policy.source import Place

_TURNED = frozenset(TWINS[name] for name in NEGATED_COMPARISONS)


def tree_problems(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    """Negated comparisons with facts that may be none, unless the condition asks `exists`."""
    del files
    for owner, trees in loaded.trees.items():
        for tree in trees.values():
            for leaf in _unguarded(tree, frozenset(), turned=False):
                place = loaded.places[owner, leaf.id]
                yield _problem(leaf, place)


def _problem(leaf: Leaf, place: Place) -> Problem:
    what = f"`{leaf.path}` may be none, and then `{leaf.test}` turned around is true"
    if leaf.test in NEGATED_COMPARISONS:
        what = f"`{leaf.path}` may be none, and then `{leaf.test}` is true"
    expected = f"beside it {leaf.path}: {{exists: true}}, or a comparison that says what must be"
    return place.problem(what, expected, key=True)


def _unguarded(node: Node, guarded: frozenset[str], *, turned: bool) -> Iterator[Leaf]:
    """Leaves that are true of a fact that is none, and nothing around them asks `exists`.

    Args:
        node: the tree.
        guarded: paths that an enclosing condition asks to exist.
        turned: the node stands below an odd number of `not`.
    """
    match node:
        case Leaf():
            negated = node.test in (_TURNED if turned else NEGATED_COMPARISONS)
            if negated and node.none and node.path not in guarded:
                yield node
        case Group(op="not", children=(child,)):
            yield from _unguarded(child, guarded, turned=not turned)
        case Group():
            if not turned:
                guarded = guarded | _asked(node)
            for child in node.children:
                yield from _unguarded(child, guarded, turned=turned)
        case Quantifier() | Tally():
            if node.where is not None:
                yield from _unguarded(node.where, guarded, turned=turned)
            if node.expect is not None:
                inner = guarded | (_asked(node.where) if node.where else frozenset())
                yield from _unguarded(node.expect, inner, turned=turned)


def _asked(node: Node) -> frozenset[str]:
    """Paths of facts that must exist for a condition to be true."""
    if isinstance(node, Leaf):
        return frozenset({node.path} if node.test == "exists" else ())
    if isinstance(node, Group) and node.op == "all":
        return frozenset().union(*(_asked(child) for child in node.children))
    return frozenset()
