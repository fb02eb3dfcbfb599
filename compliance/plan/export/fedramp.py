"""The plan as FedRAMP's POA&M workbook: its sheets, its header row, its ratings and times.

The form is that of the template FedRAMP (GSA) publishes under CC0, version 2.1: title block in rows
1 to 3, header in row 5, items from row 6. What the inventory does not tell stays empty.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.assessment.model import Assessment, PlanItemText
from compliance.inventory.tables.cells import neutralised
from compliance.plan.due import later
from compliance.plan.export.choosing import Words, one_line
from compliance.report.plain import neutral, number
from compliance.report.plain_cells import safe
from compliance.report.plan import cost_words, due_words, issuer
from compliance.report.stamp import engine, inventory_digest, policy_digest

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEETS = ("Open POA&M Items", "Closed POA&M Items", "Configuration Findings", "Record of Changes")
TITLES = (
    "FedRAMP\u00ae Plan of Action and Milestones (POA&M) Template",
    "FedRAMP Plan of Action and Milestones (POA&M) Template",
    "FedRAMP Plan of Action and Milestones (POA&M) Template",
)
HEADER = (
    "POAM ID", "Controls", "Weakness Name", "Weakness Description", "Weakness Detector Source",
    "Weakness Source Identifier", "Asset Identifier", "Point of Contact", "Resources Required",
    "Overall Remediation Plan", "Original Detection Date", "Scheduled Completion Date",
    "Planned Milestones", "Milestone Changes", "Status Date", "Vendor Dependency",
    "Last Vendor Check-in Date", "Vendor Dependent Product Name", "Original Risk Rating",
    "Adjusted Risk Rating", "Risk Adjustment", "False Positive", "Operational Requirement",
    "Deviation Rationale", "Supporting Documents", "Comments", "Auto-Approve",
    "Binding Operational Directive 22-01 tracking",
    "Binding Operational Directive 22-01 Due Date", "CVE", "Service Name",
)  # fmt: skip
"""The 31 columns, in row 5."""
HEADER_ROW = 5
BLOCK = ("CSP", "System Name", "Impact Level", "POAM Date")
"""Labels of the title block, in row 2; their values stand in row 3."""
RATINGS: Mapping[str, str] = {
    "critical": "High", "high": "High", "medium": "Moderate", "low": "Low",
}  # fmt: skip
DAYS: Mapping[str, int] = {"High": 30, "Moderate": 90, "Low": 180}
"""Days from detection by which the template schedules completion."""
IMPACT_LEVELS = ("Low", "Moderate", "High")
_CHANGES = (
    (
        datetime.date(2023, 8, 30),
        "Updated to align with FedRAMP branding and minor editorial changes.",
        2.0,
    ),
    (
        datetime.date(2024, 3, 29),
        "Added Tab for Configuration Findings. Added Column in 'Open POA&M' tab for Service level "
        "information",
        2.1,
    ),
)
"""The template's own record of changes: which version of it the workbook follows."""
_LONGEST = 32_000
"""Characters of a cell; the form allows 32,767."""
_WIDTHS = {"A": 14, "B": 20, "C": 36, "D": 48, "E": 24, "F": 28, "G": 30, "H": 24, "I": 28,
           "J": 48, "K:L": 13, "M:N": 36, "O": 13, "P:Y": 14, "Z": 40, "AA:AE": 16}  # fmt: skip
_DATES = frozenset({10, 14, 16, 28})
"""Columns of dates, from 0."""
_SCHEDULED = 11
"""Column of the scheduled completion, from 0."""


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """What the workbook says of the system as a whole."""

    system_name: str | None = None
    """None writes the agency's name."""
    impact_level: str | None = None
    """One of ``IMPACT_LEVELS``; None leaves it open."""


def workbook(
    assessment: Assessment, items: Sequence[PlanItemText], block: TitleBlock = TitleBlock()
) -> bytes:
    """The workbook's bytes, the same for the same assessment.

    Args:
        assessment: with its plan.
        items: the items that go out.
        block: the title block.
    """
    from xlsxwriter.workbook import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    as_of = datetime.date.fromisoformat(assessment.metadata.as_of)
    created = datetime.datetime.combine(as_of, datetime.time())
    book.set_properties(
        {
            "title": "Plan of action and milestones",
            "created": created,
            "comments": _made_from(assessment),
        }
    )
    writer = _Writer(book, assessment, block)
    for name, title, members in (
        (SHEETS[0], TITLES[0], [item for item in items if item.open]),
        (SHEETS[1], TITLES[1], [item for item in items if not item.open]),
        (SHEETS[2], TITLES[2], []),
    ):
        writer.sheet(name, title, members)
    writer.changes()
    book.close()
    return stream.getvalue()


def _made_from(assessment: Assessment) -> str:
    """Versions and digests, for which the template has no place of its own."""
    metadata = assessment.metadata
    policies = [
        f"policy {one.id} {one.version} (SHA-256 {policy_digest(one)}) with {engine(one)}"
        for one in assessment.policies
    ]
    parts = [
        *([metadata.marking] if metadata.marking else []),
        f"As of {metadata.as_of}, by compliance {metadata.program_version}",
        *policies,
        f"inventory SHA-256 {inventory_digest(assessment)}",
    ]
    return one_line("; ".join(parts))


class _Writer:
    def __init__(self, book: Workbook, assessment: Assessment, block: TitleBlock) -> None:
        self._book = book
        self._assessment = assessment
        self._block = block
        self._words = Words(assessment)
        self._formats: dict[str, Format] = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "border": 1,
                 "bg_color": "#D9E2F3"}
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": 14, "valign": "top", "align": "left"}),
        }  # fmt: skip

    def sheet(self, name: str, title: str, items: Sequence[PlanItemText]) -> None:
        """One of the three sheets with the columns of items."""
        sheet = self._book.add_worksheet(name)
        metadata = self._assessment.metadata
        sheet.merge_range("A1:E1", title, self._formats["title"])
        agency = metadata.agency_name or metadata.agency
        values = [agency, self._block.system_name or agency, self._block.impact_level, None]
        for column, label in enumerate(BLOCK):
            sheet.write_string(1, column, label, self._formats["head"])
            self._text(sheet, 2, column, values[column])
        self._date(sheet, 2, 3, metadata.as_of)
        if metadata.marking:
            sheet.write_string(1, 5, "Handling", self._formats["head"])
            self._text(sheet, 2, 5, metadata.marking)
            self._mark(sheet)
        for column, label in enumerate(HEADER):
            sheet.write_string(HEADER_ROW - 1, column, label, self._formats["head"])
        for row, item in enumerate(items, HEADER_ROW):
            self._item(sheet, row, item)
        last = HEADER_ROW + max(len(items), 1) - 1
        _lists(sheet, last)
        sheet.autofilter(HEADER_ROW - 1, 0, last, len(HEADER) - 1)
        sheet.freeze_panes(HEADER_ROW, 1)
        sheet.set_landscape()
        sheet.repeat_rows(HEADER_ROW - 1)
        for columns, width in _WIDTHS.items():
            sheet.set_column(columns if ":" in columns else f"{columns}:{columns}", width)

    def _mark(self, sheet: Worksheet) -> None:
        """Puts the marking on every printed page of a sheet."""
        marking = one_line(self._assessment.metadata.marking or "")
        # A header takes 255 characters, in which & begins a code.
        sheet.set_header("&C" + marking[:100].replace("&", "&&"))

    def changes(self) -> None:
        """The template's record of changes."""
        sheet = self._book.add_worksheet(SHEETS[3])
        if self._assessment.metadata.marking:
            sheet.write_string(0, 1, safe(self._assessment.metadata.marking))
            self._mark(sheet)
        sheet.merge_range("B2:E2", "Record of Changes for Template", self._formats["title"])
        for column, label in enumerate(("Date", "Description", "Version", "Author"), 1):
            sheet.write_string(2, column, label, self._formats["head"])
        for row, (date, text, version) in enumerate(_CHANGES, 3):
            sheet.write_datetime(row, 1, date, self._formats["date"])
            sheet.write_string(row, 2, text, self._formats["text"])
            sheet.write_number(row, 3, version)
            sheet.write_string(row, 4, "FedRAMP PMO")
        sheet.set_column("B:B", 12)
        sheet.set_column("C:C", 66)
        sheet.set_column("E:E", 14)

    def _item(self, sheet: Worksheet, row: int, item: PlanItemText) -> None:
        for column, value in enumerate(self._cells(item)):
            if column == _SCHEDULED and item.open:
                self._scheduled(sheet, row, item)
            elif column in _DATES:
                self._date(sheet, row, column, value)
            else:
                self._text(sheet, row, column, value)

    def _cells(self, item: PlanItemText) -> list[str | None]:
        rating = RATINGS[item.severity]
        return [
            item.id,
            "\n".join(self._words.controls(item)),
            one_line(item.title),
            self._words.description(item),
            "\n".join(_sources(self._assessment, self._words, item)),
            "\n".join([*(f"{one.policy}/{one.rule}" for one in item.covers), *item.outside]),
            _assets(item, self._words),
            item.owner,
            cost_words(item),
            item.remediation,
            item.found_on,
            later(item.found_on, DAYS[rating]),
            "\n\n".join(_milestones(item)),
            "\n\n".join(_milestone_changes(item)),
            _status_date(item),
            None,
            None,
            None,
            rating,
            "N/A",
            "No",
            "No",
            "No",
            None,
            None,
            "\n".join(_comments(item)),
            None,
            None,
            None,
            None,
            None,
        ]

    def _scheduled(self, sheet: Worksheet, row: int, item: PlanItemText) -> None:
        """The date as the template works it out, so that it follows an adjusted rating."""
        date = later(item.found_on, DAYS[RATINGS[item.severity]])
        value = (datetime.date.fromisoformat(date) - datetime.date(1899, 12, 30)).days
        formula = _FORMULA.replace("#", str(row + 1))
        sheet.write_formula(row, _SCHEDULED, formula, self._formats["date"], value)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str | None) -> None:
        if text:
            lines = "\n".join(map(neutral, text.split("\n")))
            shown = neutralised(lines if len(lines) <= _LONGEST else f"{lines[:_LONGEST]} ...")
            sheet.write_string(row, column, shown, self._formats["text"])

    def _date(self, sheet: Worksheet, row: int, column: int, date: str | None) -> None:
        if date and date >= "1900-03-01":
            day: Any = datetime.date.fromisoformat(date)
            sheet.write_datetime(row, column, day, self._formats["date"])


_BY_RATING = (
    'IF(S#="High", K#+30,IF(S#="Moderate", K#+90, IF(S#="Low", K#+180,"")))'  # as in the template
)
_FORMULA = (
    f'=IF((T#="N/A")+(ISBLANK(T#)), {_BY_RATING}, IF(((U#="Yes")*(T#="High")), K#+30, '
    'IF(((U#="Yes")*(T#="Moderate")), K#+90, IF(((U#="Yes")*(T#="Low")), K#+180, '
    f"{_BY_RATING}))))"
)
"""The template's formula of the scheduled completion; # stands for the row."""


def _lists(sheet: Worksheet, last: int) -> None:
    """The template's drop-downs."""
    first = HEADER_ROW
    for columns, words in (
        ((18, 18), ["Low", "Moderate", "High"]),
        ((19, 19), ["Low", "Moderate", "High", "N/A"]),
        ((15, 15), ["Yes", "No"]),
        ((20, 22), ["Yes", "No", "Pending"]),
    ):
        rule = {"validate": "list", "source": words}
        sheet.data_validation(first, columns[0], last, columns[1], rule)
    sheet.data_validation(2, 2, 2, 2, {"validate": "list", "source": list(IMPACT_LEVELS)})


def _sources(assessment: Assessment, words: Words, item: PlanItemText) -> list[str]:
    """Who found it: the program with the rule sets, or an issuer."""
    found = []
    version = assessment.metadata.program_version
    for policy_id in dict.fromkeys(cover.policy for cover in item.covers):
        run = assessment.policy(policy_id)
        named = f"{policy_id} {run.version}" if run else policy_id
        found.append(f"compliance {version}, policy {named}")
    return [*found, *dict.fromkeys(issuer(one) for one in words.findings(item))]


def _assets(item: PlanItemText, words: Words) -> str:
    records = list(item.records)
    records += [record for found in words.findings(item) for record in found.subjects]
    lines: list[str] = []
    length = 0
    for index, record in enumerate(dict.fromkeys(records)):
        length += len(record) + 1
        if length > _LONGEST - 100:
            left = number(len(records) - index, "more record")
            return "\n".join([*lines, f"and {left}; poam.yaml has them all"])
        lines.append(record)
    return "\n".join(lines)


def _milestones(item: PlanItemText) -> list[str]:
    return [
        f"({index}) {step.due_on or 'no date'}: {one_line(step.title)}"
        for index, step in enumerate(item.milestones, 1)
    ]


def _milestone_changes(item: PlanItemText) -> list[str]:
    return [
        f"({index}) Complete {step.done_on} : {one_line(step.title)}"
        for index, step in enumerate(item.milestones, 1)
        if step.done_on
    ]


def _status_date(item: PlanItemText) -> str | None:
    dates = [event.date for event in item.history]
    dates += [step.done_on for step in item.milestones if step.done_on]
    dates += [date for date in (item.accepted_on, item.closed_on) if date]
    return max(dates, default=item.found_on)


def _comments(item: PlanItemText) -> list[str]:
    said = []
    if item.open and item.lacks:
        said.append("PROPOSED: no named person has accepted this item.")
    elif item.accepted_by:
        said.append(f"Accepted by {item.accepted_by} on {item.accepted_on}.")
    if item.open and item.due_on:
        said.append(f"{due_words(item).replace('due', 'Due', 1)}.")
    if item.closed_on:
        said.append(f"Closed {item.closed_on}.")
    if item.severity == "critical":
        said.append("Rated critical by its rule; this form has no higher rating than High.")
    if item.basis and item.basis != "law":
        said.append(f"Basis: {item.basis}, not law.")
    if item.shared_service:
        said.append(f"Shared service: {item.shared_service}.")
    said += [
        f"{event.date} {event.event.replace('_', ' ')}: {event.because}"
        for event in item.history
        if event.because
    ]
    return [*map(one_line, said), *(item.comment or "").splitlines()]
