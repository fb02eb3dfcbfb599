"""One import from beginning to end: nothing is written here, and what is given back is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compliance.inventory.files import SETTINGS
from compliance.inventory.importing.folder import (
    Folder,
    FolderError,
    Load,
    check_text,
    open_folder,
)
from compliance.inventory.importing.harvested import Harvest
from compliance.inventory.importing.keeping import text_of_file
from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.merging import Merged, Merger
from compliance.inventory.importing.own_file import OwnFile
from compliance.inventory.importing.reading import read_source
from compliance.inventory.importing.taking import SourceError, Wish, harvest
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.reader import LARGEST_FILE
from compliance.inventory.store import Inventory

MARK = "Written by `compliance inventory import`"
"""How every importer's file begins."""
_HEADING = """\
{mark} from: {title}.
The next import renews the values marked `assurance: imported`. To correct one for good, replace
it, together with what is said about its source, by your own value."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import comes to."""

    folder: Folder
    """The folder as it was."""
    harvest: Harvest
    """What was taken from the source."""
    merged: Merged
    text: str
    """New text of the importer's file."""
    after: Inventory
    """The folder as it will be; an agency stands in where it names none."""
    has_agency: bool


class Importer:
    """Imports files of one source.

    Args:
        kinds: all kinds.
        mapping: what the source's columns mean.
        load: reads an inventory.
        prefer_import: whether the source counts where a person entered something else.
    """

    def __init__(
        self, kinds: Kinds, mapping: ImportMapping, load: Load, *, prefer_import: bool = False
    ) -> None:
        self._kinds = kinds
        self._mapping = mapping
        self._load = load
        self._prefer = prefer_import

    def run(self, file: Path, folder: Path, wish: Wish) -> Import:
        """Works out one import.

        Args:
            file: the source.
            folder: the inventory it goes into; need not be there.
            wish: what the user said.

        Raises:
            ReadError: the source or the importer's earlier file cannot be read.
            SourceError: the source is not what the mapping describes, or nothing comes of it.
            FolderError: the folder cannot be read as an inventory, before or after.
        """
        there = self._open(folder)
        taken = self._taken(file, wish)
        own = OwnFile(there.content, self._kinds)
        merger = Merger(
            self._kinds, there.records, own, there.own.as_posix(), prefer_import=self._prefer
        )
        merged = merger.merge(taken)
        heading = _HEADING.format(mark=MARK, title=self._mapping.title)
        text = text_of_file(own.content, self._kinds, heading, there.text)
        _check_size(text, there.own)
        agency = there.has_agency or AGENCY in own.content
        after = check_text(there, text, self._load, agency=agency)
        if after.inventory is None:
            raise FolderError(after.errors)
        return Import(there, taken, merged, text, after.inventory, agency)

    def _open(self, path: Path) -> Folder:
        name = f"{self._mapping.id}.yaml"
        if name == SETTINGS:
            raise SourceError(f"{name} holds the settings. Give the mapping another id.")
        folder = open_folder(path, path / name, self._load)
        if folder.own.exists() and MARK not in folder.text.partition("\n")[0]:
            raise SourceError(
                f"{folder.own.as_posix()} was not written by an import and stays as it is. Give "
                "that file another name, or use a mapping of your own with another id."
            )
        return folder

    def _taken(self, file: Path, wish: Wish) -> Harvest:
        tables = read_source(file, self._mapping)
        taken = harvest(tables, self._mapping, self._kinds, wish)
        if not taken.records:
            raise SourceError(
                f"{file.as_posix()}: no row became a record. Rows that do not fit --where: "
                f"{taken.filtered:,}; rows that are no records by the mapping: {taken.skipped:,}; "
                f"rows with nothing to make an id of: {len(taken.without_id):,}."
            )
        return taken


def _check_size(text: str, own: Path) -> None:
    """Refuse to make a file that nothing would read again."""
    size = len(text.encode())
    if size > LARGEST_FILE:
        raise SourceError(
            f"{own.as_posix()} would have {size / 1024 / 1024:.0f} MB, and at most "
            f"{LARGEST_FILE // 1024 // 1024} MB are read. Import the source in parts: --where "
            "takes some of its rows, and a copy of the mapping with another id has a file of its "
            "own."
        )
