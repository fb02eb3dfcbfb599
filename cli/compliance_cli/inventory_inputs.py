"""`compliance inventory inputs` (or `documents`): the documents that rules are evaluated on."""

from __future__ import annotations

from typing import Any

import click

from compliance_cli import arguments, options

EPILOG = """\b
Examples:
  compliance inventory inputs inventory/ --policy hipaa
  compliance inventory inputs inventory/ --policy hipaa@0.1.0 -o inputs.jsonl
"""


@click.command(
    short_help="Write the documents that rules are evaluated on.",
    epilog=EPILOG,
    help=(
        "Write the input document of every record a policy is about, as JSON lines: what an engine "
        "is given and nothing else, for use with a stock OPA or conftest. `compliance inventory "
        "documents` is another name of this command."
    ),
)
@options.inventory_paths
@click.option(
    "--policy",
    "policy",
    metavar="ID[@VERSION]",
    required=True,
    type=arguments.policy,
    help="Policy whose facts the documents hold, such as hipaa or hipaa@0.1.0.",
)
@options.as_of
@options.registry
@options.output
@options.debug
def inputs(**given: Any) -> int:
    """Writes the input documents of a policy."""
    from compliance_cli.inputting import InputsOptions, run_inputs

    return run_inputs(InputsOptions(**given))


documents = click.Command(
    "documents",
    callback=inputs.callback,
    params=inputs.params,
    short_help="Another name of `inputs`.",
    epilog=EPILOG.replace("inventory inputs", "inventory documents"),
    help=(inputs.help or "").replace("inventory documents`", "inventory inputs`"),
)
