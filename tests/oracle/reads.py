"""Which facts conditions read, in the form of a manifest, and the values they compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.policy.conditions import (
    FactValue,
    Leaf,
    Literal,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
    children,
)
from tests.oracle.evaluator import RuleTrees

LINKS = ("link", "reverse")
EMBEDDED = ""
"""Stands for the kind of a member of a list."""


@dataclass
class Reads:
    """Facts and links read of one record."""

    facts: set[str] = field(default_factory=set)
    links: dict[str, Reads] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """The form a manifest gives it."""
        links = {name: node.to_data() for name, node in sorted(self.links.items())}
        return {"facts": sorted(self.facts), "links": links}


@dataclass(frozen=True)
class Name:
    """What the head of a path stands for."""

    kind: str
    """Kind of the record; for a member of a list, the path of the list."""
    reads: Reads
    facts: Mapping[str, Fact]


@dataclass
class Reading:
    """What a set of rules reads: of subjects, and of records that are counted in a first pass."""

    kinds: Kinds
    subjects: dict[str, dict[str, Reads]] = field(default_factory=dict)
    measures: dict[str, dict[str, Reads]] = field(default_factory=dict)
    literals: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """Values a fact is compared with, by kind (or list) and path, for documents that matter."""

    @classmethod
    def of(cls, kinds: Kinds, rules: Iterable[tuple[str, RuleTrees]]) -> Reading:
        """What rules read, each with the kind of its subjects."""
        reading = cls(kinds)
        for kind, rule in rules:
            names = reading.names(reading.subjects, kind)
            for tree in rule.parts().values():
                reading.walk(tree, names)
        return reading

    def names(self, where: dict[str, dict[str, Reads]], kind: str) -> dict[str, Name]:
        """The names a rule about a kind starts with."""
        own = "self" if kind != AGENCY else AGENCY
        entry = where.setdefault(kind, {own: Reads(), AGENCY: Reads()})
        entry.setdefault(AGENCY, Reads())
        agency = Name(AGENCY, entry[AGENCY], self.kinds[AGENCY].facts)
        return {AGENCY: agency, kind: Name(kind, entry[own], self.kinds[kind].facts)}

    def walk(self, node: Node, names: Mapping[str, Name]) -> None:
        """Notes what a node and all below it read."""
        match node:
            case Leaf():
                self.note(node.path, node.type, names)
                self.compare(node, names)
            case Quantifier():
                self.inside(node, names)
            case Tally():
                self.value(node.value, names)
                self.inside(node, names)
            case RegoCondition():
                for path in node.facts:
                    self.written(path, names)
            case _:
                for child in children(node):
                    self.walk(child, names)

    def inside(self, node: Quantifier | Tally, names: Mapping[str, Name]) -> None:
        """Notes the list a node walks and what it asks of each element."""
        if isinstance(node, Tally) and node.of is not None:
            counted = self.names(self.measures, node.of)
            inner = {**counted, node.element: counted[node.of]}
        else:
            inner = {**names, node.element: self.element(node, names)}
        for child in children(node):
            self.walk(child, inner)

    def element(self, node: Quantifier | Tally, names: Mapping[str, Name]) -> Name:
        """What an element of a walked list is called and reads."""
        assert node.path is not None
        head, _, path = node.path.partition(".")
        fact = names[head].facts[path]
        self.note(node.path, fact.type, names)
        if fact.type in LINKS:
            target = str(fact.target)
            return Name(target, names[head].reads.links[path], self.kinds[target].facts)
        return Name(f"{names[head].kind}.{path}", Reads(), fact.fields)

    def note(self, path: str, kind: str, names: Mapping[str, Name]) -> None:
        """Notes that a fact is read."""
        head, _, rest = path.partition(".")
        if kind in LINKS:
            names[head].reads.links.setdefault(rest, Reads())
        elif rest:
            names[head].reads.facts.add(rest)

    def written(self, path: str, names: Mapping[str, Name]) -> None:
        """Notes what a rule written in Rego says it reads: a path may walk links, or end at one."""
        head, _, rest = path.partition(".")
        reads, facts = names[head].reads, names[head].facts
        while rest:
            links = (p for p in facts if facts[p].type in LINKS and f"{rest}.".startswith(f"{p}."))
            link = next(links, None)
            if link is None:
                assert rest in facts, path
                reads.facts.add(rest)
                return
            reads = reads.links.setdefault(link, Reads())
            facts, rest = self.kinds[str(facts[link].target)].facts, rest[len(link) + 1 :]

    def compare(self, leaf: Leaf, names: Mapping[str, Name]) -> None:
        """Notes what a leaf compares with."""
        head, _, rest = leaf.path.partition(".")
        found = self.literals.setdefault((names[head].kind, rest), [])
        for value in (leaf.value, leaf.days):
            if isinstance(value, Literal):
                found.extend(hints(leaf.test, value.value))
            self.value(value, names)

    def value(self, value: Value | None, names: Mapping[str, Name]) -> None:
        """Notes a fact that is compared with."""
        if isinstance(value, FactValue):
            self.note(value.path, value.type, names)

    def to_data(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The forms a manifest gives both, subjects' first."""
        subjects, measures = (
            {
                kind: {name: reads.to_data() for name, reads in sorted(entry.items())}
                for kind, entry in sorted(part.items())
            }
            for part in (self.subjects, self.measures)
        )
        return subjects, measures


def hints(test: str, literal: Any) -> Iterator[Any]:
    """Values near the edge of what an operator tells apart; days as ``{"days": n}``."""
    for value in literal if isinstance(literal, list) else [literal]:
        if test in ("within_days", "older_than_days"):
            yield {"days": value}
        elif test in ("length_at_least", "length_at_most"):
            yield {"length": value}
        elif test in ("version_at_least", "version_below"):
            yield from (value, "0.9", f"{value}.1", "999")
        elif test != "matches":
            yield value
