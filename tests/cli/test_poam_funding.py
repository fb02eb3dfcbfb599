"""`compliance poam funding`, as a user runs it."""

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import AS_OF, run


@pytest.fixture
def plan(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example with a plan."""
    shutil.copytree(root / "examples" / "plan", tmp_path / "agency")
    monkeypatch.chdir(tmp_path)
    return Path("agency")


def test_the_annex_sums_costs_and_says_what_stays_open(plan: Path) -> None:
    result = run("poam", "funding", plan, *AS_OF)
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "Fiscal year 2027, Operating budget (POAM-0002)" in words
    assert "USD 1,800 (not split 1,800) a year" in words
    assert "not met: 45 CFR 164.312(a)(2)(i)" in words
    assert "findings from outside: state_auditor 2026-114" in words
    assert "POAM-0003 [high]" in words
    assert "Wrote 1 item with a cost and 2 without." in result.stderr


def test_shares_and_conditions_are_shown_apart(plan: Path) -> None:
    path = plan / "poam.yaml"
    text = path.read_text("utf-8")
    old = "cost: {one_time: 0, yearly: 1800, funding_source: Operating budget, fiscal_year: 2027,"
    assert old in text
    new = (
        "cost: {one_time: 100001, yearly: 1800, funding_source: Operating budget, "
        "federal_share: 0.75, federal_condition: Plan approved by CMS, fiscal_year: 2027,"
    )
    path.write_text(text.replace(old, new), "utf-8")
    words = " ".join(run("poam", "funding", plan, *AS_OF).stdout.split())
    assert "USD 100,001 (federal 75,000.75, state 25,000.25) once" in words
    assert "The federal share depends on: Plan approved by CMS." in words


def test_tables_are_for_spreadsheet_programs(plan: Path, tmp_path: Path) -> None:
    table = run("poam", "funding", plan, *AS_OF, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["row"] for row in rows] == ["sum", "total", "item", "item", "item"]
    assert rows[0]["Yearly, state share"] == "not given"
    out = tmp_path / "funding.xlsx"
    result = run("poam", "funding", plan, *AS_OF, "--format", "xlsx", "-o", out)
    assert result.exit_code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["About", "Investment", "Items", "Without a cost"]
    markdown = run("poam", "funding", plan, *AS_OF, "--format", "md").stdout
    assert markdown.startswith("# Investment table\n")
    assert "| 2027 | Operating budget | USD | POAM-0002 |" in markdown


def test_a_workbook_needs_a_file(plan: Path) -> None:
    result = run("poam", "funding", plan, *AS_OF, "--format", "xlsx")
    assert result.exit_code == 2
    assert "Name a file with -o" in result.stderr


def test_without_a_plan_there_is_nothing_to_sum(root: Path) -> None:
    result = run("poam", "funding", root / "examples" / "minimal", *AS_OF)
    assert result.exit_code == 2
    assert "There is no plan beside the inventory" in result.stderr
    assert result.stdout == ""
