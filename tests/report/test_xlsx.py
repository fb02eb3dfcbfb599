"""The report as a workbook."""

import re
from dataclasses import replace

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from compliance.assessment.model import Assessment
from compliance.assessment.outcome import headline
from compliance.report.detail import COUNTS, REQUIREMENT
from compliance.report.reducing import reduced
from tests.report.html.pages import many
from tests.report.html.test_page import planned
from tests.report.reading import cells, made, rendered, sheets
from tests.report.sample import FINDINGS, POLICY, assessment, finding

HEADING, FIRST = 4, 5
"""Rows of a table, counted from 1."""


def book(sample: Assessment | None = None) -> dict[str, Worksheet]:
    return sheets(made(sample or assessment(), "xlsx"))


def table(sheet: Worksheet) -> list[dict[str, str]]:
    rows = cells(sheet)
    titles = rows[HEADING - 1]
    return [dict(zip(titles, [*row, *[""] * 50], strict=False)) for row in rows[HEADING:]]


def test_the_sheets_are_those_that_have_something_to_tell() -> None:
    assert list(book()) == [
        "Summary", "Fix first", "Gaps", "Unknowns", "Questions", "Requirements", "Records",
        "Upcoming", "Statements", "Wrong values",
    ]  # fmt: skip
    assert {"Plan", "Outside"} <= set(book(planned()))
    fine = finding(status="satisfied", evaluated="satisfied", leaves=())
    some = list(book(assessment([fine], wrong=0)))
    assert some == ["Summary", "Fix first", "Gaps", "Unknowns", "Questions", "Requirements",
                    "Records"]  # fmt: skip
    fault = finding("bad", status="error", evaluated="error", message="out of fuel", leaves=())
    assert "out of fuel" in str(cells(book(assessment([fault]))["Errors"]))


def test_the_summary_tells_the_outcome_and_where_the_rest_is() -> None:
    found = book()
    text = "\n".join(cell for row in cells(found["Summary"]) for cell in row if cell)
    assert headline(assessment()) in text
    for word in ("newest published version of a binding policy", "Idle limit: 10 minutes",
                 "4 requirements, all that the source has", "ab" * 32, "ef" * 32,
                 "inventory/systems.yaml", "A gap analysis, no legal advice."):  # fmt: skip
        assert word in text
    listed = {row[0]: row[1] for row in cells(found["Summary"]) if len(row) > 2}
    listed = {name: rows for name, rows in listed.items() if name in found}
    assert listed.keys() == set(found) - {"Summary"}
    assert listed["Gaps"] == "3 rows"
    assert listed["Unknowns"] == "2 rows"


def test_every_link_leads_to_a_row_that_is_there() -> None:
    found = book(planned())
    links = 0
    for sheet in found.values():
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    place = re.fullmatch(r"'([^']+)'!A(\d+)", str(cell.hyperlink.location))
                    assert place, cell.hyperlink.location
                    assert int(place[2]) <= found[place[1]].max_row
                    assert cell.hyperlink.target is None
                    links += 1
    assert links > len(found)


def test_a_requirement_leads_to_its_gaps_and_a_gap_to_its_requirement() -> None:
    rules = ("unique-user-identification", "idle-logoff")
    first, *others = POLICY.requirements
    linked = replace(first, rules=rules[:1], weaker_rules=rules[1:], weaker_subjects={"gap": 1})
    found = book(assessment(policy=replace(POLICY, requirements=(linked, *others))))
    requirements, gaps = found["Requirements"], found["Gaps"]
    titles = [cell.value for cell in requirements[HEADING]]
    cell = requirements.cell(FIRST, titles.index("Records with a gap") + 1)
    assert cell.value == 2
    assert cell.hyperlink is not None
    assert str(cell.hyperlink.location) == f"'Gaps'!A{FIRST}"
    weaker = requirements.cell(FIRST, titles.index("Bureau's standard") + 1)
    assert weaker.value == "1 gap"
    assert weaker.hyperlink is not None
    assert str(weaker.hyperlink.location) == f"'Gaps'!A{FIRST + 2}"
    column = [one.value for one in gaps[HEADING]].index("Requirements") + 1
    back = gaps.cell(FIRST, column)
    assert back.hyperlink is not None
    assert str(back.hyperlink.location) == f"'Requirements'!A{FIRST}"


def test_the_matrix_of_records_says_the_worst_of_each_rule_set() -> None:
    rows = {one["Record"]: one for one in table(book()["Records"])}
    assert len(rows) == len({one.record for one in FINDINGS})
    assert rows["system/payroll"]["hipaa 0.1.0"] == "gap"
    assert (rows["system/payroll"]["Gaps"], rows["system/payroll"]["Upcoming"]) == ("2", "1")
    assert rows["system/tax"]["hipaa 0.1.0"] == "unknown"
    assert rows["system/kiosk"]["hipaa 0.1.0"] == "not applicable"
    assert rows["system/mail"]["hipaa 0.1.0"] == "satisfied"


def test_colour_never_stands_without_a_word() -> None:
    for sheet in book(planned()).values():
        for row in sheet.iter_rows():
            for cell in row:
                if cell.fill.fill_type == "solid":
                    assert cell.value not in (None, ""), (sheet.title, cell.coordinate)


def test_tables_are_filtered_frozen_and_print_their_headings() -> None:
    for name, sheet in book(planned()).items():
        assert sheet.page_setup.fitToHeight == 0, name
        if name != "Summary":
            assert str(sheet.auto_filter.ref).startswith(f"A{HEADING}:"), name
            assert str(sheet.freeze_panes).endswith(str(FIRST)), name
            assert sheet.print_title_rows == f"$1:${HEADING}", name


def test_numbers_are_numbers_that_sort() -> None:
    sheet = book()["Records"]
    column = [cell.value for cell in sheet[HEADING]].index("Gaps") + 1
    for row in range(FIRST, sheet.max_row + 1):
        assert isinstance(sheet.cell(row, column).value, int)


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
def test_a_reduced_workbook_has_no_sheet_of_records(detail: str) -> None:
    found = book(reduced(planned(), detail))
    assert not {"Records", "Wrong values"} & set(found)
    assert (set(found) == {"Summary"}) == (detail == COUNTS)
    if detail == REQUIREMENT:
        [first, *_] = table(found["Gaps"])
        assert first["Findings"] == "2"
        assert "Record" not in first


def test_long_lists_keep_every_finding() -> None:
    sheet = book(many(3000))["Gaps"]
    assert sheet.max_row == HEADING + 3000
    assert str(sheet.auto_filter.ref).endswith(str(HEADING + 3000))


def test_texts_longer_than_a_cell_are_cut_and_say_so() -> None:
    long = assessment([finding(name="x" * 40_000)])
    [row] = table(book(long)["Gaps"])
    assert row["Name"].startswith("xxx")
    assert row["Name"].endswith("(40,000 characters)")
    assert len(row["Name"]) <= 32_767


def test_names_that_headers_would_take_for_codes_stay_as_they_are() -> None:
    metadata = replace(assessment().metadata, agency_name="R&D && &P of &N", marking="&B&1")
    text = rendered(replace(assessment(), metadata=metadata), "xlsx")
    header = re.search(r"<oddHeader>(.*?)</oddHeader>", text, re.DOTALL)
    assert header
    assert header[1] == ("&C&B &&B&&1&B\n R&&D &&&& &&P of &&N as of 2026-11-23 - &A")


def test_a_long_marking_keeps_headers_within_what_they_hold() -> None:
    metadata = replace(assessment().metadata, agency_name="&" * 400, marking="M & M " * 100)
    many_sets = tuple(replace(POLICY, id=f"policy-{number}-{'x' * 60}") for number in range(9))
    sample = replace(assessment(), metadata=metadata, policies=many_sets)
    data = made(sample, "xlsx")
    for sheet in sheets(data).values():
        assert sheet["A1"].value == " ".join(str(metadata.marking).split())
        for part in (sheet.oddHeader, sheet.oddFooter):
            assert part is not None
            assert 0 < len(str(part.center.text)) <= 255
