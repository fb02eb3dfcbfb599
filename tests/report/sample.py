"""A small assessment with everything a report can show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

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

FACTS = {
    "system.mfa": FactText(
        "system.mfa", "Multi-factor log-in", "Does logging in need a second factor?",
        "system owner", "boolean",
    ),
    "system.logoff_minutes": FactText(
        "system.logoff_minutes", "Automatic log-off",
        "After how many minutes without input does a session end?", "system owner", "integer",
    ),
    "person.screening.result": FactText(
        "person.screening.result", "Screening result", "", "HR", "string"
    ),
}  # fmt: skip

RULES = (
    RuleText(
        "unique-user-identification", "Every user of the system has a unique identifier", "system",
        "high", "law", ("hipaa-164.312.a.2.i",),
        "Give every workforce member an individual account.", effort="medium",
    ),
    RuleText(
        "idle-logoff", "Sessions end after 15 minutes", "system", "medium", "bureau",
        ("hipaa-164.312.a.2.iii",), "Set the limit.", in_force_from="2027-01-01",
    ),
)  # fmt: skip


def requirement(requirement_id: str, label: str, status: str, **changes: object) -> RequirementText:
    """A requirement of the sample policy."""
    made = RequirementText(
        requirement_id, label, f"Title of {requirement_id}", "technical", "required", "law",
        "yes", status, status.replace("_", " "),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


POLICY = PolicyRun(
    id="hipaa", version="0.1.0", title="HIPAA technical safeguards", status="published",
    binding="binding", authority="State IT policy bureau",
    statement="A gap analysis, no legal advice.",
    selected="newest published version of a binding policy",
    digests={"bundle": "ab" * 32, "wasm": "cd" * 32}, engine="wasm", engine_version="50.0.1",
    rules=RULES,
    requirements=(
        requirement("hipaa-164.312.a.2.i", "45 CFR 164.312(a)(2)(i)", "not_met",
                    subjects={"gap": 2, "satisfied": 1}),
        requirement("hipaa-164.312.a.2.iii", "45 CFR 164.312(a)(2)(iii)", "unknown",
                    subjects={"unknown": 1}),
        requirement("hipaa-164.312.b", "45 CFR 164.312(b)", "met"),
        requirement("hipaa-164.312.z", "45 CFR 164.312(z)", "not_assessable",
                    not_assessable="Only an interview shows it."),
    ),
    extent=(GroupExtent("technical", "Technical safeguards", "complete", 4, 4),),
    sources=({"id": "cfr", "title": "45 CFR Part 164"},),
    parameters=(ParameterText("idle_minutes", "Idle limit", 10, True, "bureau", "minutes"),),
    applies={"system": {"true": 3, "false": 1, "unknown": 1}},
)  # fmt: skip


def leaf(outcome: str = "false", **changes: object) -> Leaf:
    """A leaf of the sample."""
    made = Leaf(
        "expect", "system.mfa", "system/payroll", "equals", Expected("true", True), outcome,
        observed=False, position="inventory/systems.yaml:12:9",
        provenance=Provenance("asserted"),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def finding(subject: str = "payroll", **changes: object) -> Finding:
    """A gap of the sample, or what the changes make of it."""
    made = Finding(
        "health-agency", "hipaa", "unique-user-identification", "system", subject, "gap", "gap",
        "high", "law", "asserted", ("hipaa-164.312.a.2.i",), name="Payroll", leaves=(leaf(),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


UNKNOWN = finding(
    "tax", evaluated="unknown", status="unknown", name=None, assurance=None,
    leaves=(leaf("unknown", subject="system/tax", observed=None, state="missing", position=None),),
    settling=(Settling("system.mfa", "system/tax"),),
)  # fmt: skip

FINDINGS = (
    finding(),
    finding("claims", name="Claims", leaves=(leaf(subject="vendor/v1"),)),
    UNKNOWN,
    finding("files", evaluated="satisfied", status="satisfied", leaves=(), name=None,
            marks=(Mark("by_documented_decision"),)),
    finding("mail", evaluated="unknown", status="satisfied", leaves=(), name=None,
            marks=(Mark("inherited", provider="vendor/central-it"),),
            inheritance=(Inherited("vendor/central-it", "full", "satisfied", True, "satisfied",
                                   "2026-05-01", "2027-05-01", "Reviews accounts yearly.",
                                   position="inventory/inheritance.yaml:3:5"),)),
    finding("payroll", rule="idle-logoff@2027-01-01", severity="medium", basis="bureau",
            marks=(Mark("upcoming", "2027-01-01"),)),
    finding("payroll", rule="idle-logoff", severity="medium", basis="bureau",
            leaves=(leaf(path="system.logoff_minutes", observed=30,
                         expected=Expected("at most 10", 10, "idle_minutes")),)),
    finding("kiosk", rule="applies", evaluated="not_applicable", status="not_applicable",
            leaves=(), name=None, message="It holds no health information."),
    finding("portal", rule="applies", evaluated="unknown", status="unknown", leaves=(),
            name=None, rules=("idle-logoff", "unique-user-identification"),
            settling=(Settling("system.mfa", "system/portal"),)),
)  # fmt: skip


def counts(findings: Sequence[Finding]) -> tuple[Count, ...]:
    """The counts of findings."""
    sums = Counter(
        (one.policy, one.severity, one.status, one.basis, tuple(mark.name for mark in one.marks))
        for one in findings
    )
    return tuple(Count(*key, sums[key]) for key in sorted(sums))


def assessment(
    findings: Sequence[Finding] = FINDINGS, policy: PolicyRun = POLICY, wrong: int = 1
) -> Assessment:
    """The sample, with other findings where they are given."""
    missing = tuple(
        MissingFact("system.mfa", "Multi-factor log-in", "Does logging in need a second factor?",
                    "system owner", "high", ("system/portal", "system/tax"),
                    ("hipaa/unique-user-identification",), 2)
        for _ in range(any(one.status == "unknown" for one in findings))
    )  # fmt: skip
    wrong_values = tuple(
        WrongValue(f"inventory/systems.yaml:{line}:5", "system/payroll.mfa", "'yes' is a text",
                   "true or false", "Write true.")
        for line in range(1, wrong + 1)
    )  # fmt: skip
    return Assessment(
        Metadata("0.1.0", "2026-11-23", "health-agency", "Department of Health",
                 {"inventory/systems.yaml": "ef" * 32}, {"system": 7, "vendor": 1}, FACTS),
        (policy,),
        ListedFindings(findings),
        Summary(counts(findings), missing, wrong_values),
    )  # fmt: skip
