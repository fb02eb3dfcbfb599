"""The investment table as a workbook."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from compliance.assessment.model import Assessment
from compliance.report.funding.tables import Cell, Table, head, tables
from compliance.report.funding.writing import TITLE
from compliance.report.investments import Investments
from compliance.report.plain import neutral
from compliance.report.plain_cells import safe

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDE = frozenset(
    ("Title", "Funding source", "Condition of the federal share", "Requirements not met",
     "Not given", "Amounts not given", "Shared service", "Findings from outside")
)  # fmt: skip
_STYLES: dict[str, dict[str, Any]] = {
    "marking": {"bold": True, "font_color": "#9B1C1C"},
    "title": {"bold": True, "font_size": 14, "font_color": "#1F3864"},
    "note": {"italic": True, "font_color": "#41464B"},
    "heading": {
        "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True,
        "valign": "top", "border": 1,
    },
    "text": {"text_wrap": True, "valign": "top", "border": 1},
    "whole": {"num_format": "#,##0", "valign": "top", "border": 1},
    "money": {"num_format": "#,##0.00", "valign": "top", "border": 1},
}  # fmt: skip
_TOTAL = {"bold": True, "bg_color": "#E9ECEF"}


def workbook(assessment: Assessment, found: Investments) -> bytes:
    """The bytes of the workbook: what it is, then a sheet for each table."""
    # Imported only where a workbook is written.
    from xlsxwriter import Workbook as Book

    stream = io.BytesIO()
    book = Book(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The same bytes whenever it is written.
    created = datetime.datetime.fromisoformat(assessment.metadata.as_of)
    book.set_properties({"title": TITLE, "created": created})
    styles = {name: book.add_format(style) for name, style in _STYLES.items()}
    styles |= {
        f"{name} total": book.add_format({**_STYLES[name], **_TOTAL})
        for name in ("text", "whole", "money")
    }
    marking = safe(assessment.metadata.marking or "")
    _about(book, assessment, found, marking, styles)
    for table in tables(found):
        _sheet(book.add_worksheet(table.name), table, marking, styles)
    book.close()
    return stream.getvalue()


def _about(
    book: Workbook, assessment: Assessment, found: Investments, marking: str, styles: dict[str, Any]
) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    _marked(sheet, marking)
    lines = (
        *head(assessment, found),
        *(
            f"Policy {one.id} {one.version}, bundle SHA-256 "
            f"{one.digests.get('bundle') or next(iter(sorted(one.digests.values())), '')}"
            for one in assessment.policies
        ),
    )
    sheet.write_string(0, 0, marking, styles["marking"])
    sheet.write_string(1, 0, TITLE, styles["title"])
    for place, line in enumerate(lines, 2):
        sheet.write_string(place, 0, safe(line), book.add_format({"text_wrap": True}))


def _sheet(sheet: Worksheet, table: Table, marking: str, styles: dict[str, Any]) -> None:
    _marked(sheet, marking)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, marking, styles["marking"])
    sheet.write_string(1, 0, table.title, styles["title"])
    sheet.write_string(2, 0, table.note, styles["note"])
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, 34 if heading in _WIDE else 14)
        sheet.write_string(3, column, heading, styles["heading"])
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    lines = len(table.rows)
    for place, row in enumerate(table.rows):
        total = " total" if place >= lines - table.totals else ""
        for column, cell in enumerate(row):
            _write(sheet, (place + 4, column), cell, total, styles)
    if lines > table.totals:
        sheet.autofilter(3, 0, 3 + lines - table.totals, len(table.headings) - 1)


def _write(
    sheet: Worksheet, place: tuple[int, int], cell: Cell, total: str, styles: dict[str, Any]
) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(*place, cell, styles[f"money{total}"])
    elif isinstance(cell, int):
        sheet.write_number(*place, cell, styles[f"whole{total}"])
    else:
        sheet.write_string(*place, safe(cell or ""), styles[f"text{total}"])


def _marked(sheet: Worksheet, marking: str) -> None:
    """Puts the marking on every printed page."""
    plain = neutral(marking).replace("&", "&&")[:200]
    if plain:
        sheet.set_header(f"&C{plain}")
    sheet.set_footer("&CPage &P of &N")
