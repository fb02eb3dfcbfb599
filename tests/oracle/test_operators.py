"""Every operator against outcomes worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.policy.conditions import AsOf, FactValue, Literal, Parameter, Value
from compliance.policy.operators import OPERATORS
from tests.oracle.evaluator import Evaluator, RuleTrees
from tests.oracle.operators import NEGATED, TESTS
from tests.oracle.sample import AS_OF, GONE, PARAMETERS, F, T, U, document, leaf, outcome

ONE_TWO = ["one", "two"]
OTHER = FactValue("system.other", "string")
OTHERS = FactValue("system.other", "list")

SCALARS = [
    ("equals", "boolean", True, True, T),
    ("equals", "boolean", True, False, F),
    ("equals", "boolean", True, 1, U),
    ("equals", "boolean", True, "true", U),
    ("equals", "boolean", True, None, U),
    ("equals", "boolean", True, GONE, U),
    ("equals", "boolean", True, {"value": True}, U),
    ("equals", "integer", 3, 3.0, T),
    ("equals", "integer", 3, 3.5, F),
    ("equals", "integer", 1, True, U),
    ("equals", "integer", 0, -0.0, T),
    ("equals", "number", 0.1, 0.1, T),
    ("equals", "number", 0.1, 0.30000000000000004, F),
    ("equals", "number", 3, "3", U),
    ("equals", "string", "one", "one", T),
    ("equals", "string", "one", "One", F),
    ("equals", "string", "one", "one ", F),
    ("equals", "string", "one", ["one"], U),
    ("equals", "string", "none", "none", T),
    ("equals", "string", "\u00e9", "e\u0301", F),
    ("equals", "date", "2026-01-31", "2026-01-31", T),
    ("equals", "date", "2026-01-31", "2026-01-30", F),
    ("equals", "date", "2026-01-31", "2026-1-31", U),
    ("equals", "date", "2026-01-31", "none", U),
    ("equals", "date", AsOf(), AS_OF, T),
    ("equals", "date", Parameter("day"), "2026-01-31", T),
    ("not_equals", "string", "one", "two", T),
    ("not_equals", "string", "one", "one", F),
    ("not_equals", "string", "one", GONE, U),
    ("not_equals", "string", "one", 4, U),
    ("equals", "string", Parameter("word"), "two", T),
    ("equals", "boolean", Parameter("flag"), False, F),
    ("equals", "integer", Parameter("free"), 3, U),
    ("in", "string", ONE_TWO, "two", T),
    ("in", "string", ONE_TWO, "three", F),
    ("in", "string", ONE_TWO, {"k": "one"}, U),
    ("in", "string", [], "one", F),
    ("in", "integer", [1, 2], 2.0, T),
    ("in", "date", ["2026-01-31"], "2026-01-31", T),
    ("in", "string", Parameter("words"), "one", T),
    ("in", "string", Parameter("words"), "three", F),
    ("not_in", "string", ONE_TWO, "three", T),
    ("not_in", "string", ONE_TWO, "one", F),
    ("not_in", "string", ONE_TWO, None, U),
    ("contains", "string", "ne", "one", T),
    ("contains", "string", "", "", T),
    ("contains", "string", "no", "one", F),
    ("contains", "string", "no", ["no"], U),
    ("not_contains", "string", "no", "one", T),
    ("less_than", "integer", 3, 2, T),
    ("less_than", "integer", 3, 3, F),
    ("less_than", "integer", 3, None, U),
    ("less_than", "integer", 3, "2", U),
    ("at_most", "integer", 3, 3, T),
    ("at_most", "integer", 3, 3.0001, F),
    ("at_most", "integer", Parameter("minutes"), 15, T),
    ("at_most", "integer", Parameter("minutes"), 16, F),
    ("greater_than", "number", 3, 3, F),
    ("greater_than", "number", 3, 1e308, T),
    ("at_least", "number", 3, 3, T),
    ("at_least", "number", 3, -1e308, F),
    ("at_least", "number", 3, True, U),
    ("exists", "boolean", None, False, T),
    ("exists", "boolean", None, "x", U),
    ("exists", "string", None, "", T),
    ("exists", "string", None, "none", T),
    ("exists", "date", None, "2026-02-29", U),
    ("exists", "date", None, "2024-02-29", T),
    ("exists", "string", None, GONE, U),
    ("not_exists", "string", None, "x", F),
    ("not_exists", "string", None, GONE, U),
    ("not_exists", "string", None, None, U),
    ("is_empty", "string", None, "", T),
    ("is_empty", "string", None, " ", F),
    ("is_empty", "string", None, [], U),
    ("not_empty", "string", None, "x", T),
    ("matches", "string", "[a-z]+", "abc", T),
    ("matches", "string", "[a-z]+", "abc\n", F),
    ("matches", "string", "[a-z]+", "xabc1", F),
    ("matches", "string", "a|b", "ab", F),
    ("matches", "string", r"\d+", "\u0663", F),
    ("matches", "string", ".", "\U0001f600", T),
    ("matches", "string", "a", 1, U),
    ("starts_with", "string", "on", "one", T),
    ("starts_with", "string", "ne", "one", F),
    ("ends_with", "string", "ne", "one", T),
    ("ends_with", "string", "on", "one", F),
    ("length_at_least", "string", 2, "\U0001f600", F),
    ("length_at_least", "string", 2, "e\u0301", T),
    ("length_at_most", "string", 1, "\U0001f600", T),
    ("length_at_most", "string", 1, "ab", F),
    ("version_at_least", "string", "17.4", "17.4.0", T),
    ("version_at_least", "string", "17.4", "17.10", T),
    ("version_at_least", "string", "17.4", "17.3.9", F),
    ("version_at_least", "string", "17.4", "017.4", T),
    ("version_at_least", "string", "17.4", "17.4-beta", U),
    ("version_at_least", "string", "17.4", "", U),
    ("version_at_least", "string", "17.4", "1.2.3.4.5.6", F),
    ("version_at_least", "string", "17.4", "1.2.3.4.5.6.7", U),
    ("version_at_least", "string", "17.4", "1234567890", U),
    ("version_at_least", "string", "17.4", "999999999", T),
    ("version_at_least", "string", "17.4", "17.\u0664", U),
    ("version_at_least", "string", "17.4", 17.4, U),
    ("version_below", "string", "2", "1.9.9", T),
    ("version_below", "string", "2", "2.0", F),
]

DATES = [
    ("within_days", 30, "2026-10-24", T),
    ("within_days", 30, "2026-10-23", F),
    ("within_days", 0, AS_OF, T),
    ("within_days", 30, "2026-11-24", F),
    ("within_days", 30, "2026-02-30", U),
    ("within_days", 30, "0000-01-01", U),
    ("within_days", 10**9, "0001-01-01", T),
    ("within_days", Parameter("minutes"), "2026-11-08", T),
    ("within_days", Parameter("minutes"), "2026-11-07", F),
    ("older_than_days", 30, "2026-10-24", F),
    ("older_than_days", 30, "2026-10-23", T),
    ("older_than_days", 30, "2027-01-01", F),
    ("older_than_days", 10**9, "0001-01-01", F),
    ("before", "2026-01-31", "2026-01-30", T),
    ("before", "2026-01-31", "2026-01-31", F),
    ("before", AsOf(), "2026-11-22", T),
    ("before", "2026-01-31", "2026-1-1", U),
    ("before", "2026-01-31", "1900-02-29", U),
    ("before", "2026-01-31", "2000-02-29", T),
    ("before", "2026-01-31", "2026-01-30T00:00:00Z", U),
    ("before", "2026-01-31", "\u0662026-01-30", U),
    ("after", "2026-01-31", "2026-02-01", T),
    ("after", AsOf(), AS_OF, F),
    ("on_or_before", AsOf(), AS_OF, T),
    ("on_or_before", Parameter("day"), "2026-02-01", F),
    ("on_or_after", "2026-01-31", "2026-01-31", T),
    ("on_or_after", "2026-01-31", "9999-12-31", T),
    ("on_or_after", "2026-01-31", 20260131, U),
]

LISTS = [
    ("contains", "one", ["one"], T),
    ("contains", "one", ["one", None], T),
    ("contains", "one", ["two"], F),
    ("contains", "one", ["two", None], U),
    ("contains", "one", ["two", 3], U),
    ("contains", "one", {"k": "one"}, U),
    ("contains", "one", "one", U),
    ("contains", "one", [], F),
    ("contains", Parameter("word"), ["two"], T),
    ("not_contains", "one", ["two"], T),
    ("not_contains", "one", ["two", None], U),
    ("not_contains", "one", ["one", None], F),
    ("not_contains", "one", GONE, U),
    ("contains_any", ONE_TWO, ["two", None], T),
    ("contains_any", ONE_TWO, ["three"], F),
    ("contains_any", ONE_TWO, ["three", None], U),
    ("contains_any", [], ["three"], F),
    ("intersects", Parameter("words"), ["one"], T),
    ("contains_all", ONE_TWO, ["two", "one", "three"], T),
    ("contains_all", ONE_TWO, ["one"], F),
    ("contains_all", ONE_TWO, ["one", None], U),
    ("contains_all", [], [None], T),
    ("subset_of", ONE_TWO, ["one", "one"], T),
    ("subset_of", ONE_TWO, [], T),
    ("subset_of", ONE_TWO, ["one", "three", None], F),
    ("subset_of", ONE_TWO, ["one", None], U),
    ("exists", None, [], T),
    ("exists", None, [None], T),
    ("exists", None, {}, U),
    ("not_exists", None, [], F),
    ("is_empty", None, [], T),
    ("is_empty", None, [None], F),
    ("is_empty", None, "", U),
    ("not_empty", None, ["one"], T),
    ("length_at_least", 2, ["one", None], T),
    ("length_at_least", 2, ["one"], F),
    ("length_at_most", 1, ["one", None], F),
    ("length_at_most", 1, ["one"], T),
    ("length_at_most", 1, {"length": 1}, U),
]

INCOMPLETE = [
    ("contains", "one", ["one"], T),
    ("contains", "one", ["two"], U),
    ("contains_any", ONE_TWO, ["three"], U),
    ("contains_all", ONE_TWO, ["one", "two"], T),
    ("contains_all", ONE_TWO, ["one"], U),
    ("subset_of", ONE_TWO, ["one"], U),
    ("subset_of", ONE_TWO, ["three"], F),
    ("exists", None, [], T),
    ("is_empty", None, [], U),
    ("is_empty", None, [None], F),
    ("length_at_least", 1, ["one"], T),
    ("length_at_least", 2, ["one"], U),
    ("length_at_most", 0, ["one"], F),
    ("length_at_most", 1, ["one"], U),
]


@pytest.mark.parametrize(("test", "kind", "value", "fact", "expected"), SCALARS)
def test_scalars(test: str, kind: str, value: Any, fact: Any, expected: bool | None) -> None:
    assert outcome(leaf(test, kind, value), document(f=fact)) is expected


@pytest.mark.parametrize(("test", "value", "fact", "expected"), DATES)
def test_dates(test: str, value: Any, fact: Any, expected: bool | None) -> None:
    assert outcome(leaf(test, "date", value), document(f=fact)) is expected


@pytest.mark.parametrize(("test", "value", "fact", "expected"), LISTS)
def test_lists(test: str, value: Any, fact: Any, expected: bool | None) -> None:
    assert outcome(leaf(test, "list", value, items="string"), document(f=fact)) is expected
    wrapped = {"members": fact, "complete": True} if isinstance(fact, list) else fact
    assert outcome(leaf(test, "derived", value, items="string"), document(f=wrapped)) is expected


@pytest.mark.parametrize(("test", "value", "members", "expected"), INCOMPLETE)
@pytest.mark.parametrize("complete", [False, None, "true", 1, GONE])
def test_incomplete_lists(
    test: str, value: Any, members: list[Any], expected: bool | None, complete: Any
) -> None:
    fact = {"members": members, "complete": complete}
    if complete is GONE:
        del fact["complete"]
    assert outcome(leaf(test, "derived", value, items="string"), document(f=fact)) is expected


@pytest.mark.parametrize(
    ("test", "link", "expected"),
    [
        ("exists", {"records": [], "complete": True}, T),
        ("exists", {"records": {}, "complete": True}, U),
        ("exists", GONE, U),
        ("not_exists", {"records": []}, F),
        ("is_empty", {"records": [], "complete": True}, T),
        ("is_empty", {"records": []}, U),
        ("is_empty", {"records": [None]}, F),
        ("not_empty", {"records": [{"id": "v"}]}, T),
        ("is_empty", [], U),
    ],
)
@pytest.mark.parametrize("kind", ["link", "reverse"])
def test_links(test: str, link: Any, expected: bool | None, kind: str) -> None:
    given = document(links={} if link is GONE else {"vendors": link})
    assert outcome(leaf(test, kind, path="system.vendors"), given) is expected


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ("equals", "2026-01-31", F),
        ("not_equals", "2026-01-31", T),
        ("in", ["2026-01-31"], F),
        ("not_in", ["2026-01-31"], T),
        ("exists", None, F),
        ("not_exists", None, T),
        ("before", "2026-01-31", F),
        ("after", "2026-01-31", F),
        ("within_days", 9, F),
        ("older_than_days", 9, F),
        ("before", FactValue("system.other", "date"), F),
        ("before", Parameter("free"), F),
    ],
)
def test_known_none(test: str, value: Any, expected: bool) -> None:
    assert outcome(leaf(test, "date", value, none=True), document(f="none")) is expected


def test_known_none_of_texts() -> None:
    assert outcome(leaf("is_empty", "string", none=True), document(f="none")) is T
    assert outcome(leaf("not_empty", "string", none=True), document(f="none")) is F
    assert outcome(leaf("equals", "string", "none", none=True), document(f="none")) is F
    assert outcome(leaf("exists", "string", none=True), document(f="None")) is T
    assert outcome(leaf("matches", "string", ".*", none=True), document(f="none")) is F


@pytest.mark.parametrize(
    ("f", "other", "plain", "none"),
    [
        ("2026-01-01", "2026-01-02", T, T),
        ("2026-01-01", "none", U, F),
        ("2026-01-01", GONE, U, U),
        (GONE, "none", U, F),
        (None, None, U, U),
        (GONE, "2026-01-02", U, U),
    ],
)
def test_compared_facts(f: Any, other: Any, plain: bool | None, none: bool | None) -> None:
    given = document(f=f, other=other)
    for accepts, expected in ((False, plain), (True, none)):
        compared = FactValue("system.other", "date", accepts)
        assert outcome(leaf("before", "date", compared), given) is expected
        assert outcome(leaf("within_days_of", "date", compared, days=Literal(5)), given) is expected
        differs = None if expected is None else True
        assert outcome(leaf("not_equals", "date", compared), given) is differs


@pytest.mark.parametrize(
    ("f", "other", "days", "expected"),
    [
        ("2026-03-02", "2026-01-01", Literal(60), T),
        ("2026-03-03", "2026-01-01", Literal(60), F),
        ("2025-01-01", "2026-01-01", Literal(0), T),
        ("2026-01-16", "2026-01-01", Parameter("minutes"), T),
        ("2026-01-17", "2026-01-01", Parameter("minutes"), F),
        ("2026-01-17", "2026-01-01", Parameter("free"), U),
        ("2026-01-17", "2026-00-01", Literal(60), U),
        ("2026-01-17", "2026-01-01", FactValue("system.days", "integer"), F),
    ],
)
def test_within_days_of(f: str, other: str, days: Value, expected: bool | None) -> None:
    given = document(f=f, other=other, days=15)
    tree = leaf("within_days_of", "date", FactValue("system.other", "date"), days=days)
    assert outcome(tree, given) is expected


@pytest.mark.parametrize(
    ("test", "f", "other", "expected"),
    [
        ("in", "one", ["one", None], T),
        ("in", "one", ["two"], F),
        ("in", "one", ["two", None], U),
        ("in", "one", "one", U),
        ("in", None, ["one"], U),
        ("contains_any", ["one"], ["one", 4], T),
        ("contains_any", ["one"], ["two"], F),
        ("contains_any", ["one"], ["two", None], U),
        ("contains_any", ["one"], GONE, U),
        ("contains_all", ["one"], ["one"], T),
        ("contains_all", ["one"], ["one", None], U),
        ("contains_all", ["one"], ["two", None], F),
        ("contains_all", ["one", None], ["two"], U),
        ("subset_of", ["one"], ["one", None], T),
        ("subset_of", ["three"], ["one", None], U),
        ("subset_of", ["three", None], ["one"], F),
    ],
)
def test_lists_of_other_facts(test: str, f: Any, other: Any, expected: bool | None) -> None:
    kind, items = ("string", None) if test == "in" else ("list", "string")
    given = document(f=f, other=other)
    assert outcome(leaf(test, kind, OTHERS, items=items), given) is expected


def test_members_of_other_types() -> None:
    dates = leaf("contains", "list", "2026-01-31", items="date")
    assert outcome(dates, document(f=["2026-01-30"])) is F
    assert outcome(dates, document(f=["2026-01-30", "2026-02-30"])) is U
    numbers = leaf("contains", "list", 1, items="integer")
    assert outcome(numbers, document(f=[True])) is U
    assert outcome(numbers, document(f=[1.0])) is T


@pytest.mark.parametrize("as_of", [None, "2026-02-30", 20261123, GONE])
def test_without_a_date_of_assessment(as_of: Any) -> None:
    given = {**document(f="2026-01-01"), "as_of": as_of}
    if as_of is GONE:
        del given["as_of"]
    for test, value in (("within_days", 3), ("older_than_days", 3), ("before", AsOf())):
        assert outcome(leaf(test, "date", value), given) is U
    assert outcome(leaf("before", "date", "2027-01-01"), given) is T
    assert (
        outcome(leaf("at_most", "integer", Parameter("minutes")), {**given, "system": {"f": 1}})
        is U
    )


@pytest.mark.parametrize(
    ("choice", "as_of", "expected"),
    [
        (GONE, AS_OF, T),
        (GONE, "2026-12-31", T),
        (GONE, "2027-01-01", F),
        (12, AS_OF, T),
        (11, AS_OF, F),
        ("12", AS_OF, U),
        (None, AS_OF, U),
    ],
)
def test_parameters_in_force(choice: Any, as_of: str, expected: bool | None) -> None:
    given = {**document(f=12), "as_of": as_of, "parameters": {"minutes": choice}}
    if choice is GONE:
        given["parameters"] = {}
    assert outcome(leaf("at_most", "integer", Parameter("minutes")), given) is expected


def test_a_later_date_of_parameters() -> None:
    tree = RuleTrees("rule", leaf("at_most", "integer", Parameter("minutes")))
    assert Evaluator(PARAMETERS).status(tree, document(f=12)) == "satisfied"
    assert Evaluator(PARAMETERS, at="2027-01-01").status(tree, document(f=12)) == "gap"


def test_every_operator_is_evaluated() -> None:
    assert set(OPERATORS) == set(TESTS) | set(NEGATED) | {"exists"}
    assert {o.name: o.negates for o in OPERATORS.values() if o.negates} == NEGATED


def test_every_operator_has_a_case() -> None:
    tested = {case[0] for case in [*SCALARS, *DATES, *LISTS]} | {"within_days_of"}
    assert tested == set(OPERATORS)
