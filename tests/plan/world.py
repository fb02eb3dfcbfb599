"""Small plans and assessments for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import Assessment, Finding, Mark, PolicyRun, RuleText
from compliance.plan.loading import checked, load_plan
from compliance.plan.model import Plan
from compliance.plan.updating import update
from compliance.plan.writing import updated_text
from tests.assessment.build import assessment, finding, requirement

RULES = (
    RuleText("r", "A rule", "system", "high", "law", ("a", "b"), "Do it."),
    RuleText("s", "Another rule", "system", "low", "bureau", ("a",), "Do that."),
    RuleText(
        "flaws", "Flaws are mended in time", "system", "critical", "law", ("b",), "Patch.",
        due_days=15, due_basis="law",
    ),
)  # fmt: skip


def run(rules: Sequence[RuleText] = RULES) -> PolicyRun:
    """The policy of the tests."""
    made = assessment(
        requirements=(
            requirement("a", "not_met", label="45 CFR 1(a)", controls=("AC-1", "AC-2")),
            requirement("b", "not_met", label="45 CFR 1(b)", controls=("AC-2",)),
        )
    )
    return replace(made.policies[0], rules=tuple(rules))


def on(as_of: str, statuses: Mapping[str, str], *, rules: Sequence[RuleText] = RULES) -> Assessment:
    """An assessment of a date.

    Args:
        as_of: the date.
        statuses: by rule and subject, such as ``r/a``; ``upcoming`` for a gap not yet in force.
        rules: of the policy.
    """
    made = assessment(findings=[_finding(name, status) for name, status in statuses.items()])
    metadata = replace(made.metadata, as_of=as_of, marking="CONFIDENTIAL")
    return replace(made, metadata=metadata, policies=(run(rules),))


def _finding(name: str, status: str) -> Finding:
    rule, _, subject = name.partition("/")
    known = {one.id: one for one in RULES}.get(rule.partition("@")[0])
    changes: dict[str, Any] = {"severity": known.severity, "basis": known.basis} if known else {}
    if status == "upcoming":
        changes["marks"] = (Mark("upcoming", rule.partition("@")[2] or None),)
    real = "gap" if status == "upcoming" else status
    return finding(subject, rule, status=real, evaluated=real, name=f"Name of {subject}", **changes)


def with_findings(made: Assessment, findings: Sequence[Finding]) -> Assessment:
    """An assessment with other findings."""
    return replace(made, findings=ListedFindings(findings))


def step(folder: Path, as_of: str, statuses: Mapping[str, str], **more: Any) -> Plan:
    """Updates the plan of a folder as of a date and returns it."""
    return apply(folder, on(as_of, statuses, **more))


def apply(folder: Path, found: Assessment) -> Plan:
    """Updates the plan of a folder and returns it."""
    plan = checked(load_plan(folder))
    changed = update(plan, found)
    if not changed.nothing:
        old = plan.path.read_bytes().decode() if plan.path.exists() else None
        plan.path.write_bytes(updated_text(plan, changed, old).encode())
    return checked(load_plan(folder))


def text(folder: Path) -> str:
    """The text of the plan, line ends as they are."""
    return (folder / "poam.yaml").read_bytes().decode()


def replace_in(folder: Path, *pairs: tuple[str, str]) -> None:
    """Edits the plan as a person would: each text, which stands there, by another, once."""
    written = text(folder)
    for old, new in pairs:
        assert old in written, old
        written = written.replace(old, new, 1)
    (folder / "poam.yaml").write_bytes(written.encode())


ACCEPT = (
    ("    owner:\n", "    owner: Database administrator   # asked on Monday\n"),
    ("    due_on:\n", "    due_on: 2027-03-31\n"),
    ("    milestones:\n", "    milestones:\n      - {title: Order, due_on: 2027-01-15}\n"),
    ("    accepted_by:\n", "    accepted_by: CISO\n"),
    ("    accepted_on:\n", "    accepted_on: 2026-11-24\n"),
)
"""What a person types to accept the first item."""
