"""What settles an unknown and what decides a gap, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.policy.conditions import Group, Leaf, Literal, Node, Quantifier, Tally
from tests.oracle.evaluator import Evaluator, RuleTrees
from tests.oracle.sample import GONE, F, T, U, document, leaf, truth, vendors
from tests.oracle.settling import deciding, settling


def asks(name: str, node_id: str) -> Leaf:
    return leaf("equals", "boolean", True, id=node_id, path=f"vendor.{name}")


def of_vendors(op: str) -> Quantifier:
    return Quantifier(
        "expect",
        op,
        "system.vendors",
        "link",
        "vendor",
        asks("e", "expect.e"),
        asks("w", "expect.w"),
    )


def settles(tree: Node, given: dict[str, Any], **parts: Any) -> set[tuple[str, ...]]:
    judged = Evaluator().judge(RuleTrees("rule", tree, **parts), given)
    assert judged.status == "unknown"
    return set(settling(judged))


def decides(tree: Node, given: dict[str, Any], **parts: Any) -> set[tuple[str, ...]]:
    judged = Evaluator().judge(RuleTrees("rule", tree, **parts), given)
    assert judged.status == "gap"
    return set(deciding(judged))


def test_only_unknown_nodes_are_walked() -> None:
    settled = Group("any", "any", (truth("a"), truth("t")))
    tree = Group(
        "all", "all", (settled, truth("b"), Group("not", "not", (truth("c"),)), truth("t"))
    )
    assert settles(tree, document(t=True)) == {("b",), ("c",)}


def test_applicability_settles_too() -> None:
    parts = {"applies": truth("a"), "when": truth("w"), "otherwise": truth("o")}
    assert settles(truth("e"), document(), **parts) == {("a",), ("w",), ("e",), ("o",)}
    assert settles(truth("e"), document(e=False, o=False, w=True), **parts) == {("a",)}
    assert settles(truth("e"), document(a=True, w=True, o=False), **parts) == {("e",)}


def test_elements_that_are_open_settle() -> None:
    records = (
        {"id": "a", "w": True},
        {"id": "b", "e": False},
        {"id": "c", "w": False},
        {"id": "d", "e": True},
        {"id": "e"},
    )
    places = {("expect.e", "a"), ("expect.w", "b"), ("expect.w", "e"), ("expect.e", "e")}
    assert settles(of_vendors("every"), vendors(*records)) == places
    assert settles(of_vendors("every"), vendors(*records, complete=False)) == {*places, ("expect",)}
    some = {("expect.e", "a"), ("expect.w", "d"), ("expect.w", "e"), ("expect.e", "e")}
    assert settles(of_vendors("some"), vendors(*records)) == some
    assert settles(of_vendors("none"), vendors(*records)) == some


@pytest.mark.parametrize("link", [GONE, None, {"records": [], "complete": False}])
def test_a_list_that_is_not_there_settles(link: Any) -> None:
    given = document(links={} if link is GONE else {"vendors": link})
    assert settles(of_vendors("some"), given) == {("expect",)}


def test_counted_elements_settle() -> None:
    expect = of_vendors("some")
    tree = Tally(
        "expect", "count", "vendor", "at_least", Literal(2), expect.where, expect.expect,
        path="system.vendors", list="link",
    )  # fmt: skip
    given = vendors({"id": "a", "w": T, "e": T}, {"id": "b", "w": T}, {"id": "c", "e": F})
    assert settles(tree, given) == {("expect",), ("expect.e", "b"), ("expect.w", "c")}


def test_what_fails_decides_a_gap() -> None:
    tree = Group(
        "all", "all", (truth("t"), truth("f"), Group("any", "any", (truth("g"), truth("h"))))
    )
    given = document(t=True, f=False, g=False, h=U)
    assert decides(tree, given) == {("f",)}
    both = {("f",), ("g",), ("h",)}
    assert decides(tree, document(t=True, f=False, g=False, h=False)) == both
    applied = decides(tree, given, when=truth("t"), otherwise=truth("g"))
    assert applied == {("t",), ("f",), ("g",)}


def test_a_counter_example_decides() -> None:
    records = ({"id": "a", "w": T, "e": F}, {"id": "b", "w": T, "e": T}, {"id": "c"})
    assert decides(of_vendors("every"), vendors(*records)) == {("expect.w", "a"), ("expect.e", "a")}
    assert decides(of_vendors("none"), vendors(*records)) == {("expect.w", "b"), ("expect.e", "b")}


def test_the_whole_list_decides_that_there_is_none() -> None:
    records = (
        {"id": "a", "w": T, "e": F},
        {"id": "b", "w": F, "e": T},
        {"id": "c", "w": F, "e": F},
    )
    places = {("expect.e", "a"), ("expect.w", "b"), ("expect.w", "c"), ("expect.e", "c")}
    assert decides(of_vendors("some"), vendors(*records)) == {*places, ("expect",)}
