"""What `compliance inventory convert` does: read an inventory, write it in another format."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import WRONG_VALUE, Problem
from compliance.inventory.writing.content import written
from compliance.inventory.writing.tables import tables_of
from compliance.inventory.writing.text_tables import csv_files, jsonl_files
from compliance.inventory.writing.workbook import Explanation, workbook
from compliance.inventory.writing.yaml_text import inventory_text
from compliance.report.plain import neutral, number
from compliance_cli import objects, output, status
from compliance_cli.assessing import read_inventory
from compliance_cli.folders import check_free, write_files
from compliance_cli.objects import UsageError

Content = Mapping[str, Any]
Writer = Callable[[Content, Kinds], bytes]

_WHENEVER = datetime.date.max
"""No date of an assessment: what an inventory says of a later day is kept like the rest."""


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    output: Path
    folder_format: str
    force: bool


def run_convert(options: ConvertOptions) -> int:
    """Writes an inventory in another format and returns the exit status."""
    target = options.output
    _check_target(options)
    settings = objects.settings(options.paths)
    inventory = read_inventory(options.paths, _WHENEVER, settings)
    content = written(inventory)
    folder, files = _files(target, options.folder_format, content, inventory.kinds)
    write_files(folder, files, force=options.force)
    records = sum(inventory.count(kind) for kind in inventory.kinds)
    _say_left_out(inventory.wrong_values)
    shown = neutral(target.as_posix())
    output.say(f"Wrote {number(records, 'record')} of {inventory.agency.id} to {shown}.")
    if settings.source is not None:
        where = neutral(settings.source.path)
        output.say(f"The settings in {where} hold beside it only if you copy them there.")
    return status.OK


def _check_target(options: ConvertOptions) -> None:
    target = options.output
    suffix = target.suffix.lower()
    if suffix in (".csv", ".jsonl", ".xls", ".xlsm", ".ods"):
        raise UsageError(
            f"{neutral(target.name)}: an inventory has several kinds of records, and a file of "
            "this format holds one table. Name a folder for CSV or JSON lines, or an .xlsx file."
        )
    place = target.resolve()
    for given in options.paths:
        root = given.resolve()
        if place == root or root in place.parents:
            raise UsageError(
                f"{neutral(target.as_posix())} lies in the inventory that is read, where every "
                "record would stand twice. Name a place outside it with -o."
            )
    if suffix in _WRITERS:
        check_free(target.parent, {target.name: None}, force=options.force)


def _files(
    target: Path, folder_format: str, content: Content, kinds: Kinds
) -> tuple[Path, dict[str, bytes]]:
    """The folder to write to, and the content of each file in it by name."""
    writer = _WRITERS.get(target.suffix.lower())
    if writer is not None:
        return target.parent, {target.name: writer(content, kinds)}
    if folder_format == "jsonl":
        return target, jsonl_files(content)
    return target, csv_files(tables_of(content, kinds))


def _yaml(content: Content, kinds: Kinds) -> bytes:
    return inventory_text(content, kinds).encode()


def _json(content: Content, kinds: Kinds) -> bytes:
    del kinds
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _workbook(content: Content, kinds: Kinds) -> bytes:
    name = content["agency"]["id"]
    return workbook(tables_of(content, kinds), kinds, Explanation(f"Inventory of {name}"))


_WRITERS: Mapping[str, Writer] = {
    ".xlsx": _workbook,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": _json,
}


def _say_left_out(problems: Sequence[Problem]) -> None:
    wrong = [problem for problem in problems if problem.kind == WRONG_VALUE]
    for line in objects.problem_lines(wrong):
        output.say(line.rstrip())
    if wrong:
        output.say(f"{number(len(wrong), 'value')} could not be used, as listed, and left out.")
