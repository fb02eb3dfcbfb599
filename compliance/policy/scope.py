"""Which names and facts a condition may speak of, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compliance.inventory.kinds import AGENCY, ANY, Fact, Kind, Kinds
from compliance.inventory.problems import closest
from compliance.policy.model import ParameterDefinition
from compliance.policy.source import Place

SUBJECT = "subject"
"""Head of paths in a named condition: the kind of the rule that uses it."""
ITEM = "item"
"""Name of a member of a list."""
MOST_LINKS = 2
"""How many links deep an input document goes."""


@dataclass(frozen=True, slots=True)
class Element:
    """What one name in scope stands for."""

    facts: Mapping[str, Fact]
    """Facts by their path below the name; the empty path is the member of a plain list itself."""
    depth: int | None
    """Links between it and the document's subject; None for a member, which has no links."""
    kind: str | None = None
    """Its kind, for records."""


@dataclass(frozen=True, slots=True)
class NamedCondition:
    """A condition of ``policy.yaml`` that others use by name."""

    raw: Any
    """Its text as plain data."""
    place: Place
    """Where it stands."""


@dataclass(frozen=True)
class Scope:
    """What a condition may speak of."""

    kinds: Kinds
    """All kinds."""
    subject: str
    """Kind the rule is about."""
    names: Mapping[str, Element]
    """Elements by the name that starts their paths."""
    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    """The policy's parameters."""
    conditions: Mapping[str, NamedCondition] = field(default_factory=dict)
    """The policy's named conditions."""
    covers: tuple[str, ...] | None = None
    """Requirements the rule covers; None where a condition belongs to no rule."""
    tallies: bool = False
    """Whether records of a kind may be counted: only for the agency, outside any element."""
    links: bool = True
    """Whether linked records may be asked about."""
    using: tuple[str, ...] = ()
    """Names of the conditions that are being inlined."""

    def inside(self, name: str, element: Element) -> Scope:
        """The scope within an element."""
        return replace(self, names={**self.names, name: element}, tallies=False)

    def within(self, condition: str) -> Scope:
        """The scope of the text of a named condition."""
        return replace(self, using=(*self.using, condition))

    def heads(self) -> tuple[str, ...]:
        """What a path may start with, as an author writes it."""
        return (SUBJECT, *self.names) if self.using else tuple(self.names)

    def real_head(self, head: str) -> str:
        """The name a path's first part stands for: ``subject`` is the rule's kind."""
        return self.subject if self.using and head == SUBJECT else head


def rule_scope(
    kinds: Kinds,
    subject: str,
    *,
    parameters: Mapping[str, ParameterDefinition] | None = None,
    conditions: Mapping[str, NamedCondition] | None = None,
    covers: tuple[str, ...] | None = (),
) -> Scope:
    """The scope of a rule about a kind."""
    names = {name: _record(kinds[name], 0) for name in (subject, AGENCY)}
    return Scope(
        kinds, subject, names, parameters or {}, conditions or {}, covers, tallies=subject == AGENCY
    )


def applies_scope(
    kinds: Kinds,
    kind: str,
    *,
    parameters: Mapping[str, ParameterDefinition] | None = None,
    conditions: Mapping[str, NamedCondition] | None = None,
) -> Scope:
    """The scope of a policy's ``applies``: nothing counted, and for the agency its own facts only.

    The agency's answer also serves kinds that have none; their documents hold no agency links.
    """
    scope = rule_scope(kinds, kind, parameters=parameters, conditions=conditions, covers=None)
    return replace(scope, tallies=False, links=kind != AGENCY)


def tallied(kinds: Kinds, kind: str) -> Element:
    """A record that is counted in the first pass."""
    return _record(kinds[kind], 0)


def member(kinds: Kinds, fact: Fact, holder: Element) -> Element:
    """The element of a list or link: a linked record, an embedded object or a plain value."""
    if fact.linked:
        return _record(kinds[str(fact.target)], (holder.depth or 0) + 1)
    if fact.fields:
        return Element(fact.fields, None)
    items = fact.schema.get("items", {})
    plain = replace(fact, type=fact.items or "string", items=None, many=False, schema=items)
    return Element({"": plain}, None)


def _record(kind: Kind, depth: int) -> Element:
    return Element(kind.facts, depth, kind.name)


@dataclass(frozen=True, slots=True)
class Found:
    """A fact a path leads to."""

    path: str
    """The path with ``subject`` replaced by the kind."""
    fact: Fact
    holder: Element
    """What the fact belongs to."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why a path leads to no fact."""

    message: str
    expected: str
    suggestion: str = ""


def find(path: str, scope: Scope) -> Found | NotFound:
    """The fact a path names."""
    head, _, rest = path.partition(".")
    name = scope.real_head(head)
    element = scope.names.get(name)
    if element is None:
        return _no_head(path, scope)
    fact = element.facts.get(rest)
    if fact is None:
        return _no_fact(path, head, rest, element)
    return Found(f"{name}.{rest}" if rest else name, fact, element)


def _no_head(path: str, scope: Scope) -> NotFound:
    head, _, rest = path.partition(".")
    heads = scope.heads()
    expected = f"a path that starts with {_any_of(heads)}"
    if head in scope.kinds and rest:
        return NotFound(
            f"`{path}` is no fact of the record at hand: no {head} is in scope here",
            f"{expected}, or a list of {head} records around it (every, some, none, count, share)",
        )
    every = [f"{name}.{fact}" for name in heads for fact in _facts(scope, name)]
    tail = rest or head
    guess = closest(path, every) or next((full for full in every if full.endswith(f".{tail}")), "")
    return NotFound(f"there is no fact `{path}`", expected, guess)


def _no_fact(path: str, head: str, rest: str, element: Element) -> NotFound:
    if "" in element.facts:
        return NotFound(f"`{head}` is a plain value and has no facts", f"`{head}` alone", head)
    below = [fact for fact in element.facts if fact.startswith(f"{rest}.")] if rest else []
    if below:
        return NotFound(
            f"`{path}` is a group of facts", f"one of its facts, such as `{head}.{below[0]}`"
        )
    what = f"the kind {element.kind}" if element.kind else "the members of the list"
    for fact in element.facts.values():
        if fact.linked and rest.startswith(f"{fact.path}."):
            return NotFound(
                f"`{head}.{fact.path}` leads to other records, and a path does not walk links",
                f"a condition such as some: {{in: {head}.{fact.path}, expect: ...}}",
            )
    guess = closest(rest, element.facts)
    return NotFound(
        f"there is no fact `{path}`",
        f"a fact that the schema of {what} defines",
        f"{head}.{guess}" if guess else "",
    )


def _facts(scope: Scope, head: str) -> list[str]:
    return [fact for fact in scope.names[scope.real_head(head)].facts if fact]


def _any_of(words: tuple[str, ...]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def why_not_walked(found: Found, scope: Scope) -> NotFound | None:
    """Why the records behind a link may not be asked about here; None where they may."""
    fact, target = found.fact, found.fact.target
    if not scope.links:
        return NotFound(
            f"`{found.path}` leads to other records, which `applies` of the agency cannot see",
            "plain facts of the agency, which every document carries",
        )
    if found.holder.depth is None:
        return NotFound(f"`{found.path}` is a link inside a list", "a link of a record")
    if found.holder.depth >= MOST_LINKS:
        return NotFound(
            f"`{found.path}` lies more than {MOST_LINKS} links away from the subject",
            f"at most {MOST_LINKS} links; a fact derived over links can reach further",
        )
    if target != ANY and fact.many and scope.kinds[str(target)].unbounded:
        return NotFound(
            f"`{found.path}` lists records of the kind {target}, too many for one document",
            f"a rule about the kind {target} itself, or in a rule about the agency "
            f"count or share with `of: {target}`",
        )
    return None
