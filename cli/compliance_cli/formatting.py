"""What `compliance inventory fmt` does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.inventory.files import find_files
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.writing.formatting import SUFFIXES, Formatted, format_file
from compliance.report.plain import neutral, number
from compliance_cli import objects, output, status

_OTHER = "only YAML and JSON files are formatted"


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    check: bool
    """List what would change and write nothing."""


def run_format(options: FormatOptions) -> int:
    """Rewrites the files, or lists them, and returns the exit status."""
    found = find_files(options.paths)
    problems = [problem for problem in found.problems if problem.kind == ERROR]
    problems += _not_formatted(options.paths)
    kinds = objects.kinds()
    # Only values that count as unknown depend on the date, and those are formatted like others.
    results: list[Formatted] = []
    for path in found.files:
        if path.suffix.lower() in SUFFIXES:
            results.append(format_file(path, kinds, datetime.date.max))
            problems += results[-1].problems
    if problems:
        output.write(objects.problem_lines(problems))
        output.say(f"{objects.problem_count(problems)} Nothing was written.")
        return status.USAGE
    return _checked(results) if options.check else _written(results)


def _not_formatted(paths: Sequence[Path]) -> list[Problem]:
    """Files named one by one that have another format; in folders they are left alone."""
    return [
        Problem(Position(path.as_posix()), "", _OTHER, f"a name that ends in {', '.join(SUFFIXES)}")
        for path in paths
        if path.exists() and not path.is_dir() and path.suffix.lower() not in SUFFIXES
    ]


def _checked(results: Sequence[Formatted]) -> int:
    changed = [result for result in results if result.changed]
    output.write(f"{neutral(result.path)}\n" for result in changed)
    if not changed:
        output.say(f"{_files(results)} formatted already.")
        return status.OK
    output.say(
        f"{number(len(changed), 'file')} of {len(results):,} would change. "
        "Run the command without --check to rewrite them."
    )
    return status.FINDINGS


def _written(results: Sequence[Formatted]) -> int:
    changed = [result for result in results if result.changed]
    for result in changed:
        # A link stays a link: what it leads to is rewritten.
        output.write([result.text or ""], Path(result.path).resolve())
        output.write([f"{neutral(result.path)}\n"])
    if changed:
        output.say(f"Rewrote {number(len(changed), 'file')} of {len(results):,}.")
    else:
        output.say(f"{_files(results)} formatted already; nothing was written.")
    return status.OK


def _files(results: Sequence[Formatted]) -> str:
    return f"{number(len(results), 'file')} {'is' if len(results) == 1 else 'are'}"
