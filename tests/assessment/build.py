"""Small assessments for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import (
    Assessment,
    Count,
    Expected,
    FactText,
    Finding,
    GroupExtent,
    Inherited,
    Leaf,
    Mark,
    Metadata,
    MissingFact,
    ParameterText,
    PolicyRun,
    Provenance,
    RequirementText,
    RuleText,
    Settling,
    Summary,
    WrongValue,
)


def count(severity: str, status: str, findings: int, *marks: str, basis: str = "law") -> Count:
    return Count("hipaa", severity, status, basis, marks, findings)


def requirement(name: str, status: str, **changes: Any) -> RequirementText:
    made: dict[str, Any] = {
        "id": name, "label": name, "title": "Title", "group": "g", "designation": "required",
        "basis": "law", "assessable": "yes", "status": status, "text": status, **changes,
    }  # fmt: skip
    return RequirementText(**made)


def policy_run(*requirements: RequirementText) -> PolicyRun:
    return PolicyRun(
        id="hipaa", version="0.1.0", title="HIPAA", status="published", binding="binding",
        authority="Bureau", statement="Text.", selected="named", digests={"bundle": "ab"},
        engine="wasm", engine_version="50",
        rules=(RuleText("r", "A rule", "system", "high", "law", ("a",), "Do.", counts={"gap": 1}),),
        requirements=requirements, extent=(GroupExtent("g", "Group", "selected", 1, None),),
        sources=({"id": "cfr", "title": "45 CFR 164"},),
        parameters=(ParameterText("p", "P", [1], True, "law", None, (("2027-01-01", [2]),)),),
        applies={"system": {"true": 1}},
    )  # fmt: skip


def assessment(
    counts: Sequence[Count] = (),
    requirements: Sequence[RequirementText] = (),
    findings: Sequence[Finding] = (),
    wrong: int = 0,
) -> Assessment:
    values = tuple(WrongValue(f"a.yaml:{n}:1", "system.mfa", "no") for n in range(wrong))
    missing = MissingFact(
        "system.mfa", "Title", "Question?", "owner", "high", ("system/a",), ("hipaa/r",), 1
    )
    return Assessment(
        Metadata("0.1.0", "2026-11-23", "agency", "The Agency", {"a.yaml": "00"}, {"system": 1},
                 {"system.mfa": FactText("system.mfa", "MFA", choices=("a", 1))}),
        (policy_run(*requirements),), ListedFindings(findings),
        Summary(tuple(counts), (missing,), values),
    )  # fmt: skip


def finding(subject: str = "a", rule: str = "r", **changes: Any) -> Finding:
    made: dict[str, Any] = {
        "agency": "agency", "policy": "hipaa", "rule": rule, "kind": "system", "subject": subject,
        "evaluated": "gap", "status": "gap", "severity": "high", "basis": "law", **changes,
    }  # fmt: skip
    return Finding(**made)


FULL = finding(
    assurance="asserted", covers=("a",), name="A",
    marks=(Mark("upcoming", "2027-01-01"), Mark("inherited", provider="vendor/x")),
    leaves=(
        Leaf("expect", "system.mfa", "system/a", "equals", Expected("true", True, "p"), "false",
             observed=[None, {"x": 1}], element="0", position="a.yaml:1:1",
             provenance=Provenance("imported", "scanner")),
    ),
    settling=(Settling("system.mfa", "system/a"),),
    inheritance=(Inherited("vendor/x", "full", "gap", True, "gap", "2026-01-01"),),
    rules=("r",), message="Text.",
)  # fmt: skip
"""A finding with something in every field."""
