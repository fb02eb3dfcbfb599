"""Input documents for rules, right and wrong in every way a document can be.

Documents are made straight from kinds and from what rules read, never by the library under test.
All choices come from a ``random.Random``: a seeded one for bulk, hypothesis's own for examples that
it shrinks (:func:`documents`).
"""

from __future__ import annotations

import copy
import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.policy.model import ParameterDefinition
from tests.oracle.values import as_date

GONE: Any = object()
"""Stands for a fact that is left out."""

WRONG: tuple[Any, ...] = (
    True, False, 0, 1, -1, 3.5, 1e308, "", "x", "none", "true", "3", "2026-01-01", [], [None], [[]],
    ["ephi"], [1], {}, {"k": "ephi"}, {"value": True}, {"members": ["ephi"], "complete": True},
    {"records": [], "complete": True}, {"records": [{"id": "x"}]}, [{"id": "x"}],
)  # fmt: skip
"""Values of every JSON type and of every shape the input document knows."""

STRINGS = (
    "", " ", "x", "none", "None", "null", "true", "1.2", "17.4", "17.4.0", "017.4", "17.4-beta",
    "1.2.3.4.5.6", "1.2.3.4.5.6.7", "999999999.0", "1234567890", "1..2", ".", "2026-01-01", "abc\n",
    "\U0001f600", "\U0001f468\u200d\U0001f469", "e\u0301", "\u00e9", "\u202eabc", "\u0000",
    "a\u0000b", "\u0663.\u0664", "\uffff", "I\u0130\u0131", "\u00df", "a" * 300,
)  # fmt: skip

NUMBERS: tuple[int | float, ...] = (
    0, -0.0, 1, 2, 15, 1.0, 1.5, 0.1, 0.5, 0.9, -1, -1.5, 2**31, 2**53, -(2**53), 1e308, -1e308,
    5e-324, 0.30000000000000004,
)  # fmt: skip

DATES = (
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "1900-02-28", "1900-02-29",
    "2000-02-29", "2023-02-29", "2024-02-29", "2024-02-30", "2026-02-30", "2026-04-31",
    "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z",
    "2026-01-01 ", " 2026-01-01", "2026-01-01\n", "20260101", "2026/01/01", "-026-01-01",
    "+026-01-01", "\u0662026-01-01", "none", "",
)  # fmt: skip

AS_OF = ("2026-11-23", "2024-02-29", "2024-03-01", "2026-12-31", "2027-01-01", "2100-02-28")
BAD_AS_OF: tuple[Any, ...] = (
    "2026-02-30",
    "",
    "2026-1-1",
    None,
    20261123,
    ["2026-11-23"],
    {},
    GONE,
)
LETTERS = "abcdefghij"


@dataclass(frozen=True)
class DocumentMaker:
    """Makes input documents for the rules of one policy."""

    kinds: Kinds
    reads: Mapping[str, Any]
    """Facts of each kind's documents, as in a manifest."""
    measures: Mapping[str, Any] = field(default_factory=dict)
    """Facts of each kind's documents of a first pass, likewise."""
    literals: Mapping[tuple[str, str], Sequence[Any]] = field(default_factory=dict)
    """Values that facts are compared with (``Reading.literals``)."""
    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    totals: Sequence[str] = ()
    """Keys of the totals the policy reads."""

    def document(
        self, kind: str, rng: random.Random, spoilt: float | None = None
    ) -> dict[str, Any]:
        """One document about a subject of a kind.

        Args:
            kind: the kind.
            rng: what all choices come from.
            spoilt: share of facts that are missing or wrong; chosen where it is left out.
        """
        made = self._document(kind, self.reads[kind], rng, spoilt)
        if kind == AGENCY and self.totals:
            _put(made, "totals", self._totals(rng))
        return made

    def measured(self, kind: str, rng: random.Random) -> dict[str, Any]:
        """One document of the first pass, about a record of a kind."""
        return self._document(kind, self.measures[kind], rng, None)

    def _document(
        self, kind: str, reads: Mapping[str, Any], rng: random.Random, spoilt: float | None
    ) -> dict[str, Any]:
        if spoilt is None:
            spoilt = rng.choice((0.0, 0.0, 0.02, 0.1, 0.3))
        as_of = rng.choice(AS_OF) if rng.random() >= spoilt / 2 else rng.choice(BAD_AS_OF)
        make = _Make(self, rng, spoilt, as_of, rng.choice((0.5, 0.8, 0.95)))
        made: dict[str, Any] = {"schema": 1}
        _put(made, "as_of", as_of)
        if kind != AGENCY and rng.random() < spoilt / 8:
            _put(made, AGENCY, make.bad())
        else:
            made[AGENCY] = make.record(AGENCY, reads.get(AGENCY, {}), AGENCY)
        _put(made, "parameters", make.parameters())
        if kind != AGENCY:
            made[kind] = make.record(kind, reads["self"], "s")
        return made

    def _totals(self, rng: random.Random) -> Any:
        if rng.random() < 0.03:
            return rng.choice((*WRONG, None, GONE))
        found: dict[str, Any] = {}
        for key in self.totals:
            _put(found, key, _total(rng))
        return found


def seeded(seed: int | str) -> random.Random:
    """Choices that are the same on every run."""
    return random.Random(seed)  # noqa: S311


def documents(maker: DocumentMaker, kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Documents about subjects of a kind, for hypothesis."""
    return st.randoms(use_true_random=False).map(lambda rng: maker.document(kind, rng))


def _put(where: dict[str, Any], key: str, value: Any) -> None:
    if value is not GONE:
        where[key] = value


def _total(rng: random.Random) -> Any:
    if rng.random() < 0.1:
        return rng.choice((*WRONG, None, GONE))
    top = rng.choice((0, 1, 2, 10, 100))
    total: dict[str, Any] = {
        "true": rng.randint(0, top),
        "false": rng.choice((0, rng.randint(0, top))),
        "unknown": rng.choice((0, 0, rng.randint(0, top))),
        "complete": rng.random() < 0.8,
    }
    if rng.random() < 0.05:
        _put(total, rng.choice(sorted(total)), rng.choice((*WRONG, None, 2.0, -3)))
    if rng.random() < 0.02:
        del total[rng.choice(sorted(total))]
    return total


@dataclass(frozen=True)
class _Make:
    """The values of one document."""

    maker: DocumentMaker
    rng: random.Random
    spoilt: float
    """How many of the facts are missing or wrong."""
    as_of: Any
    lean: float
    """How many of the facts are near a value that conditions compare them with."""

    @property
    def today(self) -> datetime.date:
        return as_date(self.as_of) or datetime.date(2026, 11, 23)

    def spoil(self) -> bool:
        return self.rng.random() < self.spoilt

    def bad(self) -> Any:
        """Missing, null, ``none``, or whatever JSON can say."""
        return self.rng.choice((GONE, None, "none", self.rng.choice(WRONG)))

    def record(self, kind: str, reads: Mapping[str, Any], name: str) -> dict[str, Any]:
        made: dict[str, Any] = {"id": name}
        links: Any
        facts = self.maker.kinds[kind].facts
        for path in reads.get("facts", ()):
            if path != "id":
                self.place(made, path, self.fact(facts[path], (kind, path)))
        links = {}
        for path, below in reads.get("links", {}).items():
            self.place(links, path, self.link(str(facts[path].target), below))
        if self.rng.random() < self.spoilt / 8:
            links = self.bad()
        _put(made, "links", links)
        return made

    def place(self, made: dict[str, Any], path: str, value: Any) -> None:
        """Puts a value at a path, unless something else stands in the way."""
        *groups, last = path.split(".")
        for group in groups:
            if group not in made and self.rng.random() < self.spoilt / 4:
                made[group] = copy.deepcopy(self.rng.choice((*WRONG, None)))
            inner = made.setdefault(group, {})
            if not isinstance(inner, dict):
                return
            made = inner
        _put(made, last, value)

    def link(self, target: str, reads: Mapping[str, Any]) -> Any:
        if self.rng.random() < self.spoilt / 2:
            return self.bad()
        count = self.rng.choice((0, 1, 1, 2, 3))
        names = sorted(self.rng.sample(LETTERS, count))
        records: list[Any] = [self.record(target, reads, name) for name in names]
        records = [self.bad_member() if self.spoil() else record for record in records]
        if not records and self.rng.random() < 0.5:
            return self.complete(
                {"records": records, "none": self.rng.choice((True, False, "none"))}
            )
        return self.complete({"records": records})

    def complete(self, listed: dict[str, Any]) -> Any:
        complete: Any = self.rng.random() < 0.85
        if self.rng.random() < self.spoilt / 2:
            complete = self.bad()
        _put(listed, "complete", complete)
        if self.rng.random() < self.spoilt / 4:
            _put(listed, self.rng.choice(sorted(listed)), self.bad())
        return listed

    def parameters(self) -> Any:
        if self.rng.random() < self.spoilt / 8:
            return self.bad()
        chosen: dict[str, Any] = {}
        for name, definition in self.maker.parameters.items():
            if self.rng.random() < 0.3:
                _put(chosen, name, self.parameter(definition))
        return chosen

    def parameter(self, definition: ParameterDefinition) -> Any:
        if self.spoil():
            return self.bad()
        if definition.type == "list":
            return [
                self.value("string", (), definition.default) for _ in range(self.rng.randint(0, 3))
            ]
        return self.value(definition.type, (), [definition.default])

    def fact(self, fact: Fact, place: tuple[str, str]) -> Any:
        """A value for a fact; GONE where it is to be left out."""
        if self.spoil():
            return self.bad()
        if fact.none and self.rng.random() < 0.15:
            return "none"
        if fact.type == "derived":
            return self.complete({"members": self.members(fact, place)})
        if fact.type == "list":
            return self.members(fact, place)
        return self.value(fact.type, fact.enum, self.maker.literals.get(place))

    def members(self, fact: Fact, place: tuple[str, str]) -> list[Any]:
        near = self.maker.literals.get(place) or ()
        sizes = [hint["length"] for hint in near if isinstance(hint, dict) and "length" in hint]
        size = self.rng.choice((0, 1, 2, 3, *(near_number(self.rng, s) for s in sizes)))
        size = min(max(int(size), 0), 12)
        member: Callable[[], Any]
        if fact.items == "object":
            member = lambda: self.embedded(fact, f"{place[0]}.{place[1]}")  # noqa: E731
        else:
            hints = [*near, *(self.maker.literals.get((f"{place[0]}.{place[1]}", "")) or ())]
            member = lambda: self.value(str(fact.items), fact.enum, hints)  # noqa: E731
        made = [self.bad_member() if self.spoil() else member() for _ in range(size)]
        if made and self.rng.random() < 0.1:
            made.append(self.rng.choice(made))
        return made

    def bad_member(self) -> Any:
        return self.rng.choice((None, None, self.rng.choice(WRONG)))

    def embedded(self, fact: Fact, place: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for path, field_fact in fact.fields.items():
            self.place(made, path, self.fact(field_fact, (place, path)))
        return made

    def value(self, kind: str, enum: Sequence[Any] | None, near: Any) -> Any:
        """A value of a type: mostly one that conditions tell apart from others."""
        rng = self.rng
        hints = [hint for hint in near or () if hint is not None]
        close = rng.random() < self.lean
        if kind == "boolean":
            return rng.choice(hints) if hints and close else rng.random() < 0.5
        if kind == "date":
            return self.date(hints)
        if kind in ("integer", "number"):
            known = [hint for hint in hints if isinstance(hint, int | float)]
            return self.number(known if close else ())
        if enum and rng.random() < 0.95:
            known = [hint for hint in hints if hint in enum]
            return rng.choice(known if known and close else list(enum))
        return self.text(hints, close)

    def number(self, known: Sequence[Any]) -> int | float:
        if known:
            return near_number(self.rng, self.rng.choice(known))
        return self.rng.choice(NUMBERS) if self.rng.random() < 0.3 else self.rng.randint(0, 40)

    def text(self, hints: Sequence[Any], close: bool) -> str:
        rng = self.rng
        known = [hint for hint in hints if isinstance(hint, str)]
        sizes = [hint["length"] for hint in hints if isinstance(hint, dict) and "length" in hint]
        if sizes and rng.random() < 0.5:
            size = min(max(int(near_number(rng, rng.choice(sizes))), 0), 40)
            return rng.choice(("x", "\U0001f600", "\u0301")) * size
        if known and close:
            text, other = rng.choice(known), rng.choice(known)
            return rng.choice((text, text, text + other, f"x{text}", f"{text}.0", text[1:]))
        return rng.choice(STRINGS)

    def date(self, hints: Sequence[Any]) -> str:
        rng = self.rng
        edges = [as_date(hint) for hint in hints if isinstance(hint, str)]
        for hint in hints:
            if isinstance(hint, dict) and "days" in hint:
                edges.append(shifted(self.today, -int(hint["days"])))
        known = [edge for edge in (*edges, self.today) if edge is not None]
        if rng.random() < 0.1 + self.spoilt / 2:
            return rng.choice(DATES)
        if rng.random() < 0.2:
            return shifted(self.today, rng.randint(-800, 100)).isoformat()
        return shifted(rng.choice(known), rng.choice((-1, 0, 0, 1))).isoformat()


def near_number(rng: random.Random, value: Any) -> int | float:
    """The value itself or one beside it."""
    if not isinstance(value, int | float):
        return 1
    return rng.choice((value, value, value + 1, value - 1, float(value), value + 0.5))


def shifted(date: datetime.date, days: int) -> datetime.date:
    """A date some days away, kept within the calendar."""
    low, high = datetime.date.min.toordinal(), datetime.date.max.toordinal()
    return datetime.date.fromordinal(min(max(date.toordinal() + days, low), high))
