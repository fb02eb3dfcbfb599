"""What `compliance assess` does: assess, write the page and the workbook, say what to do next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.asking.questions import questions
from compliance.asking.returned import read_returned
from compliance.asking.workbook import questions_workbook
from compliance.assessment.model import Assessment, MissingFact
from compliance.inventory.files import REPORTS
from compliance.inventory.reader import ReadError
from compliance.report.action_words import action_texts
from compliance.report.detail import FULL
from compliance.report.formats import format_of
from compliance.report.plain import number, prose
from compliance.report.priorities import ask_first
from compliance.report.reducing import reduced
from compliance.report.texts import waiting
from compliance_cli import objects, output
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request
from compliance_cli.assessing import assess as evaluate
from compliance_cli.folders import typed
from compliance_cli.objects import Engines
from compliance_cli.output import Pieces
from compliance_cli.verdict import Thresholds, Verdict, verdict

PAGE = "report.html"
WORKBOOK = "questions.xlsx"


@dataclass(frozen=True, slots=True)
class AssessOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    folder: Path | None
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None
    fail_on: str
    allow_unknown: bool
    strict: bool
    detail: str

    @property
    def target(self) -> Path:
        """The folder for the files."""
        if self.folder is not None:
            return self.folder
        first = self.paths[0]
        return first / REPORTS if first.is_dir() else Path(REPORTS)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next."""

    text: str
    commands: tuple[str, ...] = ()
    """How it is typed."""


def run_assess(options: AssessOptions) -> int:
    """Assesses an inventory, writes both files or none, and returns the exit status."""
    request = Request(
        options.paths,
        options.policies,
        options.as_of,
        options.registry,
        Engines(options.engine, options.opa, options.opa_url),
    )
    found = evaluate(request)
    thresholds = Thresholds(options.fail_on, options.allow_unknown, options.strict)
    judged = verdict(found, thresholds)
    shown = reduced(found, options.detail)
    files, kept = _files(shown, options)
    existed = options.target.is_dir()
    output.make_folder(options.target)
    try:
        for path in files:
            output.check_writable(path, options.paths)
        output.write_together(files)
    except BaseException:
        if not existed:
            options.target.rmdir()
        raise
    output.write(_told(shown, judged, options, kept))
    return judged.status


def _files(
    assessment: Assessment, options: AssessOptions
) -> tuple[dict[Path, Pieces], Path | None]:
    """The files to write, and where an older workbook goes that somebody began to fill in."""
    folder = options.target
    files: dict[Path, Pieces] = {folder / PAGE: format_of("html").make().render(assessment)}
    kept = None
    # The questions name records, which a reduced report leaves out.
    if assessment.metadata.detail == FULL:
        workbook = folder / WORKBOOK
        if _filled_in(workbook):
            kept = _free(folder)
            files[kept] = [workbook.read_bytes()]
        files[workbook] = [questions_workbook(questions(assessment, objects.kinds()))]
    return files, kept


def _filled_in(workbook: Path) -> bool:
    """Whether somebody's answers would be lost by writing a workbook anew."""
    if not workbook.is_file():
        return False
    try:
        entries = read_returned(workbook, datetime.date.min).entries
    except ReadError:
        return True
    return any(
        one.raw is not None or one.said.evidence or one.said.reason or one.wrong for one in entries
    )


def _free(folder: Path) -> Path:
    """A name for an older workbook that no file has."""
    index = 1
    while (folder / f"questions-{index}.xlsx").exists():
        index += 1
    return folder / f"questions-{index}.xlsx"


def _told(
    assessment: Assessment, judged: Verdict, options: AssessOptions, kept: Path | None
) -> Iterator[str]:
    """What came out, where it is, and what to do next."""
    page = options.target / PAGE
    yield prose(judged.sentence)
    yield f"\nThe gap report:  {page.as_posix()}\n"
    if assessment.metadata.detail == FULL:
        yield f"The questions:   {(options.target / WORKBOOK).as_posix()}\n"
    if kept is not None:
        yield prose(
            f"{WORKBOOK} held answers, or could not be read; it is kept as {kept.as_posix()}."
        )
    yield f"\nTo open the report, double-click it, or open {page.resolve().as_uri()}\n"
    yield "\nNext\n"
    for index, step in enumerate(_next(assessment, options), 1):
        yield prose(step.text, "     ", f"  {index}. ")
        # On lines of their own, so that each can be pasted whole.
        yield from (f"       {command}\n" for command in step.commands)


def _next(assessment: Assessment, options: AssessOptions) -> Iterator[Step]:
    """The three next things to do."""
    missing = assessment.summary.missing_facts
    named = " ".join(map(typed, options.paths))
    wrong = len(assessment.summary.wrong_values)
    if wrong and assessment.metadata.detail == FULL:
        text = f"Mend {number(wrong, 'value')} that could not be used. This names the places:"
        yield Step(text, (f"compliance inventory validate {named}",))
    if missing:
        yield _asking(missing, options, named)
    found, _left = action_texts(assessment, 1)
    if found:
        todo = f"{found[0].title} ({found[0].scope}) {found[0].closes}".rstrip()
        yield Step(f"Fix first, {found[0].severity}: {todo}")
    if not (wrong and missing and found):
        yield Step("Assess again whenever the inventory changes:", (f"compliance assess {named}",))


def _asking(missing: Sequence[MissingFact], options: AssessOptions, named: str) -> Step:
    """How to have the questions answered, and which one most findings wait for."""
    most = ask_first(missing)[0]
    asked = f" Ask the {most.asked_of}." if most.asked_of else ""
    first = f"Most waits for: {most.question or most.title}{asked} {waiting(most)}"
    facts = number(len(missing), "fact")
    if options.detail != FULL:
        return Step(f"Have the questions answered, {facts} in all. {first}")
    answers = number(sum(len(one.subjects) for one in missing), "answer")
    how, commands = "", [f"compliance answer {typed(options.target / WORKBOOK)}"]
    if len(options.paths) == 1 and options.paths[0].is_dir():
        how, commands = ", or answer here", [*commands, f"compliance ask {named}"]
    return Step(
        f"Have the questions answered: {answers} about {facts}. {first} Mail {WORKBOOK} and merge "
        f"what comes back{how}:",
        tuple(commands),
    )
