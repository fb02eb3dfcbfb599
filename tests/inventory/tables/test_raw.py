"""Rows of workbooks and CSV files, and what is refused."""

from __future__ import annotations

import datetime
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from compliance.inventory.reader import ReadError
from compliance.inventory.tables import limits
from compliance.inventory.tables.csv_text import csv_sheet
from compliance.inventory.tables.limits import TableError
from compliance.inventory.tables.raw import read_tables

from .books import book, changed, packed, parts

SHEET = "xl/worksheets/sheet1.xml"
DAY = datetime.date(2026, 3, 2)


def refusal(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        read_tables(path)
    return str(caught.value)


def test_cells_of_every_type(tmp_path: Path) -> None:
    moment = datetime.datetime(2026, 3, 2, 10, 5)
    path = book(
        tmp_path / "a.xlsx",
        {"One": [[], [None, "Id", True, 12, 12.5, DAY, moment, " x ", "a\nb"], [], []], "Two": []},
        hidden=["Two"],
    )
    tables = read_tables(path)
    assert [(sheet.name, sheet.hidden) for sheet in tables.sheets] == [
        ("One", False), ("Two", True),
    ]  # fmt: skip
    one, two = tables.sheets
    assert one.rows == [[], [None, "Id", True, 12, 12.5, DAY, moment, " x ", "a\nb"]]
    assert type(one.rows[1][3]) is int
    assert str(one.position(1, 1)) == f"{path.as_posix()}:One!B2"
    assert two.rows == []
    assert len(tables.sha256) == 64


def test_columns_are_counted_from_the_first_one(tmp_path: Path) -> None:
    [sheet] = read_tables(
        book(tmp_path / "a.xlsx", {"A": [[], [], [None, None, "x"], [None, "y"]]})
    ).sheets
    assert sheet.rows == [[], [], [None, None, "x"], [None, "y"]]


def test_formulas_are_their_values_and_their_errors_are_kept(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = workbook.add_worksheet()
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("B1", "=1/0", None, "#DIV/0!")
    sheet.write_formula("C1", '="a"', None, "a")
    sheet.write_formula("D5", "=A9", None, "#REF!")
    sheet.write_formula("A2", '="empty"', None, "empty")
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.merge_range("A3:B4", "m")
    workbook.close()
    changed(tmp_path / "a.xlsx", SHEET, b"<v>empty</v>", b"<v></v>")
    [found] = read_tables(tmp_path / "a.xlsx").sheets
    assert found.rows == [
        [2, "#DIV/0!", "a"], [], ["m"], [], [None, None, None, "#REF!"],
    ]  # fmt: skip
    assert found.hidden_rows == 1
    assert found.merged == ((2, 0, 3, 1),)


def test_a_formula_that_was_never_worked_out_is_not_taken_for_a_blank(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["B2"] = "=1+1"
    workbook.create_chartsheet("Chart")
    workbook.save(tmp_path / "a.xlsx")
    [found] = read_tables(tmp_path / "a.xlsx").sheets
    assert found.rows == [[], [None, "#NOT CALCULATED"]]


def test_styled_cells_at_the_very_end_are_not_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "x"
    sheet["XFD1048576"].fill = PatternFill("solid", fgColor="FF0000")
    workbook.save(tmp_path / "a.xlsx")
    assert read_tables(tmp_path / "a.xlsx").sheets[0].rows == [["x"]]


def test_text_escaped_by_workbooks_is_the_text(tmp_path: Path) -> None:
    texts = ["_x0041_", "a\tb", "é😀", "=1"]
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = workbook.add_worksheet()
    for row, text in enumerate(texts):
        sheet.write_string(row, 0, text)
    workbook.close()
    assert read_tables(tmp_path / "a.xlsx").sheets[0].rows == [[text] for text in texts]


def plain(path: Path) -> Path:
    return book(path, {"Systems": [["Id", "Name"], ["a", "x"]]})


def _macros(path: Path) -> None:
    content = parts(plain(path))
    packed(path, {**content, "xl/vbaProject.bin": b"x"})


def _links(path: Path) -> None:
    content = parts(plain(path))
    packed(path, {**content, "xl/externalLinks/externalLink1.xml": b"<x/>"})


def _protected(path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    path.write_bytes(ole + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99)


def _old(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)


def _web_page(path: Path) -> None:
    path.write_bytes(b"<html><table></table></html>")


def _cut_off(path: Path) -> None:
    path.write_bytes(plain(path).read_bytes()[:2000])


def _doctype(path: Path) -> None:
    changed(plain(path), SHEET, b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet')


def _far_cell(path: Path) -> None:
    changed(plain(path), SHEET, b'r="B2"', b'r="B1048576"')


def _wide_cell(path: Path) -> None:
    changed(plain(path), SHEET, b'r="B2"', b'r="XFD2"')


def _far_row(path: Path) -> None:
    content = parts(plain(path))
    data = content[SHEET].replace(b'<row r="2"', b'<row r="900000"')
    for reference in (b' r="A2"', b' r="B2"'):
        data = data.replace(reference, b"")
    packed(path, {**content, SHEET: data})


def _spread(path: Path) -> None:
    sheets = {f"S{number}": [["x"]] for number in range(60)}
    content = parts(book(path, sheets))
    for number in range(1, 61):
        name = f"xl/worksheets/sheet{number}.xml"
        far = b'</row><row r="150000"><c r="BKK150000"><v>1</v></c></row></sheetData>'
        content[name] = content[name].replace(b"</row></sheetData>", far)
    packed(path, content)


def _promise(path: Path) -> None:
    changed(plain(path), "xl/sharedStrings.xml", b'uniqueCount="4"', b'uniqueCount="99999999999"')


def _bomb(path: Path) -> None:
    content = parts(plain(path))
    packed(path, {**content, "xl/sharedStrings.xml": b"<sst>" + b" " * (400 * 1024 * 1024)})


def _lying_bomb(path: Path) -> None:
    """A part that unpacks to far more than the archive says."""
    packed(path, {**parts(plain(path)), "xl/theme/theme1.xml": b"<a>" + b" " * 50_000_000})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/theme/theme1.xml")
    data = path.read_bytes()
    checksum = struct.pack("<I", zlib.crc32(b"<a>" + b" " * 97))
    size, said = struct.pack("<I", info.file_size), struct.pack("<I", 100)
    assert data.count(size) == 2
    data = data.replace(size, said).replace(struct.pack("<I", info.CRC), checksum)
    path.write_bytes(data)


def _no_relations(path: Path) -> None:
    content = parts(plain(path))
    del content["xl/_rels/workbook.xml.rels"]
    packed(path, content)


def _hidden_part(path: Path) -> None:
    content = parts(plain(path))
    rels = content["xl/_rels/workbook.xml.rels"].replace(b"sharedStrings.xml", b"strings.png")
    content["xl/strings.png"] = content.pop("xl/sharedStrings.xml")
    packed(path, {**content, "xl/_rels/workbook.xml.rels": rels})


def _bad_reference(path: Path) -> None:
    changed(plain(path), SHEET, b'r="B2"', b'r="B-2"')


REFUSED: list[tuple[Callable[[Path], Any], str]] = [
    (_macros, "macros are not read. Expected: in Excel: File, Save as, Excel workbook"),
    (_links, "Break link"),
    (_protected, "protected with a password"),
    (_old, "format of before 2007"),
    (_web_page, "a web page or an XML file"),
    (_cut_off, "damaged"),
    (_doctype, "damaged"),
    (_far_cell, "Systems!B1048576: there are more than 200,000 rows"),
    (_wide_cell, "Systems!XFD2: there are more than 2,000 columns"),
    (_far_row, "Systems!A900000: there are more than 200,000 rows"),
    (_spread, "with empty ones between them"),
    (_promise, "damaged"),
    (_bomb, "unpacks to more than"),
    (_lying_bomb, "damaged"),
    (_no_relations, "damaged"),
    (_hidden_part, "damaged"),
    (_bad_reference, "damaged"),
    (lambda path: path.write_bytes(b""), "the file is empty"),
    (lambda path: path.write_bytes(b"Id,Name\n"), "this is no workbook"),
    (lambda path: path.mkdir(), "no regular file"),
]


@pytest.mark.parametrize(("make", "words"), REFUSED)
def test_a_workbook_is_refused(make: Callable[[Path], Any], words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    text = refusal(path)
    assert words in text
    assert text.startswith(path.as_posix())
    assert "Expected: " in text


def test_what_is_refused_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for make in (_bomb, _lying_bomb, _far_cell, _spread):
        make(path)
        tracemalloc.start()
        refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".txt"])
def test_other_formats_are_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    assert "Expected: " in refusal(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.xlsx")


def of_csv(text: str | bytes) -> Any:
    return csv_sheet(text.encode() if isinstance(text, str) else text, "a.csv", "a")


def test_csv_cells_have_lines_and_characters() -> None:
    sheet = of_csv('\ufeffId,Name\r\na,"two\r\nlines; ""x""",é,"q",z\r\n\r\n,,b,,\r\n\n')
    assert sheet.rows == [
        ["Id", "Name"], ["a", 'two\r\nlines; "x"', "é", "q", "z"], [], [None, None, "b"],
    ]  # fmt: skip
    places = [str(sheet.position(*cell)) for cell in [(0, 1), (1, 1), (1, 2), (1, 4), (3, 2)]]
    assert places == ["a.csv:1:4", "a.csv:2:3", "a.csv:3:15", "a.csv:3:21", "a.csv:5:3"]
    assert str(sheet.position(3, 9)) == "a.csv:5:6"
    assert str(sheet.position(99, 0)) == "a.csv"


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('a,"\n\r é;'), max_size=6), min_size=2, max_size=4),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_the_place_of_a_csv_cell_is_where_it_stands(rows: list[list[str]]) -> None:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    text = "".join(f"{','.join(row)}\r\n" for row in quoted)
    sheet = of_csv(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, row in enumerate(rows):
        found = [*(sheet.rows[number] if number < len(sheet.rows) else [])]
        assert found + [None] * (len(row) - len(found)) == [cell or None for cell in row]
        for column, cell in enumerate(quoted[number]):
            place = sheet.position(number, column)
            line = lines[place.line - 1][place.column - 1 :]
            assert line.startswith(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")[0])


CSV_REFUSED: list[tuple[bytes, str]] = [
    ("Id,Näme\n".encode("cp1252"), "a.csv:1:5: the byte E4 is no character in UTF-8"),
    ("Id,Name\n".encode("utf-16"), "UTF-16"),
    ("Id,Name\n".encode("utf-16-le"), "UTF-16"),
    (b"Id,Name\na,b\0c\n", "a.csv:2:4: the file holds a NUL byte"),
    (b"Id;Name\na;b, c\n", "semicolons stand between the columns"),
    (b"sep=;\nId;Name\na;b, c\n", "semicolons stand between the columns"),
    (b"Id\tName\na\tb\n", "tabs stand between the columns"),
    (b'Id,Name\na,"b\nc,d\n', "a.csv:2:1: a quotation mark opens"),
    (b'Id,Name\na,"b"c\n', "a.csv:2:1: a quotation mark stands inside"),
    (b"PK\x03\x04", "this is a workbook"),
    (b"", "the file is empty"),
    (b"\n \n", "the file is empty"),
    (b"a," * 2001 + b"b\n", "a.csv:1:4001: there are more than 2,000 columns"),
    (b'a,"' + b"x" * 1_000_001 + b'"\n', "never closed"),
]


@pytest.mark.parametrize(("data", "words"), CSV_REFUSED)
def test_a_csv_file_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(TableError) as caught:
        of_csv(data)
    assert words in str(caught.value)
    assert "Expected: " in str(caught.value)


def test_semicolons_inside_of_cells_separate_nothing() -> None:
    assert of_csv("sep=,\nId,Data\na,x; y\n").rows[2] == ["a", "x; y"]
    assert of_csv('"a; b"\nc\n').rows == [["a; b"], ["c"]]


def test_a_csv_file_with_two_million_rows_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    path.write_bytes(b"id,os\n" + b"a,b\n" * 2_000_000)
    tracemalloc.start()
    assert f"{path.as_posix()}:200001:1: there are more than 200,000 rows" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 120_000_000
    tracemalloc.stop()


def test_a_text_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    with path.open("wb") as stream:
        stream.truncate(limits.LARGEST_TEXT + 1)
    assert "too large (128 MB)" in refusal(path)


def test_the_cells_of_a_file_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.inventory.tables.csv_text.CELLS", 5)
    assert len(of_csv("a,b\nc,d\n,e\n").rows) == 3
    with pytest.raises(TableError, match="filled cells"):
        of_csv("a,b\nc,d\ne,f\n")


def test_the_inventory_template_of_fedramp_is_read(real_data: Path) -> None:
    [path] = (real_data / "fedramp").glob("*Inventory*.xlsx")
    tables = read_tables(path)
    assert [sheet.name for sheet in tables.sheets] == [
        "INSTRUCTIONS ", "Inventory", "Record of Changes",
    ]  # fmt: skip
    inventory = tables.sheets[1]
    assert inventory.rows[1][:2] == [None, "UNIQUE ASSET IDENTIFIER"]
    assert len(inventory.rows) == 12
    assert (0, 1, 0, 5) in inventory.merged
    for other in (real_data / "fedramp").glob("*POAM*.xlsx"):
        sheets = {sheet.name: len(sheet.rows) for sheet in read_tables(other).sheets}
        assert sheets["Open POA&M Items"] == 8
