"""Why a rule came out as it did: leaf outcomes of an engine combined over the condition tree.

Pure: it reads trees and outcomes and no inventory. Nothing here decides a status; the engine did.
What is worked out is which leaves decided it, and which facts would settle an unknown. A test holds
the combined status to the engine's.

Leaf outcomes come in the form of the policy's ``why`` entry, by node id::

    {"when": "true",
     "expect.0": {"complete": true, "elements": {"v1": {"expect.0.expect": "false"}}},
     "expect.1": {"outcome": "unknown", "unknown_facts": ["system.mfa"]}}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compliance.policy.conditions import Group, Leaf, Node, Quantifier, RegoCondition, Tally, Value
from compliance.policy.kleene import FALSE, OPEN, TRUE, all_of, any_of, negate, tally
from compliance.policy.model import GAP, NOT_APPLICABLE, SATISFIED, UNKNOWN

SKIPPED = "skipped"
"""An element that a count or share leaves out."""

Outcomes = Mapping[str, Any]
Bound = Callable[[Value, "Scope"], Decimal | None]
"""Gives the number a count or share is compared with, None where it is not known."""


class ExplanationError(RuntimeError):
    """The engine's leaf outcomes do not fit the condition tree: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a list that is walked."""

    list: Quantifier | Tally
    key: str
    """Id of the linked record, or the number of the member from 0."""


Scope = tuple[Step, ...]
"""The elements a node speaks of, outermost first."""


@dataclass(slots=True)
class Element:
    """How a node came out for one element of its list."""

    key: str
    outcome: str
    """For a quantifier, whether the element keeps to it (``every``: not in ``where``, or as
    expected; ``some`` and ``none``: in ``where`` and as expected). For a count or share, whether
    it counts as meeting ``expect``; ``skipped`` where it is not counted at all."""
    parts: tuple[Explained, ...]
    """``where`` and ``expect``, as far as the node has them."""


@dataclass(slots=True)
class Explained:
    """A node of a condition with its outcome."""

    node: Node
    outcome: str
    scope: Scope = ()
    children: tuple[Explained, ...] = ()
    elements: tuple[Element, ...] = ()
    complete: bool | None = None
    """Whether the list that is walked is complete; None for nodes that walk none."""
    unknown_facts: tuple[str, ...] = ()
    """For a condition written in Rego: what it says is missing."""

    @property
    def key(self) -> tuple[str, ...]:
        """Node id and the element of each list on the way: unique in a rule."""
        return (self.node.id, *(step.key for step in self.scope))


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """All trees of one rule for one subject."""

    expect: Explained
    applies: Explained | None = None
    when: Explained | None = None
    otherwise: Explained | None = None

    @property
    def applicable(self) -> str:
        """Whether the rule applies, as a Kleene value."""
        return all_of(tree.outcome for tree in self._applicability)

    @property
    def expected(self) -> str:
        """Whether what the rule asks holds, as a Kleene value."""
        return any_of(tree.outcome for tree in self._expectation)

    @property
    def status(self) -> str:
        """The status the trees come to; equal to the engine's."""
        if self.applicable == FALSE:
            return NOT_APPLICABLE
        if self.expected == TRUE:
            return SATISFIED
        return GAP if self.applicable == TRUE and self.expected == FALSE else UNKNOWN

    @property
    def by_otherwise(self) -> bool:
        """Whether only ``otherwise`` holds."""
        return self.expect.outcome != TRUE and self.expected == TRUE

    def deciding(self) -> tuple[Explained, ...]:
        """The leaves, totals, Rego conditions and lists that made the status what it is."""
        status = self.status
        if status == UNKNOWN:
            return self.settling()
        trees = self._applicability
        if status == NOT_APPLICABLE:
            trees = tuple(tree for tree in trees if tree.outcome == FALSE)
        elif status == SATISFIED:
            trees = tuple(tree for tree in self._expectation if tree.outcome == TRUE)
        else:
            trees += self._expectation
        return tuple(found for tree in trees for found in deciding(tree))

    def settling(self) -> tuple[Explained, ...]:
        """What is unknown and would settle an unknown status if it were known."""
        trees = (*self._applicability, *self._expectation)
        return tuple(found for tree in trees for found in settling(tree))

    @property
    def _applicability(self) -> tuple[Explained, ...]:
        return tuple(tree for tree in (self.applies, self.when) if tree)

    @property
    def _expectation(self) -> tuple[Explained, ...]:
        return tuple(tree for tree in (self.expect, self.otherwise) if tree)


def explain(node: Node, outcomes: Outcomes, bound: Bound, scope: Scope = ()) -> Explained:
    """Combine leaf outcomes to the outcome of a tree and of every node in it.

    Args:
        node: the tree.
        outcomes: outcomes by node id, as ``why`` gives them.
        bound: resolves the number a count or share over a list is compared with.
        scope: elements the tree speaks of.

    Raises:
        ExplanationError: an outcome is missing or has another form.
    """
    if isinstance(node, Group):
        children = tuple(explain(child, outcomes, bound, scope) for child in node.children)
        return Explained(node, _group(node.op, children), scope, children)
    found = outcomes.get(node.id)
    if isinstance(node, Leaf) or (isinstance(node, Tally) and node.of is not None):
        return Explained(node, _outcome(node, found), scope)
    if not isinstance(found, Mapping):
        raise ExplanationError(f"{node.id}: no outcome, but {found!r}")
    if isinstance(node, RegoCondition):
        unknown = tuple(sorted(found.get("unknown_facts", ())))
        return Explained(node, _outcome(node, found.get("outcome")), scope, unknown_facts=unknown)
    return _over_list(node, found, bound, scope)


def explain_rule(
    trees: Mapping[str, Node | None], outcomes: Outcomes, bound: Bound
) -> RuleExplanation:
    """Combine the leaf outcomes of one rule.

    Args:
        trees: condition trees by root: ``expect``, and ``applies``, ``when``, ``otherwise``
            where the rule has them.
        outcomes: outcomes by node id, as ``why`` gives them for the rule.
        bound: see :func:`explain`.

    Raises:
        ExplanationError: an outcome is missing or has another form.
    """
    explained = {
        root: explain(tree, outcomes, bound) for root, tree in trees.items() if tree is not None
    }
    return RuleExplanation(**explained)


def deciding(explained: Explained) -> Iterator[Explained]:
    """The leaves, totals, Rego conditions and lists that made a node come out as it did.

    A list is among them where its completeness or its size matters: ``some`` that is false,
    ``every`` that is true, any count.
    """
    node, outcome = explained.node, explained.outcome
    if outcome == OPEN:
        yield from settling(explained)
    elif isinstance(node, Group):
        for child in explained.children:
            if _decides(node.op, child.outcome, outcome):
                yield from deciding(child)
    elif explained.complete is None:
        yield explained
    else:
        yield from _deciding_elements(explained)


def settling(explained: Explained) -> Iterator[Explained]:
    """The unknown leaves, totals, Rego conditions and incomplete lists behind an unknown node.

    Walks through unknown nodes only: what is known, or cannot change the outcome, is left out.
    """
    if explained.outcome != OPEN:
        return
    if isinstance(explained.node, Group):
        for child in explained.children:
            yield from settling(child)
    elif explained.complete is None:
        yield explained
    else:
        if not explained.complete or isinstance(explained.node, Tally):
            yield explained
        for element in explained.elements:
            if element.outcome == OPEN:
                for part in element.parts:
                    yield from settling(part)


def forced(node: Node, outcome: str) -> dict[str, Any] | None:
    """Leaf outcomes of a tree whose root leaves no choice, in the form of ``why``.

    None where several combinations of leaf outcomes give the root that outcome, so that only the
    engine knows which it was.
    """
    if isinstance(node, Group):
        return _forced_group(node, outcome)
    if isinstance(node, Leaf) or (isinstance(node, Tally) and node.of is not None):
        return {node.id: outcome}
    if isinstance(node, RegoCondition) and outcome != OPEN:
        return {node.id: {"outcome": outcome, "unknown_facts": []}}
    return None


def _forced_group(group: Group, outcome: str) -> dict[str, Any] | None:
    inner = negate(outcome) if group.op == "not" else outcome
    settled = TRUE if group.op == "all" else FALSE
    if len(group.children) > 1 and outcome != settled:
        return None
    joined: dict[str, Any] = {}
    for child in group.children:
        part = forced(child, inner)
        if part is None:
            return None
        joined.update(part)
    return joined


def _outcome(node: Node, found: object) -> str:
    if found in (TRUE, FALSE, OPEN):
        return str(found)
    raise ExplanationError(f"{node.id}: no outcome, but {found!r}")


def _group(op: str, children: Sequence[Explained]) -> str:
    outcomes = (child.outcome for child in children)
    if op == "not":
        return negate(next(outcomes))
    return all_of(outcomes) if op == "all" else any_of(outcomes)


def _decides(op: str, child: str, outcome: str) -> bool:
    return op == "not" or child == outcome


def _over_list(
    node: Quantifier | Tally, found: Mapping[str, Any], bound: Bound, scope: Scope
) -> Explained:
    complete, members = found.get("complete") is True, found.get("elements")
    if not isinstance(members, Mapping):
        raise ExplanationError(f"{node.id}: no elements, but {members!r}")
    elements = []
    for key in _ordered(node, members):
        inner = (*scope, Step(node, key))
        parts = [
            explain(part, members[key], bound, inner)
            for part in (node.where, node.expect)
            if part is not None
        ]
        where = parts[0].outcome if node.where else TRUE
        expect = parts[-1].outcome if node.expect else None
        elements.append(Element(key, _element(node, where, expect), tuple(parts)))
    outcomes = [element.outcome for element in elements]
    if isinstance(node, Tally):
        limit = bound(node.value, scope)
        asks = node.expect is not None or node.op == "share"
        outcome = OPEN
        if limit is not None:
            outcome = tally(node.op, node.test, outcomes, complete, asks, limit)
    else:
        outcome = _quantifier(node.op, outcomes, complete)
    return Explained(node, outcome, scope, elements=tuple(elements), complete=complete)


def _ordered(node: Quantifier | Tally, members: Mapping[str, Any]) -> list[str]:
    if node.list in ("list", "derived"):
        return sorted(members, key=int)
    return sorted(members)


def _element(node: Quantifier | Tally, where: str, expect: str | None) -> str:
    if isinstance(node, Quantifier):
        value = expect or TRUE
        return any_of((negate(where), value)) if node.op == "every" else all_of((where, value))
    if where == FALSE:
        return SKIPPED
    return OPEN if where == OPEN else expect or TRUE


def _quantifier(op: str, outcomes: Sequence[str], complete: bool) -> str:
    rest = [] if complete else [OPEN]
    if op == "every":
        return all_of([*outcomes, *rest])
    some = any_of([*outcomes, *rest])
    return negate(some) if op == "none" else some


def _deciding_elements(explained: Explained) -> Iterator[Explained]:
    node, outcome = explained.node, explained.outcome
    witness = {("every", FALSE): FALSE, ("some", TRUE): TRUE, ("none", FALSE): TRUE}
    op = node.op if isinstance(node, Quantifier) else ""
    wanted = witness.get((op, outcome))
    if wanted is None:
        yield explained
    for element in explained.elements:
        if element.outcome == wanted or (wanted is None and element.outcome != OPEN):
            yield from _deciding_parts(node, element)


def _deciding_parts(node: Node, element: Element) -> Iterator[Explained]:
    """The parts of one element that make it count as it does."""
    if isinstance(node, Tally):
        chosen = element.parts[:1] if element.outcome == SKIPPED else element.parts
    elif isinstance(node, Quantifier) and len(element.parts) == 2:
        where, expect = element.parts
        if node.op == "every":
            out, value = negate(where.outcome), element.outcome
        else:
            out, value = where.outcome, element.outcome
        both = (node.op == "every") == (value == FALSE)
        pairs = ((where, out), (expect, expect.outcome))
        chosen = tuple(part for part, found in pairs if both or found == value)
    else:
        chosen = element.parts
    for part in chosen:
        yield from deciding(part)
