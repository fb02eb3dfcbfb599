"""The plan as FedRAMP's workbook."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from compliance.plan.export.choosing import NothingToExportError, chosen
from compliance.plan.export.fedramp import DAYS, HEADER, RATINGS, SHEETS, TitleBlock, workbook
from compliance.plan.export.table import COLUMNS, STAMP, table
from compliance.plan.loading import load_plan
from compliance.plan.texts import with_plan
from compliance.report.stamp import inventory_digest
from tests.plan.world import ACCEPT, on, replace_in, step

DAY = "2026-11-23"


def planned(folder: Path, as_of: str = "2026-12-01") -> Any:
    """An assessment with an accepted, a proposed and a closed item."""
    step(folder, DAY, {"r/a": "gap", "r/b": "gap", "s/a": "gap", "flaws/a": "gap"})
    replace_in(folder, ("title: A rule", "title: =cmd|' /C calc'!A0"))
    written = (folder / "poam.yaml").read_text()
    start = written.index("    title: =cmd")
    for old, new in ACCEPT:
        written = written[:start] + written[start:].replace(old, new, 1)
    (folder / "poam.yaml").write_text(written)
    statuses = {"r/a": "gap", "r/b": "gap", "s/a": "gap", "flaws/a": "satisfied"}
    step(folder, as_of, statuses)
    return with_plan(on(as_of, statuses), load_plan(folder))


def opened(assessment: Any, **block: Any) -> Any:
    items = chosen(assessment, proposed=True)
    return openpyxl.load_workbook(io.BytesIO(workbook(assessment, items, TitleBlock(**block))))


def row_of(sheet: Any, number: int) -> dict[str, Any]:
    return dict(zip(HEADER, (cell.value for cell in sheet[number]), strict=True))


def test_sheets_and_header_are_those_of_the_published_template(
    tmp_path: Path, real_data: Path
) -> None:
    template = openpyxl.load_workbook(real_data / "fedramp" / "FedRAMP-POAM-Template.xlsx")
    book = opened(planned(tmp_path))
    assert book.sheetnames == template.sheetnames == list(SHEETS)
    for name in SHEETS[:3]:
        ours, theirs = book[name], template[name]
        assert [cell.value for cell in ours[5]][:31] == [cell.value for cell in theirs[5]][:31]
        assert ours["A1"].value == theirs["A1"].value
        assert [ours.cell(2, n).value for n in range(1, 5)] == [
            theirs.cell(2, n).value for n in range(1, 5)
        ]
    assert [[cell.value for cell in line] for line in book[SHEETS[3]]["B2:E5"]] == [
        [cell.value for cell in line] for line in template[SHEETS[3]]["B2:E5"]
    ]
    formula = template[SHEETS[0]]["L10"].value
    ours = book[SHEETS[0]]["L6"].value
    for column in "KSTU":
        formula = formula.replace(f"{column}10", f"{column}6")
    assert ours.replace(" ", "") == formula.replace(" ", "")


def test_there_are_31_columns() -> None:
    assert len(HEADER) == len(set(HEADER)) == 31


def test_open_and_closed_items_stand_in_their_sheets(tmp_path: Path) -> None:
    book = opened(planned(tmp_path), system_name="Laboratory", impact_level="Moderate")
    sheet = book[SHEETS[0]]
    assert [sheet.cell(3, n).value for n in range(1, 5)] == [
        "The Agency", "Laboratory", "Moderate", datetime.datetime(2026, 12, 1),
    ]  # fmt: skip
    assert sheet["F3"].value == "CONFIDENTIAL"
    assert [sheet.cell(n, 1).value for n in (6, 7, 8)] == ["POAM-0002", "POAM-0003", None]
    row = row_of(sheet, 6)
    assert row["Weakness Name"] == "'=cmd|' /C calc'!A0"
    assert row["Controls"] == "AC-1\nAC-2"
    assert row["Asset Identifier"] == "system/a\nsystem/b"
    assert row["Point of Contact"] == "Database administrator"
    assert row["Original Detection Date"] == datetime.datetime(2026, 11, 23)
    assert row["Planned Milestones"] == "(1) 2027-01-15: Order"
    assert row["Weakness Source Identifier"] == "hipaa/r"
    assert (row["Original Risk Rating"], row["Adjusted Risk Rating"]) == ("High", "N/A")
    assert row["Vendor Dependency"] is None
    assert "Accepted by CISO" in row["Comments"]
    assert row_of(sheet, 7)["Comments"].startswith("PROPOSED: no named person has accepted")
    closed = row_of(book[SHEETS[1]], 6)
    assert closed["POAM ID"] == "POAM-0001"
    assert "Closed 2026-12-01." in closed["Comments"]
    assert book[SHEETS[2]].max_row == 5


def test_completion_is_scheduled_in_the_template_s_days(tmp_path: Path) -> None:
    assert DAYS == {"High": 30, "Moderate": 90, "Low": 180}
    assert set(RATINGS) == {"critical", "high", "medium", "low"}
    made = planned(tmp_path)
    data = workbook(made, chosen(made, proposed=True))
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEETS[0]]
    assert sheet["L6"].value == datetime.datetime(2026, 12, 23)
    assert sheet["L7"].value == datetime.datetime(2027, 5, 22)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    made = planned(tmp_path)
    items = chosen(made, proposed=True)
    assert workbook(made, items) == workbook(made, items)


def test_only_accepted_items_go_out_unasked(tmp_path: Path) -> None:
    made = planned(tmp_path)
    assert [item.id for item in chosen(made, proposed=False)] == ["POAM-0002"]
    assert len(chosen(made, proposed=True)) == 3
    with pytest.raises(NothingToExportError, match="no plan"):
        chosen(on(DAY, {}), proposed=True)
    other = tmp_path / "other"
    other.mkdir()
    step(other, DAY, {"r/a": "gap"})
    with pytest.raises(NothingToExportError, match="--proposed"):
        chosen(with_plan(on(DAY, {"r/a": "gap"}), load_plan(other)), proposed=False)


def test_five_thousand_records_fit_into_a_cell(tmp_path: Path) -> None:
    statuses = {f"r/phone-{number:05}": "gap" for number in range(5000)}
    step(tmp_path, DAY, statuses)
    made = with_plan(on(DAY, statuses), load_plan(tmp_path))
    assets = row_of(opened(made)[SHEETS[0]], 6)["Asset Identifier"]
    assert len(assets) < 32767
    assert "more records; poam.yaml has them all" in assets


def test_the_table_has_a_line_an_item(tmp_path: Path) -> None:
    made = planned(tmp_path)
    lines = "".join(table(made, chosen(made, proposed=True))).splitlines()
    assert lines[0] == ",".join((*COLUMNS, *STAMP))
    assert all(line.endswith(f",{made.metadata.marking or ''}") for line in lines[1:])
    assert all(
        f",{made.metadata.as_of}," in line and inventory_digest(made) in line for line in lines[1:]
    )
    assert len(lines) == 4
    assert lines[2].startswith("POAM-0002,accepted,no,high,law,'=cmd|")
    assert "45 CFR 1(a); 45 CFR 1(b),system/a; system/b" in lines[2]
