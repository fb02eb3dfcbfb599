"""One of the two assessments that are compared: how each rule stands for each record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.assessment.model import (
    APPLIES,
    GAP,
    NOT_APPLICABLE,
    UNKNOWN,
    Assessment,
    Finding,
    PolicyRun,
)
from compliance.comparison.model import ABSENT, UPCOMING_GAP, UPCOMING_UNKNOWN

RECORD, RULE, POLICY, FINDING = "record", "rule", "policy", "finding"
"""What is not there, where a standing is absent."""


@dataclass(frozen=True, slots=True)
class Place:
    """One rule for one record."""

    policy: str
    rule: str
    kind: str
    subject: str

    @property
    def base(self) -> str:
        """The rule's id, without the date of a coming value."""
        return self.rule.partition("@")[0]

    @property
    def date(self) -> str:
        """For a coming value: its first day; else empty."""
        return self.rule.partition("@")[2]

    def at(self, rule: str) -> Place:
        """The same place under another rule."""
        return Place(self.policy, rule, self.kind, self.subject)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands for a record."""

    name: str
    finding: Finding | None = None
    lacking: str = ""
    """Where it is absent: what is not there."""


class Side:
    """One assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._agency = assessment.metadata.agency
        self._policies: dict[str, PolicyRun] = {one.id: one for one in assessment.policies}
        self._rules = {one.id: {rule.id for rule in one.rules} for one in assessment.policies}
        self.records: set[tuple[str, str]] = set()
        """Every record that a rule set looked at."""
        for finding in assessment.findings:
            self.records.add((finding.kind, finding.subject))

    def policy(self, policy: str) -> PolicyRun | None:
        """The run of a policy, or None."""
        return self._policies.get(policy)

    def walk(self) -> Iterator[tuple[Place, Standing]]:
        """Every rule for every record, but for whether a rule set applies."""
        for finding in self.assessment.findings:
            if finding.rule != APPLIES:
                place = Place(finding.policy, finding.rule, finding.kind, finding.subject)
                yield place, Standing(standing(finding), finding)

    def at(self, place: Place) -> Standing:
        """How a rule stands for a record."""
        found = self._finding(place)
        if found is not None:
            return Standing(standing(found), found)
        applies = self._finding(place.at(APPLIES))
        if applies is not None and applies.status == NOT_APPLICABLE:
            return Standing(NOT_APPLICABLE, applies)
        if applies is not None and place.rule in applies.rules:
            return Standing(standing(applies), applies)
        return Standing(ABSENT, lacking=self._lacking(place))

    def _finding(self, place: Place) -> Finding | None:
        return self.assessment.findings.get(
            f"{self._agency}/{place.policy}/{place.rule}/{place.kind}:{place.subject}"
        )

    def _lacking(self, place: Place) -> str:
        if place.policy not in self._policies:
            return POLICY
        if place.base not in self._rules[place.policy]:
            return RULE
        return FINDING if (place.kind, place.subject) in self.records else RECORD


def standing(finding: Finding) -> str:
    """How a finding stands: its status, and apart what is not yet in force."""
    if finding.upcoming:
        return {GAP: UPCOMING_GAP, UNKNOWN: UPCOMING_UNKNOWN}.get(finding.status, finding.status)
    return finding.status
