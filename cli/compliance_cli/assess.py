"""`compliance assess`: a check, with the report as a page and the questions as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance assess inventory/
  compliance assess inventory/ -o somewhere/
  compliance assess inventory/ --policy hipaa --as-of 2026-11-23
"""


@click.command(
    short_help="Check an inventory; write the report page and the questions.",
    epilog=EPILOG,
    help=(
        "Check an inventory and write what a person needs next: report.html, the gap report as one "
        "page for a browser, and questions.xlsx, a workbook with exactly the facts that are still "
        "missing. `compliance answer` merges the workbook back when it is filled in.\n\n"
        "PATH is a folder, searched with the folders in it, or a file; all files together are the "
        "inventory of one agency. The exit status is that of `compliance check`."
    ),
)
@options.inventory_paths
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=(
        "Folder for the two files; by default the folder report in the first PATH, or in the "
        "working folder where that is a file."
    ),
)
@options.policies
@options.as_of
@options.engines
@options.registry
@options.thresholds
@options.detail
@options.debug
def assess(**given: Any) -> int:
    """Checks an inventory and writes the report and the questions."""
    from compliance_cli.assess_files import AssessOptions, run_assess

    return run_assess(AssessOptions(**given))
