"""What `compliance inventory show` does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.errors import UserError
from compliance.inventory.overview import view
from compliance.inventory.problems import closest
from compliance.inventory.store import Inventory, Record
from compliance_cli import objects, output, show_json, show_text, status
from compliance_cli.assessing import read_inventory

_MOST = 8
"""So many records of an ambiguous id are named."""


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """What the user asked for."""

    arguments: tuple[str, ...]
    """Paths and, maybe, a record behind them."""
    format: str
    as_of: datetime.date | None
    output: Path | None


def run_show(options: ShowOptions) -> int:
    """Shows an inventory or a record and returns the exit status."""
    paths, subject = _told_apart(options.arguments)
    output.check_writable(options.output, paths)
    inventory = read_inventory(paths, objects.date_or_today(options.as_of), objects.settings(paths))
    writer = show_json if options.format == "json" else show_text
    if subject is None:
        output.write(writer.summary(inventory), options.output)
    else:
        found = view(inventory, _found(inventory, subject))
        output.write(writer.record(found), options.output)
    return status.OK


def _told_apart(arguments: Sequence[str]) -> tuple[tuple[Path, ...], str | None]:
    """The paths, and the record where the last argument is no path that is there."""
    *others, last = arguments
    if others and not Path(last).exists() and Path(others[0]).exists():
        return tuple(map(Path, others)), last
    return tuple(map(Path, arguments)), None


def _found(inventory: Inventory, subject: str) -> Record:
    """The record of ``kind/id``, or of an id that only one record has.

    Raises:
        UserError: there is none, or there are several.
    """
    kind, slash, name = subject.partition("/")
    if slash and kind in inventory.kinds:
        record = inventory.get(kind, name)
        found = [record] if record else []
    else:
        found = [one for each in inventory.kinds if (one := inventory.get(each, subject))]
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(record.subject for record in found[:_MOST])
        raise UserError(f"Several records have the id {subject}. Name one of them: {named}.")
    near = closest(subject, _names(inventory, with_kind=bool(slash)))
    hint = f" Did you mean {near}?" if near else ""
    raise UserError(
        f"The inventory has no record {subject}, and there is no such path.{hint} "
        "Name a record by kind and id, such as system/payroll."
    )


def _names(inventory: Inventory, *, with_kind: bool) -> list[str]:
    return [record.subject if with_kind else record.id for record in inventory.iterate()]
