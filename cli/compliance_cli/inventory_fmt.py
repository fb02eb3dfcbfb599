"""`compliance inventory fmt`: inventory files in one order and layout."""

from __future__ import annotations

from pathlib import Path

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance inventory fmt inventory/
  compliance inventory fmt --check inventory/
"""


@click.command(
    short_help="Bring inventory files into one order and layout.",
    epilog=EPILOG,
    help=(
        "Rewrite the YAML and JSON files of an inventory in one order and layout, so that they "
        "read alike and a change shows as what it is: the agency first, lists by name, records by "
        "id, facts in the order of the reference. Comments are kept and move with the key or "
        "record they are about; no value changes. Where any file has an error, nothing is "
        "written. Workbooks, CSV files and compliance.yaml are left alone."
    ),
)
@options.inventory_paths
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing: list the files that would change; the exit status is 1 where any would.",
)
@options.debug
def fmt(paths: tuple[Path, ...], check: bool) -> int:
    """Rewrites inventory files."""
    from compliance_cli.formatting import FormatOptions, run_format

    return run_format(FormatOptions(paths, check))
