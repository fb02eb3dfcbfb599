"""Conditions in words: what comments of generated Rego and explanations say."""

from __future__ import annotations

from typing import Any

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

_TESTS = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "not_contains": "does not contain",
    "contains_any": "contains one of",
    "contains_all": "contains all of",
    "less_than": "is less than",
    "at_most": "is at most",
    "greater_than": "is more than",
    "at_least": "is at least",
    "exists": "is given",
    "not_exists": "is none",
    "is_empty": "is empty",
    "not_empty": "is not empty",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "length_at_least": "has a length of at least",
    "length_at_most": "has a length of at most",
    "before": "is before",
    "after": "is after",
    "on_or_before": "is on or before",
    "on_or_after": "is on or after",
    "version_at_least": "is version at least",
    "version_below": "is a version below",
    "subset_of": "holds nothing but",
    "intersects": "shares a member with",
}


def describe(node: Node) -> str:
    """What a node asks, in one line and without what its children ask."""
    match node:
        case Leaf():
            return f"{node.path} {describe_test(node)}"
        case Group(op=op):
            return {"all": "all of:", "any": "at least one of:"}.get(op, "not:")
        case Quantifier(op=op):
            where = " where a condition holds" if node.where else ""
            return f"{op} {node.element} of {node.path}{where} meets:"
        case Tally(op=op):
            where = " where a condition holds" if node.where else ""
            bound = f"{_test(node.test)} {describe_value(node.value)}"
            return f"{op} of {node.of or node.path}{where} {bound}"
        case _:
            return "a condition written in Rego"


def describe_test(leaf: Leaf) -> str:
    """The test of a leaf: ``is at most 15``, ``is within 365 days before the assessment``."""
    if leaf.value is None:
        return _test(leaf.test)
    value = describe_value(leaf.value)
    if leaf.test == "within_days":
        return f"is within {value} days before the assessment"
    if leaf.test == "older_than_days":
        return f"is more than {value} days before the assessment"
    if leaf.test == "within_days_of":
        days = describe_value(leaf.days) if leaf.days else "?"
        return f"is at most {days} days after {value}"
    return f"{_test(leaf.test)} {value}"


def describe_value(value: Value) -> str:
    """A value as a reader writes it: ``yes``, ``15``, ``the parameter idle_minutes``."""
    match value:
        case Literal(value=plain):
            return plain_words(plain)
        case Parameter(name=name):
            return f"the parameter {name}"
        case FactValue(path=path):
            return path
        case AsOf():
            return "the date of the assessment"


def plain_words(value: Any) -> str:
    """A plain value in words: booleans as yes and no, lists joined by commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(plain_words(member) for member in value) or "nothing"
    return '""' if value == "" else str(value)


def _test(test: str) -> str:
    return _TESTS.get(test, test.replace("_", " "))
