"""What a finding says beside its status: the leaves that decided it, what settles it, assurance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compliance.assessment.expectation import Expectations
from compliance.assessment.mending import ordered
from compliance.assessment.model import ASSURANCES, Expected, Leaf, Settling
from compliance.assessment.readings import KNOWN, MISSING, Readings, Spot
from compliance.inventory.store import Record
from compliance.policy import conditions
from compliance.policy.conditions import (
    FactValue,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
    walk,
)
from compliance.policy.explanation import Bound, Explained, Scope, Step
from compliance.policy.kleene import OPEN


@dataclass(frozen=True, slots=True)
class Total:
    """A count or share over all records of a kind, added up in the first pass."""

    kind: str
    true: int = 0
    false: int = 0
    unknown: int = 0
    complete: bool = False
    settling: tuple[Settling, ...] = ()
    """What is missing from the records that could not be counted, and of the list itself."""
    assurance: str | None = None

    def document(self) -> dict[str, Any]:
        """The form an input document carries."""
        return {
            "true": self.true,
            "false": self.false,
            "unknown": self.unknown,
            "complete": self.complete,
        }


Totals = Mapping[str, Total]
"""Totals of one rule, by node id."""


@dataclass(slots=True)
class Case:
    """One rule for one subject."""

    subject: Record
    expectations: Expectations
    totals: Totals


class Details:
    """Makes leaves and settling facts of what an explanation names."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self.belonging = readings.belonging

    def bound(self, case: Case) -> Bound:
        """Resolves what the counts and shares of a rule are compared with."""

        def number(value: Value, scope: Scope) -> Decimal | None:
            # The number itself, also a sensitive one: it is compared with and goes no further.
            found = case.expectations.resolve(
                value, lambda one: self._readings.spot(one.path, case.subject, scope).value
            ).value
            if isinstance(found, bool) or not isinstance(found, int | float):
                return None
            return Decimal(str(found))

        return number

    def leaves(self, found: Iterable[Explained], case: Case) -> tuple[Leaf, ...]:
        """What was expected and observed at each place an explanation names."""
        leaves: list[Leaf] = []
        for one in found:
            if isinstance(one.node, conditions.Leaf):
                leaves.append(self._of_leaf(one, one.node, case))
            else:
                leaves += self._leaves(one, case)
        return tuple(leaves)

    def settling(self, found: Iterable[Explained], case: Case) -> tuple[Settling, ...]:
        """The facts that would settle what an explanation names, each once, in order."""
        facts = {fact for one in found for fact in self._settling(one, case)}
        return tuple(facts) if len(facts) < 2 else ordered(facts)

    def changes(self, found: Iterable[Explained], case: Case) -> tuple[Settling, ...]:
        """The facts behind nodes that would have to come out otherwise, each once, in order."""
        return ordered(fact for one in found for fact in self._changing(one, case))

    def _changing(self, found: Explained, case: Case) -> Iterator[Settling]:
        node = found.node
        if found.outcome == OPEN or (
            isinstance(node, Quantifier) and node.op == "every" and not found.complete
        ):
            yield from self._settling(found, case)
            return
        if isinstance(node, Tally) and node.of is not None:
            yield Settling(node.of, case.subject.subject)
            return
        own = self._read_by(node, case, found.scope)
        others: list[Spot] = []
        if isinstance(node, conditions.Leaf):
            # What cannot be compared with, such as a number of days, would leave it unknown.
            own, others = own[:1], own[1:]
        for spot in own:
            yield Settling(spot.full_path, spot.record.subject, spot.element)
        for spot in others:
            yield from self._readings.missing(spot)

    def settling_paths(self, found: Iterable[Explained]) -> tuple[str, ...] | None:
        """What :meth:`settling` names, where it is the same for every subject of a rule.

        Returns:
            Paths of facts of the subject or the agency itself, each once, in order; None where
            what settles depends on what stands there.
        """
        paths = set()
        for one in found:
            node = one.node
            if one.scope or not isinstance(node, conditions.Leaf) or not self.is_plain(node):
                return None
            paths.add(node.path)
        return tuple(sorted(paths))

    def holder(self, path: str, subject: Record) -> str:
        """The record whose fact a path names: the subject, or the agency."""
        head = path.partition(".")[0]
        return subject.subject if head == subject.kind else self._readings.agency.subject

    def is_plain(self, leaf: conditions.Leaf) -> bool:
        """Whether a leaf that is unknown waits for its own fact, whatever is written there."""
        return self.compares(leaf) and self._readings.entered(leaf.path)

    def compares(self, node: Node) -> bool:
        """Whether what a node says of a record follows from its outcomes and the rule alone.

        That is so of groups and of tests against values; of a list of the subject's own where its
        members are known by their keys.
        """
        match node:
            case conditions.Leaf(value=value, days=days):
                return not isinstance(value, FactValue) and not isinstance(days, FactValue)
            case Quantifier() | Tally(of=None):
                inside = [part for child in conditions.children(node) for part in walk(child)]
                nested = any(isinstance(part, Quantifier | Tally) for part in inside)
                compared = isinstance(node, Tally) and isinstance(node.value, FactValue)
                return not nested and not compared and self._readings.keyed(str(node.path))
            case _:
                return isinstance(node, conditions.Group)

    def assurance(self, trees: Iterable[Node], case: Case) -> str | None:
        """The weakest assurance of all known facts that conditions read."""
        return weakest_assurance(
            assurance for tree in trees for assurance in self.assurances(tree, case, ())
        )

    def missing(self, tree: Node, case: Case, scope: Scope) -> Iterator[Settling]:
        """Every fact a condition reads that is missing, whether or not it would settle anything."""
        for spot in self._read_by(tree, case, scope):
            yield from self._readings.missing(spot)
            if isinstance(tree, Quantifier | Tally):
                for key in self._readings.keys(spot):
                    for part in conditions.children(tree):
                        yield from self.missing(part, case, (*scope, Step(tree, key)))
        if isinstance(tree, conditions.Group):
            for child in tree.children:
                yield from self.missing(child, case, scope)

    def assurances(self, tree: Node, case: Case, scope: Scope) -> Iterator[str]:
        """The assurance of every known fact a condition reads."""
        if isinstance(tree, Tally) and tree.of is not None:
            total = case.totals.get(tree.id)
            if total and total.assurance:
                yield total.assurance
            return
        for spot in self._read_by(tree, case, scope):
            yield from self._readings.assurances(spot)
            if isinstance(tree, Quantifier | Tally):
                for key in self._readings.keys(spot):
                    for part in conditions.children(tree):
                        yield from self.assurances(part, case, (*scope, Step(tree, key)))
        if isinstance(tree, conditions.Group):
            for child in tree.children:
                yield from self.assurances(child, case, scope)

    def _leaves(self, found: Explained, case: Case) -> Iterator[Leaf]:
        node = found.node
        match node:
            case RegoCondition():
                expected = Expected(case.expectations.words(node))
                for path in node.facts:
                    for spot in self._readings.walk(path, case.subject):
                        yield self._leaf(found, "rego", spot, expected)
            case Tally(of=str()):
                yield self._total(found, node, case)
            case Quantifier() | Tally():
                yield self._list(found, node, case)

    def _of_leaf(self, found: Explained, node: conditions.Leaf, case: Case) -> Leaf:
        spot = self._readings.spot(node.path, case.subject, found.scope)
        expected = case.expectations.leaf(node, lambda value: self._other(value, case, found.scope))
        return self._leaf(found, node.test, spot, expected)

    def _leaf(self, found: Explained, test: str, spot: Spot, expected: Expected) -> Leaf:
        readings = self._readings
        return Leaf(
            id=found.node.id,
            path=spot.full_path,
            subject=spot.record.subject,
            test=test,
            expected=expected,
            outcome=found.outcome,
            state=readings.state(spot),
            observed=readings.observed(spot),
            element=spot.element,
            position=readings.position(spot),
            provenance=readings.provenance(spot),
        )

    def _list(self, found: Explained, node: Quantifier | Tally, case: Case) -> Leaf:
        spot = self._readings.spot(str(node.path), case.subject, found.scope)
        if isinstance(node, Quantifier):
            expected = case.expectations.quantifier(node)
        else:
            expected = case.expectations.bound(
                node, lambda value: self._other(value, case, found.scope)
            )
        return self._leaf(found, node.op, spot, expected)

    def _total(self, found: Explained, node: Tally, case: Case) -> Leaf:
        total = case.totals.get(node.id)
        expected = case.expectations.bound(node, lambda value: self._other(value, case, ()))
        return Leaf(
            id=node.id,
            path=str(node.of),
            subject=case.subject.subject,
            test=node.op,
            expected=expected,
            outcome=found.outcome,
            state=KNOWN if total else MISSING,
            observed=total.document() if total else None,
        )

    def _settling(self, found: Explained, case: Case) -> Iterator[Settling]:
        node = found.node
        match node:
            case conditions.Leaf():
                yield from self._missing(self._read_by(node, case, found.scope), surely=True)
            case RegoCondition():
                for path in found.unknown_facts or node.facts:
                    spots = list(self._readings.walk(path, case.subject))
                    yield from self._missing(spots, surely=bool(found.unknown_facts))
            case Tally(of=str()):
                total = case.totals.get(node.id)
                yield from total.settling if total else ()
                yield from self._missing(self._compared([node.value], case, found.scope))
            case Quantifier() | Tally():
                spot = self._readings.spot(str(node.path), case.subject, found.scope)
                if not found.complete:
                    yield from self._readings.missing(spot)
                if isinstance(node, Tally):
                    yield from self._missing(self._compared([node.value], case, found.scope))

    def _missing(self, spots: Sequence[Spot], surely: bool = False) -> Iterator[Settling]:
        """What is missing of some facts; of facts that are all there but no use, each of them."""
        named = [fact for spot in spots for fact in self._readings.missing(spot)]
        if not named and surely:
            named = [Settling(s.full_path, s.record.subject, s.element) for s in spots]
        yield from named

    def _compared(self, values: Iterable[Value], case: Case, scope: Scope) -> list[Spot]:
        return [
            self._readings.spot(value.path, case.subject, scope)
            for value in values
            if isinstance(value, FactValue)
        ]

    def _other(self, value: FactValue, case: Case, scope: Scope) -> Any:
        return self._readings.observed(self._readings.spot(value.path, case.subject, scope))

    def _read_by(self, node: Node, case: Case, scope: Scope) -> list[Spot]:
        """The facts a node reads itself; for a list, the list."""
        match node:
            case conditions.Leaf():
                values = [value for value in (node.value, node.days) if value is not None]
                own = self._readings.spot(node.path, case.subject, scope)
                return [own, *self._compared(values, case, scope)]
            case RegoCondition():
                return [
                    spot for path in node.facts for spot in self._readings.walk(path, case.subject)
                ]
            case Quantifier() | Tally():
                return [self._readings.spot(str(node.path), case.subject, scope)]
            case _:
                return []


def weakest_assurance(assurances: Iterable[str]) -> str | None:
    """The weakest of some assurances, None of none."""
    weakest = -1
    for assurance in assurances:
        weakest = max(weakest, ASSURANCES.index(assurance))
        if weakest == len(ASSURANCES) - 1:
            break
    return ASSURANCES[weakest] if weakest >= 0 else None


def leaf_assurance(leaves: Iterable[Leaf]) -> str | None:
    """The weakest assurance of the known facts among some leaves."""
    return weakest_assurance(leaf.provenance.assurance for leaf in leaves if leaf.provenance)
