"""The page that shows what becomes of an OSCAL security plan.

``script/renew-golden`` writes its excerpts anew where ``COMPLIANCE_REAL_DATA`` is set.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.cli.running import AS_OF, run

MADE_FROM = "How this report was made"
PLAN = "ifa_ssp-example.json"
PAGE = Path("docs", "examples", "oscal-ssp.md")
_EXCERPT = re.compile(r"(?<=```text\n)(.*?)(?=\n```)", re.DOTALL)


def report(folder: Path) -> str:
    result = run("check", folder, *AS_OF)
    assert result.exit_code == 1, result.output
    return result.stdout.partition(MADE_FROM)[0].rstrip()


def add(file: Path, after: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert after in text
    file.write_text(text.replace(after, after + line, 1), encoding="utf-8")


def shown(real_data: Path) -> tuple[str, str, str]:
    """What the import says, and the reports before and after two facts are entered.

    Works in the current folder, which takes the plan and the inventory made of it.
    """
    shutil.copy(real_data / "oscal" / PLAN, PLAN)
    done = run("inventory", "import", "--from", "oscal-ssp", PLAN, "-o", "goodread", *AS_OF)
    assert done.exit_code == 0, done.output
    first = report(Path("goodread"))
    file = Path("goodread") / "oscal-ssp.yaml"
    add(file, "  id: ifa\n", "  hipaa_roles: [covered_entity]\n")
    add(file, "  - id: ifa-goodread\n", "    data_types: [ephi]\n")
    return done.stdout.rstrip(), first, report(Path("goodread"))


def test_the_page_shows_the_outcome(
    root: Path, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (root / PAGE).read_text(encoding="utf-8")
    assert tuple(_EXCERPT.findall(page)) == shown(real_data)


def renew(root: Path, real_data: Path) -> None:
    """Writes the page's excerpts anew."""
    page = root / PAGE
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        excerpts = iter(shown(real_data))
        os.chdir(root)
    text = _EXCERPT.sub(lambda _: next(excerpts), page.read_text(encoding="utf-8"))
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    renew(Path.cwd(), Path(os.environ["COMPLIANCE_REAL_DATA"]).resolve())
