"""The page in headless Chromium: everybody can use it, and nothing of an agency acts in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.cli.running import run
from tests.rollup.agencies import AS_OF

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass(frozen=True)
class State:
    """One state of the page."""

    options: dict[str, Any] = field(default_factory=dict)
    media: str | None = None
    expanded: bool = True


STATES = {
    "folded": State(expanded=False),
    "light": State(),
    "dark": State({"color_scheme": "dark"}),
    "narrow": State({"viewport": {"width": 320, "height": 800}}),
    "more contrast": State({"forced_colors": "active"}),
    "print": State(media="print"),
}


@pytest.fixture(scope="module")
def address(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "statewide.html"
    result = run("rollup", sample, "--as-of", AS_OF, "--detail", "full", "-o", path)
    assert result.exit_code == 0, result.output
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Any]:
    """Opens an address, and tells at the end of anything the page should not do."""
    contexts = []
    heard: list[str] = []

    def open_(address: str, state: State) -> Page:
        context = browser.new_context(**state.options)
        contexts.append(context)
        found = context.new_page()
        found.on("console", lambda message: heard.append(message.text))
        found.on("pageerror", lambda error: heard.append(str(error)))
        found.on("request", lambda one: None if one.url == address else heard.append(one.url))
        found.goto(address)
        if state.media:
            found.emulate_media(media=state.media)  # type: ignore[arg-type]
        if state.expanded:
            for summary in found.locator("main summary").all():
                if summary.is_visible():
                    summary.click()
        return found

    yield open_
    for context in contexts:
        context.close()
    assert heard == []


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_use_the_page(name: str, address: str, opened: Any) -> None:
    found = opened(address, STATES[name])
    run = Axe().run(found, options={"runOnly": {"type": "tag", "values": list(WCAG)}})
    assert [
        f"{one['id']}: {one['nodes'][0]['html']}: {one['nodes'][0].get('failureSummary')}"
        for one in run.response["violations"]
    ] == []


def test_nothing_runs_over_the_edge_of_a_narrow_screen(address: str, opened: Any) -> None:
    found = opened(address, STATES["narrow"])
    assert found.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_has_no_script_and_its_links_lead_somewhere(address: str, opened: Any) -> None:
    found = opened(address, State({"java_script_enabled": False}, expanded=False))
    assert found.locator("script").count() == 0
    targets = [str(one.get_attribute("href"))[1:] for one in found.locator("a").all()]
    assert targets
    for target in set(targets):
        assert found.locator(f"[id='{target}']").count() == 1, target


def test_an_agency_unfolds_by_key(address: str, opened: Any) -> None:
    found = opened(address, State(expanded=False))
    agency = found.locator("details.entry").first
    assert agency.locator("table, .about p").first.is_hidden()
    agency.locator("summary").first.focus()
    found.keyboard.press("Enter")
    assert agency.locator(".about p").first.is_visible()


def test_a_hostile_agency_runs_nothing(sample: Path, tmp_path: Path, opened: Any) -> None:
    name = "</title><script>window.pwned=1</script>\\u202e<img src=x onerror=window.pwned=1>"
    folder = shutil.copytree(sample / "county-clinic", tmp_path / "hostile")
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("Elm County Clinic", name)
        path.write_text(text, encoding="utf-8")
    page = tmp_path / "page.html"
    assert run("rollup", folder, "--as-of", AS_OF, "-o", page).exit_code == 0
    found = opened(page.as_uri(), State(expanded=False))
    assert found.evaluate("window.pwned === undefined")
    assert found.locator("script, img").count() == 0
    assert "\u202e" not in page.read_text("utf-8")
    assert "window.pwned=1" in str(found.text_content("main"))
