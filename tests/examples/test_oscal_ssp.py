"""The page that shows what becomes of an OSCAL security plan."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.running import AS_OF, run

MADE_FROM = "How this report was made"
PLAN = "ifa_ssp-example.json"


def report(folder: Path) -> str:
    result = run("check", folder, *AS_OF)
    assert result.exit_code == 1, result.output
    return result.stdout.partition(MADE_FROM)[0].rstrip()


def add(file: Path, after: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert after in text
    file.write_text(text.replace(after, after + line, 1), encoding="utf-8")


def test_the_page_shows_the_outcome(
    root: Path, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(real_data / "oscal" / PLAN, PLAN)
    done = run("inventory", "import", "--from", "oscal-ssp", PLAN, "-o", "goodread", *AS_OF)
    assert done.exit_code == 0, done.output
    page = (root / "docs" / "examples" / "oscal-ssp.md").read_text(encoding="utf-8")
    summary, first, second = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert done.stdout.rstrip() == summary
    assert report(Path("goodread")) == first
    file = Path("goodread") / "oscal-ssp.yaml"
    add(file, "  id: ifa\n", "  hipaa_roles: [covered_entity]\n")
    add(file, "  - id: ifa-goodread\n", "    data_types: [ephi]\n")
    assert report(Path("goodread")) == second
