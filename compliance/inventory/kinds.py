"""Kinds of subjects and their facts, as the JSON Schemas in ``schemas/inventory`` define them.

No kind but ``agency`` is known to the code: it is the one that stands for the whole inventory, so
the program adds to it one date a kind (``agency.complete.<kind>``) and one list a bounded kind
(``agency.systems``), which no schema has to repeat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

AGENCY = "agency"
ANY = "any"
KNOWN_NONE = "none"
SELF = "self"
"""In a derived fact: the record's own list."""


class KindError(ValueError):
    """A kind schema that does not follow the format the program reads."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a kind."""

    kind: str
    """Kind (or, for a fact of an embedded object, the path of the list) the fact belongs to."""
    path: str
    """Dotted path below the kind, such as ``logging.enabled``."""
    type: str
    """boolean, integer, number, string, date, list, link, reverse or derived; in an answer any."""
    title: str = ""
    question: str = ""
    asked_of: str = ""
    description: str = ""
    examples: tuple[Any, ...] = ()
    enum: tuple[Any, ...] | None = None
    """Allowed values of a string fact or of the members of a list."""
    items: str | None = None
    """Type of a list's members: string, integer, number, date or object; None for other facts."""
    fields: Mapping[str, Fact] = field(default_factory=dict)
    """Facts of the embedded objects of a list, by path below the object."""
    target: str | None = None
    """Kind a link names or a reverse list holds; ``any`` for a link to any subject."""
    via: str | None = None
    """For a reverse list: the link fact of ``target`` read backwards; None for all records."""
    many: bool = False
    """A link that holds a list of ids."""
    union: str | None = None
    """For a derived fact: the list fact whose members are joined."""
    over: tuple[str, ...] = ()
    """For a derived fact: ``self`` and the links and reverse lists that are walked."""
    none: bool = False
    """The word ``none`` is a permitted, known value."""
    absent_none: bool = False
    """Absence itself is read as ``none`` (events that did not happen)."""
    future: bool = False
    """A date that may lie after the date of the assessment."""
    sensitive: bool = False
    """Evaluated but never written into an output."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the allowed values mean, in plain words, by value; empty where they speak for
    themselves."""
    identifies: bool = False
    """Tells the record from others of its kind, as other programs know it: a serial number."""
    reports: str | None = None
    """What reports narrow by it: ``unit`` or ``owner`` of the record."""
    start: int | None = None
    """For a fact of the agency: its place among the first questions; None for all other facts."""
    governed: bool = False
    """For a list of the agency: there are sets of rules about each of its members."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """The JSON Schema of the plain value."""

    @property
    def full_path(self) -> str:
        """The path with its kind: ``system.logging.enabled``."""
        return f"{self.kind}.{self.path}"

    @property
    def entered(self) -> bool:
        """Whether people write this fact; reverse lists and derived facts are worked out."""
        return self.type not in ("reverse", "derived")

    @property
    def linked(self) -> bool:
        """Whether the fact leads to other records."""
        return self.type in ("link", "reverse")


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of subject. Compared by identity, so that what is made from it can be kept."""

    name: str
    collection: str
    """Key under which inventory files list records of the kind, such as ``systems``."""
    title: str
    description: str
    facts: Mapping[str, Fact]
    """Every fact by its path below the kind, entered ones in the order of the schema."""
    groups: Mapping[str, str]
    """Paths of groups of facts, with their titles."""
    unbounded: bool = False
    """Records are too many to be listed inside another record's input document."""
    read_only: bool = False
    needs: str | None = None
    """Path of the yes-or-no fact of the agency without which there are hardly any such records:
    ``agency.mobile.workforce``. It decides what a start offers, never what is checked."""


@dataclass(frozen=True)
class Kinds:
    """All kinds, by name in alphabetical order."""

    by_name: Mapping[str, Kind]

    def __getitem__(self, name: str) -> Kind:
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    @cached_property
    def by_collection(self) -> Mapping[str, Kind]:
        """Kinds by the key that lists their records in inventory files."""
        return {kind.collection: kind for kind in self.by_name.values()}

    @cached_property
    def worked_out(self) -> dict[tuple[str, str], Any]:
        """Holds what other modules work out from a kind once, such as validators."""
        return {}

    def fact(self, full_path: str) -> Fact | None:
        """The fact at ``system.logging.enabled``, or None where there is none."""
        name, _, path = full_path.partition(".")
        kind = self.by_name.get(name)
        return kind.facts.get(path) if kind else None


def load_kinds(folder: Path) -> Kinds:
    """Read every ``<kind>.schema.json`` of a folder.

    Args:
        folder: the folder ``schemas/inventory``.

    Raises:
        KindError: a schema cannot be read or contradicts another.
    """
    loaded: dict[str, Kind] = {}
    for path in sorted(folder.glob("*.schema.json")):
        try:
            kind = _kind(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, json.JSONDecodeError) as error:
            raise KindError(f"{path.name}: {error!r}") from error
        loaded[kind.name] = kind
    if AGENCY not in loaded:
        raise KindError(f"{folder}: no schema for the kind {AGENCY}")
    kinds = Kinds(_with_reverse_lists(loaded))
    for name in kinds:
        needed = kinds.fact(kinds[name].needs or f"{AGENCY}.id")
        if needed is None or needed.kind != AGENCY:
            raise KindError(f"{name}: x-needs names no fact of the agency")
        for fact in kinds[name].facts.values():
            _check(fact, kinds, ())
    return kinds


def _check(fact: Fact, kinds: Kinds, within: tuple[str, ...]) -> None:
    """Follow a derived fact down to the lists it joins; links inside lists lead nowhere."""
    for inner in fact.fields.values():
        if inner.type == "link":
            raise KindError(f"{inner.full_path}: a member of a list cannot hold a link")
    if fact.type == "link" and fact.target != ANY and fact.target not in kinds:
        raise KindError(f"{fact.full_path}: there is no kind {fact.target}")
    if fact.type != "derived":
        return
    if fact.full_path in within:
        raise KindError(f"{fact.full_path}: is worked out from itself, over {', '.join(within)}")
    for name in fact.over:
        joined = _joined(fact, name, kinds)
        if joined is None or joined.type not in ("list", "derived"):
            raise KindError(f"{fact.full_path}: there is no list {fact.union} over {name}")
        _check(joined, kinds, (*within, fact.full_path))


def _joined(fact: Fact, name: str, kinds: Kinds) -> Fact | None:
    """The list that a derived fact joins over one of its links, or over itself."""
    if name == SELF:
        return kinds.fact(f"{fact.kind}.{fact.union}")
    link = kinds.fact(f"{fact.kind}.{name}")
    return kinds.fact(f"{link.target}.{fact.union}") if link and link.linked else None


def _kind(schema: Mapping[str, Any]) -> Kind:
    name = schema["x-kind"]
    groups: dict[str, str] = {}
    return Kind(
        name=name,
        collection=schema["x-collection"],
        title=schema["title"],
        description=schema.get("description", ""),
        facts=_facts(name, schema["properties"], "", groups),
        groups=groups,
        unbounded=schema.get("x-unbounded", False),
        read_only=schema.get("x-read-only", False),
        needs=schema.get("x-needs"),
    )


def schema_facts(owner: str, properties: Mapping[str, Any]) -> Mapping[str, Fact]:
    """The facts that the properties of a schema define, by path.

    Args:
        owner: kind, or other name, that the facts belong to.
        properties: ``properties`` of a JSON Schema.
    """
    return _facts(owner, properties, "", {})


def _facts(
    owner: str, properties: Mapping[str, Any], prefix: str, groups: dict[str, str]
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for name, schema in properties.items():
        path = prefix + name
        if schema.get("type") == "object" and "x-link" not in schema:
            groups[path] = schema.get("title", name)
            facts.update(_facts(owner, schema["properties"], path + ".", groups))
        else:
            facts[path] = _fact(owner, path, schema)
    return facts


def _fact(owner: str, path: str, schema: Mapping[str, Any]) -> Fact:
    items = schema.get("items", {})
    derived = schema.get("x-derived", {})
    fields: dict[str, Fact] = {}
    if items.get("type") == "object":
        fields = _facts(f"{owner}.{path}", items["properties"], "", {})
    enum = schema.get("enum", items.get("enum"))
    return Fact(
        kind=owner,
        path=path,
        type=_fact_type(schema),
        title=schema.get("title", path),
        question=schema.get("x-question", ""),
        asked_of=schema.get("x-asked-of", ""),
        description=schema.get("description", ""),
        examples=tuple(schema.get("examples", ())),
        enum=tuple(enum) if enum is not None else None,
        items=_plain_type(items) if items else None,
        fields=fields,
        target=schema.get("x-link"),
        many=schema.get("type") == "array",
        union=derived.get("union"),
        over=tuple(derived.get("over", ())),
        none=schema.get("x-none", False) or schema.get("x-absent") == KNOWN_NONE,
        absent_none=schema.get("x-absent") == KNOWN_NONE,
        future=schema.get("x-future", False),
        sensitive=schema.get("x-sensitive", False),
        identifies=schema.get("x-identifies", False),
        reports=schema.get("x-reports"),
        labels=schema.get("x-labels", {}),
        start=schema.get("x-start"),
        governed=schema.get("x-governed", False),
        schema=schema,
    )


def _fact_type(schema: Mapping[str, Any]) -> str:
    if "x-link" in schema:
        return "link"
    if "x-derived" in schema:
        return "derived"
    if schema.get("type") == "array":
        return "list"
    return _plain_type(schema)


def _plain_type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date":
        return "date"
    return str(schema.get("type", "string"))


def _with_reverse_lists(loaded: Mapping[str, Kind]) -> dict[str, Kind]:
    added: dict[str, dict[str, Fact]] = {name: {} for name in loaded}
    for kind in loaded.values():
        for fact in kind.facts.values():
            for target in _reverse_targets(fact, loaded):
                name = fact.schema["x-reverse-name"]
                if name in added[target]:
                    raise KindError(f"{target}.{name}: two links have this reverse name")
                added[target][name] = _reverse(target, name, kind, fact.path)
    # Decisions about the agency go before all decisions: a rule about those is one on their kind.
    added[AGENCY] = _lists_of_all_records(loaded) | added[AGENCY]
    complete: dict[str, Kind] = {}
    for name in sorted(loaded):
        kind = loaded[name]
        clash = sorted(set(kind.facts) & set(added[name]))
        if clash:
            raise KindError(
                f"{name}.{clash[0]}: the name is needed for a list worked out from links"
            )
        groups = dict(kind.groups)
        if name == AGENCY:
            groups["complete"] = "Completeness of the inventory"
        complete[name] = replace(kind, facts={**kind.facts, **added[name]}, groups=groups)
    return complete


def _reverse_targets(fact: Fact, loaded: Mapping[str, Kind]) -> list[str]:
    """Kinds whose records list the records that name them in a link."""
    if fact.type != "link" or "x-reverse-name" not in fact.schema:
        return []
    if fact.target != ANY:
        if fact.target not in loaded:
            raise KindError(f"{fact.full_path}: there is no kind {fact.target}")
        return [str(fact.target)]
    return [
        name for name, kind in sorted(loaded.items()) if name != fact.kind and not kind.read_only
    ]


def _lists_of_all_records(loaded: Mapping[str, Kind]) -> dict[str, Fact]:
    added: dict[str, Fact] = {}
    for kind in loaded.values():
        if kind.name == AGENCY:
            continue
        added[f"complete.{kind.name}"] = _completeness(kind)
        if not kind.unbounded:
            added[kind.collection] = _reverse(AGENCY, kind.collection, kind, None)
    return added


def _reverse(owner: str, name: str, kind: Kind, via: str | None) -> Fact:
    how = f"{kind.name}.{via}" if via else f"every record of the kind {kind.name}"
    return Fact(
        kind=owner, path=name, type="reverse", title=f"{kind.title} records",
        description=f"Worked out from {how}.", target=kind.name, via=via, many=True,
    )  # fmt: skip


def _completeness(kind: Kind) -> Fact:
    title = kind.title.lower()
    return Fact(
        kind=AGENCY,
        path=f"complete.{kind.name}",
        type="date",
        title=f"{kind.title} list complete",
        question=f"When did somebody last check that the inventory lists every {title}?",
        asked_of="security officer",
        examples=("2026-10-01",),
        schema={"type": "string", "format": "date", "title": f"{kind.title} list complete"},
    )
