"""Reads a source into tables, by what its mapping says that it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.rows import SourceTables
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import ReadError, read_file
from compliance.inventory.source import SourceFile


def read_source(path: Path, mapping: ImportMapping) -> SourceTables:
    """The tables of a source.

    Args:
        path: the file.
        mapping: says what the file is.

    Raises:
        ReadError: the file cannot be read, or is not what the mapping says.
    """
    if mapping.reads == "table":
        from compliance.inventory.importing.tabular import tables_of
        from compliance.inventory.tables.raw import read_tables

        return tables_of(read_tables(path), mapping)
    reader, expected = _structured(mapping.reads)
    tables = reader(_json(path))
    if tables is None:
        place = Position(path.as_posix())
        raise ReadError((Problem(place, "", f"this is no {mapping.title}", expected),))
    return tables


def _structured(reads: str) -> tuple[Callable[[SourceFile], SourceTables | None], str]:
    if reads == "oscal-ssp":
        from compliance.inventory.importing.oscal_ssp import ROOT, read_oscal_ssp

        expected = f"a JSON file with the key {ROOT} that holds a plan with a system-name"
        return read_oscal_ssp, expected
    from compliance.inventory.importing.scubagear import read_scubagear

    return read_scubagear, "the file ScubaResults.json, with the keys MetaData and Results"


def _json(path: Path) -> SourceFile:
    if path.suffix.lower() != ".json":
        place = Position(path.as_posix())
        expected = "a file whose name ends in .json"
        raise ReadError((Problem(place, "", "this is no JSON file", expected),))
    return read_file(path)
