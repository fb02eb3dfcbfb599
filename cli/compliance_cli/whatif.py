"""`compliance whatif`: what would close, open or become known."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import arguments, options

EPILOG = """\b
Examples:
  compliance whatif inventory/ --set system.mfa=true
  compliance whatif inventory/ --set system.mfa=true:system.data_types=ephi
  compliance whatif inventory/ --set system.encryption_at_rest=true:id=payroll
  compliance whatif inventory/ --set agency.risk_analysis.completed_on=as_of
  compliance whatif inventory/ --policy hipaa-nprm-2025
  compliance whatif inventory/ --param hipaa.log_review_days=14
  compliance whatif inventory/ --as-of 2027-06-30
"""


@click.command(
    short_help="Tell what would close, open or become known.",
    epilog=EPILOG,
    help=(
        "Evaluate an inventory as it is and as it would be, and tell what would come out "
        "differently: which gaps would close or open, what would become known, which requirements "
        "would be met. Several suppositions hold together. Nothing is written to the inventory.\n\n"
        "PATH is as for `compliance check`. Where a value holds a colon followed by a name and =, "
        "write it in double quotes. Exit status: 0, or 2 for bad usage or input."
    ),
)
@options.inventory_paths
@click.option(
    "--set",
    "settings",
    metavar="KIND.FACT=VALUE[:FACT=VALUE]...",
    multiple=True,
    help=(
        "Suppose a value of a fact, for all records of its kind or, with :FACT=VALUE after it, for "
        "those alone that have this value, too (in a list: among others); :id=NAME names one "
        "record. as_of stands for the date of the assessment, unknown for what nobody knows. May "
        "be given several times."
    ),
)
@click.option(
    "--policy",
    "policies",
    metavar="ID[@VERSION]|FOLDER",
    multiple=True,
    type=arguments.policy_or_folder,
    help=(
        "Suppose this policy: in the place of another version of it, or beside the policies that "
        "are used now. May be given several times."
    ),
)
@click.option(
    "--param",
    "parameters",
    metavar="POLICY.NAME=VALUE",
    multiple=True,
    help="Suppose a value of the agency's own for a parameter. May be given several times.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    type=arguments.date,
    help="Suppose this date; by default the same as for the inventory as it is.",
)
@click.option(
    "--today",
    metavar="DATE",
    type=arguments.date,
    help="Date for the inventory as it is; today by default.",
)
@click.option(
    "--against",
    metavar="ID[@VERSION]|FOLDER",
    multiple=True,
    type=arguments.policy_or_folder,
    help=(
        "Policy to check against, before and after; may be given several times. Without it: as "
        "`compliance check` without --policy."
    ),
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
@options.engines
@options.registry
@options.debug
def whatif(**given: Any) -> int:
    """Tells what would be different."""
    from compliance_cli.trying_out import WhatIfOptions, run_whatif

    return run_whatif(WhatIfOptions(**given))
