"""Which reports a user asks for, and writing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment
from compliance.report.detail import FULL
from compliance.report.formats import DEFAULT, format_of
from compliance.report.plain import enumeration
from compliance_cli import output
from compliance_cli.arguments import ReportFile
from compliance_cli.objects import UsageError
from compliance_cli.output import Pieces


@dataclass(frozen=True, slots=True)
class Wanted:
    """The reports that a user asks for."""

    report_format: str | None
    """Format of the report to standard output or ``output``; None where none was named."""
    output: Path | None
    reports: tuple[ReportFile, ...] = ()
    detail: str = FULL

    @property
    def shown(self) -> str | None:
        """Format of what goes to standard output, None where nothing does."""
        silent = self.output is not None or (self.reports and self.report_format is None)
        return None if silent else self.report_format or DEFAULT

    @property
    def files(self) -> tuple[ReportFile, ...]:
        """The files to write."""
        if self.output is None:
            return self.reports
        return (ReportFile(self.report_format or DEFAULT, self.output), *self.reports)

    @property
    def deadlines(self) -> bool:
        """Whether any of them says until when satisfied rules stay so."""
        names = [file.format for file in self.files] + [self.shown or DEFAULT]
        return any(format_of(name).deadlines for name in names)


def check(wanted: Wanted, inventory: Iterable[Path] = ()) -> None:
    """Refuses what can certainly not be written, before the work for it is done.

    Args:
        wanted: the reports.
        inventory: files and folders that are read for them.

    Raises:
        UserError: two reports would go to one file, or a file cannot be written.
    """
    if wanted.shown is not None and format_of(wanted.shown).binary and output.on_terminal():
        raise UsageError(f"{wanted.shown} is no text for a terminal. Name a file with -o.")
    inventory = tuple(inventory)
    places: set[Path] = set()
    for file in wanted.files:
        place = file.path.resolve()
        if place in places:
            raise UsageError(f"{file.path.as_posix()} is named twice. Give each report its own.")
        places.add(place)
        output.check_writable(file.path, inventory)


def write(assessment: Assessment, wanted: Wanted) -> str:
    """Writes the reports.

    Args:
        assessment: what they are made from, reduced to the detail that was asked for.
        wanted: the reports.

    Returns:
        Where they are, as a sentence; empty where none is in a file.
    """
    files = wanted.files
    output.write_together({file.path: _pieces(assessment, file.format) for file in files})
    if wanted.shown is not None:
        report = format_of(wanted.shown).make(output.style(None))
        output.write(report.render(assessment))
    if not files:
        return ""
    names = [file.path.as_posix() for file in files]
    return written(names)


def written(names: list[str]) -> str:
    """Where reports are: ``The reports are in a.html, b.json.``."""
    lead = "The report is in" if len(names) == 1 else "The reports are in"
    return f"{lead} {enumeration(names, len(names))}."


def _pieces(assessment: Assessment, name: str) -> Pieces:
    return format_of(name).make().render(assessment)
