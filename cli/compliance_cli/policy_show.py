"""`compliance policy show`: what a rule became."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance.errors import UserError
from compliance_cli import arguments, options, status

if TYPE_CHECKING:
    from compliance.policy.model import Policy

EPILOG = """\b
Examples:
  compliance policy show --rego hipaa/unique-user-identification
  compliance policy show --rego hipaa/unique-user-identification --source policies/hipaa
"""


@click.command(
    short_help="Print the Rego of a rule.",
    epilog=EPILOG,
    help=(
        "Print the Rego that a rule was compiled to, as the bundle holds it: the published "
        "version's, or with --source what the source compiles to now."
    ),
)
@click.option(
    "--rego",
    "rule",
    metavar="RULE",
    required=True,
    type=arguments.rule,
    help="Policy and rule, such as hipaa/unique-user-identification.",
)
@click.option(
    "--source",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder that holds policy.yaml, instead of a published version.",
)
@options.registry
@options.debug
def show(rule: arguments.RuleReference, source: Path | None, registry: Path | None) -> int:
    """Prints the Rego of a rule."""
    from compliance_cli import output

    policy, files = _from_source(source, rule) if source else _published(rule.policy, registry)
    output.write([_text(policy, files, rule)])
    return status.OK


def _from_source(folder: Path, rule: arguments.RuleReference) -> tuple[Policy, Mapping[str, str]]:
    from compliance.policy.build import PolicyProblemsError
    from compliance.policy.sources import rego_files
    from compliance_cli import objects

    loaded = objects.load_policy_source(folder)
    if loaded.policy is None:
        raise PolicyProblemsError(loaded.problems)
    if loaded.policy.id != rule.policy.id:
        raise UserError(
            f"{folder.as_posix()} holds the policy {loaded.policy.id}, not {rule.policy.id}."
        )
    return loaded.policy, rego_files(loaded.policy)


def _published(
    reference: arguments.PolicyReference, registry: Path | None
) -> tuple[Policy, Mapping[str, str]]:
    from compliance.policy.bundle import load_bundle
    from compliance.policy.registry import open_registry

    bundle = load_bundle(open_registry(registry).resolve(str(reference)))
    return bundle.policy, bundle.rego


def _text(policy: Policy, files: Mapping[str, str], reference: arguments.RuleReference) -> str:
    from compliance.policy.rego.entries import rule_versions
    from compliance_cli import objects

    for version in rule_versions(policy):
        if version.id == reference.rule:
            return files[f"{policy.root}/rules/{version.rego_name}.rego"]
    raise objects.unknown_rule(policy, reference)
