"""The report as a comment on a change."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.model import Assessment
from compliance.assessment.outcome import headline
from compliance.report.markdown_text import code, words
from tests.report.html.pages import many, with_texts
from tests.report.html.test_page import planned
from tests.report.reading import rendered
from tests.report.sample import POLICY, UNKNOWN, assessment, finding

LIMIT = 65_000


def comment(sample: Assessment | None = None) -> str:
    return rendered(sample or assessment(), "md")


def plain(text: str) -> str:
    """What a person reads: without the signs of Markdown and what keeps them from acting."""
    return re.sub(r"\\(.)", r"\1", text.replace("&#8203;", ""))


def test_it_begins_with_the_outcome_and_the_numbers() -> None:
    text = comment()
    assert text.startswith("## Gap report\n\n")
    assert headline(assessment()) in plain(text)
    assert "| severity | gap | unknown | satisfied | not applicable | upcoming |" in text
    assert "| high | 2 | 2 | 2 | 1 | 0 |" in text


def test_a_gap_names_paragraph_record_place_and_remedy() -> None:
    text = plain(comment())
    assert "- **high: Every user of the system has a unique identifier** — 2 system records" in text
    assert "Gap against 45 CFR 164.312(a)(2)(i). Rule `hipaa/unique-user-identification`." in text
    assert "To do: Give every workforce member an individual account. (effort: medium)" in text
    assert (
        "- `system/payroll` (Payroll); Multi-factor log-in: `false`, expected `true` at "
        "`inventory/systems.yaml:12:9`\n" in text
    )


def test_the_facts_that_settle_most_are_questions() -> None:
    text = plain(comment(assessment([UNKNOWN])))
    assert "- Does logging in need a second factor? `system.mfa` of `system/portal`" in text
    assert "Usually known by: system owner. 2 findings wait for it." in text


def test_the_plan_has_a_line() -> None:
    text = plain(comment(planned()))
    assert "Plan of action and milestones: 1 item: 1 accepted" in text
    assert "Findings from outside: 1 open, 1 overdue." in text


@pytest.mark.parametrize("amount", [1, 400, 20_000])
def test_a_comment_takes_it_and_it_says_how_many_more_there_are(amount: int) -> None:
    text = comment(many(amount, rules=200))
    assert len(text) < LIMIT
    rules = min(amount, 200)
    listed = text.count("Rule `hipaa/rule-")
    assert listed == min(rules, 25)
    if rules > listed:
        assert f"\nand {rules - listed} more; other formats list them.\n" in text
    assert "SHA-256" in text[-1_000:]


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f600", "*", "<", "@", "\x00", "`"])
def test_long_texts_everywhere_leave_it_short_enough(letter: str) -> None:
    sample = many(500, rules=100)
    long = with_texts(replace(sample, policies=sample.policies * 9), letter * 3_000)
    assert len(comment(long)) < LIMIT


def test_a_marking_that_is_very_long_is_cut() -> None:
    metadata = replace(assessment().metadata, marking="M" * 100_000)
    assert len(comment(replace(assessment(), metadata=metadata))) < LIMIT


def test_tables_have_as_many_cells_in_each_row() -> None:
    lines = [line for line in comment().splitlines() if line.startswith("|")]
    assert len(lines) == 7
    assert len({line.count("|") for line in lines}) == 1


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<!-- x", "&lt;b&gt;", "a | b", "`x` ``y``", "[a](http://b.c)",
     "![a](b)", "**a** __b__ ~~c~~", "http://a.b", "https://a.b/c", "HTTP://a.b", "www.a.b",
     "WWW.a.b", "a@b.org", "@admin", "x @admin/team y", "#12", "a/b#12", "!7", "%3", "~label",
     ":tada:", "# x", "> x", "- x", "+ x", "1. x", "12) x", "===", "---", "$a$", "\\", "a\nb",
     "| a |\n|---|", "\u202eabc", "\x1b[2J", "<a@b.org>", "ftp://a.b", "&#64;admin"],
)  # fmt: skip
def test_words_show_as_they_are(text: str) -> None:
    shown = words(text)
    assert harmless(shown) == []
    assert "\n" not in shown
    assert not re.match(r"([-+>#=]|\d+[.)])", shown)


@given(
    st.text(alphabet=st.sampled_from("@#:/.<>&|`*_[]()!~$\\ \nwhtps1a-+=\u202e\"'"), max_size=40)
)
def test_no_words_act(text: str) -> None:
    assert harmless(words(text)) == []


@given(st.text(alphabet="`a |\n<@\u202e ", max_size=30))
def test_code_ends_where_it_should(text: str) -> None:
    shown = code(text)
    kept = " ".join(text.split())
    if not kept:
        assert shown == ""
        return
    ticks = re.match(r"`+", shown)
    assert ticks
    fence = ticks[0]
    inner = shown[len(fence) : -len(fence)]
    assert shown.endswith(fence)
    assert all(run != fence for run in re.findall(r"`+", inner))
    assert inner.strip() == kept.replace("\u202e", "\\u202e")
    # Markdown takes one space off at both ends where there is one at both.
    assert "`" not in (inner[0], inner[-1])


ACTIVE = re.compile(
    r"(?<!\\)[<>|\[\]*_`]|&(?!#8203;|amp;|lt;|gt;|quot;)"
    r"|(?<!\\)\\(?=[A-Za-z0-9\s])|://|(?i:\bwww\.)|@(?!&#8203;)|(?<!\\)#(?!8203)|[\u202a-\u202e\u2066-\u2069]"
)


def harmless(text: str) -> list[str]:
    """What in some words Markdown would act on."""
    without_pairs = re.sub(r"\\\\", "", text)
    return [match[0] for match in ACTIVE.finditer(without_pairs)]


def test_what_acts_is_found() -> None:
    for text in ("<b>", "a|b", "@a", "http://x", "www.x", "#1", "*a*", "[a]", "`a`", "&copy;"):
        assert harmless(text)


def test_every_text_of_somebody_else_is_harmless() -> None:
    hostile = "<img src=x onerror=alert(1)> | @admin #1 `x` ![a](http://b.c) \u202e www.evil.org"
    text = comment(with_texts(planned(), hostile))
    outside = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    own = re.sub(r"(?m)^#+ .*$|^\|.*\|$|^- \*\*|\*\*( |$)|^\*\*", "", outside)
    assert harmless(own) == []
    assert "\u202e" not in text


def test_policies_beyond_some_are_counted() -> None:
    sets = tuple(replace(POLICY, id=f"set-{number}") for number in range(20))
    assert "- and 8 more rule sets\n" in comment(replace(assessment(), policies=sets))


def test_a_gap_of_a_policy_without_its_text_is_still_listed() -> None:
    assert "`other/rule`" in comment(assessment([finding(policy="other", rule="rule")]))
