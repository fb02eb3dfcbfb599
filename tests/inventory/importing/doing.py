"""Imports small tables with mappings from text, into folders from text."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from compliance import resources
from compliance.inventory.importing.harvested import Harvest
from compliance.inventory.importing.importer import Import, Importer
from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.mapping_file import read_mapping
from compliance.inventory.importing.patterns import patterns
from compliance.inventory.importing.taking import Wish
from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import Loaded, load_inventory

KINDS = load_kinds(resources.schemas() / "inventory")
AS_OF = datetime.date(2026, 11, 23)

DEVICES = """\
id: devices
title: Devices of the test
records:
  - kind: device
    id: {columns: [Tag, Serial]}
    same: [serial]
    reported_on: Seen
    facts:
      serial: Serial
      name: Name
      location: Place
      encryption.full_disk: Encrypted
      autolock_minutes: Lock
      os_eol_on: Ends
"""


def mapping(folder: Path, text: str = DEVICES) -> ImportMapping:
    """The mapping a text describes."""
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, KINDS)


def load(paths: Sequence[Path]) -> Loaded:
    """Reads an inventory as of the day of the tests."""
    return load_inventory(paths, KINDS, AS_OF)


class Place:
    """A folder for an inventory, and one beside it for sources."""

    def __init__(self, root: Path, text: str = DEVICES) -> None:
        self.root = root
        self.inventory = root / "inventory"
        self.mapping = mapping(root, text)

    @property
    def own(self) -> Path:
        """The importer's file."""
        return self.inventory / f"{self.mapping.id}.yaml"

    def file(self, name: str, text: str) -> Path:
        """Writes a file of the inventory."""
        self.inventory.mkdir(exist_ok=True)
        path = self.inventory / name
        path.write_text(text, encoding="utf-8")
        return path

    def work_out(
        self, table: str, *, prefer: bool = False, day: str | None = None, **where: str
    ) -> Import:
        """What an import of a CSV text would come to."""
        source = self.root / "source.csv"
        source.write_text(table, encoding="utf-8")
        wish = Wish({key: patterns(text) for key, text in where.items()}, day, AS_OF.isoformat())
        importer = Importer(KINDS, self.mapping, load, prefer_import=prefer)
        return importer.run(source, self.inventory, wish)

    def do(self, table: str, **how: Any) -> Import:
        """Imports a CSV text."""
        done = self.work_out(table, **how)
        self.inventory.mkdir(exist_ok=True)
        for name, text in done.files.items():
            if text is None:
                (self.inventory / name).unlink()
            else:
                (self.inventory / name).write_text(text, encoding="utf-8")
        return done

    def take(self, table: str, **how: Any) -> Harvest:
        """What is taken from a CSV text."""
        return self.work_out(table, **how).harvest

    def content(self) -> Any:
        """What the importer's file holds."""
        return yaml.load(self.own.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506

    def fact(self, subject: str, path: str) -> Any:
        """A plain value of the inventory as it is now; its agency stands in another file."""
        kind, _, name = subject.partition("/")
        loaded = load([self.inventory])
        assert loaded.inventory is not None, loaded.problems
        record = loaded.inventory.get(kind, name)
        assert record is not None
        return record.get(path)
