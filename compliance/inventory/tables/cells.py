"""What one cell of a table says about a fact, and how a value is written into a cell.

A cell is read as a person means it: `yes` is true, `N/A` is not known, `a; b` is a list. Whatever
cannot be meant by itself stays as it is written, so that the validators refuse it with its place.
Values that the plain form cannot carry are written as JSON, and `write_cell` makes sure that
reading gives back the identical value.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.inventory.fact_schemas import is_date
from compliance.inventory.json_reader import parse_json
from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact
from compliance.inventory.scalars import LARGEST, Refusal, bad_character, resolve
from compliance.inventory.tables.formulas import ERRORS, formula_error
from compliance.inventory.wording import Wording, expectation, shown

Cell = (
    str | int | float | bool
    | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
)  # fmt: skip
Written = str | int | float | bool | datetime.date | None
"""What a cell may be given: text, number, truth value, day, or nothing."""

NOT_KNOWN = frozenset(
    ("n/a", "n.a.", "na", "not applicable", "unknown", "not known", "don't know", "don\u2019t know",
     "dont know", "do not know", "not sure", "unsure", "tbd", "to be determined", "?", "??", "-",
     "--", "\u2013", "\u2014")
)  # fmt: skip
"""Words, in small letters, that people write where a value is not known."""
BETWEEN = ";"
"""Stands between the members of a list."""
_YES = frozenset(("yes", "y", "true"))
_NO = frozenset(("no", "n", "false"))
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_DAY_AND_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}.{0,22}")
_ALL = re.compile(r"all\s*:\s*(\S+)", re.IGNORECASE)
_ACTIVE = re.compile(r"'*[=+\-@\t\r]")
_DIGITS_KEPT = 10**15
"""From here on a number in a workbook has lost digits: it keeps fifteen."""
_OLDEST = 1901
"""Workbooks know no day before 1900, and disagree about those in it."""
# What a workbook or a text file may change on the way: such texts are written as JSON.
_FRAGILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
)


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell says."""

    value: Any = None
    """Plain value as an inventory file would hold it; what cannot be meant is left as written."""
    stated: bool = True
    """False for a blank cell: the fact is absent."""
    note: str = ""
    """What must not go unsaid about the reading, such as ``N/A counts as unknown``."""
    wrong: Wording | None = None
    """Why the cell cannot be used, where it is not the fact's schema that refuses the value."""


BLANK = CellValue(stated=False)


def read_cell(fact: Fact, raw: Cell) -> CellValue:
    """What a cell says about a fact.

    Args:
        fact: the fact of the cell's column.
        raw: the cell as the file holds it; in text files always a text.
    """
    if raw is None:
        return BLANK
    if isinstance(raw, str):
        return _text_cell(fact, raw)
    if isinstance(raw, bool):
        return CellValue(raw)
    if isinstance(raw, int | float):
        return _number_cell(fact, raw)
    return _time_cell(fact, raw)


def write_cell(fact: Fact, value: Any) -> Written:
    """What to put into a cell, so that reading it gives back the identical value.

    Args:
        fact: the fact of the cell's column.
        value: its plain value; None for one that is not known.

    Raises:
        ValueError: the value fails the fact's schema in a way that no cell can show.
    """
    if value is None:
        # Absence of such a fact would say that there is none.
        return "unknown" if fact.absent_none else None
    for written in _forms(fact, value):
        said = read_cell(fact, written)
        if said.wrong is None and not said.note and said.stated and _same(said.value, value):
            return written
    raise ValueError(f"no cell can hold this value of {fact.full_path}")


def cell_text(written: Written) -> str:
    """What `write_cell` gives, as a text file holds it."""
    if written is None:
        return ""
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, datetime.date):
        return written.isoformat()
    return written if isinstance(written, str) else json.dumps(written)


def neutralised(text: str) -> str:
    """A text with an apostrophe before what spreadsheet programs would take for a formula."""
    return f"'{text}" if _ACTIVE.match(text) else text


def restored(text: str) -> str:
    """A text without the apostrophe that :func:`neutralised` put before it."""
    return text[1:] if text[:1] == "'" and _ACTIVE.match(text) else text


def _text_cell(fact: Fact, raw: str) -> CellValue:
    text = raw.strip()
    if not text:
        return BLANK
    bad = bad_character(text)
    if bad is not None:
        return CellValue(wrong=Wording(bad.message, bad.expected))
    if text[0] == "'":
        plain = restored(text)
        if plain is not text:
            return _said(fact, plain)
    if text[0] == '"' or (text[0] in "[{" and _takes_json(fact)):
        found = _json_cell(text)
        if found is not None:
            return found
    if text[0] == "#" and text.upper() in ERRORS:
        return CellValue(wrong=formula_error(text.upper(), fact))
    return _word(fact, text) or _said(fact, text)


def _json_cell(text: str) -> CellValue | None:
    """A value written as JSON; None where the text is none."""
    parsed = parse_json(text)
    if not parsed.whole:
        return None
    if parsed.flaws:
        flaw = parsed.flaws[0]
        return CellValue(wrong=Wording(flaw.message, flaw.expected))
    return CellValue(parsed.value)


def _word(fact: Fact, text: str) -> CellValue | None:
    """What a word says that stands for the lack of a value; None for other texts."""
    if len(text) > 20:
        return None
    word = " ".join(text.lower().split())
    if word == KNOWN_NONE:
        if fact.none:
            return CellValue(KNOWN_NONE)
        several = fact.many if fact.type == "link" else fact.type == "list"
        listed = fact.enum is not None and KNOWN_NONE in fact.enum
        return CellValue([]) if several and not listed else None
    if word in NOT_KNOWN and _choice(fact, text) is None:
        return CellValue(note=f'"{word}" counts as unknown')
    return None


def _said(fact: Fact, text: str) -> CellValue:
    if fact.type == "list" or (fact.type == "link" and fact.many):
        return _members(fact, text)
    if fact.type == "link":
        return _link(fact, text)
    return CellValue(_scalar(fact, fact.type, text))


def _link(fact: Fact, text: str) -> CellValue:
    if not takes_any_form(fact):
        return CellValue(text)
    of_all = _ALL.fullmatch(text)
    if of_all is not None:
        return CellValue({"all": of_all[1]})
    return _members(fact, text) if BETWEEN in text else CellValue(text)


def _members(fact: Fact, text: str) -> CellValue:
    """The members of a list between semicolons."""
    if fact.items == "object":
        return CellValue(text)
    parts = [part.strip() for part in text.split(BETWEEN)]
    if _choice(fact, text) is not None:  # A label may hold commas.
        parts = [text]
    elif "," in text and len(parts) == 1 and (fact.enum is not None or fact.items != "string"):
        meant = f"{BETWEEN} ".join(part.strip() for part in text.split(","))
        return CellValue(
            wrong=Wording(
                "commas stand between the members", "semicolons between them", f'"{meant}"'
            )
        )
    members: list[Any] = []
    note = ""
    for part in parts:
        if not part:
            continue
        lacking = _word(fact, part) if part.lower() != KNOWN_NONE else None
        note = lacking.note if lacking else note
        members.append(None if lacking else _scalar(fact, fact.items or "string", part))
    return CellValue(members, note=note)


def _scalar(fact: Fact, type_: str, text: str) -> Any:
    """The value of a text, or the text itself where it cannot be meant."""
    if fact.enum is not None:
        choice = _choice(fact, text)
        return text if choice is None else choice
    convert = _CONVERT.get(type_)
    return text if convert is None else convert(fact, text)


def _boolean(_: Fact, text: str) -> Any:
    word = text.lower()
    return True if word in _YES else False if word in _NO else text


def _number(fact: Fact, text: str) -> Any:
    digits = text
    if "%" in fact.title and text.endswith("%"):
        digits = text[:-1].rstrip()
    if not _NUMBER.fullmatch(digits):
        return text
    number = resolve(digits.replace(",", ""))
    return text if isinstance(number, Refusal) else _whole(number)


def _date(_: Fact, text: str) -> Any:
    day_and_time = _DAY_AND_TIME.fullmatch(text)
    return day_and_time[1] if day_and_time and is_date(day_and_time[1]) else text


def _anything(_: Fact, text: str) -> Any:
    """A value of whatever type, in JSON where it is no plain text."""
    parsed = parse_json(text)
    return parsed.value if parsed.whole and not parsed.flaws else text


_CONVERT: Mapping[str, Callable[[Fact, str], Any]] = {
    "boolean": _boolean,
    "integer": _number,
    "number": _number,
    "date": _date,
    ANY: _anything,
}


def _choice(fact: Fact, text: str) -> Any:
    """The allowed value that a text or its label means, whatever its case, blanks and hyphens.

    Returns:
        The value; None where it is none of them, or all are allowed.
    """
    if fact.enum is None or text in fact.enum:
        return fact.enum and text
    word = _folded(text)
    by_value = (choice for choice in fact.enum if _folded(str(choice)) == word)
    by_label = (value for value, label in fact.labels.items() if _folded(label) == word)
    return next(by_value, None) or next(by_label, None)


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-]+", "_", text.casefold())


def _number_cell(fact: Fact, raw: float) -> CellValue:
    if not math.isfinite(raw):
        return CellValue(wrong=Wording("the number has no value", expectation(fact)))
    number = _whole(raw)
    several = fact.many if fact.type == "link" else fact.type == "list"
    one = (fact.items or "string") if several else "string" if fact.type == "link" else fact.type
    if one != "string":
        if "%" in fact.title and 0 < number <= 1:
            return _unclear_share(number)
        return CellValue([number] if several else number)
    if abs(number) >= _DIGITS_KEPT:
        return CellValue(
            wrong=Wording(
                "a workbook keeps fifteen digits of a number, so that this one has lost some",
                "the number typed again in a cell that is formatted as text",
            )
        )
    text = _of_number(fact, number)
    note = ""
    if isinstance(number, float) and fact.enum is None:
        note = "a number with decimals is read as a text, in which 10.10 has become 10.1"
    return CellValue([text] if several else text, note=note)


def _of_number(fact: Fact, number: float) -> str:
    """The text a number stands for; among choices the one that is this number: ``1.0`` for 1."""
    text = json.dumps(number)
    if fact.enum is None or text in fact.enum:
        return text
    same = [choice for choice in map(str, fact.enum) if _is_number(choice, number)]
    return same[0] if len(same) == 1 else text


def _is_number(text: str, number: float) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) is not None and float(text) == number


def _unclear_share(number: float) -> CellValue:
    """A cell shown as 45% holds 0.45, and nothing tells that from 0.45 percent."""
    meant = f"{number * 100:g}"
    return CellValue(
        wrong=Wording(
            f"{shown(number)} is not clear: a cell shown as {meant}% holds it, and so does one "
            f"that says {number:g} percent",
            f'the percentage as a number without the sign, or as a text such as "{number:g}%"',
            meant if number < 1 else "",
        )
    )


def _time_cell(fact: Fact, raw: datetime.date | datetime.time | datetime.timedelta) -> CellValue:
    if isinstance(raw, datetime.date):
        day = raw.date() if isinstance(raw, datetime.datetime) else raw
        if fact.type in ("date", ANY):
            return CellValue(day.isoformat())
        if fact.items == "date":
            return CellValue([day.isoformat()])
    what = "a date" if isinstance(raw, datetime.date) else "a time of day or a length of time"
    expected = expectation(fact)
    if fact.type in ("string", "list", "link"):
        expected += ", typed again in a cell formatted as text if a spreadsheet program changed it"
    return CellValue(wrong=Wording(f"{what} stands in the cell", expected))


def _forms(fact: Fact, value: Any) -> list[Written]:
    """Ways to write a value, the plainest first."""
    if isinstance(value, bool):
        return [value]
    if isinstance(value, int | float):
        return [value, f"{json.dumps(value)}%"]
    forms: list[Written] = []
    if isinstance(value, str):
        if fact.type == "date" and is_date(value) and value >= str(_OLDEST):
            forms.append(datetime.date.fromisoformat(value))
        forms.append(_plain(value))
    elif isinstance(value, dict):
        forms.append(f"all: {value['all']}" if set(value) == {"all"} else None)
    elif value and all(isinstance(member, str | int | float) for member in value):
        words = [member if isinstance(member, str) else json.dumps(member) for member in value]
        forms.append(_plain(f"{BETWEEN} ".join(words)))
    return [*(form for form in forms if form is not None), _json(value)]


def _plain(text: str) -> str | None:
    return None if _FRAGILE.search(text) else neutralised(text)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if not _FRAGILE.search(text):
        return text
    # Written as escapes, which no program changes. `_x0041_` is one of workbooks.
    return re.sub(r"_x(?=[0-9A-Fa-f]{4}_)", r"_\\u0078", json.dumps(value))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are identical, types included."""
    return json.dumps(one) == json.dumps(other)


def _takes_json(fact: Fact) -> bool:
    return fact.type in ("list", ANY) or (fact.type == "link" and _several(fact))


def _several(fact: Fact) -> bool:
    return fact.many or takes_any_form(fact)


def takes_any_form(fact: Fact) -> bool:
    """Whether a link may be one ``kind/id``, a list of them, or ``{all: kind}``."""
    return fact.type == "link" and fact.target == ANY and "type" not in fact.schema


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return int(value)
    return value
