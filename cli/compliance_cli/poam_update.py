"""`compliance poam update`: what today's findings change in the plan."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance poam update inventory/ --dry-run
  compliance poam update inventory/
"""


@click.command(
    short_help="Bring the plan up to date with the findings.",
    epilog=EPILOG,
    help=(
        "Check the inventory and bring poam.yaml beside it up to date.\n\n"
        "New gaps become proposed items, one for each rule and kind of record; findings from "
        "outside (findings/*.yaml) too. An item whose gaps are all satisfied or not applicable "
        "closes; a gap that comes back reopens its item. What cannot be told (unknown, or a record "
        "that is gone) closes nothing and is listed. What people wrote is left as it is: only "
        "state, latest date, subjects, date of closing and history are kept by the program. An "
        "item counts once a named person has accepted it, with owner, milestone and date."
    ),
)
@options.inventory_paths
@options.policies
@options.as_of
@options.engines
@options.registry
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@options.debug
def update(**given: Any) -> int:
    """Brings the plan up to date."""
    from compliance_cli.planning import UpdateOptions, run_update

    return run_update(UpdateOptions(**given))
