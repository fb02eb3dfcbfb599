"""Input documents: all that an engine sees of one subject.

    {"schema": 1, "as_of": "2026-11-23", "agency": {...}, "parameters": {...},
     "system": {"id": "payroll", "logging": {"enabled": true},
                "data_types_reached": {"members": [...], "complete": true},
                "links": {"vendors": {"records": [{"id": "v1", ...}], "complete": true}}}}

A document holds the facts that the rules read and no others. Facts that are not known are left out;
members of lists that are not known are null. Links are nested below ``links`` as their facts are
below the record. A link that is known to lead nowhere has no records and the mark ``none: true``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.kinds import AGENCY, Kind
from compliance.inventory.store import Inventory, Record

SCHEMA = 1
"""Version of the form of documents."""

Document = dict[str, Any]
Node = Mapping[str, Any]
"""What is read from a record: ``{"facts": [paths], "links": {path: Node}}``."""
Reads = Mapping[str, Mapping[str, Node]]
"""By kind of subject: ``self`` (not for the agency) and ``agency``."""

_NOTHING: Node = {"facts": (), "links": {}}


class DocumentBuilder:
    """Builds documents for the records of an inventory.

    Parts that several documents share (the agency, linked records) are built once and shared:
    documents are to be read and not changed.

    Args:
        inventory: the inventory.
        reads: what the rules read of each kind.
        parameters: values the agency chose, by name.
        measures: what counts and shares read of the records they count, by kind.
    """

    def __init__(
        self,
        inventory: Inventory,
        reads: Reads,
        parameters: Mapping[str, Any],
        measures: Reads | None = None,
    ) -> None:
        self._common = {"schema": SCHEMA, "as_of": inventory.as_of.isoformat()}
        self._parameters = dict(parameters)
        self._rules = _Documents(inventory, reads)
        self._measures = _Documents(inventory, measures or {})

    def build(
        self,
        record: Record,
        totals: Mapping[str, Any] | None = None,
        why: Mapping[str, bool] | None = None,
    ) -> Document:
        """The document of a subject.

        Args:
            record: the subject; of a kind that ``reads`` names.
            totals: for the agency: what was added up over whole kinds.
            why: rules whose leaves are asked for.
        """
        document = self._document(self._rules, record)
        if totals is not None:
            document["totals"] = totals
        if why is not None:
            document["why"] = why
        return document

    def measure(self, record: Record) -> Document:
        """The document from which a record is counted, in the first pass.

        Args:
            record: the record; of a kind that ``measures`` names.
        """
        return self._document(self._measures, record)

    def _document(self, documents: _Documents, record: Record) -> Document:
        return {**self._common, "parameters": self._parameters, **documents.of(record)}


class _Documents:
    """The parts of documents that depend on the subject."""

    def __init__(self, inventory: Inventory, reads: Reads) -> None:
        self._inventory = inventory
        self._subjects: dict[str, _View] = {}
        self._agency: dict[str, Document] = {}
        for kind, nodes in reads.items():
            agency = _View(inventory, nodes.get(AGENCY, _NOTHING))
            self._agency[kind] = {AGENCY: agency.of(inventory.agency)}
            if kind != AGENCY:
                self._subjects[kind] = _View(inventory, nodes.get("self", _NOTHING))

    def of(self, record: Record) -> Document:
        """The agency and the subject of a document, by kind."""
        agency = self._agency[record.kind]
        if record.kind == AGENCY:
            return agency
        return {**agency, record.kind: self._subjects[record.kind].of(record)}


@dataclass(frozen=True, slots=True)
class _Group:
    """Facts that lie in one mapping."""

    names: tuple[str, ...]
    groups: tuple[tuple[str, _Group], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is read from records of one kind."""

    plain: _Group
    derived: tuple[str, ...]
    links: tuple[tuple[str, _View], ...]


@dataclass(slots=True)
class _View:
    """Records as one node of what is read shows them."""

    inventory: Inventory
    node: Node
    _plans: dict[str, _Plan] = field(default_factory=dict)
    _built: dict[tuple[str, str], Document] = field(default_factory=dict)

    def of(self, record: Record) -> Document:
        """The facts and links of a record."""
        plan = self._plans.get(record.kind)
        if plan is None:
            plan = self._plans[record.kind] = self._plan(self.inventory.kinds[record.kind])
        found: Document = {"id": record.id}
        _read(plan.plain, record.facts, found)
        for name in plan.derived:
            derived = self.inventory.derived(record, name)
            members = list(derived.members)
            _put(found, name, {"members": members, "complete": derived.complete})
        links: Document = {}
        for name, view in plan.links:
            linked = self.inventory.linked(record, name)
            if linked.none:
                _put(links, name, {"records": [], "complete": True, "none": True})
            elif linked.stated:
                records = [view.shared(each) for each in linked.records]
                _put(links, name, {"records": records, "complete": linked.complete})
        if links:
            found["links"] = links
        return found

    def shared(self, record: Record) -> Document:
        """The same as :meth:`of`, built once a record."""
        key = (record.kind, record.id)
        found = self._built.get(key)
        if found is None:
            found = self._built[key] = self.of(record)
        return found

    def _plan(self, kind: Kind) -> _Plan:
        paths = [path for path in self.node["facts"] if path in kind.facts]
        derived = [path for path in paths if kind.facts[path].type == "derived"]
        links = {path: node for path, node in self.node["links"].items() if path in kind.facts}
        links |= {path: _NOTHING for path in paths if kind.facts[path].linked and path not in links}
        plain = [path for path in paths if path not in derived and path not in links]
        return _Plan(
            plain=_group([tuple(path.split(".")) for path in plain if path != "id"]),
            derived=tuple(sorted(derived)),
            links=tuple(
                (path, _View(self.inventory, node)) for path, node in sorted(links.items())
            ),
        )


def _group(paths: Sequence[tuple[str, ...]]) -> _Group:
    below: dict[str, list[tuple[str, ...]]] = {}
    for name, *rest in paths:
        if rest:
            below.setdefault(name, []).append(tuple(rest))
    names = tuple(sorted(path[0] for path in paths if len(path) == 1))
    return _Group(names, tuple((name, _group(rest)) for name, rest in sorted(below.items())))


def _read(group: _Group, facts: Mapping[str, Any], into: Document) -> None:
    """Copy the known facts of a group."""
    for name in group.names:
        value = facts.get(name)
        if value is not None:
            into[name] = value
    for name, inner in group.groups:
        below = facts.get(name)
        if below:
            part: Document = {}
            _read(inner, below, part)
            if part:
                into[name] = part


def _put(where: Document, path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        where = where.setdefault(group, {})
    where[name] = value
