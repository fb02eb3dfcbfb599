"""`compliance demo`: a first look, on an example agency."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from compliance_cli import options, status

AS_OF = datetime.date(2026, 11, 23)
"""Date of the demonstration, for which the example's dates are chosen."""

NEXT = """
This was the gap report of an example agency, as of {date}. It is also in
  {page}  to read in a browser
  {text}  as printed above
  {data}  for other reports, made at any time

What to try next:
  compliance report {data} --report {table}
  compliance assess {example} --as-of {date} -o {folder}
  compliance explain {example} hipaa/encryption-at-rest system/laboratory --as-of {date}
  compliance whatif {example} --set system.mfa=true --as-of {date} --today {date}
Then begin with your own agency, which asks a few questions and writes a workbook to fill in:
  compliance start"""

EPILOG = """\b
Examples:
  compliance demo
  compliance demo somewhere/
"""


@click.command(
    short_help="Check an example agency: a first look.",
    epilog=EPILOG,
    help=(
        "Check the example agency that comes with the program and print its gap report.\n\n"
        "Also writes the report as report.html, report.txt and assessment.json into DIR "
        "(demo-report by default), and says what to try next. Needs no network and no other "
        "program."
    ),
)
@click.argument("folder", metavar="[DIR]", default="demo-report", type=click.Path(path_type=Path))
@options.debug
def demo(folder: Path) -> int:
    """Checks the example agency."""
    from compliance import resources
    from compliance.report.formats import format_of
    from compliance_cli import output
    from compliance_cli.assessing import Request, assess
    from compliance_cli.folders import typed

    example = _shortest(resources.examples() / "health-agency")
    output.make_folder(folder)
    assessment = assess(Request((example,), as_of=AS_OF))
    files = {"report.html": "html", "report.txt": "text", "assessment.json": "json"}
    output.write_together(
        {folder / name: format_of(form).make().render(assessment) for name, form in files.items()}
    )
    output.write(format_of("text").make(output.style(None)).render(assessment))
    page, text, data = (typed(folder / name) for name in files)
    output.say(
        NEXT.format(
            page=page, text=text, data=data, folder=typed(folder), date=AS_OF,
            table=typed(Path(f"xlsx={(folder / 'report.xlsx').as_posix()}")),
            example=typed(example),
        )
    )  # fmt: skip
    return status.OK


def _shortest(path: Path) -> Path:
    """The path from the working folder, where it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
