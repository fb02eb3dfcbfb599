"""`compliance poam show`: the plan as it stands in its files."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from compliance_cli import options, status

EPILOG = """\b
Examples:
  compliance poam show inventory/
  compliance poam show inventory/ --item POAM-0003
  compliance poam show inventory/ --format json
"""


@click.command(
    short_help="Show the plan: accepted, proposed, overdue, closed.",
    epilog=EPILOG,
    help=(
        "Show the plan and the findings from outside as their files have them, as of a date: what "
        "is accepted, what waits for a named person, what is overdue. Nothing is checked; "
        "`compliance poam update` does that."
    ),
)
@options.inventory_paths
@options.as_of
@click.option(
    "--item",
    "items",
    metavar="ID",
    multiple=True,
    help="Show this item in full, such as POAM-0003; may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or as JSON.",
)
@options.output
@options.debug
def show(
    paths: tuple[Path, ...],
    as_of: datetime.date | None,
    items: tuple[str, ...],
    form: str,
    output: Path | None,
) -> int:
    """Shows the plan."""
    from compliance_cli.poam_showing import ShowOptions, run_show

    run_show(ShowOptions(paths, as_of, items, form, output))
    return status.OK
