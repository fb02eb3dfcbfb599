"""Input documents of an example inventory, and what engines say of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from compliance.assessment.details import Details
from compliance.assessment.parameters import Parameters
from compliance.assessment.plan import plan_policy
from compliance.assessment.readings import Readings
from compliance.assessment.totals import add_up
from compliance.engine.interface import Engine, Evaluation
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.load import load_inventory
from compliance.inventory.store import Inventory
from compliance.policy.bundle import Bundle
from compliance.policy.model import APPLIES

AS_OF = datetime.date(2026, 11, 23)
NOT_APPLICABLE = "not_applicable"


def example_folders(root: Path) -> tuple[Path, ...]:
    """Every example inventory of the repository, by name."""
    examples = root / "examples"
    coverage = sorted(path for path in (examples / "coverage").iterdir() if path.is_dir())
    return (examples / "health-agency", examples / "minimal", *coverage)


@dataclass(frozen=True)
class Example:
    """One example inventory with the documents a policy reads from it."""

    inventory: Inventory
    bundle: Bundle

    @classmethod
    def read(cls, folder: Path, kinds: Kinds, bundle: Bundle) -> Example:
        """Reads the inventory of a folder."""
        loaded = load_inventory([folder], kinds, AS_OF)
        assert loaded.inventory is not None, "\n".join(map(str, loaded.problems))
        return cls(loaded.inventory, bundle)

    @cached_property
    def builder(self) -> DocumentBuilder:
        """Builds the documents."""
        return DocumentBuilder(self.inventory, self.bundle.reads, {}, self.bundle.measures)

    def counted(self) -> Iterator[dict[str, Any]]:
        """Documents of the first pass, in the order of kind and id."""
        for kind in sorted(self.bundle.measures):
            yield from map(self.builder.measure, self.inventory.iterate(kind))

    def documents(self, engine: Engine) -> list[dict[str, Any]]:
        """Documents of every subject, in the order of kind and id.

        Args:
            engine: counts what agency rules add up.
        """
        policy = self.bundle.policy
        parameters = Parameters(policy.id, policy.parameters, {}, AS_OF)
        plan = plan_policy(policy, parameters, AS_OF)
        details = Details(Readings(self.inventory))
        first = add_up(plan, engine, self.inventory, self.builder.measure, details)
        assert not first.errors
        totals = first.document()
        return [
            self.builder.build(record, totals if kind == AGENCY else None)
            for kind in sorted(policy.subjects)
            for record in self.inventory.iterate(kind)
        ]


def occurring(evaluations: Iterable[Evaluation], bundle: Bundle) -> set[tuple[str, str]]:
    """Pairs of rule and status.

    A rule with conditions of its own counts as not applicable only where the policy applies, so
    that it is the rule's condition that is false.
    """
    conditional = {rule.id for rule in bundle.rules if rule.when is not None}
    found = set()
    for evaluation in evaluations:
        assert not evaluation.errors
        applies = evaluation.statuses.get(APPLIES, "satisfied") == "satisfied"
        for rule, marked in evaluation.statuses.items():
            status = marked.partition("+")[0]
            if rule in conditional and status == NOT_APPLICABLE and not applies:
                continue
            found.add((rule, status))
    return found
