"""`compliance poam funding`: the annex of a funding request."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance poam funding inventory/
  compliance poam funding inventory/ --format xlsx -o funding.xlsx
  compliance poam funding inventory/ --format md -o funding.md
"""


@click.command(
    short_help="Write what the plan costs, as the annex of a funding request.",
    epilog=EPILOG,
    help=(
        "Check the inventory and sum what the open items of its plan cost by fiscal year and "
        "funding source: once and a year, the state's share and the federal one with its "
        "condition, how far the requests are, what stays open while the money is not there, and "
        "which shared services would close items at several agencies. An amount that nobody gives "
        "is named and counts in no sum. The costs stand in poam.yaml, under `cost` of each item."
    ),
)
@options.inventory_paths
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "xlsx", "md"]),
    default="text",
    show_default=True,
    help="For people, as tables for spreadsheet programs, or as Markdown.",
)
@options.output
@options.policies
@options.as_of
@options.engines
@options.registry
@options.debug
def funding(**given: Any) -> int:
    """Writes what the plan costs."""
    from compliance_cli.poam_costing import FundingOptions, run_funding

    return run_funding(FundingOptions(**given))
