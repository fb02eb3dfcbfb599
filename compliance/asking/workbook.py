"""Writes questions as a workbook that is mailed around, filled in and merged again."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compliance.asking import words
from compliance.asking.allowed import DONT_KNOW
from compliance.asking.model import STAGE_TITLES, Question, Questions
from compliance.errors import UserError
from compliance.inventory.tables.cells import neutralised
from compliance.report.plain import neutral

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

QUESTIONS, ABOUT, LISTS = "Questions", "About", "Lists"
"""Names of the sheets."""
NUMBER, PART, RECORD, QUESTION, WHY, KNOWS, ALLOWED = (
    "No.", "Part", "Record", "Question", "Why it is asked", "Who usually knows", "Allowed answers",
)  # fmt: skip
ANSWER, BY, ON, EVIDENCE, COMMENT = (
    "Answer", "Answered by", "Answered on", "Evidence", "Comment or reason",
)  # fmt: skip
SUBJECT, FACT, FINGERPRINT = "Subject", "Fact", "Fingerprint"
COLUMNS: Mapping[str, int] = {
    NUMBER: 6, PART: 16, RECORD: 26, QUESTION: 42, WHY: 56, KNOWS: 18, ALLOWED: 32,
    ANSWER: 28, BY: 18, ON: 13, EVIDENCE: 26, COMMENT: 30, SUBJECT: 20, FACT: 24, FINGERPRINT: 18,
}  # fmt: skip
"""Headings in their order, with the width of each column in characters."""
FILLED_IN = (ANSWER, BY, ON, EVIDENCE, COMMENT)
"""Columns that people fill in."""
HIDDEN = (SUBJECT, FACT, FINGERPRINT)
"""Columns by which an answer finds its question again."""
FORM = "1"
"""Version of the form, which the sheet ``About`` names."""
AGENCY, FOLDER, FORM_LABEL = "Agency id", "Inventory", "Form of this workbook"
"""Labels of lines of the sheet ``About`` that are read back."""
ANSWERED_BY = "Answered by (id or role, for all rows that name nobody)"
"""Label of the one line of ``About`` that people may fill in."""

MOST = 1_000_000
"""Questions that fit on a sheet."""
_LARGEST_CELL = 32_000
_LONGEST_LIST = 255
_TALLEST = 123
"""Points of a row: eight lines; a cell that holds more shows it when it is chosen."""
_CREATED = datetime.datetime(2000, 1, 1)
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "heading": {
        "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True,
        "valign": "top", "border": 1, "border_color": "#8EA9DB",
    },
    "asked": {"text_wrap": True, "valign": "top", "bg_color": "#F2F2F2", "border": 1,
              "border_color": "#D9D9D9"},
    "text": {"text_wrap": True, "valign": "top", "num_format": "@", "border": 1,
             "border_color": "#D9D9D9"},
    "number": {"valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "day": {"valign": "top", "num_format": "yyyy-mm-dd", "border": 1, "border_color": "#D9D9D9"},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "label": {"bold": True, "valign": "top", "text_wrap": True},
    "about": {"text_wrap": True, "valign": "top"},
    "fill": {"text_wrap": True, "valign": "top", "bg_color": "#FFF2CC", "border": 1},
}  # fmt: skip
_HOW: tuple[tuple[str, str], ...] = (
    ("Where to write", f"Only in the columns {', '.join(FILLED_IN)}. Rows may be sorted and "
     "filtered; rows and columns that you do not need may stay blank. Do not move cells."),
    ("What to write", "The column Allowed answers says what fits. Dates like 2026-11-23. Several "
     "values with ; between them. A text that begins with see in \"quotation marks\"."),
    ("None", "Where the allowed answers name it, none says that it is known that there is none, or "
     "that it never happened. It is an answer like any other."),
    ("Not known", f"Leave the row blank to leave it to others, or answer {DONT_KNOW}: that is "
     "kept, and the question stays open. Never guess."),
    ("Not applicable", "Write: n/a because ... It is kept with the reason, and the question stays "
     "open until somebody enters the facts that make it so."),
    ("Evidence", "Name it in the column Evidence: a document, a screenshot, a ticket. An answer of "
     "the form see ... names where the answer can be found; the question stays open until then."),
    ("Persons", "Ids or role titles, never names. Leave data about patients and clients out."),
    ("Send it back", "Whoever keeps the inventory merges it: compliance answer questions.xlsx"),
)  # fmt: skip


class QuestionnaireError(UserError):
    """Questions that no workbook can hold."""


def questions_workbook(questions: Questions) -> bytes:
    """The bytes of a workbook with a row for each question, the same for the same questions.

    Args:
        questions: what is asked.

    Raises:
        QuestionnaireError: there are more questions than a sheet has rows.
    """
    # It takes a while to import, and only those who write a workbook need it.
    from xlsxwriter import Workbook

    if len(questions) > MOST:
        raise QuestionnaireError(
            f"{len(questions):,} questions do not fit on a sheet. Ask for a part with --kind, "
            "--asked-of or --limit."
        )
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(stream, options) as file:
        file.set_properties({"title": "Questions", "created": _CREATED})
        _Writer(file, questions).write()
    return stream.getvalue()


class _Writer:
    def __init__(self, file: Workbook, questions: Questions) -> None:
        self._file = file
        self._questions = questions
        self._formats: dict[str, Format] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._at = {name: number for number, name in enumerate(COLUMNS)}

    def write(self) -> None:
        sheet = self._file.add_worksheet(QUESTIONS)
        about = self._file.add_worksheet(ABOUT)
        self._heading(sheet)
        for row, question in enumerate(self._questions, 1):
            self._row(sheet, row, question)
        self._choices(sheet)
        self._about(about)
        self._write_lists()
        for each in (sheet, about):
            if self._questions.marking:
                each.set_header("&C" + neutral(self._questions.marking).replace("&", "&&")[:200])

    def _heading(self, sheet: Worksheet) -> None:
        for name, width in COLUMNS.items():
            column = self._at[name]
            sheet.set_column(column, column, width, None, {"hidden": name in HIDDEN})
            sheet.write_string(0, column, name, self._format("heading"))
        sheet.freeze_panes(1, self._at[WHY])
        sheet.autofilter(0, 0, max(len(self._questions), 1), len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _row(self, sheet: Worksheet, row: int, question: Question) -> None:
        texts = {
            PART: STAGE_TITLES[question.stage],
            RECORD: neutral(question.record),
            QUESTION: neutral(question.text),
            WHY: reasons(question),
            KNOWS: neutral(question.asked_of),
            ALLOWED: neutral(question.allowed),
        }
        sheet.write_number(row, self._at[NUMBER], question.number, self._format("number"))
        for name, text in texts.items():
            self._text(sheet, (row, self._at[name]), text, "asked")
        for name in FILLED_IN:
            day = name == ON or (name == ANSWER and question.allowed.startswith("A date"))
            sheet.write_blank(row, self._at[name], None, self._format("day" if day else "text"))
        for name, text in zip(
            HIDDEN, (question.subject, question.fact, question.about), strict=True
        ):
            self._text(sheet, (row, self._at[name]), text, "text")
        lines = max(
            sum(-(-max(len(line), 1) // COLUMNS[name]) for line in text.split("\n"))
            for name, text in texts.items()
        )
        sheet.set_row(row, min(15 * lines + 3, _TALLEST))

    def _choices(self, sheet: Worksheet) -> None:
        """Offers the allowed answers; others may be typed, such as ``n/a because ...``."""
        column = self._at[ANSWER]
        rows: dict[tuple[str, ...], list[int]] = {}
        for row, question in enumerate(self._questions, 1):
            if question.choices:
                rows.setdefault((*question.choices, DONT_KNOW), []).append(row)
        # One rule for all cells of the same choices: a sheet takes only so many.
        for choices, found in rows.items():
            cells = [(first, column, last, column) for first, last in _runs(found)]
            short = len(",".join(choices)) <= _LONGEST_LIST and not any("," in c for c in choices)
            rule = {
                "validate": "list",
                "source": list(choices) if short else self._list_of(choices),
                "show_error": False,
                "other_cells": [list(area) for area in cells[1:]],
            }
            sheet.data_validation(*cells[0], rule)

    def _list_of(self, choices: tuple[str, ...]) -> str:
        from xlsxwriter.utility import xl_range_abs

        column = self._lists.setdefault(choices, len(self._lists))
        return f"={LISTS}!{xl_range_abs(0, column, len(choices) - 1, column)}"

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self._file.add_worksheet(LISTS)
        for choices, column in self._lists.items():
            for row, choice in enumerate(choices):
                sheet.write_string(row, column, choice)
        sheet.hide()

    def _about(self, sheet: Worksheet) -> None:
        asked = self._questions
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, "Questions about the inventory", self._format("title"))
        name = asked.agency_name or asked.agency
        left = f", of {len(asked) + asked.left_out:,} in all" if asked.left_out else ""
        facts = [
            ("Agency", name),
            (AGENCY, asked.agency),
            ("Questions", f"{len(asked):,}{left}, as of {asked.as_of}"),
            ("Rule sets", ", ".join(asked.policies)),
            (FOLDER, asked.folder),
            *([("Marking", asked.marking)] if asked.marking else []),
            (ANSWERED_BY, ""),
            *_HOW,
            (FORM_LABEL, FORM),
        ]
        for row, (label, text) in enumerate(facts, 2):
            sheet.write_string(row, 0, label, self._format("label"))
            self._text(sheet, (row, 1), text, "fill" if label == ANSWERED_BY else "about")

    def _text(self, sheet: Worksheet, at: tuple[int, int], text: str, style: str) -> None:
        if text:
            sheet.write_string(*at, cell(text), self._format(style))
        else:
            sheet.write_blank(*at, None, self._format(style))

    def _format(self, name: str) -> Format:
        if name not in self._formats:
            self._formats[name] = self._file.add_format(dict(_FORMATS[name]))
        return self._formats[name]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows in order as first and last of each unbroken run."""
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last


def cell(text: str) -> str:
    """A text as a cell of the workbook holds it: never a formula, and not too long."""
    held = neutralised(text)
    return held if len(held) <= _LARGEST_CELL else f"{held[:_LARGEST_CELL]}..."


def reasons(question: Question) -> str:
    """Why a question is asked, as the workbook says it."""
    parts = [*words.notes(question), f"{words.why(question)}.", words.differing(question)]
    return "\n".join(
        [*(part for part in parts if part), *(f"- {r}" for r in words.rules(question))]
    )
