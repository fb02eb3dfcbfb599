"""Reads the files of one agency into an inventory, and tells everything that is wrong with them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.inventory.collecting import Collected, Collector
from compliance.inventory.files import find_files
from compliance.inventory.handling import personal_data_problems
from compliance.inventory.kinds import Kinds
from compliance.inventory.memory import MemoryInventory
from compliance.inventory.overlay import lay_over
from compliance.inventory.problems import ERROR, Position, Problem
from compliance.inventory.reading import FileReader
from compliance.inventory.references import check_references
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Inventory

if TYPE_CHECKING:
    from compliance.inventory.tables.settings import TableSettings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading an inventory."""

    inventory: Inventory | None
    """None where any problem is an error."""
    problems: tuple[Problem, ...]
    """Everything found: errors, and values that count as unknown; by file and place."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop the run."""
        return tuple(problem for problem in self.problems if problem.kind == ERROR)


def load_inventory(
    paths: Sequence[Path],
    kinds: Kinds,
    as_of: datetime.date,
    personal_data_allowed: Collection[str] = (),
    tables: TableSettings | None = None,
) -> Loaded:
    """Read the inventory of one agency.

    Args:
        paths: folders and files, which together are the inventory.
        kinds: all kinds.
        as_of: date of the assessment.
        personal_data_allowed: facts that may hold what looks like personal data, such as
            ``system.description``.
        tables: other names that the agency's tables and their columns go by.
    """
    found = find_files(paths)
    problems = list(found.problems)
    reader = FileReader(kinds, tables, problems)
    sources = reader.sources(found.files)
    for source in sources:
        problems += personal_data_problems(source, kinds, personal_data_allowed)
    unread = reader.unread or any(problem.kind == ERROR for problem in found.problems)
    where = Position(paths[0].as_posix() if paths else ".")
    loaded = _load(sources, problems, kinds, as_of, None if unread else where)
    order = {path.as_posix(): number for number, path in enumerate(found.files)}

    def place(problem: Problem) -> tuple[int, int]:
        position = problem.position
        return order.get(position.file, -1), reader.sheet_number(position)

    in_order = tuple(sorted(loaded.problems, key=place))
    if loaded.inventory is not None:
        loaded.inventory.wrong_values = in_order
    return Loaded(loaded.inventory, in_order)


def load_values(value: Mapping[str, Any], kinds: Kinds, as_of: datetime.date) -> Loaded:
    """An inventory from plain values in the form of an inventory file, without positions.

    Args:
        value: the content of one file.
        kinds: all kinds.
        as_of: date of the assessment.
    """
    source = SourceFile("<values>", value)
    return _load([source], [], kinds, as_of, Position(source.path))


def _load(
    sources: Iterable[SourceFile],
    problems: list[Problem],
    kinds: Kinds,
    as_of: datetime.date,
    whole: Position | None,
) -> Loaded:
    """Build the inventory.

    Args:
        sources: the files that could be read.
        problems: what is wrong with their form, and the files that could not be read.
        kinds: all kinds.
        as_of: date of the assessment.
        whole: the place of the inventory; None where files are missing from it.
    """
    collector = Collector(kinds, as_of, problems)
    digests: dict[str, str] = {}
    for source in sources:
        collector.file(source)
        digests.update(source.digests)
    collected = collector.collected
    answers = lay_over(collected, kinds, collector.validator, problems, some_unread=whole is None)
    check_references(collected, kinds, problems, some_unread=whole is None)
    if not collected.has_agency and whole is not None:
        problems.append(
            Problem(whole, "agency", "the inventory names no agency", "agency: with at least an id")
        )
    problems.sort(key=_place)
    if any(problem.kind == ERROR for problem in problems):
        return Loaded(None, tuple(problems))
    inventory = _inventory(collected, kinds, as_of, digests, problems)
    inventory.answers = answers
    return Loaded(inventory, tuple(problems))


def _inventory(
    collected: Collected,
    kinds: Kinds,
    as_of: datetime.date,
    digests: Mapping[str, str],
    problems: Sequence[Problem],
) -> Inventory:
    inventory = MemoryInventory(kinds, as_of, collected.records())
    inventory.inheritance = tuple(statement for statement, _ in collected.statements)
    inventory.digests = digests
    inventory.wrong_values = tuple(problems)
    return inventory


def _place(problem: Problem) -> tuple[str, str, int, int]:
    position = problem.position
    return position.file, position.sheet or "", position.line or 0, position.column or 0
