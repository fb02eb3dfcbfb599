"""`compliance policy coverage`: which rules check each requirement, and what they read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance_cli import arguments, options, status

if TYPE_CHECKING:
    from compliance.policy.model import Policy

EPILOG = """\b
Examples:
  compliance policy coverage hipaa
  compliance policy coverage hipaa --format csv -o coverage.csv
  compliance policy coverage hipaa --source policies/hipaa --format markdown
"""


@click.command(
    short_help="Show which rules check each requirement.",
    epilog=EPILOG,
    help=(
        "Print the coverage matrix of a policy: for each requirement its designation, whether an "
        "inventory can show it, the rules that check it, the kinds of records and the facts they "
        "read, their basis, and whether the requirement was checked against its source.\n\n"
        "A requirement that no rule covers says why an inventory cannot show it."
    ),
)
@click.argument("policy", metavar="ID[@VERSION]", type=arguments.policy)
@click.option(
    "--source",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder that holds policy.yaml, instead of a published version.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "csv", "json"]),
    default="text",
    show_default=True,
    help="Form of the matrix.",
)
@options.registry
@options.output
@options.debug
def coverage(
    policy: arguments.PolicyReference,
    source: Path | None,
    form: str,
    registry: Path | None,
    output: Path | None,
) -> int:
    """Prints the coverage matrix of a policy."""
    from compliance.policy import coverage as matrix
    from compliance_cli import objects
    from compliance_cli.output import check_writable, write

    check_writable(output)
    found = _policy(policy, source, registry)
    rows = matrix.coverage(found, objects.kinds())
    texts = {
        "text": matrix.as_text,
        "markdown": matrix.as_markdown,
        "csv": lambda _, rows: matrix.as_csv(rows),
        "json": matrix.as_json,
    }
    write([texts[form](found, rows)], output)
    return status.OK


def _policy(
    reference: arguments.PolicyReference, source: Path | None, registry: Path | None
) -> Policy:
    from compliance.policy.build import PolicyProblemsError
    from compliance.policy.bundle import load_bundle
    from compliance.policy.registry import open_registry
    from compliance_cli import objects

    if source is None:
        return load_bundle(open_registry(registry).resolve(str(reference))).policy
    loaded = objects.load_policy_source(source)
    if loaded.policy is None:
        raise PolicyProblemsError(loaded.problems)
    if loaded.policy.id != reference.id:
        raise objects.UsageError(
            f"{source.as_posix()} holds the policy {loaded.policy.id}, not {reference.id}."
        )
    return loaded.policy
