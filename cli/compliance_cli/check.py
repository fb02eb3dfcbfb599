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
  compliance check inventory/ --report html=report.html --report json=assessment.json
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
@options.thresholds
@options.reports
@options.debug
def check(**given: Any) -> int:
    """Checks an inventory against policies."""
    from compliance_cli.checking import CheckOptions, run_check

    return run_check(CheckOptions(**given))
