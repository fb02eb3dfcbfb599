"""`compliance policy test`: the cases of a policy's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance_cli import options, status

if TYPE_CHECKING:
    from compliance.policy.tester import RuleReport

EPILOG = """\b
Examples:
  compliance policy test policies/hipaa
"""


@click.command(
    short_help="Run the cases of a policy's rules.",
    epilog=EPILOG,
    help=(
        "Run the cases of a policy's rules, and what follows from them.\n\n"
        "PATH is the folder that holds policy.yaml. Every rule needs a satisfied and a gap case "
        "written by hand. From each case the tester derives others: with a fact left out, null or "
        "of another type, and with the record out of scope. It also names the parts of a condition "
        "that decided no case. The exit status is 1 where a case fails or is missing. Needs the "
        "program opa."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@options.opa_program
@options.debug
def test(path: Path, opa: Path | None) -> int:
    """Runs the cases of a policy."""
    from compliance_cli import output
    from compliance_cli.trying import trial

    tried = trial(path, opa)
    reports = tried.maker.run(tried.policy, tried.cases.cases)
    output.write(_lines(reports))
    failed = sum(not report.ok for report in reports)
    output.say(_summary(reports, failed))
    return status.FINDINGS if failed else status.OK


def _lines(reports: Sequence[RuleReport]) -> Iterator[str]:
    from compliance.report.plain import neutral

    for report in reports:
        lines = [
            *(str(failure) for failure in report.failures),
            *(f"{report.rule}: there is no {needed} case" for needed in report.missing),
            *(f"{report.rule}: no case is decided by {leaf}" for leaf in report.undecided),
        ]
        for line in lines:
            yield neutral(line) + "\n"


def _summary(reports: Sequence[RuleReport], failed: int) -> str:
    from compliance.report.plain import number

    cases = sum(report.cases for report in reports)
    derived = sum(report.derived for report in reports)
    undecided = sum(len(report.undecided) for report in reports)
    ran = f"{number(len(reports), 'rule')}, {number(cases, 'case')}, {derived:,} derived from them"
    wrong = f"{number(failed, 'rule')} with a failing or missing case"
    found = wrong if failed else "all as stated"
    parts = f"; {number(undecided, 'part')} of conditions decided no case" if undecided else ""
    return f"{ran}: {found}{parts}."
