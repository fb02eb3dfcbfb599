"""Options that several commands share, each explained once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from compliance.report.detail import FULL, SUMMARIES
from compliance.report.formats import DEFAULT, FORMATS
from compliance_cli import arguments

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]

SEVERITIES = ("critical", "high", "medium", "low")


def _note_debug(ctx: click.Context, _parameter: click.Parameter, given: bool) -> None:
    if given and hasattr(ctx.obj, "debug"):
        ctx.obj.debug = True


def debug(command: Command) -> Command:
    """``--debug``: known to the program alone, not to the command."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_note_debug,
        help="When the command ends with an error, print where in the program it arose.",
    )(command)


inventory_paths = click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
"""One or more files or folders, together one inventory; whether they exist is asked on reading."""

policies = click.option(
    "--policy",
    "policies",
    metavar="ID[@VERSION]|FOLDER",
    multiple=True,
    type=arguments.policy_or_folder,
    help=(
        "Policy to check against, such as hipaa or hipaa@0.1.0; may be given several times. "
        "Without it: what compliance.yaml says, else the newest published version of each "
        "binding policy. A folder with a slash in its name, such as policies/hipaa or ./hipaa, is "
        "the source of a policy that is not published, and needs the program opa."
    ),
)

as_of = click.option(
    "--as-of",
    metavar="DATE",
    type=arguments.date,
    help=(
        "Date of the assessment, such as 2026-11-23; by default that of SOURCE_DATE_EPOCH, else "
        "today."
    ),
)

registry = click.option(
    "--registry",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=(
        "Folder with published policies and their index; by default those that come with the "
        "program."
    ),
)

engine = click.option(
    "--engine",
    type=click.Choice(["wasm", "opa"]),
    default="wasm",
    show_default=True,
    help="What evaluates the rules: the built-in WebAssembly engine, or an OPA server.",
)

opa_program = click.option(
    "--opa",
    metavar="PROGRAM",
    type=click.Path(path_type=Path),
    help="The opa program; by default $COMPLIANCE_OPA, then .tools/opa, then the one on PATH.",
)

opa_url = click.option(
    "--opa-url",
    metavar="URL",
    help="With --engine opa: a running OPA server to use instead of starting one.",
)

output = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write to this file, whole or not at all, instead of to standard output.",
)


def engines(command: Command) -> Command:
    """The three options that choose an engine."""
    return engine(opa_program(opa_url(command)))


_fail_on = click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "none"]),
    default="low",
    show_default=True,
    help=(
        "Lowest severity whose gaps and unknowns make the exit status 1; with none, findings "
        "never do. The summary names what lies below."
    ),
)

_allow_unknown = click.option(
    "--allow-unknown",
    is_flag=True,
    help="Let unknowns through: they leave the exit status alone, and the summary says so.",
)

_strict = click.option(
    "--strict",
    is_flag=True,
    help=(
        "End with exit status 2 where a value of the inventory could not be used, such as a text "
        "where a date belongs. Without it such a value counts as missing."
    ),
)


def thresholds(command: Command) -> Command:
    """The three options that say what makes the exit status."""
    return _fail_on(_allow_unknown(_strict(command)))


_format = click.option(
    "--format",
    "report_format",
    type=click.Choice(list(FORMATS)),
    help="What to write: "
    + "; ".join(f"{one.name}: {one.summary}" for one in FORMATS.values())
    + f". {DEFAULT} by default.",
)

_reports = click.option(
    "--report",
    "reports",
    metavar="FORMAT=FILE",
    multiple=True,
    type=arguments.report,
    help=(
        "Write a report of this format to this file, such as html=report.html; may be given "
        "several times. All files are written, or none. Nothing goes to standard output then, "
        "unless --format or -o asks for it."
    ),
)

detail = click.option(
    "--detail",
    type=click.Choice(list(SUMMARIES)),
    default=FULL,
    show_default=True,
    help="How much every report tells: "
    + "; ".join(f"{name}: {text}" for name, text in SUMMARIES.items())
    + ".",
)


def reports(command: Command) -> Command:
    """The options that say which reports are written, where, and how much they tell."""
    return _format(output(_reports(detail(command))))
