"""The questions of an assessment: exactly what is missing, in order, with what people need."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from compliance.asking import words
from compliance.asking.choosing import ChoiceError, choose
from compliance.asking.model import APPLICABILITY, STAGES, Asked, Questions
from compliance.asking.questions import questions
from compliance.asking.strictest import compared
from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import Expected, Leaf
from compliance.assessment.saved import from_data
from compliance.inventory.answers import fact_path, fingerprint
from compliance.inventory.load import load_inventory
from compliance.policy.model import SEVERITIES
from compliance.report.json import JsonReport
from tests.asking.health import AS_OF, EXAMPLES, KINDS, asked, assessed


@pytest.mark.parametrize("name", ["minimal", "health-agency", "coverage/nothing-known"])
def test_each_missing_fact_is_asked_once_and_nothing_else(name: str) -> None:
    assessment = assessed(EXAMPLES / name)
    found = questions(assessment, KINDS)
    keys = [question.key for question in found]
    assert len(keys) == len(set(keys))
    missing = {
        (subject, fact.path)
        for fact in assessment.summary.missing_facts
        for subject in fact.subjects
    }
    assert {(q.subject, _path(q.kind, q.fact)) for q in found} == missing
    assert {q.key for q in found if q.enter} == {
        (s, path.partition(".")[2]) for s, path in missing if not _entered(path)
    }


def _path(kind: str, fact: str) -> str:
    path = fact_path(KINDS[kind], fact)
    if path is None:
        return f"{kind}.{fact}"  # a list of records
    inner = path.fact.path if path.list is None else f"{path.list}.{path.fact.path}"
    return f"{kind}.{inner}"


def _entered(path: str) -> bool:
    fact = KINDS.fact(path)
    return fact is None or fact.entered


def test_questions_come_in_order_and_of_equals_the_records_of_one_fact_together() -> None:
    found = asked(EXAMPLES / "health-agency")
    assert found.items[0].stage == APPLICABILITY
    assert [question.number for question in found] == list(range(1, len(found) + 1))
    ranks = [
        (
            STAGES.index(question.stage),
            -question.findings,
            SEVERITIES.index(question.severity),
            _path(question.kind, question.fact),
            question.subject,
        )
        for question in found
    ]
    assert ranks == sorted(ranks)
    assert found.items[0].findings == max(one.findings for one in found)


def test_missing_records_are_never_left_out_in_silence() -> None:
    found = asked(EXAMPLES / "minimal")
    [question] = [one for one in found if one.enter]
    assert question.key == ("agency/county-clinic", "documents")
    assert question.text == "Document records: which are missing, or not filled in?"
    assert question.allowed.startswith("No answer here: list in the inventory itself")
    assert question.allowed in list(words.notes(question))
    assert not question.answerable
    assert [why.rule for why in question.why] == ["procedures-for-every-standard"]


def test_a_question_says_what_people_need() -> None:
    found = asked(EXAMPLES / "minimal")
    [question] = [one for one in found if one.fact == "risk_analysis.completed_on"]
    assert question.record == "County Clinic (agency/county-clinic)"
    assert question.text.endswith("?")
    assert question.asked_of == "security officer"
    assert question.allowed.startswith("A date such as 2026-11-23. Enter none")
    assert question.severity == "critical"
    assert question.findings == len(question.why)
    first = question.why[0]
    assert (first.policy, first.rule, first.basis) == ("hipaa", "risk-analysis-done", "law")
    assert first.citations == ("45 CFR 164.308(a)(1)(ii)(A)",)
    ranks = [SEVERITIES.index(one.severity) for one in question.why]
    assert ranks == sorted(ranks)


def test_the_fingerprint_is_that_of_the_inventory() -> None:
    loaded = load_inventory([EXAMPLES / "health-agency"], KINDS, AS_OF)
    assert loaded.inventory is not None
    members = 0
    for question in asked(EXAMPLES / "health-agency"):
        record = loaded.inventory.get(question.kind, question.subject.partition("/")[2])
        path = fact_path(KINDS[question.kind], question.fact)
        assert record is not None
        assert question.about == fingerprint(record, path)
        members += path is not None and path.list is not None
        if record.get("name"):
            assert question.name == record.get("name")
    assert members


def test_a_saved_assessment_asks_the_same() -> None:
    assessment = assessed(EXAMPLES / "minimal")
    saved = from_data(json.loads("".join(JsonReport().render(assessment))))
    assert questions(saved, KINDS) == questions(assessment, KINDS)


def test_the_folder_is_the_one_of_all_files(tmp_path: Path) -> None:
    assert asked(EXAMPLES / "health-agency").folder == (EXAMPLES / "health-agency").as_posix()
    assert (
        asked(EXAMPLES / "minimal" / "inventory.yaml").folder == (EXAMPLES / "minimal").as_posix()
    )


def test_a_value_that_cannot_be_used_is_mended_where_it_stands(tmp_path: Path) -> None:
    text = (EXAMPLES / "minimal/inventory.yaml").read_text(encoding="utf-8")
    text = text.replace("    mfa: false  ", "    mfa: perhaps")
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    [question] = [one for one in asked(tmp_path) if one.fact == "mfa"]
    assert question.mend is not None
    assert "inventory.yaml:" in question.mend
    assert all(one.mend is None for one in asked(EXAMPLES / "minimal"))


def some_of(found: Questions, **given: Any) -> Questions:
    return choose(found, KINDS, **given)


def test_a_part_for_one_person() -> None:
    found = asked(EXAMPLES / "health-agency")
    role = next(iter(found.roles))
    part = some_of(found, roles=[role.upper()])
    assert len(part) == found.roles[role] > 0
    assert {one.asked_of for one in part} == {role}
    assert part.left_out == len(found) - len(part)
    assert [one.number for one in part] == list(range(1, len(part) + 1))
    systems = some_of(found, kind_names=["system"], limit=3)
    assert [one.kind for one in systems] == ["system"] * 3
    assert len(some_of(found)) == len(found)


def test_a_role_or_kind_that_nobody_has() -> None:
    found = asked(EXAMPLES / "minimal")
    with pytest.raises(ChoiceError, match="Did you mean security officer"):
        some_of(found, roles=["security oficer"])
    with pytest.raises(ChoiceError, match="Did you mean system"):
        some_of(found, kind_names=["systm"])


def leaf(test: str, value: Any, text: str = "", cut_off: str | None = None) -> Leaf:
    expected = Expected(text or f"{test} {value}", value, cut_off=cut_off)
    return Leaf("expect", "system.x", "system/a", test, expected, "unknown", "missing")


@pytest.mark.parametrize(
    ("first", "second", "strictest"),
    [
        (leaf("at_most", 15), leaf("at_most", 30), "a"),
        (leaf("at_least", 15), leaf("at_least", 30), "b"),
        (leaf("within_days", 365, cut_off="2025-11-23"),
         leaf("within_days", 90, cut_off="2026-08-25"), "b"),
        (leaf("in", ["x", "y"]), leaf("equals", "x"), "b"),
        (leaf("in", ["x", "y"]), leaf("in", ["y", "z"]), None),
        (leaf("equals", True), leaf("equals", 1), None),
        (leaf("at_most", 15), leaf("at_least", 30), None),
        (leaf("at_most", None), leaf("at_most", 30), None),
    ],
)  # fmt: skip
def test_the_strictest_of_what_rule_sets_ask(
    first: Leaf, second: Leaf, strictest: str | None
) -> None:
    asks, most = compared({"a": [first], "b": [second]})
    assert [one.policy for one in asks] == ["a", "b"]
    assert (most.policy if most else None) == strictest


def test_rule_sets_that_ask_the_same_are_not_compared() -> None:
    assert compared({"a": [leaf("at_most", 15)], "b": [leaf("at_most", 15)]}) == ((), None)
    assert compared({"a": [leaf("at_most", 15)]}) == ((), None)
    asks, most = compared(
        {"a": [leaf("at_most", 15), leaf("at_least", 1)], "b": [leaf("at_most", 9)]}
    )
    assert asks[0].text == "at_least 1 and at_most 15"
    assert most is None


def test_rule_sets_that_differ_are_told_in_the_question() -> None:
    """The same rule set a second time, with a shorter interval for the log review."""
    found = assessed(EXAMPLES / "minimal")
    [law] = [
        one for one in found.findings.open()
        if one.rule == "log-review-interval" and one.status == "unknown"
    ]  # fmt: skip
    [one] = [leaf for leaf in law.leaves if leaf.part == "expect"]
    shorter = replace(one, expected=replace(one.expected, text="a week", cut_off="2026-11-16"))
    strict = replace(law, policy="strict", leaves=(shorter,))
    both = (found.policies[0], replace(found.policies[0], id="strict"))
    assessment = replace(found, policies=both, findings=ListedFindings([law, strict]))
    [question] = questions(assessment, KINDS)
    assert [one.policy for one in question.asks] == ["hipaa", "strict"]
    assert question.strictest == Asked("strict", "a week")
    assert "The strictest is a week (strict)." in words.differing(question)
    assert "hipaa asks for 2026-" in words.differing(question)
    proposed = (both[0], replace(both[1], binding="proposed"))
    [question] = questions(replace(assessment, policies=proposed), KINDS)
    assert question.asks == ()
