"""Answers to the first questions: from what a person types to an agency's record."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from compliance.errors import UserError
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.inventory.load import load_values
from compliance.inventory.problems import Problem
from compliance.inventory.tables.cells import BETWEEN, read_cell
from compliance.inventory.wording import as_typed
from compliance.inventory.writing import guidance

SOURCE = "compliance start"
"""Where the values come from that a person gave to the first questions."""

_SMALL = ("of", "the", "and", "for", "on", "in", "to", "a", "&")
_LONGEST_ID = 100


class AnswerError(UserError):
    """An answer that cannot be the value of its fact."""


def read_answer(fact: Fact, text: str, kinds: Kinds, as_of: datetime.date) -> Any:
    """The value that a person means; None where it is not known.

    Choices may be given by their words or by their numbers from 1; several with commas or
    semicolons between them.

    Args:
        fact: a fact of the agency.
        text: what was typed.
        kinds: all kinds.
        as_of: date of the assessment.

    Raises:
        AnswerError: it cannot be used, with what could.
    """
    cell = read_cell(fact, _spelt(fact, text))
    if cell.wrong is not None:
        raise AnswerError(_sentence(cell.wrong.message, cell.wrong.expected))
    if cell.value is None:
        return None
    problem = _problem(fact.path, cell.value, kinds, as_of)
    if problem is not None:
        expected = as_typed(problem.expected)
        raise AnswerError(_sentence(problem.message, expected, problem.suggestion))
    return cell.value


def read_id(text: str, kinds: Kinds, as_of: datetime.date) -> str:
    """The agency's id.

    Raises:
        AnswerError: it cannot be an id.
    """
    name = text.strip()
    loaded = load_values({AGENCY: {"id": name}}, kinds, as_of)
    if loaded.problems:
        problem = loaded.problems[0]
        raise AnswerError(_sentence(problem.message, problem.expected, problem.suggestion))
    return name


def suggested_id(name: str) -> str:
    """An id for a name: its initials, or for one word the word; empty where it has no letters."""
    # Letters with accents are those without them: Santé gives s, and no word ends at its é.
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word for word in re.findall(r"[A-Za-z0-9]+", plain) if word.lower() not in _SMALL]
    text = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)
    return text.lower()[:_LONGEST_ID]


def agency_content(
    agency: str, answers: Mapping[str, Any], as_of: datetime.date, by: str | None
) -> dict[str, Any]:
    """The content of the agency's file: what was answered, each with where it comes from.

    Args:
        agency: the agency's id.
        answers: values by path below the agency; those that are not known are left out.
        as_of: day of the answers.
        by: who answered, a role title or a person's id.
    """
    said = {"source": SOURCE, "reported_on": as_of.isoformat(), **({"by": by} if by else {})}
    record: dict[str, Any] = {"id": agency}
    for path, value in answers.items():
        if value is not None:
            *groups, name = path.split(".")
            place = record
            for group in groups:
                place = place.setdefault(group, {})
            place[name] = {VALUE: value, **said}
    return {AGENCY: record}


def _spelt(fact: Fact, text: str) -> str:
    """An answer as a cell would hold it: numbers of choices and commas replaced."""
    if fact.enum is None:
        return text
    parts = re.split(r"[;,]", text) if guidance.takes_several(fact) else [text]
    return f"{BETWEEN} ".join(_choice(fact, part.strip()) for part in parts)


def _choice(fact: Fact, text: str) -> str:
    choices = [str(choice) for choice in fact.enum or ()]
    number = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0
    return choices[number - 1] if text not in choices and 0 < number <= len(choices) else text


def _problem(path: str, value: Any, kinds: Kinds, as_of: datetime.date) -> Problem | None:
    record = agency_content("x", {path: value}, as_of, None)
    problems = load_values(record, kinds, as_of).problems
    return problems[0] if problems else None


def _sentence(message: str, expected: str, meant: str = "") -> str:
    text = f"{message[:1].upper()}{message[1:]}."
    text += f" Expected: {expected}." if expected else ""
    return f"{text} Did you mean {meant}?" if meant else text
