"""What `compliance poam export` does."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment, PlanItemText
from compliance.plan.export.choosing import chosen
from compliance.report.plain import number
from compliance_cli import output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request, assess
from compliance_cli.objects import Engines, UsageError

SOURCE_DATE = "SOURCE_DATE_EPOCH"
"""Environment variable: seconds since 1970 that stand for the time of writing."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    form: str
    proposed: bool
    system_name: str | None
    impact_level: str | None
    output: Path | None
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None


def run_export(options: ExportOptions) -> int:
    """Writes the plan in another form and returns the exit status."""
    if options.form != "fedramp" and (options.system_name or options.impact_level):
        raise UsageError("--system-name and --impact-level belong to --format fedramp.")
    if options.form == "fedramp" and options.output is None:
        raise UsageError("A workbook cannot be written to the terminal. Name a file with -o.")
    output.check_writable(options.output, options.paths)
    engines = Engines(options.engine, options.opa, options.opa_url)
    assessment = assess(
        Request(options.paths, options.policies, options.as_of, options.registry, engines)
    )
    items = chosen(assessment, proposed=options.proposed)
    output.write(_rendered(assessment, items, options), options.output)
    left = len(assessment.plan) - len(items)
    out = f" {number(left, 'proposed item')} left out." if left else ""
    where = f" to {options.output.as_posix()}" if options.output else ""
    output.say(f"Wrote {number(len(items), 'item')} of the plan{where}.{out}")
    return status.OK


def _rendered(
    assessment: Assessment, items: Sequence[PlanItemText], options: ExportOptions
) -> Iterable[str] | Iterable[bytes]:
    # Each form is imported only where it is written.
    if options.form == "fedramp":
        from compliance.plan.export.fedramp import TitleBlock, workbook

        block = TitleBlock(options.system_name, options.impact_level)
        return [workbook(assessment, items, block)]
    if options.form == "oscal":
        from compliance.plan.export.oscal import document

        return document(assessment, items, _modified(assessment.metadata.as_of))
    from compliance.plan.export.table import table

    return table(assessment, items)


def _modified(as_of: str) -> str:
    """When the document was written: the given time, else the date of the assessment."""
    given = os.environ.get(SOURCE_DATE)
    if given is None:
        return f"{as_of}T00:00:00Z"
    try:
        moment = datetime.datetime.fromtimestamp(int(given), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{SOURCE_DATE} is {given!r}, which is no number of seconds since 1970. Set it to one, "
            "or unset it."
        ) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
