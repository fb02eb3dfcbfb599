"""What a report lists beside the gaps: questions, inherited and decided findings, wrong values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assessment.model import MissingFact, WrongValue
from compliance.report.gather import Carried, Groups
from compliance.report.plain import enumeration, number, prose
from compliance.report.style import Style
from compliance.report.texts import Texts, named, statement

SHOWN = 40
"""Entries of a list; JSON has them all."""
RECORDS_SHOWN = 6


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
        yield from _listed(self._texts.assessment.summary.wrong_values)

    def notes(self) -> Iterator[str]:
        """What is no slip in the inventory but must not go unsaid."""
        yield from _listed(self._texts.assessment.summary.notes)

    def decisions(self, groups: Groups) -> Iterator[str]:
        """Addressable specifications that a documented decision satisfies."""
        for group in groups:
            yield prose(f"{self._texts.title(group)}: {named(group)}", "    ", "  - ")

    def inherited(self, carried: Carried) -> Iterator[str]:
        """What providers settled, by statement."""
        for found, statuses in carried:
            yield prose(statement(found), "    ", "  - ")
            for status, group in statuses:
                rules = number(len(group.rules), "rule")
                records = enumeration(group.records[:RECORDS_SHOWN], len(group.records))
                yield prose(f"{status} for {rules} of {records}", "      ", "    ")
            if found.consumer_does:
                yield prose(f"The agency still does: {found.consumer_does}", "      ", "    ")

    def lapsed(self, carried: Carried) -> Iterator[str]:
        """Statements that would settle unknowns if they held on this date."""
        for found, statuses in carried:
            for _status, group in statuses:
                rules = number(len(group.rules), "rule")
                records = enumeration(group.records[:RECORDS_SHOWN], len(group.records))
                would = f"If it held, it would settle what is unknown for {rules} of {records}."
                yield prose(f"{self._texts.lapse(found)}. {would}", "    ", "  - ")

    def excluded(self, groups: Groups) -> Iterator[str]:
        """Subjects that a policy does not apply to."""
        for group in groups:
            reason = group.shown[0].message
            because = f" {reason}" if reason else ""
            records = number(group.total, f"{group.kind} record")
            yield prose(f"{records}: {named(group)}.{because}", "    ", "  - ")

    def _question(self, index: int, fact: MissingFact) -> Iterator[str]:
        text = f"[{fact.severity}] {fact.question or fact.title}"
        yield self._style.severity(prose(text, "     ", f"  {index}. "), fact.severity)
        records = enumeration(fact.subjects[:RECORDS_SHOWN], len(fact.subjects))
        yield prose(f"{fact.path} of {records}", "     ")
        waiting = number(fact.findings, "finding waits", "findings wait")
        asked = f"Usually known by: {fact.asked_of}. " if fact.asked_of else ""
        yield prose(f"{asked}{waiting} for it.", "     ")


def _listed(values: Sequence[WrongValue]) -> Iterator[str]:
    for wrong in values[:SHOWN]:
        yield prose(_wrong_value(wrong), "    ", "  - ")
    yield _left(len(values))


def _wrong_value(wrong: WrongValue) -> str:
    expected = f" Expected: {wrong.expected}." if wrong.expected else ""
    meant = f" Did you mean {wrong.suggestion}?" if wrong.suggestion else ""
    return f"{wrong.position}: {wrong.path}: {wrong.message.rstrip('.')}.{expected}{meant}"


def _left(total: int) -> str:
    return f"  and {total - SHOWN:,} more; --format json lists them.\n" if total > SHOWN else ""
