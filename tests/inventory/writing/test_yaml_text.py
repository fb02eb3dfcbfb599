"""YAML text of plain values: our reader reads back the identical value, and others read it too."""

import datetime
import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from compliance.inventory.reader import read_bytes
from compliance.inventory.writing.nodes import UnwritableError
from compliance.inventory.writing.yaml_text import yaml_text

LETTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\n\t\r\x85\u2028", max_codepoint=0x1FFFF
)
TRICKY = st.text(st.sampled_from("ab-:#,?[]{}'\"\\ \n\t!&*|>%@`~<=.0123_eExoTZ+/"), max_size=12)
WORDS = st.sampled_from(
    ["no", "Yes", "ON", "y", "null", "~", "true", "1e3", "1_000", "0o17", "017", "0x1F", "0b1",
     "1.10", ".inf", "-.INF", ".nan", "12:30:45", "2026-01-01", "2026-02-30", "0000-01-01",
     "2026-01-01T10:00:00Z", "=", "<<", "---", "--- a", "...", "- a", "a: b", "a #b", "", " a",
     "a ", "!", "a:", ": a", "? a", "#a", "\ufeff", "a\u202eb", "😀", "a\n", "a\n\nb", "a\n\n",
     "\n", "\na", " a\nb", "a \nb", "# a\n# b", "word " * 60 + "end", "w" * 300, "a  b " * 40]
)  # fmt: skip
TEXTS = st.one_of(st.text(LETTERS, max_size=30), TRICKY, WORDS)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False), TEXTS,
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def same(left: Any, right: Any) -> bool:
    """Equal in value, type, sign and order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return bool(left == right)


def undated(value: Any) -> Any:
    """What a reader of YAML 1.1 read, with its dates as texts."""
    if isinstance(value, dict):
        return {undated(key): undated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [undated(member) for member in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@settings(max_examples=400, deadline=None)
@given(VALUES)
@example([["a", []], [[]], {"a": {}}, [{"b": [{"c": "\n"}]}]])
@example({"a" * 200: ["x" * 120, {"k": "y " * 90}]})
@example("")
def test_what_is_written_is_read_back_by_all(value: Any) -> None:
    text = yaml_text(value)
    assert text.endswith("\n")
    assert yaml_text(value) == text
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        assert same(undated(yaml.load(text, loader)), value)  # noqa: S506
    if value is not None:
        reading = read_bytes(text.encode(), "a.yaml")
        assert not reading.problems
        assert reading.source
        assert same(reading.source.value, value)


@pytest.mark.parametrize(
    "value",
    ["\x00", "a\x07", "\ud800", 2**53 + 1, math.inf, math.nan, {1: "a"}, {"a" * 1100: 1}],
)
def test_what_no_reader_would_accept_is_refused(value: Any) -> None:
    with pytest.raises(UnwritableError):
        yaml_text([value])


def test_too_deep_a_value_is_refused() -> None:
    value: Any = 1
    for _ in range(64):
        value = [value]
    reading = read_bytes(yaml_text(value).encode(), "a.yaml")
    assert reading.source
    assert reading.source.value == value
    with pytest.raises(UnwritableError, match="more than 64 deep"):
        yaml_text([value])


def test_texts_are_quoted_only_where_a_reader_could_take_them_for_something_else() -> None:
    value = {
        "plain": "Screenshot DB-7",
        "day": "2026-01-01",
        "no_day": "2026-02-30",
        "word": "no",
        "number": "1.10",
        "colon": "a: b",
        "apostrophe": "it's",
        "begins": "'a",
        "list": ["a", "b, c", "https://example.org"],
        "lines": "one\ntwo\n",
        "long": "words " * 25 + "end",
    }
    assert yaml_text(value) == (
        "plain: Screenshot DB-7\n"
        "day: 2026-01-01\n"
        "no_day: '2026-02-30'\n"
        "word: 'no'\n"
        "number: '1.10'\n"
        "colon: 'a: b'\n"
        "apostrophe: it's\n"
        'begins: "\'a"\n'
        "list: [a, 'b, c', 'https://example.org']\n"
        "lines: |\n"
        "  one\n"
        "  two\n"
        "long: >-\n"
        f"  {'words ' * 15}words\n"
        f"  {'words ' * 9}end\n"
    )
