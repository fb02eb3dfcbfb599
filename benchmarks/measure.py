"""Runs programs and tells how long they took and how much memory they held."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCH = Path(__file__).with_name("launch.py")
MB = 1024 * 1024


class ProgramError(Exception):
    """A program that was to be measured failed; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program, from its start to its end."""

    seconds: float
    """On the clock."""
    cpu_seconds: float
    """On all processors together."""
    peak: int
    """Most bytes of memory the largest of its processes held."""


def run(
    command: Sequence[str | Path],
    output: Path,
    *,
    statuses: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a program.

    Args:
        command: the program and its arguments.
        output: file for what it writes.
        statuses: exit statuses that mean it did its work.
        environment: its environment; None for this process's own.

    Raises:
        ProgramError: it ended with another status.
    """
    with tempfile.TemporaryDirectory() as folder:
        figures, errors = Path(folder) / "figures.json", Path(folder) / "errors.txt"
        with output.open("wb") as written, errors.open("wb") as said:
            launched = subprocess.run(
                [sys.executable, "-I", "-S", _LAUNCH, figures, *command],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=said,
                env=environment,
                check=False,
            )
        found = json.loads(figures.read_text("utf-8")) if launched.returncode == 0 else {}
        if found.pop("status", None) not in statuses:
            raise ProgramError(f"{command[0]}: {errors.read_text('utf-8', 'replace').strip()}")
    return Run(**found)
