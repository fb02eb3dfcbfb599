"""What `compliance check` does: read, assess, report, judge."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from compliance.report.interface import Report
from compliance.report.json import JsonLinesReport, JsonReport
from compliance.report.style import Style
from compliance.report.text import TextReport
from compliance_cli import output
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request, assess
from compliance_cli.objects import Engines
from compliance_cli.verdict import Thresholds, verdict


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None
    fail_on: str
    allow_unknown: bool
    strict: bool
    report_format: str
    output: Path | None


def run_check(options: CheckOptions) -> int:
    """Checks an inventory and returns the exit status."""
    output.check_writable(options.output, options.paths)
    assessment = assess(
        Request(
            options.paths,
            options.policies,
            options.as_of,
            options.registry,
            Engines(options.engine, options.opa, options.opa_url),
        )
    )
    thresholds = Thresholds(options.fail_on, options.allow_unknown, options.strict)
    found = verdict(assessment, thresholds)
    report = make_report(options.report_format, output.style(options.output))
    output.write(report.render(assessment), options.output)
    written = f" The report is in {options.output.as_posix()}." if options.output else ""
    output.say(found.sentence + written)
    return found.status


def make_report(name: str, style: Style) -> Report:
    """The report of a format."""
    if name == JsonReport.name:
        return JsonReport()
    return JsonLinesReport() if name == JsonLinesReport.name else TextReport(style)
