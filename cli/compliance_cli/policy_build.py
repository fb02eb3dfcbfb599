"""`compliance policy build`: a policy's source to a published version."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from compliance_cli import arguments, options, status

EPILOG = """\b
Examples:
  compliance policy build policies/hipaa
  compliance policy build policies/hipaa -o somewhere/
"""


@click.command(
    short_help="Build a policy into a registry.",
    epilog=EPILOG,
    help=(
        "Build a policy and add it to a registry: the bundle, the modules compiled from exactly "
        "that bundle, and their digests in the index.\n\n"
        "PATH is the folder that holds policy.yaml. The source is linted first; the same source "
        "gives the same bytes. A published version never changes: give policy.yaml a new version "
        "instead. Needs the program opa."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of the registry; by default the folder `published` beside the policy's.",
)
@click.option(
    "--published-on",
    metavar="DATE",
    type=arguments.date,
    help="Date of publication that the index states; today by default.",
)
@options.opa_program
@options.debug
def build(
    path: Path, output: Path | None, published_on: datetime.date | None, opa: Path | None
) -> int:
    """Builds a policy."""
    from compliance.engine.opa_program import find_opa
    from compliance.policy.build import PolicyProblemsError, build_policy, publish
    from compliance_cli import objects
    from compliance_cli.output import say, write

    try:
        built = build_policy(path, objects.kinds(), find_opa(opa))
    except PolicyProblemsError as error:
        write(objects.problem_lines(error.problems))
        say(objects.problem_count(error.problems))
        return status.USAGE
    folder = output or path.absolute().parent / "published"
    version, written = publish(built, folder, objects.date_or_today(published_on))
    for part in (version.bundle, version.wasm, version.why):
        write([f"{part.sha256}  {part.file}\n"])
    done = "Published" if written else "Already published, unchanged:"
    say(f"{done} {version.reference} in {folder.as_posix()}.")
    return status.OK
