"""Pictures of sheets for the guide for agencies, by LibreOffice, from the agency of first_hour.py.

docs/images/workbook.png    the sheet Systems with ten systems, three slips among them
docs/images/questions.png   questions that came back with answers

They need soffice (apt-get install libreoffice-calc) and pdftoppm (apt-get install poppler-utils).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import first_hour
import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
AS_OF = "2026-11-23"
NEEDED = ("soffice", "pdftoppm")
LISTS = "Lists"
"""A hidden sheet that drop-downs refer to."""
A3 = 8


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a sheet that a picture shows."""

    sheet: str
    columns: Sequence[str]
    height: int
    """Pixels, counted from the top of the page, at 80 pixels an inch."""
    facts: Sequence[str] = ()
    """Questions to show, by fact; all rows without them."""


SYSTEMS = Part("Systems", (*"ABCDEGKLMN",), 578)
QUESTIONS = Part(
    "Questions", (*"ACDEGHI",), 435,
    ("privacy.designated_record_set", "last_access_review_on", "backup.last_success_on",
     "access_control_model", "accounts.orphaned"),
)  # fmt: skip


def pictures(folder: Path) -> None:
    """Makes the pictures, or says why none can be made.

    Args:
        folder: an empty folder to work in.
    """
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        sys.stderr.write(
            f"screenshots: no pictures of sheets, for want of {' and '.join(missing)}.\n"
        )
        return
    name, roles, data_types = (first_hour.TYPED["compliance start"][index] for index in (0, 2, 3))
    _run(
        folder, "start", first_hour.AGENCY, "--no-input", "--name", name,
        "--answer", f"hipaa_roles={roles}", "--answer", f"data_types={data_types}",
        "--answer", "mobile.workforce=yes",
    )  # fmt: skip
    first_hour.fill_in(folder)
    _picture(folder, first_hour.WORKBOOK, SYSTEMS, "workbook")
    first_hour.mend(folder)
    _run(
        folder, "ask", first_hour.AGENCY, "--asked-of", "system owner",
        "-o", first_hour.RETURNED,
    )  # fmt: skip
    first_hour.answer_by_mail(folder)
    _picture(folder, first_hour.RETURNED, QUESTIONS, "questions")


def _picture(folder: Path, workbook: str, part: Part, name: str) -> None:
    """Prints a part of a sheet on one page, with the letters and numbers of its cells."""
    book = openpyxl.load_workbook(folder / workbook)
    for other in book.sheetnames:
        if other not in (part.sheet, LISTS):
            del book[other]
    _set_up(book[part.sheet], part)
    page = folder / f"{name}.xlsx"
    book.save(page)
    _convert("soffice", "--headless", "--convert-to", "pdf", "--outdir", page.parent, page)
    _convert(
        "pdftoppm", "-png", "-singlefile", "-r", "80", "-x", "0", "-y", "0", "-W", "1323",
        "-H", part.height, page.with_suffix(".pdf"), IMAGES / name,
    )  # fmt: skip


def _set_up(sheet: Any, part: Part) -> None:
    for column in range(1, sheet.max_column + 1):
        letter = get_column_letter(column)
        # Columns of one width are kept together under the first of them.
        sheet.column_dimensions[letter].width = _width(sheet, column)
        sheet.column_dimensions[letter].hidden = letter not in part.columns
    shown = range(1, sheet.max_row + 1)
    for row in shown if part.facts else ():
        asked = [sheet.cell(row, column).value for column in (13, 14)]
        kept = row == 1 or (asked[0] == first_hour.ANSWERED and asked[1] in part.facts)
        sheet.row_dimensions[row].hidden = not kept
    sheet.print_area = f"A1:{part.columns[-1]}{sheet.max_row}"
    sheet.print_title_rows = sheet.print_title_cols = None
    sheet.auto_filter.ref = None
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A3
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.page_margins = PageMargins(0.1, 0.1, 0.1, 0.1, 0, 0)
    sheet.print_options.headings = sheet.print_options.gridLines = True
    for text in (sheet.oddHeader, sheet.oddFooter):
        text.left.text = text.center.text = text.right.text = None


def _width(sheet: Any, column: int) -> float:
    """The width of a column as the file says it."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min and dimension.min <= column <= dimension.max:
            return float(dimension.width)
    return float(sheet.column_dimensions[get_column_letter(column)].width)


def _convert(program: str, *arguments: object) -> None:
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr.decode(errors="replace"))


def _run(folder: Path, *arguments: str) -> None:
    code = "from compliance_cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--as-of", AS_OF],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode not in (0, 1):
        raise SystemExit(ran.stderr)
