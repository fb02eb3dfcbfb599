"""Names and citations of what an assessment found."""

from __future__ import annotations

from compliance.assessment.model import APPLIES, Assessment, Finding, Inherited, RuleText
from compliance.report.gather import Group
from compliance.report.plain import enumeration, neutral

_STANDARD = {
    "guidance": "Gap against the bureau's standard, after published guidance",
    "bureau": "Gap against the bureau's standard",
    "practice": "Gap against the bureau's standard, as good practice",
}


class Texts:
    """Words for the rules and records of one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

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
        """The words for a gap's basis: the citation for law, else the bureau's standard."""
        labels = self.citations(group)
        if group.basis == "law":
            return f"Gap against {labels}" if labels else "Gap against the law the policy cites"
        return _STANDARD[group.basis] + (f" for {labels}" if labels else "")

    def citations(self, group: Group) -> str:
        """The legal form of the requirements a rule covers."""
        policy, rule = self.assessment.policy(group.policy), self.rule(group)
        if policy is None or rule is None:
            return ""
        labels = {requirement.id: requirement.label for requirement in policy.requirements}
        return ", ".join(neutral(labels.get(covered, covered)) for covered in rule.covers)


def subject(finding: Finding) -> str:
    """A record with its name: ``system/payroll (Payroll)``."""
    name = f" ({neutral(finding.name)})" if finding.name else ""
    return f"{finding.record}{name}"


def named(group: Group) -> str:
    """The records of a group, as far as they are kept."""
    return enumeration([subject(finding) for finding in group.shown], group.total)


def more(group: Group) -> str:
    """The line that says how many records are not listed; empty where all are."""
    left = group.total - len(group.shown)
    return f"    and {left:,} more; --format json lists them.\n" if left else ""


def statement(found: Inherited) -> str:
    """A provider's statement: ``vendor/central-it (full), assessed on ..., until ...``."""
    assessed = f", assessed on {found.assessed_on}" if found.assessed_on else ""
    until = f", until {found.expires_on}" if found.expires_on else ""
    place = f" [{found.position}]" if found.position else ""
    void = "" if found.valid else ", not valid on this date"
    return f"{found.provider} ({found.extent}{assessed}{until}{void}){place}"
