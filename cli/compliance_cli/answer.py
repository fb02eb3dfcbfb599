"""`compliance answer`: merges filled-in questions into an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance answer questions.xlsx
  compliance answer returned/*.xlsx --inventory inventory/
  compliance answer questions.xlsx --by "help desk" --prefer new
"""


@click.command(
    short_help="Merge filled-in questions into an inventory.",
    epilog=EPILOG,
    help=(
        "Merge questions that `compliance ask` wrote and people filled in: workbooks, or JSON. "
        "The answers go into answers.yaml in the inventory's folder, each with who gave it, when, "
        "and the evidence; blank ones are skipped.\n\n"
        "Left out, and listed with file and cell: values that do not fit, answers about a record "
        "that has changed or is gone, and conflicts, where the inventory, an earlier answer or "
        "another workbook says otherwise. The exit status is 0 where every answer was taken, 1 "
        "where something was left out, 2 where a file cannot be used; then nothing is written."
    ),
)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--inventory",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=(
        "The inventory's folder; by default the one the file names, if it is there, else the "
        "folder the file is in or the one above, else the working folder."
    ),
)
@click.option("--by", metavar="WHO", help="Who gave the answers that name nobody: an id or a role.")
@click.option(
    "--prefer",
    type=click.Choice(["new"]),
    help=(
        "With new, an answer takes the place of an earlier one that differs, and of two that came "
        "back the later counts. What a record itself states is never changed."
    ),
)
@options.as_of
@options.debug
def answer(**given: Any) -> int:
    """Merges answers."""
    from compliance_cli.answering import AnswerOptions, run_answer

    return run_answer(AnswerOptions(**given))
