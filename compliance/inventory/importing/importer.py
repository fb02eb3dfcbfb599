"""One import from beginning to end: nothing is written here, and what is given back is right."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.inventory.files import SETTINGS
from compliance.inventory.importing.folder import (
    MARK,
    Folder,
    FolderError,
    Load,
    check_texts,
    open_folder,
    part_mark,
    written_by,
)
from compliance.inventory.importing.harvested import Harvest
from compliance.inventory.importing.keeping import texts_of_files
from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.merging import Merged, Merger
from compliance.inventory.importing.own_file import OwnFile
from compliance.inventory.importing.reading import read_source
from compliance.inventory.importing.taking import SourceError, Wish, harvest
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.reader import LARGEST_FILE
from compliance.inventory.store import Inventory

_HEADING = """\
{mark}{part} from: {title}.
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
    files: Mapping[str, str | None]
    """New texts of the importer's files by name, in the order of their numbers; None for one that
    is not needed any more."""
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
        own_paths = [path.as_posix() for path in there.parts.values()]
        merger = Merger(self._kinds, there.records, own, own_paths, prefer_import=self._prefer)
        merged = merger.merge(taken)
        texts = texts_of_files(
            own.content, self._kinds, self._heading(there.own), there.texts, LARGEST_FILE
        )
        files = _files(there, texts)
        agency = there.has_agency or AGENCY in own.content
        after = check_texts(there, texts, self._load, agency=agency)
        if after.inventory is None:
            raise FolderError(after.errors)
        return Import(there, taken, merged, files, after.inventory, agency)

    def _heading(self, own: Path) -> Callable[[int], str]:
        title = self._mapping.title

        def heading(number: int) -> str:
            part = f", {part_mark(own, number)}," if number > 1 else ""
            return _HEADING.format(mark=MARK, part=part, title=title)

        return heading

    def _open(self, path: Path) -> Folder:
        name = f"{self._mapping.id}.yaml"
        if name == SETTINGS:
            raise SourceError(f"{name} holds the settings. Give the mapping another id.")
        folder = open_folder(path, path / name, self._load)
        mark = written_by(folder.texts.get(1, f"# {MARK}"))
        if not mark or f"{MARK}, part " in mark:
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


def _files(folder: Folder, texts: Sequence[str]) -> dict[str, str | None]:
    """The importer's files as they will be, by name."""
    files: dict[str, str | None] = {}
    for number, text in enumerate(texts, 1):
        place = folder.part(number)
        if number > 1 and number not in folder.parts and os.path.lexists(place):
            raise SourceError(
                f"{place.as_posix()} is needed for a part of what is imported, was not written by "
                "this import and stays as it is. Give that file another name."
            )
        files[place.name] = text
    for place in folder.parts.values():
        files.setdefault(place.name, None)
    return files
