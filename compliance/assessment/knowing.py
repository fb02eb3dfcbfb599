"""How complete an inventory is: lists that somebody vouches for, and facts that are known."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.inventory.kinds import AGENCY
from compliance.inventory.store import Inventory


def complete_lists(inventory: Inventory) -> dict[str, str]:
    """Kinds of which the agency says that every record is listed, with the day it says so."""
    kinds = sorted(kind for kind in inventory.kinds if kind != AGENCY)
    dates = {kind: inventory.agency.get(f"complete.{kind}") for kind in kinds}
    return {
        kind: date
        for kind, date in dates.items()
        if isinstance(date, str) and inventory.complete_on(kind)
    }


def known_facts(
    inventory: Inventory, paths: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """How many of the facts that rules read are known of all records together, by kind.

    Args:
        inventory: the records.
        paths: paths of facts headed by their kind. What a person does not enter, and events that
            are simply not there where they never happened, is left out.

    Returns:
        Known facts by kind, and facts that could be known by kind.
    """
    asked: dict[str, list[str]] = {}
    for path in paths:
        kind, _, name = path.partition(".")
        fact = inventory.kinds[kind].facts.get(name) if kind in inventory.kinds else None
        if fact is not None and fact.entered and not fact.absent_none and name != "id":
            asked.setdefault(kind, []).append(name)
    known, possible = {}, {}
    for kind in sorted(asked):
        names, found = asked[kind], 0
        for record in inventory.iterate(kind):
            found += sum(record.get(name) is not None for name in names)
        records = inventory.count(kind)
        if records:
            known[kind], possible[kind] = found, records * len(names)
    return known, possible
