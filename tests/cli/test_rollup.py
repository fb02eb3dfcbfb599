"""`compliance rollup` as the bureau runs it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import run
from tests.rollup.agencies import AGENCIES, AS_OF, make

BANNED = re.compile(r"\b(compliant|certified|violations?|pass|passed|waived)\b", re.IGNORECASE)
FORMATS = ("txt", "html", "xlsx", "csv", "json")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("agencies"))


def rolled(sample: Path, path: Path, *more: str) -> bytes:
    result = run("rollup", sample, "--as-of", AS_OF, "-o", path, *more)
    assert result.exit_code == 0, result.output
    return path.read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("detail", ["full", "requirement", "counts"])
def test_the_same_folders_give_the_same_bytes(
    sample: Path, tmp_path: Path, suffix: str, detail: str
) -> None:
    found = [
        rolled(sample, tmp_path / f"{name}.{suffix}", "--detail", detail) for name in ("a", "b")
    ]
    assert found[0] == found[1]
    text = words(tmp_path / f"a.{suffix}")
    assert not BANNED.search(text)
    for agency in AGENCIES:
        assert agency.name in text
    assert "CONFIDENTIAL" in text
    if detail != "full":
        assert "central-it" not in text


def words(path: Path) -> str:
    """All that a person reads in a file."""
    if path.suffix != ".xlsx":
        return " ".join(path.read_text("utf-8").split())
    book = openpyxl.load_workbook(path)
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return " ".join(str(cell.value) for cell in cells if cell.value is not None)


def test_the_order_of_folders_changes_nothing(sample: Path, tmp_path: Path) -> None:
    folders = sorted(sample.iterdir())
    for name, listed in (("a", folders), ("b", folders[::-1]), ("c", [*folders, folders[0]])):
        path = tmp_path / f"{name}.json"
        assert run("rollup", *listed, "--as-of", AS_OF, "-o", path).exit_code == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "c.json").read_bytes()


def test_the_table_holds_each_agency_and_rule_set_once(sample: Path, tmp_path: Path) -> None:
    text = rolled(sample, tmp_path / "a.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    found = [(row["Agency id"], row["Policy"]) for row in rows]
    assert len(found) == len(set(found)) == sum(len(one.policies) for one in AGENCIES)
    [health] = [row for row in rows if row["Agency id"] == "health"]
    assert int(health["Not met"]) > 0
    document = json.loads(rolled(sample, tmp_path / "a.json"))
    [agency] = [one for one in document["agencies"] if one["id"] == "health"]
    assert agency["sets"][0]["requirements"]["not_met"] == int(health["Not met"])


def test_a_name_that_is_a_formula_stays_a_text(sample: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample / "county-clinic", tmp_path / "in")
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("Elm County Clinic", "=HYPERLINK(1)")
        path.write_text(text, encoding="utf-8")
    assert ",'=HYPERLINK(1)" in rolled(folder, tmp_path / "a.csv").decode()
    rolled(folder, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in values if cell.data_type == "f"]


def test_files_that_cannot_be_used_are_told(sample: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample / "county-clinic", tmp_path / "in")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "devices.json").write_text('{"devices": []}', encoding="utf-8")
    result = run("rollup", folder, "--as-of", AS_OF)
    assert result.exit_code == 0
    assert f"{folder.as_posix()}/broken.json: it is no JSON" in result.stderr
    assert f"Note: {folder.as_posix()}/devices.json: left out" in result.stderr
    assert "1 file could not be used" in result.stderr
    path = tmp_path / "a.html"
    strict = run("rollup", folder, "--as-of", AS_OF, "--strict", "-o", path)
    assert strict.exit_code == 2
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "is not there"),
        ([".", "-o", "a.pdf"], "the name says no format"),
        ([".", "--format", "xlsx"], "Name a file with -o"),
        ([], "Missing argument"),
    ],
)
def test_bad_usage_is_refused(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("rollup", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    result = run("rollup", tmp_path)
    assert result.exit_code == 2
    assert "no saved assessment to use" in result.stderr
