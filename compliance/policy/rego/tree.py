"""Condition trees as Rego: both rails of every node, and the outcomes that say why."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from compliance.policy.conditions import (
    FactValue,
    Group,
    Leaf,
    Node,
    Parameter,
    Quantifier,
    RegoCondition,
    Tally,
    children,
    to_data,
    walk,
)
from compliance.policy.rego.leaves import leaf_rails
from compliance.policy.rego.module import Module, key_access, literal, object_term
from compliance.policy.rego.terms import Names, Place, complete_guards, members_term, value_operand
from compliance.policy.words import describe

UNKNOWN = literal("unknown")
_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`')
_VARIABLES = re.compile(r"(?<![.\w])[a-z_]\w*")
OUTSIDE = literal("outside")
"""Outcome of a record that a count or share does not look at."""
NOTHING_COUNTED = literal({"true": 0, "false": 0, "unknown": 0, "complete": False})
"""Tally of a list that is not there."""


@dataclass(frozen=True, slots=True)
class Rails:
    """How others speak of a node."""

    true: str
    false: str
    outcome: str
    """Outcome of a leaf, or the object that says how each element of a list came out."""

    def swapped(self) -> Rails:
        """The rails of the negation."""
        return replace(self, true=self.false, false=self.true)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Names of the rules of one node: a name and the elements they take."""

    module: Module
    name: str
    elements: tuple[str, ...]

    def head(self, suffix: str) -> str:
        return f"{self.name}_{suffix}" + (f"({', '.join(self.elements)})" if self.elements else "")

    def rail(self, suffix: str, bodies: list[list[str]]) -> None:
        # A rail that can never hold still has to exist, for other rules speak of it.
        for body in bodies or [["false"]]:
            self.module.rule(self.defined(suffix, *body), body)

    def defined(self, suffix: str, *text: str) -> str:
        """The head of a definition: strict Rego refuses a parameter that is not used in it."""
        used = set(_VARIABLES.findall(_STRINGS.sub("", " ".join(text))))
        elements = tuple(e if e in used else "_" for e in self.elements)
        return replace(self, elements=elements).head(suffix)

    def rails(self, true: list[list[str]], false: list[list[str]]) -> None:
        self.rail("true", true)
        self.rail("false", false)

    def outcome(self) -> None:
        branches = [(literal(rail), [self.head(rail)]) for rail in ("true", "false")]
        self.module.choice(self.head("outcome"), branches, UNKNOWN)


@dataclass
class TreeCompiler:
    """Compiles trees into modules; conditions used more than once go into the shared one."""

    names: Names
    shared: Module
    common: Mapping[str, str] = field(default_factory=dict)
    """Canonical text of a condition used more than once to its name in the shared module."""
    dated: frozenset[str] = frozenset()
    """Parameters whose value changes on a date."""

    def place(self, module: Module, owner: str = "", variant: str = "") -> Place:
        """Where a tree is written that sees no element."""
        return Place(module, self.names, self.shared, {}, owner, variant, self.dated)

    def node(self, node: Node, place: Place, name: str) -> Rails:
        """Write a node and all below it, once.

        Args:
            node: the tree.
            place: the module that speaks of it and the elements in scope.
            name: name of its rules, before ``_true`` and ``_false``.

        Returns:
            The rails as the module has to write them.
        """
        if isinstance(node, Group) and node.op == "not":
            return self.node(node.children[0], place, f"{name}_0").swapped()
        # A condition inside an element that asks nothing of it takes no element.
        free = free_elements(node, place.variables)
        home = replace(place, variables={element: element for element in free})
        if home.variant and not self._reads_dated(node):
            home = replace(home, variant="")
        common = None if free or home.variant else self.common.get(canonical(node))
        if common is not None:
            home, name = replace(home, module=self.shared), common
        if home.module.define(name):
            self._write(node, home, name)
        arguments = f"({', '.join(place.variables[e] for e in free)})" if free else ""
        package = home.module.package
        true, false, outcome = (
            place.module.ref(package, f"{name}_{part}") + arguments
            for part in ("true", "false", "outcome")
        )
        return Rails(true, false, outcome)

    def outcomes(self, node: Node, place: Place, name: str) -> list[tuple[str, str]]:
        """Id and outcome of every leaf below a node; a list or tally counts as one."""
        if not isinstance(node, Group):
            return [(node.id, self.node(node, place, name).outcome)]
        return [
            entry
            for index, child in enumerate(node.children)
            for entry in self.outcomes(child, place, f"{name}_{index}")
        ]

    def measure(self, node: Tally, place: Place, name: str) -> str:
        """Write how one record of a kind counts in a tally; the name of the rule that says so.

        Its outcome is true, false, unknown, or outside for a record that is not looked at.
        """
        record = f"input.{node.of}"
        inner = replace(place, variables={node.element: record})
        counted = self._counted(node, inner, f"{name}_of")
        branches = [(OUTSIDE, [counted.outside])] if counted.outside else []
        branches.append((literal("true"), counted.true))
        if counted.false is not None:
            branches.append((literal("false"), counted.false))
        outcome = f"{name}_measure"
        place.module.choice(outcome, branches, UNKNOWN)
        return outcome

    def _write(self, node: Node, place: Place, name: str) -> None:
        rule = _Rule(place.module, name, tuple(place.variables))
        match node:
            case Leaf():
                place.module.comment(describe(node))
                rule.rails(*leaf_rails(node, place))
                rule.outcome()
            case Group():
                self._write_group(node, place, rule)
            case Quantifier():
                self._write_quantifier(node, place, rule)
            case Tally(of=None):
                self._write_tally(node, place, rule)
            case Tally():
                place.module.comment(describe(node))
                totals = key_access("input.totals", f"{place.owner}/{node.id}")
                self._write_bounds(node, place, rule, totals)
                rule.outcome()
            case RegoCondition():
                raise TypeError("a condition in Rego is written by hand")

    def _write_group(self, node: Group, place: Place, rule: _Rule) -> None:
        parts = [self.node(c, place, f"{rule.name}_{i}") for i, c in enumerate(node.children)]
        if node.op == "all":
            rule.rails([[p.true for p in parts] or ["true"]], [[p.false] for p in parts])
        else:
            rule.rails([[p.true] for p in parts], [[p.false for p in parts] or ["true"]])

    def _write_quantifier(self, node: Quantifier, place: Place, rule: _Rule) -> None:
        inner, element = _inside(node, place)
        met = self.node(node.expect, inner, f"{rule.name}_expect")
        where = self.node(node.where, inner, f"{rule.name}_where") if node.where else None
        # `some` and `none` look for an element that meets the condition, `every` for one that
        # fails it.
        holds, breaks = (met.true, met.false) if node.op == "every" else (met.false, met.true)
        rule.module.comment(describe(node))
        each = replace(rule, elements=tuple(inner.variables))
        each.rail("each", [[where.false], [holds]] if where else [[holds]])
        members = members_term(node.path, node.list, place)
        whole = list(complete_guards(node.path, node.list, place))
        whole.append(f"every {element} in {members} {{\n\t{each.head('each')}\n}}")
        one = [f"is_array({members})", f"some {element} in {members}"]
        one += [where.true, breaks] if where else [breaks]
        rule.rails(*(([one], [whole]) if node.op == "some" else ([whole], [one])))
        self._write_elements(node, place, rule)

    def _write_tally(self, node: Tally, place: Place, rule: _Rule) -> None:
        inner, element = _inside(node, place)
        counted = self._counted(node, inner, rule.name)
        rule.module.comment(describe(node))
        members = members_term(str(node.path), str(node.list), place)

        def number(body: list[str]) -> str:
            return f"count([1 | some {element} in {members}; {'; '.join(body)}])"

        true = number(counted.true)
        false = number(counted.false) if counted.false is not None else "0"
        outside = number([counted.outside]) if counted.outside else "0"
        entries = [
            ("true", true),
            ("false", false),
            ("unknown", f"((count({members}) - {true}) - {false}) - {outside}"),
            ("complete", rule.head("complete")),
        ]
        self._write_elements(node, place, rule)
        there = f"is_array({members})"
        head = rule.defined("tally", there, *(term for _, term in entries))
        rule.module.choice(head, [(object_term(entries), [there])], NOTHING_COUNTED)
        self._write_bounds(node, place, rule, rule.head("tally"))

    def _write_bounds(self, node: Tally, place: Place, rule: _Rule, tally: str) -> None:
        tallies = self.names.lib("tallies")
        function = "share_bounds"
        if node.op == "count":
            function = "expecting_bounds" if node.expect else "count_bounds"
        limit = value_operand(node.value, place)
        bounds = f"bounds := {place.module.ref(tallies, function)}({tally})"
        bodies = {
            rail: [[
                *limit.guards, bounds,
                f"{place.module.ref(tallies, f'{node.test}_{rail}')}(bounds, {limit.term})",
            ]]
            for rail in ("true", "false")
        }  # fmt: skip
        rule.rails(bodies["true"], bodies["false"])

    def _counted(self, node: Tally, inner: Place, name: str) -> _Counted:
        where = self.node(node.where, inner, f"{name}_where") if node.where else None
        expect = self.node(node.expect, inner, f"{name}_expect") if node.expect else None
        inside = [where.true] if where else []
        return _Counted(
            true=[*inside, *([expect.true] if expect else [])] or ["true"],
            false=[*inside, expect.false] if expect else None,
            outside=where.false if where else None,
        )

    def _write_elements(self, node: Quantifier | Tally, place: Place, rule: _Rule) -> None:
        """Whether the list is complete, and of every element how the leaves below came out."""
        inner, element = _inside(node, place)
        entries: list[tuple[str, str]] = []
        for part, condition in (("where", node.where), ("expect", node.expect)):
            if condition is not None:
                entries += self.outcomes(condition, inner, f"{rule.name}_{part}")
        members = members_term(str(node.path), str(node.list), place)
        whole = list(complete_guards(str(node.path), str(node.list), place))
        rule.module.choice(rule.defined("complete", *whole), [("true", whole)], "false")
        lines = [f"\tis_array({members})", f"\tsome i, {element} in {members}"]
        key = "format_int(i, 10)"
        if node.list in ("link", "reverse"):
            key = f"{rule.module.ref(self.names.lib('lists'), 'key')}({element}, i)"
        lines.append(f"\tleaves := {object_term(entries, 1)}")
        elements = f"{{{key}: leaves |\n" + "\n".join(lines) + "\n}"
        rule.module.value(rule.defined("elements", elements), elements)
        parts = [("complete", rule.head("complete")), ("elements", rule.head("elements"))]
        rule.module.object(rule.head("outcome"), parts)

    def _reads_dated(self, node: Node) -> bool:
        return any(
            isinstance(value, Parameter) and value.name in self.dated
            for part in walk(node)
            for value in _values(part)
        )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Bodies under which a record counts for and against a tally, and is left out."""

    true: list[str]
    false: list[str] | None
    outside: str | None


def _inside(node: Quantifier | Tally, place: Place) -> tuple[Place, str]:
    element = node.element
    return replace(place, variables={**place.variables, element: element}), element


def outcome_ids(node: Node) -> list[str]:
    """Ids of the leaves, lists and tallies that say how a tree came out."""
    if isinstance(node, Group):
        return [leaf for child in node.children for leaf in outcome_ids(child)]
    return [node.id]


def canonical(node: Node) -> str:
    """A text that is the same for conditions that ask the same, whatever their ids."""
    rails = [part.rail for part in walk(node) if isinstance(part, Leaf)]
    return json.dumps([_without_ids(to_data(node)), rails], sort_keys=True)


def _without_ids(data: object) -> object:
    if isinstance(data, dict):
        return {key: _without_ids(value) for key, value in data.items() if key != "id"}
    return [_without_ids(value) for value in data] if isinstance(data, list) else data


def free_elements(node: Node, scope: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the elements in scope that a condition speaks of, in the order of the scope."""
    heads = _heads(node)
    return tuple(name for name in scope if name in heads)


def _heads(node: Node) -> set[str]:
    heads: set[str] = set()
    for child in children(node):
        heads |= _heads(child)
    if isinstance(node, Quantifier | Tally):
        heads.discard(node.element)
    paths = [value.path for value in _values(node) if isinstance(value, FactValue)]
    if isinstance(node, Leaf | Quantifier | Tally) and node.path:
        paths.append(node.path)
    return heads | {path.partition(".")[0] for path in paths}


def _values(node: Node) -> list[object]:
    if isinstance(node, Leaf):
        return [node.value, node.days]
    return [node.value] if isinstance(node, Tally) else []
