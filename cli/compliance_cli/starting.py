"""What `compliance start` does: ask, evaluate, write, tell."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.assessment.evaluate import PolicyUse
from compliance.inventory.kinds import Kinds
from compliance.inventory.load import load_values
from compliance.inventory.problems import closest
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.registry import Registry, UnknownPolicyError, open_registry
from compliance.start.answering import (
    AnswerError,
    agency_content,
    read_answer,
    read_id,
    suggested_id,
)
from compliance.start.binding import bindings
from compliance.start.choosing import choose
from compliance.start.files import ABOUT, WORKBOOK, files
from compliance.start.questions import Question, questions
from compliance.start.summary import Outcome, next_steps, sheets, summary
from compliance.start.uncovered import uncovered
from compliance_cli import objects, output, status
from compliance_cli.assessing import InventoryError
from compliance_cli.folders import check_free, typed, write_files
from compliance_cli.objects import Engines, UsageError
from compliance_cli.start_dialogue import Dialogue

NAME = "name"
"""The fact that `--name` gives."""


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What the user asked for."""

    folder: Path | None
    name: str | None
    agency: str | None
    answers: tuple[tuple[str, str], ...]
    by: str | None
    no_input: bool
    force: bool
    as_of: datetime.date | None
    registry: Path | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Who the agency is and what it said."""

    agency: str
    folder: Path
    values: Mapping[str, Any]
    """Values by path below the agency; None for what is not known."""
    by: str | None


def run_start(options: StartOptions) -> int:
    """Writes a folder to work in and returns the exit status."""
    kinds = objects.kinds()
    as_of = objects.date_or_today(options.as_of)
    bundles = _newest(open_registry(options.registry))
    asked = questions(kinds, [bundle.policy for bundle in bundles])
    if options.folder is not None:
        check_free(options.folder, ABOUT, force=options.force)
    answered = _answered(options, asked, kinds, as_of)
    content = agency_content(answered.agency, answered.values, as_of, answered.by)
    outcome = _outcome(content, bundles, kinds, as_of)
    written = files(
        content, outcome.inventory.agency, outcome.choice, outcome.bindings, outcome.inventory.kinds
    )
    write_files(answered.folder, written, force=options.force)
    about = {(answered.folder / name).as_posix(): text for name, text in ABOUT.items()}
    about[(answered.folder / WORKBOOK).as_posix()] = sheets(outcome.choice)
    output.write(summary(outcome))
    output.write(next_steps(about, outcome, typed(answered.folder)))
    return status.OK


def _newest(registry: Registry) -> list[Bundle]:
    """The newest published version of each policy, binding ones first."""
    found = []
    for policy in registry.policies:
        try:
            found.append(load_bundle(registry.newest(policy)))
        except UnknownPolicyError:
            continue  # Nothing of it is published yet.
    return sorted(found, key=lambda bundle: (bundle.policy.binding != "binding", bundle.policy_id))


def _answered(
    options: StartOptions, asked: Sequence[Question], kinds: Kinds, as_of: datetime.date
) -> Answered:
    given = _given(options, asked, kinds, as_of)
    agency = None if options.agency is None else read_id(options.agency, kinds, as_of)
    if options.no_input or not _is_terminal():
        name = given.get(NAME)
        agency = agency or suggested_id(name or "")
        if not agency:
            raise UsageError(
                "There is nothing to ask on, and the agency has no name. Give --name or --id, or "
                "run the command in a terminal."
            )
        folder = options.folder or Path(agency)
        return Answered(agency, folder, given, options.by)
    dialogue = Dialogue(kinds, as_of, len(asked) + 1)
    dialogue.begin()
    first, *others = asked
    values = {**dialogue.ask([first], given)}
    if agency is None:
        agency = dialogue.agency(suggested_id(values.get(NAME) or ""))
    folder = options.folder or Path(agency)
    check_free(folder, ABOUT, force=options.force)
    values |= dialogue.ask(others, given)
    by = options.by or dialogue.who()
    return Answered(agency, folder, values, by)


def _given(
    options: StartOptions, asked: Sequence[Question], kinds: Kinds, as_of: datetime.date
) -> dict[str, Any]:
    """Values that options give, by path below the agency."""
    facts = {question.fact.path: question.fact for question in asked}
    texts = dict([(NAME, options.name)] if options.name is not None else [])
    for named, text in options.answers:
        path = named.removeprefix("agency.")
        if path not in facts:
            near = closest(path, facts)
            raise UsageError(
                f"There is no question about {named}. Expected: one of {', '.join(facts)}."
                + (f" Did you mean {near}?" if near else "")
            )
        if path in texts:
            raise UsageError(f"{path} is answered twice. Give it once.")
        texts[path] = text
    found = {}
    for path, text in texts.items():
        try:
            found[path] = read_answer(facts[path], text, kinds, as_of)
        except AnswerError as error:
            raise AnswerError(f"{path}: {error}") from error
    return found


def _outcome(
    content: Mapping[str, Any], bundles: Sequence[Bundle], kinds: Kinds, as_of: datetime.date
) -> Outcome:
    loaded = load_values(content, kinds, as_of)
    if loaded.inventory is None:
        raise InventoryError(loaded.problems)
    inventory = loaded.inventory
    with ExitStack() as engines:
        uses = [
            PolicyUse(
                bundle, engines.enter_context(objects.open_engine(bundle, Engines())), "start"
            )
            for bundle in bundles
        ]
        found = bindings(inventory, uses)
    policies = [bundle.policy for bundle in bundles]
    counting = [binding.policy for binding in found if binding.matters]
    fallback = [policy for policy in policies if policy.binding == "binding"]
    return Outcome(
        inventory,
        found,
        uncovered(inventory, policies),
        choose(kinds, counting or fallback, inventory.agency),
        not counting,
    )


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
