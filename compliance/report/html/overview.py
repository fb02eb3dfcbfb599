"""The top of the page: numbers, what to fix first, what is due, the rule sets, the requirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.assessment.model import (
    ERROR,
    GAP,
    NOT_APPLICABLE,
    REQUIREMENT_STATUSES,
    SATISFIED,
    SEVERITIES,
    UNKNOWN,
    Assessment,
    GroupExtent,
    PolicyRun,
    RequirementText,
)
from compliance.report import headline
from compliance.report.html.entries import Entry
from compliance.report.html.facets import Facets, of_requirement
from compliance.report.plain import number
from compliance.report.priorities import EFFORTS

_EFFORTS = (*EFFORTS, "")


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline number."""

    number: str
    title: str
    text: str
    target: str
    """Anchor of the section that tells more."""
    tone: str
    """Status that gives it its colour."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar."""

    name: str
    title: str
    number: int
    start: float
    """In per cent of the bar."""
    width: float


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One policy version."""

    policy: PolicyRun
    words: str
    bar: tuple[Part, ...]
    total: int
    extents: tuple[str, ...]
    applies: tuple[str, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """How one requirement came out."""

    requirement: RequirementText
    records: str
    weaker: str
    facets: Facets
    gaps: tuple[tuple[str, str], ...]
    """(anchor, title) of the gaps of its rules."""
    rank: int
    """Of its status, worst first."""


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements of one group of a policy."""

    policy: PolicyRun
    extent: GroupExtent
    counts: str
    rows: tuple[RequirementRow, ...]


def tiles(assessment: Assessment) -> Iterator[Tile]:
    """The headline numbers."""
    _, cells = headline.by_severity(assessment)
    found = Counter(
        one.status
        for policy in assessment.policies
        for one in policy.requirements
        if not one.upcoming
    )
    applicable = sum(found.values()) - found[NOT_APPLICABLE]
    yield Tile(
        f"{found['not_met']:,}", "requirements not met",
        f"of {number(applicable, 'requirement')} that {'applies' if applicable == 1 else 'apply'}; "
        f"{found['unknown']:,} unknown, {found['met']:,} met", "requirements", GAP,
    )  # fmt: skip
    if cells["all", ERROR]:
        errors = cells["all", ERROR]
        yield Tile(f"{errors:,}", "could not be evaluated", "rules in error", "errors", ERROR)
    grave = [f"{cells[one, GAP]:,} {one}" for one in SEVERITIES if cells[one, GAP]]
    yield Tile(
        f"{cells['all', GAP]:,}", "gaps" if cells["all", GAP] != 1 else "gap",
        ", ".join(grave) or "none found", "gaps", GAP,
    )  # fmt: skip
    asked = len(assessment.summary.missing_facts)
    settle = f"{number(asked, 'question')} would settle them" if asked else "facts are missing"
    unknown = cells["all", UNKNOWN]
    yield Tile(
        f"{unknown:,}", "unknown", settle if unknown else "no fact is missing", "questions", UNKNOWN
    )
    applying = sum(cells["all", status] for status in (ERROR, GAP, UNKNOWN, SATISFIED))
    yield Tile(
        f"{cells['all', SATISFIED]:,}", "satisfied",
        f"of {number(applying, 'finding')} that {'applies' if applying == 1 else 'apply'}",
        "table", SATISFIED,
    )  # fmt: skip


def rule_sets(assessment: Assessment) -> Iterator[RuleSet]:
    """The policy versions."""
    for policy in assessment.policies:
        counted = Counter(one.status for one in policy.requirements if not one.upcoming)
        yield RuleSet(
            policy=policy,
            words=headline.policy_words(policy),
            bar=tuple(_bar(counted)),
            total=sum(counted.values()),
            extents=tuple(map(headline.extent_of, policy.extent)),
            applies=tuple(
                headline.applied(kind, counts) for kind, counts in sorted(policy.applies.items())
            ),
            chosen=tuple(headline.chosen_values(policy)),
        )


def _bar(counted: Counter[str]) -> Iterator[Part]:
    total, start = sum(counted.values()), 0.0
    for status in REQUIREMENT_STATUSES:
        if counted[status]:
            width = 100 * counted[status] / total
            title = status.replace("_", " ")
            yield Part(status, title, counted[status], round(start, 3), round(width, 3))
            start += width


def requirements(assessment: Assessment, gaps: Sequence[Entry]) -> Iterator[Section]:
    """The requirements by group, in the order of their policies."""
    by_rule: dict[str, list[tuple[str, str]]] = {}
    for entry in gaps:
        by_rule.setdefault(entry.rule, []).append((entry.anchor, entry.title))
    for policy in assessment.policies:
        for extent in policy.extent:
            found = [one for one in policy.requirements if one.group == extent.group]
            counted = Counter(one.status for one in found)
            counts = [
                f"{counted[status]:,} {status.replace('_', ' ')}"
                for status in REQUIREMENT_STATUSES
                if counted[status]
            ]
            rows = tuple(_row(one, policy, by_rule) for one in found)
            yield Section(policy, extent, ", ".join(counts), rows)


def _row(
    requirement: RequirementText, policy: PolicyRun, by_rule: dict[str, list[tuple[str, str]]]
) -> RequirementRow:
    rules = (*requirement.rules, *requirement.weaker_rules)
    gaps = [gap for rule in rules for gap in by_rule.get(f"{policy.id}/{rule}", ())]
    return RequirementRow(
        requirement=requirement,
        records=headline.records_by_status(requirement.subjects),
        weaker=headline.records_by_status(requirement.weaker_subjects),
        facets=of_requirement(requirement, policy),
        gaps=tuple(gaps),
        rank=REQUIREMENT_STATUSES.index(requirement.status),
    )


def efforts(gaps: Sequence[Entry]) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Gaps by severity and effort: for each severity (effort, rules, records)."""
    rules: Counter[tuple[str, str]] = Counter()
    records: Counter[tuple[str, str]] = Counter()
    for one in gaps:
        size = one.size if one.size in _EFFORTS else ""
        rules[one.severity, size] += 1
        records[one.severity, size] += one.total
    shown = [size for size in _EFFORTS if size or any(not key[1] for key in rules)]
    return [
        (severity, [(size, rules[severity, size], records[severity, size]) for size in shown])
        for severity in SEVERITIES
    ]
