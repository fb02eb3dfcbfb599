"""The top of a report for people: the rule sets, the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from compliance.assessment.model import (
    BY_DOCUMENTED_DECISION,
    ERROR,
    GAP,
    INHERITED,
    NOT_APPLICABLE,
    OUTER_LIMIT_ONLY,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Count,
    GroupExtent,
    PolicyRun,
    RequirementText,
)
from compliance.report.detail import COUNTS
from compliance.report.plain import columns, enumeration, neutral, number, prose, value
from compliance.report.stamp import inventory_digest

REQUIREMENTS_SHOWN = 40
"""Entries of the list of requirements; JSON has them all."""

_COLUMNS = (GAP, UNKNOWN, SATISFIED, NOT_APPLICABLE)
_NOTES = {
    BY_DOCUMENTED_DECISION: "satisfied by a documented decision",
    OUTER_LIMIT_ONLY: "satisfied against an outer limit only",
    INHERITED: "settled by a provider's statement",
}


def status_of(count: Count) -> str:
    """The column a count belongs to: its status, or ``upcoming``."""
    return UPCOMING if UPCOMING in count.marks else count.status


def requirements(assessment: Assessment) -> Iterator[str]:
    """How each requirement in force came out, those not met first; the met ones by citation."""
    if assessment.metadata.detail == COUNTS:
        return
    counted = [
        requirement
        for policy in assessment.policies
        for requirement in policy.requirements
        if not requirement.upcoming
    ]
    listed = [one for status in _LISTED for one in counted if one.status == status]
    for requirement in listed[:REQUIREMENTS_SHOWN]:
        yield prose(_requirement(requirement), "    ", "  - ")
    if len(listed) > REQUIREMENTS_SHOWN:
        yield f"  and {len(listed) - REQUIREMENTS_SHOWN:,} more; --format json lists them.\n"
    for words, labels in _short(counted).items():
        shown = enumeration(labels[:REQUIREMENTS_SHOWN], len(labels))
        yield prose(f"{words}: {shown}", "    ", "  - ")


def _short(counted: Iterable[RequirementText]) -> Mapping[str, list[str]]:
    """Citations of the requirements that need no line of their own, by how they came out."""
    found: dict[str, list[str]] = {}
    for status in ("met", "not_applicable", "not_assessable"):
        for one in counted:
            if one.status == status:
                words = one.text if status == "met" else _WORDS[status]
                found.setdefault(words.capitalize(), []).append(one.cited)
    return found


_LISTED = ("not_met", "unknown")
_WORDS = {"not_applicable": "not applicable", "not_assessable": "not to be seen in an inventory"}
_SUBJECT_WORDS = {
    "error": "in error",
    "gap": "with a gap",
    "unknown": "unknown",
    "satisfied": "satisfied",
}


def records_by_status(counts: Mapping[str, int]) -> str:
    """Records by how they came out: ``2 with a gap, 1 satisfied``; empty where there are none."""
    return ", ".join(
        f"{counts[status]:,} {words}"
        for status, words in _SUBJECT_WORDS.items()
        if counts.get(status)
    )


def _requirement(requirement: RequirementText) -> str:
    counts = records_by_status(requirement.subjects)
    records = f" (records: {counts})" if counts else ""
    return f"{requirement.cited} {requirement.title}: {requirement.text}{records}"


def rule_sets(assessment: Assessment) -> Iterator[str]:
    """Which policy versions were used, why, and to what they apply."""
    for policy in assessment.policies:
        yield from _rule_set(policy)


def _rule_set(policy: PolicyRun) -> Iterator[str]:
    yield prose(
        f"{policy.title} ({policy_words(policy)}), issued by {policy.authority}. "
        f"Used because: {policy.selected}.",
        "  ",
    )
    for extent in policy.extent:
        yield prose(extent_of(extent), "    ", "  - ")
    applies = "; ".join(applied(kind, counts) for kind, counts in sorted(policy.applies.items()))
    if applies:
        yield prose(f"Applies to {applies}.", "    ", "  - ")
    chosen = chosen_values(policy)
    if chosen:
        yield prose(f"Values the agency chose: {'; '.join(chosen)}.", "    ", "  - ")


def chosen_values(policy: PolicyRun) -> list[str]:
    """The parameters for which an agency has values of its own: ``Idle limit: 10 minutes``."""
    return [
        f"{parameter.title}: {value(parameter.value)} {parameter.unit or ''}".strip()
        for parameter in policy.parameters
        if parameter.chosen
    ]


def policy_words(policy: PolicyRun) -> str:
    """Which version and whether it binds: ``policy hipaa 1.0.0, published, binding``."""
    return f"policy {policy.id} {policy.version}, {policy.status}, {policy.binding}"


def extent_of(extent: GroupExtent) -> str:
    """How much of its source a group of requirements holds."""
    title = f"{extent.title}: {number(extent.requirements, 'requirement')}"
    if extent.extent == "complete":
        return f"{title}, all that the source has."
    if extent.source_count is None:
        return f"{title}, selected; those of the source were not counted."
    return f"{title}, selected from about {extent.source_count:,} of the source."


def applied(kind: str, counts: Mapping[str, int]) -> str:
    """To how many records of a kind a policy applies: ``9 of 12 system records``."""
    total = sum(counts.values())
    open_ones = counts.get("unknown", 0)
    unknown = f" ({open_ones:,} not known yet)" if open_ones else ""
    return f"{counts.get('true', 0):,} of {number(total, f'{kind} record')}{unknown}"


def table(assessment: Assessment) -> Iterator[str]:
    """Findings by severity and status, and what their marks add."""
    statuses, cells = by_severity(assessment)
    rows = [["severity", *(name.replace("_", " ") for name in statuses)]]
    for severity in (*SEVERITIES, "all"):
        rows.append([severity, *(f"{cells[severity, name]:,}" for name in statuses)])
    yield columns(rows)
    yield _table_notes(assessment)


def by_severity(assessment: Assessment) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The columns of the table of findings, and how many have each severity, or ``all``."""
    cells: Counter[tuple[str, str]] = Counter()
    for count in assessment.summary.counts:
        cells[count.severity, status_of(count)] += count.findings
        cells["all", status_of(count)] += count.findings
    return [*_COLUMNS, *(name for name in (UPCOMING, ERROR) if cells["all", name])], cells


def _table_notes(assessment: Assessment) -> str:
    notes = marked(assessment)
    return prose(f"Among these: {'; '.join(notes)}.", "  ") if notes else ""


def marked(assessment: Assessment) -> list[str]:
    """What the marks of findings in force add: ``4 satisfied by a documented decision``."""
    sums: Counter[str] = Counter()
    for count in assessment.summary.counts:
        if UPCOMING not in count.marks:
            sums.update(dict.fromkeys(count.marks, count.findings))
    return [f"{sums[mark]:,} {words}" for mark, words in _NOTES.items() if sums[mark]]


def made(assessment: Assessment) -> Iterator[str]:
    """What it takes to repeat the run: versions and digests."""
    yield prose(
        f"{inventory_words(assessment)}. SHA-256 of the sorted SHA-256s of its files:", "  "
    )
    yield f"    {inventory_digest(assessment)}\n"
    for policy in assessment.policies:
        yield prose(f"{evaluated_by(assessment, policy)}. SHA-256:", "  ")
        for name, digest in sorted(policy.digests.items()):
            yield f"    {digest}  {neutral(name)}\n"


def inventory_words(assessment: Assessment) -> str:
    """What was read: ``Inventory: 2 files; records: agency 1, system 9``."""
    metadata = assessment.metadata
    records = ", ".join(f"{kind} {amount:,}" for kind, amount in sorted(metadata.subjects.items()))
    return f"Inventory: {number(len(metadata.inventory), 'file')}; records: {records}"


def evaluated_by(assessment: Assessment, policy: PolicyRun) -> str:
    """What evaluated a policy: ``Policy hipaa 1.0.0, evaluated by compliance 0.1.0 with wasm``."""
    return (
        f"Policy {policy.id} {policy.version}, evaluated by compliance "
        f"{assessment.metadata.program_version} with {policy.engine} ({policy.engine_version})"
    )
