"""What a fact is compared with: literals, parameters, other facts, the date of the assessment."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.kinds import KNOWN_NONE, Fact
from compliance.inventory.problems import Problem, closest
from compliance.policy.conditions import AsOf, FactValue, Literal, Parameter, Value
from compliance.policy.model import ParameterDefinition
from compliance.policy.operators import NUMBERS, Shape
from compliance.policy.patterns import why_not_re2
from compliance.policy.scope import NotFound, Scope, find
from compliance.policy.source import Place

AS_OF = "as_of"
"""The word for the date of the assessment."""
COVERS = "covers"
"""What ``{rule: covers}`` asks for."""
VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int, float),
    "number": (int, float),
    "string": (str,),
    "date": (str,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which values fit."""

    type: str
    """boolean, integer, number, string, date."""
    text: str
    """What to write, for messages."""
    many: bool = False
    """A list of such values."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schema of one value."""
    none: bool = False
    """The fact that is compared accepts ``none``."""
    literal_only: bool = False


_FIXED = {
    Shape.PATTERN: Wanted("string", Shape.PATTERN.value, literal_only=True),
    Shape.DAYS: Wanted("integer", Shape.DAYS.value, schema={"minimum": 0}),
    Shape.LENGTH: Wanted("integer", Shape.LENGTH.value, schema={"minimum": 0}),
    Shape.VERSION: Wanted(
        "string", Shape.VERSION.value, schema={"pattern": f"^{VERSION.pattern}$"}
    ),
    Shape.TEXT: Wanted("string", "a text that is not empty", schema={"minLength": 1}),
}
"""What fits operators whose values do not depend on the fact."""


def wanted(shape: Shape, fact: Fact) -> Wanted:
    """Which values fit an operator of a shape on a fact."""
    one = fact.items or "string" if fact.type in ("list", "derived") else fact.type
    schema = fact.schema.get("items", {}) if fact.type in ("list", "derived") else fact.schema
    if shape in (Shape.CHOICES, Shape.MEMBERS):
        return Wanted(one, f"a list of {_plural(one)}", True, schema, fact.none)
    if shape is Shape.MEMBER and fact.type == "string":
        shape = Shape.TEXT
    return _FIXED.get(shape) or Wanted(one, _article(one), False, schema, fact.none)


def _article(name: str) -> str:
    return {
        "boolean": "true or false",
        "integer": "a whole number",
        "number": "a number",
        "string": "a text",
        "date": "a date (YYYY-MM-DD) or the word as_of",
    }[name]


def _plural(name: str) -> str:
    return {
        "boolean": "true or false",
        "integer": "whole numbers",
        "number": "numbers",
        "string": "texts",
        "date": "dates",
    }[name]


class ValueReader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def read(self, raw: Any, want: Wanted, scope: Scope, place: Place) -> Value | None:
        """The value behind an operator, or None where a problem was recorded."""
        if isinstance(raw, Mapping):
            return self._reference(raw, want, scope, place)
        if want.many:
            return self._list(raw, want, place)
        if raw == AS_OF and want.type == "date":
            return AsOf()
        value = self.scalar(raw, want, place)
        return None if value is None else Literal(value)

    def _list(self, raw: Any, want: Wanted, place: Place) -> Literal | None:
        if not isinstance(raw, list):
            self._wrong(place, f"{shown(raw)} is not a list", want.text, _in_brackets(raw))
            return None
        if not raw:
            self._wrong(place, "the list is empty", want.text)
            return None
        values = [self.scalar(member, want, place.at(i)) for i, member in enumerate(raw)]
        return None if None in values else Literal(values)

    def scalar(self, raw: Any, want: Wanted, place: Place) -> Any:
        """A literal of the wanted type that the fact's schema accepts, or None after a problem."""
        expected = _one(want)
        if not of_type(raw, want.type):
            self._wrong(place, f"{shown(raw)} is not {expected}", expected, _quoted(raw, want))
            return None
        if want.none and raw == KNOWN_NONE:
            message = "a comparison with `none` is never true"
            self._wrong(place, message, "not_exists: true, which asks for it", "not_exists: true")
            return None
        if want.type == "date" and not real_date(raw):
            self._wrong(place, f"{shown(raw)} is no date of the calendar", "a date (YYYY-MM-DD)")
            return None
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        return raw if self._fits_schema(raw, want, place) else None

    def _fits_schema(self, value: Any, want: Wanted, place: Place) -> bool:
        choices = want.schema.get("enum")
        if choices is not None and value not in choices:
            expected = "one of " + ", ".join(map(str, choices))
            guess = closest(str(value), [str(choice) for choice in choices])
            self._wrong(place, f"{shown(value)} is no value of this fact", expected, guess)
            return False
        if choices is None and want.schema:
            reason = _schema_refuses(value, want.schema)
            if reason:
                self._wrong(place, f"{shown(value)} does not fit: {reason}", want.text)
                return False
        return True

    def _reference(
        self, raw: Mapping[str, Any], want: Wanted, scope: Scope, place: Place
    ) -> Value | None:
        if len(raw) != 1 or next(iter(raw)) not in ("param", "fact", "rule"):
            keys = ", ".join(map(str, raw)) or "nothing"
            self._wrong(
                place, f"{keys} is no value", f"{want.text}, {{param: name}} or {{fact: path}}"
            )
            return None
        ((key, name),) = raw.items()
        place = place.at(key)
        if want.literal_only:
            self._wrong(place, "this value is written in the rule itself", want.text, key=True)
            return None
        if not isinstance(name, str):
            self._wrong(place, f"{shown(name)} is no name", "a name")
            return None
        readers = {"param": self._parameter, "fact": self.fact, "rule": self._covers}
        return readers[key](name, want, scope, place)

    def _parameter(self, name: str, want: Wanted, scope: Scope, place: Place) -> Value | None:
        definition = scope.parameters.get(name)
        if definition is None:
            known = "one of " + ", ".join(scope.parameters)
            expected = known if scope.parameters else "a parameter that policy.yaml defines"
            guess = closest(name, scope.parameters)
            self._wrong(place, f"there is no parameter `{name}`", expected, guess)
            return None
        needed = "list" if want.many else want.type
        if not _type_fits(definition.type, needed) or (want.many and want.type != "string"):
            message = f"the parameter `{name}` is of type {definition.type}"
            self._wrong(place, message, f"a parameter that holds {want.text}")
            return None
        return Parameter(name) if self._values_fit(definition, want, place) else None

    def _values_fit(self, definition: ParameterDefinition, want: Wanted, place: Place) -> bool:
        choices = [str(choice) for choice in want.schema.get("enum", ())]
        given = [definition.default, *(later.value for later in definition.values)]
        for value in given if choices else ():
            for member in value if isinstance(value, list) else [value]:
                if member is not None and member not in choices:
                    message = f"the parameter `{definition.name}` may be {shown(member)}"
                    expected = f"values of this fact: {', '.join(choices)}"
                    self._wrong(place, message, expected, closest(str(member), choices))
                    return False
        return True

    def fact(self, path: str, want: Wanted, scope: Scope, place: Place) -> FactValue | None:
        """Another fact of the wanted type, or None after a problem."""
        found = find(path, scope)
        if isinstance(found, NotFound):
            self._wrong(place, found.message, found.expected, found.suggestion)
            return None
        fact = found.fact
        if want.many:
            fits = fact.type == "list" and _type_fits(str(fact.items), want.type)
        else:
            fits = _type_fits(fact.type, want.type)
        if not fits:
            kind = f"list of {fact.items}" if fact.type == "list" else fact.type
            self._wrong(place, f"`{path}` is of type {kind}", f"a fact that holds {want.text}")
            return None
        return FactValue(found.path, fact.type, fact.none)

    def _covers(self, name: str, want: Wanted, scope: Scope, place: Place) -> Value | None:
        if name != COVERS:
            self._wrong(place, f"`{name}` is nothing a rule tells of itself", COVERS, COVERS)
            return None
        if scope.covers is None:
            self._wrong(place, "there is no rule here whose requirements could be meant", want.text)
            return None
        if not want.many or want.type != "string":
            self._wrong(place, "the ids of the rule's requirements are a list of texts", want.text)
            return None
        return Literal(list(scope.covers))

    def pattern(self, value: Value | None, place: Place) -> Value | None:
        """A pattern RE2 reads, or None after a problem."""
        if isinstance(value, Literal):
            reason = why_not_re2(value.value)
            if reason:
                message = f"RE2 does not accept the pattern {value.value!r}: {reason}"
                self._wrong(place, message, "a regular expression of RE2 for the whole text")
                return None
        return value

    def _wrong(
        self, place: Place, message: str, expected: str, suggestion: str = "", *, key: bool = False
    ) -> None:
        self._problems.append(place.problem(message, expected, suggestion, key=key))


def of_type(raw: Any, kind: str) -> bool:
    """Whether plain data are of a scalar type; any text counts as a date."""
    if isinstance(raw, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(raw, float):
        return raw.is_integer()
    return isinstance(raw, PYTHON_TYPES[kind])


def real_date(text: str) -> bool:
    """Whether a text is a date of the calendar, ``YYYY-MM-DD``."""
    if not DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _type_fits(given: str, needed: str) -> bool:
    return given == needed or (given in NUMBERS and needed in NUMBERS)


def _schema_refuses(value: Any, schema: Mapping[str, Any]) -> str | None:
    import jsonschema

    errors = jsonschema.Draft202012Validator(dict(schema)).iter_errors(value)
    error = next(iter(errors), None)
    return error.message if error else None


def shown(raw: Any) -> str:
    """A value as a message quotes it."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return str(raw).lower()
    return repr(raw) if isinstance(raw, str) else str(raw)


def _one(want: Wanted) -> str:
    return _article(want.type) if want.many else want.text


def _quoted(raw: Any, want: Wanted) -> str:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return f"'{raw}'" if is_number and want.type == "string" else ""


def _in_brackets(raw: Any) -> str:
    return f"[{raw}]" if isinstance(raw, str | int | float) else ""
