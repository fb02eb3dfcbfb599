"""Which facts would close a gap: each way that is told does, and needs all of its facts."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.mending import MOST, mending
from compliance.policy.conditions import Group, Leaf, Literal, Node, Quantifier
from compliance.policy.explanation import explain
from compliance.policy.kleene import FALSE, OPEN, TRUE
from tests.assessment.world import World, found, rule


def a_leaf(name: str) -> Leaf:
    return Leaf(name, f"system.{name}", "equals", "boolean", Literal(True))


def outcome(node: Node, outcomes: Mapping[str, str]) -> str:
    return explain(node, outcomes, lambda _value, _scope: None).outcome


def ways(node: Node, outcomes: Mapping[str, str]) -> list[set[str]]:
    found = mending(explain(node, outcomes, lambda _value, _scope: None))
    return [{one.node.id for one in way} for way in found]


@st.composite
def trees(draw: st.DrawFn) -> Node:
    count = draw(st.integers(1, 7))
    nodes: list[Node] = [a_leaf(f"n{number}") for number in range(count)]
    while len(nodes) > 1:
        size = draw(st.integers(2, min(3, len(nodes))))
        op = draw(st.sampled_from(["all", "any"]))
        group: Node = Group(f"g{len(nodes)}{op}", op, tuple(nodes[:size]))
        if draw(st.booleans()):
            group = Group(f"not{len(nodes)}", "not", (group,))
        nodes = [*nodes[size:], group]
    return nodes[0]


def wanted(node: Node, value: str = TRUE) -> Iterator[tuple[str, str]]:
    """The outcome of each leaf that makes for the root being true."""
    if isinstance(node, Leaf):
        yield node.id, value
    elif isinstance(node, Group):
        below = {TRUE: FALSE, FALSE: TRUE}[value] if node.op == "not" else value
        for child in node.children:
            yield from wanted(child, below)


@given(trees(), st.lists(st.sampled_from([TRUE, FALSE, OPEN]), min_size=7, max_size=7))
def test_every_way_closes_and_needs_all_of_its_leaves(tree: Node, values: list[str]) -> None:
    towards = dict(wanted(tree))
    given_ = dict(zip(sorted(towards), values, strict=False))
    found = ways(tree, given_)
    for way in found:
        changed = {**given_, **{name: towards[name] for name in way}}
        assert outcome(tree, changed) == TRUE
        for name in way:
            assert outcome(tree, {**changed, name: given_[name]}) != TRUE
    if outcome(tree, given_) == TRUE:
        assert found == [set()]


def test_all_needs_what_is_false_and_what_is_missing() -> None:
    tree = Group("expect", "all", (a_leaf("a"), a_leaf("b"), a_leaf("c")))
    assert ways(tree, {"a": FALSE, "b": OPEN, "c": TRUE}) == [{"a", "b"}]


def test_any_leaves_a_choice_in_the_order_of_the_rule() -> None:
    tree = Group("expect", "any", (a_leaf("b"), a_leaf("a")))
    assert ways(tree, {"a": FALSE, "b": FALSE}) == [{"b"}, {"a"}]


def test_of_too_many_choices_the_first_are_told() -> None:
    pairs = [
        Group(f"any{number}", "any", (a_leaf(f"a{number}"), a_leaf(f"b{number}")))
        for number in range(5)
    ]
    tree = Group("expect", "all", tuple(pairs))
    given_ = {f"{letter}{number}": FALSE for letter in "ab" for number in range(5)}
    found_ = ways(tree, given_)
    assert len(found_) == MOST
    assert found_[0] == {"a0", "a1", "a2", "a3", "a4"}
    assert all(outcome(tree, given_ | dict.fromkeys(way, TRUE)) == TRUE for way in found_)


def test_every_member_that_fails_has_to_change_and_an_open_list_be_completed() -> None:
    tree = Quantifier(
        "expect", "every", "system.vendors", "link", "vendor",
        expect=Leaf("expect.expect", "vendor.us", "equals", "boolean", Literal(True)),
    )  # fmt: skip
    members = {"v1": {"expect.expect": FALSE}, "v2": {"expect.expect": TRUE},
               "v3": {"expect.expect": OPEN}}  # fmt: skip

    def told(*, complete: bool) -> list[str]:
        found = {"expect": {"complete": complete, "elements": members}}
        (way,) = mending(explain(tree, found, lambda _value, _scope: None))
        return ["/".join(one.key) for one in way]

    assert told(complete=True) == ["expect.expect/v1", "expect.expect/v3"]
    assert told(complete=False) == ["expect.expect/v1", "expect.expect/v3", "expect"]


MFA = {"system.mfa": True}
LOGS = {"system.logging.enabled": True}
MINUTES = {"system.session_timeout_minutes": {"at_most": 15}}
DAYS = {"system.last_log_review_on": {"within_days": {"fact": "system.log_review_frequency_days"}}}


@pytest.mark.parametrize(
    ("expect", "system", "told"),
    [
        (MFA, {"mfa": False}, ()),
        ({**MFA, **LOGS}, {"mfa": False, "logging": {"enabled": False}}, ()),
        ({**MFA, **LOGS}, {"mfa": False, "logging": {"enabled": True}}, ()),
        ({**MFA, **LOGS}, {"mfa": False}, (("system.logging.enabled", "system.mfa"),)),
        (
            {"any": [MFA, LOGS]}, {"mfa": False, "logging": {"enabled": False}},
            (("system.mfa",), ("system.logging.enabled",)),
        ),
        (
            {"all": [MINUTES, {"any": [MFA, LOGS]}]},
            {"mfa": False, "logging": {"enabled": False}, "session_timeout_minutes": 15},
            (("system.mfa",), ("system.logging.enabled",)),
        ),
        (
            DAYS, {"last_log_review_on": "none"},
            (("system.last_log_review_on", "system.log_review_frequency_days"),),
        ),
        (DAYS, {"last_log_review_on": "none", "log_review_frequency_days": 7}, ()),
    ],
    ids=["one", "both", "one of two", "missing", "choice", "choice below", "nothing to compare",
         "compared"],
)  # fmt: skip
def test_a_gap_carries_its_ways_where_its_leaves_do_not_say_it_all(
    world: World, expect: Any, system: dict[str, Any], told: tuple[tuple[str, ...], ...]
) -> None:
    policy = world.policy(rule(expect=expect))
    made = found(world.assess(policy, {"systems": [{"id": "a", **system}]}))["r system/a"]
    assert made.status == "gap"
    assert tuple(tuple(one.path for one in way) for way in made.ways) == told


def test_no_other_finding_carries_ways(world: World) -> None:
    policy = world.policy(rule(expect={"any": [MFA, LOGS]}))
    systems = [{"id": "a", "mfa": True}, {"id": "b", "mfa": False}, {"id": "c"}]
    made = found(world.assess(policy, {"systems": systems}))
    assert [one.status for one in made.values()] == ["satisfied", "unknown", "unknown"]
    assert all(one.ways == () for one in made.values())
