"""What `compliance inventory import` does: read a source, merge it into a folder, sum it up."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.inventory.importing.importer import Import, Importer
from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.mapping_file import built_in, built_in_names, read_mapping
from compliance.inventory.importing.patterns import Pattern, patterns
from compliance.inventory.importing.taking import Wish
from compliance.inventory.kinds import Kinds
from compliance.inventory.load import Loaded, load_inventory
from compliance.inventory.problems import closest
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.registry import open_registry
from compliance.report.plain import neutral, number, prose
from compliance.settings import Settings
from compliance_cli import objects, output, status
from compliance_cli.folders import typed, write_files
from compliance_cli.import_summary import Summary
from compliance_cli.objects import UsageError

OWN = "csv"
"""Stands for a mapping of the user's own."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user asked for."""

    file: Path | None
    source: str | None
    folder: Path | None
    mapping: Path | None
    where: tuple[str, ...]
    reported_on: datetime.date | None
    prefer: str | None
    dry_run: bool
    listing: bool
    as_of: datetime.date | None
    registry: Path | None


def run_import(options: ImportOptions) -> int:
    """Imports a file and returns the exit status."""
    kinds = objects.kinds()
    if options.listing:
        output.write(_list(kinds))
        return status.OK
    if options.file is None or options.source is None or options.folder is None:
        raise UsageError(
            "Say what to import: --from SOURCE FILE -o FOLDER. `compliance inventory import "
            "--list` names the sources."
        )
    mapping = _mapping(options.source, options.mapping, kinds)
    settings = objects.settings((options.folder,))
    as_of = objects.date_or_today(options.as_of)

    def load(paths: Sequence[Path]) -> Loaded:
        return load_inventory(paths, kinds, as_of, settings.personal_data_allowed, settings.tables)

    importer = Importer(kinds, mapping, load, prefer_import=options.prefer is not None)
    done = importer.run(options.file, options.folder, _wish(options, as_of))
    summary = Summary(options.file.as_posix(), mapping, kinds, done)
    pieces = [*summary.pieces(_bundles(options.registry, settings))]
    if not (options.dry_run or _is_nothing(done)):
        made = {name: None if text is None else text.encode() for name, text in done.files.items()}
        write_files(options.folder, made, force=True)
    output.write(pieces)
    output.say(_said(done, options))
    return status.OK


def _list(kinds: Kinds) -> Iterator[str]:
    for name in built_in_names():
        mapping = built_in(name, kinds)
        yield f"{name}: {neutral(mapping.title)}\n"
        yield prose(mapping.origin, "    ")
    yield f"{OWN}: any workbook or CSV file, with a mapping of your own (--mapping FILE)\n"


def _mapping(source: str, path: Path | None, kinds: Kinds) -> ImportMapping:
    names = (*built_in_names(), OWN)
    if source not in names:
        near = closest(source, names)
        hint = f" Did you mean {near}?" if near else ""
        known = ", ".join(names)
        raise UsageError(f"There is no source {neutral(source)}.{hint} Known: {known}.")
    if path is not None:
        return read_mapping(path, kinds)
    if source == OWN:
        raise UsageError(
            "--from csv needs --mapping FILE, which says what the columns mean. "
            "docs/import-mappings.md explains how to write one."
        )
    return built_in(source, kinds)


def _conditions(where: Sequence[str]) -> Mapping[str, tuple[Pattern, ...]]:
    found: dict[str, tuple[Pattern, ...]] = {}
    for each in where:
        heading, equals, text = each.partition("=")
        if not equals or not heading.strip():
            raise UsageError(f"--where {neutral(each)}: write COLUMN=TEXT, such as State=CT.")
        found[heading.strip()] = (*found.get(heading.strip(), ()), *patterns(text))
    return found


def _wish(options: ImportOptions, as_of: datetime.date) -> Wish:
    day = options.reported_on
    if day is not None and day > as_of:
        raise UsageError(f"--reported-on {day} lies after the day of the import, {as_of}.")
    said = day.isoformat() if day is not None else None
    return Wish(_conditions(options.where), said, as_of.isoformat())


def _bundles(registry: Path | None, settings: Settings) -> list[Bundle]:
    """The rule sets that the folder would be checked against."""
    published = open_registry(registry)
    return [load_bundle(one.published) for one in objects.select(published, (), settings)]


def _said(done: Import, options: ImportOptions) -> str:
    records = number(len(done.harvest.records) - len(done.merged.unused), "record")
    facts = number(sum(done.merged.facts.values()), "fact")
    names = [name for name, text in done.files.items() if text is not None]
    place = ", ".join(neutral((done.folder.path / name).as_posix()) for name in names)
    if options.dry_run:
        return f"Nothing was written. {place} would take {facts} of {records}."
    if _is_nothing(done):
        return f"Nothing was taken from the file, and nothing was written to {place}."
    then = f" Next: compliance assess {typed(done.folder.path)}" if done.has_agency else ""
    return f"Wrote {place}: {facts} of {records}.{then}"


def _is_nothing(done: Import) -> bool:
    """Whether a new file would hold neither a record nor an answer."""
    merged = done.merged
    taken = merged.added or merged.known or merged.facts
    return not taken and not done.folder.parts
