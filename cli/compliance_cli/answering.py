"""What `compliance answer` does: read what came back, merge it, tell what was left out."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.asking.answers_file import answers_file, with_answers
from compliance.asking.merging import Merged, Returned, merge
from compliance.asking.response import Responses
from compliance.asking.returned import ReturnedFile, read_returned
from compliance.inventory.formats import READ
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import SUFFIXES, ReadError
from compliance.report.plain import neutral, number
from compliance_cli import objects, output, status
from compliance_cli.assessing import InventoryError, read_inventory
from compliance_cli.folders import typed
from compliance_cli.objects import UsageError


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What the user asked for."""

    files: tuple[Path, ...]
    folder: Path | None
    by: str | None
    prefer: str | None
    as_of: datetime.date | None


def run_answer(options: AnswerOptions) -> int:
    """Merges answers and returns the exit status."""
    day = objects.date_or_today(options.as_of)
    returned = _read(options, day)
    folder = options.folder or _folder(returned)
    if not folder.is_dir():
        raise UsageError(f"{folder.as_posix()}: there is no such folder.")
    settings = objects.settings((folder,))
    inventory = read_inventory((folder,), day, settings)
    _check_agency(returned, inventory.agency.id, folder)
    path = answers_file(folder)
    entries = [entry for one in returned for entry in one.entries]
    merged = merge(
        entries,
        inventory,
        Responses(inventory, settings.personal_data_allowed),
        own_file=path.as_posix(),
        prefer_new=options.prefer is not None,
    )
    text = with_answers(path, merged.taken.values(), inventory.kinds)
    if merged.taken:
        output.write([text], path)
    output.write(objects.problem_lines(merged.left_out))
    output.say(_told(merged, entries, path))
    return status.FINDINGS if merged.left_out else status.OK


def _read(options: AnswerOptions, day: datetime.date) -> list[ReturnedFile]:
    """Reads all files, so that all that is wrong with them is told at once."""
    found: list[ReturnedFile] = []
    problems: list[Problem] = []
    for path in options.files:
        if path in options.files[: len(found) + len(problems)]:
            place = Position(path.as_posix())
            problems.append(Problem(place, "", "the file is given twice", "each file once"))
            continue
        try:
            found.append(read_returned(path, day, options.by or ""))
        except ReadError as error:
            problems += error.problems
    if problems:
        raise InventoryError(problems)
    return found


def _folder(returned: Sequence[ReturnedFile]) -> Path:
    """The inventory's folder, where the user names none."""
    given = {Path(one.path).resolve() for one in returned}
    for one in returned:
        for folder, endings in _candidates(one):
            if folder.is_dir() and _holds_agency(folder, endings, given):
                return folder
    raise UsageError(
        "It is not clear which inventory the answers are for. Name its folder with --inventory."
    )


def _candidates(one: ReturnedFile) -> Iterator[tuple[Path, Sequence[str]]]:
    """Folders to look at, each with the endings of files by which it is an inventory's."""
    if one.folder:
        yield Path(one.folder), READ
    beside = Path(one.path).parent
    # Workbooks that lie about may be other people's answers: those count last.
    for endings in (SUFFIXES, READ):
        for folder in (beside, beside.parent, Path()):
            yield folder, endings


def _holds_agency(folder: Path, endings: Sequence[str], given: Collection[Path]) -> bool:
    """Whether a folder seems to be an inventory's: it has settings, or files of records.

    Args:
        folder: the folder.
        endings: of the names of files that may hold records.
        given: files with answers, which are none.
    """
    from compliance.settings import FILE_NAME

    if (folder / FILE_NAME).is_file():
        return True
    try:
        names = [path for path in folder.iterdir() if path.suffix.lower() in endings]
    except OSError:
        return False
    return any(
        not path.name.lower().startswith("questions") and path.resolve() not in given
        for path in names
    )


def _check_agency(returned: Sequence[ReturnedFile], agency: str, folder: Path) -> None:
    """Refuses questions that were put about another agency."""
    problems = [
        Problem(
            Position(one.path),
            "",
            f"the questions are about the agency {neutral(one.agency)}, and the inventory in "
            f"{folder.as_posix()} is that of {agency}",
            "the folder of that agency with --inventory",
        )
        for one in returned
        if one.agency not in (None, agency)
    ]
    if problems:
        raise InventoryError(problems)


def _told(merged: Merged, entries: Sequence[Returned], path: Path) -> str:
    if not entries:
        return "There is no question in what came back."
    parts = [f"{number(len(merged.taken), 'answer')} taken"]
    if merged.taken:
        parts[0] += f" into {path.as_posix()}"
    if merged.known:
        parts.append(f"{merged.known:,} known already")
    if merged.left_out:
        parts.append(f"{len(merged.left_out):,} left out, listed above")
    if merged.blank:
        parts.append(f"{number(merged.blank, 'question')} not answered")
    then = f" Next: compliance assess {typed(path.parent)}" if merged.taken else ""
    return "; ".join(parts) + f".{then}"
