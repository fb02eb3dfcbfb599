"""Reads what a user supposes: ``system.mfa=true:data_types=ephi``, typed by the fact's schema."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compliance.errors import UserError
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import Fact, Kind, Kinds
from compliance.inventory.overlay import nested
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Problem, closest
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Record
from compliance.inventory.tables.cells import read_cell
from compliance.inventory.validation import RecordValidator
from compliance.report.plain import neutral

AS_OF = "as_of"
"""As the value of a date: the date of the assessment."""

_FORM = "KIND.FACT=VALUE, with :FACT=VALUE after it for some records alone"
_EXAMPLE = "system.mfa=true or system.mfa=true:data_types=ephi"
_NEXT_FILTER = re.compile(r":(?=[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*=)")
_HIDDEN = "(given, not shown)"


class SuppositionError(UserError):
    """Something supposed that cannot be: an unknown fact, a value it does not take."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records a supposition is about."""

    fact: Fact
    value: Any
    """Plain value; None for records that do not state the fact."""

    def takes(self, record: Record) -> bool:
        """Whether a record has the value; a list, whether it holds the value or all of its own."""
        known = record.id if self.fact.path == "id" else record.get(self.fact.path)
        if isinstance(known, list) and self.value is not None:
            wanted = self.value if isinstance(self.value, list) else [self.value]
            return all(one in known for one in wanted)
        return type(known) is type(self.value) and known == self.value


@dataclass(frozen=True, slots=True)
class Supposition:
    """A fact that is supposed to have a value."""

    fact: Fact
    value: Any
    """Plain value; None for not known."""
    filters: tuple[Filter, ...] = ()

    @property
    def text(self) -> str:
        """As a person would write it, without sensitive values and safe to print."""
        parts = [_said(self.fact, self.value, self.fact.full_path)]
        parts += [_said(one.fact, one.value, one.fact.path) for one in self.filters]
        return ":".join(parts)

    def takes(self, record: Record) -> bool:
        """Whether it is about a record."""
        return record.kind == self.fact.kind and all(one.takes(record) for one in self.filters)


def _said(fact: Fact, value: Any, path: str) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if value is None:
        shown = "unknown"
    return f"{path}={_HIDDEN if fact.sensitive else neutral(shown)}"


def read_supposition(text: str, kinds: Kinds, as_of: datetime.date) -> Supposition:
    """What a user supposes.

    Args:
        text: as typed, such as ``agency.risk_analysis.completed_on=as_of``.
        kinds: all kinds.
        as_of: the date for which it is supposed.

    Raises:
        SuppositionError: the form is another, there is no such fact, or it does not take the value.
    """
    path, equals, rest = text.partition("=")
    head, dot, below = path.strip().partition(".")
    if not equals or not dot or not rest.strip():
        raise SuppositionError(f"{neutral(text)!r} supposes nothing. Write {_FORM}: {_EXAMPLE}.")
    if head not in kinds or kinds[head].read_only:
        known = [name for name in kinds if not kinds[name].read_only]
        raise SuppositionError(
            f"There is no kind {neutral(head)!r} that people enter."
            f"{_meant(closest(head, known))} The kinds: {', '.join(known)}."
        )
    kind = kinds[head]
    reader = _Reader(kinds, as_of)
    value, *filters = _parts(rest)
    fact = _fact(kind, below)
    if fact.path == "id":
        raise SuppositionError(f"{fact.full_path} names the record and cannot be another.")
    return Supposition(
        fact,
        reader.value(fact, value),
        tuple(_filter(kind, one, reader) for one in filters),
    )


def _filter(kind: Kind, text: str, reader: _Reader) -> Filter:
    path, _, value = text.partition("=")
    fact = _fact(kind, path.removeprefix(f"{kind.name}."))
    return Filter(fact, reader.value(fact, value, checked=False))


def _parts(text: str) -> Iterator[str]:
    """The value and the filters after it; a value in quotes or brackets may hold a colon."""
    rest = text.strip()
    if rest[:1] in ('"', "[", "{"):
        try:
            _, end = json.JSONDecoder().raw_decode(rest)
        except json.JSONDecodeError:
            end = 0
        if end and (end == len(rest) or rest[end] == ":"):
            yield rest[:end]
            rest = rest[end + 1 :]
            if rest:
                yield from _NEXT_FILTER.split(rest)
            return
    yield from _NEXT_FILTER.split(rest)


def _fact(kind: Kind, path: str) -> Fact:
    fact = kind.facts.get(path)
    if fact is not None and fact.entered:
        return fact
    full = neutral(f"{kind.name}.{path}")
    if fact is not None:
        raise SuppositionError(
            f"{full} is worked out from other records, so nobody can set it. Suppose the facts "
            "that it comes from."
        )
    entered = [name for name, one in kind.facts.items() if one.entered]
    below = [name for name in entered if name.startswith(f"{path}.")]
    if below:
        raise SuppositionError(
            f"{full} is a group of facts. Name one of them: "
            f"{', '.join(f'{kind.name}.{name}' for name in below)}."
        )
    near = closest(path, entered) or next((one for one in entered if one.endswith(f".{path}")), "")
    meant = _meant(f"{kind.name}.{near}" if near else "")
    raise SuppositionError(
        f"There is no fact {full}.{meant} `compliance inventory documents` and the reference of "
        "kinds list them."
        if not meant
        else f"There is no fact {full}.{meant}"
    )


def _meant(near: str) -> str:
    return f" Did you mean {near}?" if near else ""


class _Reader:
    """Reads values of facts."""

    def __init__(self, kinds: Kinds, as_of: datetime.date) -> None:
        self._as_of = as_of.isoformat()
        self._validator = RecordValidator(kinds, self._as_of)

    def value(self, fact: Fact, text: str, *, checked: bool = True) -> Any:
        """The plain value that a text means.

        Args:
            fact: the fact.
            text: as typed.
            checked: the value has to fit the fact's schema as a whole record's would.
        """
        if fact.type == "date" and text.strip() == AS_OF:
            return self._as_of
        cell = read_cell(fact, _members(fact, text))
        if cell.wrong is not None:
            raise _refused(fact, cell.wrong.message, cell.wrong.expected, cell.wrong.suggestion)
        if not cell.stated:
            raise _refused(fact, "no value is given", "a value, or the word unknown", "")
        if not checked or cell.value is None:
            return cell.value
        problems: list[Problem] = []
        source = SourceFile("--set", {})
        place = RecordPlace(source, (), fact.kind, problems)
        raw = {"id": "any", **nested(tuple(fact.path.split(".")), {VALUE: cell.value})}
        found: Any = self._validator.facts(fact.kind, raw, place)
        if problems:
            first = problems[0]
            raise _refused(fact, first.message, first.expected, first.suggestion)
        for step in fact.path.split("."):
            found = found[step]
        return found


def _members(fact: Fact, text: str) -> str:
    """A list in brackets without quotes, ``[ephi, fti]``, as a cell would have it."""
    inner = text.strip()
    several = fact.many if fact.type == "link" else fact.type == "list"
    if not several or inner[:1] != "[" or inner[-1:] != "]":
        return text
    try:
        json.loads(inner)
    except (json.JSONDecodeError, RecursionError):
        members = re.split("[;,]", inner[1:-1])
        return "; ".join(one.strip().strip("\"'") for one in members)
    return text


def _refused(fact: Fact, message: str, expected: str, meant: str) -> SuppositionError:
    wanted = f" Expected: {expected}." if expected else ""
    return SuppositionError(f"{fact.full_path}: {message}.{wanted}{_meant(meant)}")
