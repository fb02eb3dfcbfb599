"""``--format xlsx``: a workbook to sort, filter and print."""

from __future__ import annotations

import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compliance.assessment.model import ERROR, GAP, UNKNOWN, UPCOMING, Assessment
from compliance.report.actions import actions
from compliance.report.detail import COUNTS
from compliance.report.gather import gather
from compliance.report.ordering import OpenFindings
from compliance.report.plain import enumeration, neutral
from compliance.report.texts import RECORDS_SHOWN, Texts
from compliance.report.xlsx import findings, fix_first, matrices, others
from compliance.report.xlsx.book import SUMMARY, Book, Shown, Table
from compliance.report.xlsx.findings import FindingSheets
from compliance.report.xlsx.summary import Entry, Summary

_NO_DAY = datetime.date(2000, 1, 1)
"""Stands for a date that is none, which a saved assessment changed by hand may have."""
_PIECE = 1 << 16
"""Bytes of one piece."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that a report has."""

    table: Table
    rows: Iterable[Mapping[str, Shown]]
    always: bool = True
    """It is there without rows too: that it has none tells something."""


class XlsxReport:
    """A summary, and a sheet for each list, with links between them."""

    name = "xlsx"

    def render(self, assessment: Assessment) -> Iterator[bytes]:
        """Yields the bytes of the workbook."""
        data = _workbook(assessment)
        for start in range(0, len(data), _PIECE):
            yield data[start : start + _PIECE]


def _workbook(assessment: Assessment) -> bytes:
    # It takes a while to import, and only those who write a workbook need it.
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    metadata = assessment.metadata
    # Rows go to a temporary file as they are made: a fleet has hundreds of thousands.
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "constant_memory": True, "tmpdir": folder, "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        with Workbook(stream, options) as file:
            name = metadata.agency_name or metadata.agency
            file.set_properties(
                {
                    "title": f"Gap report as of {neutral(metadata.as_of)}",
                    "created": _midnight(metadata.as_of),
                }
            )
            versions = [f"{one.id} {one.version}" for one in assessment.policies]
            book = Book(
                file,
                metadata.marking or "",
                f"{name} as of {metadata.as_of}",
                enumeration(versions[:6], len(versions)),
            )
            _fill(book, assessment)
    return stream.getvalue()


def _midnight(day: str) -> datetime.datetime:
    """The time that the workbook gives for its making: no clock's."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        date = _NO_DAY
    return datetime.datetime.combine(max(date, _NO_DAY), datetime.time())


def _fill(book: Book, assessment: Assessment) -> None:
    """Writes the sheets; the summary last, for it tells how many rows the others have."""
    summary = book.add(SUMMARY)
    contents = []
    for one in _sheets(assessment):
        rows = iter(one.rows)
        first = next(rows, None)
        if first is None and not one.always:
            continue
        total = book.table(book.add(one.table.title), one.table, _again(first, rows))
        contents.append(Entry(one.table.title, total, one.table.note))
    Summary(book, summary, assessment).write(contents)


def _again(
    first: Mapping[str, Shown] | None, rest: Iterator[Mapping[str, Shown]]
) -> Iterator[Mapping[str, Shown]]:
    if first is not None:
        yield first
        yield from rest


def _sheets(assessment: Assessment) -> Iterator[_Sheet]:
    if assessment.metadata.detail == COUNTS:
        return
    texts, found = Texts(assessment), OpenFindings(assessment)
    lists = FindingSheets(texts, found, matrices.requirement_places(assessment))
    yield _Sheet(lists.table(ERROR), lists.rows(ERROR), always=False)
    yield _Sheet(fix_first.FIX_TABLE, fix_first.fix_first(actions(assessment)))
    yield _Sheet(lists.table(GAP), lists.rows(GAP))
    yield _Sheet(lists.table(UNKNOWN), lists.rows(UNKNOWN))
    yield _Sheet(findings.QUESTIONS, findings.questions(assessment))
    yield _Sheet(matrices.REQUIREMENT_TABLE, matrices.requirements(assessment, lists.first_gaps))
    if texts.named:
        yield _Sheet(matrices.record_table(assessment), matrices.records(assessment.findings))
    yield _Sheet(lists.table(UPCOMING), lists.rows(UPCOMING), always=False)
    yield _Sheet(others.PLAN, others.plan(assessment), always=False)
    yield _Sheet(others.OUTSIDE, others.outside(assessment), always=False)
    gathered = gather(assessment, RECORDS_SHOWN)
    yield _Sheet(others.STATEMENTS, others.statements(texts, gathered), always=False)
    if texts.named:
        yield _Sheet(others.WRONG, others.wrong_values(assessment), always=False)
