"""What the example agency would newly fail under the proposed rule, from a run of both policies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

EXAMPLE = "examples/health-agency"
AS_OF = "2026-11-23"
IN_FORCE, PROPOSED = "hipaa", "hipaa-nprm-2025"
COMMAND = (
    f"compliance check {EXAMPLE} --policy {IN_FORCE} --policy {PROPOSED} --as-of {AS_OF} "
    "--format json"
)
Finding = Mapping[str, Any]


def proposed_page(root: Path, generated: str) -> str:
    """The page, from an actual run.

    Args:
        root: the checkout.
        generated: the line that says that a page is generated.
    """
    assessment = _run(root)
    failing = _newly_failing(assessment["findings"])
    policies = {policy["id"]: policy for policy in assessment["policies"]}
    rules = {rule["id"]: rule for rule in policies[PROPOSED]["rules"]}
    labels = {one["id"]: one["label"] for one in policies[PROPOSED]["requirements"]}
    lines = [
        "# What the proposed rule would newly ask of the example agency",
        "",
        generated,
        "",
        f"HHS proposed changes to the Security Rule on 6 January 2025 (90 FR 898). They are not in "
        f"force. The policy `{PROPOSED}` {policies[PROPOSED]['version']} holds them as rules whose "
        "findings are only ever *upcoming*: they enter no headline, score or exit status.",
        "",
        "This page comes from a run of both policies over the example agency:",
        "",
        "```",
        COMMAND,
        "```",
        "",
        *_summary(assessment["findings"], failing),
        "",
        "| proposed paragraph | the proposal would ask | records that would newly fail |",
        "|---|---|---|",
    ]
    for rule_id, subjects in failing.items():
        rule = rules[rule_id]
        cited = ", ".join(dict.fromkeys(labels[one] for one in rule["covers"]))
        shown = ", ".join(f"`{subject}`" for subject in subjects)
        lines.append(f"| {cited} | {rule['title']} | {shown} |")
    return "\n".join(lines) + "\n"


def _run(root: Path) -> Mapping[str, Any]:
    program = "from compliance_cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, *COMMAND.split()[1:]],
        cwd=root, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if ran.returncode not in (0, 1):
        raise SystemExit(ran.stderr)
    loaded: Mapping[str, Any] = json.loads(ran.stdout)
    return loaded


def _newly_failing(findings: list[Finding]) -> dict[str, list[str]]:
    """Subjects by proposed rule, without those that fail the law in force over the same fact."""
    today: dict[str, set[str]] = {}
    for finding in findings:
        if finding["policy"] == IN_FORCE and _is_gap(finding) and finding["basis"] == "law":
            today.setdefault(_subject(finding), set()).update(_failing_facts(finding))
    new: dict[str, list[str]] = {}
    for finding in findings:
        subject = _subject(finding)
        known = today.get(subject, set()) & set(_failing_facts(finding))
        if finding["policy"] == PROPOSED and _is_gap(finding) and not known:
            new.setdefault(finding["rule"], []).append(subject)
    return dict(sorted(new.items()))


def _summary(findings: list[Finding], failing: Mapping[str, list[str]]) -> Iterator[str]:
    gaps = sum(f["policy"] == PROPOSED and _is_gap(f) for f in findings)
    unknown = sum(f["policy"] == PROPOSED and f["status"] == "unknown" for f in findings)
    new = sum(map(len, failing.values()))
    yield (
        f"{gaps} findings would be gaps; {new} of them, by {len(failing)} rules, are new: the same "
        f"record has no gap today against the law in force over the same fact. {unknown} findings "
        "cannot be told yet, because the example does not state the facts that only the proposal "
        "asks for."
    )


def _is_gap(finding: Finding) -> bool:
    return bool(finding["status"] == "gap")


def _subject(finding: Finding) -> str:
    return f"{finding['kind']}/{finding['subject']}"


def _failing_facts(finding: Finding) -> Iterator[str]:
    for leaf in finding.get("leaves", ()):
        if leaf["outcome"] == "false" and leaf["test"] not in ("some", "every", "none"):
            yield f"{leaf.get('subject')} {leaf['path']}"
