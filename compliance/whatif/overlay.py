"""An inventory as it would be, laid over the one that is; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compliance.inventory.links import kind_of_all, targets
from compliance.inventory.memory import MemoryInventory
from compliance.inventory.problems import closest
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Inventory, Record
from compliance.whatif.supposing import Supposition, SuppositionError

PLACE = "--set"
"""Stands for the file and line of what is only supposed."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """An inventory with suppositions, and to how many records each of them came."""

    inventory: Inventory
    records: tuple[int, ...]
    """Records that each supposition is about, in their order."""
    changed: tuple[int, ...]
    """Records among them that said something else before."""


def suppose(inventory: Inventory, suppositions: Sequence[Supposition]) -> Supposed:
    """The inventory as it would be; the later of two suppositions about one fact counts.

    Args:
        inventory: as it is; not changed.
        suppositions: what is supposed.

    Raises:
        SuppositionError: one is about no record, or links to a record that is not there.
    """
    for one in suppositions:
        _check_link(one, inventory)
    found: dict[str, Record] = {}
    records, changed = [], []
    for one in suppositions:
        source = SourceFile(PLACE, one.value)
        about = [record for record in inventory.iterate(one.fact.kind) if one.takes(record)]
        if not about:
            raise SuppositionError(_about_none(one, inventory))
        before = len(about)
        for record in about:
            current = found.get(record.subject, record)
            steps = tuple(one.fact.path.split("."))
            before -= record.get(one.fact.path) != one.value
            found[record.subject] = current.supposed(steps, one.value, (source, ()))
        records.append(len(about))
        changed.append(len(about) - before)
    return Supposed(_with(inventory, found), tuple(records), tuple(changed))


def _with(inventory: Inventory, found: dict[str, Record]) -> Inventory:
    records: Iterable[Record] = (
        found.get(record.subject, record) for record in inventory.iterate()
    )
    made = MemoryInventory(inventory.kinds, inventory.as_of, records)
    made.inheritance = inventory.inheritance
    made.digests = inventory.digests
    made.wrong_values = inventory.wrong_values
    made.answers = inventory.answers
    return made


def _about_none(one: Supposition, inventory: Inventory) -> str:
    kind = one.fact.kind
    if not inventory.count(kind):
        return f"The inventory has no record of the kind {kind}, so {one.text} changes nothing."
    said = " and ".join(f"{each.fact.path}={each.value}" for each in one.filters)
    hint = ""
    for each in one.filters:
        if each.fact.path == "id" and isinstance(each.value, str):
            near = closest(each.value, (record.id for record in inventory.iterate(kind)))
            hint = f" Did you mean {near}?" if near else ""
    hidden = any(each.fact.sensitive for each in one.filters)
    which = "the filter" if hidden else said
    return f"No record of the kind {kind} has {which}, so nothing would change.{hint}"


def _check_link(one: Supposition, inventory: Inventory) -> None:
    """Refuses a link to a record that is not there."""
    if one.fact.type != "link" or one.value is None:
        return
    of_all = kind_of_all(one.value)
    if of_all is not None and of_all not in inventory.kinds:
        raise SuppositionError(
            f"{one.fact.full_path}: there is no kind {of_all}. "
            f"The kinds: {', '.join(inventory.kinds)}."
        )
    for kind, name in targets(one.fact, one.value):
        if inventory.get(kind, name) is None:
            known = [record.id for record in inventory.iterate(kind)]
            near = closest(name, known[:30_000])
            hint = f" Did you mean {near}?" if near else ""
            raise SuppositionError(
                f"{one.fact.full_path}: there is no {kind} with the id {name}.{hint}"
            )
