"""`compliance rollup`: saved assessments of many agencies side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance.report.detail import DETAILS, REQUIREMENT
from compliance.rollup.formats import DEFAULT, FORMATS
from compliance_cli import options

EPILOG = """\b
Examples:
  compliance rollup assessments/ -o statewide.html
  compliance rollup health/ revenue/ transport/ --as-of 2026-12-31 -o statewide.xlsx
  compliance rollup assessments/ --detail counts --marking "FOR THE BUREAU" --format csv
"""


@click.command(
    short_help="Put the saved assessments of agencies side by side.",
    epilog=EPILOG,
    help=(
        "Put the saved assessments of many agencies side by side, for the bureau.\n\n"
        "Folders are searched, with the folders below them, for assessments that `compliance check "
        "--format json` or jsonl saved. Of each agency the newest counts; older ones make the "
        "trend. Agencies stand side by side only where they were checked against the same policy "
        "version in the same quarter. Neither inventories nor policies are needed.\n\n"
        "Exit status: 0, or 2 where no assessment can be used."
    ),
)
@click.argument("paths", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="What to write: "
    + "; ".join(f"{one.name}: {one.summary}" for one in FORMATS.values())
    + f". By default what the name of the file says, else {DEFAULT}.",
)
@options.output
@click.option(
    "--detail",
    type=click.Choice(list(DETAILS)),
    default=REQUIREMENT,
    show_default=True,
    help=(
        "How much it tells: full: providers, shared services and findings from outside by name; "
        "requirement: rules, requirements and fixes without these; counts: numbers alone."
    ),
)
@click.option(
    "--marking",
    metavar="TEXT",
    help="Marking of the whole. By default all markings of the agencies, one beside the other.",
)
@click.option(
    "--stale-days",
    type=click.IntRange(min=0),
    default=120,
    show_default=True,
    help="Age in days above which an assessment is listed as old.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="End with exit status 2 where any file could not be used though it should be.",
)
@options.as_of
@options.registry
@options.debug
def rollup(**given: Any) -> int:
    """Puts the saved assessments of agencies side by side."""
    from compliance_cli.rolling_up import RollupOptions, run_rollup

    return run_rollup(RollupOptions(**given))
