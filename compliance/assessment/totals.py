"""The first pass: counts and shares over all records of a kind, added up while they stream by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from compliance.assessment.details import Case, Details, Total, weakest_assurance
from compliance.assessment.model import ASSURANCES, Settling
from compliance.assessment.plan import PolicyPlan, RulePlan
from compliance.assessment.readings import Readings
from compliance.engine.interface import Document, Engine, Measures
from compliance.inventory.store import Inventory, Record
from compliance.policy.conditions import Tally, children, walk
from compliance.policy.explanation import Step
from compliance.policy.kleene import FALSE, OPEN, TRUE

BATCH = 200
"""Records whose documents are held at once."""

_Item = TypeVar("_Item")


@dataclass(slots=True)
class _Sum:
    """One count or share while it is added up."""

    plan: RulePlan
    node: Tally
    outcomes: dict[str, int] = field(default_factory=lambda: {TRUE: 0, FALSE: 0, OPEN: 0})
    settling: set[Settling] = field(default_factory=set)
    assurance: str | None = None

    @property
    def key(self) -> str:
        """As the policy's ``measures`` has it."""
        return f"{self.plan.id}/{self.node.id}"


@dataclass(frozen=True)
class FirstPass:
    """What the first pass found."""

    totals: Mapping[str, Mapping[str, Total]]
    """By rule id (dated versions included), by node id."""
    errors: Mapping[str, str]
    """By rule id: what the engine said of a record it could not count."""

    def document(self) -> dict[str, Any]:
        """The ``totals`` of the agency's input document."""
        return {
            f"{rule}/{node}": total.document()
            for rule, nodes in self.totals.items()
            for node, total in nodes.items()
        }


def add_up(
    plan: PolicyPlan,
    engine: Engine,
    inventory: Inventory,
    measure: Callable[[Record], Document],
    details: Details,
) -> FirstPass:
    """Add up every count and share over a kind.

    Args:
        plan: the policy's rules.
        engine: evaluates the policy.
        inventory: whose records are counted.
        measure: builds the input document of a record for this pass.
        details: names what is missing from records that could not be counted.
    """
    sums = [
        _Sum(rule, node)
        for rule in plan.rules.values()
        for tree in rule.trees.values()
        for node in walk(tree)
        if isinstance(node, Tally) and node.of is not None
    ]
    errors: dict[str, str] = {}
    for kind in sorted({str(one.node.of) for one in sums}):
        of_kind = [one for one in sums if one.node.of == kind]
        for records in batches(inventory.iterate(kind)):
            measured = engine.measure([measure(record) for record in records])
            for record, found in zip(records, measured, strict=True):
                _count(of_kind, record, found, details, errors)
    totals: dict[str, dict[str, Total]] = {}
    readings = Readings(inventory)
    for one in sums:
        totals.setdefault(one.plan.id, {})[one.node.id] = _total(one, inventory, readings)
    return FirstPass(totals, errors)


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """Lists of at most ``size`` items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _count(
    sums: list[_Sum], record: Record, found: Measures, details: Details, errors: dict[str, str]
) -> None:
    for one in sums:
        if found.error is not None:
            errors.setdefault(one.plan.id, f"{record.subject}: {found.error}")
        elif one.key in found.outcomes:
            _add(one, record, found.outcomes[one.key], details)


def _add(one: _Sum, record: Record, outcome: str, details: Details) -> None:
    one.outcomes[outcome] += 1
    case = Case(record, one.plan.expectations, {})
    scope = (Step(one.node, record.id),)
    if outcome == OPEN:
        for part in children(one.node):
            one.settling.update(details.missing(part, case, scope))
    if one.assurance != ASSURANCES[-1]:
        known = [a for part in children(one.node) for a in details.assurances(part, case, scope)]
        one.assurance = weakest_assurance([*known, *([one.assurance] if one.assurance else [])])


def _total(one: _Sum, inventory: Inventory, readings: Readings) -> Total:
    kind = str(one.node.of)
    settling = {*one.settling, *readings.missing_kind(kind)}
    return Total(
        kind,
        one.outcomes[TRUE],
        one.outcomes[FALSE],
        one.outcomes[OPEN],
        inventory.complete_on(kind),
        tuple(sorted(settling, key=lambda fact: (fact.path, fact.subject, fact.element or ""))),
        one.assurance,
    )
