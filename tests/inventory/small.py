"""Small kinds for tests, with a fact of every type, and inventories of them from text."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import Loaded, load_inventory, load_values
from compliance.inventory.store import Inventory, Record

KINDS = load_kinds(Path(__file__).parent / "kinds")
AS_OF = datetime.date(2026, 6, 30)


def load(text: str) -> Loaded:
    """What comes of an inventory of one file, ``a.yaml``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load_inventory([path], KINDS, AS_OF)


def inventory(text: str) -> Inventory:
    """The inventory of one file that has no errors."""
    loaded = load(text)
    assert loaded.inventory is not None, loaded.problems
    return loaded.inventory


def record_of(text: str, kind: str = "system") -> Record:
    """The only record of a kind in an inventory whose agency is added."""
    [record] = inventory(f"agency: {{id: health}}\n{text}").iterate(kind)
    return record


def of_values(value: dict[str, Any], kinds: Any = KINDS) -> Inventory:
    """The inventory of plain values, agency added where there is none."""
    loaded = load_values({"agency": {"id": "health"}, **value}, kinds, AS_OF)
    assert loaded.inventory is not None, loaded.problems
    return loaded.inventory
