"""questions.xlsx: what people see, and the whole way from question to settled finding."""

from __future__ import annotations

import datetime
import io
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from compliance.asking.model import Questions
from compliance.asking.workbook import ABOUT, COLUMNS, HIDDEN, questions_workbook
from compliance.assessment.asked import settled_path
from compliance.assessment.model import SATISFIED, UNKNOWN, Settling
from compliance.inventory.reader import read_file
from tests.asking.health import (
    AS_OF,
    EXAMPLES,
    KINDS,
    Filled,
    asked,
    assessed,
    some_answer,
    statuses,
    unknown,
)
from tests.cli.running import run

DAY = ("--as-of", AS_OF.isoformat())


@cache
def minimal() -> Questions:
    return asked(EXAMPLES / "minimal")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The minimal inventory in a folder of its own, the working folder above it."""
    shutil.copytree(EXAMPLES / "minimal", tmp_path / "clinic")
    monkeypatch.chdir(tmp_path)
    return Path("clinic")


def filled(folder: Path, *options: object) -> Filled:
    result = run("ask", folder, *DAY, "-o", "questions.xlsx", *options)
    assert result.exit_code == 0, result.output
    return Filled(Path("questions.xlsx").read_bytes())


def answer(*files: object, status: int = 0) -> str:
    result = run("answer", *files, *DAY)
    assert result.exit_code == status, result.output
    return result.output


def kept(folder: Path) -> list[dict[str, Any]]:
    found = read_file(folder / "answers.yaml").value["answers"]
    assert isinstance(found, list)
    return found


def test_the_workbook_is_made_to_be_filled_in() -> None:
    data = questions_workbook(minimal())
    assert data == questions_workbook(minimal())
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames[:2] == ["Questions", ABOUT]
    sheet = book["Questions"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.max_row == len(minimal()) + 1
    assert sheet.freeze_panes is not None
    last = get_column_letter(len(COLUMNS))
    assert sheet.auto_filter.ref == f"A1:{last}{len(minimal()) + 1}"
    hidden = {
        name
        for number, name in enumerate(COLUMNS, 1)
        if sheet.column_dimensions[get_column_letter(number)].hidden
    }
    assert hidden >= {HIDDEN[0]}
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    row = Filled(data).row("system/patient-records", "backup.enabled")
    rules = sheet.data_validations.dataValidation
    lists = [rule.formula1 for rule in rules if f"H{row}" in rule.sqref]
    assert lists == ['"yes,no,don\'t know"']
    assert len(rules) < len({question.choices for question in minimal()}) + 1
    about = {row[0].value: row[1].value for row in book[ABOUT].iter_rows()}
    assert about["Agency id"] == "county-clinic"
    assert about["Rule sets"] == "hipaa 1.0.0"


def test_no_text_of_the_inventory_becomes_a_formula() -> None:
    evil = '=HYPERLINK("http://x","y")\x1b[31m\u202e'
    items = tuple(replace(one, name=evil, text=evil, asked_of=evil) for one in minimal())
    book = load_workbook(io.BytesIO(questions_workbook(replace(minimal(), items=items))))
    for row in book["Questions"].iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
            assert "\u202e" not in str(cell.value)


@pytest.mark.parametrize("name", ["minimal", "health-agency"])
def test_the_whole_way(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tenth question is answered: what waited for one of these alone is settled, no more."""
    monkeypatch.chdir(tmp_path)
    folder = Path("agency")
    shutil.copytree(EXAMPLES / name, folder)
    before = assessed(folder)
    questions = asked(folder)
    sheet = filled(folder)
    chosen = [one for one in questions.items[::10] if one.mend is None]
    for question in chosen:
        sheet.put(sheet.row(question.subject, question.fact), some_answer(question))
    sheet.save(Path("back.xlsx"))
    told = answer("back.xlsx")
    assert f"{len(chosen)} answers taken into agency/answers.yaml" in told
    assert len(kept(folder)) == len(chosen)
    after = assessed(folder)
    assert {q.key for q in chosen}.isdisjoint(q.key for q in asked(folder))
    answered = {one.key for one in chosen}
    now = statuses(after)
    settled = 0
    for finding in before.findings.open():
        if finding.status != UNKNOWN or finding.rule == "applies":
            continue
        waits = {(one.subject, _fact(one)) for one in finding.settling}
        if waits <= answered:
            assert now.get(finding.id, SATISFIED) != UNKNOWN, finding.id
            settled += 1
        elif not waits & answered:
            assert now.get(finding.id) == UNKNOWN, finding.id
    assert settled
    for finding_id, status in statuses(before).items():
        if status != UNKNOWN and finding_id.split("/")[2] != "applies":
            assert now.get(finding_id) == status, finding_id


def _fact(settling: Settling) -> str:
    path = settled_path(KINDS, settling)
    return path.text if path is not None else settling.path


def test_answers_are_kept_with_who_when_and_evidence(folder: Path) -> None:
    sheet = filled(folder)
    one = sheet.row("system/patient-records", "backup.enabled")
    sheet.put(one, "Yes", Answered_on=datetime.datetime(2026, 11, 20), Evidence="ticket 7")
    two = sheet.row("agency/county-clinic", "risk_analysis.completed_on")
    sheet.put(two, "2026-10-01", Answered_on="2026-11-21", Comment_or_reason="by phone")
    told = answer(sheet.save(Path("questions.xlsx")))
    assert "2 answers taken" in told
    assert "122 questions not answered" in told
    second, first = kept(folder)
    about = first.pop("about")
    assert first == {
        "subject": "system/patient-records", "fact": "backup.enabled", "answer": "value",
        "value": True, "by": "help desk", "answered_on": "2026-11-20", "evidence": "ticket 7",
    }  # fmt: skip
    assert len(about) == 16
    assert (second["value"], second["answered_on"]) == ("2026-10-01", "2026-11-21")
    assert second["reason"] == "by phone"
    assert "2 known already" in answer("questions.xlsx")


def test_answers_without_a_value_settle_nothing(folder: Path) -> None:
    before = assessed(folder)
    sheet = filled(folder)
    words: Iterator[str] = iter(
        ["don't know", "n/a because we have none", "see binder 2", "?", "N/A", "see evidence"] * 40
    )
    for question in minimal():
        if question.enter:
            continue
        row = sheet.row(question.subject, question.fact)
        sheet.put(row, next(words), Evidence="binder 3", Comment_or_reason="so it is")
    answer(sheet.save(Path("questions.xlsx")))
    kinds = {one["answer"] for one in kept(folder)}
    assert kinds == {"dont_know", "not_applicable", "see_evidence"}
    assert statuses(assessed(folder)) == statuses(before)
    reasons = {one["reason"] for one in kept(folder) if one["answer"] == "not_applicable"}
    assert reasons == {"we have none; so it is", "so it is"}
    assert len(asked(folder)) == len(minimal())


def test_removing_answers_turns_nothing_into_satisfied(folder: Path) -> None:
    before = statuses(assessed(folder))
    sheet = filled(folder)
    rng = random.Random(7)  # noqa: S311
    for question in minimal():
        if question.enter:
            continue
        choices = [choice for choice in question.choices if choice != "none"]
        value = rng.choice(choices) if choices else some_answer(question)
        sheet.put(sheet.row(question.subject, question.fact), value)
    answer(sheet.save(Path("questions.xlsx")))
    with_answers = statuses(assessed(folder))
    assert unknown(assessed(folder)) < {name for name, s in before.items() if s == UNKNOWN} | set(
        with_answers
    )
    gaps = [name for name, status in with_answers.items() if status == "gap"]
    assert len(gaps) > 40
    for name in gaps:
        assert before.get(name, UNKNOWN) in ("gap", UNKNOWN), name


def test_missing_records_are_not_answered_in_a_cell(folder: Path) -> None:
    sheet = filled(folder)
    sheet.put(sheet.row("agency/county-clinic", "documents"), "yes")
    told = answer(sheet.save(Path("questions.xlsx")), status=1)
    assert "records that are missing cannot be answered here. Expected: the records listed" in told


def test_rows_and_columns_may_be_moved_and_left_out(folder: Path) -> None:
    sheet = filled(folder)
    row = sheet.row("system/patient-records", "backup.enabled")
    sheet.put(row, "no")
    rows = [[cell.value for cell in row] for row in sheet.sheet.iter_rows(min_row=2)]
    random.Random(1).shuffle(rows)  # noqa: S311
    keep = ["Fingerprint", "Answer", "Record", "Fact", "Subject", "Answered by"]
    book = type(sheet.book)()
    new = book.create_sheet("Tabelle 1", 0)
    new.append(["Filled in by the help desk"])
    new.append([])
    new.append([f"  {name.upper()} " for name in keep])
    for cells in rows:
        new.append([cells[sheet.columns[name] - 1] for name in keep])
    book.save("moved.xlsx")
    assert "1 answer taken" in answer("moved.xlsx", "--inventory", folder)
    assert kept(folder)[0]["value"] is False


def test_an_answer_is_taken_for_its_own_question_only(folder: Path) -> None:
    """A cell moved, a hidden cell edited, a record renamed: listed with the cell, not taken."""
    sheet = filled(folder)
    backup = sheet.row("system/patient-records", "backup.enabled")
    other = next(
        row
        for row in range(2, 20)
        if sheet.sheet.cell(row, sheet.columns["Subject"]).value == "agency/county-clinic"
    )
    for row in (backup, other):
        sheet.put(row, "yes")
    sheet.sheet.cell(backup, sheet.columns["Fact"]).value = "mfa"
    sheet.sheet.cell(other, sheet.columns["Fingerprint"]).value = "0" * 16
    gone = sheet.row("document/integrity", "covers")
    sheet.put(gone, "x")
    sheet.sheet.cell(gone, sheet.columns["Subject"]).value = "document/integritee"
    nameless = sheet.row("system/patient-records", "component")
    sheet.put(nameless, "none")
    for name in HIDDEN:
        sheet.sheet.cell(nameless, sheet.columns[name]).value = None
    told = answer(sheet.save(Path("questions.xlsx")), status=1)
    assert f"questions.xlsx:Questions!H{backup}: system/patient-records mfa: " in told
    assert "cells were moved" in told
    assert f"!H{other}: agency/county-clinic" in told
    assert "what identifies agency/county-clinic has changed" in told
    assert f"!H{gone}: document/integritee covers: the inventory has no document" in told
    assert f"!H{nameless}: " in told
    assert "4 left out" in told
    assert not (folder / "answers.yaml").exists()


def test_a_record_that_was_renamed_since(folder: Path) -> None:
    sheet = filled(folder)
    sheet.put(sheet.row("system/patient-records", "backup.enabled"), "yes")
    sheet.save(Path("questions.xlsx"))
    file = folder / "inventory.yaml"
    text = file.read_text(encoding="utf-8").replace("name: Patient records", "name: Billing")
    file.write_text(text, encoding="utf-8")
    told = answer("questions.xlsx", status=1)
    assert "what identifies system/patient-records has changed since this was asked" in told


def test_wrong_values_are_listed_with_what_is_allowed(folder: Path) -> None:
    sheet = filled(folder)
    wrong = {
        ("agency/county-clinic", "risk_analysis.completed_on"): ("3/4/2026", "written as 2026-03"),
        ("system/patient-records", "backup.enabled"): ("=1=1", "never worked out"),
        ("agency/county-clinic", "privacy_rule_exception"): ("something", "one of insured_group"),
        ("system/patient-records", "component"): ("nowhere", "no component with the id nowhere"),
        ("document/integrity", "reviewed_on"): (datetime.date(2027, 1, 1), "after the day of"),
        ("system/patient-records", "last_log_review_on"): ("#REF!", "the error #REF!"),
        ("agency/county-clinic", "contingency.tested_on"): ("n/a", "n/a because"),
        ("agency/county-clinic", "last_major_change_on"): ("see", "see ... with the evidence"),
    }
    for key, (value, _) in wrong.items():
        sheet.put(sheet.row(*key), value)
    good = sheet.row("system/patient-records", "recovery.last_data_loss_on")
    sheet.put(good, "none")
    late = sheet.row("agency/county-clinic", "hipaa_evaluation.completed_on")
    sheet.put(late, "none", Answered_on=datetime.date(2026, 11, 24))
    unclear = sheet.row("agency/county-clinic", "security_program.reviewed_on")
    sheet.put(unclear, "none", Answered_on="last week")
    nobody = sheet.row("agency/county-clinic", "direct_treatment")
    sheet.put(nobody, "yes", Answered_by=None)
    told = answer(sheet.save(Path("questions.xlsx")), status=1)
    lines = {line.split(": ")[0]: line for line in told.splitlines()}
    for key, (_, words) in wrong.items():
        line = lines[f"questions.xlsx:Questions!H{sheet.row(*key)}"]
        assert words in line, line
    assert "lies ahead" in lines[f"questions.xlsx:Questions!H{late}"]
    assert '"last week" is no date' in lines[f"questions.xlsx:Questions!J{unclear}"]
    assert "not said who answers" in lines[f"questions.xlsx:Questions!I{nobody}"]
    assert "1 answer taken" in told
    assert "11 left out" in told
    assert [one["fact"] for one in kept(folder)] == ["recovery.last_data_loss_on"]


def test_who_answers_may_be_said_once(folder: Path) -> None:
    sheet = filled(folder)
    sheet.put(sheet.row("system/patient-records", "backup.enabled"), "yes", Answered_by=None)
    sheet.save(Path("one.xlsx"))
    about = sheet.book[ABOUT]
    for row in about.iter_rows():
        if str(row[0].value).startswith("Answered by"):
            row[1].value = "database team"
    sheet.save(Path("two.xlsx"))
    assert "1 answer taken" in answer("two.xlsx")
    assert kept(folder)[0]["by"] == "database team"
    (folder / "answers.yaml").unlink()
    assert "1 answer taken" in answer("one.xlsx", "--by", "help desk")
    assert kept(folder)[0]["by"] == "help desk"
