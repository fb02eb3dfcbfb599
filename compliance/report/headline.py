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
from compliance.report.plain import columns, enumeration, neutral, number, prose, value

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


def _requirement(requirement: RequirementText) -> str:
    counts = [
        f"{requirement.subjects[status]:,} {words}"
        for status, words in _SUBJECT_WORDS.items()
        if requirement.subjects.get(status)
    ]
    records = f" (records: {', '.join(counts)})" if counts else ""
    return f"{requirement.cited} {requirement.title}: {requirement.text}{records}"


def rule_sets(assessment: Assessment) -> Iterator[str]:
    """Which policy versions were used, why, and to what they apply."""
    for policy in assessment.policies:
        yield from _rule_set(policy)


def _rule_set(policy: PolicyRun) -> Iterator[str]:
    yield prose(
        f"{policy.title} (policy {policy.id} {policy.version}, {policy.status}, {policy.binding}), "
        f"issued by {policy.authority}. Used because: {policy.selected}.",
        "  ",
    )
    for extent in policy.extent:
        yield prose(_extent(extent), "    ", "  - ")
    applies = "; ".join(_applied(kind, counts) for kind, counts in sorted(policy.applies.items()))
    if applies:
        yield prose(f"Applies to {applies}.", "    ", "  - ")
    chosen = [
        f"{parameter.title}: {value(parameter.value)} {parameter.unit or ''}".strip()
        for parameter in policy.parameters
        if parameter.chosen
    ]
    if chosen:
        yield prose(f"Values the agency chose: {'; '.join(chosen)}.", "    ", "  - ")


def _extent(extent: GroupExtent) -> str:
    title = f"{extent.title}: {number(extent.requirements, 'requirement')}"
    if extent.extent == "complete":
        return f"{title}, all that the source has."
    if extent.source_count is None:
        return f"{title}, selected; those of the source were not counted."
    return f"{title}, selected from about {extent.source_count:,} of the source."


def _applied(kind: str, counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    open_ones = counts.get("unknown", 0)
    unknown = f" ({open_ones:,} not known yet)" if open_ones else ""
    return f"{counts.get('true', 0):,} of {number(total, f'{kind} record')}{unknown}"


def table(assessment: Assessment) -> Iterator[str]:
    """Findings by severity and status, and what their marks add."""
    cells: Counter[tuple[str, str]] = Counter()
    for count in assessment.summary.counts:
        cells[count.severity, status_of(count)] += count.findings
        cells["all", status_of(count)] += count.findings
    shown = [*_COLUMNS, *(name for name in (UPCOMING, ERROR) if cells["all", name])]
    rows = [["severity", *(name.replace("_", " ") for name in shown)]]
    for severity in (*SEVERITIES, "all"):
        rows.append([severity, *(f"{cells[severity, name]:,}" for name in shown)])
    yield columns(rows)
    yield _table_notes(assessment)


def _table_notes(assessment: Assessment) -> str:
    sums: Counter[str] = Counter()
    for count in assessment.summary.counts:
        if UPCOMING not in count.marks:
            sums.update(dict.fromkeys(count.marks, count.findings))
    notes = [f"{sums[mark]:,} {words}" for mark, words in _NOTES.items() if sums[mark]]
    return prose(f"Among these: {'; '.join(notes)}.", "  ") if notes else ""


def made(assessment: Assessment) -> Iterator[str]:
    """What it takes to repeat the run: versions and digests."""
    metadata = assessment.metadata
    records = ", ".join(f"{kind} {amount:,}" for kind, amount in sorted(metadata.subjects.items()))
    yield prose(f"Inventory: {number(len(metadata.inventory), 'file')}; records: {records}.", "  ")
    for policy in assessment.policies:
        yield prose(
            f"Policy {policy.id} {policy.version}, evaluated by compliance "
            f"{metadata.program_version} with {policy.engine} ({policy.engine_version}). SHA-256:",
            "  ",
        )
        for name, digest in sorted(policy.digests.items()):
            yield f"    {digest}  {neutral(name)}\n"
