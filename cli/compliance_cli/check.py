"""`compliance check`: an inventory against policies, and the gap report."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance check inventory/
  compliance check inventory/ --policy hipaa@0.1.0 --as-of 2026-11-23
  compliance check inventory/ --fail-on high --allow-unknown
  compliance check inventory/ --format json -o assessment.json
"""


@click.command(
    short_help="Check an inventory and write the gap report.",
    epilog=EPILOG,
    help=(
        "Check an inventory against policies and write the gap report.\n\n"
        "PATH is a folder, searched with the folders in it, or a file; all files together are the "
        "inventory of one agency. The report goes to standard output, a one-sentence summary to "
        "standard error. The exit status is 0 where every applicable rule is satisfied, 1 where "
        "at least one is a gap or unknown, 2 for bad usage or input, 3 for a fault."
    ),
)
@options.inventory_paths
@options.policies
@options.as_of
@options.engines
@options.registry
@click.option(
    "--fail-on",
    type=click.Choice([*options.SEVERITIES, "none"]),
    default="low",
    show_default=True,
    help=(
        "Lowest severity whose gaps and unknowns make the exit status 1; with none, findings "
        "never do. The summary names what lies below."
    ),
)
@click.option(
    "--allow-unknown",
    is_flag=True,
    help="Let unknowns through: they leave the exit status alone, and the summary says so.",
)
@click.option(
    "--strict",
    is_flag=True,
    help=(
        "End with exit status 2 where a value of the inventory could not be used, such as a text "
        "where a date belongs. Without it such a value counts as missing."
    ),
)
@click.option(
    "--format",
    "report_format",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Report for people, one JSON document, or JSON records line by line.",
)
@options.output
@options.debug
def check(**given: Any) -> int:
    """Checks an inventory against policies."""
    from compliance_cli.checking import CheckOptions, run_check

    return run_check(CheckOptions(**given))
