"""What `compliance trend` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compliance.comparison.trend import SUFFIXES, Trend, read_trend
from compliance.comparison.trend_telling import as_json, page
from compliance.report.blocks import as_text
from compliance.report.plain import neutral, number
from compliance_cli import output
from compliance_cli.objects import UsageError


@dataclass(frozen=True, slots=True)
class TrendOptions:
    """What the user asked for."""

    folder: Path
    form: str
    output: Path | None


def run_trend(options: TrendOptions) -> None:
    """Writes the trend over the saved assessments of a folder."""
    output.check_writable(options.output)
    _check_place(options)
    found = read_trend(options.folder)
    output.write(_rendered(found, options), options.output)
    for one in found.skipped:
        output.say(neutral(f"Left out: {one.file}: {one.reason}"))
    first, last = found.points[0].as_of, found.points[-1].as_of
    output.say(f"{number(len(found.points), 'assessment')} from {first} to {last}.")


def _check_place(options: TrendOptions) -> None:
    """Refuses to write among the files that are read, under a name that is read."""
    path = options.output
    if path is None or path.suffix.lower() not in SUFFIXES:
        return
    if path.resolve().parent == options.folder.resolve():
        raise UsageError(
            f"{path.as_posix()} would lie among the saved assessments. Name a file in another "
            "folder with -o."
        )


def _rendered(found: Trend, options: TrendOptions) -> Iterator[str]:
    if options.form == "json":
        return as_json(found)
    if options.form == "html":
        # Templates and charts are imported only for a page.
        from compliance.report.html.trend import render

        return render(found)
    return as_text(page(found), output.style(options.output))
