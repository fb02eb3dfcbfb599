"""The gap report for people: plain text, the most important first."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assessment import outcome
from compliance.assessment.model import Assessment
from compliance.report import headline
from compliance.report.action_words import fix_lines
from compliance.report.detail import NOTES
from compliance.report.findings import FindingLists
from compliance.report.gather import gather
from compliance.report.listings import Listings
from compliance.report.plain import prose
from compliance.report.plan import outside_lines, plan_lines
from compliance.report.style import PLAIN, Style
from compliance.report.texts import SECTIONS, Texts


class TextReport:
    """``--format text``.

    Each section starts with its title on a line of its own, underlined, and is left out where it
    has nothing to say.
    """

    name = "text"

    def __init__(self, style: Style = PLAIN) -> None:
        """Makes a report.

        Args:
            style: colours for a terminal.
        """
        self._style = style

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the report section by section."""
        texts = Texts(assessment)
        found = gather(assessment)
        findings = FindingLists(texts, self._style)
        lists = Listings(texts, self._style)
        yield from _marking(assessment)
        yield self._style.paint("heading", "Gap report") + "\n\n"
        yield prose(outcome.headline(assessment))
        if assessment.metadata.detail in NOTES:
            yield "\n" + prose(NOTES[assessment.metadata.detail])
        sections = (
            ("rule_sets", headline.rule_sets(assessment)),
            ("table", headline.table(assessment)),
            ("fix", fix_lines(assessment)),
            ("errors", findings.errors(found.errors)),
            ("requirements", headline.requirements(assessment)),
            ("gaps", findings.gaps(found.gaps)),
            ("plan", plan_lines(assessment)),
            ("outside", outside_lines(assessment)),
            ("questions", lists.questions()),
            ("lapsed", lists.lapsed(found.lapsed)),
            ("wrong", lists.wrong_values()),
            ("notes", lists.notes()),
            ("decisions", lists.decisions(found.decisions)),
            ("inherited", lists.inherited(found.inherited)),
            ("upcoming", findings.upcoming(found.upcoming)),
            ("excluded", lists.excluded(found.excluded)),
            ("made", headline.made(assessment)),
        )
        for name, lines in sections:
            yield from self._section(SECTIONS[name], lines)
        for policy in assessment.policies:
            yield "\n" + prose(policy.statement)
        yield from _marking(assessment)

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        pieces = (line for line in lines if line)
        first = next(pieces, None)
        if first is None:
            return
        yield f"\n{self._style.paint('heading', title)}\n{'-' * len(title)}\n"
        yield first.removeprefix("\n")
        yield from pieces


def _marking(assessment: Assessment) -> Iterator[str]:
    if assessment.metadata.marking:
        yield prose(assessment.metadata.marking)
