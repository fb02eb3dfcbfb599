"""The sample agencies, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report.html import conftest as pages
from tests.rollup.agencies import make


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the assessments of the sample agencies; no test changes it."""
    return make(tmp_path_factory.mktemp("agencies"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips where it is not installed."""
    yield from pages.browsers()
