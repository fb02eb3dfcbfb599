"""Reads reports of every format as text, to search in them, and workbooks as cells."""

import html
import io
import zipfile
from collections.abc import Iterable

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compliance.assessment.model import Assessment
from compliance.report.formats import FORMATS


def whole(pieces: Iterable[str] | Iterable[bytes]) -> bytes:
    """The file that pieces of a report are."""
    return b"".join(one.encode() if isinstance(one, str) else one for one in pieces)


def text_of(content: bytes) -> str:
    """All text of a report's file; of a workbook that of every part, as people see it."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return html.unescape("\n".join(parts.read(name).decode() for name in parts.namelist()))


def made(sample: Assessment, name: str) -> bytes:
    """The file of a report."""
    return whole(FORMATS[name].make().render(sample))


def rendered(sample: Assessment, name: str) -> str:
    """A report as text."""
    return text_of(made(sample, name))


def sheets(content: bytes) -> dict[str, Worksheet]:
    """The sheets of a workbook by their names."""
    return {one.title: one for one in load_workbook(io.BytesIO(content)).worksheets}


def cells(sheet: Worksheet) -> list[list[str]]:
    """The rows of a sheet as texts, trailing empty cells cut."""
    rows = []
    for row in sheet.iter_rows(values_only=True):
        texts = ["" if cell is None else str(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
    return rows
