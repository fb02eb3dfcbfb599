"""Commands that end in every way a command can end."""

import time

import click

from compliance.errors import UserError
from compliance_cli import options, output


@click.command()
@options.debug
def fault() -> int:
    """A fault in the program."""
    raise KeyError("missing\nkey")


@click.command()
@options.debug
def mistake() -> int:
    """A mistake of the user."""
    raise UserError("a.yaml:1:1: The file is empty. Remove it.")


@click.command()
def interrupted() -> int:
    """Ctrl-C."""
    raise KeyboardInterrupt


@click.command()
def findings() -> int:
    """An exit status of its own."""
    output.write(["report\n"])
    return 1


@click.command()
def fine() -> None:
    """All is well."""


def not_a_command() -> None:
    """Nothing click knows."""


@click.command()
def waiting() -> None:
    """Waits for Ctrl-C."""
    output.write(["waiting\n"])
    time.sleep(60)
