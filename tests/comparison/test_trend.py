"""Saved assessments over time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from compliance.assessment.model import Assessment, PolicyRun
from compliance.comparison.trend import TrendError, read_trend
from compliance.comparison.trend_telling import as_json, gap_rows, page, requirement_rows
from compliance.report.html.trend import render
from compliance.report.json import JsonLinesReport, JsonReport
from compliance.report.reducing import reduced
from tests.comparison.runs import finding, policy, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "history"
    made.mkdir()
    return made


def save(folder: Path, name: str, assessment: Assessment) -> None:
    report = JsonLinesReport() if name.endswith("jsonl") else JsonReport()
    (folder / name).write_text("".join(report.render(assessment)), "utf-8")


def at(as_of: str, findings: Mapping[str, str], *policies: PolicyRun) -> Assessment:
    return run(findings, as_of, policies or [policy(requirements={"req": "met", "b": "not_met"})])


def test_points_are_in_the_order_of_their_dates_whatever_the_files_are_called(
    folder: Path,
) -> None:
    save(folder, "a.json", at("2027-02-15", {"r system/a": "satisfied"}))
    save(folder, "b.jsonl", at("2026-11-23", {"r system/a": "gap", "s system/a": "upcoming_gap"}))
    save(folder, "c.json", at("2027-01-01", {"r system/a": "unknown"}))
    found = read_trend(folder)
    assert [(one.as_of, one.file) for one in found.points] == [
        ("2026-11-23", "b.jsonl"), ("2027-01-01", "c.json"), ("2027-02-15", "a.json"),
    ]  # fmt: skip
    (rules,) = found.rule_sets
    assert gap_rows(found, rules) == (
        ("2026-11-23", "1.0.0", "0", "1", "0", "0", "1", "0", "1"),
        ("2027-01-01", "1.0.0", "0", "0", "0", "0", "0", "1", "0"),
        ("2027-02-15", "1.0.0", "0", "0", "0", "0", "0", "0", "0"),
    )
    assert requirement_rows(found, rules)[0] == ("2026-11-23", "1.0.0", "1", "1", "0", "0", "0")
    assert not rules.changes


def test_other_files_are_passed_over_and_named(folder: Path) -> None:
    save(folder, "a.json", at("2026-11-23", {"r system/a": "gap"}))
    (folder / "inventory.json").write_text('{"systems": []}')
    (folder / "cut.json").write_text((folder / "a.json").read_text()[:300])
    (folder / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (folder / "list.json").write_text("[1]")
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "empty.json").write_text("")
    (folder / "notes.txt").write_text("none of ours")
    (folder / "below.json").mkdir()
    found = read_trend(folder)
    assert len(found.points) == 1
    assert [one.file for one in found.skipped] == [
        "bytes.json", "cut.json", "deep.json", "empty.json", "inventory.json", "list.json",
    ]  # fmt: skip
    assert all(folder.as_posix() not in one.reason for one in found.skipped)


def test_the_same_assessment_twice_counts_once_and_different_ones_are_refused(
    folder: Path,
) -> None:
    first = at("2026-11-23", {"r system/a": "gap"})
    save(folder, "a.json", first)
    save(folder, "b.jsonl", first)
    found = read_trend(folder)
    assert len(found.points) == 1
    assert [(one.file, one.reason) for one in found.skipped] == [("b.jsonl", "the same as a.json")]
    save(folder, "c.json", at("2026-11-23", {"r system/a": "satisfied"}))
    with pytest.raises(TrendError, match=r"a\.json and c\.json are both as of 2026-11-23"):
        read_trend(folder)


def test_assessments_of_several_agencies_are_refused(folder: Path) -> None:
    save(folder, "a.json", at("2026-11-23", {"r system/a": "gap"}))
    other = at("2027-01-01", {"r system/a": "gap"})
    other = replace(other, metadata=replace(other.metadata, agency="another"))
    save(folder, "b.json", other)
    with pytest.raises(TrendError, match=r"a\.json is of the agency agency and b\.json of another"):
        read_trend(folder)


def test_a_folder_without_any_says_how_to_save_one(folder: Path) -> None:
    with pytest.raises(TrendError, match="compliance check FOLDER --format json"):
        read_trend(folder)
    (folder / "x.json").write_text("{}")
    with pytest.raises(TrendError, match=r"x\.json: This is no saved assessment"):
        read_trend(folder)
    with pytest.raises(TrendError, match="cannot be read as a folder"):
        read_trend(folder / "x.json")
    with pytest.raises(TrendError, match="cannot be read as a folder"):
        read_trend(folder / "nowhere")


def versions(folder: Path) -> None:
    save(folder, "a.json", at("2026-01-01", {"r system/a": "gap"}, policy(version="1.0.0")))
    other = policy(["t"], "other", binding="proposed")
    both = run([finding("r system/a", "gap"), finding("t system/a", "upcoming_gap", "other")],
               "2026-02-01", [policy(version="1.1.0"), other])  # fmt: skip
    save(folder, "b.json", both)
    rebuilt = policy(version="1.1.0", digests={"bundle": "cd"})
    save(folder, "c.json", at("2026-03-01", {"r system/a": "gap"}, rebuilt))


def test_changes_of_version_are_marked_in_tables_and_charts(folder: Path) -> None:
    versions(folder)
    found = read_trend(folder)
    other, one = found.rule_sets
    assert one.changes == {1: "version 1.0.0 to 1.1.0", 2: "version 1.1.0 built otherwise"}
    assert [row[1] for row in gap_rows(found, one)] == ["1.0.0", "1.1.0 *", "1.1.0 *"]
    assert [row[1] for row in gap_rows(found, other)] == ["not used", "1.0.0", "not used"]
    html = "".join(render(found))
    assert html.count("version 1.0.0 to 1.1.0</text>") == 2
    assert "From <time" in html
    assert "Nothing of this rule set is in force" in html
    text = str(page(found))
    assert "From 2026-02-01 on: version 1.0.0 to 1.1.0" in text
    data = json.loads("".join(as_json(found)))
    assert [(one["as_of"], one["change"]) for one in data["rule_changes"]] == [
        ("2026-02-01", "version 1.0.0 to 1.1.0"), ("2026-03-01", "version 1.1.0 built otherwise"),
    ]  # fmt: skip
    assert data["points"][1]["policies"][1]["upcoming"] == 1


@pytest.mark.parametrize("detail", ["requirement", "counts"])
def test_reduced_assessments_make_the_same_trend(folder: Path, detail: str) -> None:
    whole = at("2026-11-23", {"r system/a": "gap", "r system/b": "unknown"})
    save(folder, "a.json", whole)
    expected = read_trend(folder)
    save(folder, "a.json", reduced(whole, detail))
    found = read_trend(folder)
    assert gap_rows(found, found.rule_sets[0]) == gap_rows(expected, expected.rule_sets[0])
    assert requirement_rows(found, found.rule_sets[0]) == requirement_rows(
        expected, expected.rule_sets[0]
    )


def test_nothing_in_a_page_comes_from_elsewhere_or_is_script(folder: Path) -> None:
    evil = at("2026-11-23", {"r system/a": "gap"}, policy(title="<script>alert(1)</script>"))
    evil = replace(evil, metadata=replace(evil.metadata, agency_name='"><img src=x>\u202e',
                                          marking="<b>SECRET</b>"))  # fmt: skip
    save(folder, '<i>"&.json', evil)
    (folder / "<u>.json").write_text("{")
    html = "".join(render(read_trend(folder)))
    for text in ("<script", "<img", "<b>", "<i>", "<u>", "\u202e", "javascript:", " style="):
        assert text not in html
    assert "script-src" not in html
    assert "default-src 'none'" in html
    assert html.count("&lt;b&gt;SECRET&lt;/b&gt;") == 2


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    versions(folder)
    found = ["".join(render(read_trend(folder))) for _ in range(2)]
    assert found[0] == found[1]
