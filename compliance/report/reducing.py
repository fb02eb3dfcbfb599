"""Assessments that tell less, made before any report sees them.

A gap report is a map for attackers. What goes to people who need no names is reduced here, in one
place, so that no format can give away what was left out. Every record is built anew from what may
stay: a field that is added to the model later is left out until somebody adds it here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import (
    REQUIREMENT_STATUSES,
    Assessment,
    Finding,
    Mark,
    Metadata,
    MissingFact,
    ParameterText,
    PolicyRun,
    RequirementText,
    RuleText,
    Summary,
    WrongValue,
)
from compliance.report.detail import COUNTS, DETAILS, REQUIREMENT


def reduced(assessment: Assessment, detail: str) -> Assessment:
    """Returns an assessment that tells no more than a detail allows.

    One that was reduced before stays as it is where less is not asked for: what was left out
    cannot come back.

    Args:
        assessment: the outcome of a run.
        detail: one of ``DETAILS``.
    """
    if DETAILS.index(detail) <= DETAILS.index(assessment.metadata.detail):
        return assessment
    make = _by_requirement if detail == REQUIREMENT else _by_number
    return make(assessment)


def _by_requirement(assessment: Assessment) -> Assessment:
    summary = assessment.summary
    missing = tuple(
        MissingFact(
            one.path, one.title, one.question, one.asked_of, one.severity, (), one.rules,
            one.findings,
        )
        for one in summary.missing_facts
    )  # fmt: skip
    return Assessment(
        _metadata(assessment.metadata, REQUIREMENT),
        tuple(_policy(one, one.rules, one.requirements) for one in assessment.policies),
        ListedFindings(_nameless(assessment.findings)),
        Summary(summary.counts, missing, _blank(summary.wrong_values), _blank(summary.notes)),
    )


def _by_number(assessment: Assessment) -> Assessment:
    summary = assessment.summary
    return Assessment(
        _metadata(assessment.metadata, COUNTS),
        tuple(_policy(one, (), _unnamed(one)) for one in assessment.policies),
        ListedFindings(()),
        Summary(summary.counts, (), _blank(summary.wrong_values), _blank(summary.notes)),
    )


def _metadata(found: Metadata, detail: str) -> Metadata:
    digests = sorted(found.inventory.items())
    return Metadata(
        program_version=found.program_version,
        as_of=found.as_of,
        agency=found.agency,
        agency_name=found.agency_name,
        # Names of files tell of systems; the digests still tie the report to its inventory.
        inventory={f"file {number}": digest for number, (_, digest) in enumerate(digests, 1)},
        subjects=found.subjects,
        complete=found.complete,
        known_facts=found.known_facts,
        read_facts=found.read_facts,
        facts=found.facts if detail == REQUIREMENT else {},
        marking=found.marking,
        detail=detail,
        schema=found.schema,
    )


def _policy(
    found: PolicyRun, rules: tuple[RuleText, ...], requirements: tuple[RequirementText, ...]
) -> PolicyRun:
    return PolicyRun(
        id=found.id,
        version=found.version,
        title=found.title,
        status=found.status,
        binding=found.binding,
        authority=found.authority,
        statement=found.statement,
        selected=found.selected,
        digests=found.digests,
        engine=found.engine,
        engine_version=found.engine_version,
        rules=rules,
        requirements=requirements,
        extent=found.extent,
        sources=found.sources,
        parameters=tuple(_policys_own(found.parameters)),
        applies=found.applies,
        migrations=found.migrations if rules else (),
    )


def _policys_own(parameters: Iterable[ParameterText]) -> Iterator[ParameterText]:
    """The parameters that hold the policy's value, which everybody may know."""
    return (one for one in parameters if not one.chosen)


def _unnamed(policy: PolicyRun) -> tuple[RequirementText, ...]:
    """As many requirements with each status as a policy has, without which they are."""
    # In the order of status: the order of the policy would tell which they are.
    ordered = sorted(
        policy.requirements,
        key=lambda one: (one.upcoming, REQUIREMENT_STATUSES.index(one.status)),
    )
    return tuple(
        RequirementText(
            id=f"{policy.id}-{number}",
            label="",
            title="",
            group="",
            designation="",
            basis="",
            assessable="",
            status=one.status,
            text=one.status.replace("_", " "),
            upcoming=one.upcoming,
        )
        for number, one in enumerate(ordered, 1)
    )


def _blank(values: Iterable[WrongValue]) -> tuple[WrongValue, ...]:
    """As many entries as there are, without what they say."""
    return tuple(WrongValue("", "", "", as_unknown=one.as_unknown) for one in values)


class _Shape(NamedTuple):
    """What findings without names have in common, in the order they are numbered in."""

    kind: str
    policy: str
    rule: str
    status: str
    evaluated: str
    severity: str
    basis: str
    assurance: str
    covers: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]


def _nameless(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings numbered anew within each kind.

    By rule and status, not by record: equal numbers would tell which findings are of one record,
    and the order of records would tell their names.
    """
    agency = ""
    shapes: Counter[_Shape] = Counter()
    for one in findings:
        agency = one.agency
        shapes[_shape(one)] += 1
    numbers: Counter[str] = Counter()
    for shape in sorted(shapes):
        for _ in range(shapes[shape]):
            numbers[shape.kind] += 1
            yield _finding(agency, shape, numbers[shape.kind])


def _shape(one: Finding) -> _Shape:
    marks = tuple((mark.name, mark.date or "") for mark in one.marks)
    return _Shape(
        one.kind, one.policy, one.rule, one.status, one.evaluated, one.severity, one.basis,
        one.assurance or "", one.covers, marks, one.rules,
    )  # fmt: skip


def _finding(agency: str, shape: _Shape, number: int) -> Finding:
    return Finding(
        agency=agency,
        policy=shape.policy,
        rule=shape.rule,
        kind=shape.kind,
        subject=str(number),
        evaluated=shape.evaluated,
        status=shape.status,
        severity=shape.severity,
        basis=shape.basis,
        assurance=shape.assurance or None,
        covers=shape.covers,
        marks=tuple(Mark(name, date or None) for name, date in shape.marks),
        rules=shape.rules,
    )
