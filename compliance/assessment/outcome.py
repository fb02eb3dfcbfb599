"""The exit status of a run and the one sentence that sums it up.

A finding marked upcoming counts in neither. No sentence here says that there are no gaps while a
rule that applies is unknown or could not be evaluated.
"""

from __future__ import annotations

from collections import Counter

from compliance.assessment.model import (
    BY_DOCUMENTED_DECISION,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Count,
)

NO_THRESHOLD = "none"
THRESHOLDS = (*SEVERITIES, NO_THRESHOLD)
"""Values of ``--fail-on``: the lowest severity that counts, or that none does."""

_REQUIREMENT_WORDS = {
    "not_met": "not met",
    "unknown": "unknown",
    "met": "met",
    "not_applicable": "not applicable",
    "not_assessable": "not assessable",
}


def exit_status(assessment: Assessment, fail_on: str, allow_unknown: bool) -> int:
    """The exit status of a finished run.

    Args:
        assessment: the outcome.
        fail_on: one of ``THRESHOLDS``; gaps and unknowns of lower severity do not count.
        allow_unknown: unknowns do not count.

    Returns:
        3 where a rule could not be evaluated, else 1 where a gap or unknown counts, else 0.
    """
    counts = assessment.summary.counts
    if any(count.status == ERROR and count.findings for count in counts):
        return 3
    failing = (GAP,) if allow_unknown else (GAP, UNKNOWN)
    for count in _in_force(assessment):
        if count.findings and count.status in failing and reaches(count.severity, fail_on):
            return 1
    return 0


def reaches(severity: str, fail_on: str) -> bool:
    """Whether a severity is at or above a threshold."""
    return fail_on != NO_THRESHOLD and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)


def headline(assessment: Assessment, fail_on: str = "low", allow_unknown: bool = False) -> str:
    """The outcome in one sentence, gaps and unknowns that do not count named as well.

    Args:
        assessment: the outcome.
        fail_on: one of ``THRESHOLDS``.
        allow_unknown: unknowns do not count for the exit status.
    """
    metadata = assessment.metadata
    parts = [
        _findings(assessment),
        _requirements(assessment),
        *_below(assessment, fail_on, allow_unknown),
        *_others(assessment),
    ]
    name = metadata.agency_name or metadata.agency
    return f"{name} as of {metadata.as_of}: {'; '.join(part for part in parts if part)}."


def _in_force(assessment: Assessment) -> list[Count]:
    return [count for count in assessment.summary.counts if UPCOMING not in count.marks]


def _sums(counts: list[Count]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for count in counts:
        sums[count.status] += count.findings
    return sums


def _findings(assessment: Assessment) -> str:
    sums = _sums(_in_force(assessment))
    applicable = sum(sums.values()) - sums[NOT_APPLICABLE]
    if not applicable:
        return "no rule in force applied to any record"
    parts = [
        _number(sums[status], noun)
        for status, noun in ((ERROR, "error"), (GAP, "gap"), (UNKNOWN, "unknown"))
        if sums[status]
    ]
    among = f"in {_number(applicable, 'finding')} that {'applies' if applicable == 1 else 'apply'}"
    if not parts:
        return f"no gaps and no unknowns {among}"
    joined = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    blind = "" if sums[GAP] else ", so whether there are gaps cannot be told yet"
    return f"{joined} {among}{blind}"


def _requirements(assessment: Assessment) -> str:
    sums = Counter(
        requirement.status
        for policy in assessment.policies
        for requirement in policy.requirements
        if not requirement.upcoming
    )
    parts = [
        f"{sums[status]} {word}" for status, word in _REQUIREMENT_WORDS.items() if sums[status]
    ]
    total = _number(sum(sums.values()), "requirement")
    return f"of {total} {', '.join(parts)}" if parts else ""


def _below(assessment: Assessment, fail_on: str, allow_unknown: bool) -> list[str]:
    """What is not counted for the exit status, and why."""
    parts = []
    low = _sums([one for one in _in_force(assessment) if not reaches(one.severity, fail_on)])
    named = [
        _number(low[status], noun)
        for status, noun in ((GAP, "gap"), (UNKNOWN, "unknown"))
        if low[status]
    ]
    if named and fail_on == NO_THRESHOLD:
        parts.append("none of them counts, because no threshold is set")
    elif named:
        parts.append(f"{' and '.join(named)} of these below the threshold {fail_on}")
    if allow_unknown and _sums(_in_force(assessment))[UNKNOWN]:
        parts.append("unknowns are let through")
    return parts


def _others(assessment: Assessment) -> list[str]:
    parts = []
    upcoming = sum(one.findings for one in assessment.summary.counts if UPCOMING in one.marks)
    if upcoming:
        parts.append(f"{upcoming:,} upcoming")
    decided = sum(
        count.findings
        for count in _in_force(assessment)
        if BY_DOCUMENTED_DECISION in count.marks and count.status == SATISFIED
    )
    if decided:
        parts.append(f"{decided:,} satisfied by documented decision")
    unread = [wrong.as_unknown for wrong in assessment.summary.wrong_values]
    if any(unread):
        parts.append(f"{_number(sum(unread), 'wrong value')} read as unknown")
    if not all(unread):
        names = _number(len(unread) - sum(unread), "requirement id")
        parts.append(f"{names} in the inventory that no rule set has")
    return parts


def _number(amount: int, noun: str) -> str:
    return f"{amount:,} {noun if amount == 1 else noun + 's'}"
