"""The page in headless Chromium: what its script does, and that everybody can use it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.report.html.pages import page, with_texts
from tests.report.html.test_page import HOSTILE, planned
from tests.report.sample import FINDINGS, POLICY, assessment, finding

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
VISIBLE = "document.querySelectorAll('#gaps ~ .entry:not([hidden])').length"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(place: Path) -> str:
    other = replace(POLICY, id="cjis", title="CJIS", rules=(), requirements=())
    marked = replace(assessment().metadata, marking="CONFIDENTIAL")
    fault = finding("bad", status="error", evaluated="error", message="out of fuel", leaves=())
    units = [
        finding("north", units=("north",), owner="Director"),
        finding("south", units=("south", "labs"), owner="Chief"),
    ]
    listed = assessment([*FINDINGS, *units, fault])
    sample = replace(
        listed,
        plan=planned().plan,
        outside=planned().outside,
        metadata=marked,
        policies=(POLICY, other),
    )
    return written(place / "sample.html", page(sample))


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser) -> Any:
    """Opens an address, and tells at the end of anything the page should not do."""
    contexts = []
    heard: list[str] = []

    def open_(address: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        found = context.new_page()
        found.on("console", lambda message: heard.append(message.text))
        found.on("pageerror", lambda error: heard.append(str(error)))
        found.on(
            "request",
            lambda one: None if one.url == address.partition("#")[0] else heard.append(one.url),
        )
        found.goto(address)
        return found

    yield open_
    for context in contexts:
        context.close()
    assert heard == []


@dataclass(frozen=True)
class State:
    """One state of the page."""

    hash: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    media: str | None = None
    expanded: bool = False


STATES = {
    "light": State(expanded=True),
    "dark": State(expanded=True, options={"color_scheme": "dark"}),
    "filtered": State("#gaps?severity=medium&policy=hipaa"),
    "searched": State("#?q=payroll"),
    "print": State(media="print"),
    "narrow": State(expanded=True, options={"viewport": {"width": 320, "height": 800}}),
    "more contrast": State(options={"forced_colors": "active"}),
}


@pytest.mark.parametrize("name", STATES)
def test_no_state_is_a_barrier(name: str, address: str, opened: Open) -> None:
    state = STATES[name]
    found = opened(address + state.hash, **state.options)
    if state.expanded:
        found.click("#expand")
    if state.media:
        found.emulate_media(media="print")
    assert barriers(found) == []


def test_without_a_script_nothing_is_a_barrier_and_all_can_be_read(
    place: Path, address: str, opened: Open
) -> None:
    text = (place / "sample.html").read_text("utf-8")
    # What a browser without scripts shows; axe itself needs one that runs them.
    bare = text[: text.index("<script>")] + text[text.index("</script>") + len("</script>") :]
    bare = bare.replace("<noscript>", "").replace("</noscript>", "").replace(" hidden>", " hidden>")
    assert barriers(opened(written(place / "bare.html", bare))) == []
    found = opened(address, java_script_enabled=False)
    assert found.locator("#filters").is_hidden()
    gap = found.locator("details.entry").first
    assert gap.locator("table").is_hidden()
    gap.locator("summary").click()
    assert gap.locator("table").is_visible()


def until(found: Page, condition: str) -> None:
    """Waits for something; the page itself allows no texts that are run."""
    for _ in range(100):
        if found.evaluate(condition):
            return
        found.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def barriers(found: Page) -> list[str]:
    run = Axe().run(found, options={"runOnly": {"type": "tag", "values": list(WCAG)}})
    return [
        f"{one['id']}: {one['nodes'][0]['html']}: {one['nodes'][0].get('failureSummary')}"
        for one in run.response["violations"]
    ]


def test_nothing_runs_over_the_edge_of_a_narrow_screen(address: str, opened: Open) -> None:
    found = opened(address, viewport={"width": 320, "height": 800})
    found.click("#expand")
    assert found.evaluate("document.documentElement.scrollWidth") <= 320


def test_filters_live_in_the_address(address: str, opened: Open) -> None:
    found = opened(address)
    assert found.evaluate(VISIBLE) == 2
    found.select_option("#f-severity", "medium")
    until(found, "location.hash.includes('severity=medium')")
    assert found.evaluate(VISIBLE) == 1
    shown = str(found.text_content("#shown"))
    assert shown.startswith("Filtered: ")
    again = opened(found.url)
    assert again.input_value("#f-severity") == "medium"
    assert again.evaluate(VISIBLE) == 1
    assert again.text_content("#shown") == shown
    again.click("button[type=reset]")
    until(again, "!location.hash.includes('severity')")
    assert again.evaluate(VISIBLE) == 2
    assert again.text_content("#shown") == ""


def test_a_search_opens_what_it_finds_and_leaves_out_other_records(
    address: str, opened: Open
) -> None:
    found = opened(address + "#?q=vendor/v1")
    gap = found.locator("#gaps ~ .entry:not([hidden])")
    assert gap.count() == 1
    assert gap.locator("tbody:visible").count() == 1
    assert "system/claims" in str(gap.locator("tbody:visible").text_content())


def test_a_unit_or_an_owner_leaves_its_own_records(address: str, opened: Open) -> None:
    found = opened(address + "#?unit=labs")
    rows = found.locator("#gaps ~ .entry:not([hidden]) tbody:not([hidden])")
    assert [text.split()[0] for text in rows.all_text_contents()] == ["system/south"]
    assert found.locator("#questions ~ .questions > li:visible").count() == 0
    both = opened(address + "#?unit=labs&owner=Director")
    assert both.locator("#gaps ~ .entry:not([hidden])").count() == 0
    managed = opened(address + "#?owner=Device+manager")
    assert managed.locator("#plan ~ .plain > li:visible").count() == 1


@pytest.mark.parametrize("hash_", ["#?q=%E0%A4%A", "#%zz?severity=none", "#?", "#gaps?q=a?b&x=1"])
def test_an_address_that_makes_no_sense_is_no_fault(hash_: str, address: str, opened: Open) -> None:
    found = opened(address + hash_)
    assert found.input_value("#f-severity") == ""
    assert found.locator("#filters").is_visible()


def test_a_search_for_nothing_says_so(address: str, opened: Open) -> None:
    found = opened(address + "#?q=zzz")
    assert found.locator(".none:visible").count() >= 4
    assert str(found.text_content("#shown")).startswith("Filtered: 0 of ")


def test_a_link_into_a_list_opens_what_it_leads_to(address: str, opened: Open) -> None:
    found = opened(address + "#?severity=high")
    target = str(found.locator("details.entry:not([hidden])").last.get_attribute("id"))
    found.evaluate(f"location.hash = '{target}'")
    until(found, "document.activeElement.tagName === 'SUMMARY'")
    assert found.evaluate(f"document.getElementById('{target}').open")
    assert found.url.endswith(f"#{target}?severity=high")


def test_lists_and_tables_are_sorted(address: str, opened: Open) -> None:
    found = opened(address)
    titles = "[...document.querySelectorAll('#gaps ~ .entry .title')].map(e => e.textContent)"
    before = found.evaluate(titles)
    found.select_option("#f-sort", "title")
    until(found, "location.hash.includes('sort=title')")
    assert found.evaluate(titles) == sorted(before)
    found.click("#expand")
    head = found.locator(".requirements th[scope=col]").nth(1)
    statuses = ".requirements tbody td:nth-child(2) .status"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    first = found.locator(statuses).all_text_contents()
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert found.locator(statuses).all_text_contents() == first[::-1]


def test_all_can_be_expanded_and_collapsed(address: str, opened: Open) -> None:
    found = opened(address)
    found.click("#expand")
    assert found.locator("main details:not([open])").count() == 0
    found.click("#collapse")
    assert found.locator("main details[open]").count() == 0


def test_paper_unfolds_everything_and_has_the_marking_on_every_page(
    address: str, opened: Open
) -> None:
    found = opened(address, java_script_enabled=False)
    found.emulate_media(media="print")
    assert found.locator("details.entry table").first.is_visible()
    shown = "getComputedStyle(document.querySelector('.marking.{}')).display"
    assert found.evaluate(shown.format("top")) == "table-header-group"
    assert found.evaluate(shown.format("bottom")) == "table-footer-group"


def test_the_first_key_leads_past_the_contents(address: str, opened: Open) -> None:
    found = opened(address)
    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    found.keyboard.press("Enter")
    assert found.evaluate("document.activeElement.id") == "content"


def test_a_hostile_inventory_runs_nothing(place: Path, opened: Open) -> None:
    hostile = "".join(HOSTILE.values())
    address = written(place / "hostile.html", page(with_texts(assessment(), hostile)))
    found = opened(address + "#?q=" + "%3Cscript%3E&severity=%22%3E%3Cimg src=x onerror=alert(1)>")
    found.click("#expand")
    assert found.evaluate("window.pwned === undefined")
    assert found.locator("main script, main img, main base").count() == 0
