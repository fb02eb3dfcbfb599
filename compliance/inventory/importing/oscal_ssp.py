"""Reads an OSCAL system security plan (JSON): the plan, its machines, and the roles of persons.

Columns of the plan bear the names of OSCAL's fields. Names of persons are not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compliance.inventory.importing.rows import SourceRow, SourceTables
from compliance.inventory.importing.structured import (
    Columns,
    file_name,
    listed,
    mapping,
    said,
    table,
)
from compliance.inventory.source import Path, SourceFile

ROOT = "system-security-plan"
_METADATA = "metadata"
_SYSTEM = "system-characteristics"
_PARTS = "system-implementation"
_CONTROLS = "control-implementation"
Json = Mapping[str, Any]


def read_oscal_ssp(source: SourceFile) -> SourceTables | None:
    """The tables Plan, Machines and Persons of a plan; None where the file is no plan.

    Args:
        source: the file, read as JSON.
    """
    plan = source.at((ROOT,))
    if not isinstance(plan, dict) or not said(mapping(plan.get(_SYSTEM)).get("system-name")):
        return None
    reader = _Plan(source, plan)
    tables = (
        table("Plan", [(reader.plan(), (ROOT,))]),
        table("Machines", reader.machines()),
        table("Persons", reader.persons()),
    )
    return SourceTables(file_name(source), tables)


class _Plan:
    def __init__(self, source: SourceFile, plan: Json) -> None:
        self._source = source
        self._metadata = mapping(plan.get(_METADATA))
        self._system = mapping(plan.get(_SYSTEM))
        self._items = listed(mapping(plan.get(_PARTS)).get("inventory-items"))
        self._controls = listed(mapping(plan.get(_CONTROLS)).get("implemented-requirements"))
        self._titles = {
            said(role.get("id")): said(role.get("title"))
            for role in listed(self._metadata.get("roles"))
        }
        self._parties = {
            said(party.get("uuid")): party for party in listed(self._metadata.get("parties"))
        }

    def plan(self) -> Columns:
        """The plan with its fields, its organization, its products and its controls."""
        columns = Columns(self._source)
        for part, content in ((_METADATA, self._metadata), (_SYSTEM, self._system)):
            for names, value in _fields(content, (part,)):
                columns.add("/".join(names), value, (ROOT, *names), _place(names))
        self._organization(columns)
        # A plan may name several roles of this sort; the id says which is the owner's.
        columns.add("owner role", self._titles.get("owner"), (ROOT, _METADATA, "roles"),
                    "metadata, roles")  # fmt: skip
        columns.add("products", tuple(self._products()), (ROOT, _PARTS, "inventory-items"),
                    "system-implementation, inventory-items")  # fmt: skip
        for number, control in enumerate(self._controls):
            name = said(control.get("control-id"))
            path = (ROOT, _CONTROLS, "implemented-requirements", number)
            if name:
                columns.add(name, _state(control), path, f"control-implementation, {name}")
        return columns

    def _organization(self, columns: Columns) -> None:
        """The plan's first organization."""
        for number, party in enumerate(self._parties.values()):
            if party.get("type") == "organization":
                path = (ROOT, _METADATA, "parties", number)
                short = said(party.get("short-name")) or said(party.get("name"))
                columns.add("organization", said(party.get("name")), path, "metadata, parties")
                columns.add("organization short name", short, path, "metadata, parties")
                return
        columns.add("organization short name", None, (ROOT,))

    def _dated(self, path: Path, place: str) -> Columns:
        """Columns that begin with what each table has: the system, and the plan's date."""
        columns = Columns(self._source)
        columns.add("system", said(self._system.get("system-name")), path, place)
        for name in ("title", "version", "last-modified"):
            columns.add(f"{_METADATA}/{name}", said(self._metadata.get(name)), path)
        return columns

    def _products(self) -> Iterator[SourceRow]:
        for number, item in enumerate(self._items):
            properties = _properties(item)
            if properties.get("software-name"):
                columns = Columns(self._source)
                for name, value in properties.items():
                    columns.add(name, value, (ROOT, _PARTS, "inventory-items", number))
                yield columns.row()

    def machines(self) -> Iterator[tuple[Columns, Path]]:
        """Inventory items with an asset number that are no software."""
        for number, item in enumerate(self._items):
            properties = _properties(item)
            if not properties.get("asset-id") or properties.get("software-name"):
                continue
            path = (ROOT, _PARTS, "inventory-items", number)
            place = f"system-implementation, inventory-items, {properties['asset-id']}"
            columns = self._dated(path, place)
            for name, value in properties.items():
                columns.add(name, value, path, place)
            classes = {said(prop.get("class")) for prop in listed(item.get("props"))}
            columns.add("classes", "; ".join(sorted(classes - {""})), path, place)
            yield columns, path

    def persons(self) -> Iterator[tuple[Columns, Path]]:
        """Persons by the first part of their number in the plan, with their roles and no name."""
        roles: dict[str, list[str]] = {}
        for one in listed(self._metadata.get("responsible-parties")):
            role = said(one.get("role-id"))
            uuids = one.get("party-uuids")
            for uuid in uuids if isinstance(uuids, list) else ():
                if mapping(self._parties.get(said(uuid))).get("type") == "person":
                    roles.setdefault(said(uuid), []).append(self._titles.get(role) or role)
        path = (ROOT, _METADATA, "responsible-parties")
        for uuid, held in roles.items():
            columns = self._dated(path, "metadata, responsible-parties")
            columns.add("party", uuid[:8], path, "metadata, responsible-parties")
            columns.add("roles", "; ".join(held), path, "metadata, responsible-parties")
            columns.add("metadata/parties/name", None, path)
            yield columns, path


def _fields(content: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Fields with a single value, those of mappings below included, with their paths."""
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _fields(value, (*path, name))
        elif isinstance(value, str | bool | int | float):
            yield (*path, name), value


def _place(path: tuple[str, ...]) -> str:
    return f"{path[0]}, {'/'.join(path[1:])}"


def _properties(item: Json) -> dict[str, str]:
    """The properties of an inventory item by name, the first where a name repeats."""
    found: dict[str, str] = {}
    for one in listed(item.get("props")):
        found.setdefault(said(one.get("name")), said(one.get("value")))
    return found


def _state(control: Json) -> str:
    """The state of a control: that of all components, or each of them where they differ."""
    states = {
        said(mapping(part.get("implementation-status")).get("state")) or "not stated"
        for part in listed(control.get("by-components"))
    }
    return "; ".join(sorted(states)) or "not stated"
