"""What would have to change for a gap to close: which facts, and whether there is a choice.

A gap whose leaves must all come out otherwise needs no more than its leaves. Where the rule leaves
a choice, or a fact is missing that would keep the finding unknown, the finding carries its ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from compliance.assessment.model import Leaf, Settling
from compliance.policy.conditions import Group, Quantifier
from compliance.policy.explanation import Explained
from compliance.policy.kleene import TRUE, negate

MOST = 8
"""Ways of one gap that are kept: the first ones, in the order of the rule."""

_EXPECT = "expect"
_LISTS = ("every", "some", "none", "count", "share")

Way = tuple[Explained, ...]


def mending(tree: Explained) -> tuple[Way, ...]:
    """The ways in which what a rule expects would come true, each with the nodes to change.

    Lists that must gain or lose a member, counts and conditions written in Rego stand for
    themselves: what in them has to change is not told. Of many ways the first are told.
    """
    return tuple(_ways(tree, TRUE)[:MOST])


def _ways(node: Explained, wanted: str) -> list[Way]:
    if node.outcome == wanted:
        return [()]
    if isinstance(node.node, Group):
        return _of_group(node, node.node.op, wanted)
    if isinstance(node.node, Quantifier) and node.node.op == "every" and wanted == TRUE:
        parts = [_ways(one.parts[-1], TRUE) for one in node.elements if one.outcome != TRUE]
        if not node.complete:
            parts.append([(node,)])
        return _together(parts)
    return [(node,)]


def _of_group(node: Explained, op: str, wanted: str) -> list[Way]:
    if op == "not":
        return _ways(node.children[0], negate(wanted))
    parts = [_ways(child, wanted) for child in node.children]
    if (op == "all") == (wanted == TRUE):
        return _together(parts)
    return [way for part in parts for way in part][:MOST]


def _together(parts: Sequence[list[Way]]) -> list[Way]:
    found: list[Way] = [()]
    for part in parts:
        joined = [(*one, *two) for one, two in product(found, part)]
        found = joined[:MOST]
    return found


def changed_by_default(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """The leaves of a gap that tell what to change: what is expected, but for what only selects.

    A list that must gain or lose a member tells it alone, without the tests of its members.
    """
    expected = [leaf for leaf in leaves if leaf.part == _EXPECT and not _selects(leaf)]
    lists = tuple(f"{leaf.id}." for leaf in expected if leaf.test in _LISTS)
    return tuple(leaf for leaf in expected if not (lists and leaf.id.startswith(lists)))


def default_way(leaves: Sequence[Leaf]) -> tuple[Settling, ...]:
    """The facts that have to change for a gap that names no ways: all of them together."""
    facts = {Settling(leaf.path, leaf.subject, leaf.element) for leaf in changed_by_default(leaves)}
    return ordered(facts)


def ordered(facts: Iterable[Settling]) -> tuple[Settling, ...]:
    """Facts by path, record and member."""
    return tuple(sorted(set(facts), key=lambda one: (one.path, one.subject, one.element or "")))


def _selects(leaf: Leaf) -> bool:
    return "where" in leaf.id.split(".")


def ways_told(
    ways: Iterable[tuple[Settling, ...]], leaves: Sequence[Leaf]
) -> tuple[tuple[Settling, ...], ...]:
    """The ways that a finding has to carry: none where its leaves say it all."""
    found = tuple(dict.fromkeys(ways))
    return () if found == (default_way(leaves),) else found
