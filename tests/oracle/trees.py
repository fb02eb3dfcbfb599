"""Random condition trees over a set of kinds, so that whole compilers can be tried."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.kinds import AGENCY, ANY, Fact, Kinds
from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Group,
    Leaf,
    Literal,
    Node,
    Parameter,
    Quantifier,
    Tally,
    Value,
)
from compliance.policy.model import DECISION_MARK, ParameterDefinition
from compliance.policy.operators import BOUNDS, LINKS, LISTS, NUMBERS, OPERATORS, Shape
from tests.oracle.evaluator import RuleTrees

MOST_LINKS = 2
PATTERNS = (
    "[a-z]+", "x|none", ".*", r"[0-9]+(\.[0-9]+)*", r"\d{1,3}", "(x|)", "[^a-z]*", "\U0001f600",
    ".", "[`\"]", r"a\\b", "a{2,}", "\u00e9|e\u0301",
)  # fmt: skip
WORDS = (
    "x", "none", "17.4", "1.2", "red", "low", "e\u0301", "\U0001f600", "a", 'a"b', r"a\b", "`",
    "{x}", "a\nb", "%d", "$x", "true", "\u202eabc",
)  # fmt: skip
VERSIONS = ("17.4", "1", "1.2.3.4.5.6", "0.0", "999999999")
DAYS = (0, 1, 30, 365, 366, 100000, 800000)
LITERAL_DATES = ("2026-01-01", "2024-02-29", "2026-11-23", "0001-01-01", "9999-12-31")


@dataclass(frozen=True)
class Name:
    """What the head of a path stands for."""

    facts: Mapping[str, Fact]
    """By path below the name; the empty path is the member of a plain list."""
    depth: int | None
    """Links between it and the subject; None for a member, which has no links."""


Names = Mapping[str, Name]


@dataclass
class TreeMaker:
    """Makes condition trees."""

    kinds: Kinds
    parameters: Mapping[str, ParameterDefinition]
    rng: random.Random
    used: set[str] = field(default_factory=set)
    """Operators and combinators that were made so far."""

    def rule(self, rule_id: str, kind: str, applies: Node | None = None) -> RuleTrees:
        """A rule about a kind, with every part a rule may have."""
        names = self.start(kind)
        tallies = kind == AGENCY
        parts: dict[str, Any] = {}
        if self.rng.random() < 0.4:
            parts["when"] = self.node(names, "when", 1, tallies)
        if self.rng.random() < 0.3:
            parts["otherwise"] = self.node(names, "otherwise", 2, tallies)
            parts["mark"] = DECISION_MARK
        elif self.rng.random() < 0.3:
            parts["outer_limit"] = True
        depth = self.rng.choice((0, 1, 2, 3))
        expect = self.node(names, "expect", depth, tallies)
        return RuleTrees(rule_id, expect, applies=applies, **parts)

    def applies(self, kind: str) -> Node:
        """A condition under which a policy applies to a kind."""
        names = self.start(kind)
        if kind == AGENCY:
            plain = {p: f for p, f in names[AGENCY].facts.items() if f.type not in LINKS}
            names = {AGENCY: Name(plain, None)}
        return self.node(names, "applies", 1, tallies=False)

    def start(self, kind: str) -> dict[str, Name]:
        """The names a rule about a kind starts with."""
        return {name: Name(self.kinds[name].facts, 0) for name in (kind, AGENCY)}

    def node(self, names: Names, node_id: str, depth: int, tallies: bool) -> Node:
        """A tree of at most some depth."""
        if depth <= 0 or self.rng.random() < 0.2:
            return self.leaf(names, node_id)
        makers: list[Callable[[Names, str, int, bool], Node | None]] = [
            self.group, self.group, self.quantifier, self.quantifier, self.tally,
        ]  # fmt: skip
        made = self.rng.choice(makers)(names, node_id, depth, tallies)
        return made if made is not None else self.leaf(names, node_id)

    def group(self, names: Names, node_id: str, depth: int, tallies: bool) -> Node:
        """``all``, ``any`` or ``not``."""
        op = self.rng.choice(("all", "all", "any", "any", "not"))
        count = 1 if op == "not" else self.rng.choice((1, 2, 2, 3))
        self.used.add(op)
        ids = [f"{node_id}.{index}" for index in range(count)]
        return Group(
            node_id, op, tuple(self.node(names, child, depth - 1, tallies) for child in ids)
        )

    def quantifier(self, names: Names, node_id: str, depth: int, tallies: bool) -> Node | None:
        """``every``, ``some`` or ``none`` over a list or a link."""
        walked = self.walked(names)
        if walked is None:
            return None
        path, fact, name, inner = walked
        op = self.rng.choice(("every", "some", "none"))
        self.used.add(op)
        where, expect = self.parts(inner, node_id, depth)
        return Quantifier(node_id, op, path, fact.type, name, expect, where)

    def tally(self, names: Names, node_id: str, depth: int, tallies: bool) -> Node | None:
        """``count`` or ``share`` over a kind or over a list."""
        op = self.rng.choice(("count", "share"))
        of = path = listed = None
        inner: Names
        if tallies and self.rng.random() < 0.6:
            of = self.rng.choice([kind for kind in self.kinds if kind != AGENCY])
            name = self.rng.choice((of, "counted"))
            inner = {**names, name: Name(self.kinds[of].facts, 0)}
        else:
            walked = self.walked(names)
            if walked is None:
                return None
            path, fact, name, inner = walked
            listed = fact.type
        self.used.update((op, f"{op} of" if of else f"{op} in"))
        where, expect = self.parts(inner, node_id, depth)
        asked = expect if op == "share" or self.rng.random() < 0.6 else None
        test = self.rng.choice(BOUNDS)
        value = self.bound(op, names)
        return Tally(node_id, op, name, test, value, where, asked, of, path, listed)

    def bound(self, op: str, names: Names) -> Value:
        """What a tally is compared with."""
        share = op == "share"
        numbers = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 1) if share else (0, 1, 2, 3, 10)
        kinds = ("number",) if share else ("integer",)
        return self.either(lambda: Literal(self.rng.choice(numbers)), kinds, names)

    def parts(self, inner: Names, node_id: str, depth: int) -> tuple[Node | None, Node]:
        """``where`` (or none) and ``expect`` of an element."""
        where = None
        if self.rng.random() < 0.6:
            where = self.node(inner, f"{node_id}.where", depth - 2, tallies=False)
            self.used.add("where")
        return where, self.node(inner, f"{node_id}.expect", depth - 1, tallies=False)

    def walked(self, names: Names) -> tuple[str, Fact, str, Names] | None:
        """A list to walk: its path, its fact, the name of an element, and the names within."""
        choices = [
            (head, path, fact)
            for head, name in names.items()
            for path, fact in name.facts.items()
            if fact.type in LISTS or (fact.type in LINKS and self.may_follow(name, fact))
        ]
        if not choices:
            return None
        head, path, fact = self.rng.choice(choices)
        if fact.type in LINKS:
            depth = names[head].depth
            assert depth is not None
            name, within = str(fact.target), Name(self.kinds[str(fact.target)].facts, depth + 1)
        elif fact.fields:
            name, within = "item", Name(fact.fields, None)
        else:
            member = Fact(kind="", path="", type=str(fact.items), enum=fact.enum)
            name, within = "item", Name({"": member}, None)
        while name in names:
            name += "_2"
        return f"{head}.{path}" if path else head, fact, name, {**names, name: within}

    def may_follow(self, name: Name, fact: Fact) -> bool:
        """Whether the records behind a link may be asked about."""
        if name.depth is None or name.depth >= MOST_LINKS or fact.target == ANY:
            return False
        return not (fact.many and self.kinds[str(fact.target)].unbounded)

    def leaf(self, names: Names, node_id: str) -> Leaf:
        """One test of one fact."""
        facts = [
            (f"{head}.{path}" if path else head, fact)
            for head in names
            for path, fact in names[head].facts.items()
            if fact.type not in LINKS or self.may_follow(names[head], fact)
        ]
        own = [entry for entry in facts if not entry[0].startswith(f"{AGENCY}.")]
        if own and self.rng.random() < 0.8:
            facts = own
        path, fact = self.rng.choice(facts)
        fitting = sorted(o for o in OPERATORS if fact.type in OPERATORS[o].types)
        if fact.fields:
            fitting = [o for o in fitting if OPERATORS[o].shape in (Shape.FLAG, Shape.LENGTH)]
        test = self.rng.choice(fitting)
        self.used.add(test)
        value, days = self.operand(test, fact, names)
        items = fact.items if fact.type in LISTS else None
        return Leaf(node_id, path, test, fact.type, value, items, fact.none, days)

    def operand(self, test: str, fact: Fact, names: Names) -> tuple[Value | None, Value | None]:
        """What a fact is compared with."""
        shape = OPERATORS[test].shape
        if shape is Shape.FLAG:
            return None, None
        if shape is Shape.PATTERN:
            return Literal(self.rng.choice(PATTERNS)), None
        if shape is Shape.DISTANCE:
            path, other = self.rng.choice(self.facts(("date",), names))
            return FactValue(path, other.type, other.none), self.number(DAYS, names)
        one = fact.items or "string" if fact.type in LISTS else fact.type
        return self.compared(shape, one, fact.enum, names), None

    def compared(self, shape: Shape, one: str, enum: Sequence[Any] | None, names: Names) -> Value:
        """A value of the shape an operator takes."""
        match shape:
            case Shape.CHOICES | Shape.MEMBERS:
                return self.either(lambda: self.choices(one, enum), (one,), names, many=True)
            case Shape.DAYS:
                return self.number(DAYS, names)
            case Shape.LENGTH:
                return self.number((0, 1, 2, 3), names)
            case Shape.VERSION:
                return self.either(lambda: Literal(self.rng.choice(VERSIONS)), ("string",), names)
        if one == "date" and self.rng.random() < 0.3:
            return AsOf()
        kinds = NUMBERS if one in NUMBERS else (one,)
        return self.either(lambda: Literal(self.literal(one, enum)), kinds, names)

    def number(self, numbers: Sequence[int], names: Names) -> Value:
        """One of the numbers, a parameter or another fact."""
        return self.either(lambda: Literal(self.rng.choice(numbers)), ("integer",), names)

    def either(
        self, literal: Callable[[], Value], kinds: Sequence[str], names: Names, many: bool = False
    ) -> Value:
        """A literal, or a parameter or another fact of one of the types."""
        if self.rng.random() < 0.65:
            return literal()
        return self.reference(kinds, names, many) or literal()

    def reference(self, kinds: Sequence[str], names: Names, many: bool) -> Any:
        """A parameter or another fact of one of the types, None where there is none."""
        wanted = ("list",) if many else kinds
        values: list[Value] = [
            Parameter(name)
            for name, definition in self.parameters.items()
            if definition.type in wanted and (not many or "string" in kinds)
        ]
        if self.rng.random() < 0.5 or not values:
            facts = [(path, fact) for path, fact in self.facts(wanted, names)]
            facts = [entry for entry in facts if not many or entry[1].items in kinds]
            values = [FactValue(p, f.type, f.none) for p, f in facts] or values
        return self.rng.choice(values) if values else None

    def facts(self, types: Sequence[str], names: Names) -> list[tuple[str, Fact]]:
        """Facts in scope of some types, by path."""
        return [
            (f"{head}.{path}" if path else head, fact)
            for head, name in names.items()
            for path, fact in name.facts.items()
            if fact.type in types
        ]

    def choices(self, kind: str, enum: Sequence[Any] | None) -> Literal:
        """A list of literals."""
        return Literal([self.literal(kind, enum) for _ in range(self.rng.choice((1, 2, 3)))])

    def literal(self, kind: str, enum: Sequence[Any] | None) -> Any:
        """A literal of a type."""
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind == "integer":
            return self.rng.choice((0, 1, 2, 15, 2**31, 2**53))
        if kind == "number":
            return self.rng.choice((0, 0.1, 0.5, 1, 1.5, -1, 2**53, 1e22, 5e-324))
        if kind == "date":
            return self.rng.choice(LITERAL_DATES)
        return self.rng.choice(list(enum) if enum else WORDS)
