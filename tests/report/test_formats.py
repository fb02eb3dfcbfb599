"""The table of formats."""

import subprocess
import sys

import pytest

from compliance.report.formats import DEFAULT, FORMATS, FormatError, format_of
from tests.report.sample import assessment


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_makes_the_report_of_its_name(name: str) -> None:
    found = format_of(name)
    report = found.make()
    assert report.name == found.name == name
    pieces = list(report.render(assessment()))
    assert pieces
    assert {type(piece) for piece in pieces} == {bytes if found.binary else str}
    assert found.suffix.startswith(".")


def test_the_default_is_one_of_them() -> None:
    assert DEFAULT in FORMATS


def test_another_word_is_refused_with_the_formats_there_are() -> None:
    with pytest.raises(FormatError, match="Choose one of text, html, json"):
        format_of("pdf")


def test_the_table_loads_no_format() -> None:
    code = "import sys, compliance.report.formats; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    for heavy in ("jinja2", "compliance.assessment.model", "compliance.report.html"):
        assert heavy not in ran.stdout.split()
