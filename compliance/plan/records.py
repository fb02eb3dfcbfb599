"""Accepted items as records of the inventory, so that rules can ask about the plan.

An item counts only once a named person has accepted it: what the program proposes settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compliance.inventory.kinds import KNOWN_NONE, Kinds
from compliance.inventory.memory import MemoryInventory
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import NOTE
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Inventory, Record
from compliance.plan.model import Plan, PlanItem
from compliance.plan.standing import lacks, was_accepted

KIND = "plan_item"
"""The read-only kind that plan items become."""


def join(inventory: Inventory, plan: Plan) -> None:
    """Add a plan to an inventory, before anything is asked of it.

    Accepted items become records, the plan's files are listed with their digests, and its notes
    with those of the inventory.

    Args:
        inventory: kept in memory.
        plan: the plan beside it, with nothing wrong.
    """
    if not isinstance(inventory, MemoryInventory) or not plan.digests:
        return
    inventory.digests = {**inventory.digests, **plan.digests}
    notes = tuple(problem for problem in plan.problems if problem.kind == NOTE)
    inventory.wrong_values = (*inventory.wrong_values, *notes)
    inventory.add(records(inventory, plan))


def records(inventory: Inventory, plan: Plan) -> Iterator[Record]:
    """The items of a plan that a named person has accepted, as records."""
    if KIND not in inventory.kinds or plan.source is None:
        return
    as_of = inventory.as_of.isoformat()
    for item in plan.items:
        if not (was_accepted(item, as_of) if item.closed else not lacks(item, as_of)):
            continue
        yield _record(item, plan.source, inventory, as_of)


def _record(item: PlanItem, source: SourceFile, inventory: Inventory, as_of: str) -> Record:
    name = item.id.lower()
    ahead = [
        one.due_on
        for one in item.milestones
        if one.due_on and not (one.done_on and one.done_on <= as_of)
    ]
    begun = any(one.done_on and one.done_on <= as_of for one in item.milestones)
    requirements = {one: None for cover in item.covers for one in cover.requirements}
    facts: dict[str, Any] = {
        "id": name,
        "name": item.title,
        "requirements": list(requirements),
        "about": [one for one in item.records if _there(one, inventory)],
        "severity": item.severity,
        "status": "done" if item.closed else "in_progress" if begun else "open",
        "owner": item.owner,
        "accepted_by": item.accepted_by,
        "accepted_on": item.accepted_on,
        "milestone_on": min(ahead, default=KNOWN_NONE),
        "due_on": item.due_on,
        "completed_on": item.closed_on if item.closed else KNOWN_NONE,
    }
    place = RecordPlace(source, ("items", item.index), f"{KIND}/{name}")
    return Record(KIND, name, _known(facts, inventory.kinds), place)


def _there(record: str, inventory: Inventory) -> bool:
    kind, _, name = record.partition("/")
    return kind in inventory.kinds and inventory.get(kind, name) is not None


def _known(facts: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    """The facts that the kind has; a schema may have fewer."""
    return {path: value for path, value in facts.items() if path in kinds[KIND].facts}
