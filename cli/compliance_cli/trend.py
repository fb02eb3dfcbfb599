"""`compliance trend`: the saved assessments of one agency over time."""

from __future__ import annotations

from pathlib import Path

import click

from compliance_cli import options, status

EPILOG = """\b
Examples:
  compliance check inventory/ --format json -o history/2026-11-23.json
  compliance trend history/
  compliance trend history/ --format html -o trend.html
"""

FORMATS = {
    "text": "tables for people, as text",
    "html": "one page for a browser, with charts and the same numbers in tables",
    "json": "one JSON document",
}


@click.command(
    short_help="Show requirements and gaps over time.",
    epilog=EPILOG,
    help=(
        "Show requirements met, not met and unknown, and gaps by severity, over the assessments of "
        "one agency that `compliance check --format json` saved in a folder.\n\n"
        "DIR is a folder; files in it that are no saved assessments are left out and named. "
        "They are ordered by the date of each assessment; two different ones of the same date are "
        "refused. Where the version of a rule set changes, table and chart say so."
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
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
def trend(folder: Path, form: str, output: Path | None) -> int:
    """Shows the saved assessments of a folder over time."""
    from compliance_cli.trending import TrendOptions, run_trend

    run_trend(TrendOptions(folder, form, output))
    return status.OK
