"""`compliance policy lint`: what a policy's source must keep to."""

from __future__ import annotations

from pathlib import Path

import click

from compliance_cli import options, status

EPILOG = """\b
Examples:
  compliance policy lint policies/hipaa
"""


@click.command(
    short_help="Check a policy's source.",
    epilog=EPILOG,
    help=(
        "Check the source of a policy and list every problem with file, line and column.\n\n"
        "PATH is the folder that holds policy.yaml. Where the program opa is at hand it checks the "
        "Rego as well. The exit status is 2 where there is a problem."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@options.opa_program
@options.debug
def lint(path: Path, opa: Path | None) -> int:
    """Checks the source of a policy."""
    from compliance.engine.opa_program import OpaNotFoundError, find_opa
    from compliance.policy.lint import lint as problems_of
    from compliance_cli import objects, output

    without = ""
    try:
        program = find_opa(opa)
    except OpaNotFoundError:
        if opa is not None:
            raise
        program, without = None, " The program opa is not at hand, so it did not check the Rego."
    problems = problems_of(objects.load_policy_source(path), program)
    output.write(objects.problem_lines(problems))
    if problems:
        output.say(objects.problem_count(problems) + without)
        return status.USAGE
    output.say(f"No problems found in {path.as_posix()}.{without}")
    return status.OK
