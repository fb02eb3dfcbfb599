"""`compliance due`: what is due when."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance due inventory/
  compliance due inventory/ --within 30
  compliance due inventory/ --format ics -o due.ics
  compliance due assessment.json
"""

FORMATS = {
    "text": "a list for people",
    "json": "one JSON document",
    "ics": "a calendar that mail programs read",
}


@click.command(
    short_help="List what is due when, overdue first.",
    epilog=EPILOG,
    help=(
        "List what is due when, overdue first: items and milestones of the plan, responses to "
        "findings from outside, reviews and records whose time runs out, outer limits of the law, "
        "providers' statements that end, and what comes into force.\n\n"
        "PATH is the inventory, which is checked as of the date given; or one assessment that "
        "`compliance check --format json` saved, as of its own date. The exit status is 1 where "
        "something is overdue, 0 where nothing is, 2 for bad usage or input."
    ),
)
@options.inventory_paths
@click.option(
    "--within",
    metavar="DAYS",
    type=click.IntRange(0, 100_000),
    help="List only what is overdue or due within so many days; everything by default.",
)
@options.policies
@options.as_of
@options.engines
@options.registry
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="What to write: " + "; ".join(f"{name}: {text}" for name, text in FORMATS.items()) + ".",
)
@options.output
@options.debug
def due(**given: Any) -> int:
    """Lists what is due when."""
    from compliance_cli.dueing import DueOptions, run_due

    return run_due(DueOptions(**given))
