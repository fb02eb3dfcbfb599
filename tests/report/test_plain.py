import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.report.plain import WIDTH, columns, enumeration, neutral, number, prose, value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ümlaut, 漢字", "plain text, ümlaut, 漢字"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("line\nfeed", r"line\nfeed"),
        ("bell\x07", r"bell\x07"),
        ("lone \ud800", r"lone \ud800"),
        ("c1 \x9b31m", r"c1 \x9b31m"),
    ],
)
def test_characters_that_act_or_mislead_become_visible(text: str, shown: str) -> None:
    assert neutral(text) == shown


@given(st.text(st.characters(codec=None)))
def test_neutral_text_is_printable_and_has_a_utf8_form(text: str) -> None:
    shown = neutral(text)
    assert shown.isprintable()
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (True, "true"),
        (False, "false"),
        (None, "(no value)"),
        (30, "30"),
        (0.5, "0.5"),
        ("1.2", "1.2"),
        ("two words", '"two words"'),
        ("", '""'),
        ([], "an empty list"),
        (["1.0", "1.2"], "1.0, 1.2"),
        ([None, "a"], "(no value), a"),
        (list(range(20)), "0, 1, 2, 3, 4, 5, 6, 7 and 12 more"),
        ({"name": "x", "eol_on": "2020-01-01"}, "name: x, eol_on: 2020-01-01"),
    ],
)
def test_a_value_reads_as_it_stands_in_a_file(data: object, shown: str) -> None:
    assert value(data) == shown


def test_a_long_value_is_cut_and_says_how_long_it_is() -> None:
    shown = value("x" * 2000)
    assert len(shown) < 200
    assert "2,000 characters" in shown


def test_prose_wraps_at_a_fixed_width_whatever_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "word " * 60
    wide = prose(text, "    ", "  - ")
    monkeypatch.setenv("COLUMNS", "20")
    assert prose(text, "    ", "  - ") == wide
    lines = wide.splitlines()
    assert lines[0].startswith("  - word")
    assert all(line.startswith("    word") for line in lines[1:])
    assert max(map(len, lines)) <= WIDTH


def test_prose_keeps_a_long_word_whole() -> None:
    path = "x" * 200
    assert prose(f"see {path} there").splitlines()[1] == path


def test_columns_are_aligned() -> None:
    assert (
        columns([["severity", "gap"], ["low", "1,000"]]) == "  severity    gap\n  low       1,000\n"
    )


def test_numbers_have_their_noun() -> None:
    assert number(1, "gap") == "1 gap"
    assert number(1204, "gap") == "1,204 gaps"
    assert number(2, "finding waits", "findings wait") == "2 findings wait"


def test_an_enumeration_says_what_it_leaves_out() -> None:
    assert enumeration(["a", "b"], 2) == "a, b"
    assert enumeration(["a", "b"], 1002) == "a, b and 1,000 more"
