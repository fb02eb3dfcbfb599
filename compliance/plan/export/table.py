"""The plan as a table of text, an item a line, for spreadsheets and other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from compliance.assessment.model import Assessment, PlanCost, PlanItemText
from compliance.inventory.tables.cells import neutralised
from compliance.plan.export.choosing import Words
from compliance.report.plain import neutral
from compliance.report.stamp import engine, policy_digest, stamp

COLUMNS = (
    "id", "state", "upcoming", "severity", "basis", "title", "found_on", "due_on", "due_basis",
    "latest_on", "latest_basis", "overdue", "owner", "accepted_by", "accepted_on", "closed_on",
    "rules", "citations", "records", "outside", "remediation", "milestones", "one_time", "yearly",
    "currency", "funding_source", "federal_share", "federal_condition", "fiscal_year",
    "request_status", "shared_service", "comment", "lacks",
)  # fmt: skip
"""Headings, in order. Members of a list stand between semicolons, dates are ISO."""
STAMP = ("agency", "as_of", "policies", "engine", "program_version", "inventory_sha256", "marking")
"""Headings after those, the same on every line: what the table was made from, how to handle it."""
_NO_COST = PlanCost(currency="")


def table(assessment: Assessment, items: Sequence[PlanItemText]) -> Iterator[str]:
    """Yields the lines: headings, then items by id.

    Args:
        assessment: with its plan.
        items: the items that go out.
    """
    words = Words(assessment)
    made_from = _stamp(assessment)
    yield _line((*COLUMNS, *STAMP))
    for item in items:
        yield _line((*_cells(item, words), *made_from))


def _stamp(assessment: Assessment) -> list[str]:
    found = stamp(assessment)
    policies = [f"{one.id} {one.version} {policy_digest(one)}" for one in assessment.policies]
    return [
        found.agency,
        found.as_of,
        "; ".join(policies),
        "; ".join(dict.fromkeys(map(engine, assessment.policies))),
        found.program_version,
        found.inventory_sha256,
        found.marking,
    ]


def _cells(item: PlanItemText, words: Words) -> list[str]:
    cost = item.cost or _NO_COST
    steps = [
        f"{step.due_on or 'no date'}: {step.title}"
        + (f" (done {step.done_on})" if step.done_on else "")
        for step in item.milestones
    ]
    values: dict[str, object] = {
        "upcoming": "yes" if item.upcoming else "no",
        "overdue": "yes" if item.overdue else "no",
        "rules": "; ".join(f"{one.policy}/{one.rule}" for one in item.covers),
        "citations": "; ".join(words.labels(item)),
        "records": "; ".join(item.records),
        "outside": "; ".join(item.outside),
        "milestones": "; ".join(steps),
        "lacks": "; ".join(item.lacks),
    }
    found = []
    for name in COLUMNS:
        value = values.get(name, getattr(item, name, getattr(cost, name, None)))
        found.append("" if value is None else str(value))
    return found


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    safe = [neutralised(neutral(" ".join(cell.split()))) for cell in cells]
    csv.writer(stream, lineterminator="\n").writerow(safe)
    return stream.getvalue()
