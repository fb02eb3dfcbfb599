"""The program `compliance`: its commands, and what becomes of an error."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from compliance import __version__
from compliance.errors import UserError
from compliance_cli import status
from compliance_cli.lazy import LazyGroup
from compliance_cli.output import say

FAULT_MESSAGE = (
    "This is a fault in the program, not in your files: {error}. Nothing was changed. "
    "Please report it with the command you ran and the output of the same command with --debug."
)


@dataclass
class Run:
    """What one run of the program remembers for the case of an error."""

    debug: bool = False


class Program(LazyGroup):
    """The root group: the one place that turns errors into messages and exit statuses."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Runs a command and ends the process with its exit status.

        Args:
            args: the arguments after the program's name; those of the process by default.
            prog_name: the name that help shows.
            **extra: what `click.Group.main` takes.
        """
        extra["standalone_mode"] = False
        sys.exit(self._guarded(Run(), args, prog_name or "compliance", extra))

    def _guarded(
        self, run: Run, args: Sequence[str] | None, prog_name: str, extra: dict[str, Any]
    ) -> int:
        try:
            return int(super().main(args, prog_name, obj=run, **extra) or status.OK)
        except (click.Abort, KeyboardInterrupt):
            say("Stopped.")
            return status.INTERRUPTED
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except UserError as error:
            _trace(run)
            _tell(error)
            return status.USAGE
        except Exception as error:  # noqa: BLE001
            _trace(run)
            say(FAULT_MESSAGE.format(error=_one_line(error)))
            return status.FAULT


def _tell(error: UserError) -> None:
    """Says what is wrong: errors that carry a list of problems line by line, others in one."""
    from compliance.report.plain import neutral
    from compliance_cli.objects import problem_count, problem_lines

    problems = getattr(error, "problems", ())
    for line in problem_lines(problems):
        say(line.rstrip())
    message = problem_count(problems) if problems else str(error)
    say(f"Error: {neutral(' '.join(message.split()))}")


def _trace(run: Run) -> None:
    if run.debug:
        import traceback

        traceback.print_exc()


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


cli = Program(
    name="compliance",
    lazy={
        "start": "compliance_cli.start:start",
        "assess": "compliance_cli.assess:assess",
        "check": "compliance_cli.check:check",
        "explain": "compliance_cli.explain:explain",
        "poam": "compliance_cli.poam:poam",
        "ask": "compliance_cli.ask:ask",
        "answer": "compliance_cli.answer:answer",
        "report": "compliance_cli.report:report",
        "rollup": "compliance_cli.rollup:rollup",
        "compare": "compliance_cli.compare:compare",
        "whatif": "compliance_cli.whatif:whatif",
        "trend": "compliance_cli.trend:trend",
        "due": "compliance_cli.due:due",
        "demo": "compliance_cli.demo:demo",
        "inventory": "compliance_cli.inventory:inventory",
        "policy": "compliance_cli.policy:policy",
    },
    help=(
        "Checks an agency's inventory against versioned policies and reports the gaps.\n\n"
        "New here? Run `compliance demo`: it checks an example agency and says what to try next."
    ),
    epilog=(
        "Exit status: 0 every applicable rule is satisfied; 1 at least one is a gap or unknown; "
        "2 bad usage, input or policy; 3 a fault in the program or in a rule."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli = click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")(cli)


_OBJECTS_BEFORE_COLLECTION = 200_000
"""What is read and written are trees, which free themselves: to search them for circles every 700
objects, as Python does by itself, takes a third of the time."""


def main() -> NoReturn:
    """Runs the program with the arguments of the process."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION, 20, 20)
    cli.main()


if __name__ == "__main__":
    main()
