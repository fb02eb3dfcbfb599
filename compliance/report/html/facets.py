"""What the filters of the page choose by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compliance.assessment.model import (
    BASES,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    SEVERITIES,
    STATUSES,
    UNKNOWN,
    UPCOMING,
    Assessment,
    PolicyRun,
    RequirementText,
)
from compliance.report.gather import Group

_REQUIREMENT_STATUS = {
    "not_met": GAP,
    "unknown": UNKNOWN,
    "met": SATISFIED,
    "not_assessable": "not_assessable",
    "not_applicable": NOT_APPLICABLE,
}
_STATUSES = (*STATUSES, UPCOMING, "not_assessable")
_STATUS_WORDS = {
    ERROR: "could not be evaluated",
    GAP: "gap, or not met",
    SATISFIED: "satisfied, or met",
    "not_assessable": "not assessable",
    NOT_APPLICABLE: "not applicable",
}


@dataclass(frozen=True, slots=True)
class Facets:
    """The values one entry of the page is found by, for each filter."""

    policy: tuple[str, ...]
    severity: tuple[str, ...]
    status: tuple[str, ...]
    basis: tuple[str, ...]
    kind: tuple[str, ...]
    unit: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()


SEPARATOR = "|"
"""Between several values of one facet."""


def joined(values: Iterable[str]) -> str:
    """Several values as one text, which the page's script takes apart again."""
    return SEPARATOR.join(value.replace(SEPARATOR, "/") for value in values)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter with its choices."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    """(value, words)."""


def of_group(group: Group, status: str) -> Facets:
    """Those of a list of findings of one rule."""
    return Facets((group.policy,), (group.severity,), (status,), (group.basis,), (group.kind,))


def of_rules(names: Iterable[str], policies: Mapping[str, PolicyRun], status: str) -> Facets:
    """Those of something that several rules, named ``policy/rule``, have in common."""
    found: dict[str, set[str]] = {"policy": set(), "severity": set(), "basis": set(), "kind": set()}
    for name in names:
        policy, _, rule_id = name.partition("/")
        found["policy"].add(policy)
        rule = policies[policy].rule(rule_id) if policy in policies else None
        if rule is not None:
            found["severity"].add(rule.severity)
            found["basis"].add(rule.basis)
            found["kind"].add(rule.subject)
    return Facets(
        policy=tuple(sorted(found["policy"])),
        severity=_in_order(found["severity"], SEVERITIES),
        status=(status,),
        basis=_in_order(found["basis"], BASES),
        kind=tuple(sorted(found["kind"])),
    )


def of_requirement(requirement: RequirementText, policy: PolicyRun) -> Facets:
    """Those of a requirement: of all rules that check it, and its own basis."""
    rules = [policy.rule(one) for one in (*requirement.rules, *requirement.weaker_rules)]
    bases = {requirement.basis, *(rule.basis for rule in rules if rule)}
    return Facets(
        policy=(policy.id,),
        severity=_in_order({rule.severity for rule in rules if rule}, SEVERITIES),
        status=(UPCOMING if requirement.upcoming else _REQUIREMENT_STATUS[requirement.status],),
        basis=_in_order(bases, BASES),
        kind=tuple(sorted({rule.subject for rule in rules if rule})),
    )


def _in_order(found: Iterable[str], order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(found, key=order.index))


def filters(assessment: Assessment, facets: Iterable[Facets]) -> tuple[Filter, ...]:
    """The filters with what the entries of the page have; without those that leave no choice."""
    entries = list(facets)
    titles = {one.id: one.title for one in assessment.policies}
    orders = {"severity": SEVERITIES, "status": _STATUSES, "basis": BASES}
    made = []
    for name, title in (
        ("policy", "Rule set"),
        ("severity", "Severity"),
        ("status", "Status"),
        ("basis", "Basis"),
        ("kind", "Kind of record"),
        ("unit", "Unit"),
        ("owner", "Owner"),
    ):
        values = {joined([value]) for one in entries for value in getattr(one, name)}
        order = orders.get(name) or tuple(sorted(values))
        choices = tuple((one, _words(name, one, titles)) for one in order if one in values)
        if len(choices) > 1:
            made.append(Filter(name, title, choices))
    return tuple(made)


def _words(name: str, value: str, titles: Mapping[str, str]) -> str:
    if name == "status":
        return _STATUS_WORDS.get(value, value)
    if name == "policy":
        return titles.get(value, value)
    return value.replace("_", " ") if name == "kind" else value
