"""Writes questions as JSON, which a program fills in and gives back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from compliance.asking.model import Question, Questions
from compliance.asking.returned import SCHEMA
from compliance.report.json import encode, escaped


def questions_json(questions: Questions) -> Iterator[str]:
    """One document: what was asked about, then the questions in their order.

    To answer, add to a question the keys ``answer`` (as it would be typed: a value, ``don't know``,
    ``n/a because ...``, ``see ...``), ``by``, ``answered_on``, ``evidence`` and ``reason``.
    """
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "agency": questions.agency,
        "as_of": questions.as_of,
        "inventory": questions.folder,
        "rule_sets": list(questions.policies),
    }
    if questions.marking:
        head["marking"] = questions.marking
    if questions.left_out:
        head["left_out"] = questions.left_out
    yield _text(head).removesuffix("\n}") + ',\n  "questions": ['
    separator = "\n    "
    for question in questions:
        yield separator + escaped(json.dumps(_encoded(question), ensure_ascii=False))
        separator = ",\n    "
    yield "]\n}\n" if separator == "\n    " else "\n  ]\n}\n"


def _encoded(question: Question) -> dict[str, Any]:
    encoded = encode(question)
    return {"record": question.record, **encoded}


def _text(data: Any) -> str:
    return escaped(json.dumps(data, ensure_ascii=False, indent=2))
