"""Reports of sections, tables and lists, as text and as Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.report.blocks import Line, Page, Section, Table, as_markdown, as_text, markdown
from compliance.report.style import Style

ENTRY = Line("[high] one", (Line("below"),), "high")
PAGE = Page(
    "Title", "Lead.",
    (
        Section("First", ("A paragraph.", ENTRY, Line("two"))),
        Section("Empty", ()),
        Section("Numbers", (Table(("name", "before"), (("met", "1"), ("not met", "1,000"))),)),
    ),
    "SECRET",
)  # fmt: skip
HOSTILE = "<script>x</script> *a* _b_ [l](http://x.y) | # `c` &amp; @me \\ \u202e\x1b[2J\nnext"


def test_the_text() -> None:
    assert "".join(as_text(PAGE)) == (
        "SECRET\nTitle\n\nLead.\n"
        "\nFirst\n-----\n  A paragraph.\n\n  - [high] one\n    - below\n  - two\n"
        "\nNumbers\n-------\n  name     before\n  met           1\n  not met   1,000\n"
        "\nSECRET\n"
    )
    coloured = "".join(as_text(PAGE, Style(colour=True)))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == "".join(as_text(PAGE))


def test_the_markdown() -> None:
    assert "".join(as_markdown(PAGE)) == (
        "**SECRET**\n\n# Title\n\nLead.\n"
        "\n## First\n\nA paragraph.\n\n- \\[high\\] one\n  - below\n- two\n"
        "\n## Numbers\n\n| name | before |\n| --- | ---: |\n| met | 1 |\n| not met | 1,000 |\n"
        "\n**SECRET**\n"
    )


@pytest.mark.parametrize("form", [as_text, as_markdown])
def test_nothing_in_a_text_acts_on_a_terminal_or_misleads(form: type) -> None:
    page = Page(HOSTILE, HOSTILE, (
        Section(HOSTILE, (HOSTILE, Line(HOSTILE), Table((HOSTILE, "n"), ((HOSTILE, "1"),)))),
    ), HOSTILE)  # fmt: skip
    text = "".join(form(page))
    assert not re.search("[\u202e\x1b]", text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1. one", "1\\. one"), ("- one", "\\- one"), ("+ one", "\\+ one"), ("2) x", "2\\) x"),
        ("# one", "\\# one"), ("a|b", "a\\|b"), ("<b>", "\\<b\\>"), ("https://x.y", "https\\://x.y"),
        ("+2", "+2"), ("-1", "-1"), ("2026-11-23", "2026-11-23"),
    ],
)  # fmt: skip
def test_signs_that_mean_something_in_markdown_are_escaped(text: str, written: str) -> None:
    assert markdown(text) == written


@given(st.text())
def test_any_text_stays_one_line_in_which_every_sign_is_escaped(text: str) -> None:
    found = markdown(text)
    assert "\n" not in found
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]<>#|~!&@]", found)
