"""`compliance inventory diff`: what is different between two inventories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options
from compliance_cli.inventory_options import format_of

EPILOG = """\b
Examples:
  compliance inventory diff last-year/ inventory/
  compliance inventory diff inventory/ inventory.xlsx --format json
"""


@click.command(
    short_help="Tell what is different between two inventories.",
    epilog=EPILOG,
    help=(
        "Compare two inventories record by record and fact by fact, whatever their formats, files "
        "and order: what was added, removed or changed, where each value comes from, and where "
        "it stands in both. Records are the same where kind and id are. The exit status is 0 where "
        "nothing is different, 1 where anything is, and 2 where one of the two cannot be read."
    ),
)
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@format_of("text", "json")
@options.as_of
@options.output
@options.debug
def diff(**given: Any) -> int:
    """Compares two inventories."""
    from compliance_cli.differing import DiffOptions, run_diff

    return run_diff(DiffOptions(**given))
