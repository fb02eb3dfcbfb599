"""What `compliance due` does: assess, or read an assessment, and list its dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment
from compliance.assessment.saved_file import read_saved
from compliance.report.blocks import as_text
from compliance.report.calendar import as_calendar
from compliance.report.dues import Due, dues, within
from compliance.report.dues_telling import as_json, page, sentence
from compliance_cli import output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request, assess
from compliance_cli.objects import Engines, UsageError

_SAVED = re.compile(
    rb'\s*\{\s*("schema"\s*:\s*\d+\s*,\s*"metadata"|"record"\s*:\s*"metadata")', re.ASCII
)
"""How a saved assessment begins, and no inventory."""


@dataclass(frozen=True, slots=True)
class DueOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    within: int | None
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None
    form: str
    output: Path | None


def run_due(options: DueOptions) -> int:
    """Lists what is due and returns the exit status."""
    output.check_writable(options.output, options.paths)
    assessment = _assessment(options)
    everything = dues(assessment)
    found = everything
    if options.within is not None:
        found = within(everything, assessment.metadata.as_of, options.within)
    output.write(_rendered(assessment, found, everything, options), options.output)
    output.say(f"As of {assessment.metadata.as_of}: {sentence(assessment, everything)}")
    return status.FINDINGS if any(one.overdue for one in everything) else status.OK


def _assessment(options: DueOptions) -> Assessment:
    if len(options.paths) == 1 and _is_saved(options.paths[0]):
        if options.as_of or options.policies:
            raise UsageError(
                f"{options.paths[0].as_posix()} is a saved assessment, which has its date and its "
                "rule sets. Leave out --as-of and --policy, or name the inventory instead."
            )
        return read_saved(options.paths[0])
    engines = Engines(options.engine, options.opa, options.opa_url)
    return assess(
        Request(options.paths, options.policies, options.as_of, options.registry, engines)
    )


def _is_saved(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return _SAVED.match(stream.read(4096)) is not None
    except OSError:
        return False


def _rendered(
    assessment: Assessment, found: Sequence[Due], everything: Sequence[Due], options: DueOptions
) -> Iterator[str]:
    if options.form == "json":
        return as_json(assessment, found)
    if options.form == "ics":
        return as_calendar(assessment, found)
    return as_text(page(assessment, found, everything), output.style(options.output))
