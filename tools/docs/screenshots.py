"""Pictures of reports for the README and the guides, made from the example agency.

docs/images/report.png        the top of the page, in light colours
docs/images/report-dark.png   the same in dark colours
docs/images/report-gap.png    a gap of the page, opened
docs/images/terminal.png      `compliance assess` in a terminal
docs/images/rollup.png        several invented agencies side by side

Those of sheets for the guide for agencies are made by sheets.py, where LibreOffice is at hand.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import sheets
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = "examples/health-agency"
AS_OF = "2026-11-23"
WIDTH = 1120
HOW = "screenshots: there is no chromium on PATH. Install it (apt-get install chromium).\n"

TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; background: #11161d; color: #e4e9ef; width: max-content; padding: 1rem }}
pre {{ margin: 0; font: 14px/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace }}
b {{ color: #8fc1f2; font-weight: 400 }}
</style><pre><b>$</b> {command}
{output}</pre>"""


def main() -> int:
    """Makes every picture, or says why none can be made."""
    program = shutil.which("chromium")
    if program is None:
        sys.stderr.write(HOW)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if root else []
        )
        _pictures(browser, Path(folder))
        browser.close()
    with tempfile.TemporaryDirectory() as folder:
        sheets.pictures(Path(folder))
    return 0


def _pictures(browser: Browser, folder: Path) -> None:
    """Makes the pictures of the page, and that of the terminal."""
    target = folder / "report"
    told = _run("assess", EXAMPLE, "--as-of", AS_OF, "-o", str(target))
    address = (target / "report.html").as_uri()
    for name, scheme in (("report", "light"), ("report-dark", "dark")):
        page = browser.new_page(
            viewport={"width": WIDTH, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page.goto(address)
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 760}, color_scheme="light", reduced_motion="reduce"
    )
    page.goto(address + "#gaps")
    page.locator("#gaps ~ .entry summary").nth(4).click()
    page.evaluate("document.querySelectorAll('#gaps ~ .entry')[2].scrollIntoView()")
    page.screenshot(path=IMAGES / "report-gap.png")
    page.close()
    shown = told.replace(target.as_uri(), f"file:///{EXAMPLE}/report")
    shown = shown.replace(target.as_posix(), f"{EXAMPLE}/report")
    text = TERMINAL.format(
        command=html.escape(f"compliance assess {EXAMPLE}"), output=html.escape(shown)
    )
    (folder / "terminal.html").write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": WIDTH, "height": 400})
    page.goto((folder / "terminal.html").as_uri())
    page.locator("body").screenshot(path=IMAGES / "terminal.png")
    page.close()
    _rollup(browser, folder)


def _rollup(browser: Browser, folder: Path) -> None:
    """Makes the picture of the roll-up, from the agencies that its tests invent."""
    agencies, made = folder / "agencies", folder / "statewide.html"
    subprocess.run(
        [sys.executable, "-m", "tests.rollup.agencies", str(agencies)], cwd=ROOT, check=True
    )
    _run("rollup", str(agencies), "--as-of", AS_OF, "-o", str(made))
    page = browser.new_page(
        viewport={"width": 1280, "height": 1240}, color_scheme="light", reduced_motion="reduce"
    )
    page.goto(made.as_uri())
    page.screenshot(path=IMAGES / "rollup.png")
    page.close()


def _run(*arguments: str) -> str:
    """What a command prints."""
    code = "from compliance_cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode not in (0, 1):
        raise SystemExit(ran.stderr)
    return ran.stdout


if __name__ == "__main__":
    sys.exit(main())
