"""`compliance explain`: why a rule came out as it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compliance_cli import arguments, options

EPILOG = """\b
Examples:
  compliance explain inventory/ hipaa/unique-user-identification system/payroll
  compliance explain inventory/ hipaa/unique-user-identification
  compliance explain inventory/ hipaa@0.1.0/unique-user-identification system/payroll
"""


@click.command(
    short_help="Explain why a rule came out as it did.",
    epilog=EPILOG,
    help=(
        "Explain the outcome of one rule.\n\n"
        "PATH is the inventory; RULE is a policy, with or without a version, and one of its "
        "rules; SUBJECT is a record of the inventory. Prints the rule's condition as a tree, every "
        "fact it read with its value, where it stands and who reported it, how each part came out "
        "(true, false or unknown), the requirements the rule covers, its basis, and what would "
        "change the outcome. Without SUBJECT: one line for each record the rule is about."
    ),
)
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("rule", type=arguments.rule)
@click.argument("subject", required=False, type=arguments.subject)
@options.as_of
@options.engines
@options.registry
@options.output
@options.debug
def explain(**given: Any) -> int:
    """Explains the outcome of one rule."""
    from compliance_cli.explaining import ExplainOptions, run_explain

    return run_explain(ExplainOptions(**given))
