"""Small assessments to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import (
    UPCOMING,
    Assessment,
    Count,
    Finding,
    GroupExtent,
    Mark,
    Metadata,
    Migration,
    PolicyRun,
    RequirementText,
    RuleText,
    Summary,
)

OLD, NEW = "2026-11-23", "2027-02-15"


def finding(name: str, status: str, policy: str = "pol", **changes: Any) -> Finding:
    """A finding.

    Args:
        name: ``rule kind/id``.
        status: a status, or ``upcoming_gap`` or ``upcoming_unknown``.
        policy: its policy.
        **changes: other fields.
    """
    rule, _, record = name.partition(" ")
    kind, _, subject = record.partition("/")
    marks: tuple[Mark, ...] = ()
    if status.startswith("upcoming_"):
        status = status.removeprefix("upcoming_")
        marks = (Mark(UPCOMING, rule.partition("@")[2] or None),)
    made = Finding(
        "agency", policy, rule, kind, subject, status, status, "high", "law", marks=marks
    )
    return replace(made, **changes)


def policy(
    rules: Iterable[str] = ("r", "s"),
    policy_id: str = "pol",
    requirements: Mapping[str, str] | None = None,
    migrations: Sequence[tuple[str, str | None]] = (),
    **changes: Any,
) -> PolicyRun:
    """A run of a policy: its rules, and its requirements with their statuses."""
    made = PolicyRun(
        id=policy_id, version="1.0.0", title="Policy", status="published", binding="binding",
        authority="Bureau", statement="Text.", selected="named", digests={"bundle": "ab"},
        engine="wasm", engine_version="50",
        rules=tuple(
            RuleText(one, f"Rule {one}", "system", "high", "law", ("req",), "Do.") for one in rules
        ),
        requirements=tuple(
            RequirementText(one, one, f"Title {one}", "g", "required", "law", "yes", status, status)
            for one, status in (requirements or {}).items()
        ),
        extent=(GroupExtent("g", "Group", "selected", 1, None),), sources=(),
        migrations=tuple(Migration(old, new, "Renamed") for old, new in migrations),
    )  # fmt: skip
    return replace(made, **changes)


def run(
    findings: Mapping[str, str] | Iterable[Finding],
    as_of: str = OLD,
    policies: Sequence[PolicyRun] | None = None,
    **changes: Any,
) -> Assessment:
    """An assessment of findings given as ``{"r system/a": "gap"}``."""
    if isinstance(findings, Mapping):
        findings = [finding(name, status) for name, status in findings.items()]
    listed = list(findings)
    sums = Counter(
        (one.policy, one.severity, one.status, one.basis, tuple(mark.name for mark in one.marks))
        for one in listed
    )
    metadata = Metadata("0.1.0", as_of, "agency", "The agency", {"a.yaml": "ab"}, {"system": 1})
    made = Assessment(
        metadata,
        tuple(policies or (policy(),)),
        ListedFindings(listed),
        Summary(tuple(Count(*key, sums[key]) for key in sorted(sums)), (), ()),
    )
    return replace(made, **changes)
