"""Plain words for what is wrong with a value, what was expected and what was probably meant."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.inventory.days import meant_day
from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import closest

if TYPE_CHECKING:
    from jsonschema import ValidationError

_SHOWN = 60
_YES = ("yes", "y", "on", "true", "1")
_NO = ("no", "n", "off", "false", "0")
_NOT_KNOWN = ("unknown", "n/a", "na", "tbd", "?", "-", "not known", "unsure")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of a problem's text."""

    message: str
    expected: str
    suggestion: str = ""


_TRUTH = "true or false"


def worded(error: ValidationError, fact: Fact, *, member: bool, hidden: bool) -> Wording:
    """The words for a value that fails its fact's schema.

    Args:
        error: what the reference validator says of the plain value.
        fact: the fact.
        member: the value is one member of a list.
        hidden: the value must not appear.
    """
    expected = expectation(fact, member=member)
    if hidden:
        return Wording("the value does not have the form it must have", expected)
    say = _MESSAGES.get(str(error.validator), _of_another_type)
    message = say(error.instance, error.validator_value)
    if fact.type == "link" and error.validator == "pattern":
        message = f"{shown(error.instance)} is no id"
    return Wording(message, expected, _meant(error.instance, fact, member=member))


def expectation(fact: Fact, *, member: bool = False) -> str:
    """What the value of a fact looks like: ``a whole number, or none``."""
    if fact.type in ("list", "link") and not member:
        text = _list_expectation(fact)
    elif fact.type == "link":
        text = _id_expectation(fact)
    elif fact.items == "object":
        text = f"a mapping with {', '.join(fact.fields)}"
    else:
        text = _scalar_expectation(fact, fact.items or fact.type)
    return f"{text}, or none" if fact.none and not member else text


def _list_expectation(fact: Fact) -> str:
    if fact.type == "link":
        one = _id_expectation(fact)
        if fact.many:
            return f"a list; each member {one}"
        if fact.target == ANY and "type" not in fact.schema:
            return f"{one}, a list of such, or {{all: system}}"
        return one
    return f"a list; each member {expectation(fact, member=True)}"


def _id_expectation(fact: Fact) -> str:
    if fact.target == ANY:
        return "kind and id, such as system/payroll"
    return f"the id of a record of the kind {fact.target}"


def as_typed(expected: str) -> str:
    """What is expected, in the words of those who fill in cells and answer: yes or no."""
    return expected.replace(_TRUTH, "yes or no")


def _scalar_expectation(fact: Fact, scalar: str) -> str:
    if fact.enum is not None:
        return f"one of {', '.join(map(str, fact.enum))}"
    schema = fact.schema.get("items", fact.schema)
    words = {
        "boolean": _TRUTH,
        "integer": "a whole number",
        "number": "a number",
        "string": "a text",
        "date": "a day of the calendar, written as 2026-03-02",
        ANY: "a value",
    }[scalar]
    for bound, word in (("minimum", "at least"), ("maximum", "at most")):
        if bound in schema:
            words += f", {word} {schema[bound]}"
    if "maxLength" in schema:
        words += f" of at most {schema['maxLength']} characters"
    return words


def shown(value: Any) -> str:
    """A value as messages name it: ``the text "yes"``."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return _named("text", json.dumps(value, ensure_ascii=False))
    if isinstance(value, bool):
        return f"the word {json.dumps(value)}"
    return _named("number", json.dumps(value))


def _named(what: str, text: str) -> str:
    """The value itself, unless it looks like something that must not be repeated."""
    return f"the {what}" if any(suspects(text)) else f"the {what} {_short(text)}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _of_another_type(value: Any, limit: Any) -> str:
    del limit
    return f"{shown(value)} is of another type"


def _not_listed(value: Any, limit: Any) -> str:
    del limit
    return f"{shown(value)} is none of the values this fact may have"


def _no_date(value: Any, limit: Any) -> str:
    del limit
    if _DATE_SHAPE.fullmatch(str(value)):
        return f"{value} is no day of the calendar"
    return f"{shown(value)} is no date"


def _no_match(value: Any, limit: Any) -> str:
    if str(limit).startswith("^(?:[1-9][0-9]{3}"):
        return _no_date(value, limit)
    return f"{shown(value)} has another form"


def _too_long(value: Any, limit: Any) -> str:
    return f"the text has {len(value)} characters, more than {limit}"


def _too_low(value: Any, limit: Any) -> str:
    return f"{shown(value)} is below {limit}"


def _too_high(value: Any, limit: Any) -> str:
    return f"{shown(value)} is above {limit}"


_MESSAGES: Mapping[str, Callable[[Any, Any], str]] = {
    "type": _of_another_type,
    "enum": _not_listed,
    "format": _no_date,
    "pattern": _no_match,
    "maxLength": _too_long,
    "minimum": _too_low,
    "maximum": _too_high,
}
"""Keyword of the schema to the message for a value that fails it."""


def _meant(value: Any, fact: Fact, *, member: bool) -> str:
    """What was probably meant, as it would be written; empty where nothing is near."""
    wants_list = fact.many if fact.type == "link" else fact.type == "list"
    if wants_list and not member:
        return _meant_as_list(value, fact)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str | int | float):
        return value[0] if isinstance(value[0], str) else json.dumps(value[0])
    if isinstance(value, dict | list):
        return ""
    return _meant_scalar(value, fact, str(fact.items if member else fact.type))


def _meant_scalar(value: Any, fact: Fact, scalar: str) -> str:
    if isinstance(value, str) and value.lower() in _NOT_KNOWN:
        return "null, for a value that is not known"
    if fact.enum is not None:
        return _meant_choice(value, fact.enum)
    if scalar in ("integer", "number"):
        return _meant_number(value, fact)
    return _MEANT.get(scalar, _meant_text)(value)


def _meant_as_list(value: Any, fact: Fact) -> str:
    if value == KNOWN_NONE:
        return "[], the empty list"
    if isinstance(value, str) and fact.items != "object":
        members = [part.strip() for part in value.split(",")]
        return f"[{', '.join(members)}]"
    return ""


def _meant_choice(value: Any, choices: tuple[Any, ...]) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    if text in choices:
        return f"'{text}'"
    word = text.lower().replace("-", "_").replace(" ", "_")
    return word if word in choices else closest(word, map(str, choices))


def _meant_boolean(value: Any) -> str:
    word = str(value).lower()
    return "true" if word in _YES else "false" if word in _NO else ""


def _meant_number(value: Any, fact: Fact) -> str:
    text = str(value).strip().removesuffix("%").strip()
    if not isinstance(value, str) or not _NUMBER.fullmatch(text):
        return ""
    schema = fact.schema.get("items", fact.schema)
    fits = schema.get("minimum", -math.inf) <= float(text) <= schema.get("maximum", math.inf)
    whole = "." not in text or schema["type"] == "number"
    return text if fits and whole else ""


def _meant_text(value: Any) -> str:
    return "" if isinstance(value, str) else f"'{json.dumps(value)}'"


_MEANT: Mapping[str, Callable[[Any], str]] = {
    "boolean": _meant_boolean,
    "date": meant_day,
}
