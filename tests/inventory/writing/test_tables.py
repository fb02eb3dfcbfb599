"""Tables hold what an inventory holds: each cell says what its fact says."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import Any

import pytest

from compliance import resources
from compliance.inventory.kinds import Fact, Kinds, load_kinds
from compliance.inventory.load import load_values
from compliance.inventory.tables.cells import read_cell
from compliance.inventory.tables.columns import folded, headings, list_columns, lists_of
from compliance.inventory.writing.content import written
from compliance.inventory.writing.tables import (
    Table,
    list_table,
    statement_table,
    table_of,
    tables_of,
)
from compliance.inventory.writing.text_tables import csv_files, jsonl_files
from tests.inventory.generated import RecordMaker
from tests.inventory.small import AS_OF

KINDS = load_kinds(resources.schemas() / "inventory")


def tables(content: dict[str, Any], kinds: Kinds = KINDS) -> dict[str, Table]:
    return {table.name: table for table in tables_of(content, kinds)}


def rows(table: Table) -> list[dict[str, Any]]:
    return [
        {column.path: cell for column, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]


def test_only_columns_that_occur_are_written() -> None:
    found = tables(
        {"systems": [{"id": "a", "data_types": ["ephi", "pii"]}, {"id": "b", "name": "B"}]}
    )
    assert list(found) == ["Systems"]
    assert rows(found["Systems"]) == [
        {"id": "a", "name": None, "data_types": "ephi; pii"},
        {"id": "b", "name": "B", "data_types": None},
    ]


def test_provenance_has_columns_where_it_occurs() -> None:
    said = {"value": True, "source": "scan", "reported_on": "2026-03-02"}
    found = tables({"systems": [{"id": "a", "encryption_at_rest": said, "name": "A"}]})
    (row,) = rows(found["Systems"])
    assert row["encryption_at_rest"] is True
    assert row["encryption_at_rest.source"] == "scan"
    assert str(row["encryption_at_rest.reported_on"]) == "2026-03-02"
    assert "encryption_at_rest.by" not in row
    assert "name.source" not in row


def test_a_list_of_objects_has_rows_of_its_own() -> None:
    members = [{"name": "X", "version": {"value": "1.10", "by": "me"}}, {"name": "Y"}]
    found = tables({"systems": [{"id": "a", "software": members}, {"id": "b", "software": []}]})
    assert rows(found["Systems"]) == [
        {"id": "a", "software": None},
        {"id": "b", "software": "[]"},
    ]
    assert rows(found["Systems - Software"]) == [
        {"id": "a", "name": "X", "version": "1.10", "version.by": "me"},
        {"id": "a", "name": "Y", "version": None, "version.by": None},
    ]


@pytest.mark.parametrize("members", [[None], [{}], [{"name": "X"}, None], [{"name": None}]])
def test_a_list_that_rows_cannot_say_stands_in_its_cell(members: list[Any]) -> None:
    found = tables({"systems": [{"id": "a", "software": members}]})
    assert list(found) == ["Systems"]
    assert json.loads(rows(found["Systems"])[0]["software"]) == members


def test_absence_that_would_speak_is_written_as_unknown() -> None:
    events = [f for f in KINDS["device"].facts.values() if f.absent_none and "." not in f.path]
    found = tables({"devices": [{"id": "a", events[0].path: None}, {"id": "b"}]})
    assert rows(found["Devices"]) == [
        {"id": "a", events[0].path: "unknown"},
        {"id": "b", events[0].path: None},
    ]


def test_statements_have_a_table() -> None:
    statement = {"provider": "vendor/v", "requirements": ["a", "b"], "extent": "full"}
    (row,) = rows(tables({"inheritance": [statement]})["Inheritance"])
    assert row == {"provider": "vendor/v", "requirements": "a; b", "extent": "full"}


def test_each_heading_leads_to_its_column_alone() -> None:
    for name in KINDS:
        kind = KINDS[name]
        made: list[tuple[Table, Fact | None]] = [(table_of(kind, kind.facts.values()), None)]
        made += [(list_table(kind, fact), fact) for fact in lists_of(kind)]
        for table, fact in made:
            columns = table.columns
            known = headings(list_columns(kind, fact) if fact else columns)
            for column in columns:
                assert known[folded(column.heading)].path == column.path, str(column)
            assert len({folded(column.heading) for column in columns}) == len(columns)
            assert len(table.name) <= 31
    assert statement_table().columns[0].path == "provider"


def test_cells_say_what_records_say() -> None:
    maker = RecordMaker(KINDS, random.Random(5), wrong=0)  # noqa: S311
    for name in sorted(KINDS):
        kind = KINDS[name]
        if kind.read_only or name == "agency":
            continue
        records = [maker.record(kind, f"r{number}") for number in range(20)]
        content = {kind.collection: records}
        main = next(iter(tables_of(content, KINDS)))
        for record, row in zip(records, main.rows, strict=True):
            for column, cell in zip(main.columns, row, strict=True):
                if column.provenance is None and column.fact.items != "object":
                    said = read_cell(column.fact, cell)
                    value = at(record, column.path)
                    assert (said.value, said.wrong) == (value, None), str(column)


def at(record: Any, path: str) -> Any:
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return record["value"] if isinstance(record, dict) and "value" in record else record


def test_text_files_are_named_by_collection_and_keep_their_cells_harmless() -> None:
    content = {
        "agency": {"id": "x", "name": "=1+1"},
        "systems": [{"id": "a", "name": 'b;"\n,', "software": [{"name": "-2"}]}],
    }
    files = csv_files(tables_of(content, KINDS))
    assert sorted(files) == ["agency.csv", "systems.csv", "systems.software.csv"]
    assert files["agency.csv"] == b"Id,Name\nx,'=1+1\n"
    cells = list(csv.reader(io.StringIO(files["systems.csv"].decode())))
    assert cells == [["Id", "Name"], ["a", 'b;"\n,']]
    assert files["systems.software.csv"] == b"System,Product\na,'-2\n"


def test_json_lines_hold_a_record_a_line() -> None:
    agency: dict[str, Any] = {"id": "x", "name": "é\n"}
    loaded = load_values({"agency": agency, "vendors": [{"id": "v"}, {"id": "w"}]}, KINDS, AS_OF)
    assert loaded.inventory
    files = jsonl_files(written(loaded.inventory))
    assert sorted(files) == ["agency.jsonl", "vendors.jsonl"]
    assert json.loads(files["agency.jsonl"]) == agency
    assert [json.loads(line) for line in files["vendors.jsonl"].splitlines()] == [
        {"id": "v"},
        {"id": "w"},
    ]
