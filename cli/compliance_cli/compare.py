"""`compliance compare`: two saved assessments of one agency."""

from __future__ import annotations

from pathlib import Path

import click

from compliance_cli import options

EPILOG = """\b
Examples:
  compliance check inventory/ --format json -o 2026-11.json
  compliance compare 2026-11.json 2027-02.json
  compliance compare 2026-11.json 2027-02.json --format md -o changes.md
"""

FORMATS = {
    "text": "the comparison for people, as text",
    "json": "one JSON document with every change",
    "md": "Markdown, for a wiki or a pull request",
}


@click.command(
    short_help="Compare two saved assessments: new, resolved, persisting.",
    epilog=EPILOG,
    help=(
        "Compare two assessments of one agency that `compliance check --format json` saved, the "
        "earlier one first.\n\n"
        "A gap counts as resolved only where the later assessment finds it satisfied; gaps that "
        "vanished, became unknown or no longer apply are listed apart, and so is what is not yet "
        "in force. Rules that got another id are followed by the policy's migration table. The "
        "exit status is 0 where there is no new gap, 1 where there are new gaps or reopened items "
        "of the plan, 2 where the two cannot be compared."
    ),
)
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="What to write: " + "; ".join(f"{name}: {text}" for name, text in FORMATS.items()) + ".",
)
@options.output
@options.debug
def compare(old: Path, new: Path, form: str, output: Path | None) -> int:
    """Compares two saved assessments."""
    from compliance_cli.comparing import CompareOptions, run_compare

    return run_compare(CompareOptions(old, new, form, output))
