"""Reads questionnaires that came back: filled-in workbooks, and their form as JSON."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compliance.asking.merging import Returned
from compliance.asking.response import Said
from compliance.asking.workbook import (
    ABOUT,
    AGENCY,
    ANSWER,
    ANSWERED_BY,
    BY,
    COLUMNS,
    COMMENT,
    EVIDENCE,
    FACT,
    FILLED_IN,
    FINGERPRINT,
    FOLDER,
    FORM,
    FORM_LABEL,
    HIDDEN,
    ON,
    QUESTION,
    RECORD,
    SUBJECT,
)
from compliance.inventory.fact_schemas import is_date
from compliance.inventory.kinds import Fact
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import ReadError, read_file
from compliance.inventory.source import SourceFile
from compliance.inventory.tables.cells import Cell, read_cell, restored
from compliance.inventory.tables.raw import Sheet, read_tables
from compliance.inventory.wording import Wording, shown

SCHEMA = 1
"""Version of the questions as JSON."""
_HEADER_ROWS = 20
"""Rows among which the headings are looked for."""
_NEEDED = (ANSWER, *HIDDEN)
_ANEW = "a workbook that `compliance ask PATH -o questions.xlsx` wrote, its columns left in place"
_DAY = Fact(kind="answer", path="answered_on", type="date")


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A questionnaire that came back."""

    path: str
    agency: str | None
    """Id of the agency it was written for; None where it does not say."""
    folder: str | None
    """The inventory it was written for, as its writer named it."""
    entries: tuple[Returned, ...]


def read_returned(path: Path, day: datetime.date, by: str = "") -> ReturnedFile:
    """The answers of a questionnaire, blank ones among them.

    Args:
        path: a workbook (.xlsx), one of its sheets saved as CSV, or JSON.
        day: the day of answers that name none.
        by: who gave answers that name nobody, where the file does not say so either.

    Raises:
        ReadError: the file cannot be read, or is no questionnaire.
    """
    if path.suffix.lower() == ".json":
        return _from_json(read_file(path), day, by)
    tables = read_tables(path)
    about = _about(next((s for s in tables.sheets if s.name.casefold() == ABOUT.casefold()), None))
    form = about.get(FORM_LABEL, FORM)
    if form != FORM:
        raise _refused(Position(tables.path), f"the workbook has the form {form}", _ANEW)
    default = Said(by=about.get(ANSWERED_BY, "") or by, answered_on=day.isoformat())
    for sheet in tables.sheets:
        header = _header(sheet)
        if header is not None:
            row, columns = header
            entries = tuple(_entries(sheet, row + 1, columns, default))
            return ReturnedFile(tables.path, about.get(AGENCY), about.get(FOLDER), entries)
    raise _refused(
        Position(tables.path),
        f"no sheet has the columns {', '.join(_NEEDED)} (the last three are hidden)",
        _ANEW,
    )


def _about(sheet: Sheet | None) -> dict[str, str]:
    """The lines of the sheet ``About``: label and text."""
    rows = sheet.rows if sheet is not None else ()
    return {_text(row[0]): _text(row[1]) for row in rows if len(row) > 1 and _text(row[1])}


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Number of the row with the headings, and the column of each."""
    for number, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        headings = [" ".join(_text(cell).casefold().split()) for cell in row]
        columns: dict[str, int] = {}
        for name in COLUMNS:
            count = headings.count(name.casefold())
            if count > 1 and name in (*FILLED_IN, *HIDDEN):
                second = len(headings) - 1 - headings[::-1].index(name.casefold())
                raise _refused(sheet.position(number, second), f"two columns {name}", _ANEW)
            if count:
                columns[name] = headings.index(name.casefold())
        if all(name in columns for name in _NEEDED):
            return number, columns
    return None


def _entries(
    sheet: Sheet, first: int, columns: Mapping[str, int], default: Said
) -> Iterator[Returned]:
    for number, row in enumerate(sheet.rows[first:], first):
        cells = {name: _at(row, column) for name, column in columns.items()}
        if all(cell is None for cell in cells.values()):
            continue
        places = {
            key: sheet.position(number, columns.get(name, columns[ANSWER]))
            for key, name in (("question", ANSWER), ("by", BY), ("answered_on", ON))
        }
        said, wrong = _said(cells, default)
        yield Returned(
            subject=_text(cells[SUBJECT]),
            fact=_text(cells[FACT]),
            about=_text(cells[FINGERPRINT]),
            said=said,
            raw=cells[ANSWER],
            position=places["answered_on"] if wrong else places["question"],
            places=places,
            shown=(_text(cells.get(RECORD)), _text(cells.get(QUESTION))),
            wrong=wrong,
        )


def _said(cells: Mapping[str, Any], default: Said) -> tuple[Said, Wording | None]:
    """Who answered, when, and with what; and why the day cannot be used, where it cannot."""
    day, wrong = _day(cells.get(ON), default.answered_on)
    said = Said(
        by=_text(cells.get(BY)) or default.by,
        answered_on=day,
        evidence=_text(cells.get(EVIDENCE)),
        reason=_text(cells.get(COMMENT)),
    )
    return said, wrong


def _day(cell: Cell, default: str) -> tuple[str, Wording | None]:
    read = read_cell(_DAY, cell)
    if not read.stated or (read.value is None and read.wrong is None):
        return default, None
    if isinstance(read.value, str) and is_date(read.value):
        return read.value, None
    said = read.wrong.message if read.wrong else f"{shown(read.value)} is no date"
    return default, Wording(f"the day of the answer cannot be used: {said}", "a date: 2026-11-23")


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return restored(str(cell).strip())


def _refused(position: Position, message: str, expected: str) -> ReadError:
    return ReadError((Problem(position, "", message, expected),))


def _from_json(source: SourceFile, day: datetime.date, by: str) -> ReturnedFile:
    """Questions as ``compliance ask --format json`` writes them, with answers added."""
    value = source.value
    listed = value.get("questions") if isinstance(value, dict) else None
    if not isinstance(listed, list) or value.get("schema") != SCHEMA:
        raise _refused(
            source.position(),
            "this is no list of questions",
            "what `compliance ask PATH --format json` writes, with the key answer in questions",
        )
    default = Said(by=by, answered_on=day.isoformat())
    entries = []
    for index, one in enumerate(listed):
        if not isinstance(one, dict):
            raise _refused(
                source.position(("questions", index)),
                f"{shown(one)} stands in the place of a question",
                "a mapping with subject, fact, about and answer",
            )
        entries.append(_json_entry(source, index, one, default))
    agency, folder = value.get("agency"), value.get("inventory")
    return ReturnedFile(
        source.path,
        agency if isinstance(agency, str) else None,
        folder if isinstance(folder, str) else None,
        tuple(entries),
    )


def _json_entry(source: SourceFile, index: int, one: Mapping[str, Any], default: Said) -> Returned:
    names = {
        BY: "by", ON: "answered_on", EVIDENCE: "evidence", COMMENT: "reason",
    }  # fmt: skip
    cells = {name: one.get(key) for name, key in names.items()}
    said, wrong = _said({name: _json_text(cell) for name, cell in cells.items()}, default)
    raw = one.get("answer")
    if isinstance(raw, list | dict):
        raw = json.dumps(raw, ensure_ascii=False)
    found = Returned(
        subject=str(one.get("subject", "")),
        fact=str(one.get("fact", "")),
        about=str(one.get("about", "")),
        said=said,
        raw=raw,
        position=source.position(("questions", index, "answer")),
        places={key: source.position(("questions", index, key)) for key in ("by", "answered_on")},
        wrong=wrong,
    )
    return replace(found, position=found.places["answered_on"]) if wrong else found


def _json_text(cell: Any) -> str | None:
    return None if cell is None else str(cell)
