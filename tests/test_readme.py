"""What README.md shows of a report is what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.running import run


def test_the_readme_shows_the_report_as_it_is(root: Path) -> None:
    report = run("check", "examples/health-agency", "--as-of", "2026-11-23").stdout
    blocks = re.findall(r"^```\n(.*?)^```$", (root / "README.md").read_text("utf-8"), re.M | re.S)
    shown = [block for block in blocks if "script/demo" not in block]
    assert len(shown) == 2
    for block in shown:
        assert block in report
