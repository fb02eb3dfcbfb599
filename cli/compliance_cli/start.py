"""`compliance start`: the first questions, and a folder to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance start
  compliance start health --name "Department of Public Health"
  compliance start health --no-input --name "Department of Public Health" \\
    --answer hipaa_roles=covered_entity,health_care_provider --answer data_types=ephi
"""


def _answer(text: str) -> tuple[str, str]:
    """Reads `data_types=ephi,pii`."""
    fact, equals, value = text.partition("=")
    if not fact.strip() or not equals:
        raise click.BadParameter(f"{text!r} is no answer. Write fact=value, like data_types=ephi.")
    return fact.strip(), value


@click.command(
    short_help="Answer ten questions and get a workbook to fill in.",
    epilog=EPILOG,
    help=(
        "Ask about the agency and write a folder to work in: its settings, a file with what was "
        "answered, and a workbook with a sheet for each kind of record that its rule sets ask "
        "about. Then say which rule sets bind the agency, and why.\n\n"
        "DIR is the folder; without it, one in the working folder with the agency's id as its "
        "name. Nothing that is there already is overwritten."
    ),
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="The agency's full name.")
@click.option("--id", "agency", metavar="ID", help="The agency's id; by default its initials.")
@click.option(
    "--answer",
    "answers",
    metavar="FACT=VALUE",
    multiple=True,
    type=_answer,
    help=(
        "An answer, such as hipaa_roles=covered_entity or data_types=ephi,pii; may be given "
        "several times. The questions show the facts and what they accept."
    ),
)
@click.option("--by", metavar="ROLE", help="Who answers: a role title or a person's id.")
@click.option(
    "--no-input",
    is_flag=True,
    help="Ask nothing: what no option answers is not known. --name or --id is needed.",
)
@click.option(
    "--force", is_flag=True, help="Replace files of these names, a filled-in workbook too."
)
@options.as_of
@options.registry
@options.debug
def start(**given: Any) -> int:
    """Asks the first questions and writes a folder."""
    from compliance_cli.starting import StartOptions, run_start

    return run_start(StartOptions(**given))
