"""A browser for the tests of the page, and the page in every state a reader sees it in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

HOW = (
    "chromium is not installed: `apt-get install chromium` gets it on Debian and Ubuntu; elsewhere "
    "put a program named chromium on PATH"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips where it is not installed."""
    yield from browsers()


def browsers() -> Iterator[Browser]:
    """The same for the fixtures of other pages."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip(HOW)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if root else []
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for pages."""
    return tmp_path_factory.mktemp("pages")
