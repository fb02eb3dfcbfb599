"""Inventories in workbooks, CSV files and JSON lines."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from compliance.inventory.problems import ERROR, NOTE, WRONG_VALUE
from compliance.inventory.store import Inventory
from compliance.inventory.tables.settings import TableSettings
from compliance.inventory.writing.content import written
from compliance.inventory.writing.tables import table_of, tables_of
from compliance.inventory.writing.text_tables import csv_files, jsonl_files
from compliance.inventory.writing.workbook import Explanation
from compliance.inventory.writing.workbook import workbook as as_workbook
from tests.inventory.generated import RecordMaker

from .books import book
from .loading import AGENCY, KINDS, inventory, loaded, notes, told, workbook

DAY = datetime.date(2026, 3, 2)


def test_headings_match_in_any_order_case_and_spelling(tmp_path: Path) -> None:
    found = inventory(
        workbook(
            tmp_path,
            SYSTEMS=[
                ["  name ", "ENCRYPTION AT REST", "id", "logging.enabled", "Data\ntypes"],
                ["Payroll", "Yes", "payroll", "no", "EPHI; pii"],
                [None, None, None, None, None],
                ["Eligibility", None, 7, "N/A", "none"],
            ],
        )
    )
    payroll = found.get("system", "payroll")
    assert payroll is not None
    assert payroll.facts == {
        "id": "payroll", "name": "Payroll", "encryption_at_rest": True,
        "logging": {"enabled": False}, "data_types": ["ephi", "pii"],
    }  # fmt: skip
    assert str(payroll.position("logging.enabled")).endswith("a.xlsx:SYSTEMS!D2")
    assert str(payroll.position("data_types.1")).endswith("a.xlsx:SYSTEMS!E2")
    assert str(payroll.position()).endswith("a.xlsx:SYSTEMS!C2")
    assert payroll.position("mfa") is None
    seven = found.get("system", "7")
    assert seven is not None
    assert seven.facts["data_types"] == []
    assert seven.get("logging.enabled") is None
    assert len(found.digests) == 1


def test_titles_groups_explanations_and_merged_headings_stand_around_the_headings(
    tmp_path: Path,
) -> None:
    file = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    agency = file.add_worksheet("Agency")
    agency.write_row("A1", ["Id"])
    agency.write_row("A2", ["dhs"])
    sheet = file.add_worksheet("Vendors")
    sheet.write("B1", "Vendors of the agency")
    sheet.merge_range("B3:B4", "Id")
    sheet.merge_range("C3:D3", "What we know")
    sheet.write_row("C4", ["Name", "US"])
    sheet.write_row("B5", ["# how to fill in", "Text", "yes or no"])
    sheet.write_row("B6", ["acme", "ACME"])
    styled = file.add_format({"bg_color": "#ff0000"})
    for row in range(6, 300):
        sheet.write_blank(row, 1, None, styled)
    file.close()
    problems = told(loaded(tmp_path), tmp_path)
    assert len(problems) == 1  # Only that no fact is called US.
    assert problems[0].startswith('a.xlsx:Vendors!D4: column "US"')
    settings = TableSettings(columns={"vendors": {"us": "drop"}})
    found = inventory(tmp_path, settings=settings)
    assert [record.id for record in found.iterate("vendor")] == ["acme"]


def test_all_that_is_wrong_is_told_at_once_with_its_cell(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Systems=[
            [
                "Id",
                "Name",
                "Encryption at rest",
                "Vendors",
                "Start of use",
                "name",
                "Crypto",
                "Owner",
            ],
            ["a", "A", "maybe", "x; y", "3/25/2026", "B", "z", DAY],
            [None, "no id"],
            ["a", "again", None, None, 46083, None, None, None, None, "stray"],
            ["b", "=1/0", "#REF!"],
        ],
        Vendors=[["Id"], ["x"]],
        Servers=[["Id"], ["s"]],
        Devices=[["foo", "bar"], ["1", "2"]],
        Apps=[["Name"], ["Mail"]],
        Systems_x_Software=[["System", "Name"], ["c", "DB"], ["a", None]],
    )
    found = loaded(folder)
    assert found.inventory is None
    text = "\n".join(told(found, tmp_path))
    for place, words in [
        (
            "Systems!F1",
            r"two columns stand for name .*Systems!B1.*columns: \{systems: \{name: drop",
        ),
        ("Systems!G1", "no fact of Systems has this heading"),
        ("Systems!C2", "Did you mean|yes or no"),
        ("Systems!D2", "no vendor with the id y"),
        ("Systems!E2", "Did you mean 2026-03-25"),
        ("Systems!H2", "a date stands in the cell"),
        ("Systems!A3", "nothing under Id"),
        ("Systems!A4", r"the id a stands twice \(first at .*Systems!A2\)"),
        ("Systems!E4", "Did you mean 2026-03-02"),
        ("Systems!J4", "a value in a column without a heading"),
        ("Systems!C5", "the error #REF!"),
        ("Servers", "names no kind of record"),
        ("Systems x Software", "names no kind of record.*Did you mean Systems - Software"),
        ("Devices!A1", "no row of headings was found in the first 20 rows"),
        ("Apps!A1", "no column with the heading Id"),
    ]:
        assert re.search(rf"^a\.xlsx:{place}: .*{words}", text, re.MULTILINE), (place, text)
    kinds = {str(problem.position).rpartition(":")[2]: problem.kind for problem in found.problems}
    assert kinds["Systems!C2"] == kinds["Systems!H2"] == kinds["Systems!C5"] == WRONG_VALUE
    assert kinds["Systems!F1"] == kinds["Servers"] == ERROR


def test_wrong_cells_are_listed_and_unknown(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path, Systems=[["Id", "Owner", "Encryption at rest"], ["a", DAY, "maybe"]]
    )
    found = loaded(folder)
    assert found.inventory is not None
    record = found.inventory.get("system", "a")
    assert record is not None
    assert record.get("owner") is None
    assert record.is_wrong("owner")
    assert record.is_wrong("encryption_at_rest")
    assert [problem.kind for problem in found.problems] == [WRONG_VALUE, WRONG_VALUE]


def test_settings_map_and_drop_sheets_and_columns(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Servers=[["Id", "Crypto at rest", "Notes"], ["a", True, "x"]],
        Old=[["whatever"]],
    )
    settings = TableSettings(
        {"servers": "systems", "OLD": "drop"},
        {"Servers": {"crypto AT rest": "encryption_at_rest", "Notes": "drop"}},
    )
    record = inventory(folder, settings=settings).get("system", "a")
    assert record is not None
    assert record.facts == {"id": "a", "encryption_at_rest": True}
    assert str(record.position("encryption_at_rest")).endswith("Servers!B2")
    wrong = TableSettings({"Servers": "servers", "Old": "drop"})
    assert (
        "the settings say that the sheet holds servers" in told(loaded(folder, wrong), tmp_path)[0]
    )
    wrong = TableSettings(settings.sheets, {"systems": {"Notes": "note"}})
    text = "\n".join(told(loaded(folder, wrong), tmp_path))
    assert "Systems has no fact note" in text


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        hidden=("Vendors", "Aside"),
        About=[["Explained"]],
        Lists=[["yes"]],
        Systems=[["Id", "Owner"], ["# example", "x"], ["a", "N/A"], ["b", "n/a"], ["c", 10.5]],
        Vendors=[["Id"], ["v"]],
        Aside=[["x"]],
        Empty=[],
    )
    found = loaded(folder)
    assert told(found, tmp_path) == []
    assert [note.partition(" Expected")[0] for note in notes(found, tmp_path)] == [
        "a.xlsx: 1 row that begins with #: left out, as remarks (Systems).",
        'a.xlsx:Systems!B3: column "Owner": "n/a" counts as unknown in 2 cells of this column.',
        'a.xlsx:Systems!B5: column "Owner": a number with decimals is read as a text, in which '
        "10.10 has become 10.1.",
        "a.xlsx:Vendors: hidden sheet: it is read like the others.",
        "a.xlsx:Aside: hidden sheet: it names no kind of record and is not read.",
    ]
    assert found.inventory is not None
    assert found.inventory.count("vendor") == 1
    assert found.inventory.count("system") == 3


def test_the_rows_of_a_fresh_workbook_need_no_word(tmp_path: Path) -> None:
    facts = [KINDS["system"].facts[path] for path in ("id", "name", "encryption_at_rest", "owner")]
    table = table_of(KINDS["system"], facts)
    data = as_workbook([table], KINDS, Explanation(example=True))
    (tmp_path / "a.xlsx").write_bytes(data)
    (tmp_path / "agency.yaml").write_text("agency: {id: dhs}\n")
    found = loaded(tmp_path)
    assert found.problems == ()
    assert found.inventory is not None
    assert found.inventory.count("system") == 0


def test_a_record_written_over_the_example_is_told(tmp_path: Path) -> None:
    headings = ["Name", "Id", "Owner"]
    example = ["# Example: Eligibility and enrollment", "eligibility", None]
    mine = ["# Example: Payroll", "payroll", "Head of finance"]
    found = loaded(workbook(tmp_path, Systems=[headings, example, mine]))
    assert [note.partition(" Expected")[0] for note in notes(found, tmp_path)] == [
        "a.xlsx:Systems!A3: example row: it was changed, and it is no record while it begins "
        "with #."
    ]
    assert found.inventory is not None
    assert found.inventory.count("system") == 0


def test_problems_stand_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    wrong = [["Id", "Colour"], ["x", "red"]]
    found = loaded(workbook(tmp_path, Vendors=wrong, Systems=wrong, Apps=wrong))
    assert [problem.position.sheet for problem in found.problems] == ["Vendors", "Systems", "Apps"]


def test_merged_cells_and_hidden_rows_among_the_records_are_said(tmp_path: Path) -> None:
    file = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = file.add_worksheet("Agency")
    sheet.write_row("A1", ["Id", "Name"])
    sheet.write("A2", "dhs")
    sheet.merge_range("B2:B3", "The agency")
    sheet.set_row(1, None, None, {"hidden": True})
    file.close()
    text = "\n".join(notes(loaded(tmp_path), tmp_path))
    assert "a.xlsx:Agency: hidden rows: 1 row, read like the others." in text
    assert "a.xlsx:Agency!B2: merged cells" in text


def test_lists_of_objects_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Systems=[["Id", "Software", "Software: source"], ["a", None, "Scan"], ["b", "[]"]],
        Systems_0_Software=[
            ["Name", "Version", "System", "Version: source", "End of support"],
            ["DB", 19, "a", "Vendor", None],
            ["OS", "n/a", "a", None, "3/25/2026"],
        ],
    )  # fmt: skip
    found = loaded(folder)
    assert found.inventory is not None
    a, b = (found.inventory.get("system", name) for name in "ab")
    assert a is not None
    assert b is not None
    assert a.facts["software"] == [
        {"name": "DB", "version": "19"}, {"name": "OS", "version": None, "eol_on": None},
    ]  # fmt: skip
    assert a.provenance("software") == {"assurance": "asserted", "source": "Scan"}
    assert a.provenance("software[0].version")["source"] == "Vendor"
    assert str(a.position("software.1.name")).endswith("Systems - Software!A3")
    assert str(a.position("software")).endswith("Systems!A2") or "B2" in str(a.position("software"))
    assert b.facts["software"] == []
    [problem] = [problem for problem in found.problems if problem.kind == WRONG_VALUE]
    assert str(problem.position).endswith("Systems - Software!E3")
    assert problem.path == "system/a software[1].eol_on"


def test_a_list_stands_in_one_place(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Systems=[["Id", "Software"], ["a", '[{"name": "DB"}]'], ["b"]],
        Systems_0_Software=[["System", "Name"], ["a", "OS"], ["bb", "x"], ["b"], [None, "y"]],
    )
    text = "\n".join(told(loaded(folder), tmp_path))
    assert "Software!A2: the list stands in the cell of its record already" in text
    assert "Software!A3: no table has a row of the system bb" in text
    assert "Software!A4: the row names its record and says nothing more" in text
    assert "Software!A5: the row has values, and nothing under System" in text


def test_provenance_and_inheritance(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Systems=[
            [
                "Id",
                "Encryption at rest",
                "encryption_at_rest.source",
                "Encryption at rest: reported on",
                "Encryption at rest: by",
            ],
            ["a", True, "Scan", DAY, "N/A"],
            ["b", None, "asked", None, None],
        ],
        Vendors=[["Id"], ["v"]],
        Inheritance=[
            ["Provider", "Requirements", "Consumers", "extent", "provider_status", "Assessed"],
            ["vendor/v", "hipaa-164.312.a.2.iv; x", "system/a", "Full", "satisfied", DAY],
        ],
    )  # fmt: skip
    found = inventory(folder)
    a, b = (found.get("system", name) for name in "ab")
    assert a is not None
    assert b is not None
    assert a.provenance("encryption_at_rest") == {
        "assurance": "asserted", "source": "Scan", "reported_on": "2026-03-02",
    }  # fmt: skip
    assert b.get("encryption_at_rest") is None
    assert b.provenance("encryption_at_rest")["source"] == "asked"
    [statement] = found.inheritance
    assert statement.requirements == ("hipaa-164.312.a.2.iv", "x")
    assert statement.consumers == ("system/a",)
    assert statement.extent == "full"
    assert str(statement.position).endswith("Inheritance!A2")


def test_a_date_that_cannot_be_used_does_not_make_a_statement_last(tmp_path: Path) -> None:
    headings = ["Provider", "Requirements", "Consumers", "Extent", "Provider status", "Assessed"]
    row = ["vendor/v", "x", "system/a", "full", "satisfied", DAY]
    folder = workbook(
        tmp_path,
        Systems=[["Id"], ["a"]],
        Vendors=[["Id"], ["v"]],
        Inheritance=[[*headings, "Expires"], [*row, "=1/0"]],
    )
    found = loaded(folder)
    assert found.inventory is None
    assert [str(p.position).rpartition("!")[2] for p in found.errors] == ["G2"]


def test_a_wrong_statement_of_inheritance_stops_the_run(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Inheritance=[["Provider", "Requirements", "Consumers"], ["vendor/v", "a, b", DAY]],
    )
    found = loaded(folder)
    assert found.inventory is None
    assert [str(p.position).rpartition("!")[2] for p in found.errors] == [
        "A2",
        "A2",
        "A2",
        "B2",
        "C2",
    ]  # Three are missing.


def test_the_agency_stands_in_one_row(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", {"Agency": [["Id"], ["dhs"], ["other"]]})
    [problem] = told(loaded(tmp_path), tmp_path)
    assert problem.startswith("a.xlsx:Agency!A3: agency: there is a row about dhs already (")
    (tmp_path / "b.yaml").write_text("agency: {id: dhs}\n")
    book(tmp_path / "a.xlsx", {"Agency": AGENCY})
    [problem] = told(loaded(tmp_path), tmp_path)
    assert problem.startswith("a.xlsx:Agency!A2: agency: the inventory has an agency already")


def test_an_empty_agency_sheet_leaves_the_agency_to_another_file(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", {"Agency": [["Id", "Name"], ["# example", "x"]]})
    (tmp_path / "b.yaml").write_text("agency: {id: dhs}\n")
    assert inventory(tmp_path).agency.id == "dhs"


def test_values_that_look_like_personal_data_are_told_with_their_cell(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Systems=[["Id", "Name", "Vendors"], ["a", "x 123-45-6789"], ["b", 4111111111111111]],
        Systems_0_Software=[["System", "Name"], ["a", "MRN 1234567"]],
    )
    problems = told(loaded(folder), tmp_path)
    places = [problem.partition(": ")[0] for problem in problems if "looks like" in problem]
    assert places == ["a.xlsx:Systems!B2", "a.xlsx:Systems - Software!B2"]
    assert not any("6789" in problem or "1234567" in problem for problem in problems)
    assert "[system.name]" in "\n".join(problems)
    allowed = ("system.name", "system.software.name")
    assert loaded(folder, allowed=allowed).errors == ()


def test_values_of_sensitive_facts_are_not_repeated(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        Persons=[["Id", "screening.status", "screening.types"], ["p", DAY, "felony, x"]],
    )
    text = "\n".join(told(loaded(folder), tmp_path))
    assert "Persons!B2" in text
    assert "Persons!C2" in text
    assert "felony" not in text


def test_csv_files_are_named_after_their_kind(tmp_path: Path) -> None:
    (tmp_path / "Agency.csv").write_text("Id\ndhs\n")
    (tmp_path / "systems-east.csv").write_text("Id,Encryption at rest\na,maybe\n")
    (tmp_path / "crypto modules.csv").write_text("Id\nm\n")
    (tmp_path / "systems.software.csv").write_text('id,name\n\na,"two\nlines"\n')
    found = loaded(tmp_path)
    assert told(found, tmp_path) == [
        'systems-east.csv:2:3: system/a encryption_at_rest: the text "maybe" is of another type. '
        "Expected: yes or no."
    ]
    assert found.inventory is not None
    record = found.inventory.get("system", "a")
    assert record is not None
    assert record.facts["software"] == [{"name": "two\nlines"}]
    assert str(record.position("software.0.name")).endswith("systems.software.csv:3:3")
    assert sorted(Path(name).name for name in found.inventory.digests) == [
        "Agency.csv", "crypto modules.csv", "systems-east.csv", "systems.software.csv",
    ]  # fmt: skip
    (tmp_path / "servers.csv").write_text("Id\na\n")
    assert "servers.csv:1:1: the name of the file, servers" in "\n".join(
        told(loaded(tmp_path), tmp_path)
    )
    settings = TableSettings({"servers": "devices"})
    assert inventory(tmp_path, settings=settings).count("device") == 1


def test_json_lines_hold_a_record_a_line(tmp_path: Path) -> None:
    (tmp_path / "agency.jsonl").write_text('{"id": "dhs", "name": "D"}\n')
    (tmp_path / "systems.jsonl").write_text(
        '{"id": "a", "software": [{"name": "x", "eol_on": "soon"}]}\r\n\n'
        '{"id": "b", "mfa": 1, "encryption_at_rest": {"value": true, "source": "s"}}\n'
    )
    found = loaded(tmp_path)
    places = [problem.partition(": ")[0] for problem in told(found, tmp_path)]
    assert places == ["systems.jsonl:1:50", "systems.jsonl:3:20"]
    assert found.inventory is not None
    record = found.inventory.get("system", "b")
    assert record is not None
    assert str(record.position("encryption_at_rest")).endswith("systems.jsonl:3:55")
    (tmp_path / "systems.jsonl").write_text('{"id": "a"}\n{"id": \n5\n{"id": "b", "id": "c"}\n')
    assert [problem.partition(". ")[0] for problem in told(loaded(tmp_path), tmp_path)] == [
        "systems.jsonl:2:8: this is not JSON (Expecting value)",
        "systems.jsonl:3:1: systems[1]: the number 5 stands in the place of a record",
        "systems.jsonl:4:13: the key id stands twice in the same mapping (first in character 2)",
    ]
    (tmp_path / "systems.jsonl").write_text("{}\n" * 200_001)
    assert "systems.jsonl: there are more than 200,000 rows" in told(loaded(tmp_path), tmp_path)[0]
    (tmp_path / "systems.jsonl").write_text("")
    (tmp_path / "others.jsonl").write_text("{}")
    text = "\n".join(told(loaded(tmp_path), tmp_path))
    assert "systems.jsonl: the file is empty" in text
    assert "others.jsonl: the name of the file, others, names no kind" in text


def test_folders_of_reports_and_workbooks_of_questions_are_not_read(tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    (folder / "report").mkdir()
    for name in ("report/systems.csv", "questions-east.xlsx", "~$a.xlsx", "notes.txt"):
        (folder / name).write_text("x")
    found = loaded(folder)
    assert told(found, tmp_path) == []
    assert notes(found, tmp_path) == [
        "questions-east.xlsx: questions: answers are merged with `compliance answer`, not read "
        "here.",
        "a.xlsx: open workbook: it is open in Excel, and what is not saved yet is not read.",
    ]
    (folder / "devices.xls").write_bytes(b"x")
    assert told(loaded(folder), tmp_path)[0].startswith("devices.xls: this is a workbook in the")


def test_a_file_that_cannot_be_read_hides_no_other_problem(tmp_path: Path) -> None:
    folder = workbook(tmp_path, Systems=[["Id", "Vendors"], ["a", "v"]])
    (folder / "vendors.csv").write_bytes("Id,Näme\nv,x\n".encode("cp1252"))
    text = "\n".join(told(loaded(folder), tmp_path))
    assert "vendors.csv:1:5: the byte E4" in text
    assert "no vendor with the id v (unless a file that could not be read holds it)" in text


def facts(found: Inventory) -> dict[str, Any]:
    content = written(found)
    return {
        **{key: value for key, value in content.items() if not isinstance(value, list)},
        **{
            key: {record["id"]: record for record in records}
            for key, records in content.items()
            if isinstance(records, list)
        },
    }


@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_as_tables_is_read_as_the_same_inventory(seed: int, tmp_path: Path) -> None:
    maker = RecordMaker(KINDS, random.Random(seed), 0)  # noqa: S311
    content: dict[str, Any] = {"agency": maker.record(KINDS["agency"], "dhs", 0.3)}
    for name in KINDS:
        kind = KINDS[name]
        if kind.read_only or name == "agency":
            continue
        content[kind.collection] = [maker.record(kind, f"r{number}", 0.2) for number in range(3)]
    for records in content.values():
        for record in records if isinstance(records, list) else [records]:
            _without_links(record)
    folder = tmp_path / "json"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(content))
    want = facts(inventory(folder))
    writers: Mapping[str, Mapping[str, bytes]] = {
        "csv": csv_files(tables_of(content, KINDS)),
        "lines": jsonl_files(content),
        "book": {"a.xlsx": as_workbook(tables_of(content, KINDS), KINDS)},
    }
    for name, files in writers.items():
        other = tmp_path / name
        other.mkdir()
        for file, data in files.items():
            (other / file).write_bytes(data)
        found = loaded(other)
        assert found.inventory is not None, found.problems
        assert facts(found.inventory) == want
        assert all(
            problem.kind == NOTE or "lies after" in problem.message for problem in found.problems
        )


def _without_links(record: dict[str, Any]) -> None:
    """Leave out links, which lead nowhere in made-up records."""
    for key, value in list(record.items()):
        if isinstance(value, dict) and "value" not in value and "all" not in value:
            _without_links(value)
            if not value:
                del record[key]
        linked = any(
            fact.type == "link" and fact.path.rpartition(".")[2] == key
            for kind in KINDS
            for fact in KINDS[kind].facts.values()
        )
        if linked:
            record.pop(key, None)
