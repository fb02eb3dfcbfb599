"""The exit status of a check and the sentence that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.assessment import outcome
from compliance.assessment.model import Assessment, PolicyRun
from compliance.policy.registry import DRAFT
from compliance_cli import status


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the user asked to count."""

    fail_on: str = "low"
    """The lowest severity whose gaps and unknowns count; ``none`` where no finding counts."""
    allow_unknown: bool = False
    """Unknowns do not count."""
    strict: bool = False
    """Values that could not be used count as bad input."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ends."""

    status: int
    sentence: str


def _named(policy: PolicyRun) -> str:
    draft = " (draft)" if policy.status == DRAFT else ""
    return f"{policy.id} {policy.version}{draft}"


def verdict(assessment: Assessment, thresholds: Thresholds) -> Verdict:
    """Works out the exit status and says why; what is left out of it is named all the same."""
    found = outcome.exit_status(assessment, thresholds.fail_on, thresholds.allow_unknown)
    headline = outcome.headline(assessment, thresholds.fail_on, thresholds.allow_unknown)
    sets = " and ".join(map(_named, assessment.policies))
    parts = [f"Checked against {sets}. {headline}"]
    if found < status.USAGE and thresholds.strict and assessment.summary.wrong_values:
        found = status.USAGE
        parts.append("Wrong values are refused (--strict).")
    return Verdict(found, " ".join(parts))
