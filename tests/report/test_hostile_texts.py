"""Texts of an inventory that would act: tables show them, and nothing else."""

import csv
import io
import re
from dataclasses import replace

import pytest

from compliance.assessment.model import Assessment
from tests.report.html import pages
from tests.report.html.test_page import planned
from tests.report.reading import made, sheets, text_of

STARTS = ("=", "+", "-", "@", "\t=", "\r=")
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r\n=1",
    " =1",
    "'=1",
    "a,b;c|d\"e'f",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200b \ufeff",
    "\x1b[2J\x07\x00",
    "&P &D &A _x000D_ ]]> &amp; <!--",
    "http://evil.example mailto:a@b.c internal:'Gaps'!A1 external:x",
    "line\nbreak\u2028other",
    "\ud800 lone",
    "{=1}",
)  # fmt: skip
MISLEADING = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


def everywhere(text: str) -> Assessment:
    """The sample with a text in every free field, of plan and findings from outside too."""
    sample = planned()
    plan = tuple(pages._changed(one, text) for one in sample.plan)
    plan = tuple(
        replace(new, state=old.state, due_basis=old.due_basis, due_on=old.due_on)
        for new, old in zip(plan, sample.plan, strict=True)
    )
    outside = tuple(pages._changed(one, text) for one in sample.outside)
    made_hostile = pages.with_texts(sample, text)
    metadata = replace(made_hostile.metadata, marking=text)
    return replace(made_hostile, metadata=metadata, plan=plan, outside=outside)


def count(sample: Assessment) -> int:
    return len(list(csv.reader(io.StringIO(made(sample, "csv").decode(), newline=""))))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_has_the_same_lines_and_no_formula(text: str) -> None:
    data = made(everywhere(text), "csv").decode()
    lines = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert len(lines) == count(planned())
    assert len(lines) == data.count("\n")
    assert {len(line) for line in lines} == {len(lines[0])}
    for line in lines[1:]:
        assert [cell for cell in line if cell.lstrip().startswith(STARTS)] == []
    assert MISLEADING.findall(data) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workbook_has_no_formula_and_leads_nowhere_else(text: str) -> None:
    data = made(everywhere(text), "xlsx")
    plain = sheets(made(planned(), "xlsx"))
    found = sheets(data)
    assert set(found) == set(plain)
    for name, sheet in found.items():
        if name != "Summary":
            assert sheet.max_row == plain[name].max_row, name
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (name, cell.coordinate)
                value = cell.value
                if isinstance(value, str):
                    assert not value.lstrip().startswith(STARTS), (name, cell.coordinate, value)
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None
                    assert str(cell.hyperlink.location).partition("!")[0].strip("'") in found
    whole = text_of(data)
    assert "<f>" not in whole
    assert 'TargetMode="External"' not in whole
    assert MISLEADING.findall(whole) == []


@pytest.mark.parametrize("name", ["csv", "xlsx", "md", "text", "html"])
def test_the_text_itself_is_there(name: str) -> None:
    text = text_of(made(everywhere("Q7Z\u202eX"), name))
    assert "Q7Z\\u202eX" in text.replace("\\\\", "\\").replace("&#92;", "\\")
