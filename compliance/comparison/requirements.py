"""Requirements that came out otherwise, appeared or vanished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from compliance.assessment.model import (
    ERROR,
    GAP,
    REQUIREMENT_STATUSES,
    SEVERITIES,
    UNKNOWN,
    UPCOMING,
    Assessment,
    PolicyRun,
    RequirementText,
)
from compliance.comparison.migrating import succession
from compliance.comparison.model import ABSENT, Numbers, RequirementChange


def requirement_changes(old: Assessment, new: Assessment) -> Iterator[RequirementChange]:
    """Those that differ, by policy in the order of the later version, the vanished ones last."""
    for name in sorted({one.id for one in (*old.policies, *new.policies)}):
        yield from _of_policy(name, old.policy(name), new.policy(name))


def _of_policy(
    name: str, old: PolicyRun | None, new: PolicyRun | None
) -> Iterator[RequirementChange]:
    moved = succession(old, new, "requirements")
    earlier = {one.id: one for one in (old.requirements if old else ())}
    for one in new.requirements if new else ():
        before = [earlier[found] for found in moved.before[one.id]]
        status = _worst(before)
        if status != one.status:
            yield _change(name, one, status, one.status)
    for found, one in earlier.items():
        if not moved.after[found]:
            yield _change(name, one, one.status, ABSENT)


def _worst(found: list[RequirementText]) -> str:
    return min((one.status for one in found), key=REQUIREMENT_STATUSES.index, default=ABSENT)


def _change(policy: str, one: RequirementText, before: str, after: str) -> RequirementChange:
    return RequirementChange(policy, one.id, one.cited, one.title, before, after, one.upcoming)


def numbers(assessment: Assessment, policy: PolicyRun) -> Numbers:
    """What one rule set came to, what is not yet in force apart."""
    statuses = Counter(one.status for one in policy.requirements if not one.upcoming)
    gaps: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for count in assessment.summary.counts:
        if count.policy != policy.id:
            continue
        if UPCOMING in count.marks:
            rest[UPCOMING] += count.findings
        elif count.status == GAP:
            gaps[count.severity] += count.findings
        else:
            rest[count.status] += count.findings
    return Numbers(
        {status: statuses[status] for status in REQUIREMENT_STATUSES},
        {severity: gaps[severity] for severity in SEVERITIES},
        rest[UNKNOWN],
        rest[ERROR],
        rest[UPCOMING],
    )
