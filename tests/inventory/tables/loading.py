"""Loads tables as inventories of the shipped kinds."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import Loaded, load_inventory
from compliance.inventory.problems import NOTE
from compliance.inventory.store import Inventory
from compliance.inventory.tables.settings import TableSettings

from .books import Rows, book

KINDS = load_kinds(resources.schemas() / "inventory")
AS_OF = datetime.date(2026, 11, 23)
AGENCY: Rows = [["Id"], ["dhs"]]


def loaded(
    folder: Path, settings: TableSettings | None = None, allowed: tuple[str, ...] = ()
) -> Loaded:
    """What comes of a folder."""
    return load_inventory([folder], KINDS, AS_OF, allowed, settings)


def workbook(folder: Path, hidden: tuple[str, ...] = (), **sheets: Rows) -> Path:
    """A folder with ``a.xlsx``; in names of sheets ``_`` is a blank and ``_0_`` a hyphen."""
    folder.mkdir(exist_ok=True)
    named = {name.replace("_0_", " - ").replace("_", " "): rows for name, rows in sheets.items()}
    return book(folder / "a.xlsx", {"Agency": AGENCY, **named}, hidden).parent


def inventory(folder: Path, **options: Any) -> Inventory:
    """The inventory of a folder without errors."""
    found = loaded(folder, **options)
    assert found.inventory is not None, [str(problem) for problem in found.problems]
    return found.inventory


def told(found: Loaded, folder: Path) -> list[str]:
    """Problems without notes, with positions from the folder down."""
    return [
        str(problem).replace(f"{folder.as_posix()}/", "")
        for problem in found.problems
        if problem.kind != NOTE
    ]


def notes(found: Loaded, folder: Path) -> list[str]:
    """Notes, with positions from the folder down."""
    return [
        str(problem).replace(f"{folder.as_posix()}/", "")
        for problem in found.problems
        if problem.kind == NOTE
    ]
