"""The reference page of the command line, made from what the commands say about themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from compliance_cli.main import cli

_INTRODUCTION = """\
# Command line

Made from the program's own help; `compliance COMMAND --help` says the same.

| exit status | meaning |
|---|---|
| 0 | every applicable rule at or above the threshold is satisfied |
| 1 | at least one is a gap or unknown (`--allow-unknown` lets unknowns through and says so) |
| 2 | bad usage, input or policy; also a run in which no rule applied |
| 3 | a fault in the program, or a rule that could not be evaluated |
| 130 | stopped with Ctrl-C |

Where several hold, 3 comes before 2 and 2 before 1. The report goes to standard output or, with
`-o`, to a file that is written whole or not at all; a one-sentence summary goes to standard error.
Commands that compare, merge or look ahead say below what 0 and 1 mean for them.

| environment variable | meaning |
|---|---|
| `NO_COLOR` | no colours, also on a terminal |
| `COMPLIANCE_OPA` | the opa program, where `--opa` names none |
| `COMPLIANCE_OPA_TOKEN` | bearer token for the server of `--opa-url` |
| `SOURCE_DATE_EPOCH` | seconds since 1970 that give the date where `--as-of` does not |
| `COMPLIANCE_CACHE` | folder for compiled policies, instead of the system's usual place |
"""


def generate() -> str:
    """Returns `docs/reference/command-line.md`: one section for each command."""
    with click.Context(cli, info_name="compliance") as context:
        return _INTRODUCTION + "".join(_sections(cli, context))


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield _section(command, context)
        return
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        if child is not None:
            with click.Context(child, info_name=name, parent=context) as inner:
                yield from _sections(child, inner)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f"\n## {context.command_path}\n", f"\n{_paragraphs(command.help)}\n"]
    parts.append(f"\n```\n{context.command_path} {usage}\n```\n")
    options = [option for option in command.params if isinstance(option, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        rows = "".join(f"| `{_cell(names)}` | {_cell(text)} |\n" for names, text in records)
        parts.append(f"\n| option | meaning |\n|---|---|\n{rows}")
    if command.epilog:
        parts.append(f"\n{_examples(command.epilog)}")
    return "".join(parts)


def _paragraphs(text: str | None) -> str:
    paragraphs = (text or "").replace("\b\n", "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _examples(epilog: str) -> str:
    lines = [line.strip() for line in epilog.replace("\b", "").strip().splitlines()]
    return "Examples:\n\n```\n" + "\n".join(lines[1:]) + "\n```\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
