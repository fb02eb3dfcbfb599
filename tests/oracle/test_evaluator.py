"""Combinators, statuses and leaf outcomes against what was worked out by hand."""

from __future__ import annotations

from dataclasses import replace
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
    RegoCondition,
    Tally,
)
from tests.oracle.evaluator import Evaluator, RuleTrees
from tests.oracle.sample import GONE, F, T, U, document, leaf, outcome, truth, vendors


@pytest.mark.parametrize("a", [T, F, U])
@pytest.mark.parametrize("b", [T, F, U])
def test_groups(a: bool | None, b: bool | None) -> None:
    given, pair = document(a=a, b=b), (truth("a"), truth("b"))
    low = F if F in (a, b) else U if U in (a, b) else T
    high = T if T in (a, b) else U if U in (a, b) else F
    assert outcome(Group("expect", "all", pair), given) is low
    assert outcome(Group("expect", "any", pair), given) is high
    assert outcome(Group("expect", "not", pair[:1]), given) is (None if a is None else not a)


def test_empty_groups() -> None:
    assert outcome(Group("expect", "all", ()), document()) is T
    assert outcome(Group("expect", "any", ()), document()) is F


def quantifier(op: str, where: bool = True) -> Quantifier:
    def test(name: str) -> Leaf:
        return leaf("equals", "boolean", True, id=f"expect.{name}", path=f"vendor.{name}")

    return Quantifier(
        "expect", op, "system.vendors", "link", "vendor", test("e"), test("w") if where else None
    )


def vendor(w: Any, e: Any, name: str = "v") -> dict[str, Any]:
    return {"id": name, "w": w, "e": e}


@pytest.mark.parametrize(
    ("w", "e", "every", "some"),
    [
        (T, T, T, T),
        (T, F, F, F),
        (T, U, U, U),
        (F, T, T, F),
        (F, F, T, F),
        (F, U, T, F),
        (U, T, T, U),
        (U, F, U, F),
        (U, U, U, U),
    ],
)
def test_one_linked_record(w: Any, e: Any, every: bool | None, some: bool | None) -> None:
    given, half = vendors(vendor(w, e)), vendors(vendor(w, e), complete=False)
    assert outcome(quantifier("every"), given) is every
    assert outcome(quantifier("some"), given) is some
    assert outcome(quantifier("none"), given) is (None if some is None else not some)
    assert outcome(quantifier("every"), half) is (F if every is F else U)
    assert outcome(quantifier("some"), half) is (T if some is T else U)
    assert outcome(quantifier("none"), half) is (F if some is T else U)


def test_several_linked_records() -> None:
    mixed = vendors(vendor(U, U, "a"), vendor(T, F, "b"), vendor(T, T, "c"))
    assert outcome(quantifier("every"), mixed) is F
    assert outcome(quantifier("some"), mixed) is T
    assert outcome(quantifier("none"), mixed) is F
    assert outcome(quantifier("every", where=False), vendors(vendor(F, T))) is T
    assert outcome(quantifier("every"), vendors(None, vendor(T, T))) is U
    assert outcome(quantifier("some"), vendors("v", vendor(T, T))) is T


@pytest.mark.parametrize(
    ("given", "every", "some", "none"),
    [
        (vendors(), T, F, T),
        (vendors(complete=False), U, U, U),
        (vendors(complete="true"), U, U, U),
        (document(), U, U, U),
        (document(links=None), U, U, U),
        (document(links={"vendors": []}), U, U, U),
        (document(links={"vendors": {"records": {}, "complete": True}}), U, U, U),
    ],
)
def test_no_linked_record(given: Any, every: Any, some: Any, none: Any) -> None:
    assert outcome(quantifier("every"), given) is every
    assert outcome(quantifier("some"), given) is some
    assert outcome(quantifier("none"), given) is none


@pytest.mark.parametrize(
    ("members", "every", "some"),
    [
        (["one", "two"], T, T),
        (["one", "three"], F, T),
        (["one", None], U, T),
        (["three", 3], F, U),
        ([], T, F),
        ("one", U, U),
        ({"k": "one"}, U, U),
        (GONE, U, U),
    ],
)
def test_members(members: Any, every: bool | None, some: bool | None) -> None:
    test = leaf("in", "string", ["one", "two"], path="item")
    for op, expected in (("every", every), ("some", some)):
        plain = Quantifier("expect", op, "system.f", "list", "item", test)
        assert outcome(plain, document(f=members)) is expected
        derived = Quantifier("expect", op, "system.f", "derived", "item", test)
        wrapped = {"members": members, "complete": True} if isinstance(members, list) else members
        assert outcome(derived, document(f=wrapped)) is expected


def test_embedded_objects_and_outer_facts() -> None:
    expired = leaf("before", "date", AsOf(), path="item.eol_on")
    outer = truth("retired")
    every = Quantifier("expect", "none", "system.software", "list", "item", expired, outer)
    late, early = {"eol_on": "2027-01-01"}, {"eol_on": "2026-01-01"}
    assert outcome(every, document(software=[late], retired=True)) is T
    assert outcome(every, document(software=[late, early], retired=True)) is F
    assert outcome(every, document(software=[late, early], retired=False)) is T
    assert outcome(every, document(software=[late, early])) is U
    assert outcome(every, document(software=[late, "early"], retired=True)) is U


def test_nested_links() -> None:
    has_text = leaf("exists", "string", path="c.t")
    inner = Quantifier("expect", "some", "v.contracts", "link", "c", has_text)
    outer = Quantifier("expect", "every", "system.vendors", "link", "v", inner)

    def given(*contracts: Any) -> dict[str, Any]:
        linked = {"records": list(contracts), "complete": True}
        return vendors({"id": "v", "links": {"contracts": linked}})

    assert outcome(outer, given({"id": "c", "t": "x"})) is T
    assert outcome(outer, given({"id": "c"})) is U
    assert outcome(outer, given()) is F
    assert outcome(outer, vendors({"id": "v"})) is U


EXPECT = truth("e")


def tally(op: str, test: str, bound: Any, expect: bool = True) -> Tally:
    value = bound if isinstance(bound, Parameter | FactValue) else Literal(bound)
    return Tally("expect", op, "device", test, value, None, EXPECT if expect else None, of="device")


@pytest.mark.parametrize(
    ("op", "test", "bound", "counted", "expected"),
    [
        ("share", "at_least", 0.9, (9, 1, 0, True), T),
        ("share", "at_least", 0.9, (8, 2, 0, True), F),
        ("share", "at_least", 0.9, (8, 1, 1, True), U),
        ("share", "at_least", 0.9, (9, 1, 0, False), U),
        ("share", "at_least", 0.9, (8, 2, 0, False), U),
        ("share", "at_least", 0.1, (1, 9, 0, True), T),
        ("share", "at_least", 0.3, (3, 7, 0, True), T),
        ("share", "at_least", 0.7, (7, 3, 0, True), T),
        ("share", "at_most", 0.3, (3, 7, 0, True), T),
        ("share", "at_least", 0.9, (0, 0, 0, True), T),
        ("share", "less_than", 0.0, (0, 0, 0, True), T),
        ("share", "at_least", 0.9, (0, 0, 0, False), U),
        ("share", "less_than", 0.0, (0, 0, 3, True), U),
        ("share", "at_most", 0.0, (0, 0, 3, True), U),
        ("share", "at_most", 1, (0, 0, 3, True), T),
        ("share", "at_most", 0.5, (2, 1, 0, True), F),
        ("share", "less_than", 0.5, (1, 1, 0, True), F),
        ("share", "less_than", 0.5, (1, 2, 0, True), T),
        ("share", "greater_than", 0.5, (1, 1, 0, True), F),
        ("share", "greater_than", 0.5, (1, 0, 1, True), U),
        ("share", "greater_than", 0.5, (2, 0, 1, True), T),
        ("share", "equals", 1, (2, 0, 0, True), T),
        ("share", "equals", 1, (2, 1, 0, True), F),
        ("share", "equals", 1, (2, 0, 1, True), U),
        ("count", "at_least", 2, (2, 0, 0, False), T),
        ("count", "at_least", 2, (1, 1, 0, False), U),
        ("count", "at_least", 2, (1, 1, 0, True), F),
        ("count", "at_least", 2, (1, 0, 1, True), U),
        ("count", "at_least", 2, (0, 0, 1, True), U),
        ("count", "at_least", 2, (0, 0, 0, True), T),
        ("count", "greater_than", 2, (2, 0, 0, True), F),
        ("count", "greater_than", 2, (3, 0, 0, True), T),
        ("count", "at_most", 2, (2, 0, 0, True), T),
        ("count", "at_most", 2, (2, 0, 0, False), U),
        ("count", "at_most", 2, (3, 0, 0, False), F),
        ("count", "at_most", 2, (1, 0, 2, True), U),
        ("count", "less_than", 2, (1, 5, 0, True), T),
        ("count", "less_than", 2, (2, 0, 0, False), F),
        ("count", "equals", 2, (2, 3, 0, True), T),
        ("count", "equals", 2, (2, 3, 0, False), U),
        ("count", "equals", 2, (3, 3, 0, False), F),
        ("count", "equals", 2, (1, 3, 0, True), F),
        ("count", "equals", 2, (1, 3, 1, True), U),
        ("count", "at_most", Parameter("minutes"), (15, 0, 0, True), T),
        ("count", "at_most", Parameter("free"), (15, 0, 0, True), U),
        ("count", "at_least", FactValue("agency.n", "integer"), (15, 0, 0, True), U),
    ],
)
def test_tallies_that_expect(
    op: str, test: str, bound: Any, counted: tuple[int, int, int, bool], expected: bool | None
) -> None:
    total = dict(zip(("true", "false", "unknown", "complete"), counted, strict=True))
    given = {**document(), "totals": {"rule/expect": total}}
    assert outcome(tally(op, test, bound), given) is expected


@pytest.mark.parametrize(
    ("test", "bound", "counted", "expected"),
    [
        ("at_least", 1, (0, 0, 0, True), F),
        ("at_least", 1, (0, 0, 1, True), U),
        ("at_least", 1, (0, 0, 0, False), U),
        ("at_least", 1, (1, 0, 0, False), T),
        ("at_most", 0, (0, 0, 0, True), T),
        ("equals", 0, (0, 0, 0, True), T),
        ("equals", 0, (0, 0, 2, True), U),
        ("less_than", 0, (0, 0, 0, True), F),
    ],
)
def test_tallies_that_only_count(
    test: str, bound: int, counted: tuple[int, int, int, bool], expected: bool | None
) -> None:
    total = dict(zip(("true", "false", "unknown", "complete"), counted, strict=True))
    given = {**document(), "totals": {"rule/expect": total}}
    assert outcome(tally("count", test, bound, expect=False), given) is expected


@pytest.mark.parametrize(
    "total",
    [
        None,
        [],
        {},
        {"true": 5, "false": 0, "unknown": 0},
        {"true": 5, "false": 0, "unknown": 0, "complete": "true"},
        {"true": 5, "false": 0, "unknown": None, "complete": True},
        {"true": -5, "false": 10, "unknown": 0, "complete": True},
        {"true": 5.5, "false": 0, "unknown": 0, "complete": True},
        {"true": True, "false": 0, "unknown": 0, "complete": True},
        {"true": "5", "false": 0, "unknown": 0, "complete": True},
    ],
)
def test_totals_of_the_wrong_shape(total: Any) -> None:
    tree = tally("count", "at_least", 1)
    assert outcome(tree, {**document(), "totals": {"rule/expect": total}}) is U
    assert outcome(tree, {**document(), "totals": total}) is U
    assert outcome(tree, document()) is U


def test_a_tally_over_linked_records() -> None:
    where, expect = quantifier("every").where, quantifier("every").expect
    tree = Tally(
        "expect", "count", "vendor", "at_least", Literal(2), where, expect,
        path="system.vendors", list="link",
    )  # fmt: skip
    two = (vendor(T, T, "a"), vendor(T, T, "b"))
    assert outcome(tree, vendors(*two)) is T
    assert outcome(tree, vendors(*two, complete=False)) is T
    assert outcome(tree, vendors(two[0], vendor(T, F, "b"))) is F
    assert outcome(tree, vendors(two[0], vendor(U, F, "b"))) is U
    assert outcome(tree, vendors(two[0], vendor(F, U, "b"))) is F
    assert outcome(tree, vendors(vendor(F, T, "b"))) is T
    assert outcome(tree, vendors(two[0], None)) is U


def test_measures() -> None:
    where, expect = (
        leaf("equals", "boolean", True, path="device.w"),
        leaf("equals", "boolean", True, path="device.e"),
    )
    over = Tally(
        "expect.0", "share", "device", "at_least", Literal(0.5), where, expect, of="device"
    )
    count = Tally("expect.1", "count", "device", "at_least", Literal(1), where, of="device")
    other = Tally("expect.2", "count", "person", "at_least", Literal(1), of="person")
    rule = RuleTrees("rule", Group("expect", "all", (over, count, other)))

    def measure(w: Any, e: Any) -> dict[str, str]:
        return Evaluator().measure(rule, "device", {"device": {"id": "d", "w": w, "e": e}})

    assert measure(T, T) == {"rule/expect.0": "true", "rule/expect.1": "true"}
    assert measure(T, F) == {"rule/expect.0": "false", "rule/expect.1": "true"}
    assert measure(T, U) == {"rule/expect.0": "unknown", "rule/expect.1": "true"}
    assert measure(U, T) == {"rule/expect.0": "unknown", "rule/expect.1": "unknown"}
    assert measure(F, T) == {}
    assert Evaluator().measure(rule, "person", {"person": {"id": "p"}}) == {"rule/expect.2": "true"}


STATUSES = [
    (T, T, T, "satisfied"),
    (T, T, F, "gap"),
    (T, T, U, "unknown"),
    (T, F, T, "not_applicable"),
    (U, F, F, "not_applicable"),
    (F, U, U, "not_applicable"),
    (U, T, T, "satisfied"),
    (T, U, T, "satisfied"),
    (U, T, F, "unknown"),
    (T, U, F, "unknown"),
    (U, U, U, "unknown"),
]


@pytest.mark.parametrize(("applies", "when", "expect", "status"), STATUSES)
def test_statuses(applies: Any, when: Any, expect: Any, status: str) -> None:
    rule = RuleTrees("rule", truth("e"), applies=truth("a"), when=truth("w"))
    assert Evaluator().status(rule, document(a=applies, w=when, e=expect)) == status


@pytest.mark.parametrize(
    ("expect", "otherwise", "outer", "status"),
    [
        (T, F, False, "satisfied"),
        (T, T, False, "satisfied"),
        (F, T, False, "satisfied+by_documented_decision"),
        (U, T, False, "satisfied+by_documented_decision"),
        (F, F, False, "gap"),
        (F, U, False, "unknown"),
        (U, F, False, "unknown"),
        (T, U, True, "satisfied+outer_limit_only"),
        (F, F, True, "gap"),
    ],
)
def test_marks(expect: Any, otherwise: Any, outer: bool, status: str) -> None:
    rule = RuleTrees(
        "rule", truth("e"), otherwise=truth("o"), mark="by_documented_decision", outer_limit=outer
    )
    assert Evaluator().status(rule, document(e=expect, o=otherwise)) == status


def test_applicability() -> None:
    for value, status in ((T, "satisfied"), (F, "not_applicable"), (U, "unknown")):
        assert Evaluator().applicability(truth("a"), document(a=value)) == status


def test_leaf_outcomes() -> None:
    rego = RegoCondition("when.1", ("system.x",))
    count = replace(tally("count", "at_least", 1), id="otherwise")
    rule = RuleTrees(
        "rule", quantifier("every"), otherwise=count,
        when=Group("when", "any", (leaf("exists", "string", id="when.0"), rego)),
    )  # fmt: skip
    evaluator = Evaluator(rego=lambda node, _: (None, node.facts))
    given = vendors(vendor(T, F, "b"), vendor(U, T, "a"), complete=False)
    assert evaluator.leaf_outcomes(rule, given) == {
        "when.0": "unknown",
        "when.1": {"outcome": "unknown", "unknown_facts": ["system.x"]},
        "otherwise": "unknown",
        "expect": {
            "complete": False,
            "elements": {
                "b": {"expect.w": "true", "expect.e": "false"},
                "a": {"expect.w": "unknown", "expect.e": "true"},
            },
        },
    }


def test_leaf_outcomes_of_members_and_nested_lists() -> None:
    inner = Quantifier(
        "expect.expect", "some", "v.contracts", "link", "c",
        leaf("exists", "string", id="expect.expect.expect", path="c.t"),
    )  # fmt: skip
    outer = Quantifier("expect", "every", "system.vendors", "link", "v", inner)
    members = Quantifier(
        "when", "some", "system.f", "list", "item", leaf("exists", "date", id="w", path="item")
    )
    contracts = {"records": [{"id": "c"}, None], "complete": True}
    given = vendors({"id": "v", "links": {"contracts": contracts}})
    given["system"]["f"] = ["2026-01-01", "x"]
    assert Evaluator().leaf_outcomes(RuleTrees("rule", outer, when=members), given) == {
        "when": {"complete": True, "elements": {"0": {"w": "true"}, "1": {"w": "unknown"}}},
        "expect": {
            "complete": True,
            "elements": {
                "v": {
                    "expect.expect": {
                        "complete": True,
                        "elements": {
                            "c": {"expect.expect.expect": "unknown"},
                            "1": {"expect.expect.expect": "unknown"},
                        },
                    }
                }
            },
        },
    }
