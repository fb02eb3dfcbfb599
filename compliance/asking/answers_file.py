"""The file ``answers.yaml``, in which the program keeps the answers that people gave it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from compliance.errors import UserError
from compliance.inventory.answers import KEY, Answer
from compliance.inventory.kinds import Kinds
from compliance.inventory.reader import read_file
from compliance.inventory.writing.yaml_text import inventory_text

FILE_NAME = "answers.yaml"
_HEAD = """\
# Answers given to `compliance ask` and merged by `compliance answer`, which write this file anew:
# comments in it are lost. An answer with a value fills in a fact that its record does not state;
# to change one, ask again, or enter the fact in the record itself and remove the answer here.
"""


class AnswersFileError(UserError):
    """An ``answers.yaml`` that the program must not write over."""


def answers_file(folder: Path) -> Path:
    """The file of an inventory's folder."""
    return folder / FILE_NAME


def with_answers(path: Path, new: Iterable[Answer], kinds: Kinds) -> str:
    """The text of the file with more answers, each in the place of earlier ones to its question.

    Args:
        path: the file as it is now; it may be missing.
        new: the answers.
        kinds: all kinds.

    Raises:
        ReadError: the file is there and cannot be read.
        AnswersFileError: it holds more than answers.
    """
    added = {(answer.subject, answer.fact): answer.written() for answer in new}
    kept = [raw for raw in _kept(path) if _key(raw)[:2] not in added]
    answers = sorted([*kept, *added.values()], key=_key)
    return f"{_HEAD}{inventory_text({KEY: answers}, kinds).rstrip()}\n"


def _kept(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    source = read_file(path)
    value = source.value
    if not isinstance(value, dict) or set(value) - {KEY}:
        raise AnswersFileError(
            f"{path.as_posix()} holds more than answers, and would be written anew. Move the rest "
            "to another file of the folder."
        )
    answers = value.get(KEY) or []
    known = isinstance(answers, list) and all(isinstance(one, dict) for one in answers)
    if not known:
        raise AnswersFileError(
            f"{source.position((KEY,))}: the answers are no list of mappings. Mend the file, or "
            "remove it."
        )
    return answers


def _key(raw: dict[str, Any]) -> tuple[str, str, str]:
    return str(raw.get("subject")), str(raw.get("fact")), str(raw.get("answered_on"))
