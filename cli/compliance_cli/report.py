"""`compliance report`: reports of a saved assessment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import options, status

EPILOG = """\b
Examples:
  compliance report assessment.json
  compliance report assessment.json --report html=report.html
  compliance report assessment.json --detail counts --format html -o numbers.html
"""


@click.command(
    short_help="Write reports of a saved assessment.",
    epilog=EPILOG,
    help=(
        "Write reports of an assessment that `compliance check --format json` or jsonl saved.\n\n"
        "They are the same, byte for byte, as those that the check itself would have written. "
        "Neither the inventory nor the policies are needed."
    ),
)
@click.argument("saved", metavar="FILE", type=click.Path(path_type=Path))
@options.reports
@options.debug
def report(saved: Path, **given: Any) -> int:
    """Writes reports of a saved assessment."""
    from compliance.assessment.saved_file import read_saved
    from compliance.report.reducing import reduced
    from compliance_cli import output, reporting

    wanted = reporting.Wanted(**given)
    reporting.check(wanted, (saved,))
    assessment = reduced(read_saved(saved), wanted.detail)
    written = reporting.write(assessment, wanted)
    if written:
        output.say(written)
    return status.OK
