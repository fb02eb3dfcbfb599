"""A cell that is emptied or mistyped never makes a gap satisfied or not applicable."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.tables.columns import columns_of, folded, sheet_name
from tests.asking.health import EXAMPLES
from tests.cli.running import AS_OF, run

KINDS = load_kinds(resources.schemas() / "inventory")
SPEAKING = {
    (sheet_name(KINDS[kind]), folded(column.heading))
    for kind in KINDS
    for column in columns_of(KINDS[kind])
    if column.fact.absent_none or column.fact.path == "id"
}
"""Columns whose blank cells say that there is none, by sheet and heading; and ids."""
TEXTS = {
    (sheet_name(KINDS[kind]), folded(column.heading))
    for kind in KINDS
    for column in columns_of(KINDS[kind])
    if column.fact.type in ("string", "link") and column.fact.enum is None
}
"""Columns that take other words as well."""
LOST = (None, " ", "N/A", "?", "=1/0")
MISTYPED = (*LOST, "ja", "3/4/2026", "[", -1)
AT_ONCE = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    result = run("inventory", "convert", EXAMPLES / "health-agency", "-o", folder / "all.xlsx")
    assert result.exit_code == 0, result.output
    for settings in (EXAMPLES / "health-agency").glob("compliance.yaml"):
        shutil.copy(settings, folder)
    return folder


def statuses(folder: Path) -> dict[str, str]:
    result = run("check", folder, "--policy", "hipaa", *AS_OF, "--format", "json")
    assert result.exit_code == 1, result.output
    return {one["id"]: one["status"] for one in json.loads(result.stdout)["findings"]}


def cells(path: Path) -> tuple[Workbook, list[Cell]]:
    """The workbook, and its cells that state a fact."""
    book = load_workbook(path)
    found = []
    for sheet in book:
        if sheet.title in ("About", "Lists", "Inheritance"):
            continue
        headings = [folded(str(cell.value)) for cell in sheet[2]]
        for row in sheet.iter_rows(min_row=4):
            for cell, heading in zip(row[1:], headings[1:], strict=False):
                if cell.value is not None and (sheet.title, heading) not in SPEAKING:
                    found.append(cell)
    return book, found


@pytest.mark.parametrize("seed", range(8))
def test_cells_lost_or_mistyped_improve_nothing(whole: Path, tmp_path: Path, seed: int) -> None:
    before = statuses(whole)
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    book, there = cells(tmp_path / "all.xlsx")
    rng = random.Random(seed)  # noqa: S311 - no secret
    for cell in rng.sample(there, AT_ONCE):
        heading = folded(str(book[cell.parent.title].cell(2, cell.column).value))
        lost = (cell.parent.title, heading) in TEXTS
        cell.value = rng.choice(LOST if lost else MISTYPED)
    book.save(tmp_path / "all.xlsx")
    after = statuses(tmp_path)
    assert before != after
    better = {
        one: (before[one], after[one])
        for one in before
        if before[one] in ("gap", "unknown") and after.get(one) in ("satisfied", "not_applicable")
    }
    assert better == {}
