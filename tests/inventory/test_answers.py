"""Answers laid over records: what they fill in, what they never touch, where they stand."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.inventory.answers import ANSWERS, fact_path, fingerprint
from compliance.inventory.load import Loaded, load_inventory, load_values
from compliance.inventory.problems import ERROR, NOTE, WRONG_VALUE
from compliance.inventory.store import Inventory, Record
from tests.inventory.generated import RecordMaker
from tests.inventory.small import AS_OF, KINDS, load

DAY = "2026-03-01"


def answer(fact: str, value: Any = True, subject: str = "system/payroll", **more: Any) -> Any:
    given = {"subject": subject, "fact": fact, "answer": "value", "answered_on": DAY}
    return {**given, "value": value, **more}


def loaded(answers: list[Any], **system: Any) -> Loaded:
    return load_values(
        {
            "agency": {"id": "health"},
            "systems": [{"id": "payroll", **system}],
            "vendors": [{"id": "host"}],
            "answers": answers,
        },
        KINDS,
        AS_OF,
    )


def system(answers: list[Any], **facts: Any) -> Record:
    found = loaded(answers, **facts)
    assert found.inventory is not None, found.problems
    record = found.inventory.get("system", "payroll")
    assert record is not None
    return record


def test_an_answer_fills_in_what_its_record_leaves_open() -> None:
    record = system(
        [
            answer("mfa", True, by="administrator", evidence="ticket 7", source="portal"),
            answer("users", 5, assurance="attested"),
            answer("logging.enabled", False),
            answer("reviewed_on", "none"),
        ],
        users=None,
        logging=None,
    )
    assert record.get("mfa") is True
    assert record.provenance("mfa") == {
        "source": "portal", "reported_on": DAY, "by": "administrator", "evidence": "ticket 7",
        "assurance": "referenced",
    }  # fmt: skip
    assert (record.get("users"), record.provenance("users")["assurance"]) == (5, "attested")
    assert record.provenance("logging.enabled") == {"reported_on": DAY, "assurance": "asserted"}
    assert record.get("logging.enabled") is False
    assert record.get("reviewed_on") == "none"
    assert record.stated.get("mfa") is None


def test_a_fact_that_was_answered_stands_where_the_answer_stands() -> None:
    found = load("""\
agency: {id: health}
systems: [{id: payroll}]
vendors: [{id: host}, {id: post}]
answers:
- {subject: system/payroll, fact: vendors, answer: value, value: [host, post],
   answered_on: 2026-03-01}
- subject: system/payroll
  fact: logging.enabled
  answer: value
  answered_on: 2026-03-01
  value: true
""")
    assert found.inventory is not None
    record = found.inventory.get("system", "payroll")
    assert record is not None

    def at(path: str, **how: bool) -> tuple[int | None, int | None] | None:
        position = record.position(path, **how)
        return (position.line, position.column) if position else None

    assert at("vendors") == (5, 66)
    assert at("vendors.1") == (5, 73)
    assert at("vendors.2") is None
    assert at("logging.enabled") == (11, 10)
    assert at("logging") is None
    assert at("mfa") is None
    assert at("id") == (2, 16)
    linked = found.inventory.linked(record, "vendors")
    assert [one.id for one in linked.records] == ["host", "post"]
    assert linked.complete


def test_a_member_of_a_list_is_answered_by_its_number() -> None:
    software = [{"name": "a"}, {"name": "b", "version": "2"}]
    record = system([answer("software[1].eol_on", "2030-01-01")], software=software)
    assert record.get("software") == [
        {"name": "a", "patched_on": "none"},
        {"name": "b", "version": "2", "eol_on": "2030-01-01", "patched_on": "none"},
    ]
    assert record.provenance("software[1].eol_on")["reported_on"] == DAY
    assert software[1] == {"name": "b", "version": "2"}


def test_what_a_record_says_counts() -> None:
    found = loaded([answer("mfa", True), answer("users", 5), answer("hosting", "cloud")],
                   mfa=False, users=5, hosting="cluod")  # fmt: skip
    assert found.inventory is not None
    record = found.inventory.get("system", "payroll")
    assert record is not None
    assert (record.get("mfa"), record.get("users"), record.get("hosting")) == (False, 5, None)
    notes = sorted(problem.path for problem in found.problems if problem.kind == NOTE)
    assert notes == ["answer about system/payroll hosting", "answer about system/payroll mfa"]
    kinds = sorted(problem.kind for problem in found.inventory.wrong_values)
    assert kinds == [NOTE, NOTE, WRONG_VALUE]


def test_one_and_true_are_different_answers() -> None:
    found = loaded([answer("users", 1), answer("users", True)])
    assert [problem.kind for problem in found.problems] == [ERROR]
    assert loaded([answer("users", 2), answer("users", 2.0)]).problems == ()


@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "value"])
def test_other_answers_fill_nothing_in(kind: str) -> None:
    said = {"subject": "system/payroll", "fact": "mfa", "answer": kind, "answered_on": DAY}
    found = loaded([{**said, "reason": "x", "evidence": "y"}])
    assert found.problems == ()
    assert found.inventory is not None
    [kept] = found.inventory.answers
    assert (kept.answer, kept.value) == (kind, None)
    record = found.inventory.get("system", "payroll")
    assert record is not None
    assert record.get("mfa") is None
    assert record.facts is record.stated


def test_the_later_answer_counts_and_on_one_day_the_one_with_a_value() -> None:
    later = {**answer("mfa", False), "answered_on": "2026-03-02"}
    not_known = {"subject": "system/payroll", "fact": "mfa", "answer": "dont_know"}
    assert system([later, answer("mfa", True)]).get("mfa") is False
    assert system([answer("mfa"), {**not_known, "answered_on": "2026-03-02"}]).get("mfa") is None
    assert system([answer("mfa"), {**not_known, "answered_on": DAY}]).get("mfa") is True
    assert system([{**not_known, "answered_on": DAY}, answer("mfa")]).get("mfa") is True


def test_no_sensitive_value_is_shown() -> None:
    found = loaded(
        [
            answer("screening", "secretly"),
            answer("screening", "not_clear", answered_on="2026-02-01"),
        ]
    )
    assert [p.kind for p in found.problems] == [WRONG_VALUE]
    found = loaded([answer("screening", "not_clear")], screening="clear")
    found_same_day = loaded([answer("screening", "clear"), answer("screening", "not_clear")])
    for problem in (*found.problems, *found_same_day.problems):
        assert "clear" not in str(problem)
        assert "secretly" not in str(problem)


def test_a_fingerprint_follows_what_identifies_the_subject() -> None:
    def of(fact: str | None = None, **facts: Any) -> str:
        record = system([], **facts)
        return fingerprint(record, fact_path(KINDS["system"], fact) if fact else None)

    assert of() == of(mfa=True)
    assert of(name="Payroll") != of()
    member = "software[0].eol_on"
    assert of(member, software=[{"name": "a"}]) != of(member, software=[{"name": "b"}])
    assert of(member, software=[{}, {"name": "b"}]) == of(member, software=[{}, {"name": "c"}])
    assert of("mfa", software=[{"name": "a"}]) == of()


def test_an_answer_about_something_else_is_not_used() -> None:
    about = fingerprint(system([], name="Payroll"))
    assert system([answer("mfa", about=about)], name="Payroll").get("mfa") is True
    found = loaded([answer("mfa", about=about)], name="Pay")
    assert [problem.kind for problem in found.problems] == [WRONG_VALUE]
    assert found.inventory is not None
    assert found.inventory.answers == ()
    record = found.inventory.get("system", "payroll")
    assert record is not None
    assert record.get("mfa") is None


def test_answers_do_not_change_fingerprints() -> None:
    software = [{"name": "a"}]
    path = fact_path(KINDS["system"], "software[0].version")
    before = fingerprint(system([], software=software), path)
    answered = system([answer("software[0].eol_on", "2030-01-01"), answer("name", "Payroll")],
                      software=software)  # fmt: skip
    assert fingerprint(answered, path) == before


def test_answers_may_stand_in_another_file_than_their_record(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(
        "answers:\n- {subject: system/payroll, fact: mfa, answer: value, value: true,"
        " answered_on: 2026-03-01}\n",
        encoding="utf-8",
    )
    (tmp_path / "b.yaml").write_text(
        "agency: {id: health}\nsystems: [{id: payroll}]\n", encoding="utf-8"
    )
    found = load_inventory([tmp_path], KINDS, AS_OF)
    assert found.inventory is not None
    record = found.inventory.get("system", "payroll")
    assert record is not None
    assert str(record.position("mfa")).endswith("answers.yaml:2:62")


def test_a_record_that_an_unread_file_may_hold(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("systems: [\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        "agency: {id: health}\nanswers:\n- {subject: system/payroll, fact: mfa, answer: dont_know,"
        " answered_on: 2026-03-01}\n",
        encoding="utf-8",
    )
    problems = load_inventory([tmp_path], KINDS, AS_OF).problems
    assert "unless a file that could not be read holds it" in str(problems[-1])


def _facts(inventory: Inventory) -> dict[str, Any]:
    return {record.subject: record.facts for record in inventory.iterate()}


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_an_answer_changes_no_fact_that_a_record_states(rng: random.Random) -> None:
    """Whatever records and answers say: known facts stay, and only what answers name is new."""
    maker = RecordMaker(KINDS, rng, wrong=0.1)
    kind = KINDS["system"]
    paths = [fact.path for fact in kind.facts.values() if fact.entered and fact.path != "id"]
    value = {"agency": {"id": "health"}, "systems": [maker.record(kind, "a"), {"id": "b"}]}
    before = load_values(copy.deepcopy(value), KINDS, AS_OF)
    if before.inventory is None:
        return
    answers = [
        {**answer(path, maker.written(kind.facts[path]), f"system/{name}")}
        for path in rng.sample(paths, 5)
        for name in "ab"
    ]
    answers = [one for one in answers if one["value"] is not None]
    after = load_values({**value, "answers": answers}, KINDS, AS_OF)
    if after.inventory is None:
        return
    new = {(one["subject"], one["fact"]) for one in answers}
    for record in before.inventory.iterate("system"):
        now = after.inventory.get("system", record.id)
        assert now is not None
        assert now.stated == record.facts
        for path in paths:
            if record.get(path) is not None or (record.subject, path) not in new:
                assert now.get(path) == record.get(path), path


def test_a_fact_that_may_look_like_personal_data_may_be_answered(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "agency: {id: health}\nsystems: [{id: payroll}]\nanswers:\n- {subject: system/payroll,"
        " fact: owner, answer: value, value: 219-09-9999, answered_on: 2026-03-01}\n",
        encoding="utf-8",
    )
    [problem] = load_inventory([tmp_path], KINDS, AS_OF).problems
    assert "personal_data_allowed: [system.owner]" in problem.expected
    assert load_inventory([tmp_path], KINDS, AS_OF, ["system.owner"]).problems == ()
