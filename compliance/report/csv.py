"""``--format csv``: what is open, one finding a line, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from compliance.assessment.model import Assessment
from compliance.report.detail import COUNTS
from compliance.report.headline import status_of
from compliance.report.open_cells import COLUMNS, Cell, Column, OpenCells
from compliance.report.ordering import OPEN, OpenFindings
from compliance.report.plain_cells import safe
from compliance.report.stamp import engine, policy_digest, stamp
from compliance.report.texts import Texts

SEPARATOR = "; "
"""Between several texts of one cell."""
NOTHING_OPEN = "none open"
"""Status of the one row of a rule set with no open finding, which still says what was checked."""

_STAMP = (
    ("agency", "Agency", "id of the agency"),
    ("as_of", "As of", "date of the assessment"),
    ("policy_version", "Rule set version", "version of the policy"),
    ("policy_sha256", "Rule set digest", "SHA-256 of the policy's bundle"),
    ("engine", "Engine", "what evaluated it"),
    ("program_version", "Program version", "version of the program"),
    (
        "inventory_sha256", "Inventory digest",
        "SHA-256 of the sorted SHA-256s of its files, each on a line",
    ),
    ("detail", "Detail", "how much the report tells: full, requirement or counts"),
    ("marking", "Marking", "how to handle the report"),
)  # fmt: skip
CSV_COLUMNS: Mapping[str, Column] = {
    **COLUMNS, **{one[0]: Column(*one) for one in _STAMP},
}  # fmt: skip
"""Every column by its name, in order; the last ones are the same on each line of a rule set."""


class CsvReport:
    """A heading, and a line for each open finding, the gravest first.

    Each line says which version of what it rests on and how to handle it, so that lines of several
    reports can be put together.
    """

    name = "csv"

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the lines."""
        yield _line(list(CSV_COLUMNS))
        stamps = _stamps(assessment)
        silent = dict.fromkeys(stamps)
        for cells in _cells(assessment):
            silent.pop(str(cells["policy"]), None)
            made = {**cells, **stamps.get(str(cells["policy"]), {})}
            yield _line([_text(made.get(name, "")) for name in CSV_COLUMNS])
        for policy in silent:
            made = {"status": NOTHING_OPEN, "policy": policy, "findings": 0, **stamps[policy]}
            yield _line([_text(made.get(name, "")) for name in CSV_COLUMNS])


def _cells(assessment: Assessment) -> Iterator[Mapping[str, Cell]]:
    if assessment.metadata.detail == COUNTS:
        yield from _counts(assessment)
        return
    cells, found = OpenCells(Texts(assessment)), OpenFindings(assessment)
    for sort in OPEN:
        for listed in found.of(sort):
            yield cells.of(listed)


def _counts(assessment: Assessment) -> Iterator[Mapping[str, Cell]]:
    """Numbers alone: a line for each policy, severity, status, basis and set of marks."""
    for one in assessment.summary.counts:
        if status_of(one) in OPEN and one.status in OPEN:
            yield {
                "status": status_of(one),
                "severity": one.severity,
                "basis": one.basis,
                "policy": one.policy,
                "marks": tuple(mark.replace("_", " ") for mark in one.marks),
                "findings": one.findings,
            }


def _stamps(assessment: Assessment) -> Mapping[str, Mapping[str, str]]:
    """What is the same on each line of a policy."""
    made = stamp(assessment)
    shared = {name: getattr(made, name, "") for name, _, _ in _STAMP}
    return {
        policy.id: shared
        | {
            "policy_version": policy.version,
            "policy_sha256": policy_digest(policy),
            "engine": engine(policy),
        }
        for policy in assessment.policies
    }


def _text(cell: Cell) -> str:
    if isinstance(cell, int):
        return str(cell)
    return safe(cell if isinstance(cell, str) else SEPARATOR.join(cell))


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()
