"""`compliance poam export`: the plan in the forms that others ask for."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance poam export inventory/ --format fedramp -o poam.xlsx
  compliance poam export inventory/ --format oscal -o poam.json
  compliance poam export inventory/ --format csv --proposed
"""


@click.command(
    short_help="Write the plan as FedRAMP workbook, OSCAL or CSV.",
    epilog=EPILOG,
    help=(
        "Check the inventory and write its plan as others ask for it: FedRAMP's POA&M workbook, "
        "an OSCAL plan of action and milestones, or a table. Items that no named person has "
        "accepted stay out unless --proposed takes them in; each form marks them. poam.yaml is "
        "left as it is: run `compliance poam update` first."
    ),
)
@options.inventory_paths
@click.option(
    "--format",
    "form",
    type=click.Choice(["fedramp", "oscal", "csv"]),
    required=True,
    help="FedRAMP's workbook (.xlsx), OSCAL (JSON), or a table.",
)
@click.option("--proposed", is_flag=True, help="Take in proposed items too, marked as such.")
@click.option(
    "--system-name",
    metavar="NAME",
    help="For fedramp: the system in the title block; by default the agency's name.",
)
@click.option(
    "--impact-level",
    type=click.Choice(["Low", "Moderate", "High"]),
    help="For fedramp: the impact level in the title block; by default it stays open.",
)
@options.output
@options.policies
@options.as_of
@options.engines
@options.registry
@options.debug
def export(**given: Any) -> int:
    """Writes the plan in another form."""
    from compliance_cli.poam_exporting import ExportOptions, run_export

    return run_export(ExportOptions(**given))
