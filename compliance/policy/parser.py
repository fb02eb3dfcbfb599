"""Conditions from YAML to typed trees: every path looked up, every operator fitted to its fact.

Problems are collected, so one reading reports all of them. Node ids are paths from the root:
several keys of one mapping are an ``all`` whose parts are numbered in the order written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from compliance.inventory.kinds import AGENCY, ANY
from compliance.inventory.problems import Problem, closest
from compliance.policy.conditions import Group, Node, Quantifier, Tally, Value
from compliance.policy.leaves import LeafReader, Term, nothing, type_text
from compliance.policy.operators import BOUNDS, COMBINATORS
from compliance.policy.scope import (
    ITEM,
    SUBJECT,
    Found,
    NotFound,
    Scope,
    find,
    member,
    tallied,
    why_not_walked,
)
from compliance.policy.source import Place
from compliance.policy.values import ValueReader, Wanted

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""What an element may be called."""
RESERVED = frozenset(
    {
        "as", "contains", "data", "default", "else", "every", "false", "if", "import", "in",
        "input", "not", "null", "package", "set", "some", "true", "with",
        # Names that generated rules give to other things.
        "applies", "bounds", "dates", "i", "leaves", "lists", "member", "parameters", "rules",
        "shared", "tallies", "versions", "wanted",
    }
)  # fmt: skip
"""Words of Rego, and of the Rego that is generated, that cannot be names."""


@dataclass(frozen=True)
class Parsed:
    """A condition that was read."""

    node: Node | None
    """The tree; None where something is wrong with it."""
    problems: tuple[Problem, ...]
    """All that is wrong, in the order of the text."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each node stands, by its id."""


def parse_condition(
    raw: Any, scope: Scope, root: str = "expect", place: Place | None = None
) -> Parsed:
    """Reads a condition.

    Args:
        raw: plain data: a mapping of paths and combinators.
        scope: what it may speak of.
        root: id of the top node: ``applies``, ``when``, ``expect`` or ``otherwise``.
        place: where it stands; left out for a condition that comes from no file.
    """
    parser = _Parser()
    node = parser.condition(raw, scope, place or Place(), root)
    problems = tuple(parser.problems)
    return Parsed(None if problems else node, problems, parser.places)


class _Parser:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: dict[str, Place] = {}
        self.leaves = LeafReader(self.problems, self.places)
        self.values = ValueReader(self.problems)

    def wrong(
        self, place: Place, message: str, expected: str, suggestion: str = "", *, key: bool = False
    ) -> None:
        self.problems.append(place.problem(message, expected, suggestion, key=key))

    def condition(self, raw: Any, scope: Scope, place: Place, node_id: str) -> Node | None:
        """A mapping of paths and combinators, joined by AND."""
        if not isinstance(raw, Mapping) or not raw:
            what = "the condition asks nothing" if raw in (None, {}) else "this is no condition"
            self.wrong(place, what, "a mapping such as {system.mfa: true}")
            return None
        terms = [
            term for key, value in raw.items() for term in self._terms(key, value, scope, place)
        ]
        if len(terms) == 1:
            return terms[0](node_id)
        return self._group("all", terms, node_id, place)

    def _group(self, op: str, terms: Sequence[Term], node_id: str, place: Place) -> Node | None:
        self.places[node_id] = place
        nodes = [term(f"{node_id}.{index}") for index, term in enumerate(terms)]
        complete = tuple(node for node in nodes if node is not None)
        return Group(node_id, op, complete) if len(complete) == len(nodes) else None

    def _terms(self, key: Any, value: Any, scope: Scope, place: Place) -> list[Term]:
        place = place.at(key)
        if key in COMBINATORS and key not in scope.names:
            return [partial(self._combinator, key, value, scope, place)]
        found = find(key, scope) if isinstance(key, str) else None
        if isinstance(found, Found):
            return self.leaves.leaves(found, value, scope, place)
        self._no_key(key, found, place)
        return [nothing]

    def _no_key(self, key: Any, found: NotFound | None, place: Place) -> None:
        combinator = closest(key, COMBINATORS) if isinstance(key, str) else ""
        if found is None:
            self.wrong(place, f"`{key}` is no path", "a path or a combinator", key=True)
        elif combinator and "." not in key and not found.suggestion:
            expected = f"a path or one of {', '.join(COMBINATORS)}"
            self.wrong(place, f"there is no combinator `{key}`", expected, combinator, key=True)
        else:
            self.wrong(place, found.message, found.expected, found.suggestion, key=True)

    def _combinator(
        self, key: str, value: Any, scope: Scope, place: Place, node_id: str
    ) -> Node | None:
        self.places[node_id] = place
        match key:
            case "all" | "any":
                return self._conditions(key, value, scope, place, node_id)
            case "not":
                child = self.condition(value, scope, place, f"{node_id}.0")
                return Group(node_id, "not", (child,)) if child else None
            case "use":
                return self._use(value, scope, place, node_id)
            case "count" | "share":
                return self._tally(key, value, scope, place, node_id)
            case _:
                return self._quantifier(key, value, scope, place, node_id)

    def _conditions(
        self, op: str, raw: Any, scope: Scope, place: Place, node_id: str
    ) -> Node | None:
        if not isinstance(raw, list) or not raw:
            self.wrong(
                place, f"`{op}` takes a list of conditions", "at least one condition, - each"
            )
            return None
        terms = [
            partial(self.condition, part, scope, place.at(index)) for index, part in enumerate(raw)
        ]
        return self._group(op, terms, node_id, place)

    def _use(self, name: Any, scope: Scope, place: Place, node_id: str) -> Node | None:
        named = scope.conditions.get(name) if isinstance(name, str) else None
        if named is None:
            known = "one of " + ", ".join(scope.conditions)
            expected = known if scope.conditions else "a condition that policy.yaml names"
            guess = closest(str(name), scope.conditions)
            self.wrong(place, f"there is no condition `{name}`", expected, guess)
            return None
        if name in scope.using:
            chain = " → ".join((*scope.using, name))
            self.wrong(place, f"the condition uses itself: {chain}", "conditions without a loop")
            return None
        return self.condition(named.raw, scope.within(name), named.place, node_id)

    def _quantifier(
        self, op: str, raw: Any, scope: Scope, place: Place, node_id: str
    ) -> Node | None:
        if not self._keys(op, raw, place, required=("in", "expect")):
            return None
        found = self._list(raw["in"], scope, place.at("in"))
        if found is None:
            return None
        inner = self._inside(raw, found, scope, place)
        if inner is None:
            return None
        name, scope = inner
        where, expect = self._parts(raw, scope, place, node_id)
        if expect is None:
            return None
        return Quantifier(node_id, op, found.path, found.fact.type, name, expect, where)

    def _tally(self, op: str, raw: Any, scope: Scope, place: Place, node_id: str) -> Node | None:
        if not self._keys(op, raw, place, required=("expect",) if op == "share" else ()):
            return None
        if not self._one_of(op, raw, BOUNDS, place) or not self._one_of(
            op, raw, ("of", "in"), place
        ):
            return None
        bound = next(test for test in BOUNDS if test in raw)
        value = self._bound(op, raw[bound], scope, place.at(bound))
        counted = self._counted(raw, scope, place)
        inner = self._inside(raw, counted, scope, place) if counted else None
        if inner is None:
            return None
        name, scope = inner
        where, expect = self._parts(raw, scope, place, node_id)
        if value is None:
            return None
        if isinstance(counted, Found):
            path, kind = counted.path, counted.fact.type
            return Tally(node_id, op, name, bound, value, where, expect, None, path, kind)
        return Tally(node_id, op, name, bound, value, where, expect, counted)

    def _counted(self, raw: Mapping[str, Any], scope: Scope, place: Place) -> Found | str | None:
        if "of" in raw:
            return self._kind(raw["of"], scope, place.at("of"))
        return self._list(raw["in"], scope, place.at("in"))

    def _one_of(self, op: str, raw: Mapping[str, Any], keys: tuple[str, ...], place: Place) -> bool:
        given = [key for key in keys if key in raw]
        if len(given) != 1:
            what = f"`{op}` has {' and '.join(given) or 'none of ' + ', '.join(keys)}"
            self.wrong(place, what, f"exactly one of {', '.join(keys)}")
        return len(given) == 1

    def _keys(self, op: str, raw: Any, place: Place, required: tuple[str, ...]) -> bool:
        known = COMBINATORS[op].keys
        if not isinstance(raw, Mapping):
            self.wrong(place, f"`{op}` takes a mapping", f"the keys {', '.join(known)}")
            return False
        unknown = [key for key in raw if key not in known]
        for key in unknown:
            guess = closest(str(key), known)
            expected = f"one of {', '.join(known)}"
            self.wrong(place.at(key), f"`{op}` has no key `{key}`", expected, guess, key=True)
        missing = [key for key in required if key not in raw and not unknown]
        for key in missing:
            self.wrong(place, f"`{op}` lacks `{key}`", f"the keys {', '.join(required)}")
        return not unknown and not missing

    def _list(self, path: Any, scope: Scope, place: Place) -> Found | None:
        found = find(path, scope) if isinstance(path, str) else None
        if not isinstance(found, Found):
            refused = found or NotFound("this is no path", "the path of a list or link")
            self.wrong(place, refused.message, refused.expected, refused.suggestion)
            return None
        fact = found.fact
        if not fact.linked and fact.type not in ("list", "derived"):
            what = f"`{path}` is {type_text(fact)}, not a list"
            self.wrong(place, what, "a list, a link or a list of linked records")
            return None
        refused_walk = why_not_walked(found, scope) if fact.linked else None
        if fact.linked and fact.target == ANY:
            refused_walk = NotFound(
                f"`{path}` may name records of any kind, so nothing is known of their facts",
                "a link to one kind",
            )
        if refused_walk:
            self.wrong(place, refused_walk.message, refused_walk.expected)
            return None
        return found

    def _kind(self, kind: Any, scope: Scope, place: Place) -> str | None:
        if not isinstance(kind, str) or kind not in scope.kinds or kind == AGENCY:
            kinds = [name for name in scope.kinds if name != AGENCY]
            guess = closest(str(kind), kinds)
            self.wrong(place, f"there are no records of a kind `{kind}`",
                       f"one of {', '.join(kinds)}", guess)  # fmt: skip
            return None
        if not scope.tallies:
            self.wrong(place, "records of a kind are counted here",
                       "`of` only in rules about the agency, outside every, some, none and counts; "
                       "elsewhere `in` with a list of the record")  # fmt: skip
            return None
        return kind

    def _inside(
        self, raw: Mapping[str, Any], what: Found | str, scope: Scope, place: Place
    ) -> tuple[str, Scope] | None:
        if isinstance(what, str):
            element, usual = tallied(scope.kinds, what), what
        else:
            element = member(scope.kinds, what.fact, what.holder)
            usual = element.kind or ITEM
        name = raw.get("as", usual)
        at = place.at("as") if "as" in raw else place
        if isinstance(name, str) and name in scope.names:
            self.wrong(at, f"`{name}` already names a record here", "another name with `as: NAME`")
            return None
        if not _usable(name, usual):
            self.wrong(at, f"`{name}` cannot be a name", "a name of small letters, digits and _")
            return None
        return str(name), scope.inside(str(name), element)

    def _parts(
        self, raw: Mapping[str, Any], scope: Scope, place: Place, node_id: str
    ) -> tuple[Node | None, Node | None]:
        parts = {
            key: self.condition(raw[key], scope, place.at(key), f"{node_id}.{key}")
            for key in ("where", "expect")
            if key in raw
        }
        return parts.get("where"), parts.get("expect")

    def _bound(self, op: str, raw: Any, scope: Scope, place: Place) -> Value | None:
        if op == "share":
            want = Wanted("number", "a share between 0 and 1", schema={"minimum": 0, "maximum": 1})
        else:
            want = Wanted("integer", "a number, 0 or more", schema={"minimum": 0})
        return self.values.read(raw, want, scope, place)


def _usable(name: Any, usual: str) -> bool:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return False
    taken = name in COMBINATORS or name in RESERVED or name == SUBJECT
    return name == usual or not taken
