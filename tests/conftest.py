"""Fixtures and settings that every test may use."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# On a continuous-integration machine the same examples every time, so that a change is judged by
# what it changed; elsewhere new ones each run. No deadline: the machine may be busy.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public files that $COMPLIANCE_REAL_DATA names; skips where it is unset."""
    named = os.environ.get("COMPLIANCE_REAL_DATA")
    if not named:
        pytest.skip("COMPLIANCE_REAL_DATA is not set: no real data at hand")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"COMPLIANCE_REAL_DATA names {named}, which is not a folder")
    return folder


@pytest.fixture(scope="session")
def opa() -> Path:
    """The pinned `opa`."""
    return _tool("opa")


@pytest.fixture(scope="session")
def conftest() -> Path:
    """The pinned `conftest`."""
    return _tool("conftest")


def _tool(name: str) -> Path:
    found = shutil.which(name, path=str(ROOT / ".tools"))
    if found is None:
        pytest.fail(f".tools/{name} is missing; script/test builds it")
    return Path(found)
