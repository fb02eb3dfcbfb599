"""Options that the commands about inventories share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def format_of(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--format`` with these names, the first of them by default."""
    return click.option(
        "--format",
        "format",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to write it.",
    )
