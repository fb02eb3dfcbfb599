"""A workbook explains itself, offers choices, checks what is typed, and is the same each time."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compliance import resources
from compliance.inventory.kinds import Fact, Kind, load_kinds
from compliance.inventory.tables.columns import ABOUT, LISTS, lists_of
from compliance.inventory.writing import guidance
from compliance.inventory.writing.tables import list_table, statement_table, table_of, tables_of
from compliance.inventory.writing.workbook import Explanation, WorkbookError, workbook

KINDS = load_kinds(resources.schemas() / "inventory")
SYSTEM: Kind = KINDS["system"]
GROUPS, HEADINGS, GUIDANCE, EXAMPLE = 1, 2, 3, 4


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def to_fill_in(*facts: str, kind: str = "system") -> Workbook:
    table = table_of(KINDS[kind], [KINDS[kind].facts[path] for path in facts])
    return opened(workbook([table], KINDS, Explanation("Inventory of X", example=True)))


def column_of(sheet: Worksheet, heading: str) -> str:
    return next(cell.column_letter for cell in sheet[HEADINGS] if cell.value == heading)


def rule_of(sheet: Worksheet, heading: str) -> Any:
    letter = column_of(sheet, heading)
    return next(
        rule
        for rule in sheet.data_validations.dataValidation
        if str(rule.sqref).startswith(f"{letter}{EXAMPLE + 1}:")
    )


def first(check: Any) -> Fact:
    return next(fact for fact in SYSTEM.facts.values() if fact.entered and check(fact))


def test_every_kind_and_list_becomes_a_sheet_that_spreadsheet_programs_open() -> None:
    kinds = [KINDS[name] for name in KINDS if not KINDS[name].read_only]
    tables = [table_of(kind, kind.facts.values()) for kind in kinds]
    tables += [list_table(kind, fact) for kind in kinds for fact in lists_of(kind)]
    book = opened(workbook([*tables, statement_table()], KINDS, Explanation(example=True)))
    assert book.sheetnames[0] == ABOUT
    assert book.sheetnames[-1] == LISTS
    assert book[LISTS].sheet_state == "hidden"
    for sheet in book.worksheets[1:-1]:
        assert [str(sheet.cell(row, 1).value)[0] for row in (GROUPS, GUIDANCE, EXAMPLE)] == [
            "#"
        ] * 3
        assert sheet.freeze_panes == "B3"
        assert sheet.max_row == EXAMPLE
        rules = sheet.data_validations.dataValidation
        assert len(rules) == sheet.max_column
        for rule in rules:
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 255
            formula = rule.formula1 or ""
            if rule.type == "list" and formula.startswith('"'):
                assert len(formula) <= 257
        for cell in sheet[HEADINGS]:
            assert cell.value
            assert not str(cell.value).startswith("#")


def test_the_same_tables_are_the_same_bytes() -> None:
    content = {"systems": [{"id": "a", "encryption_at_rest": True, "data_types": ["ephi"]}]}
    one, other = (workbook(tables_of(content, KINDS), KINDS) for _ in range(2))
    assert one == other


def test_yes_and_no_are_offered_and_nothing_else_is_taken() -> None:
    fact = first(lambda fact: fact.type == "boolean")
    rule = rule_of(to_fill_in(fact.path)["Systems"], fact.title)
    assert (rule.type, rule.formula1) == ("list", '"yes,no"')
    assert rule.showErrorMessage
    assert "blank" in rule.error


def test_choices_are_offered_with_none_where_it_is_allowed() -> None:
    fact = first(lambda fact: fact.enum and fact.type == "string")
    rule = rule_of(to_fill_in(fact.path)["Systems"], fact.title)
    offered = rule.formula1.strip('"').split(",")
    assert offered == [*map(str, fact.enum or ()), *(["none"] if fact.none else [])]


def test_of_a_list_the_words_are_offered_and_several_may_be_typed() -> None:
    rule = rule_of(to_fill_in("data_types")["Systems"], "Data types")
    assert "ephi" in rule.formula1
    assert not rule.showErrorMessage


def test_choices_too_long_for_a_rule_stand_on_a_hidden_sheet() -> None:
    long = [
        (kind, fact)
        for kind in map(KINDS.__getitem__, KINDS)
        for fact in kind.facts.values()
        if fact.entered and len(",".join(guidance.choices(fact))) > 255
    ]
    kind, fact = long[0]
    table = table_of(kind, [fact])
    book = opened(workbook([table], KINDS, Explanation(example=True)))
    rule = rule_of(book[table.name], fact.title)
    assert rule.formula1.replace("=", "").startswith("Lists!$A$1:$A$")
    listed = [cell.value for cell in book[LISTS]["A"]]
    assert listed == list(guidance.choices(fact))
    assert rule.formula1.endswith(f"${len(listed)}")


def test_days_and_numbers_are_checked() -> None:
    day = first(lambda f: f.type == "date" and not f.none)
    number = first(lambda f: f.type == "integer" and not f.none and "maximum" not in f.schema)
    either = first(lambda f: f.type == "date" and f.none)
    sheet = to_fill_in(day.path, number.path, either.path)["Systems"]
    assert (rule_of(sheet, day.title).type, rule_of(sheet, day.title).operator) == (
        "date",
        "greaterThanOrEqual",
    )
    assert rule_of(sheet, number.title).type == "whole"
    letter = column_of(sheet, either.title)
    rule = rule_of(sheet, either.title)
    assert rule.type == "custom"
    assert rule.formula1 == f'OR(AND(ISNUMBER({letter}5),{letter}5>=367),{letter}5="none")'


def test_columns_of_text_keep_what_is_typed() -> None:
    day = first(lambda f: f.type == "date")
    table = table_of(SYSTEM, [SYSTEM.facts["data_types"], day])
    rows = zipfile.ZipFile(io.BytesIO(workbook([table], KINDS))).read("xl/worksheets/sheet2.xml")
    styles = re.findall(rb'<col min="(\d)" max="\d" width="[0-9.]+" style="(\d+)"', rows)
    by_column = dict(styles)
    assert by_column[b"1"] == by_column[b"2"] != by_column[b"3"]


def test_the_example_is_marked_and_no_formula() -> None:
    sheet = to_fill_in("data_types")["Systems"]
    example = [cell.value for cell in sheet[EXAMPLE]]
    assert str(example[0]).startswith("# Example: ")
    assert example[1] == "ephi; pii"


def test_values_stand_as_values_and_formulas_do_not_run() -> None:
    day = first(lambda f: f.type == "date")
    number = first(lambda f: f.type == "integer")
    record: dict[str, Any] = {"id": "a", "name": "=HYPERLINK(1)", "encryption_at_rest": False}
    for fact, value in ((day, "2026-03-02"), (number, 12)):
        place = record
        *groups, name = fact.path.split(".")
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = value
    sheet = opened(workbook(tables_of({"systems": [record]}, KINDS), KINDS))["Systems"]
    values = {cell.value: sheet.cell(4, number) for number, cell in enumerate(sheet[HEADINGS], 1)}
    assert values["Name"].value == "'=HYPERLINK(1)"
    assert values["Name"].data_type == "s"
    assert values["Encryption at rest"].value == "no"
    assert values[day.title].value == datetime.datetime(2026, 3, 2)
    assert values[day.title].number_format == "yyyy-mm-dd"
    assert values[number.title].value == 12


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (2**53 - 1, "9007199254740991"),
        (0.3, 0.3),
        (12.0, 12),
        (10**15, 10**15),
        (1e300, 1e300),
    ],
)
def test_numbers_lose_no_digits(number: float, cell: Any) -> None:
    fact = next(
        f
        for f in KINDS["agency"].facts.values()
        if f.type == "number" and "." in f.path and "%" not in f.title
    )
    group, name = fact.path.split(".")
    content = {"agency": {"id": "x", group: {name: number}}}
    sheet = opened(workbook(tables_of(content, KINDS), KINDS))["Agency"]
    assert sheet.cell(4, 2).value == cell


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    record = {"id": "a", "data_types": ["x" * 40_000]}
    with pytest.raises(WorkbookError, match="longer than the 32,767 characters"):
        workbook(tables_of({"systems": [record]}, KINDS), KINDS)


def test_about_says_how_to_fill_in_and_what_values_mean() -> None:
    table = table_of(KINDS["agency"], [KINDS["agency"].facts["data_types"]])
    book = opened(workbook([table], KINDS, Explanation("Inventory of X", ("A line.",))))
    texts = [str(cell.value) for row in book[ABOUT].iter_rows() for cell in row if cell.value]
    assert texts[:2] == ["Inventory of X", "A line."]
    assert "Leave blank what is not known" in texts
    assert "federal tax information, received from the IRS" in texts


@pytest.mark.parametrize("name", [name for name in KINDS if not KINDS[name].read_only])
def test_every_column_is_explained(name: str) -> None:
    for column in table_of(KINDS[name], KINDS[name].facts.values()).columns:
        text = guidance.guidance(column, KINDS)
        assert text, str(column)
        assert "  " not in text
        assert "An empty list" not in text
        for said in column.said():
            assert guidance.guidance(said, KINDS)


def test_none_is_explained_by_what_it_means_for_the_fact() -> None:
    date = first(lambda fact: fact.none and fact.type == "date")
    text = first(lambda fact: fact.none and fact.type == "string")
    assert "Enter none where it never happened." in guidance.allowed(date, KINDS)
    assert "Enter none where there is none." in guidance.allowed(text, KINDS)
