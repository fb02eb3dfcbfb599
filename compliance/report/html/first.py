"""What to fix first, on the page: actions with links to the gaps that they close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compliance.assessment.model import Assessment
from compliance.report.action_words import ActionText, action_texts
from compliance.report.html.entries import Entry
from compliance.report.plain import neutral, number

LINKS = 8
"""Gaps that one action links to."""


@dataclass(frozen=True, slots=True)
class First:
    """One action, safe to show."""

    title: str
    severity: str
    scope: str
    trial: str
    """The command that shows the effect, or empty."""
    lines: tuple[str, ...]
    """What is said of it, a paragraph each."""
    links: tuple[tuple[str, str], ...]
    """(anchor, title) of the gaps it closes."""
    links_left: int


def first(assessment: Assessment, entries: Iterable[Entry]) -> tuple[list[First], str]:
    """The actions to begin with, and how many more there are, in words.

    Args:
        assessment: the outcome of a run.
        entries: what the page lists of gaps and upcoming gaps, to link to.
    """
    by_rule: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        by_rule.setdefault(entry.rule, []).append((entry.anchor, entry.title))
    texts, left = action_texts(assessment)
    more = f"and {number(left, 'more action')}." if left else ""
    return [_first(one, by_rule) for one in texts], more


def _first(text: ActionText, by_rule: dict[str, list[tuple[str, str]]]) -> First:
    cites = f"Against {text.citations}." if text.citations else ""
    told = (text.closes, text.ahead, cites, text.changes, *text.helps, text.cost)
    links = [link for rule in text.rules for link in by_rule.get(rule, ())]
    return First(
        neutral(text.title),
        text.severity,
        neutral(text.scope),
        neutral(text.trial),
        tuple(neutral(line) for line in told if line),
        tuple(links[:LINKS]),
        max(len(links) - LINKS, 0),
    )
