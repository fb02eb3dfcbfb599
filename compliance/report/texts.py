"""Names and citations of what an assessment found."""

from __future__ import annotations

from compliance.assessment.model import (
    APPLIES,
    Assessment,
    Finding,
    Inherited,
    MissingFact,
    ParameterText,
    RuleText,
    WrongValue,
)
from compliance.report.detail import FULL
from compliance.report.gather import Group, Settled
from compliance.report.plain import enumeration, neutral, number, value

RECORDS_SHOWN = 6
"""Records named in a sentence."""

SECTIONS = {
    "due": "What is due",
    "fix": "What to fix first",
    "ask": "The facts that settle most",
    "rule_sets": "Rule sets",
    "table": "Findings by severity and status",
    "errors": "Rules that could not be evaluated",
    "requirements": "Requirements",
    "gaps": "Gaps",
    "plan": "Plan of action and milestones",
    "outside": "Findings from outside",
    "questions": "Questions that would settle the unknowns",
    "lapsed": "Providers' statements that do not hold on this date",
    "wrong": "Values that could not be used",
    "notes": "Notes on the inventory",
    "decisions": "Satisfied by documented decision",
    "inherited": "Carried by a provider",
    "upcoming": "Upcoming",
    "excluded": "Where the rule sets do not apply",
    "made": "How this report was made",
}
"""Titles of the sections of a report for people, whatever its format."""

_STANDARD = {
    "guidance": "Gap against the bureau's standard, after published guidance",
    "bureau": "Gap against the bureau's standard",
    "practice": "Gap against the bureau's standard, as good practice",
}


class Texts:
    """Words for the rules and records of one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._labels: dict[str, dict[str, str]] = {}
        self.named = assessment.metadata.detail == FULL
        """Whether records, values and places are here, or were left out on purpose."""

    def rule(self, group: Group) -> RuleText | None:
        """The text of a group's rule; None for the finding that says whether a policy applies."""
        policy = self.assessment.policy(group.policy)
        return policy.rule(group.rule) if policy else None

    def title(self, group: Group) -> str:
        """What a group's rule asks, as a sentence."""
        if group.rule == APPLIES:
            return f"Whether policy {group.policy} applies"
        rule = self.rule(group)
        return neutral(rule.title) if rule else f"{group.policy}/{group.rule}"

    def against(self, group: Group) -> str:
        """The words for a gap's basis: the citation for law, else whose standard it is."""
        labels = self.citations(group)
        if group.basis == "law":
            return f"Gap against {labels}" if labels else "Gap against the law the policy cites"
        own = "; ".join(_own_value(parameter) for parameter in self._own_values(group))
        standard = f"Gap against the agency's own value ({own})" if own else _STANDARD[group.basis]
        return standard + (f" for {labels}" if labels else "")

    def _own_values(self, group: Group) -> list[ParameterText]:
        """The agency's own values that alone make the basis of a group weaker than its rule's."""
        policy, rule = self.assessment.policy(group.policy), self.rule(group)
        if policy is None or rule is None or rule.basis == group.basis:
            return []
        read = {leaf.expected.parameter for one in group.shown for leaf in one.leaves}
        weak = [one for one in policy.parameters if one.name in read and one.basis == group.basis]
        return weak if all(one.policy_value is not None for one in weak) else []

    def lapse(self, found: Inherited) -> str:
        """Why a statement does not hold: ``The statement of vendor/x expired on 2026-05-01``."""
        as_of, assessed_on = self.assessment.metadata.as_of, found.assessed_on
        if found.expires_on is not None and found.expires_on < as_of:
            why = f"expired on {found.expires_on}"
        elif assessed_on is not None and assessed_on > as_of:
            why = f"is dated {assessed_on}, after the date of this report"
        else:
            why = "does not say when the provider was assessed"
        place = f" [{found.position}]" if found.position else ""
        return f"The statement of {found.provider} {why}{place}"

    def citations(self, group: Group) -> str:
        """The legal form of the requirements a rule covers, as one text."""
        return ", ".join(self.cited(group))

    def cited(self, group: Group) -> list[str]:
        """The legal form of each requirement a rule covers."""
        policy, rule = self.assessment.policy(group.policy), self.rule(group)
        if policy is None or rule is None:
            return []
        if policy.id not in self._labels:
            self._labels[policy.id] = {one.id: one.cited for one in policy.requirements}
        labels = self._labels[policy.id]
        return [neutral(labels.get(covered, covered)) for covered in rule.covers]


def _own_value(parameter: ParameterText) -> str:
    """A value with what it replaces: ``Idle limit: 10 minutes; the policy's: 15 minutes``."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    title, own, policys = parameter.title, value(parameter.value), value(parameter.policy_value)
    return neutral(f"{title}: {own}{unit}; the policy's: {policys}{unit}")


def subject(finding: Finding) -> str:
    """A record with its name: ``system/payroll (Payroll)``."""
    name = f" ({neutral(finding.name)})" if finding.name else ""
    return f"{finding.record}{name}"


def named(group: Group) -> str:
    """The records of a group, as far as they are kept."""
    return enumeration([subject(finding) for finding in group.shown], group.total)


def left_out(left: int) -> str:
    """How many entries a list leaves out, and where they are; empty where it has all."""
    return f"and {left:,} more; --format json lists them." if left > 0 else ""


def effort(rule: RuleText) -> str:
    """How much work a remediation is: ``effort: medium``; empty where nobody said."""
    return f"effort: {rule.effort}" if rule.effort else ""


def usually_known_by(fact: MissingFact) -> str:
    """Whom to ask: ``Usually known by: system owner.``; empty where nobody said."""
    return f"Usually known by: {fact.asked_of}." if fact.asked_of else ""


def waiting(fact: MissingFact) -> str:
    """What an answer is good for: ``2 findings wait for it``."""
    return f"{number(fact.findings, 'finding waits', 'findings wait')} for it."


def records_carried(group: Settled) -> str:
    """How much a statement settled: ``3 rules of system/a, system/b``."""
    records = enumeration(group.records[:RECORDS_SHOWN], len(group.records))
    return f"{number(len(group.rules), 'rule')} of {records}"


def still_does(found: Inherited) -> str:
    """What a provider's statement leaves to the agency; empty where it says nothing."""
    return f"The agency still does: {found.consumer_does}" if found.consumer_does else ""


def would_settle(group: Settled) -> str:
    """What a statement that does not hold would do."""
    return f"If it held, it would settle what is unknown for {records_carried(group)}."


def expected_value(wrong: WrongValue) -> str:
    """What a value that could not be used should have been; empty where that is not known."""
    expected = f"Expected: {wrong.expected}." if wrong.expected else ""
    meant = f"Did you mean {wrong.suggestion}?" if wrong.suggestion else ""
    return f"{expected} {meant}".strip()


def statement(found: Inherited) -> str:
    """A provider's statement: ``vendor/central-it (full), assessed on ..., until ...``."""
    assessed = f", assessed on {found.assessed_on}" if found.assessed_on else ""
    until = f", until {found.expires_on}" if found.expires_on else ""
    place = f" [{found.position}]" if found.position else ""
    void = "" if found.valid else ", not valid on this date"
    return f"{found.provider} ({found.extent}{assessed}{until}{void}){place}"
