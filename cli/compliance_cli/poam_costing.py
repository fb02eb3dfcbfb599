"""What `compliance poam funding` does."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment
from compliance.report.investments import Investments, investments
from compliance.report.plain import number
from compliance_cli import output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request, assess
from compliance_cli.objects import Engines, UsageError
from compliance_cli.output import Pieces


@dataclass(frozen=True, slots=True)
class FundingOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    form: str
    output: Path | None
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None


def run_funding(options: FundingOptions) -> int:
    """Writes what the plan costs and returns the exit status."""
    if options.form == "xlsx" and options.output is None:
        raise UsageError("A workbook cannot be written to the terminal. Name a file with -o.")
    output.check_writable(options.output, options.paths)
    engines = Engines(options.engine, options.opa, options.opa_url)
    assessment = assess(
        Request(options.paths, options.policies, options.as_of, options.registry, engines)
    )
    if not assessment.plan:
        raise UsageError(
            "There is no plan beside the inventory, so nothing has a cost. Run `compliance poam "
            "update`, enter `cost` in the items of poam.yaml, and run this again."
        )
    found = investments(assessment)
    output.write(_rendered(assessment, found, options.form), options.output)
    where = f" to {options.output.as_posix()}" if options.output else ""
    priced, unpriced = len(found.investments), len(found.unpriced)
    output.say(f"Wrote {number(priced, 'item')} with a cost and {unpriced:,} without{where}.")
    return status.OK


def _rendered(assessment: Assessment, found: Investments, form: str) -> Pieces:
    if form == "xlsx":
        from compliance.report.funding.workbook import workbook

        return [workbook(assessment, found)]
    from compliance.report.funding import writing

    forms = {"csv": writing.csv_lines, "md": writing.markdown, "text": writing.text}
    return forms[form](assessment, found)
