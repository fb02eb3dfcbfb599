"""The deletion property against every way a rule's parts can come out and lose what is known."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from compliance.inventory.kinds import load_kinds
from compliance.policy.conditions import Leaf, Literal
from compliance.policy.deletion import allowed, covered
from compliance.policy.model import DECISION_MARK
from tests.oracle.evaluator import Evaluator, RuleTrees

VALUES = (True, False, None)
STATUSES = (
    "satisfied", "satisfied+by_documented_decision", "satisfied+outer_limit_only", "gap", "unknown",
    "not_applicable",
)  # fmt: skip


def flag(name: str) -> Leaf:
    return Leaf(name, f"system.{name}", "equals", "boolean", Literal(True))


def status(rule: RuleTrees, values: tuple[bool | None, ...]) -> str:
    facts = dict(zip(("applies", "expect", "otherwise"), values, strict=True))
    return Evaluator().status(rule, {"system": facts})


def statuses_that_follow() -> set[tuple[str, str]]:
    found = set()
    for outer in (True, False):
        rule = RuleTrees(
            "rule", flag("expect"), applies=flag("applies"), otherwise=flag("otherwise"),
            mark=DECISION_MARK, outer_limit=outer,
        )  # fmt: skip
        for before in product(VALUES, repeat=3):
            for after in product(*((value, None) for value in before)):
                found.add((status(rule, before), status(rule, after)))
    return found


def test_it_allows_what_can_follow_and_nothing_else() -> None:
    permitted = {pair for pair in product(STATUSES, repeat=2) if allowed(*pair)}
    assert permitted == statuses_that_follow()


@pytest.mark.parametrize("before", ["satisfied", "not_applicable", "unknown"])
@pytest.mark.parametrize("after", ["satisfied", "not_applicable", "unknown", "gap", "error"])
def test_applicability_stays_or_becomes_unknown(before: str, after: str) -> None:
    assert allowed(before, after, applicability=True) is (after in (before, "unknown"))


@pytest.mark.parametrize("word", ["error", "", "ok", "satisfied+upcoming"])
def test_words_that_are_no_status_of_an_engine(word: str) -> None:
    assert not allowed("gap", word)
    assert not allowed(word, "unknown")


def test_facts_whose_absence_says_something_are_left_out() -> None:
    kinds = load_kinds(Path(__file__).parents[1] / "oracle" / "kinds")
    assert covered(kinds["unit"].facts["tested_on"])
    assert not covered(kinds["unit"].facts["lost_on"])
