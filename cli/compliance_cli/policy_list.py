"""`compliance policy list`: what a registry offers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance_cli import options, status

if TYPE_CHECKING:
    from compliance.policy.registry import Registry

EPILOG = """\b
Examples:
  compliance policy list
  compliance policy list --registry policies/published
"""


@click.command(
    "list",
    short_help="List the published policies.",
    epilog=EPILOG,
    help="List the published policies and their versions, the oldest version first.",
)
@options.registry
@options.debug
def list_policies(registry: Path | None) -> int:
    """Lists the published policies."""
    from compliance.policy.registry import open_registry
    from compliance_cli import output

    output.write(_lines(open_registry(registry)))
    return status.OK


def _lines(registry: Registry) -> Iterator[str]:
    from compliance.report.plain import neutral

    for policy, versions in registry.policies.items():
        yield f"{policy}: {neutral(versions[-1].title)}\n"
        for version in versions:
            yield (
                f"  {version.reference}  {version.status}, {version.binding}, "
                f"since {version.published_on.isoformat()}\n"
            )
    if not registry.policies:
        yield "No policy is published here.\n"
