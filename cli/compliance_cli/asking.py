"""What `compliance ask` does: assess, make questions, ask them or write them down."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from compliance.asking.answers_file import answers_file, with_answers
from compliance.asking.choosing import choose
from compliance.asking.listing import questions_json
from compliance.asking.model import Questions
from compliance.asking.questions import questions
from compliance.asking.response import Responses
from compliance.asking.workbook import questions_workbook
from compliance.assessment.evaluate import assess as evaluate
from compliance.inventory.answers import Answer
from compliance.inventory.store import Inventory
from compliance.report.plain import number
from compliance_cli import objects, output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.ask_dialogue import Dialogue, Round
from compliance_cli.assessing import Request, prepared
from compliance_cli.objects import Engines, UsageError

_XLSX, _JSON = "xlsx", "json"


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    policies: tuple[PolicyReference, ...]
    roles: tuple[str, ...]
    kind_names: tuple[str, ...]
    limit: int | None
    by: str | None
    again: bool
    listing: str | None
    output: Path | None
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What there is to ask, and about what."""

    questions: Questions
    inventory: Inventory
    personal_data_allowed: tuple[str, ...]


def run_ask(options: AskOptions) -> int:
    """Asks, or writes the questions, and returns the exit status."""
    listing = _listing(options)
    if listing is None:
        return _dialogue(options)
    _check_place(options)
    found = asked(options)
    if listing == _XLSX:
        output.write([questions_workbook(found.questions)], options.output)
    else:
        output.write(questions_json(found.questions), options.output)
    output.say(_written(found.questions, options))
    return status.OK


def asked(options: AskOptions) -> Asked:
    """Assesses the inventory as it is now and makes the questions."""
    request = Request(
        options.paths,
        options.policies,
        options.as_of,
        options.registry,
        Engines(options.engine, options.opa, options.opa_url),
    )
    kinds = objects.kinds()
    with prepared(request) as ready:
        assessment = evaluate(ready.inventory, ready.uses, ready.others)
        found = questions(assessment, kinds, ready.inventory.answers)
    found = replace(found, marking=ready.settings.marking)
    chosen = choose(found, kinds, options.roles, options.kind_names, options.limit)
    return Asked(chosen, ready.inventory, ready.settings.personal_data_allowed)


def _listing(options: AskOptions) -> str | None:
    """The form in which questions are written; None where they are asked here."""
    suffix = options.output.suffix.lower().removeprefix(".") if options.output else ""
    form = options.listing
    if form is None and options.output is not None:
        if suffix not in (_XLSX, _JSON):
            raise UsageError(
                f"{options.output.as_posix()}: name a file in .xlsx or .json with -o, or the form "
                "with --format."
            )
        form = suffix
    if form == _XLSX and options.output is None:
        raise UsageError("A workbook needs a file: add -o questions.xlsx.")
    if form is not None and (options.by is not None or options.again):
        raise UsageError("--by and --again are for answers given here. Leave them out.")
    return form


def _check_place(options: AskOptions) -> None:
    """Refuses a file that would be read as a part of the inventory."""
    path = options.output
    workbook = path is not None and path.suffix.lower() == ".xlsx"
    harmless = workbook and path is not None and path.name.lower().startswith("questions")
    output.check_writable(path, () if harmless else options.paths)


def _written(found: Questions, options: AskOptions) -> str:
    text = number(len(found), "question")
    if found.left_out:
        text += f" of {len(found) + found.left_out:,}"
    if options.output is None:
        return f"{text}."
    where = options.output.as_posix()
    if not len(found):
        return f"{text}: nothing that matches is missing. {where} holds no question."
    return (
        f"{text} in {where}. Send it to who knows; merge what comes back with: "
        f"compliance answer {where}"
    )


def _dialogue(options: AskOptions) -> int:
    folder = _folder(options.paths)
    path = answers_file(folder)
    kinds = objects.kinds()
    with_answers(
        path, (), kinds
    )  # Before the first question: whether the file may be written anew.
    day = objects.date_or_today(options.as_of)

    def save(answers: Iterable[Answer]) -> None:
        output.write([with_answers(path, answers, kinds)], path)

    dialogue = Dialogue(day, options.by, save, path.as_posix())
    first = True
    while True:
        found = asked(options)
        items = [one for one in found.questions if options.again or one.earlier is None]
        responses = Responses(found.inventory, found.personal_data_allowed)
        this = Round(tuple(items), found.inventory, responses, found.questions.policies)
        if first:
            dialogue.begin(this, earlier=len(found.questions) - len(items))
        first = False
        if not dialogue.ask(this) or options.limit is not None:
            break
    dialogue.end()
    return status.OK


def _folder(paths: tuple[Path, ...]) -> Path:
    if len(paths) == 1 and paths[0].is_dir():
        return paths[0]
    if len(paths) == 1 and not paths[0].exists():
        raise UsageError(f"{paths[0].as_posix()}: there is no such folder.")
    raise UsageError(
        "Answers are saved in an inventory's folder: name that one folder, or write the questions "
        "with -o questions.xlsx."
    )
