"""Conditions become the trees they mean."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Group,
    Leaf,
    Literal,
    Parameter,
    Quantifier,
    Tally,
    Value,
    from_data,
    to_data,
    walk,
)
from compliance.policy.operators import LINKS, LISTS, NUMBERS, OPERATORS, Operator, Shape
from tests.policy.conditions_at_hand import tree

FACTS = {
    "boolean": "system.mfa",
    "integer": "system.timeout_minutes",
    "number": "system.uptime_pct",
    "string": "system.name",
    "date": "system.tested_on",
    "list": "system.data_types",
    "derived": "system.data_types_reached",
    "link": "system.vendors",
    "reverse": "system.decisions",
}
ONE: dict[str, Any] = {
    "boolean": False,
    "integer": 5,
    "number": 5.5,
    "string": "five",
    "date": "2026-02-28",
    "list": "ephi",
    "derived": "ephi",
}
SHAPES: dict[Shape, Any] = {
    Shape.DAYS: 30,
    Shape.LENGTH: 3,
    Shape.NUMBER: 3,
    Shape.TEXT: "f",
    Shape.PATTERN: "[a-f]+",
    Shape.DATE: "2026-02-28",
    Shape.VERSION: "1.2",
}


def value_for(operator: Operator, kind: str) -> Any:
    match operator.shape:
        case Shape.FLAG:
            return True
        case Shape.SAME | Shape.MEMBER:
            return ONE[kind]
        case Shape.CHOICES | Shape.MEMBERS:
            return [ONE[kind]]
        case Shape.DISTANCE:
            return {"fact": "system.logging.reviewed_on", "days": 3}
        case shape:
            return SHAPES[shape]


EVERY = [(name, kind) for name, operator in OPERATORS.items() for kind in operator.types]


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_every_operator_on_every_type_it_fits(name: str, kind: str) -> None:
    operator = OPERATORS[name]
    raw = value_for(operator, kind)
    leaf = tree({FACTS[kind]: {name: raw}})
    assert isinstance(leaf, Leaf)
    assert (leaf.id, leaf.path, leaf.test, leaf.type) == ("expect", FACTS[kind], name, kind)
    assert leaf.items == ("string" if kind in LISTS else None)
    match operator.shape:
        case Shape.FLAG:
            assert leaf.value is None
        case Shape.DISTANCE:
            assert leaf.value == FactValue("system.logging.reviewed_on", "date", none=True)
            assert leaf.days == Literal(3)
        case _:
            assert leaf.value == Literal(raw)
    assert from_data(to_data(leaf)) == leaf


def test_every_type_has_operators() -> None:
    assert {kind for operator in OPERATORS.values() for kind in operator.types} == set(FACTS)
    assert set(FACTS) == {*ONE, *LINKS}
    assert set(NUMBERS) < set(FACTS)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"system.mfa": {"equals": {"param": "on"}}}, Parameter("on")),
        ({"system.timeout_minutes": {"at_most": {"param": "minutes"}}}, Parameter("minutes")),
        ({"system.uptime_pct": {"at_least": {"param": "minutes"}}}, Parameter("minutes")),
        ({"system.status": {"equals": {"param": "word"}}}, Parameter("word")),
        ({"system.name": {"in": {"param": "words"}}}, Parameter("words")),
        ({"system.data_types": {"subset_of": {"param": "words"}}}, Parameter("words")),
        ({"system.tested_on": {"after": {"param": "day"}}}, Parameter("day")),
        ({"system.tested_on": {"within_days": {"param": "minutes"}}}, Parameter("minutes")),
        ({"system.tested_on": {"equals": "as_of"}}, AsOf()),
        ({"system.tested_on": {"on_or_before": "as_of"}}, AsOf()),
        ({"system.name": {"equals": "as_of"}}, Literal("as_of")),
        ({"system.name": {"in": {"rule": "covers"}}}, Literal(["r-1", "r-2"])),
        (
            {"system.tested_on": {"after": {"fact": "agency.reviewed_on"}}},
            FactValue("agency.reviewed_on", "date", none=True),
        ),
        (
            {"system.uptime_pct": {"less_than": {"fact": "system.timeout_minutes"}}},
            FactValue("system.timeout_minutes", "integer"),
        ),
        (
            {"system.name": {"in": {"fact": "system.tls_versions"}}},
            FactValue("system.tls_versions", "list"),
        ),
        (
            {"system.data_types": {"intersects": {"fact": "system.tls_versions"}}},
            FactValue("system.tls_versions", "list"),
        ),
        ({"system.timeout_minutes": {"at_most": 15.0}}, Literal(15)),
    ],
)
def test_values(raw: dict[str, Any], value: Value) -> None:
    leaf = tree(raw)
    assert isinstance(leaf, Leaf)
    assert leaf.value == value


def test_a_plain_value_means_equals() -> None:
    leaf = tree({"system.status": "test"})
    assert leaf == Leaf("expect", "system.status", "equals", "string", Literal("test"))


def test_several_keys_and_operators_are_all() -> None:
    node = tree({"system.mfa": True, "system.timeout_minutes": {"at_least": 1, "at_most": 15}})
    assert isinstance(node, Group)
    assert (node.op, node.id) == ("all", "expect")
    assert [(child.id, getattr(child, "test", "")) for child in node.children] == [
        ("expect.0", "equals"),
        ("expect.1", "at_least"),
        ("expect.2", "at_most"),
    ]


def test_groups_number_their_children() -> None:
    raw = {"any": [{"system.mfa": True}, {"all": [{"not": {"system.mfa": False}}]}]}
    node = tree(raw, root="when")
    assert [part.id for part in walk(node)] == [
        "when",
        "when.0",
        "when.1",
        "when.1.0",
        "when.1.0.0",
    ]
    assert [getattr(part, "op", "leaf") for part in walk(node)] == [
        "any",
        "leaf",
        "all",
        "not",
        "leaf",
    ]


@pytest.mark.parametrize("op", ["every", "some", "none"])
def test_quantifiers_over_links(op: str) -> None:
    raw = {
        op: {
            "in": "system.vendors",
            "where": {"vendor.us": True},
            "expect": {"vendor.baa.status": "signed"},
        }
    }
    node = tree(raw)
    assert isinstance(node, Quantifier)
    assert (node.op, node.path, node.list, node.element) == (op, "system.vendors", "link", "vendor")
    assert node.where is not None
    assert (node.where.id, node.expect.id) == ("expect.where", "expect.expect")
    assert from_data(to_data(node)) == node


@pytest.mark.parametrize(
    ("path", "kind", "element", "expect"),
    [
        ("system.decisions", "reverse", "decision", {"decision.outcome": "implement"}),
        ("system.tls_versions", "list", "item", {"item": {"in": ["1.2", "1.3"]}}),
        ("system.ports", "list", "item", {"item": {"less_than": 1024}}),
        ("system.software", "list", "item", {"item.eol_on": {"after": "as_of"}}),
        ("system.data_types_reached", "derived", "item", {"item": "ephi"}),
        ("agency.roles", "list", "item", {"item": "plan"}),
    ],
)
def test_what_can_be_walked(path: str, kind: str, element: str, expect: dict[str, Any]) -> None:
    node = tree({"every": {"in": path, "expect": expect}})
    assert isinstance(node, Quantifier)
    assert (node.path, node.list, node.element) == (path, kind, element)


def test_as_renames_the_element() -> None:
    raw = {
        "some": {
            "in": "system.vendors",
            "expect": {
                "every": {"in": "vendor.partners", "as": "partner", "expect": {"partner.us": True}}
            },
        }
    }
    node = tree(raw)
    assert isinstance(node, Quantifier)
    inner = node.expect
    assert isinstance(inner, Quantifier)
    assert (inner.element, inner.path, inner.id) == ("partner", "vendor.partners", "expect.expect")


def test_lists_of_members_nest() -> None:
    raw = {
        "every": {
            "in": "system.software",
            "as": "product",
            "expect": {"some": {"in": "product.patches", "expect": {"item": {"not_equals": "p1"}}}},
        }
    }
    assert [part.id for part in walk(tree(raw))] == [
        "expect",
        "expect.expect",
        "expect.expect.expect",
    ]


@pytest.mark.parametrize("op", ["count", "share"])
def test_tallies_over_a_kind(op: str) -> None:
    bound: Any = 0.9 if op == "share" else 3
    raw = {
        op: {
            "of": "device",
            "where": {"device.data_types": {"contains": "ephi"}},
            "expect": {"device.encrypted": True},
            "at_least": bound,
        }
    }
    node = tree(raw, "agency")
    assert isinstance(node, Tally)
    assert (node.op, node.of, node.path, node.element) == (op, "device", None, "device")
    assert (node.test, node.value) == ("at_least", Literal(bound))
    assert from_data(to_data(node)) == node


@pytest.mark.parametrize("bound", ["at_least", "at_most", "less_than", "greater_than", "equals"])
def test_tallies_over_a_list(bound: str) -> None:
    node = tree({"count": {"in": "system.vendors", bound: {"param": "minutes"}}})
    assert isinstance(node, Tally)
    assert (node.of, node.path, node.list, node.test) == (None, "system.vendors", "link", bound)
    assert (node.value, node.where, node.expect) == (Parameter("minutes"), None, None)


def test_named_conditions_are_inlined() -> None:
    used = tree({"use": "both"}, root="when")
    written = tree({"system.data_types": {"contains": "ephi"}, "system.mfa": True}, root="when")
    assert used == written
    other = tree({"use": "handles-ephi"}, "vendor")
    assert isinstance(other, Leaf)
    assert other.path == "vendor.data_types"
    assert isinstance(tree({"not": {"use": "ephi-vendors"}}), Group)
