"""`compliance ask` and `compliance answer` where the inventory lies in workbooks and CSV files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.reader import read_file
from tests.asking.health import Filled
from tests.cli.running import AS_OF, run
from tests.inventory.tables.books import book

HIPAA = ("--policy", "hipaa", *AS_OF)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    book(
        tmp_path / "mine/inventory.xlsx",
        {
            "Agency": [["Id", "HIPAA roles"], ["dhs", "covered entity"]],
            "Systems": [["Id", "Name", "Data types"], ["pay", "Pay", "ephi"], ["web", "Web", None]],
        },
    )
    Path("mine/vendors.csv").write_text("Id,Name\nacme,Acme\n", encoding="utf-8")
    return Path("mine")


def filled(answers: dict[tuple[str, str], Any]) -> Path:
    result = run("ask", "mine", *HIPAA, "-o", "questions.xlsx")
    assert result.exit_code == 0, result.output
    sheet = Filled(Path("questions.xlsx").read_bytes())
    for key, value in answers.items():
        sheet.put(sheet.row(*key), value)
    return sheet.save(Path("back.xlsx"))


def statuses() -> dict[str, str]:
    found = json.loads(run("check", "mine", *HIPAA, "--format", "json").stdout)
    return {one["id"]: one["status"] for one in found["findings"]}


def test_answers_fill_in_what_rows_leave_open() -> None:
    before = statuses()
    back = filled(
        {
            ("system/pay", "encryption_at_rest"): "yes",
            ("system/web", "data_types"): "none",
            ("vendor/acme", "hipaa_relationship"): "see evidence BAA folder",
        }
    )
    result = run("answer", back, *AS_OF)
    assert result.exit_code == 0, result.output
    assert "3 answers taken into mine/answers.yaml" in result.stderr
    said = {one["subject"]: one for one in read_file(Path("mine/answers.yaml")).value["answers"]}
    assert said["vendor/acme"]["evidence"] == "BAA folder"
    assert said["system/pay"]["value"] is True
    after = statuses()
    key = "dhs/hipaa/encryption-at-rest/system:pay"
    assert (before[key], after[key]) == ("unknown", "satisfied")


def test_a_row_that_is_renamed_or_gone_takes_its_answers_along() -> None:
    back = filled({("vendor/acme", "hipaa_relationship"): "business_associate"})
    assert run("answer", back, *AS_OF).exit_code == 0
    assert run("inventory", "validate", "mine", *AS_OF).exit_code == 0
    Path("mine/vendors.csv").write_text("Id,Name\nacme,Another\n", encoding="utf-8")
    told = run("inventory", "validate", "mine", *AS_OF).stdout
    assert "what identifies vendor/acme has changed since this was answered" in told
    assert run("answer", back, *AS_OF).exit_code == 1
    Path("mine/vendors.csv").unlink()
    result = run("answer", back, *AS_OF)
    assert result.exit_code == 2
    assert "there is no vendor with the id acme" in result.stderr


def test_a_row_that_says_it_by_now_wins() -> None:
    back = filled({("system/pay", "encryption_at_rest"): "yes"})
    assert run("answer", back, *AS_OF).exit_code == 0
    rows = [["Id", "Name", "Data types", "Encryption at rest"], ["pay", "Pay", "ephi", "no"]]
    agency = [["Id", "HIPAA roles"], ["dhs", "covered entity"]]
    book(Path("mine/inventory.xlsx"), {"Agency": agency, "Systems": rows})
    result = run("inventory", "validate", "mine", *AS_OF)
    assert "the record says otherwise itself (mine/inventory.xlsx:Systems!D2)" in result.stdout
    # Not encrypted: a decision may stand for it, and none is listed.
    assert statuses()["dhs/hipaa/encryption-at-rest/system:pay"] == "unknown"
