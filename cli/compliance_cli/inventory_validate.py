"""`compliance inventory validate`: every problem of an inventory at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance_cli import options, status

if TYPE_CHECKING:
    from compliance.inventory.problems import Problem
    from compliance.inventory.store import Inventory

EPILOG = """\b
Examples:
  compliance inventory validate inventory/
  compliance inventory validate systems.yaml vendors.yaml
"""


@click.command(
    short_help="List every problem of an inventory.",
    epilog=EPILOG,
    help=(
        "Check the form of an inventory and list every problem at once, each with file, line and "
        "column (in a workbook its sheet and cell), what was expected and what was probably meant. "
        "The exit status is 2 where there is any. Notes tell what was left aside or taken in "
        "another sense than it is written. Without a problem: how many records of each kind there "
        "are and which share of their facts is known."
    ),
)
@options.inventory_paths
@options.as_of
@options.debug
def validate(paths: tuple[Path, ...], as_of: datetime.date | None) -> int:
    """Checks the form of an inventory."""
    from compliance.inventory.load import load_inventory
    from compliance.inventory.problems import NOTE
    from compliance_cli import objects, output

    settings = objects.settings(paths)
    day = objects.date_or_today(as_of)
    allowed = settings.personal_data_allowed
    loaded = load_inventory(paths, objects.kinds(), day, allowed, settings.tables)
    notes = [problem for problem in loaded.problems if problem.kind == NOTE]
    problems = [problem for problem in loaded.problems if problem.kind != NOTE]
    if problems or loaded.inventory is None:
        output.write([*objects.problem_lines(problems), *_notes(notes)])
        output.say(objects.problem_count(problems) + _and_notes(notes))
        return status.USAGE
    output.write([*_summary(loaded.inventory), *_notes(notes)])
    output.say(f"No problems found.{_and_notes(notes)}")
    return status.OK


def _notes(notes: Sequence[Problem]) -> Iterator[str]:
    from compliance_cli import objects

    if notes:
        yield "\nNotes\n"
        yield from (f"  {line}" for line in objects.problem_lines(notes))


def _and_notes(notes: Sequence[Problem]) -> str:
    from compliance.report.plain import number

    return f" {number(len(notes), 'note')}." if notes else ""


def _summary(inventory: Inventory) -> Iterator[str]:
    from compliance.report.plain import columns, neutral, number

    agency = inventory.agency
    name = agency.get("name")
    yield f"{neutral(str(name))} ({agency.id})" if name else agency.id
    yield f": {number(len(inventory.digests), 'file')}\n\n"
    rows = [["kind", "records", "facts known", "of", "share"]]
    sums = [0, 0, 0]
    for kind in inventory.kinds:
        counts = _known(inventory, kind)
        if counts[0]:
            rows.append([kind, *_cells(counts)])
            sums = [total + count for total, count in zip(sums, counts, strict=True)]
    yield columns([*rows, ["all", *_cells(sums)]])
    yield "\nNo policy asks for every fact; `compliance check` names those that are missing.\n"


def _known(inventory: Inventory, kind: str) -> tuple[int, int, int]:
    """Records of a kind, facts known of them, and facts that could be known."""
    asked = [
        fact.path
        for fact in inventory.kinds[kind].facts.values()
        if fact.entered and not fact.absent_none and fact.path != "id"
    ]
    records = known = 0
    for record in inventory.iterate(kind):
        records += 1
        known += sum(record.get(path) is not None for path in asked)
    return records, known, records * len(asked)


def _cells(counts: Sequence[int]) -> list[str]:
    share = f"{100 * counts[1] // counts[2]}%" if counts[2] else ""
    return [f"{count:,}" for count in counts] + [share]
