"""What holds for a report in every format: marking, versions and digests, the same bytes."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from compliance.assessment.model import Assessment
from compliance.report.detail import DETAILS
from compliance.report.formats import FORMATS
from compliance.report.reducing import reduced
from compliance.report.stamp import inventory_digest
from tests.report import reading
from tests.report.html.test_page import planned
from tests.report.sample import POLICY

MARKING = "RESTRICTED & for <two> eyes"


def marked(detail: str = "full") -> Assessment:
    sample = planned()
    return reduced(replace(sample, metadata=replace(sample.metadata, marking=MARKING)), detail)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_report_states_what_it_was_made_from(name: str, detail: str) -> None:
    sample = marked(detail)
    text = reading.rendered(sample, name).replace("&#8203;", "").replace("\\", "")
    metadata = sample.metadata
    assert metadata.as_of in text
    assert metadata.program_version in text
    assert POLICY.id in text
    assert POLICY.version in text
    assert POLICY.engine in text
    assert POLICY.engine_version in text
    assert POLICY.digests["bundle"] in text
    each = all(digest in text for digest in metadata.inventory.values())
    assert each or inventory_digest(sample) in text


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_report_bears_the_marking(name: str, detail: str) -> None:
    text = reading.rendered(marked(detail), name)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert MARKING in text
    unmarked = replace(planned(), metadata=replace(planned().metadata, marking=None))
    assert MARKING not in reading.rendered(reduced(unmarked, detail), name)


@pytest.mark.parametrize("name", ["text", "md", "html"])
def test_the_marking_begins_and_ends_what_people_read(name: str) -> None:
    text = reading.rendered(marked(), name).replace("&lt;", "<").replace("&gt;", ">")
    text = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", text.replace("&amp;", "&"))
    lines = [line for line in text.splitlines() if MARKING in line]
    assert len(lines) >= 2
    if name != "html":
        assert MARKING in text.splitlines()[0]
        assert MARKING in text.rstrip().splitlines()[-1]


@pytest.mark.parametrize("detail", DETAILS)
def test_every_sheet_is_marked_on_the_screen_and_on_paper(detail: str) -> None:
    found = reading.sheets(reading.made(marked(detail), "xlsx"))
    assert "Summary" in found
    for name, sheet in found.items():
        assert sheet["A1"].value == MARKING, name
        code = MARKING.replace("&", "&&")
        assert sheet.oddHeader is not None
        assert sheet.oddFooter is not None
        header, footer = str(sheet.oddHeader.center.text), str(sheet.oddFooter.center.text)
        assert code in header, name
        assert code in footer, name
        assert "hipaa 0.1.0" in footer
        assert sheet.page_setup.orientation == "landscape"


def test_every_line_of_a_table_is_marked() -> None:
    lines = reading.rendered(marked(), "csv").splitlines()
    assert len(lines) > 3
    assert all(line.endswith(MARKING) for line in lines[1:])


PROGRAM = """
import hashlib, sys
from compliance.report.formats import FORMATS
from compliance.report.reducing import reduced
from tests.report import reading
from tests.report.html.test_page import planned
for detail in ("full", "requirement", "counts"):
    for name in FORMATS:
        found = reading.made(reduced(planned(), detail), name)
        print(detail, name, hashlib.sha256(found).hexdigest())
"""
PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "77", "TZ": "Australia/Lord_Howe", "LC_ALL": "C.UTF-8", "COLUMNS": "200"},
)


def test_the_same_assessment_gives_the_same_bytes_in_another_place(root: Path) -> None:
    digests = []
    for place in PLACES:
        paths = os.pathsep.join([str(root), str(root / "cli")])
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, cwd=root,
            env={**os.environ, "PYTHONPATH": paths, **place},
        )  # fmt: skip
        digests.append(ran.stdout.splitlines())
    assert len(digests[0]) == len(FORMATS) * len(DETAILS)
    assert digests[0] == digests[1]


def test_the_same_inventory_gives_the_same_files_in_another_place(
    root: Path, tmp_path: Path
) -> None:
    """As a user runs it, the time given by SOURCE_DATE_EPOCH instead of a date."""
    written = []
    for number, place in enumerate(PLACES):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = {name: folder / f"report{one.suffix}" for name, one in FORMATS.items()}
        options = [part for name, path in files.items() for part in ("--report", f"{name}={path}")]
        ran = subprocess.run(
            [sys.executable, "-m", "compliance_cli.main", "check", "examples/plan", *options],
            check=False, capture_output=True, text=True, cwd=root,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1795392000", **place},
        )  # fmt: skip
        assert ran.returncode == 1, ran.stderr
        assert json.loads(files["json"].read_text("utf-8"))["metadata"]["as_of"] == "2026-11-23"
        contents = {name: path.read_bytes() for name, path in files.items()}
        written.append({name: hashlib.sha256(data).hexdigest() for name, data in contents.items()})
    assert written[0] == written[1]
