"""Values of an input document, read with suspicion: what is not of its type is None.

JSON null, a missing key and a value of another JSON type are all None here, because conditions
treat them alike. Written apart from the compiler and from the library it generates code with.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KNOWN_NONE = "none"


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a list, as far as they are known."""

    known: tuple[Any, ...]
    """Members of the right type, in order."""
    size: int
    """Number of members, known or not."""
    complete: bool
    """There are no members but these."""

    @property
    def clean(self) -> bool:
        """Every member is there and known."""
        return self.complete and len(self.known) == self.size


def as_boolean(raw: Any) -> bool | None:
    """A JSON boolean."""
    return raw if isinstance(raw, bool) else None


def as_number(raw: Any) -> int | float | None:
    """A JSON number, which a boolean is not."""
    return raw if isinstance(raw, int | float) and not isinstance(raw, bool) else None


def as_whole(raw: Any) -> int | None:
    """A whole number that every program reads alike; ``3.0`` is one."""
    number = as_number(raw)
    if number is None or abs(number) > 2**53 or number != int(number):
        return None
    return int(number)


def as_string(raw: Any) -> str | None:
    """A JSON string."""
    return raw if isinstance(raw, str) else None


def as_date(raw: Any) -> datetime.date | None:
    """A day of the calendar, written in full: ``2026-02-28``."""
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        return None
    year, month, day = raw.split("-")
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def as_version(raw: Any) -> tuple[int, ...] | None:
    """One to six numbers of one to nine digits between dots, filled up with zeros to six."""
    if not isinstance(raw, str):
        return None
    parts = raw.split(".")
    if len(parts) > 6 or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        return None
    return tuple(int(part) for part in parts) + (0,) * (6 - len(parts))


SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "boolean": as_boolean,
    "integer": as_number,
    "number": as_number,
    "string": as_string,
    "date": as_date,
}


def as_members(raw: Any, items: str | None, complete: bool) -> Members | None:
    """The members of a JSON array whose items are of a scalar type (None: embedded objects)."""
    if not isinstance(raw, list):
        return None
    reader = SCALARS.get(items or "", _as_object)
    known = tuple(member for member in map(reader, raw) if member is not None)
    return Members(known, len(raw), complete)


def as_derived(raw: Any, items: str | None) -> Members | None:
    """The members of ``{members: [...], complete: bool}``."""
    if not isinstance(raw, dict):
        return None
    return as_members(raw.get("members"), items, raw.get("complete") is True)


def as_link(raw: Any) -> Members | None:
    """The records of ``{records: [...], complete: bool}``."""
    if not isinstance(raw, dict):
        return None
    return as_members(raw.get("records"), None, raw.get("complete") is True)


def look_up(scope: Mapping[str, Any], path: str) -> Any:
    """The raw value at a path whose head is a name in scope; None where there is none."""
    head, *keys = path.split(".")
    return dig(scope.get(head), keys)


def look_up_link(scope: Mapping[str, Any], path: str) -> Any:
    """The raw object of a link or reverse list."""
    head, _, name = path.partition(".")
    return dig(scope.get(head), ("links", *name.split(".")))


def dig(value: Any, keys: Sequence[str]) -> Any:
    """The value below objects; None as soon as something on the way is no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def same(left: Any, right: Any) -> bool:
    """Equality of JSON scalars: ``1`` is ``1.0``, ``true`` is not ``1``."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def member(value: Any, values: Sequence[Any]) -> bool:
    """Whether a value is among others."""
    return any(same(value, other) for other in values)


def _as_object(raw: Any) -> Any:
    return raw if isinstance(raw, dict) else None
