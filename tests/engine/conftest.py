"""Fixtures of the engines' tests."""

from pathlib import Path

import pytest

from tests.engine.building import Built, build


@pytest.fixture(scope="session")
def built(opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The trial policy, built with the pinned `opa`."""
    return build(opa, tmp_path_factory.mktemp("built"))
