"""The words around a question: why it is asked, and what rule sets ask where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.asking.model import UPCOMING, Question
from compliance.report.plain import neutral, number

SHOWN = 2
"""Rules that are named: enough to see what it is about."""
_BASES = {
    "law": "law", "guidance": "published guidance", "bureau": "the bureau's standard",
    "practice": "good practice or the agency's own value",
}  # fmt: skip


def why(question: Question) -> str:
    """Why a question is asked: ``9 findings wait for it (up to high)``."""
    waiting = number(question.findings, "finding waits", "findings wait")
    text = f"{waiting} for it (up to {question.severity})"
    deciding = sum(one.applies for one in question.why)
    if deciding:
        text += f"; decides whether {number(deciding, 'rule applies', 'rules apply')}"
    return text + (", not yet in force" if question.stage == UPCOMING else "")


def rules(question: Question) -> Iterator[str]:
    """The rules that wait for an answer, with their basis and citation, most severe first."""
    for one in question.why[:SHOWN]:
        cited = ", ".join(one.citations)
        basis = _BASES[one.basis]
        text = f"{one.title} ({f'{cited}; ' if cited else ''}{basis}; {one.policy}/{one.rule})"
        yield neutral(text)
    left = len(question.why) - SHOWN
    if left > 0:
        yield f"and {number(left, 'more rule', 'more rules')}"


def differing(question: Question) -> str:
    """What rule sets ask of the fact where they do not ask the same; empty where they do."""
    if not question.asks:
        return ""
    each = "; ".join(f"{one.policy} asks for {one.text}" for one in question.asks)
    text = f"The rule sets differ: {each}."
    if question.strictest is not None:
        text += f" The strictest is {question.strictest.text} ({question.strictest.policy})."
    return neutral(text)


def notes(question: Question) -> Iterator[str]:
    """What a person should know before answering."""
    if question.sensitive:
        yield "Sensitive: the answer is kept in the inventory and never appears in a report."
    if question.earlier is not None:
        yield neutral(f"Earlier answer: {question.earlier}.")
    if question.enter:
        yield question.allowed
    if question.mend is not None:
        at = question.mend
        where = f"at {at}" if ":" in at else at
        yield neutral(
            f"A value stands {where} that could not be used. Correct it there: an answer would not "
            "replace it."
        )
