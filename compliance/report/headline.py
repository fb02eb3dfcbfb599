"""The top of a report for people: the rule sets, the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

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
from compliance.report.plain import columns, number, prose, value

_COLUMNS = (GAP, UNKNOWN, SATISFIED, NOT_APPLICABLE)
_NOTES = {
    BY_DOCUMENTED_DECISION: "satisfied by a documented decision",
    OUTER_LIMIT_ONLY: "satisfied against an outer limit only",
    INHERITED: "settled by a provider's statement",
}


def status_of(count: Count) -> str:
    """The column a count belongs to: its status, or ``upcoming``."""
    return UPCOMING if UPCOMING in count.marks else count.status


def requirements(assessment: Assessment) -> list[RequirementText]:
    """The requirements that count: in force and of a policy that is not merely proposed."""
    return [
        requirement
        for policy in assessment.policies
        for requirement in policy.requirements
        if not requirement.upcoming
    ]


def rule_set(policy: PolicyRun) -> Iterator[str]:
    """A policy version as it was used: what it is, why it was used, to what it applied."""
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


def table(assessment: Assessment) -> str:
    """Findings by severity and status."""
    cells: Counter[tuple[str, str]] = Counter()
    for count in assessment.summary.counts:
        cells[count.severity, status_of(count)] += count.findings
        cells["all", status_of(count)] += count.findings
    shown = [*_COLUMNS, *(name for name in (UPCOMING, ERROR) if cells["all", name])]
    rows = [["severity", *(name.replace("_", " ") for name in shown)]]
    for severity in (*SEVERITIES, "all"):
        rows.append([severity, *(f"{cells[severity, name]:,}" for name in shown)])
    return columns(rows)


def table_notes(assessment: Assessment) -> str:
    """What the marks of findings add to the table, as one paragraph; empty where there are none."""
    sums: Counter[str] = Counter()
    for count in assessment.summary.counts:
        if UPCOMING not in count.marks:
            sums.update(dict.fromkeys(count.marks, count.findings))
    notes = [f"{sums[mark]:,} {words}" for mark, words in _NOTES.items() if sums[mark]]
    return prose(f"Among these: {'; '.join(notes)}.", "  ") if notes else ""
