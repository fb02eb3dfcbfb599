"""Work that the workers of one test run do once between them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 300.0
"""How long one worker waits for what another makes."""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that one worker of the run fills; the others wait until it is filled.

    Args:
        factory: gives the run's folders.
        name: the folder's name.
        make: fills it.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, done, failed = base / name, base / f"{name}.done", base / f"{name}.failed"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + SECONDS
        while not done.exists():
            if failed.exists() or time.monotonic() > end:
                pytest.fail(f"{name}: another worker could not make it")
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    done.touch()
    return folder
