"""What cells say about facts, and that what is written into a cell is what is read from it."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.fact_schemas import PROVENANCE_FACTS
from compliance.inventory.kinds import ANY, Fact, load_kinds
from compliance.inventory.tables.cells import (
    BLANK,
    NOT_KNOWN,
    Cell,
    cell_text,
    neutralised,
    read_cell,
    restored,
    takes_any_form,
    write_cell,
)

KINDS = load_kinds(resources.schemas() / "inventory")
FACTS = [fact for kind in KINDS for fact in KINDS[kind].facts.values() if fact.entered]
FACTS += [inner for fact in FACTS for inner in fact.fields.values()]
FACTS += PROVENANCE_FACTS.values()

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
        lambda text: not any(ord(char) < 32 and char not in "\t\n\r" for char in text)
        and not any(0x7F <= ord(char) <= 0x9F and char != "\x85" for char in text)
    ),
    st.sampled_from(
        ["", " ", "a\r\nb", "=1+1", "'=1", "''-x", "-", "N/A", "none", "None", "TBD", "#REF!",
         "# x", "[1]", "{}", '"', '"a"', "a; b", ";", "yes", "TRUE", "1.0", "007", "1e3", "_x0041_",
         "\ufffe", "\u2028", "2026-03-02", "2026-03-02 10:00", "all: system", "10%", "x" * 2000,
         "@SUM(A1)", "\t=1", "+1", "'", "é", "😀", "\ufeffx", "a,b", "[]", "null"]
    ),
)  # fmt: skip
IDS = st.from_regex(r"[a-z0-9][a-zA-Z0-9._-]{0,8}", fullmatch=True)
SUBJECTS = st.builds(lambda name: f"system/{name}", IDS)
DATES = st.dates(datetime.date(1, 1, 1)).map(datetime.date.isoformat)


def fact(path: str) -> Fact:
    found = KINDS.fact(path)
    assert found is not None
    return found


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Plain values that a fact may have, null and ``none`` among them."""
    known = _known(fact)
    words = [None, "none"] if fact.none else [None]
    return st.one_of(known, known, known, st.sampled_from(words))


def _known(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.type == "link":
        one = SUBJECTS if fact.target == ANY else IDS
        several = st.lists(st.one_of(one, st.none()), max_size=4)
        if takes_any_form(fact):
            return st.one_of(one, several, st.just({"all": "system"}))
        return several if fact.many else one
    if fact.type == "list":
        return st.lists(st.one_of(_one(fact, fact.items or ""), st.none()), max_size=4)
    return _one(fact, fact.type)


def _one(fact: Fact, type_: str) -> st.SearchStrategy[Any]:
    if fact.enum is not None:
        return st.sampled_from(fact.enum)
    if type_ == "object":
        inner = {name: _known(inner) for name, inner in fact.fields.items()}
        return st.fixed_dictionaries({}, optional=inner)
    schema = fact.schema.get("items", fact.schema)
    numbers = st.floats(
        schema.get("minimum", -1e300), schema.get("maximum", 1e300), allow_nan=False
    ).filter(lambda number: not number.is_integer())
    whole = st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))
    return {
        "boolean": st.booleans(),
        "integer": whole,
        "number": st.one_of(numbers, whole),
        "date": DATES,
        "string": TEXTS,
    }[type_]


def same(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.full_path)
def test_every_example_of_a_schema_comes_back(fact: Fact) -> None:
    for value in (*fact.examples, *(fact.enum or ())):
        stated = [value] if fact.type == "list" and not isinstance(value, list) else value
        assert same(read_cell(fact, write_cell(fact, stated)).value, stated)


@settings(max_examples=1500)
@given(st.data())
def test_what_is_written_is_what_is_read(data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from(FACTS))
    value = data.draw(values(fact))
    written = write_cell(fact, value)
    for raw in (written, cell_text(written)):
        said = read_cell(fact, raw)
        assert said.wrong is None
        assert same(said.value, value)
    if isinstance(written, str):
        assert written[:1] not in ("=", "+", "-", "@", "\t", "\r")


@given(TEXTS)
def test_exactly_one_apostrophe_is_put_before_a_text_and_taken_off(text: str) -> None:
    assert restored(neutralised(text)) == text
    assert neutralised(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_null_is_written_so_that_absence_does_not_say_none() -> None:
    lost = fact("device.lost_on")
    assert lost.absent_none
    assert read_cell(lost, write_cell(lost, None)).stated
    assert write_cell(fact("system.name"), None) is None


def test_a_value_of_another_type_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"system\.name"):
        write_cell(fact("system.name"), 5)


READ: list[tuple[str, Cell, Any]] = [
    ("system.mfa", None, None),
    ("system.public_facing", "Yes", True),
    ("system.public_facing", " n ", False),
    ("system.public_facing", True, True),
    ("system.public_facing", 1.0, 1),
    ("system.public_facing", "1", "1"),
    ("system.public_facing", "maybe", "maybe"),
    ("system.public_facing", "N/A", None),
    ("system.name", "N/A", None),
    ("system.name", "  Payroll\xa0", "Payroll"),
    ("system.name", 1001.0, "1001"),
    ("system.name", 10.1, "10.1"),
    ("system.name", '"N/A"', "N/A"),
    ("system.name", "[1]", "[1]"),
    ("system.name", "none", "none"),
    ("system.owner", "None", "none"),
    ("system.owner", '"None"', "None"),
    ("system.hosting", "State data-center", "state_data_center"),
    ("system.hosting", "elsewhere", "elsewhere"),
    ("system.access_control_model", "NONE", "none"),
    ("system.data_types", "ephi; PII;", ["ephi", "pii"]),
    ("system.data_types", "none", []),
    ("system.data_types", "[]", []),
    ("system.data_types", "ephi; unknown", ["ephi", None]),
    ("system.data_types", '["ephi", null]', ["ephi", None]),
    ("system.vendors", "None", []),
    ("system.vendors", 7.0, ["7"]),
    ("system.vendors", "a;b", ["a", "b"]),
    ("system.component", "health", "health"),
    ("system.restoration_priority", "1,000", 1000),
    ("system.restoration_priority", 3.0, 3),
    ("system.restoration_priority", "3 days", "3 days"),
    ("system.restoration_priority", "3%", "3%"),
    ("system.go_live_on", datetime.date(2026, 3, 2), "2026-03-02"),
    ("system.go_live_on", datetime.datetime(2026, 3, 2, 23, 59), "2026-03-02"),
    ("system.go_live_on", "2026-03-02T10:00:00Z", "2026-03-02"),
    ("system.go_live_on", "3/2/2026", "3/2/2026"),
    ("system.go_live_on", 46083.0, 46083),
    ("agency.training.completion_pct", "97.5 %", 97.5),
    ("agency.training.completion_pct", 45.0, 45),
    ("decision.about", "All: system", {"all": "system"}),
    ("decision.about", "system/a", "system/a"),
    ("decision.about", "system/a; vendor/b", ["system/a", "vendor/b"]),
]


@pytest.mark.parametrize(("path", "raw", "value"), READ)
def test_a_cell_is_read_as_a_person_means_it(path: str, raw: Cell, value: Any) -> None:
    if path == "system.mfa":
        assert read_cell(fact("system.name"), raw) == BLANK
        return
    said = read_cell(fact(path), raw)
    assert said.wrong is None
    assert same(said.value, value)
    assert said.stated


WRONG: list[tuple[str, Cell, str]] = [
    ("system.name", datetime.date(2026, 10, 2), "a date stands in the cell"),
    ("system.name", 12345678901234567.0, "fifteen digits"),
    ("system.name", "#REF!", "the error #REF!"),
    ("system.public_facing", "#n/a", "the error #N/A"),
    ("system.name", "a\x01b", "control character"),
    ("system.data_types", "ephi, pii", "commas stand between"),
    ("system.go_live_on", datetime.time(10, 0), "a time of day"),
    ("agency.training.completion_pct", 0.45, "is not clear"),
    ("agency.training.completion_pct", 1.0, "is not clear"),
    ("system.software", '[{"name": "x", "name": "y"}]', "stands twice"),
]


@pytest.mark.parametrize(("path", "raw", "words"), WRONG)
def test_what_cannot_be_meant_is_refused_and_not_guessed(path: str, raw: Cell, words: str) -> None:
    said = read_cell(fact(path), raw)
    assert said.value is None
    assert said.wrong is not None
    assert words in said.wrong.message


@pytest.mark.parametrize("word", sorted(NOT_KNOWN))
def test_words_for_not_known_are_unknown_and_said(word: str) -> None:
    for path in ("system.name", "system.public_facing", "system.vendors", "system.go_live_on"):
        said = read_cell(fact(path), word.upper())
        assert said.value is None
        assert said.note == f'"{word}" counts as unknown'


def test_an_allowed_value_is_never_a_word_for_not_known() -> None:
    for each in FACTS:
        for choice in each.enum or ():
            assert read_cell(each, choice.upper()).note == ""


def test_allowed_values_are_told_apart_without_case_and_by_their_labels() -> None:
    for each in FACTS:
        for choice in each.enum or ():
            listed = each.type == "list"
            for text in (choice.upper().replace("_", " "), each.labels.get(choice, choice)):
                said = read_cell(each, text).value
                assert said == ([choice] if listed else choice) or (choice, said) == ("none", [])
