"""Reading a saved assessment back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compliance.assessment.model import Assessment
from compliance.assessment.saved import SavedError, from_data, from_lines
from compliance.report.json import JsonLinesReport, JsonReport
from tests.assessment.build import FULL, assessment, count, finding, requirement

WHOLE = assessment(
    [count("high", "gap", 1, "upcoming", "inherited")],
    [requirement("a", "not_met", subjects={"gap": 1}, rules=("r",), upcoming=True)],
    [FULL, finding("b", status="satisfied", evaluated="satisfied")], wrong=1,
)  # fmt: skip


def text(found: Assessment) -> str:
    return "".join(JsonReport().render(found))


def same(one: Assessment, other: Assessment) -> bool:
    return (
        (one.metadata, one.policies, one.summary) == (other.metadata, other.policies, other.summary)
        and list(one.findings) == list(other.findings)
    )  # fmt: skip


def test_document_comes_back_as_it_was() -> None:
    back = from_data(json.loads(text(WHOLE)))
    assert same(back, WHOLE)
    assert text(back) == text(WHOLE)
    assert back.findings.get(FULL.id) == FULL
    assert list(back.findings.open()) == [FULL]
    assert len(back.findings) == 2


def test_lines_come_back_as_they_were() -> None:
    lines = "".join(JsonLinesReport().render(WHOLE)).splitlines()
    assert same(from_lines(lines), WHOLE)


def test_lines_cut_short_are_refused() -> None:
    lines = "".join(JsonLinesReport().render(WHOLE)).splitlines()
    with pytest.raises(SavedError, match="no line `summary`"):
        from_lines(lines[:-1])
    with pytest.raises(SavedError, match="Line 2 is no JSON"):
        from_lines([lines[0], lines[1][:40]])
    with pytest.raises(SavedError, match="Line 1 is no record"):
        from_lines(["[]"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": 2}, "reads 1"),
        ({"metadata": []}, "metadata: a mapping is expected"),
        ({"metadata": {"as_of": "2026-11-23"}}, "metadata: a field is missing"),
        (
            {"summary": {"counts": [], "missing_facts": 3, "wrong_values": []}},
            "summary.missing_facts",
        ),
        ({"findings": [{"agency": 5}]}, r"findings\[0\].agency: str is expected, not int"),
        ({"findings": [{"colour": 5}]}, r"findings\[0\].colour"),
    ],
)
def test_another_form_is_refused_with_its_place(change: dict[str, Any], says: str) -> None:
    with pytest.raises(SavedError, match=says):
        from_data({**json.loads(text(WHOLE)), **change})


def test_a_document_without_findings_is_refused() -> None:
    data = json.loads(text(WHOLE))
    del data["findings"]
    with pytest.raises(SavedError, match="no 'findings'"):
        from_data(data)
