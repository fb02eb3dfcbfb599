"""Names and citations of what an assessment found."""

from __future__ import annotations

from compliance.assessment.model import (
    APPLIES,
    Assessment,
    Finding,
    Inherited,
    ParameterText,
    RuleText,
)
from compliance.report.gather import Group
from compliance.report.plain import enumeration, neutral, value

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
        """The legal form of the requirements a rule covers."""
        policy, rule = self.assessment.policy(group.policy), self.rule(group)
        if policy is None or rule is None:
            return ""
        labels = {requirement.id: requirement.cited for requirement in policy.requirements}
        return ", ".join(neutral(labels.get(covered, covered)) for covered in rule.covers)


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
