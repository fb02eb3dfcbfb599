"""The questions of `compliance start`, one after the other on a terminal."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from compliance.inventory.kinds import Fact, Kinds
from compliance.inventory.tables.cells import NOT_KNOWN
from compliance.inventory.writing import guidance
from compliance.report.plain import neutral, prose
from compliance.start.answering import AnswerError, read_answer, read_id
from compliance.start.questions import Question
from compliance_cli.output import say

WELCOME = """\
A few questions about your agency, then a workbook to fill in. Press Enter where you do not know:
nothing is guessed, and you can answer later. Nothing leaves this computer. Ctrl-C stops; nothing
is written before the last question."""


_HELP = frozenset(("help", "h", "??"))
_OPEN = "Press Enter, or type ?, where you do not know; Ctrl-C stops and writes nothing."


class Dialogue:
    """Asks and asks again until an answer can be used.

    Args:
        kinds: all kinds.
        as_of: date of the assessment.
        total: how many numbered questions there are.
    """

    def __init__(self, kinds: Kinds, as_of: datetime.date, total: int) -> None:
        self._kinds = kinds
        self._as_of = as_of
        self._total = total
        self._number = 0

    def begin(self) -> None:
        """Says what is going to happen."""
        say(WELCOME)

    def ask(self, questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
        """Answers by path below the agency; what options gave is not asked again."""
        answers: dict[str, Any] = {}
        for question in questions:
            path = question.fact.path
            answers[path] = given[path] if path in given else self._asked(question)
        return answers

    def agency(self, suggested: str) -> str:
        """The agency's id.

        Args:
            suggested: what stands if nothing is typed; empty for nothing.
        """
        self._head("Which short name (id) do you want for it in files?")
        say("   Small letters, digits and hyphens. It stays the same for ever.")
        while True:
            text = _prompt("Id", suggested)
            if not text.strip():
                say("   It is needed: files name the agency by it. Type one, such as dph.")
                continue
            try:
                return read_id(text, self._kinds, self._as_of)
            except AnswerError as error:
                say(_indented(str(error)))

    def who(self) -> str | None:
        """Who answers; None where it is not said."""
        say("")
        say("Last: who gave these answers? A role such as security officer, not a name.")
        text = _prompt("Role").strip()
        return None if text.casefold() in ("", *NOT_KNOWN) else text

    def _asked(self, question: Question) -> Any:
        fact = question.fact
        self._head(fact.question)
        for line in _explained(question):
            say(line)
        while True:
            text = _prompt("Answer")
            if text.strip().casefold() in _HELP:
                say(f"{_indented(_how(fact))}\n   {_OPEN}")
                continue
            try:
                value = read_answer(fact, text, self._kinds, self._as_of)
            except AnswerError as error:
                say(_indented(str(error)))
                continue
            if value is None and text.strip():
                say("   Left open: not known.")
            return value

    def _head(self, text: str) -> None:
        self._number += 1
        say(f"\n{self._number} of {self._total}. {text}")


def _explained(question: Question) -> Iterator[str]:
    fact = question.fact
    if question.decides:
        yield _indented(f"It decides whether these bind you: {'; '.join(question.decides)}.")
    if guidance.description(fact):
        yield _indented(guidance.description(fact))
    choices = [str(choice) for choice in fact.enum or ()]
    widest = max(map(len, choices), default=0)
    for number, choice in enumerate(choices, 1):
        yield f"   {number:2}  {choice.ljust(widest)}  {fact.labels.get(choice, '')}".rstrip()
    yield _indented(_how(fact))


def _how(fact: Fact) -> str:
    if fact.enum is not None and guidance.takes_several(fact):
        text = "Type numbers or words with commas between them, or none."
    elif fact.enum is not None:
        text = "Type a number or a word."
    elif fact.type == "boolean":
        text = "Type yes or no."
    else:
        return f"Usually known by: {fact.asked_of}." if fact.asked_of else ""
    return f"{text} Usually known by: {fact.asked_of}." if fact.asked_of else text


def _prompt(label: str, suggested: str = "") -> str:
    text = click.prompt(label, default=suggested, show_default=bool(suggested), err=True, type=str)
    return str(text)


def _indented(text: str) -> str:
    return prose(neutral(text), "   ").rstrip("\n")
