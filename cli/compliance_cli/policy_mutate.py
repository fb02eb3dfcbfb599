"""`compliance policy mutate`: whether the cases notice a change of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance_cli import options, status

if TYPE_CHECKING:
    from compliance.policy.mutate import MutationReport

EPILOG = """\b
Examples:
  compliance policy mutate policies/hipaa
"""


@click.command(
    short_help="Find changes of rules that no case notices.",
    epilog=EPILOG,
    help=(
        "Change every operator, bound and rail of a policy's rules, one at a time, and say which "
        "changes no case notices.\n\n"
        "PATH is the folder that holds policy.yaml. A change that no case can notice is listed in "
        "the tests under `equivalent`, with the reason. The exit status is 1 where a change goes "
        "unnoticed. Needs the program opa."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@options.opa_program
@options.debug
def mutate(path: Path, opa: Path | None) -> int:
    """Changes rules and looks for cases that notice."""
    from compliance.policy.mutate import mutate as run
    from compliance.report.plain import number
    from compliance_cli import output
    from compliance_cli.trying import trial

    tried = trial(path, opa)
    report = run(
        tried.policy,
        tried.cases.cases,
        tried.cases.equivalents,
        tried.maker.open_server,
        tried.maker.prepare,
    )
    output.write(_lines(report))
    total = report.noticed + len(report.survivors) + len(report.equivalent)
    output.say(
        f"{number(total, 'change')}: {report.noticed:,} noticed, "
        f"{len(report.survivors):,} not noticed, {len(report.equivalent):,} explained as "
        f"equivalent, {number(len(report.stale), 'explanation')} out of date."
    )
    return status.FINDINGS if report.survivors or report.stale else status.OK


def _lines(report: MutationReport) -> Iterator[str]:
    from compliance.report.plain import neutral

    for mutant in report.survivors:
        yield neutral(f"{mutant.rule}: no case notices: {mutant.name}") + "\n"
    for equivalent in report.stale:
        place = equivalent.place.source.position(equivalent.place.path)
        text = f"{place}: {equivalent.rule}: out of date: {equivalent.mutant}"
        yield neutral(text) + "\n"
    for mutant, reason in report.equivalent:
        yield neutral(f"{mutant.rule}: equivalent: {mutant.name}: {reason}") + "\n"
    for rule in report.not_mutated:
        yield f"{rule}: written in Rego, not changed\n"
