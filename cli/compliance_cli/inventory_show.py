"""`compliance inventory show`: what an inventory says, as a whole or of one record."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options
from compliance_cli.inventory_options import format_of

EPILOG = """\b
Examples:
  compliance inventory show inventory/
  compliance inventory show inventory/ system/payroll
  compliance inventory show inventory/ payroll --format json
"""


@click.command(
    short_help="Show what an inventory says, or one of its records.",
    epilog=EPILOG,
    help=(
        "Show what an inventory says. With paths alone: the agency, how many records of each kind "
        "there are, since when each list is complete, how many facts are known, and what is wrong. "
        "With a record behind them (kind/id, or an id that only one record has): every fact known "
        "of it with value, source and place, what it links to, what links to it, and what is "
        "worked out from that. Sensitive values are never shown."
    ),
)
@click.argument("arguments", metavar="PATH... [SUBJECT]", nargs=-1, required=True)
@format_of("text", "json")
@options.as_of
@options.output
@options.debug
def show(**given: Any) -> int:
    """Shows an inventory or a record."""
    from compliance_cli.showing import ShowOptions, run_show

    return run_show(ShowOptions(**given))
