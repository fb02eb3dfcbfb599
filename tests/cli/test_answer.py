"""`compliance answer`: conflicts, whole or nothing, which inventory, files of no use."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from compliance.inventory.reader import read_file
from tests.asking.health import EXAMPLES, Filled
from tests.cli.running import AS_OF, run

BACKUP = ("system/patient-records", "backup.enabled")
REVIEW = ("system/patient-records", "last_log_review_on")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLES / "minimal", tmp_path / "clinic")
    monkeypatch.chdir(tmp_path)
    return Path("clinic")


def ask(*options: object) -> None:
    result = run("ask", "clinic", *AS_OF, *options)
    assert result.exit_code == 0, result.output


def filled(name: str, answers: dict[tuple[str, str], Any], **more: Any) -> Path:
    ask("-o", "questions.xlsx")
    sheet = Filled(Path("questions.xlsx").read_bytes())
    for key, value in answers.items():
        sheet.put(sheet.row(*key), value, **more)
    return sheet.save(Path(name))


def answer(*arguments: object, status: int = 0) -> Result:
    result = run("answer", *arguments, *AS_OF)
    assert result.exit_code == status, result.output
    return result


def kept() -> dict[tuple[str, str], Any]:
    path = Path("clinic/answers.yaml")
    if not path.exists():
        return {}
    return {(one["subject"], one["fact"]): one for one in read_file(path).value["answers"]}


def test_a_value_the_inventory_has_by_now_counts() -> None:
    one = filled("one.xlsx", {BACKUP: "no"})
    two = filled("two.xlsx", {BACKUP: "yes", REVIEW: "none"})
    path = Path("clinic/inventory.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    mfa: false", "    backup: {enabled: true}\n    mfa: false"))
    told = answer(one, "--prefer", "new", status=1).output
    assert "one.xlsx:Questions!H" in told
    assert "the inventory itself says otherwise (clinic/inventory.yaml:" in told
    assert kept() == {}
    assert "1 answer taken into clinic/answers.yaml; 1 known already" in answer(two).output
    assert list(kept()) == [REVIEW]


def test_an_earlier_answer_that_differs_stays_unless_the_new_one_is_preferred() -> None:
    one = filled("one.xlsx", {BACKUP: "no"}, Answered_on="2026-11-20")
    two = filled("two.xlsx", {BACKUP: "yes"}, Answered_on="2026-11-19", Answered_by="owner")
    answer(one)
    told = answer(two, status=1).output
    assert "an earlier answer by help desk of 2026-11-20 differs (clinic/answers.yaml:" in told
    assert kept()[BACKUP]["value"] is False
    answer(two, "--prefer", "new")
    assert (kept()[BACKUP]["value"], kept()[BACKUP]["by"]) == (True, "owner")


def test_a_value_takes_the_place_of_an_answer_without_one() -> None:
    two = filled("two.xlsx", {BACKUP: "yes"})
    one = filled("one.xlsx", {BACKUP: "don't know", REVIEW: "n/a because it has no logs"})
    answer(one)
    assert kept()[BACKUP]["answer"] == "dont_know"
    answer(two)
    assert kept()[BACKUP]["value"] is True
    assert kept()[REVIEW]["reason"] == "it has no logs"
    told = answer(one, status=1).output
    assert "1 known already" in told
    assert kept()[BACKUP]["value"] is True


def test_two_workbooks_that_disagree() -> None:
    one = filled("one.xlsx", {BACKUP: "no", REVIEW: "none"}, Answered_on="2026-11-20")
    two = filled("two.xlsx", {BACKUP: "yes", REVIEW: "none"}, Answered_on="2026-11-21")
    told = answer(one, two, status=1).output
    assert "one.xlsx:Questions!H" in told
    assert "two.xlsx:Questions!H" in told
    assert list(kept()) == [REVIEW]
    answer(two, one, "--prefer", "new")
    assert kept()[BACKUP]["value"] is True


def test_two_that_disagree_on_one_day_are_both_left_out() -> None:
    one, two = filled("one.xlsx", {BACKUP: "no"}), filled("two.xlsx", {BACKUP: "yes"})
    three = filled("three.xlsx", {BACKUP: "yes"})
    told = answer(one, two, three, "--prefer", "new", status=1).output
    assert "3 left out" in told
    assert kept() == {}


def test_an_answer_in_another_file_is_replaced_by_a_later_one_alone() -> None:
    Path("clinic/imported.yaml").write_text(
        "answers:\n- {subject: system/patient-records, fact: backup.enabled, answer: value,"
        " value: false, answered_on: 2026-11-20, assurance: imported}\n"
    )
    ask("-o", "questions.xlsx")
    Path("clinic/imported.yaml").rename("imported.yaml")
    old = filled("old.xlsx", {BACKUP: "yes"}, Answered_on="2026-11-20")
    new = filled("new.xlsx", {BACKUP: "yes"}, Answered_on="2026-11-21")
    Path("imported.yaml").rename("clinic/imported.yaml")
    assert "a later day" in answer(old, "--prefer", "new", status=1).output
    answer(new, "--prefer", "new")
    assert run("inventory", "validate", "clinic", *AS_OF).exit_code == 0


def test_json_goes_the_same_way() -> None:
    ask("--format", "json", "-o", "questions.json")
    asked = json.loads(Path("questions.json").read_text(encoding="utf-8"))
    by_key = {(one["subject"], one["fact"]): one for one in asked["questions"]}
    by_key[BACKUP] |= {"answer": True, "by": "script", "answered_on": "2026-11-20"}
    by_key[REVIEW] |= {"answer": "last spring", "by": "script"}
    data_types = by_key["agency/county-clinic", "data_types"]
    data_types |= {"answer": ["ephi", "pii"], "by": "script", "evidence": "register"}
    Path("back.json").write_text(json.dumps(asked), encoding="utf-8")
    told = answer("back.json", status=1).output
    assert "back.json:1:" in told
    assert "system/patient-records last_log_review_on" in told
    assert kept()[BACKUP]["value"] is True
    assert kept()["agency/county-clinic", "data_types"]["value"] == ["ephi", "pii"]


def test_the_inventory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = filled("one.xlsx", {BACKUP: "no"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "clinic/report").mkdir()
    shutil.copy(one, "clinic/report/questions.xlsx")
    monkeypatch.chdir(tmp_path / "elsewhere")
    told = answer("../one.xlsx", status=2).output
    assert "Name its folder with --inventory" in told
    assert "into ../clinic/answers.yaml" in answer("../clinic/report/questions.xlsx").output
    monkeypatch.chdir(tmp_path / "clinic")
    assert "1 known already" in answer("../one.xlsx").output


def test_questions_about_another_agency() -> None:
    one = filled("one.xlsx", {BACKUP: "no"})
    path = Path("clinic/inventory.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("id: county-clinic", "id: town"))
    told = answer(one, status=2).output
    assert "one.xlsx: the questions are about the agency county-clinic" in told


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.json", "{}", "this is no list of questions"),
        ("x.json", '{"schema": 2, "questions": []}', "this is no list of questions"),
        ("x.json", '{"schema": 1, "questions": [7]}', "in the place of a question"),
        ("x.json", "[", "x.json:1:"),
        ("x.xlsx", "no workbook", "x.xlsx: "),
        ("x.xls", "x", "before 2007"),
        ("x.txt", "x", "this is no table"),
        ("x.csv", "a,b\n1,2\n", "no sheet has the columns Answer, Subject, Fact, Fingerprint"),
    ],
)
def test_files_that_are_no_questions(name: str, content: str, words: str) -> None:
    Path(name).write_text(content, encoding="utf-8")
    assert words in answer(name, "--inventory", "clinic", status=2).output
    assert kept() == {}


def test_one_bad_file_keeps_all_from_being_written() -> None:
    one = filled("one.xlsx", {BACKUP: "no"})
    told = answer(one, "nowhere.xlsx", one, status=2).output
    assert "nowhere.xlsx" in told
    assert "the file is given twice" in told
    assert kept() == {}


def test_two_columns_of_one_name() -> None:
    sheet = Filled(filled("one.xlsx", {BACKUP: "no"}).read_bytes())
    sheet.sheet.cell(1, len(sheet.columns) + 1).value = "answer"
    told = answer(sheet.save(Path("one.xlsx")), status=2).output
    assert "one.xlsx:Questions!P1: two columns Answer" in told


def test_a_sheet_saved_as_csv() -> None:
    sheet = Filled(filled("one.xlsx", {BACKUP: "no"}).read_bytes())
    rows = [[cell.value for cell in row] for row in sheet.sheet.iter_rows()]
    with Path("one.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    assert "1 answer taken" in answer("one.csv", "--inventory", "clinic").output


def test_an_answers_file_that_holds_more_is_not_written_over() -> None:
    one = filled("one.xlsx", {BACKUP: "no"})
    Path("clinic/answers.yaml").write_text("answers: []\npersons: [{id: a}]\n")
    assert "holds more than answers" in answer(one, status=2).output
    assert "persons" in Path("clinic/answers.yaml").read_text()


def test_what_looks_like_personal_data_is_not_taken() -> None:
    one = filled("one.xlsx", {REVIEW: "none", BACKUP: "yes"}, Evidence="SSN 219-09-9999")
    told = answer(one, status=1).output
    assert "looks like" in told
    assert "219-09-9999" not in told
    assert kept() == {}


def test_text_of_a_workbook_is_made_safe_to_print() -> None:
    sheet = Filled(filled("one.xlsx", {BACKUP: "maybe \u202e"}).read_bytes())
    sheet.sheet.cell(2, sheet.columns["Subject"]).value = "system/\u202eevil"
    sheet.put(2, "x")
    told = answer(sheet.save(Path("one.xlsx")), status=1).output
    assert "\u202e" not in told
