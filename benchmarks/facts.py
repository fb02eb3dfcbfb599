"""The facts that generated records state and generated rules ask about.

They are taken from the schemas of the kinds, by type and in the schemas' order, so a renamed or
added fact changes the measurements a little and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compliance.inventory.kinds import Fact, Kind, Kinds

SYSTEM = "system"
VENDOR = "vendor"
LINK = "vendors"
"""Fact of a system that names its vendors."""
GOVERNING = "data_types"
"""Fact of a system that decides whether the policy applies to it."""
GOVERNED = "ephi"
"""The member of ``data_types`` that makes it apply."""
_WANTED = {
    SYSTEM: {"boolean": 25, "integer": 6, "date": 8, "enum": 6, "list": 4, "string": 3},
    VENDOR: {"boolean": 8, "integer": 1, "date": 3, "enum": 3, "list": 1, "string": 1},
}


@dataclass(frozen=True)
class Facts:
    """Facts of one kind by type: boolean, integer, date, list, string, and enum for choices."""

    kind: Kind
    by_type: Mapping[str, tuple[Fact, ...]]

    def ordered(self) -> list[Fact]:
        """All of them in the order of the schema, so that groups stay together."""
        chosen = {fact.path for facts in self.by_type.values() for fact in facts}
        return [fact for fact in self.kind.facts.values() if fact.path in chosen]

    def pick(self, kind: str, number: int) -> Fact:
        """The fact of a type with a number, starting over at the end."""
        facts = self.by_type[kind]
        return facts[number % len(facts)]


def choose(kinds: Kinds) -> dict[str, Facts]:
    """The facts to use, for each kind that is generated."""
    return {name: _choose(kinds[name], wanted) for name, wanted in _WANTED.items()}


def _choose(kind: Kind, wanted: Mapping[str, int]) -> Facts:
    found: dict[str, list[Fact]] = {name: [] for name in wanted}
    for fact in kind.facts.values():
        name = _name(fact)
        if fact.path in ("id", "name"):
            continue
        if name in found and len(found[name]) < wanted[name]:
            found[name].append(fact)
    return Facts(kind, {name: tuple(facts) for name, facts in found.items()})


def _name(fact: Fact) -> str:
    if fact.type == "string" and fact.enum:
        return "enum"
    # Lists of free text, and of embedded objects, are not what rules about choices ask for.
    return "" if fact.type == "list" and not fact.enum else fact.type
