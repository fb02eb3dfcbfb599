"""An evaluator of condition trees, written apart from the compiler to be compared with it.

Slow and straightforward: a condition tree and an input document give a tree of outcomes
(:class:`Came`), and everything else is read from that: statuses, the answers a tally counts, what
``why`` lists. Three values: True, False, and None for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compliance.policy.conditions import (
    Group,
    Leaf,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    from_data,
    walk,
)
from compliance.policy.model import ParameterDefinition
from tests.oracle.operators import Outcome, Surroundings, scalar, test_leaf
from tests.oracle.tallies import Total, decide, read_total
from tests.oracle.values import look_up, look_up_link

WORDS: Mapping[Outcome, str] = {True: "true", False: "false", None: "unknown"}

RegoAnswer = Callable[[RegoCondition, Mapping[str, Any]], tuple[Outcome, tuple[str, ...]]]
"""Stands in for a condition written in Rego: its outcome on a document and its unknown facts."""


@dataclass(frozen=True)
class RuleTrees:
    """All of a rule that its status depends on."""

    id: str
    expect: Node
    applies: Node | None = None
    when: Node | None = None
    otherwise: Node | None = None
    mark: str | None = None
    """Mark of a subject that ``otherwise`` alone satisfies."""
    outer_limit: bool = False

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RuleTrees:
        """The trees of a JSON form with the same keys."""
        trees = {
            root: from_data(data[root])
            for root in ("applies", "when", "otherwise")
            if data.get(root) is not None
        }
        return cls(
            data["id"], from_data(data["expect"]), **trees,
            mark=data.get("mark"), outer_limit=data.get("outer_limit", False),
        )  # fmt: skip

    def parts(self) -> dict[str, Node]:
        """The trees there are, by root."""
        trees = {name: getattr(self, name) for name in ("applies", "when", "expect", "otherwise")}
        return {name: tree for name, tree in trees.items() if tree is not None}


@dataclass(frozen=True)
class Came:
    """How a node came out, and everything below it."""

    node: Node
    outcome: Outcome
    below: tuple[Came, ...] = ()
    elements: tuple[Element, ...] = ()
    """For a quantifier or a tally over a list: one an element, in order."""
    complete: bool = True
    """For those: no element is missing."""
    unknown_facts: tuple[str, ...] = ()
    """For a condition written in Rego."""


@dataclass(frozen=True)
class Element:
    """How the conditions on one element of a list came out."""

    key: str
    """The record's id, or the number of the element in the list."""
    where: Came | None
    expect: Came | None

    @property
    def chosen(self) -> Outcome:
        """Whether ``where`` holds."""
        return True if self.where is None else self.where.outcome

    @property
    def expected(self) -> Outcome:
        """Whether ``expect`` holds."""
        return True if self.expect is None else self.expect.outcome


@dataclass(frozen=True)
class Judgement:
    """How a rule came out on one document."""

    rule: RuleTrees
    roots: Mapping[str, Came]
    """Its trees, by root."""

    @property
    def status(self) -> str:
        """``satisfied``, ``satisfied+<mark>``, ``gap``, ``unknown`` or ``not_applicable``."""
        applicable = both(self._outcomes("applies", "when"))
        if applicable is False:
            return "not_applicable"
        expected = either(self._outcomes("expect", "otherwise"))
        if expected is True:
            if self.roots["expect"].outcome is not True:
                return f"satisfied+{self.rule.mark}"
            return "satisfied+outer_limit_only" if self.rule.outer_limit else "satisfied"
        return "gap" if applicable and expected is False else "unknown"

    @property
    def leaf_outcomes(self) -> dict[str, Any]:
        """The outcome of every leaf, in the form ``why`` gives for one rule."""
        return {key: value for came in self.roots.values() for key, value in leaves(came).items()}

    def _outcomes(self, *roots: str) -> list[Outcome]:
        return [self.roots[root].outcome for root in roots if root in self.roots]


@dataclass(frozen=True)
class Evaluator:
    """Evaluates rules on one input document after the other."""

    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    rego: RegoAnswer | None = None
    at: str | None = None
    """Date whose parameter values are used, where it is not ``as_of``."""

    def status(self, rule: RuleTrees, document: Mapping[str, Any]) -> str:
        """``satisfied``, ``satisfied+<mark>``, ``gap``, ``unknown`` or ``not_applicable``."""
        return self.judge(rule, document).status

    def applicability(self, applies: Node, document: Mapping[str, Any]) -> str:
        """The status of the pseudo-rule ``applies``."""
        outcome = self.came("applies", applies, document).outcome
        return {True: "satisfied", False: "not_applicable", None: "unknown"}[outcome]

    def judge(self, rule: RuleTrees, document: Mapping[str, Any]) -> Judgement:
        """How all trees of a rule came out."""
        today = replace(self, at=None)  # whether a policy applies is asked once, for today
        came = {
            name: (today if name == "applies" else self).came(rule.id, tree, document)
            for name, tree in rule.parts().items()
        }
        return Judgement(rule, came)

    def came(self, rule_id: str, tree: Node, document: Mapping[str, Any]) -> Came:
        """How one tree of a rule came out."""
        around = Surroundings(document, document, self.parameters, self.at)
        return _Walk(rule_id, self.rego).came(tree, around)

    def leaf_outcomes(self, rule: RuleTrees, document: Mapping[str, Any]) -> dict[str, Any]:
        """The outcome of every leaf, in the form ``why`` gives for one rule."""
        return self.judge(rule, document).leaf_outcomes

    def measure(self, rule: RuleTrees, kind: str, document: Mapping[str, Any]) -> dict[str, str]:
        """How a record of a kind counts in the rule's tallies over that kind.

        Keys are ``<rule>/<node id>``; a tally whose ``where`` is false for the record has none.
        """
        answers = {}
        for tally in tallies(rule):
            if tally.of != kind:
                continue
            around = Surroundings(document, document, self.parameters, self.at)
            around = around.within(tally.element, document.get(kind))
            parts = (tally.where, tally.expect)
            inside = _Walk(rule.id, self.rego)
            where, expect = (inside.came(part, around) if part else None for part in parts)
            counted = counts(Element("", where, expect))
            if counted is not None:
                answers[f"{rule.id}/{tally.id}"] = counted
        return answers


def tallies(rule: RuleTrees) -> list[Tally]:
    """The rule's tallies over whole kinds."""
    nodes = (node for tree in rule.parts().values() for node in walk(tree))
    return [node for node in nodes if isinstance(node, Tally) and node.of is not None]


def leaves(came: Came) -> dict[str, Any]:
    """Leaf outcomes by node id, elements of lists by key below the quantifier's id."""
    node = came.node
    if isinstance(node, Group):
        return {key: value for part in came.below for key, value in leaves(part).items()}
    if isinstance(node, RegoCondition):
        facts = sorted(came.unknown_facts)
        return {node.id: {"outcome": WORDS[came.outcome], "unknown_facts": facts}}
    if isinstance(node, Leaf) or (isinstance(node, Tally) and node.of is not None):
        return {node.id: WORDS[came.outcome]}
    elements: dict[str, Any] = {}
    for element in came.elements:
        parts = (part for part in (element.where, element.expect) if part is not None)
        assert element.key not in elements, "two elements of one name"
        elements[element.key] = {k: v for part in parts for k, v in leaves(part).items()}
    return {node.id: {"complete": came.complete, "elements": elements}}


def both(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's AND; true for nothing."""
    found = list(outcomes)
    if False in found:
        return False
    return None if None in found else True


def either(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's OR; false for nothing."""
    found = list(outcomes)
    if True in found:
        return True
    return None if None in found else False


def negation(outcome: Outcome) -> Outcome:
    """Kleene's NOT."""
    return None if outcome is None else not outcome


def counts(element: Element) -> str | None:
    """How an element counts in a tally: ``true``, ``false``, ``unknown``, or None: not at all."""
    if element.chosen is False:
        return None
    if element.chosen is None:
        return WORDS[None]
    return WORDS[element.expected]


@dataclass(frozen=True)
class _Walk:
    rule_id: str
    rego: RegoAnswer | None

    def came(self, node: Node, around: Surroundings) -> Came:
        match node:
            case Leaf():
                return Came(node, test_leaf(node, around))
            case Group():
                return self._group(node, around)
            case Quantifier():
                return self._quantifier(node, around)
            case Tally():
                return self._tally(node, around)
            case RegoCondition():
                if self.rego is None:
                    raise ValueError(f"nothing stands in for the Rego of {self.rule_id}")
                outcome, facts = self.rego(node, around.document)
                return Came(node, outcome, unknown_facts=facts)

    def _group(self, node: Group, around: Surroundings) -> Came:
        below = tuple(self.came(child, around) for child in node.children)
        outcomes = [part.outcome for part in below]
        match node.op:
            case "all":
                return Came(node, both(outcomes), below)
            case "any":
                return Came(node, either(outcomes), below)
            case "not":
                return Came(node, negation(outcomes[0]), below)
        raise ValueError(f"{node.id}: {node.op}?")

    def _quantifier(self, node: Quantifier, around: Surroundings) -> Came:
        elements, complete = self._elements(node, around)
        open_end = [] if complete else [None]
        if node.op == "every":
            each = [either((negation(e.chosen), e.expected)) for e in elements]
            outcome = both([*each, *open_end])
        else:
            found = [both((e.chosen, e.expected)) for e in elements]
            outcome = either([*found, *open_end])
            outcome = negation(outcome) if node.op == "none" else outcome
        return Came(node, outcome, elements=elements, complete=complete)

    def _elements(
        self, node: Quantifier | Tally, around: Surroundings
    ) -> tuple[tuple[Element, ...], bool]:
        assert node.path is not None
        raw, complete = read_list(str(node.list), node.path, around.scope)
        elements = []
        for number, value in enumerate(raw):
            inner = around.within(node.element, value)
            where = self.came(node.where, inner) if node.where is not None else None
            expect = self.came(node.expect, inner) if node.expect is not None else None
            elements.append(Element(key_of(str(node.list), value, number), where, expect))
        return tuple(elements), complete

    def _tally(self, node: Tally, around: Surroundings) -> Came:
        bound = scalar(node.value, "number", around)
        if node.of is not None:
            totals = around.document.get("totals")
            entry = totals.get(f"{self.rule_id}/{node.id}") if isinstance(totals, dict) else None
            return Came(node, decide(node, read_total(entry), bound))
        elements, complete = self._elements(node, around)
        answers = [counts(element) for element in elements]
        total = Total(
            answers.count("true"), answers.count("false"), answers.count("unknown"), complete
        )
        return Came(node, decide(node, total, bound), elements=elements, complete=complete)


def read_list(kind: str, path: str, scope: Mapping[str, Any]) -> tuple[list[Any], bool]:
    """The raw elements a quantifier walks, and whether there are no others."""
    if kind in ("link", "reverse"):
        raw, key = look_up_link(scope, path), "records"
    else:
        raw, key = look_up(scope, path), "members"
    if kind == "list":
        return (raw, True) if isinstance(raw, list) else ([], False)
    members = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(members, list):
        return [], False
    return members, raw.get("complete") is True


def key_of(kind: str, value: Any, number: int) -> str:
    """The name ``why`` gives an element: a record's id, or the number of a list's member."""
    if kind in ("link", "reverse") and isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    return str(number)
