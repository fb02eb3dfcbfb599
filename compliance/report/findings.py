"""The lists of a report for people: gaps, questions and what else a reader must know."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assessment.model import (
    APPLIES,
    Assessment,
    Finding,
    Inherited,
    Leaf,
    MissingFact,
    RuleText,
)
from compliance.report.gather import Group, Groups
from compliance.report.plain import enumeration, neutral, number, prose, value
from compliance.report.style import Style

LEAVES_SHOWN = 4
"""Facts shown for one finding; `explain` shows them all."""
QUESTIONS_SHOWN = 40
RECORDS_SHOWN = 6


class FindingText:
    """Words for the findings of one assessment."""

    def __init__(self, assessment: Assessment, style: Style) -> None:
        self._assessment = assessment
        self._style = style

    def gaps(self, groups: Groups) -> Iterator[str]:
        """Gaps by rule, most severe first: what is missing where, and what to do."""
        for group in groups:
            rule = self._rule(group)
            yield self._title(group, rule)
            yield prose(f"{self.against(group)}. {self._rule_id(group)}", "    ")
            if rule is not None and rule.remediation:
                effort = f" (effort: {rule.effort})" if rule.effort else ""
                yield prose(f"To do: {rule.remediation}{effort}", "    ")
            yield from self._subjects(group)

    def errors(self, groups: Groups) -> Iterator[str]:
        """Rules that faulted, with what the engine said."""
        for group in groups:
            yield self._title(group, self._rule(group))
            for finding in group.shown:
                yield prose(f"{_subject(finding)}: {finding.message}", "      ", "    - ")
            yield _more(group)

    def upcoming(self, groups: Groups) -> Iterator[str]:
        """What is not in force yet: it is no gap today."""
        for group in groups:
            yield self._title(group, self._rule(group))
            mark = group.shown[0].mark("upcoming")
            yield prose(f"{mark.text if mark else 'upcoming'}; {self._rule_id(group)}", "    ")
            yield from self._subjects(group)

    def decisions(self, groups: Groups) -> Iterator[str]:
        """Addressable specifications that a documented decision satisfies."""
        for group in groups:
            yield prose(f"{self._name(group)}: {_named(group)}", "      ", "  - ")

    def inherited(self, groups: Groups) -> Iterator[str]:
        """Findings that a provider's statement settled, by provider."""
        for group in groups:
            for finding in group.shown:
                for statement in finding.inheritance:
                    yield prose(
                        f"{_subject(finding)}: {self._name(group)}: {finding.status}. "
                        f"{_inheritance(statement)}",
                        "      ",
                        "  - ",
                    )
            yield _more(group)

    def excluded(self, groups: Groups) -> Iterator[str]:
        """Subjects that a policy does not apply to, with the reason."""
        for group in groups:
            yield prose(f"Policy {group.policy}: {_named(group)}", "      ", "  - ")

    def questions(self) -> Iterator[str]:
        """The facts that unknown findings wait for, as questions, most useful first."""
        missing = self._assessment.summary.missing_facts
        for number_, fact in enumerate(missing[:QUESTIONS_SHOWN], 1):
            yield from self._question(number_, fact)
        if len(missing) > QUESTIONS_SHOWN:
            yield f"  and {len(missing) - QUESTIONS_SHOWN:,} more; --format json lists them.\n"

    def _question(self, number_: int, fact: MissingFact) -> Iterator[str]:
        severity = self._style.paint(fact.severity, fact.severity)
        text = prose(fact.question or fact.title, "     ", "  ")
        yield f"  {number_}. {text.lstrip().rstrip()} [{severity}]\n"
        asked = f"Usually known by: {fact.asked_of}. " if fact.asked_of else ""
        yield prose(
            f"{asked}{number(fact.findings, 'finding waits', 'findings wait')} for it.", "     "
        )
        records = enumeration(
            [neutral(one) for one in fact.subjects[:RECORDS_SHOWN]], len(fact.subjects)
        )
        yield prose(f"Fact: {fact.path} of {records}", "     ")

    def _rule(self, group: Group) -> RuleText | None:
        policy = self._assessment.policy(group.policy)
        return policy.rule(group.rule) if policy else None

    def _name(self, group: Group) -> str:
        if group.rule == APPLIES:
            return f"whether policy {group.policy} applies"
        rule = self._rule(group)
        return rule.title if rule else self._rule_id(group)

    def _rule_id(self, group: Group) -> str:
        return f"{group.policy}/{group.rule}"

    def _title(self, group: Group, rule: RuleText | None) -> str:
        severity = self._style.paint(group.severity, group.severity)
        title = rule.title if rule else self._name(group)
        records = number(group.total, f"{group.shown[0].kind} record")
        return f"\n  [{severity}] {neutral(title)}: {records}\n"

    def against(self, group: Group) -> str:
        """The words for a gap's basis: the citation for law, else the bureau's standard."""
        labels = self.citations(group)
        if group.basis == "law":
            return f"Gap against {labels}" if labels else "Gap against the law the policy cites"
        reason = f", set for {labels}" if labels else ""
        return f"Gap against the bureau's standard (basis: {group.basis}{reason})"

    def citations(self, group: Group) -> str:
        """The legal form of the requirements a rule covers."""
        policy = self._assessment.policy(group.policy)
        rule = self._rule(group)
        if policy is None or rule is None:
            return ""
        labels = {requirement.id: requirement.label for requirement in policy.requirements}
        return ", ".join(neutral(labels.get(covered, covered)) for covered in rule.covers)

    def _subjects(self, group: Group) -> Iterator[str]:
        for finding in group.shown:
            marks = "".join(f", {mark.text}" for mark in finding.marks if mark.name != "upcoming")
            yield f"    - {_subject(finding)}{neutral(marks)}\n"
            leaves = [leaf for leaf in finding.leaves if leaf.part in ("expect", "otherwise")]
            for leaf in leaves[:LEAVES_SHOWN]:
                yield prose(self.leaf(leaf, finding.record), "          ", "        ")
            if len(leaves) > LEAVES_SHOWN:
                yield f"        and {number(len(leaves) - LEAVES_SHOWN, 'more fact')}\n"
            for statement in finding.inheritance:
                yield prose(_inheritance(statement), "          ", "        ")
        yield _more(group)

    def leaf(self, leaf: Leaf, subject: str) -> str:
        """One fact with what is there, what the rule asks for, and where it stands."""
        fact = self._assessment.metadata.facts.get(leaf.path)
        where = "" if leaf.subject == subject else f"{neutral(leaf.subject)}: "
        title = f"{fact.title} ({leaf.path})" if fact else leaf.path
        asks = "expected" if leaf.outcome != "true" else "found"
        place = f" [{neutral(leaf.position)}]" if leaf.position else ""
        return f"{where}{title}: {observed(leaf)}; {asks} {leaf.expected.text}{place}"


def observed(leaf: Leaf) -> str:
    """What an inventory holds for a fact, in words that never show a sensitive value."""
    if leaf.state == "withheld":
        return "(known, not shown)"
    if leaf.state == "wrong":
        return "(a value that could not be used)"
    if leaf.state == "missing":
        return "(not given)"
    return value(leaf.observed)


def _subject(finding: Finding) -> str:
    name = f" ({neutral(finding.name)})" if finding.name else ""
    return f"{finding.record}{name}"


def _named(group: Group) -> str:
    return enumeration([_subject(finding) for finding in group.shown], group.total)


def _more(group: Group) -> str:
    more = group.total - len(group.shown)
    return f"    and {more:,} more; --format json lists them.\n" if more else ""


def _inheritance(statement: Inherited) -> str:
    stated = f", assessed on {statement.assessed_on}" if statement.assessed_on else ""
    until = f", until {statement.expires_on}" if statement.expires_on else ""
    does = f" The agency still does: {statement.consumer_does}" if statement.consumer_does else ""
    void = "" if statement.valid else " The statement is not valid on this date."
    place = f" [{statement.position}]" if statement.position else ""
    return (
        f"Carried by {statement.provider} ({statement.extent}): {statement.provider_status}"
        f"{stated}{until}.{void}{does}{place}"
    )
