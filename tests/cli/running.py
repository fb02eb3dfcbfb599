"""Runs the program as a user would, in this process or in one of its own."""

import sys

from click.testing import CliRunner, Result

from compliance_cli.main import cli

AS_OF = ("--as-of", "2026-11-23")
PROGRAM = (sys.executable, "-m", "compliance_cli.main")


def run(*arguments: object) -> Result:
    """Runs the program in this process."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result
