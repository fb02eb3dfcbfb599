"""`compliance inventory schema`: what may be written into an inventory."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options
from compliance_cli.inventory_options import format_of

EPILOG = """\b
Examples:
  compliance inventory schema
  compliance inventory schema system
  compliance inventory schema device --format markdown -o device.md
  compliance inventory schema --json-schema -o .vscode/inventory.schema.json
"""


@click.command(
    short_help="List the kinds of records, or the facts of one kind.",
    epilog=EPILOG,
    help=(
        "Print the reference of what may be written into an inventory: without KIND all kinds of "
        "records, with KIND (system, systems, ...) each of its facts with what may be written, the "
        "question it answers and who usually knows. With --json-schema: one JSON Schema of a whole "
        "inventory file, from which editors complete and check what is typed; docs/inventory "
        "says how to set them up."
    ),
)
@click.argument("kind", metavar="[KIND]", required=False)
@format_of("text", "json", "markdown")
@click.option("--json-schema", is_flag=True, help="Print the JSON Schema for editors instead.")
@options.output
@options.debug
def schema(**given: Any) -> int:
    """Prints the reference of kinds and facts."""
    from compliance_cli.describing import SchemaOptions, run_schema

    return run_schema(SchemaOptions(**given))
