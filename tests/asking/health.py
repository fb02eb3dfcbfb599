"""The example inventories assessed against the published policies, and questions about them."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from compliance import resources
from compliance.asking.model import Question, Questions
from compliance.asking.questions import questions
from compliance.assessment.model import UNKNOWN, Assessment
from compliance.inventory.kinds import load_kinds
from compliance_cli.assessing import Request, assess

AS_OF = datetime.date(2026, 11, 23)
KINDS = load_kinds(resources.schemas() / "inventory")
EXAMPLES = Path(__file__).parents[2] / "examples"
FILLED = ("Answer", "Answered by", "Answered on", "Evidence", "Comment or reason")


def assessed(folder: Path) -> Assessment:
    return assess(Request((folder,), as_of=AS_OF))


def asked(folder: Path) -> Questions:
    return questions(assessed(folder), KINDS)


def statuses(assessment: Assessment) -> dict[str, str]:
    """Every finding's status by its id."""
    return {finding.id: finding.status for finding in assessment.findings}


def unknown(assessment: Assessment) -> set[str]:
    return {name for name, status in statuses(assessment).items() if status == UNKNOWN}


def some_answer(question: Question) -> Any:
    """Something that fits a question, as a person would type it."""
    if question.choices:
        return question.choices[0]
    if question.allowed.startswith("A date"):
        return datetime.date(2026, 10, 1)
    if "none" in question.allowed:
        return "none"
    if "number" in question.allowed:
        return 5
    return "Binder 2, tab 6"


class Filled:
    """A questionnaire's workbook while somebody fills it in."""

    def __init__(self, data: bytes) -> None:
        self.book = load_workbook(io.BytesIO(data))
        self.sheet = self.book["Questions"]

    @property
    def columns(self) -> dict[str, int]:
        return {str(cell.value): number for number, cell in enumerate(self.sheet[1], 1)}

    def row(self, subject: str, fact: str) -> int:
        columns = self.columns
        for row in range(2, self.sheet.max_row + 1):
            found = [self.sheet.cell(row, columns[name]).value for name in ("Subject", "Fact")]
            if found == [subject, fact]:
                return row
        raise LookupError(f"{subject} {fact}")

    def put(self, row: int, answer: Any, **more: Any) -> None:
        """Writes an answer, and what stands beside it by heading with _ for blanks."""
        self.sheet.cell(row, self.columns["Answer"]).value = answer
        for name, value in {"Answered_by": "help desk", **more}.items():
            self.sheet.cell(row, self.columns[name.replace("_", " ")]).value = value

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path
