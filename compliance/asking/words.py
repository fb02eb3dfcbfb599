"""The words around a question: why it is asked, and what rule sets ask where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.asking.model import APPLICABILITY, UPCOMING, Question
from compliance.report.plain import neutral, number

SHOWN = 4
"""Rules that are named."""
_BASES = {
    "law": "law", "guidance": "published guidance", "bureau": "the bureau's standard",
    "practice": "good practice or the agency's own value",
}  # fmt: skip


def why(question: Question) -> str:
    """Why a question is asked, in one sentence."""
    many = question.findings
    if question.stage == APPLICABILITY:
        waiting = number(many, "rule", "rules") + (" applies" if many == 1 else " apply")
        return f"Decides whether {waiting} (up to {question.severity})."
    verb = "finding waits" if many == 1 else "findings wait"
    coming = ", none of them in force yet" if question.stage == UPCOMING else ""
    return f"{many:,} {verb} for it (up to {question.severity}){coming}."


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
    if question.mend is not None:
        at = question.mend
        where = f"at {at}" if ":" in at else at
        yield neutral(
            f"A value stands {where} that could not be used. Correct it there: an answer would not "
            "replace it."
        )
