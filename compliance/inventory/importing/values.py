"""From one cell of a source to the plain value of a fact, or to why there is none."""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.inventory.fact_schemas import member_schema, plain_schema
from compliance.inventory.importing.dates import read_date
from compliance.inventory.importing.ids import record_id
from compliance.inventory.importing.mapping import Check, Line, Translation, Unknown
from compliance.inventory.importing.patterns import fits_any
from compliance.inventory.kinds import KNOWN_NONE, Fact
from compliance.inventory.personal_data import suspects
from compliance.inventory.scalars import bad_character
from compliance.inventory.schema_validators import fast_validator
from compliance.inventory.tables.cells import NOT_KNOWN, Cell, read_cell
from compliance.inventory.wording import Wording, expectation, shown

if TYPE_CHECKING:
    import jsonschema_rs

LONGEST = 2000
"""Characters a text may have."""
_CUT = "..."
_SEPARATORS = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one cell gave."""

    value: Any = None
    """Plain value; None where the cell is empty, open or wrong."""
    open: str = ""
    """Why the source leaves the fact open, as a clause."""
    wrong: Wording | None = None
    """Why the cell cannot be used."""
    note: str = ""
    """What was changed in taking it over."""


NOTHING = Taken()


class Reader:
    """Reads cells of one file.

    Args:
        as_of: day of the import, ``2026-11-23``; what has happened cannot lie after it.
        missing: words in lower case that stand for a missing value.
    """

    def __init__(self, as_of: str, missing: frozenset[str]) -> None:
        self._as_of = as_of
        self._missing = missing
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def is_missing(self, raw: Cell, lines: Sequence[Line] = ()) -> bool:
        """Whether a cell is empty or holds a word that stands for a missing value.

        Args:
            raw: the cell.
            lines: translations; a word that one of them names is a value there.
        """
        text = text_of(raw)
        word = " ".join(text.casefold().split())
        if not text or word in self._missing:
            return True
        return word in NOT_KNOWN and not any(line.names(text) for line in lines)

    def take(self, fact: Fact, raw: Cell, how: Translation) -> Taken:
        """What a cell says about a fact.

        Args:
            fact: the fact; a link gets ids, whether or not there are such records.
            raw: the cell.
            how: its translation.
        """
        if self.is_missing(raw, how.values):
            return NOTHING
        taken = self._translated(fact, raw, how) if how.values else self._plain(fact, raw, how)
        if taken.value is not None:
            taken = self._checked(fact, taken, how.dates)
        if taken.wrong is not None and fact.sensitive:
            return Taken(wrong=Wording("the value cannot be used", expectation(fact)))
        return taken

    def day(self, raw: Cell, forms: tuple[str, ...]) -> Taken:
        """The day on which a row's facts were so."""
        if self.is_missing(raw):
            return NOTHING
        return self._checked(_DAY, Taken(_of_form(raw, forms)), forms)

    def _translated(self, fact: Fact, raw: Cell, how: Translation) -> Taken:
        if not _is_list(fact):
            return _looked_up(text_of(raw), how.values)
        members: list[Any] = []
        reasons: list[str] = []
        for part in _parts(text_of(raw), how.separator):
            taken = _looked_up(part, how.values)
            if taken.wrong is not None:
                return taken
            reasons += [taken.open] if taken.open else []
            found = taken.value if isinstance(taken.value, list) else [taken.value]
            # A member that is not known stays one, so that the list does not seem whole.
            members += [member for member in found if member not in members]
        if all(member is None for member in members) and members:
            return Taken(open=reasons[0])
        return Taken(members)

    def _plain(self, fact: Fact, raw: Cell, how: Translation) -> Taken:
        if fact.type == "link":
            return _linked(fact, text_of(raw), how)
        if isinstance(raw, str):
            raw = _prepared(fact, raw, how)
        said = read_cell(fact, raw)
        if said.wrong is not None:
            return Taken(wrong=said.wrong)
        if said.value is None:
            return Taken(open=said.note)
        value, note = said.value, said.note
        if fact.type == "string" and isinstance(value, str) and len(value) > LONGEST:
            value = value[: LONGEST - len(_CUT)] + _CUT
            note = f"the text was cut to {LONGEST:,} characters"
        return Taken(value, note=note)

    def _checked(self, fact: Fact, taken: Taken, forms: tuple[str, ...]) -> Taken:
        value = taken.value
        wrong = _unsafe(value)
        if wrong is None and not (value == KNOWN_NONE and fact.none):
            if not self._validator(fact).is_valid(value):
                wrong = Wording(f"{shown(value)} does not fit", _expected(fact, forms))
            elif fact.type == "date" and not fact.future and value > self._as_of:
                wrong = Wording(
                    f"{value} lies after the day of the import",
                    f"a date up to {self._as_of}, because this tells of something that happened",
                )
        return taken if wrong is None else Taken(wrong=wrong)

    def _validator(self, fact: Fact) -> jsonschema_rs.Draft202012Validator:
        if fact.full_path not in self._validators:
            schema = plain_schema(fact)
            if _is_list(fact):
                nullable = {"anyOf": [{"type": "null"}, member_schema(fact)]}
                schema = {**schema, "items": nullable}
            self._validators[fact.full_path] = fast_validator(schema)
        return self._validators[fact.full_path]


_DAY = Fact(kind="", path="reported_on", type="date", schema={"type": "string", "format": "date"})


def text_of(raw: Cell) -> str:
    """A cell as text, as tables of translations and patterns see it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, datetime.datetime):
        return raw.isoformat(sep=" ")
    if isinstance(raw, datetime.date | datetime.time):
        return raw.isoformat()
    if isinstance(raw, datetime.timedelta):
        return str(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return json.dumps(raw)


def form_problem(check: Check, raw: Cell) -> Wording | None:
    """Why a cell has not the form its column must have; None where it has.

    Args:
        check: the form; several values may stand in one cell, between ``;`` or line breaks.
        raw: the cell.
    """
    good, expected = _FORMS[check.form]
    for part in _parts(text_of(raw), None):
        if not good(part) and not fits_any(check.also, part):
            return Wording(f"{shown(part)} is impossible here", expected)
    return None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "ip_address": (_is_address, "an IP address, such as 192.0.2.10 or 2001:db8::10"),
}


def _expected(fact: Fact, forms: tuple[str, ...]) -> str:
    if fact.type != "date":
        return expectation(fact)
    return f"a day written as {' or '.join(forms)}; a mapping of your own can declare other forms"


def _is_list(fact: Fact) -> bool:
    return fact.many or fact.type == "list"


def _parts(text: str, separator: str | None) -> list[str]:
    parts = _SEPARATORS.split(text) if separator is None else text.split(separator)
    return [part.strip() for part in parts if part.strip()]


def _looked_up(text: str, lines: Sequence[Line]) -> Taken:
    for line in lines:
        if line.pattern.fits(text):
            if isinstance(line.value, Unknown):
                return Taken(open=line.value.why)
            return Taken(line.value)
    known = ", ".join(line.pattern.text for line in lines)
    message = f"{shown(text)} is not among the values that the mapping translates"
    return Taken(wrong=Wording(message, f"one of {known}"))


def _linked(fact: Fact, text: str, how: Translation) -> Taken:
    if text.casefold() == KNOWN_NONE and (fact.none or fact.many):
        return Taken(KNOWN_NONE if fact.none else [])
    ids = [record_id(part, how.prefix) for part in _parts(text, how.separator)]
    return Taken(list(dict.fromkeys(ids)) if fact.many else ids[0])


def _prepared(fact: Fact, text: str, how: Translation) -> str:
    """A text in the form in which cells of our own tables hold it."""
    if fact.type == "date":
        return _of_form(text, how.dates)
    if fact.type == "list" and fact.items != "object":
        return "; ".join(_parts(text, how.separator))
    if fact.type == "string":
        # No text of another program means what quotation marks and apostrophes mean in our tables.
        return json.dumps(text.strip()) if text.strip()[:1] in ('"', "'") else text
    return text


def _of_form(raw: Cell, forms: tuple[str, ...]) -> str:
    """The day in a cell, or the cell's text where it holds none in a declared form."""
    if isinstance(raw, datetime.date):
        return raw.isoformat()[:10]
    text = text_of(raw)
    return read_date(text, forms) or text


def _unsafe(value: Any) -> Wording | None:
    """Why no inventory may hold a text; None for what is no text, or a harmless one."""
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str):
            continue
        bad = bad_character(text)
        if bad is not None:
            return Wording(bad.message, bad.expected)
        for suspect in suspects(text):
            return Wording(
                f"the value looks like {suspect.what}",
                "no such data: it was not taken over, and is not repeated here",
            )
    return None
