"""`compliance ask`: the questions that would settle what is unknown."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance ask inventory/
  compliance ask inventory/ -o questions.xlsx
  compliance ask inventory/ --asked-of "system owner" -o questions-owners.xlsx
  compliance ask inventory/ --kind agency --limit 20
  compliance ask inventory/ --format json
"""


@click.command(
    short_help="Ask for exactly the facts that are missing.",
    epilog=EPILOG,
    help=(
        "Ask for exactly the facts that unknown findings wait for, each once: first those that "
        "decide which rules apply, then what the law asks, guidance, the bureau's standard and "
        "good practice; within each those that settle most.\n\n"
        "PATH is an inventory's folder. Without -o and --format the questions are asked here, one "
        "after the other, and every answer is saved at once in answers.yaml in that folder: stop "
        "at any time and go on later. With -o questions.xlsx they become a workbook to send "
        "around, which `compliance answer` merges. An answer fills in what a record leaves open "
        "and never changes what it states; don't know, not applicable and see evidence are kept "
        "and settle nothing."
    ),
)
@options.inventory_paths
@options.policies
@click.option(
    "--asked-of",
    "roles",
    metavar="ROLE",
    multiple=True,
    help="Only what this role usually knows, such as 'system owner'; may be given several times.",
)
@click.option(
    "--kind",
    "kind_names",
    metavar="KIND",
    multiple=True,
    help="Only about records of this kind, such as system; may be given several times.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="NUMBER", help="At most so many questions."
)
@click.option("--by", metavar="WHO", help="Who answers here: an id or a role, not a name.")
@click.option(
    "--again",
    is_flag=True,
    help="Ask here also what was answered with don't know, not applicable or see evidence.",
)
@click.option(
    "--format",
    "listing",
    type=click.Choice(["xlsx", "json"]),
    help="Write the questions instead of asking them; by default as the name of -o ends.",
)
@options.output
@options.as_of
@options.engines
@options.registry
@options.debug
def ask(**given: Any) -> int:
    """Asks for what is missing."""
    from compliance_cli.asking import AskOptions, run_ask

    return run_ask(AskOptions(**given))
