"""The page of a trend in headless Chromium: everybody can use it, and its policy blocks nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from compliance.comparison.trend import read_trend
from compliance.report.html.trend import render
from tests.comparison.runs import policy, run
from tests.comparison.test_trend import save

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="module")
def address(place: Path) -> str:
    folder = place / "history"
    folder.mkdir()
    requirements = {"a": "met", "b": "not_met", "c": "unknown"}
    for month in range(1, 6):
        version = "1.0.0" if month < 4 else "1.1.0"
        found = {f"r system/s{number}": "gap" for number in range(month)}
        rules = policy(requirements=requirements, version=version)
        saved = run(found, f"2026-0{month}-01", [rules])
        save(folder, f"{month}.json", saved)
    path = place / "trend.html"
    path.write_text("".join(render(read_trend(folder))), encoding="utf-8", newline="\n")
    return path.as_uri()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"color_scheme": "dark"},
        {"viewport": {"width": 320, "height": 640}},
        {"java_script_enabled": True, "forced_colors": "active"},
    ],
    ids=["light", "dark", "narrow", "forced colours"],
)
def test_no_reader_is_left_out(browser: Browser, address: str, options: dict[str, Any]) -> None:
    heard: list[str] = []
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("request", lambda one: None if one.url == address else heard.append(one.url))
        page.goto(address)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(WCAG)}})
        assert [one["id"] for one in found.response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        drawings = page.get_by_role("img").all()
        names = [
            one.evaluate("node => node.querySelector('title').textContent") for one in drawings
        ]
        assert names == ["Requirements in force, Policy", "Gaps in force by severity, Policy"]
        # Marks are drawn in a colour of the chart: the page's policy let the attributes through.
        fills = page.evaluate("getComputedStyle(document.querySelector('svg rect[stroke]')).stroke")
        assert fills.startswith("rgb")
    finally:
        context.close()
    assert heard == []
