"""What documentation names is there: places in the repository, links, pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PLACE = re.compile(r"(?:[\w.-]|<\w+>|\*)+(?:/(?:[\w.-]|<\w+>|\*)+)+/?|\w+/")


def named(root: Path) -> list[str]:
    text = (root / "docs" / "where-to-change-what.md").read_text("utf-8")
    return [words for words in re.findall(r"`([^`]+)`", text) if PLACE.fullmatch(words)]


def test_every_place_is_there(root: Path) -> None:
    places = named(root)
    assert len(places) > 60
    missing = [place for place in places if not [*root.glob(re.sub(r"<\w+>", "*", place))]]
    assert missing == []


@pytest.mark.parametrize("script", ["generate-docs", "screenshots", "renew-golden"])
def test_scripts_it_names_are_there(root: Path, script: str) -> None:
    text = (root / "docs" / "where-to-change-what.md").read_text("utf-8")
    assert f"`script/{script}`" in text
    assert (root / "script" / script).is_file()


def test_links_lead_somewhere(root: Path) -> None:
    for page in sorted((root / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", (root / "README.md").read_text("utf-8")):
        assert (root / link).exists(), link


def test_pictures_are_small(root: Path) -> None:
    pictures = sorted((root / "docs" / "images").iterdir())
    assert len(pictures) >= 7
    assert [one.name for one in pictures if one.stat().st_size >= 300_000] == []
