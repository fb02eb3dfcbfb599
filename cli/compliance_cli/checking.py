"""What `compliance check` does: read, assess, report, judge."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from compliance.report.detail import FULL
from compliance.report.reducing import reduced
from compliance_cli import output, reporting
from compliance_cli.arguments import PolicyReference, ReportFile
from compliance_cli.assessing import Request, assess
from compliance_cli.objects import Engines
from compliance_cli.reporting import Wanted
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
    report_format: str | None
    output: Path | None
    reports: tuple[ReportFile, ...] = ()
    detail: str = FULL


def run_check(options: CheckOptions) -> int:
    """Checks an inventory and returns the exit status."""
    wanted = Wanted(options.report_format, options.output, options.reports, options.detail)
    reporting.check(wanted, options.paths)
    assessment = assess(
        Request(
            options.paths,
            options.policies,
            options.as_of,
            options.registry,
            Engines(options.engine, options.opa, options.opa_url),
            deadlines=wanted.deadlines,
        )
    )
    thresholds = Thresholds(options.fail_on, options.allow_unknown, options.strict)
    found = verdict(assessment, thresholds)
    written = reporting.write(reduced(assessment, options.detail), wanted)
    output.say(f"{found.sentence} {written}".rstrip())
    return found.status
