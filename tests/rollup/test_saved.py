"""Saved assessments read in pieces: the same as read at once, and nothing taken that is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.assessment.saved import SavedError
from compliance.assessment.saved_file import read_saved
from compliance.report.json import JsonLinesReport
from compliance.rollup.saved import LINES, RECORDS, WHOLE, OtherFileError, open_saved


@pytest.fixture
def file(sample: Path) -> Path:
    return sample / "county-clinic" / "2026-11-20.json"


def as_it_is(text: str) -> str:
    return text


def on_one_line(text: str) -> str:
    return json.dumps(json.loads(text))


def spread(text: str) -> str:
    return json.dumps(json.loads(text), indent=2)


@pytest.mark.parametrize(
    ("change", "layout"), [(as_it_is, LINES), (on_one_line, WHOLE), (spread, WHOLE)]
)
def test_every_layout_gives_the_same(
    file: Path, tmp_path: Path, change: Callable[[str], str], layout: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(change(file.read_text("utf-8")), encoding="utf-8")
    saved, whole = open_saved(path), read_saved(file)
    assert saved.layout == layout
    assert len(saved.top.findings) == 0
    same(saved.assessment(), whole)


def same(one: object, other: object) -> None:
    for name in ("metadata", "policies", "summary", "plan", "outside", "deadlines"):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.findings) == list(other.findings)  # type: ignore[attr-defined]
    assert len(one.findings) == len(other.findings)  # type: ignore[attr-defined]
    assert list(one.findings.open()) == list(other.findings.open())  # type: ignore[attr-defined]


def test_json_lines_give_the_same(file: Path, tmp_path: Path) -> None:
    whole = read_saved(file)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(JsonLinesReport().render(whole)), encoding="utf-8")
    saved = open_saved(path)
    assert saved.layout == RECORDS
    same(saved.assessment(), whole)
    some = next(iter(whole.findings))
    assert saved.assessment().findings.get(some.id) == some
    assert saved.assessment().findings.get("nothing") is None


@pytest.mark.parametrize("part", [0.2, 0.7, 0.999])
def test_a_file_cut_short_is_told(file: Path, tmp_path: Path, part: float) -> None:
    text = file.read_text("utf-8")
    path = tmp_path / "a.json"
    path.write_text(text[: int(len(text) * part)], encoding="utf-8")
    with pytest.raises(SavedError):
        open_saved(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"schema": 2, "metadata": {}, "policies": []}', "reads 1"),
        ('{"schema": 1, "metadata": {}, "policies": []}', "no saved assessment"),
        ('{"schema": 1, "metadata": NaN, "policies": []}', "no number"),
        ('{"record": "metadata", "schema": 1}\n', "cut short"),
        ('{"record": "metadata", "schema": 1}\n[]\n', "no record"),
    ],
)
def test_damage_is_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SavedError, match=says):
        open_saved(path)


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"devices": []}', '{"record": "device"}\n'])
def test_other_json_is_no_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OtherFileError):
        open_saved(path)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"schema": 1, "metadata": "\xff"}')
    with pytest.raises(SavedError, match="UTF-8"):
        open_saved(path)


def test_a_date_that_is_none_is_told(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = file.read_text("utf-8").replace('"as_of": "2026-11-20"', '"as_of": "2026-13-45"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SavedError, match="2026-13-45"):
        open_saved(path)


def test_a_damaged_finding_is_told_while_findings_are_walked(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = file.read_text("utf-8")
    path.write_text(text.replace('"evaluated": "gap"', '"evaluated": "odd"'), encoding="utf-8")
    saved = open_saved(path)
    with pytest.raises(SavedError, match="odd"):
        list(saved.assessment().findings)
