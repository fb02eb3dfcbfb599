"""Commands on inventories in workbooks and text tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.inventory.tables.books import book

from .running import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book(
        tmp_path / "inventory.xlsx",
        {
            "Agency": [["Id", "Name", "HIPAA roles"], ["dhs", "Health", "covered entity"]],
            "Systems": [
                ["Id", "Name", "Data types", "Encryption at rest", "Owner", "Vendors"],
                ["# example", "x"],
                ["payroll", "Payroll", "ephi; pii", "no", "N/A", "none"],
                ["eligibility", "Eligibility", "EPHI", "maybe", "=1+1", "acme"],
            ],
            "Vendors": [["Id", "Name"], ["acme", "ACME"]],
        },
    )
    return tmp_path


def test_validate_lists_wrong_cells_and_notes(folder: Path) -> None:
    result = run("inventory", "validate", folder)
    assert result.exit_code == 2
    lines = [line.replace(f"{folder.as_posix()}/", "") for line in result.stdout.splitlines()]
    assert lines == [
        'inventory.xlsx:Systems!D4: system/eligibility encryption_at_rest: the text "maybe" is of '
        "another type. Expected: yes or no.",
        "",
        "Notes",
        "  inventory.xlsx: 1 row that begins with #: left out, as remarks (Systems).",
        '  inventory.xlsx:Systems!E3: column "Owner": "n/a" counts as unknown. Expected: a blank '
        "cell where nothing is known, else the value as it is meant.",
    ]
    assert result.stderr == "1 problem in 1 file. 2 notes.\n"


def test_notes_alone_are_no_problem(folder: Path) -> None:
    book(folder / "inventory.xlsx", {"Agency": [["Id"], ["# x"], ["dhs"]]})
    result = run("inventory", "validate", folder)
    assert result.exit_code == 0
    assert "agency        1" in result.stdout
    assert "Notes\n  " in result.stdout
    assert result.stderr == "No problems found. 1 note.\n"


def test_findings_name_the_cells_they_rest_on(folder: Path) -> None:
    place = f"{folder.as_posix()}/inventory.xlsx"
    asked = ("--policy", "hipaa", "--as-of", "2026-11-23")
    result = run("check", folder, *asked, "--format", "json")
    assert result.exit_code == 1
    assert f'"state": "wrong", "position": "{place}:Systems!D4"' in result.stdout
    assert len(json.loads(result.stdout)["summary"]["notes"]) == 2
    result = run("explain", folder, "hipaa/encryption-at-rest", "system/payroll")
    assert "/inventory.xlsx:Systems!D3;" in result.stdout


def test_settings_name_sheets_and_columns(folder: Path) -> None:
    book(
        folder / "inventory.xlsx",
        {"Agency": [["Key", "Crypto"], ["dhs", "x"]], "Old": [["x"]]},
    )
    settings = folder / "compliance.yaml"
    settings.write_text(
        "inventory: {sheets: {Old: drop}, columns: {Agency: {Key: id, Crypto: drop}}}\n"
    )
    assert run("inventory", "validate", folder).exit_code == 0
    settings.write_text(
        "inventory: {sheets: {Old: drop}, columns: {Agency: {Key: ids, Crypto: drop}}}\n"
    )
    result = run("inventory", "validate", folder)
    assert result.exit_code == 2
    assert "compliance.yaml:1:58: inventory.columns: Agency has no fact ids" in result.stdout
    settings.write_text("inventory: {columns: {Agency: drop}}\n")
    result = run("inventory", "validate", folder)
    assert result.exit_code == 2
    assert "for each heading a fact or drop" in result.stderr


@pytest.mark.parametrize("name", ["a.xlsx", "devices.csv", "devices.jsonl", "a.xls", "a.xlsm"])
def test_what_cannot_be_read_is_told_without_a_traceback(name: str, tmp_path: Path) -> None:
    (tmp_path / "agency.yaml").write_text("agency: {id: dhs}")
    (tmp_path / name).write_bytes(b"\x00\xff\x00junk")
    for command in (("inventory", "validate"), ("check",)):
        result = run(*command, tmp_path)
        assert result.exit_code == 2
        assert name in result.output
        assert "Expected: " in result.output
