"""What both engines share."""

import json
from typing import Any

import pytest

from compliance.engine import interface
from compliance.engine.interface import EngineError, Entries, Evaluation, FaultError, Measures, Why
from tests.engine.building import ENTRIES, ROOT


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"schema": 1, "as_of": "2026-11-23", "agency": {}, "parameters": {}}, "agency"),
        ({"agency": {}, "totals": {}, "why": {}}, "agency"),
        ({"agency": {}, "system": {}}, "system"),
        ({"system": {}}, "system"),
    ],
)
def test_the_kind_is_the_key_that_is_not_shared(document: dict[str, Any], kind: str) -> None:
    assert interface.document_kind(document) == kind


@pytest.mark.parametrize(
    ("document", "found"),
    [({}, "none"), ({"schema": 1}, "none"), ({"system": {}, "device": {}}, "device, system")],
)
def test_a_document_without_one_subject_is_refused(document: dict[str, Any], found: str) -> None:
    with pytest.raises(EngineError, match=f"its kinds are: {found}"):
        interface.document_kind(document)


def test_rules_of_a_kind_are_sorted_with_their_entries() -> None:
    entries = Entries("r", None, "w", "b", {"b": "p/b", "a": "p/a"}, {"system": ("b", "a")})
    assert list(entries.rules("system").items()) == [("a", "p/a"), ("b", "p/b")]
    assert entries.rules("device") == {}


def test_applies_has_one_entry_a_kind() -> None:
    assert ENTRIES.rules("system")["applies"] == f"{ROOT}/applies/system/status"


@pytest.mark.parametrize("rule", ["a", "applies"])
def test_a_rule_without_an_entry_is_refused(rule: str) -> None:
    entries = Entries("r", None, "w", "b", {"b": "p/b"}, {"system": ("b", rule)})
    with pytest.raises(EngineError, match=f"no entry point for the status of {rule}"):
        entries.rules("system")


@pytest.mark.parametrize(
    "value", [None, [], "gap", {}, {"a": "gap"}, {"a": "gap", "b": 1}, {"a": "gap", "c": "gap"}]
)
def test_results_that_are_not_the_rules_statuses_are_not_read(value: object) -> None:
    assert interface.read_statuses(value, {"a": "p/a", "b": "p/b"}) is None


@pytest.mark.parametrize("value", [None, {}, "gap", [], ["gap"], ["gap", 1], ["gap"] * 3])
def test_a_list_that_is_not_the_rules_statuses_is_not_read(value: object) -> None:
    assert interface.read_ordered(value, {"a": "p/a", "b": "p/b"}) is None


def test_a_list_of_statuses_is_in_the_order_of_the_rules() -> None:
    answer = interface.read_ordered(["gap", "satisfied"], {"a": "p/a", "b": "p/b"})
    assert answer == Evaluation({"a": "gap", "b": "satisfied"})


def test_results_are_read_in_the_order_of_the_rules() -> None:
    answer = interface.read_statuses({"b": "gap", "a": "satisfied"}, {"a": "p/a", "b": "p/b"})
    assert answer is not None
    assert list(answer.statuses.items()) == [("a", "satisfied"), ("b", "gap")]


def test_each_rule_asked_by_itself_has_a_status_or_an_error() -> None:
    def ask(path: str) -> object:
        if path == "p/b":
            raise FaultError("conflict")
        return {"p/a": "gap", "p/c": 7}.get(path)

    rules = {rule: f"p/{rule}" for rule in "abcd"}
    none = "The rule gave no status for this record."
    assert interface.ask_one_by_one(rules, ask) == Evaluation(
        {"a": "gap"}, {"b": "conflict", "c": none, "d": none}
    )


@pytest.mark.parametrize("value", [None, [], "true", {"a/expect": True}])
def test_measures_of_another_form_are_an_error(value: object) -> None:
    answer = interface.read_measures(value)
    assert answer.outcomes == {}
    assert answer.error is not None


def test_measures_are_sorted() -> None:
    answer = interface.read_measures({"b/expect": "true", "a/expect": "false"})
    assert answer == Measures({"a/expect": "false", "b/expect": "true"})
    assert list(answer.outcomes) == ["a/expect", "b/expect"]


@pytest.mark.parametrize("value", [None, [], {}, {"a": {}}, {"a": {}, "b": "true"}])
def test_an_explanation_that_lacks_a_rule_is_not_read(value: object) -> None:
    assert interface.read_why(value, ["a", "b"]) is None


def test_an_explanation_holds_the_rules_asked_about_alone() -> None:
    assert interface.read_why({"a": {}, "b": {"x": "true"}}, ["b"]) == Why({"b": {"x": "true"}})


def test_only_true_asks_about_a_rule() -> None:
    document = {"why": {"b": True, "a": True, "c": False, "d": "yes"}}
    assert interface.asked(document) == ["a", "b"]
    assert interface.asked({}) == []


def test_no_order_of_an_engine_shows() -> None:
    one = {"b": [{"y": 1, "x": [3, 1, None]}, "a"], "a": ["b", 2, "a", True]}
    other = {"a": ["a", True, "b", 2], "b": ["a", {"x": [None, 1, 3], "y": 1}]}
    assert json.dumps(interface.in_order(one)) == json.dumps(interface.in_order(other))


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), "\udc00", {"\ud800": 1}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        interface.encode({"system": {"value": value}})


def test_documents_are_sent_as_short_utf_8() -> None:
    document = {"system": {"name": "é\0\U0001f600", "list": [1, 0.5, None, True]}}
    text = interface.encode(document)
    assert text == '{"system":{"name":"é\\u0000\U0001f600","list":[1,0.5,null,true]}}'.encode()
    assert json.loads(text) == document
