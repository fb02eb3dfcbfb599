"""What `compliance rollup` does."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from compliance.policy.registry import open_registry
from compliance.report.plain import neutral, number
from compliance.rollup.formats import DEFAULT, FORMATS, RollupFormat, by_suffix
from compliance.rollup.model import Rollup
from compliance.rollup.search import find
from compliance.rollup.statewide import Wanted, roll_up
from compliance.rollup.words import headline
from compliance_cli import output, status
from compliance_cli.objects import UsageError, date_or_today

NOTES_SHOWN = 20
"""Notes that are printed; the roll-up has them all."""


@dataclass(frozen=True, slots=True)
class RollupOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    form: str | None
    output: Path | None
    detail: str
    marking: str | None
    stale_days: int
    strict: bool
    as_of: datetime.date | None
    registry: Path | None


def run_rollup(options: RollupOptions) -> int:
    """Writes the roll-up and returns the exit status."""
    form = _format(options)
    output.check_writable(options.output)
    as_of = date_or_today(options.as_of)
    found = find(options.paths, as_of.isoformat())
    wanted = Wanted(as_of, options.detail, options.marking, options.stale_days)
    made = roll_up(found, wanted, open_registry(options.registry))
    _tell(made)
    refused = bool(options.strict and made.problems)
    if not refused:
        output.write(form.render(made), options.output)
    where = f" It is in {options.output.as_posix()}." if options.output and not refused else ""
    unused = f" {number(len(made.problems), 'file')} could not be used." if made.problems else ""
    strict = " Nothing was written (--strict)." if refused else ""
    output.say(neutral(f"{headline(made)}{unused}{where}{strict}"))
    return status.USAGE if refused else status.OK


def _format(options: RollupOptions) -> RollupFormat:
    """The format asked for, by name or by the name of the file."""
    form = FORMATS.get(options.form or "")
    if form is None and options.output is not None:
        form = by_suffix(options.output.name)
        if form is None:
            known = ", ".join(one.suffix for one in FORMATS.values())
            raise UsageError(
                f"{options.output.as_posix()}: the name says no format. End it with one of "
                f"{known}, or name one with --format."
            )
    form = form or FORMATS[DEFAULT]
    if form.binary and options.output is None:
        raise UsageError("A workbook cannot be written to the terminal. Name a file with -o.")
    return form


def _tell(made: Rollup) -> None:
    """Problems, and the first notes, a line each."""
    for one in made.problems:
        output.say(neutral(str(one)))
    for one in made.notes[:NOTES_SHOWN]:
        output.say(neutral(f"Note: {one}"))
    left = len(made.notes) - NOTES_SHOWN
    if left > 0:
        output.say(f"and {number(left, 'more note', 'more notes')}, listed in the roll-up.")
