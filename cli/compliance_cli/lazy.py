"""Groups whose commands are imported when they are asked for, so that `--help` stays fast."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """A group that knows its commands by the place of their definition."""

    def __init__(self, *, lazy: Mapping[str, str], **settings: object) -> None:
        """Makes a group.

        Args:
            lazy: for each command the module and the object, as ``compliance_cli.check:check``,
                in the order in which help lists them.
            **settings: what `click.Group` takes.
        """
        super().__init__(**settings)  # type: ignore[arg-type]
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names of all commands, in the order in which they were given."""
        return list(self._lazy)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command of the arguments; for one that is not there names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self._lazy, n=1)
            if not near or near[0] == args[0]:
                raise
            message = f"{error.message} Did you mean '{near[0]}'?"
            raise click.UsageError(message, ctx=error.ctx) from error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns the command of a name, importing its module; None where there is none."""
        place = self._lazy.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is not a command")
        return command
