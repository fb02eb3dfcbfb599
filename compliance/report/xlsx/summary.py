"""The first sheet: the outcome, where to find what, the numbers, and how the report was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.assessment import outcome
from compliance.assessment.model import BASES, REQUIREMENT_STATUSES, SEVERITIES, Assessment
from compliance.report import headline
from compliance.report.detail import NOTES
from compliance.report.plain import number
from compliance.report.plain_cells import safe
from compliance.report.texts import SECTIONS
from compliance.report.xlsx.book import TONES, Book, lines_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_NAMES, _NUMBERS, _COLUMNS = 32, 13, 9
"""Widths of the first column and of the others, and how many there are."""
_WIDE = _NAMES + _NUMBERS * (_COLUMNS - 1)
_LINE = 15
"""Height of a line, in points."""
_TONES = {"not_met": "gap", "met": "satisfied", "not_assessable": "not_applicable"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents."""

    sheet: str
    rows: int
    about: str


class Summary:
    """Writes the first sheet, line by line."""

    def __init__(self, book: Book, sheet: Worksheet, assessment: Assessment) -> None:
        """Starts at the top.

        Args:
            book: the workbook.
            sheet: the sheet, empty.
            assessment: what it is about.
        """
        self._book = book
        self._sheet = sheet
        self._assessment = assessment
        self._row = 0

    def write(self, contents: Sequence[Entry]) -> None:
        """Writes the sheet.

        Args:
            contents: the other sheets.
        """
        self._sheet.set_column(0, 0, _NAMES)
        self._sheet.set_column(1, _COLUMNS - 1, _NUMBERS)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.hide_gridlines(2)
        assessment = self._assessment
        self._line(assessment.metadata.marking or "", "marking")
        self._sheet.set_row(self._row, 24)
        self._cell("Gap report", "title")
        self._line(outcome.headline(assessment), "text")
        self._line(NOTES.get(assessment.metadata.detail, ""), "note")
        self._contents(contents)
        self._rule_sets()
        self._requirements()
        self._severities()
        self._made()
        for policy in assessment.policies:
            self._row += 1
            self._line(policy.statement, "text")
        self._row += 1
        self._line(assessment.metadata.marking or "", "marking")

    def _contents(self, contents: Sequence[Entry]) -> None:
        self._section("Sheets")
        for one in contents:
            place = f"internal:'{one.sheet}'!A1"
            link = self._book.format("plain_link")
            self._sheet.write_url(self._row, 0, place, link, one.sheet)
            rows = number(one.rows, "row")
            self._sheet.write_string(self._row, 1, rows, self._book.format("text"))
            self._across(one.about, "text", first=2)

    def _rule_sets(self) -> None:
        self._section(SECTIONS["rule_sets"])
        for policy in self._assessment.policies:
            self._pair(policy.title, f"{headline.policy_words(policy)}, issued by "
                       f"{policy.authority}. Used because: {policy.selected}.")  # fmt: skip
            for extent in policy.extent:
                self._pair("", headline.extent_of(extent))
            applies = "; ".join(
                headline.applied(kind, counts) for kind, counts in sorted(policy.applies.items())
            )
            if applies:
                self._pair("", f"Applies to {applies}.")
            chosen = headline.chosen_values(policy)
            if chosen:
                self._pair("", f"Values the agency chose: {'; '.join(chosen)}.")

    def _requirements(self) -> None:
        """Requirements in force by rule set and basis, and by how they came out."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        for policy in self._assessment.policies:
            for one in policy.requirements:
                key = "upcoming" if one.upcoming else one.status
                # Where the report tells numbers alone, the basis is left out with the rest.
                for basis in {"", one.basis}:
                    counts.setdefault((policy.id, basis), Counter())[key] += 1
        self._section(SECTIONS["requirements"])
        names = (*REQUIREMENT_STATUSES, "upcoming")
        self._heads(["Rule set and basis", *(name.replace("_", " ") for name in names)])
        for policy in self._assessment.policies:
            for basis in ("", *BASES):
                found = counts.get((policy.id, basis))
                if found is not None:
                    title = f"of these, {basis}" if basis else f"{policy.id} {policy.version}"
                    tones = [_TONES.get(name, name) for name in names]
                    self._numbers(title, [found[name] for name in names], tones)

    def _severities(self) -> None:
        statuses, cells = headline.by_severity(self._assessment)
        self._section(SECTIONS["table"])
        self._heads(["Severity", *(name.replace("_", " ") for name in statuses)])
        for severity in (*SEVERITIES, "all"):
            self._numbers(severity, [cells[severity, name] for name in statuses], statuses)
        notes = headline.marked(self._assessment)
        self._line(f"Among these: {'; '.join(notes)}." if notes else "", "note")

    def _made(self) -> None:
        assessment = self._assessment
        metadata = assessment.metadata
        self._section(SECTIONS["made"])
        self._pair("As of", metadata.as_of)
        self._line(f"{headline.inventory_words(assessment)}.", "text")
        for policy in assessment.policies:
            self._line(f"{headline.evaluated_by(assessment, policy)}. SHA-256:", "text")
            for name, digest in sorted(policy.digests.items()):
                self._digest(name, digest)
        self._line("Files of the inventory. SHA-256:", "text")
        for name, digest in sorted(metadata.inventory.items()):
            self._digest(name, digest)

    def _digest(self, name: str, digest: str) -> None:
        self._sheet.write_string(self._row, 0, safe(digest), self._book.format("digest"))
        self._sheet.write_string(self._row, 5, safe(name), self._book.format("digest"))
        self._row += 1

    def _section(self, title: str) -> None:
        self._row += 1
        for column in range(1, _COLUMNS):
            self._sheet.write_blank(self._row, column, None, self._book.format("section"))
        self._cell(title, "section")

    def _cell(self, text: str, style: str) -> None:
        self._sheet.write_string(self._row, 0, safe(text), self._book.format(style))
        self._row += 1

    def _line(self, text: str, style: str) -> None:
        """A text across the sheet; nothing where it is empty."""
        if text:
            self._across(text, style, first=0)

    def _pair(self, name: str, text: str) -> None:
        self._sheet.write_string(self._row, 0, safe(name), self._book.format("name"))
        self._across(text, "text", first=1, least=-(-len(name) // (_NAMES - 4)))

    def _across(self, text: str, style: str, *, first: int, least: int = 1) -> None:
        width = _WIDE if first == 0 else _NUMBERS * (_COLUMNS - first)
        shown = safe(text)
        lines = max(least, lines_of(shown, width))
        # Rows of merged cells do not fit their height to the text themselves.
        self._sheet.set_row(self._row, _LINE * lines + 1)
        last = _COLUMNS - 1
        self._sheet.merge_range(self._row, first, self._row, last, shown, self._book.format(style))
        self._row += 1

    def _heads(self, titles: Iterable[str]) -> None:
        for column, title in enumerate(titles):
            self._sheet.write_string(self._row, column, title, self._book.format("heading"))
        self._row += 1

    def _numbers(self, title: str, numbers: Sequence[int], tones: Sequence[str]) -> None:
        self._sheet.write_string(self._row, 0, safe(title), self._book.format("cell"))
        for column, (amount, tone) in enumerate(zip(numbers, tones, strict=True), 1):
            style = tone if amount and tone in TONES else "number"
            self._sheet.write_number(self._row, column, amount, self._book.format(style))
        self._row += 1
