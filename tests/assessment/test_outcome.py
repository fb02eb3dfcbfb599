"""Exit status and headline."""

from __future__ import annotations

import re

import pytest

from compliance.assessment.model import Count
from compliance.assessment.outcome import exit_status, headline
from tests.assessment.build import assessment, count, requirement

GAP = count("high", "gap", 2)
LOW_GAP = count("low", "gap", 1)
OPEN = count("medium", "unknown", 3)
FINE = count("low", "satisfied", 5)
COMING = count("critical", "gap", 4, "upcoming")


@pytest.mark.parametrize(
    ("counts", "fail_on", "allow", "status"),
    [
        ([FINE], "low", False, 0),
        ([GAP], "low", False, 1), ([GAP], "high", False, 1), ([GAP], "critical", False, 0),
        ([GAP], "none", False, 0), ([LOW_GAP], "medium", False, 0), ([LOW_GAP], "low", True, 1),
        ([OPEN], "low", False, 1), ([OPEN], "medium", False, 1), ([OPEN], "high", False, 0),
        ([OPEN], "low", True, 0), ([OPEN, GAP], "low", True, 1),
        ([COMING], "low", False, 0), ([count("high", "unknown", 1, "upcoming")], "low", False, 0),
        ([count("low", "error", 1)], "none", True, 3),
        ([GAP, count("low", "error", 1)], "low", 0, 3),
        ([count("high", "gap", 1, "not_sanctionable_until")], "low", False, 1),
        ([count("high", "gap", 1, "inherited")], "low", False, 1),
        ([count("high", "gap", 0)], "low", False, 0), ([], "low", False, 0),
    ],
)  # fmt: skip
def test_exit_status(counts: list[Count], fail_on: str, allow: bool, status: int) -> None:
    assert exit_status(assessment(counts), fail_on, allow) == status


def test_gaps_unknowns_and_requirements_are_counted() -> None:
    found = assessment(
        [GAP, OPEN, FINE, count("low", "not_applicable", 7)],
        [requirement("a", "not_met"), requirement("b", "met"), requirement("c", "met"),
         requirement("d", "not_met", upcoming=True)],
    )  # fmt: skip
    assert headline(found) == (
        "The Agency as of 2026-11-23: 2 gaps and 3 unknowns in 10 findings that apply; "
        "of 3 requirements 1 not met, 2 met."
    )


@pytest.mark.parametrize("counts", [[OPEN], [OPEN, FINE], [count("low", "error", 1), FINE]])
@pytest.mark.parametrize("fail_on", ["critical", "low", "none"])
@pytest.mark.parametrize("allow", [True, False])
def test_never_no_gaps_while_something_is_open(
    counts: list[Count], fail_on: str, allow: bool
) -> None:
    said = headline(assessment(counts), fail_on, allow)
    assert "no gaps" not in said
    assert "whether there are gaps cannot be told yet" in said


def test_no_gaps_where_everything_is_known() -> None:
    assert "no gaps and no unknowns in 5 findings that apply" in headline(assessment([FINE]))


def test_what_lies_below_the_threshold_is_named() -> None:
    found = assessment([LOW_GAP, OPEN, FINE])
    assert exit_status(found, "high", allow_unknown=False) == 0
    said = headline(found, "high")
    assert "1 gap and 3 unknowns in 9 findings" in said
    assert "1 gap and 3 unknowns of these below the threshold high" in said
    assert "below the threshold" not in headline(found, "low")


def test_no_threshold_and_unknowns_let_through_are_said() -> None:
    found = assessment([GAP, OPEN])
    assert "none of them counts, because no threshold is set" in headline(found, "none")
    assert "unknowns are let through" in headline(found, "low", allow_unknown=True)
    assert "let through" not in headline(assessment([GAP]), "low", allow_unknown=True)


def test_upcoming_decisions_and_wrong_values_are_apart() -> None:
    decided = count("low", "satisfied", 2, "by_documented_decision")
    said = headline(assessment([COMING, FINE, decided], wrong=1))
    assert "no gaps and no unknowns in 7 findings" in said
    for part in (
        "4 upcoming",
        "2 satisfied by documented decision",
        "1 wrong value read as unknown",
    ):
        assert part in said


def test_nothing_applied() -> None:
    assert "no rule in force applied" in headline(assessment([count("low", "not_applicable", 3)]))


def test_banned_words_never_appear() -> None:
    said = headline(assessment([GAP, OPEN, FINE, COMING], [requirement("a", "met")], wrong=2))
    assert not re.search(r"\b(compliant|certified|violation|pass|waived)\b", said, re.IGNORECASE)
