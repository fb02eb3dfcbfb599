"""A mapping: how the rows of a file that another program wrote become records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.importing.patterns import Pattern, patterns

UNKNOWN = "unknown"
"""Key of a translation that leaves a fact unknown on purpose, with the reason."""
DEFAULT_DATES = ("yyyy-mm-dd",)
DEFAULT_EVIDENCE = "{file}, {column}"

_BRACES = re.compile(r"\{([^{}]*)\}")
_FILLED_IN = ("file", "place", "column", "cell")


def heading_key(text: str) -> str:
    """A heading as it is compared: without blanks, line breaks and case."""
    return "".join(text.split()).casefold()


def headings_in(template: str) -> list[str]:
    """Headings that a text names in braces."""
    return [name for name in _BRACES.findall(template) if name not in _FILLED_IN]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A text with all that stands in braces filled in, or left out where there is no value."""
    return " ".join(_BRACES.sub(lambda match: values.get(match[1], ""), template).split())


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a value of the source leaves open."""

    why: str
    """The reason, as a clause."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of translations."""

    pattern: Pattern
    value: Any
    """Plain value of the fact, or :class:`Unknown`."""

    def names(self, text: str) -> bool:
        """Whether it is for this very text and not for many."""
        return "*" not in self.pattern.text and self.pattern.fits(text)


@dataclass(frozen=True, slots=True)
class Translation:
    """How one fact, or one fact of a list's members, is made of a row."""

    columns: tuple[str, ...]
    """Headings as the mapping writes them; the first with a value counts."""
    values: tuple[Line, ...] = ()
    """Translations in their order; empty where the value is taken as it stands."""
    dates: tuple[str, ...] = DEFAULT_DATES
    separator: str | None = None
    """Between the members of a list; None for ``;`` and line breaks."""
    evidence: str = DEFAULT_EVIDENCE
    prefix: str = ""
    """For a link: what the ids of its records begin with."""
    members: Mapping[str, Translation] = field(default_factory=dict)
    """For a list of objects: the facts of one member by path."""

    def headings_in_evidence(self) -> list[str]:
        """Headings that the evidence names in braces."""
        return headings_in(self.evidence)


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """How a row becomes one record."""

    kind: str
    id_columns: tuple[str, ...]
    id_prefix: str = ""
    sheet: str | None = None
    where: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    """Every heading's cell must fit one of its patterns."""
    skip: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    """A row where any heading's cell fits is no record."""
    same: tuple[str, ...] = ()
    """Facts that identify a record in other files."""
    reported_on: tuple[str, ...] = ()
    facts: Mapping[str, tuple[Translation, ...]] = field(default_factory=dict)
    """By path below the kind; the first translation that gives a value counts."""

    def headings(self) -> Iterator[str]:
        """Every heading the record is made of, also more than once."""
        yield from self.id_columns
        yield from self.where
        yield from self.skip
        yield from self.reported_on
        for alternatives in self.facts.values():
            for translation in alternatives:
                yield from _headings(translation)


def _headings(translation: Translation) -> Iterator[str]:
    yield from translation.columns
    yield from translation.headings_in_evidence()
    if not translation.columns:
        for member in translation.members.values():
            yield from _headings(member)


@dataclass(frozen=True, slots=True)
class Check:
    """A form that the cells of a column must have."""

    form: str
    """``ip_address``."""
    also: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A whole mapping file."""

    id: str
    title: str
    records: tuple[RecordMapping, ...]
    origin: str = ""
    source: str = ""
    """What becomes the source of every fact, with headings in braces."""
    reads: str = "table"
    """``table``, ``oscal-ssp`` or ``scubagear``."""
    needs_filter: str = ""
    """Why rows must be chosen; empty where all may be taken."""
    dates: tuple[str, ...] = DEFAULT_DATES
    """How days are written where a column says on which a row's facts were so."""
    missing: frozenset[str] = frozenset()
    """Words in lower case that stand for a missing value."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """By heading key."""
    personal: frozenset[str] = frozenset()
    """Heading keys of columns about persons."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Reasons by heading key."""

    def used(self) -> frozenset[str]:
        """Heading keys of all columns that something is made of."""
        used = {heading_key(each) for record in self.records for each in record.headings()}
        return frozenset(used.union(map(heading_key, headings_in(self.source))))


def mapping_of(data: Mapping[str, Any]) -> ImportMapping:
    """The mapping that a file's content describes, which keeps to the schema.

    Args:
        data: plain data that ``import-mapping.schema.json`` accepts.
    """
    dates = tuple(data.get("dates", DEFAULT_DATES))
    defaults = Translation((), dates=dates, evidence=data.get("evidence", DEFAULT_EVIDENCE))
    return ImportMapping(
        id=data["id"],
        title=data["title"],
        records=tuple(_record(each, defaults) for each in data["records"]),
        origin=" ".join(data.get("origin", "").split()),
        source=data.get("source", data["title"]),
        reads=data.get("reads", "table"),
        needs_filter=data.get("needs_filter", ""),
        dates=dates,
        missing=frozenset(word.strip().casefold() for word in data.get("missing", ())),
        checks={
            heading_key(heading): Check(check["form"], patterns(check.get("also", ())))
            for heading, check in data.get("checks", {}).items()
        },
        personal=frozenset(map(heading_key, data.get("personal", ()))),
        left={heading_key(heading): why for heading, why in data.get("left", {}).items()},
    )


def _record(data: Mapping[str, Any], defaults: Translation) -> RecordMapping:
    return RecordMapping(
        kind=data["kind"],
        id_columns=_several(data["id"]["columns"]),
        id_prefix=data["id"].get("prefix", ""),
        sheet=data.get("sheet"),
        where={heading: patterns(said) for heading, said in data.get("where", {}).items()},
        skip={heading: patterns(said) for heading, said in data.get("skip", {}).items()},
        same=tuple(data.get("same", ())),
        reported_on=_several(data.get("reported_on", ())),
        facts={path: _fact(said, defaults) for path, said in data.get("facts", {}).items()},
    )


def _fact(said: Any, defaults: Translation) -> tuple[Translation, ...]:
    alternatives = said if isinstance(said, list) else [said]
    return tuple(_translation(each, defaults) for each in alternatives)


def _translation(said: Any, defaults: Translation) -> Translation:
    if isinstance(said, str):
        said = {"column": said}
    return Translation(
        columns=_several(said.get("column", ())),
        values=tuple(
            Line(Pattern(source), _meant(value)) for source, value in said.get("values", {}).items()
        ),
        dates=tuple(said.get("dates", defaults.dates)),
        separator=said.get("separator"),
        evidence=said.get("evidence", defaults.evidence),
        prefix=said.get("prefix", ""),
        members={
            path: _translation(member, defaults) for path, member in said.get("members", {}).items()
        },
    )


def _meant(value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) == {UNKNOWN}:
        return Unknown(str(value[UNKNOWN]))
    return value


def _several(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
