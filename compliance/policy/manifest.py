"""What a bundle says of itself: entry points, rules by kind, and the facts each document needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.engine.opa_program import OPA_VERSION
from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.policy.bundle import SCHEMA
from compliance.policy.conditions import (
    FactValue,
    Leaf,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
    children,
)
from compliance.policy.model import Policy
from compliance.policy.operators import LINKS
from compliance.policy.rego.entries import (
    governing_kind,
    named_entries,
    rule_versions,
    rules_by_kind,
    status_entries,
    tallies,
)
from compliance.policy.rego_facts import resolve
from compliance.policy.scope import NotFound, rule_scope

COMPILER_VERSION = "1.0.0"
"""Version of the compiler: changes when it writes other Rego for the same policy."""
FUEL_PER_RULE = 100_000_000
"""Steps of the module allowed for each rule; a rule of the usual size takes a few thousand."""


@dataclass
class ReadNode:
    """The facts read from one record, and from the records its links lead to."""

    facts: set[str] = field(default_factory=set)
    """Paths below the kind."""
    links: dict[str, ReadNode] = field(default_factory=dict)
    """Links walked, by path below the kind."""

    def link(self, path: str) -> ReadNode:
        """The node of the records behind a link, made when it is first asked for."""
        return self.links.setdefault(path, ReadNode())

    def to_data(self) -> dict[str, Any]:
        """The JSON form, sorted."""
        links = {path: node.to_data() for path, node in sorted(self.links.items())}
        return {"facts": sorted(self.facts), "links": links}


@dataclass
class Reads:
    """The facts read from the document of one kind of subject."""

    subject: ReadNode = field(default_factory=ReadNode)
    agency: ReadNode = field(default_factory=ReadNode)

    def to_data(self, kind: str) -> dict[str, Any]:
        """The JSON form; a document of the agency has no other subject."""
        if kind == AGENCY:
            return {AGENCY: self.agency.to_data()}
        return {"self": self.subject.to_data(), AGENCY: self.agency.to_data()}


def reads(policy: Policy, kinds: Kinds) -> dict[str, Reads]:
    """What the rules read, by kind of subject."""
    found: dict[str, Reads] = {}
    for kind in policy.subjects:
        reader = _Reader(kinds, kind, found.setdefault(kind, Reads()))
        governing = governing_kind(policy, kind)
        if governing is not None:
            reader.tree(policy.applies[governing])
        for rule in policy.rules:
            if rule.subject == kind:
                for tree in rule.conditions.values():
                    reader.tree(tree)
    return found


def measure_reads(policy: Policy, kinds: Kinds) -> dict[str, Reads]:
    """What counts and shares read of the records they count, by kind of those records."""
    found: dict[str, Reads] = {}
    for _, tally in tallies(policy):
        kind = str(tally.of)
        reader = _Reader(kinds, kind, found.setdefault(kind, Reads()), tally.element)
        for part in children(tally):
            reader.tree(part)
    return dict(sorted(found.items()))


class _Reader:
    """Walks conditions and notes what they read.

    Args:
        kinds: all kinds.
        kind: kind of the subject.
        into: takes what is read.
        name: name of the subject in paths, where it is not its kind.
    """

    def __init__(self, kinds: Kinds, kind: str, into: Reads, name: str | None = None) -> None:
        self.kinds = kinds
        self.kind = kind
        self.names: dict[str, ReadNode | None] = {AGENCY: into.agency}
        if kind != AGENCY:
            self.names[name or kind] = into.subject

    def tree(self, node: Node) -> None:
        """Notes what a tree reads."""
        self._node(node, self.names)

    def _node(self, node: Node, names: Mapping[str, ReadNode | None]) -> None:
        match node:
            case Leaf():
                self._fact(node.path, node.type, names)
                for value in (node.value, node.days):
                    self._value(value, names)
            case RegoCondition():
                self._rego(node)
            case Quantifier():
                inside = self._list(node.path, node.list, names)
                self._children(node, {**names, node.element: inside})
            case Tally():
                self._value(node.value, names)
                if node.path is not None:
                    inside = self._list(node.path, str(node.list), names)
                    self._children(node, {**names, node.element: inside})
            case _:
                self._children(node, names)

    def _children(self, node: Node, names: Mapping[str, ReadNode | None]) -> None:
        for child in children(node):
            self._node(child, names)

    def _value(self, value: Value | None, names: Mapping[str, ReadNode | None]) -> None:
        if isinstance(value, FactValue):
            self._fact(value.path, value.type, names)

    def _fact(self, path: str, kind: str, names: Mapping[str, ReadNode | None]) -> None:
        head, _, rest = path.partition(".")
        holder = names[head]
        if holder is None:
            return  # A member of a list: the list itself is read whole.
        if kind in LINKS:
            holder.link(rest)
        else:
            holder.facts.add(rest)

    def _list(self, path: str, kind: str, names: Mapping[str, ReadNode | None]) -> ReadNode | None:
        """What is read of the elements of a list; None for members, which are read whole."""
        self._fact(path, kind, names)
        head, _, rest = path.partition(".")
        holder = names[head]
        return holder.link(rest) if holder is not None and kind in LINKS else None

    def _rego(self, condition: RegoCondition) -> None:
        scope = rule_scope(self.kinds, self.kind)
        for path in condition.facts:
            found = resolve(path, scope)
            if isinstance(found, NotFound):
                raise ValueError(f"{path}: {found.message}")
            node = self.names[path.partition(".")[0]]
            for step in found:
                if node is not None and step.fact.linked:
                    node = node.link(step.fact.path)
                elif node is not None:
                    node.facts.add(step.fact.path)


def read_facts(found: Mapping[str, Reads], kinds: Kinds) -> Iterator[tuple[str, str]]:
    """Kind and path of every fact read, and of those that make lists complete."""
    for kind, part in found.items():
        yield from _read_facts(kind, part.subject, kinds)
        yield from _read_facts(AGENCY, part.agency, kinds)


def _read_facts(kind: str, node: ReadNode, kinds: Kinds) -> Iterator[tuple[str, str]]:
    for path in node.facts:
        yield kind, path
        fact = kinds[kind].facts[path]
        for over in fact.over:
            if over == "self":
                yield kind, str(fact.union)
            else:
                yield from _behind(kind, over, kinds)
                yield str(kinds[kind].facts[over].target), str(fact.union)
    for path, below in node.links.items():
        yield from _behind(kind, path, kinds)
        target = str(kinds[kind].facts[path].target)
        if target in kinds:
            yield from _read_facts(target, below, kinds)


def _behind(kind: str, path: str, kinds: Kinds) -> Iterator[tuple[str, str]]:
    """A link, or for a list worked out backwards the facts that make it complete."""
    link = kinds[kind].facts[path]
    yield kind, path
    if link.type == "reverse":
        yield AGENCY, f"complete.{link.target}"
        if link.via is not None:
            yield str(link.target), link.via


def fuel(policy: Policy) -> int:
    """Steps of the module that one call may take."""
    return FUEL_PER_RULE * (len(rule_versions(policy)) + 1)


def manifest(policy: Policy, kinds: Kinds) -> dict[str, Any]:
    """The content of ``.manifest``: what OPA needs, and the program under ``metadata``."""
    by_kind = rules_by_kind(policy)
    own: dict[str, Any] = {
        "schema": SCHEMA,
        "policy": policy.id,
        "version": policy.version,
        "fuel": fuel(policy),
        "opa_version": OPA_VERSION,
        "compiler_version": COMPILER_VERSION,
        "root": policy.root,
        "entries": {**named_entries(policy), "statuses": status_entries(policy)},
        "rules_by_kind": {kind: list(rules) for kind, rules in by_kind.items()},
        "reads": {kind: part.to_data(kind) for kind, part in reads(policy, kinds).items()},
        "measures": {
            kind: part.to_data(kind) for kind, part in measure_reads(policy, kinds).items()
        },
    }
    if policy.start:
        own["start"] = list(policy.start)
    return {
        "revision": f"{policy.id} {policy.version}",
        "roots": [policy.root],
        "rego_version": 1,
        "metadata": {"compliance": own},
    }


def facts_to_data(policy: Policy, kinds: Kinds) -> dict[str, Any]:
    """Title, question and type of every fact the policy reads, by kind and path."""
    found: dict[str, set[str]] = {}
    for part in (reads(policy, kinds), measure_reads(policy, kinds)):
        for kind, path in read_facts(part, kinds):
            found.setdefault(kind, set()).add(path)
    return {
        kind: {
            path: _fact(kinds[kind].facts[path])
            for path in sorted(paths)
            if path in kinds[kind].facts
        }
        for kind, paths in sorted(found.items())
    }


def _fact(fact: Fact) -> dict[str, Any]:
    said = {
        "title": fact.title,
        "type": fact.type,
        "items": fact.items,
        "question": fact.question,
        "asked_of": fact.asked_of,
        "target": fact.target,
        "none": fact.none,
        "sensitive": fact.sensitive,
    }
    return {key: value for key, value in said.items() if value}
