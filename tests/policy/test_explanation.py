"""Combining leaf outcomes: outcomes of nodes, deciding leaves, settling facts, forced outcomes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.policy.conditions import (
    Group,
    Leaf,
    Literal,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
    walk,
)
from compliance.policy.explanation import (
    Explained,
    ExplanationError,
    deciding,
    explain,
    explain_rule,
    forced,
    settling,
)

T, F, U = "true", "false", "unknown"


def leaf(node_id: str, path: str = "system.mfa") -> Leaf:
    return Leaf(node_id, path, "equals", "boolean", Literal(True))


def literal_bound(value: Value, _scope: object) -> Decimal | None:
    return Decimal(str(value.value)) if isinstance(value, Literal) else None


def combine(node: Node, outcomes: Mapping[str, Any]) -> Explained:
    return explain(node, outcomes, literal_bound)


def ids(found: Iterator[Explained]) -> list[tuple[str, ...]]:
    return [explained.key for explained in found]


def every(op: str = "every", where: bool = True) -> Quantifier:
    return Quantifier(
        "expect", op, "system.vendors", "link", "vendor",
        leaf("expect.expect"), leaf("expect.where") if where else None,
    )  # fmt: skip


def walked(complete: bool, *elements: tuple[str, str]) -> dict[str, Any]:
    """Outcomes of a quantifier whose elements v0, v1 ... have these (where, expect)."""
    found = {
        f"v{number}": {"expect.where": where, "expect.expect": expect}
        for number, (where, expect) in enumerate(elements)
    }
    return {"expect": {"complete": complete, "elements": found}}


class TestGroups:
    @pytest.mark.parametrize(
        ("op", "left", "right", "outcome"),
        [
            ("all", T, T, T), ("all", T, F, F), ("all", F, F, F),
            ("all", T, U, U), ("all", F, U, F), ("all", U, U, U),
            ("any", T, T, T), ("any", T, F, T), ("any", F, F, F),
            ("any", T, U, T), ("any", F, U, U), ("any", U, U, U),
        ],
    )  # fmt: skip
    def test_kleene(self, op: str, left: str, right: str, outcome: str) -> None:
        node = Group("expect", op, (leaf("expect.0"), leaf("expect.1")))
        assert combine(node, {"expect.0": left, "expect.1": right}).outcome == outcome
        assert combine(node, {"expect.0": right, "expect.1": left}).outcome == outcome

    @pytest.mark.parametrize(("inner", "outcome"), [(T, F), (F, T), (U, U)])
    def test_not(self, inner: str, outcome: str) -> None:
        node = Group("expect", "not", (leaf("expect.0"),))
        assert combine(node, {"expect.0": inner}).outcome == outcome

    def test_nothing(self) -> None:
        assert combine(Group("expect", "all", ()), {}).outcome == T
        assert combine(Group("expect", "any", ()), {}).outcome == F


class TestQuantifiers:
    @pytest.mark.parametrize(
        ("op", "complete", "elements", "outcome"),
        [
            ("every", True, [], T), ("every", False, [], U),
            ("every", True, [(F, F)], T), ("every", True, [(F, U)], T),
            ("every", True, [(T, T), (U, T)], T), ("every", False, [(T, T)], U),
            ("every", False, [(T, T), (T, F)], F), ("every", True, [(U, F)], U),
            ("every", True, [(U, U), (T, F)], F), ("every", True, [(T, U)], U),
            ("some", True, [], F), ("some", False, [], U),
            ("some", False, [(T, T)], T), ("some", True, [(F, T), (T, F)], F),
            ("some", False, [(T, F)], U), ("some", True, [(U, T)], U), ("some", True, [(U, F)], F),
            ("none", True, [], T), ("none", False, [], U), ("none", False, [(T, T)], F),
            ("none", True, [(T, F)], T), ("none", True, [(T, U)], U),
        ],
    )  # fmt: skip
    def test_outcomes(
        self, op: str, complete: bool, elements: list[tuple[str, str]], outcome: str
    ) -> None:
        assert combine(every(op), walked(complete, *elements)).outcome == outcome

    def test_without_where_every_element_counts(self) -> None:
        found = {"expect": {"complete": True, "elements": {"v1": {"expect.expect": F}}}}
        assert combine(every(where=False), found).outcome == F

    def test_members_of_a_plain_list_come_in_their_own_order(self) -> None:
        node = Quantifier("expect", "every", "system.tls", "list", "item", leaf("expect.expect"))
        found = {str(number): {"expect.expect": T} for number in range(12)}
        explained = combine(node, {"expect": {"complete": True, "elements": found}})
        assert [element.key for element in explained.elements] == [str(n) for n in range(12)]

    def test_nested_lists_keep_apart(self) -> None:
        inner = Quantifier(
            "expect.expect", "some", "vendor.apps", "link", "app", leaf("expect.expect.expect")
        )
        outer = Quantifier("expect", "every", "system.vendors", "link", "vendor", inner)

        def vendor(outcome: str) -> dict[str, Any]:
            apps = {"a": {"expect.expect.expect": outcome}}
            return {"expect.expect": {"complete": True, "elements": apps}}

        found = {"expect": {"complete": True, "elements": {"v1": vendor(T), "v2": vendor(U)}}}
        explained = combine(outer, found)
        assert explained.outcome == U
        assert ids(settling(explained)) == [("expect.expect.expect", "v2", "a")]


class TestTallies:
    @pytest.mark.parametrize(
        ("op", "test", "bound", "complete", "counts", "outcome"),
        [
            ("count", "at_least", 2, False, (2, 0, 0), T),
            ("count", "at_least", 2, True, (1, 5, 0), F),
            ("count", "at_least", 2, True, (1, 0, 1), U),
            ("count", "at_least", 2, False, (1, 5, 0), U),
            ("count", "at_least", 2, True, (0, 0, 1), U),
            ("count", "at_least", 2, True, (0, 0, 0), T),
            ("count", "at_most", 1, True, (1, 0, 0), T),
            ("count", "at_most", 1, True, (1, 0, 1), U),
            ("count", "at_most", 1, False, (2, 0, 0), F),
            ("count", "at_most", 1, False, (1, 0, 0), U),
            ("count", "less_than", 1, True, (0, 1, 0), T),
            ("count", "less_than", 1, False, (1, 0, 0), F),
            ("count", "greater_than", 1, True, (1, 0, 0), F),
            ("count", "greater_than", 1, False, (2, 0, 0), T),
            ("count", "equals", 1, True, (1, 3, 0), T),
            ("count", "equals", 1, True, (1, 3, 1), U),
            ("count", "equals", 1, True, (2, 3, 0), F),
            ("count", "equals", 3, True, (1, 0, 1), F),
            ("share", "at_least", 0.9, True, (9, 1, 0), T),
            ("share", "at_least", 0.9, True, (8, 2, 0), F),
            ("share", "at_least", 0.9, True, (8, 1, 1), U),
            ("share", "at_least", 0.9, False, (9, 0, 0), U),
            ("share", "at_least", 0.9, True, (0, 0, 0), T),
            ("share", "at_least", 0.9, False, (0, 0, 0), U),
            ("share", "at_most", 0.1, True, (1, 9, 0), T),
            ("share", "less_than", 0.1, True, (1, 9, 0), F),
            ("share", "greater_than", 1.5, True, (0, 0, 3), U),
            ("share", "equals", 0.333333, True, (1, 2, 0), F),
            ("share", "equals", 0.5, True, (1, 1, 0), T),
        ],
    )  # fmt: skip
    def test_outcomes(
        self, op: str, test: str, bound: float, complete: bool,
        counts: tuple[int, int, int], outcome: str,
    ) -> None:  # fmt: skip
        node = Tally(
            "expect", op, "vendor", test, Literal(bound),
            leaf("expect.where"), leaf("expect.expect"), None, "system.vendors", "link",
        )  # fmt: skip
        elements = [(T, T)] * counts[0] + [(T, F)] * counts[1] + [(U, F)] * counts[2]
        elements.append((F, T))
        assert combine(node, walked(complete, *elements)).outcome == outcome

    @pytest.mark.parametrize(
        ("complete", "wheres", "outcome"),
        [(True, [T, T], T), (True, [F, F], F), (True, [T, U], U), (False, [T], U), (True, [], F)],
    )
    def test_count_without_expect(self, complete: bool, wheres: list[str], outcome: str) -> None:
        node = Tally(
            "expect", "count", "vendor", "at_least", Literal(2), leaf("expect.where"), None,
            None, "system.vendors", "link",
        )  # fmt: skip
        found = walked(complete, *[(where, F) for where in wheres])
        assert combine(node, found).outcome == outcome

    def test_unknown_bound_leaves_it_open_and_settles(self) -> None:
        node = Tally(
            "expect", "count", "vendor", "at_least", Literal(2), None, leaf("expect.expect"),
            None, "system.vendors", "link",
        )  # fmt: skip
        found = {"expect": {"complete": True, "elements": {"v1": {"expect.expect": T}}}}
        explained = explain(node, found, lambda value, scope: None)
        assert explained.outcome == U
        assert ids(settling(explained)) == [("expect",)]

    def test_total_over_a_kind_is_a_leaf(self) -> None:
        node = Tally(
            "expect", "share", "device", "at_least", Literal(0.9),
            leaf("expect.where"), leaf("expect.expect"), "device",
        )  # fmt: skip
        assert combine(node, {"expect": F}).outcome == F
        assert forced(node, F) == {"expect": F}


class TestSettling:
    def test_only_through_unknown_nodes(self) -> None:
        node = Group(
            "expect", "all",
            (
                leaf("expect.0"),
                Group("expect.1", "any", (leaf("expect.1.0"), leaf("expect.1.1"))),
                Group("expect.2", "any", (leaf("expect.2.0"), leaf("expect.2.1"))),
            ),
        )  # fmt: skip
        outcomes = {"expect.0": T, "expect.1.0": T, "expect.1.1": U, "expect.2.0": F}
        explained = combine(node, {**outcomes, "expect.2.1": U})
        assert ids(settling(explained)) == [("expect.2.1",)]

    def test_known_root_settles_nothing(self) -> None:
        node = Group("expect", "any", (leaf("expect.0"), leaf("expect.1")))
        assert ids(settling(combine(node, {"expect.0": T, "expect.1": U}))) == []

    def test_incomplete_list_is_named_beside_unknown_elements(self) -> None:
        explained = combine(every(), walked(False, (T, T), (T, U), (U, F), (U, T)))
        assert ids(settling(explained)) == [
            ("expect",), ("expect.expect", "v1"), ("expect.where", "v2"),
        ]  # fmt: skip

    def test_complete_list_is_not_named(self) -> None:
        explained = combine(every("some"), walked(True, (T, F), (U, U)))
        assert ids(settling(explained)) == [("expect.where", "v1"), ("expect.expect", "v1")]

    def test_rego_names_what_it_says(self) -> None:
        node = RegoCondition("expect", ("system.a", "system.b"))
        explained = combine(
            node, {"expect": {"outcome": U, "unknown_facts": ["system.b", "system.a"]}}
        )
        assert [found.unknown_facts for found in settling(explained)] == [("system.a", "system.b")]


class TestDeciding:
    @pytest.mark.parametrize(
        ("op", "outcomes", "found"),
        [
            ("all", (F, T), ["expect.0"]), ("all", (F, F), ["expect.0", "expect.1"]),
            ("all", (T, T), ["expect.0", "expect.1"]), ("any", (T, F), ["expect.0"]),
            ("any", (F, F), ["expect.0", "expect.1"]), ("all", (F, U), ["expect.0"]),
            ("any", (F, U), ["expect.1"]),
        ],
    )  # fmt: skip
    def test_groups(self, op: str, outcomes: tuple[str, str], found: list[str]) -> None:
        node = Group("expect", op, (leaf("expect.0"), leaf("expect.1")))
        explained = combine(node, {"expect.0": outcomes[0], "expect.1": outcomes[1]})
        assert [key for (key,) in ids(deciding(explained))] == found

    @pytest.mark.parametrize(
        ("op", "elements", "found"),
        [
            ("every", [(T, T), (T, F), (U, U)], [("expect.where", "v1"), ("expect.expect", "v1")]),
            ("every", [(F, F), (T, T)],
             [("expect",), ("expect.where", "v0"), ("expect.expect", "v1")]),
            ("some", [(T, F), (F, T)],
             [("expect",), ("expect.expect", "v0"), ("expect.where", "v1")]),
            ("some", [(T, F), (T, T)], [("expect.where", "v1"), ("expect.expect", "v1")]),
            ("none", [(T, F), (T, T)], [("expect.where", "v1"), ("expect.expect", "v1")]),
            ("some", [], [("expect",)]),
        ],
    )  # fmt: skip
    def test_elements(
        self, op: str, elements: list[tuple[str, str]], found: list[tuple[str, ...]]
    ) -> None:
        assert ids(deciding(combine(every(op), walked(True, *elements)))) == found

    def test_count_names_the_list_and_what_was_counted(self) -> None:
        node = Tally(
            "expect", "count", "vendor", "at_least", Literal(2), leaf("expect.where"),
            leaf("expect.expect"), None, "system.vendors", "link",
        )  # fmt: skip
        explained = combine(node, walked(True, (T, T), (F, T), (T, F)))
        assert ids(deciding(explained)) == [
            ("expect",), ("expect.where", "v0"), ("expect.expect", "v0"), ("expect.where", "v1"),
            ("expect.where", "v2"), ("expect.expect", "v2"),
        ]  # fmt: skip


class TestRules:
    @pytest.mark.parametrize(
        ("applies", "when", "expect", "otherwise", "status"),
        [
            (T, T, T, F, "satisfied"), (T, T, F, F, "gap"), (T, T, F, T, "satisfied"),
            (T, T, U, F, "unknown"), (F, T, F, F, "not_applicable"), (U, F, F, F, "not_applicable"),
            (U, T, T, F, "satisfied"), (U, T, F, F, "unknown"), (T, U, F, F, "unknown"),
            (T, T, F, U, "unknown"), (T, T, U, T, "satisfied"),
        ],
    )  # fmt: skip
    def test_status(
        self, applies: str, when: str, expect: str, otherwise: str, status: str
    ) -> None:
        outcomes = {"applies": applies, "when": when, "expect": expect, "otherwise": otherwise}
        found = explain_rule({name: leaf(name) for name in outcomes}, outcomes, literal_bound)
        assert found.status == status
        assert found.by_otherwise == (status == "satisfied" and expect != T)

    def test_unknown_applicability_settles_beside_what_is_expected(self) -> None:
        trees = {"when": leaf("when"), "expect": leaf("expect")}
        for expect, settles in ((F, ["when"]), (U, ["when", "expect"])):
            found = explain_rule(trees, {"when": U, "expect": expect}, literal_bound)
            assert [item.node.id for item in found.settling()] == settles
            assert found.deciding() == found.settling()

    def test_not_applicable_is_decided_by_what_is_false(self) -> None:
        trees = {"applies": leaf("applies"), "when": leaf("when"), "expect": leaf("expect")}
        found = explain_rule(trees, {"applies": T, "when": F, "expect": F}, literal_bound)
        assert [item.node.id for item in found.deciding()] == ["when"]

    def test_satisfied_by_otherwise_is_decided_by_otherwise(self) -> None:
        trees = {"expect": leaf("expect"), "otherwise": leaf("otherwise")}
        found = explain_rule(trees, {"expect": F, "otherwise": T}, literal_bound)
        assert [item.node.id for item in found.deciding()] == ["otherwise"]

    def test_trees_that_are_not_there(self) -> None:
        trees = {"applies": None, "when": None, "expect": leaf("expect"), "otherwise": None}
        assert explain_rule(trees, {"expect": F}, literal_bound).status == "gap"


class TestFaults:
    @pytest.mark.parametrize(
        ("node", "outcomes"),
        [
            (leaf("expect"), {}),
            (leaf("expect"), {"expect": "maybe"}),
            (leaf("expect"), {"expect": True}),
            (every(), {"expect": T}),
            (every(), {"expect": {"complete": True}}),
            (every(), {"expect": {"complete": True, "elements": {"v1": {}}}}),
            (RegoCondition("expect", ()), {"expect": T}),
            (RegoCondition("expect", ()), {"expect": {"unknown_facts": []}}),
        ],
    )
    def test_outcomes_that_do_not_fit_the_tree(
        self, node: Node, outcomes: Mapping[str, Any]
    ) -> None:
        with pytest.raises(ExplanationError, match=r"^expect"):
            combine(node, outcomes)


def _trees(max_leaves: int) -> st.SearchStrategy[Node]:
    """Trees of groups with leaves l0, l1, ... numbered from left to right."""

    def shape(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        many = st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3))
        return many | st.tuples(st.just("not"), st.lists(inner, min_size=1, max_size=1))

    def build(form: Any, take: Callable[[], int]) -> Node:
        if form is None:
            return leaf(f"l{take()}")
        op, parts = form
        number = take()
        return Group(f"g{number}", op, tuple(build(part, take) for part in parts))

    shapes: st.SearchStrategy[Any] = st.recursive(st.none(), shape, max_leaves=max_leaves)
    return shapes.map(lambda form: build(form, itertools.count().__next__))


def _leaves(node: Node) -> list[str]:
    return [found.id for found in walk(node) if isinstance(found, Leaf)]


@settings(max_examples=60, deadline=None)
@given(tree=_trees(5))
def test_forced_is_exactly_the_one_assignment(tree: Node) -> None:
    names = _leaves(tree)
    by_outcome: dict[str, list[dict[str, str]]] = {T: [], F: [], U: []}
    for values in itertools.product((T, F, U), repeat=len(names)):
        outcomes = dict(zip(names, values, strict=True))
        by_outcome[combine(tree, outcomes).outcome].append(outcomes)
    for outcome, assignments in by_outcome.items():
        assert forced(tree, outcome) == (assignments[0] if len(assignments) == 1 else None)


@settings(max_examples=150, deadline=None)
@given(tree=_trees(5), data=st.data())
def test_settling_leaves_settle_and_the_others_change_nothing(tree: Node, data: Any) -> None:
    names = _leaves(tree)
    outcomes = {name: data.draw(st.sampled_from((T, F, U))) for name in names}
    explained = combine(tree, outcomes)
    settles = {key for (key,) in ids(settling(explained))}
    assert bool(settles) == (explained.outcome == U)
    idle = [name for name in names if outcomes[name] == U and name not in settles]
    for values in itertools.product((T, F), repeat=len(idle)):
        changed = {**outcomes, **dict(zip(idle, values, strict=True))}
        assert combine(tree, changed).outcome == explained.outcome
    for values in itertools.product((T, F), repeat=len(settles)):
        changed = {**outcomes, **dict(zip(sorted(settles), values, strict=True))}
        assert combine(tree, changed).outcome != U


@settings(max_examples=150, deadline=None)
@given(tree=_trees(6), data=st.data())
def test_deciding_leaves_alone_keep_the_outcome(tree: Node, data: Any) -> None:
    outcomes = {name: data.draw(st.sampled_from((T, F, U))) for name in _leaves(tree)}
    explained = combine(tree, outcomes)
    if explained.outcome == U:
        return
    kept = {key for (key,) in ids(deciding(explained))}
    others = {name: value if name in kept else U for name, value in outcomes.items()}
    assert combine(tree, others).outcome == explained.outcome
