"""What would settle an unknown, and what decided a gap: read from a tree of outcomes.

A place is the id of a node followed by the key of each element on the way to it, outermost first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.policy.conditions import Group, Quantifier, Tally
from tests.oracle.evaluator import Came, Element, Judgement, negation

Place = tuple[str, ...]


def settling(judgement: Judgement) -> frozenset[Place]:
    """Leaves, totals, Rego conditions and incomplete lists that would settle an unknown status."""
    found: set[Place] = set()
    for came in judgement.roots.values():
        found.update(open_places(came, ()))
    return frozenset(found)


def open_places(came: Came, keys: Place) -> Iterator[Place]:
    """Walks from an unknown node through unknown nodes to what is unknown itself."""
    node = came.node
    if came.outcome is not None:
        return
    if isinstance(node, Group):
        for part in came.below:
            yield from open_places(part, keys)
        return
    if not walks_elements(came):
        yield (node.id, *keys)
        return
    # A tally also depends on the bound it is compared with, which may be what is missing.
    if not came.complete or isinstance(node, Tally):
        yield (node.id, *keys)
    for element in came.elements:
        if matters(came, element) is None:
            for part in parts(element):
                yield from open_places(part, (*keys, element.key))


def deciding(judgement: Judgement) -> frozenset[Place]:
    """What made a gap a gap: what lets the rule apply, and what fails in all it expects."""
    found: set[Place] = set()
    for came in judgement.roots.values():
        found.update(known_places(came, ()))
    return frozenset(found)


def known_places(came: Came, keys: Place) -> Iterator[Place]:
    """Walks from a known node through the nodes that force its outcome."""
    node, outcome = came.node, came.outcome
    if isinstance(node, Group):
        for part in came.below:
            if node.op == "not" or part.outcome is outcome:
                yield from known_places(part, keys)
    elif not walks_elements(came):
        yield (node.id, *keys)
    elif isinstance(node, Quantifier) and outcome is (node.op == "some"):
        yield from _witnesses(came, keys)
    else:
        yield from _whole_list(came, keys)


def _witnesses(came: Came, keys: Place) -> Iterator[Place]:
    """One element settles it: both its conditions are what makes it one."""
    for element in came.elements:
        if _is_witness(came, element):
            yield from _all_known(parts(element), (*keys, element.key))


def _is_witness(came: Came, element: Element) -> bool:
    assert isinstance(came.node, Quantifier)
    wanted = came.node.op != "every"
    return element.chosen is True and element.expected is wanted


def _whole_list(came: Came, keys: Place) -> Iterator[Place]:
    """Every element counts, and that there are no others."""
    node = came.node
    yield (node.id, *keys)
    for element in came.elements:
        inner = (*keys, element.key)
        if isinstance(node, Tally):
            counted = parts(element) if element.chosen else _only(element.where)
            if element.chosen is False or None not in (element.chosen, element.expected):
                yield from _all_known(counted, inner)
        else:
            assert isinstance(node, Quantifier)
            if element.chosen is False:
                yield from _all_known(_only(element.where), inner)
            if element.expected is (node.op == "every"):
                yield from _all_known(_only(element.expect), inner)


def _only(part: Came | None) -> tuple[Came, ...]:
    return () if part is None else (part,)


def _all_known(trees: Iterable[Came], keys: Place) -> Iterator[Place]:
    for tree in trees:
        yield from known_places(tree, keys)


def parts(element: Element) -> tuple[Came, ...]:
    """``where`` and ``expect``, as far as there are any."""
    return tuple(part for part in (element.where, element.expect) if part is not None)


def walks_elements(came: Came) -> bool:
    """Whether a node asks about the elements of a list in the document."""
    node = came.node
    return isinstance(node, Quantifier) or (isinstance(node, Tally) and node.path is not None)


def matters(came: Came, element: Element) -> bool | None:
    """What an element says in its list; None where that is open."""
    chosen, expected = element.chosen, element.expected
    if isinstance(came.node, Tally):
        return False if chosen is False else None if chosen is None else expected
    if isinstance(came.node, Quantifier) and came.node.op == "every":
        expected = negation(expected)
    if chosen is False or expected is False:
        return False
    return None if None in (chosen, expected) else True
