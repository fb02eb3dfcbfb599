"""Gaps, errors and upcoming gaps by rule, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assessment.model import UPCOMING, Finding
from compliance.report.gather import Group, Groups
from compliance.report.leaves import line, telling
from compliance.report.plain import neutral, number, prose
from compliance.report.style import Style
from compliance.report.texts import Texts, effort, left_out, statement, subject

FACTS_SHOWN = 4
"""Facts shown for one finding; `explain` shows them all."""


class FindingLists:
    """Lists of findings with the facts behind each."""

    def __init__(self, texts: Texts, style: Style) -> None:
        self._texts = texts
        self._style = style
        self._facts = texts.assessment.metadata.facts

    def gaps(self, groups: Groups) -> Iterator[str]:
        """Gaps by rule: against what, what to do, and for each record what is wrong."""
        for group in groups:
            rule = self._texts.rule(group)
            yield self._title(group)
            yield prose(f"{self._texts.against(group)}. Rule {group.policy}/{group.rule}", "    ")
            if rule is not None and rule.remediation:
                work = f" ({effort(rule)})" if rule.effort else ""
                yield prose(f"To do: {rule.remediation}{work}", "    ")
            yield from self._subjects(group)

    def upcoming(self, groups: Groups) -> Iterator[str]:
        """What is no gap today and will be one."""
        for group in groups:
            yield self._title(group)
            mark = group.shown[0].mark(UPCOMING)
            when = mark.text if mark else UPCOMING
            yield prose(f"{when.capitalize()}. Rule {group.policy}/{group.rule}", "    ")
            yield from self._subjects(group)

    def errors(self, groups: Groups) -> Iterator[str]:
        """Rules that faulted, with what the engine said."""
        for group in groups:
            yield self._title(group)
            yield prose(f"Rule {group.policy}/{group.rule}", "    ")
            if self._texts.named:
                for finding in group.shown:
                    yield prose(f"{subject(finding)}: {finding.message}", "      ", "    - ")
                yield _more(group)

    def _title(self, group: Group) -> str:
        records = f": {group.total:,} {group.kind} records" if group.total > 1 else ""
        text = f"[{group.severity}] {self._texts.title(group)}{records}"
        return "\n" + self._style.severity(prose(text, "    ", "  "), group.severity)

    def _subjects(self, group: Group) -> Iterator[str]:
        if not self._texts.named:
            return
        for finding in group.shown:
            marks = [mark.text for mark in finding.marks if mark.name != UPCOMING]
            yield f"    - {neutral(', '.join([subject(finding), *marks]))}\n"
            yield from self._facts_of(finding)
        yield _more(group)

    def _facts_of(self, finding: Finding) -> Iterator[str]:
        facts = telling(finding.leaves)
        for leaves in facts[:FACTS_SHOWN]:
            yield prose(line(leaves, finding.record, self._facts), "        ", "      ")
        if len(facts) > FACTS_SHOWN:
            left = number(len(facts) - FACTS_SHOWN, "more fact")
            yield f"      and {left}; `compliance explain` shows them.\n"
        for one in finding.inheritance:
            if one.effect != "none":
                yield prose(f"Carried by {statement(one)}", "        ", "      ")


def _more(group: Group) -> str:
    left = left_out(group.total - len(group.shown))
    return f"    {left}\n" if left else ""
