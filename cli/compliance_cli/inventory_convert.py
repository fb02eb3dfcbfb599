"""`compliance inventory convert`: one inventory in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance inventory convert inventory/ -o inventory.xlsx
  compliance inventory convert inventory.xlsx -o inventory.yaml
  compliance inventory convert inventory/ -o tables/
"""


@click.command(
    short_help="Write an inventory in another format.",
    epilog=EPILOG,
    help=(
        "Read an inventory and write it in another format: a workbook (.xlsx), YAML (.yaml), JSON "
        "(.json), or a folder of CSV files or JSON lines. Every value, where it comes from, and "
        "every statement of inheritance is kept; reading the result gives the same inventory. "
        "Values that cannot be used are listed and left out. The files that are read stay as "
        "they are, comments included."
    ),
)
@options.inventory_paths
@click.option(
    "-o",
    "--output",
    metavar="FILE|FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="What to write; a name without one of the endings above is a folder.",
)
@click.option(
    "--to",
    "folder_format",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="For a folder: CSV files, or files with one JSON record a line.",
)
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@options.debug
def convert(**given: Any) -> int:
    """Writes an inventory in another format."""
    from compliance_cli.converting import ConvertOptions, run_convert

    return run_convert(ConvertOptions(**given))
