"""`compliance inventory import`: records out of files that other programs wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import arguments, options

_PATH = click.Path(path_type=Path)

EPILOG = """\b
Examples:
  compliance inventory import --list
  compliance inventory import --from intune devices.csv -o inventory/
  compliance inventory import --from dotgov current-full.csv --where "State=CT" -o inventory/
  compliance inventory import --from csv cmdb.xlsx --mapping cmdb.yaml -o inventory/ --dry-run
"""


@click.command(
    "import",
    short_help="Make records of another program's export.",
    epilog=EPILOG,
    help=(
        "Make records of a file that another program wrote: an inventory workbook, an export of "
        "device management, a security plan, results of an assessment tool, or any workbook or "
        "CSV file that a mapping of your own describes.\n\n"
        "A fact is entered only where the file really says it, with its source and date. What a "
        "person entered stays. The summary says what was taken, what was left out and why, and "
        "how many of the facts that the rule sets need are known now."
    ),
)
@click.argument("file", metavar="[FILE]", required=False, type=_PATH)
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="What the file is, such as intune, or csv with a mapping of your own; --list names all.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="FOLDER",
    type=_PATH,
    help="Folder of the inventory; it gets one file for each source, such as intune.yaml.",
)
@click.option(
    "--mapping",
    metavar="FILE",
    type=_PATH,
    help="A mapping of your own instead of the built-in one; see docs/import-mappings.md.",
)
@click.option(
    "--where",
    metavar="COLUMN=TEXT",
    multiple=True,
    help=(
        "Take only rows whose column holds this text; * stands for anything. Several texts for "
        "one column: any of them; several columns: all of them."
    ),
)
@click.option(
    "--reported-on",
    metavar="DATE",
    type=arguments.date,
    help="Day the file tells of, for facts whose day it does not say; never guessed.",
)
@click.option(
    "--prefer",
    type=click.Choice(["import"]),
    help="Where a person entered something else in the importer's own file, take the import's.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.option("--list", "listing", is_flag=True, help="List the built-in mappings and end.")
@options.as_of
@options.registry
@options.debug
def import_(**given: Any) -> int:
    """Makes records of another program's export."""
    from compliance_cli.importing import ImportOptions, run_import

    return run_import(ImportOptions(**given))
