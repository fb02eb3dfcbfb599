"""`compliance inventory convert`: every format, nothing overwritten, nothing lost unsaid."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.running import AS_OF, run

SYSTEMS = "systems:\n- {id: a, encryption_at_rest: true}\n- {id: b, name: B}\n"


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "all.yaml").write_text(f"agency: {{id: x, name: X}}\n{SYSTEMS}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("target", ["out.xlsx", "out.yaml", "out.json", "deep/out.yml", "tables"])
def test_each_format_is_written_and_says_so(inventory: Path, target: str) -> None:
    result = run("inventory", "convert", inventory, "-o", target)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert result.stderr == f"Wrote 3 records of x to {target}.\n"
    assert Path(target).exists()
    assert not list(Path().rglob("*.tmp"))


def test_a_folder_holds_a_file_a_kind(inventory: Path) -> None:
    run("inventory", "convert", inventory, "-o", "tables")
    run("inventory", "convert", inventory, "-o", "lines", "--to", "jsonl")
    assert sorted(path.name for path in Path("tables").iterdir()) == ["agency.csv", "systems.csv"]
    lines = Path("lines/systems.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b"]


def test_a_workbook_has_a_sheet_a_kind(inventory: Path) -> None:
    run("inventory", "convert", inventory, "-o", "out.xlsx")
    book = load_workbook("out.xlsx")
    assert book.sheetnames == ["About", "Agency", "Systems"]
    assert [cell.value for cell in book["Systems"]["A"]][3:] == ["a", "b"]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("there.xlsx", "--force"),
        ("out.csv", "Name a folder"),
        ("out.JSONL", "Name a folder"),
        ("mine/out.yaml", "lies in the inventory"),
        ("mine/all.yaml", "lies in the inventory"),
        ("mine", "lies in the inventory"),
        ("there.xlsx/out.yaml", "is a file"),
    ],
)
def test_what_must_not_be_written_is_refused(inventory: Path, target: str, told: str) -> None:
    Path("there.xlsx").write_text("mine")
    result = run("inventory", "convert", inventory, "-o", target)
    assert result.exit_code == 2
    assert told in result.output
    assert Path("there.xlsx").read_text() == "mine"
    assert sorted(path.name for path in Path().iterdir()) == ["mine", "there.xlsx"]


def test_with_force_a_file_is_replaced(inventory: Path) -> None:
    Path("out.json").write_text("mine")
    assert run("inventory", "convert", inventory, "-o", "out.json", "--force").exit_code == 0
    assert json.loads(Path("out.json").read_text())["agency"]["id"] == "x"


def test_what_cannot_be_used_is_listed_and_left_out(inventory: Path) -> None:
    (inventory / "more.yaml").write_text(
        "vendors: [{id: v, is_government: maybe}]", encoding="utf-8"
    )
    result = run("inventory", "convert", inventory, "-o", "out.json")
    assert result.exit_code == 0
    assert "more.yaml:1:34: vendor/v is_government" in result.stderr
    assert "1 value could not be used, as listed, and left out." in result.stderr
    found: dict[str, Any] = json.loads(Path("out.json").read_text())
    assert found["vendors"] == [{"id": "v"}]


def test_an_inventory_with_errors_is_not_converted(inventory: Path) -> None:
    (inventory / "more.yaml").write_text("vendors: [{id: v, uss: true}]", encoding="utf-8")
    result = run("inventory", "convert", inventory, "-o", "out.xlsx")
    assert result.exit_code == 2
    assert not Path("out.xlsx").exists()


def test_days_to_come_are_kept(inventory: Path) -> None:
    (inventory / "more.yaml").write_text(
        "devices: [{id: d, lost_on: 2199-01-01}]", encoding="utf-8"
    )
    assert "2199-01-01" in run("inventory", "validate", inventory).output
    assert run("inventory", "convert", inventory, "-o", "out.json").exit_code == 0
    assert "2199-01-01" in Path("out.json").read_text()


def findings(path: Path) -> list[Any]:
    """All findings, without where facts stand."""
    result = run("check", path, *AS_OF, "--format", "json")
    assert result.exit_code == 1, result.output
    found: list[Any] = without_places(json.loads(result.stdout)["findings"])
    return found


def without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items() if key != "position"}
    return [without_places(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("target", ["out.xlsx", "out.yaml", "csv", "jsonl"])
@pytest.mark.parametrize("example", ["health-agency", "minimal", "coverage/unfinished-work"])
def test_a_check_of_the_result_finds_the_same(
    root: Path, tmp_path: Path, example: str, target: str
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(root / "examples" / example, mine)
    # Wrong values are left out, and a finding tells a wrong value from a missing one.
    for path in mine.rglob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        right = [line for line in lines if "# a wrong value" not in line]
        path.write_text("".join(right), encoding="utf-8")
    kind = ["--to", target] if target in ("csv", "jsonl") else []
    there = tmp_path / "there"
    result = run("inventory", "convert", mine, "-o", there if kind else there / target, *kind)
    assert "left out" not in result.stderr
    assert result.exit_code == 0, result.output
    if (mine / "compliance.yaml").exists():
        assert "copy them" in result.stderr
        shutil.copy(mine / "compliance.yaml", there)
    assert findings(there) == findings(mine)
