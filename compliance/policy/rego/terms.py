"""Facts and values as Rego terms, with the guards that presence and type need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compliance.policy.conditions import AsOf, FactValue, Literal, Parameter, Value
from compliance.policy.rego.module import Module, literal

GUARDS = {
    "boolean": "is_boolean",
    "integer": "is_number",
    "number": "is_number",
    "string": "is_string",
}
"""Type of a fact to the built-in that checks it; dates and lists need more than a type."""
CLEAN = {
    "string": "strings",
    "integer": "numbers",
    "number": "numbers",
    "boolean": "booleans",
    "date": "dates_only",
}
"""Type of a list's members to the library function that holds when all of them are known."""
NONE = literal("none")


@dataclass(frozen=True, slots=True)
class Names:
    """Where the parts of one policy live."""

    root: str
    """Package of the policy: ``compliance.hipaa``."""

    @property
    def shared(self) -> str:
        """Package of conditions that several rules use."""
        return f"{self.root}.shared"

    @property
    def parameters(self) -> str:
        """Package of parameter values."""
        return f"{self.root}.parameters"

    def lib(self, name: str) -> str:
        """Package of the policy's copy of a library module."""
        return f"{self.root}.lib.{name}"


@dataclass(frozen=True, slots=True)
class Place:
    """What a condition sees: the module it is written into and the elements in scope."""

    module: Module
    names: Names
    shared: Module
    """The module of conditions and date facts that several rules use."""
    variables: Mapping[str, str]
    """Name of an element (``vendor``, ``item``) to the Rego variable that holds it."""
    owner: str = ""
    """Id of the rule, for the totals of records counted for it."""
    variant: str = ""
    """Suffix of the names of dated parameters for a rule as of a future date."""
    dated: frozenset[str] = frozenset()
    """Parameters whose value changes on a date; the others have one name on every date."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A term with what must hold before it may be compared."""

    term: str
    guards: tuple[str, ...] = ()
    none: bool = False
    """The term may be the word ``none``."""


def record_term(path: str, place: Place) -> tuple[str, str]:
    """The Rego term of the record a path starts from, and the rest of the path."""
    head, _, rest = path.partition(".")
    return place.variables.get(head, f"input.{head}"), rest


def fact_term(path: str, place: Place) -> str:
    """The Rego term of a plain fact."""
    record, rest = record_term(path, place)
    return f"{record}.{rest}" if rest else record


def link_term(path: str, place: Place) -> str:
    """The Rego term of a link's object: ``records`` and ``complete``."""
    record, rest = record_term(path, place)
    return f"{record}.links.{rest}"


def members_term(path: str, kind: str, place: Place) -> str:
    """The Rego term of the array a list, derived fact or link holds."""
    if kind in ("link", "reverse"):
        return f"{link_term(path, place)}.records"
    return f"{fact_term(path, place)}.members" if kind == "derived" else fact_term(path, place)


def complete_guards(path: str, kind: str, place: Place) -> tuple[str, ...]:
    """What must hold for the array of a list to be everything there is."""
    members = f"is_array({members_term(path, kind, place)})"
    if kind in ("link", "reverse"):
        return (members, f"{link_term(path, place)}.complete == true")
    if kind == "derived":
        return (members, f"{fact_term(path, place)}.complete == true")
    return (members,)


def type_guard(term: str, kind: str, place: Place) -> str:
    """The expression that holds when a term is there and of its type."""
    if kind == "date":
        return f"{place.module.ref(place.names.lib('dates'), 'valid')}({term})"
    if kind == "list":
        return f"is_array({term})"
    return f"{GUARDS[kind]}({term})"


def clean_guard(term: str, items: str, place: Place) -> str:
    """The expression that holds when a term is an array of known members only."""
    return f"{place.module.ref(place.names.lib('lists'), CLEAN[items])}({term})"


def fact_operand(path: str, kind: str, none: bool, place: Place) -> Operand:
    """A scalar fact: hoisted and checked once where it is a date outside any element."""
    head = path.partition(".")[0]
    term = fact_term(path, place)
    if kind == "date" and head not in place.variables:
        return Operand(
            place.module.ref(place.names.shared, _date_rule(path, term, place)), (), none
        )
    guards = [type_guard(term, kind, place)]
    if none and kind == "string":
        guards.append(f"{term} != {NONE}")
    return Operand(term, tuple(guards), none)


def _date_rule(path: str, term: str, place: Place) -> str:
    name = f"date_{path.replace('.', '_')}"
    if place.shared.define(name):
        guard = type_guard(term, "date", replace(place, module=place.shared))
        place.shared.rule(f"{name} := {term}", [guard])
    return name


def value_operand(value: Value, place: Place) -> Operand:
    """What a fact is compared with."""
    match value:
        case Literal(value=plain):
            return Operand(literal(plain))
        case Parameter(name=name):
            name += place.variant if name in place.dated else ""
            return Operand(place.module.ref(place.names.parameters, name))
        case AsOf():
            return Operand(place.module.ref(place.names.lib("dates"), "as_of"))
        case FactValue(path=path, type="list"):
            return Operand(fact_term(path, place), (f"is_array({fact_term(path, place)})",))
        case FactValue(path=path, type=kind, none=none):
            return fact_operand(path, kind, none, place)


def raw_fact_term(value: Value, place: Place) -> str:
    """The unchecked term of a compared fact, to be looked at for the word ``none``."""
    if not isinstance(value, FactValue):
        raise TypeError(f"{value!r} is no fact")
    return fact_term(value.path, place)
