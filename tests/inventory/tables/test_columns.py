"""Names of sheets and columns."""

from __future__ import annotations

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.tables.columns import (
    LONGEST_NAME,
    columns_of,
    folded,
    headings,
    list_columns,
    list_sheet_name,
    lists_of,
    sheet_name,
)

KINDS = load_kinds(resources.schemas() / "inventory")


def test_every_column_is_found_by_its_title_and_by_its_path() -> None:
    for name in KINDS:
        columns = columns_of(KINDS[name])
        found = headings(columns)
        for column in columns:
            assert found[folded(column.heading.upper())] == column
            assert found[folded(f" {column.path} ")] == column
            for said in column.said():
                assert found[folded(said.heading)] == said


def test_the_columns_of_lists_begin_with_the_record() -> None:
    software = KINDS["system"].facts["software"]
    columns = list_columns(KINDS["system"], software)
    assert columns[0].heading == "System"
    assert [column.path for column in columns] == ["id", "name", "version", "vendor", "eol_on"]
    for name in KINDS:
        for fact in lists_of(KINDS[name]):
            inner = list_columns(KINDS[name], fact)
            assert len({folded(column.heading) for column in inner}) == len(inner)
            assert len({folded(column.path) for column in inner}) == len(inner)


def test_names_of_sheets_are_such_as_workbooks_allow_and_all_different() -> None:
    names = [sheet_name(KINDS[name]) for name in KINDS]
    names += [
        list_sheet_name(KINDS[name], fact) for name in KINDS for fact in lists_of(KINDS[name])
    ]
    assert len({folded(name) for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\'")
    assert sheet_name(KINDS["crypto_module"]) == "Crypto modules"
    assert (
        list_sheet_name(KINDS["system"], KINDS["system"].facts["software"]) == "Systems - Software"
    )
