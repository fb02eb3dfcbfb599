"""What a report lists beside the gaps: questions, inherited and decided findings, wrong values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assessment.model import MissingFact, WrongValue
from compliance.report.gather import Carried, Groups
from compliance.report.plain import enumeration, number, prose
from compliance.report.style import Style
from compliance.report.texts import (
    RECORDS_SHOWN,
    Texts,
    expected_value,
    left_out,
    named,
    records_carried,
    statement,
    still_does,
    usually_known_by,
    waiting,
    would_settle,
)

SHOWN = 40
"""Entries of a list; JSON has them all."""


class Listings:
    """Lists without the facts behind each entry."""

    def __init__(self, texts: Texts, style: Style) -> None:
        self._texts = texts
        self._style = style

    def questions(self) -> Iterator[str]:
        """The facts that unknown findings wait for, as questions, the most useful first."""
        missing = self._texts.assessment.summary.missing_facts
        for index, fact in enumerate(missing[:SHOWN], 1):
            yield from self._question(index, fact)
        yield _left(len(missing))

    def wrong_values(self) -> Iterator[str]:
        """Values of the inventory that fail their schema or name what is not there."""
        if self._texts.named:
            yield from _listed(self._texts.assessment.summary.wrong_values)

    def notes(self) -> Iterator[str]:
        """What is no slip in the inventory but must not go unsaid."""
        if self._texts.named:
            yield from _listed(self._texts.assessment.summary.notes)

    def decisions(self, groups: Groups) -> Iterator[str]:
        """Addressable specifications that a documented decision satisfies."""
        for group in groups:
            records = named(group) if self._texts.named else number(group.total, "record")
            yield prose(f"{self._texts.title(group)}: {records}", "    ", "  - ")

    def inherited(self, carried: Carried) -> Iterator[str]:
        """What providers settled, by statement."""
        for found, statuses in carried:
            yield prose(statement(found), "    ", "  - ")
            for status, group in statuses:
                yield prose(f"{status} for {records_carried(group)}", "      ", "    ")
            yield prose(still_does(found), "      ", "    ")

    def lapsed(self, carried: Carried) -> Iterator[str]:
        """Statements that would settle unknowns if they held on this date."""
        for found, statuses in carried:
            for _status, group in statuses:
                would = would_settle(group)
                yield prose(f"{self._texts.lapse(found)}. {would}", "    ", "  - ")

    def excluded(self, groups: Groups) -> Iterator[str]:
        """Subjects that a policy does not apply to."""
        for group in groups:
            reason = group.shown[0].message
            because = f" {reason}" if reason else ""
            records = number(group.total, f"{group.kind} record")
            listed = f": {named(group)}" if self._texts.named else ""
            yield prose(f"{records}{listed}.{because}", "    ", "  - ")

    def _question(self, index: int, fact: MissingFact) -> Iterator[str]:
        text = f"[{fact.severity}] {fact.question or fact.title}"
        yield self._style.severity(prose(text, "     ", f"  {index}. "), fact.severity)
        records = enumeration(fact.subjects[:RECORDS_SHOWN], len(fact.subjects))
        yield prose(f"{fact.path} of {records}" if records else fact.path, "     ")
        yield prose(f"{usually_known_by(fact)} {waiting(fact)}", "     ")


def _listed(values: Sequence[WrongValue]) -> Iterator[str]:
    for wrong in values[:SHOWN]:
        yield prose(_wrong_value(wrong), "    ", "  - ")
    yield _left(len(values))


def _wrong_value(wrong: WrongValue) -> str:
    place = f"{wrong.position}: {wrong.path}: {wrong.message.rstrip('.')}."
    return f"{place} {expected_value(wrong)}"


def _left(total: int) -> str:
    left = left_out(total - SHOWN)
    return f"  {left}\n" if left else ""
