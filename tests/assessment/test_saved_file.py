"""Saved assessments that were cut or changed are refused, with what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compliance.assessment.saved import SavedError
from compliance.assessment.saved_file import read_saved
from compliance.report.detail import COUNTS, DETAILS
from compliance.report.json import JsonReport
from compliance.report.reducing import reduced
from tests.report.sample import assessment


def document(detail: str = DETAILS[0]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads("".join(JsonReport().render(reduced(assessment(), detail))))
    return loaded


def read(folder: Path, data: dict[str, Any]) -> Any:
    path = folder / "saved.json"
    path.write_text(json.dumps(data), "utf-8")
    return read_saved(path)


@pytest.mark.parametrize("detail", DETAILS)
def test_what_was_written_is_read_in_every_detail(detail: str, tmp_path: Path) -> None:
    found = read(tmp_path, document(detail))
    assert found.metadata.detail == detail
    assert (len(list(found.findings)) == 0) == (detail == COUNTS)


def without_a_gap(data: dict[str, Any]) -> None:
    gaps = [one for one in data["findings"] if one["status"] == "gap"]
    data["findings"].remove(gaps[0])


def with_another_rule(data: dict[str, Any]) -> None:
    data["findings"][0]["rule"] = "no-such-rule"


def with_no_date(data: dict[str, Any]) -> None:
    data["metadata"]["as_of"] = "2026-02-30"


def with_a_gap_made_good(data: dict[str, Any]) -> None:
    next(one for one in data["findings"] if one["status"] == "gap")["status"] = "satisfied"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_a_gap, "summary.counts: .* findings of hipaa are gap, and"),
        (with_another_rule, "/no-such-rule/.*the assessment has no such rule"),
        (with_no_date, r"\['metadata'\]\['as_of'\]"),
        (with_a_gap_made_good, "summary.counts"),
    ],
)
def test_what_was_changed_is_refused(
    change: Callable[[dict[str, Any]], None], words: str, tmp_path: Path
) -> None:
    data = document()
    change(data)
    with pytest.raises(SavedError, match=words):
        read(tmp_path, data)


def test_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    data = document()
    for name in ("plan", "outside", "deadlines"):
        data.pop(name, None)
    data["summary"].pop("asked", None)
    assert read(tmp_path, data).plan == ()
