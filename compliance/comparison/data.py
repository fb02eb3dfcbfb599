"""A comparison as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from compliance.assessment.model import BASES, SEVERITIES, Assessment
from compliance.comparison.model import AHEAD, EFFECTS, LEARNT, LOST, Change, Comparison
from compliance.report.json import encode, escaped

SCHEMA = 1
"""Version of the form."""


def as_json(found: Comparison) -> Iterator[str]:
    """The comparison as one JSON document, every change in it."""
    data = {
        "schema": SCHEMA,
        "agency": found.new.metadata.agency,
        "old": _run(found.old),
        "new": _run(found.new),
        "counts": {effect: _counts(found, effect) for effect in (*EFFECTS, *AHEAD, LOST, LEARNT)},
        "policies": [encode(one) for one in found.policies],
        "differences": [encode(one) for one in found.differences],
        "requirements": [encode(one) for one in found.requirements],
        "subjects": [encode(one) for one in found.subjects],
        "transitions": [
            {"before": before, "after": after, "findings": number}
            for (before, after), number in found.transitions.items()
        ],
        "plan": {
            "reopened": [item.id for item in found.reopened],
            "closed": [item.id for item in found.closed],
        },
        "changes": [_change(found, change) for change in found.changes],
    }
    if found.new.metadata.marking:
        data["marking"] = found.new.metadata.marking
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _run(assessment: Assessment) -> dict[str, Any]:
    metadata = assessment.metadata
    return {
        "as_of": metadata.as_of,
        "program_version": metadata.program_version,
        "inventory": dict(metadata.inventory),
        "policies": [
            {
                "id": one.id,
                "version": one.version,
                "digests": dict(one.digests),
                "engine": f"{one.engine} {one.engine_version}",
            }
            for one in assessment.policies
        ],
    }


def _counts(found: Comparison, effect: str) -> dict[str, Any]:
    return {
        "all": found.count(effect),
        "severity": {one: found.count(effect, severity=one) for one in SEVERITIES},
        "basis": {one: found.count(effect, basis=one) for one in BASES},
    }


def _change(found: Comparison, change: Change) -> dict[str, Any]:
    finding = change.finding
    policy = found.new.policy(finding.policy) or found.old.policy(finding.policy)
    rule = policy.rule(finding.rule) if policy else None
    data: dict[str, Any] = {
        "effect": change.effect,
        "before": change.before,
        "after": change.after,
        "id": finding.id,
        "policy": finding.policy,
        "rule": finding.rule,
        "title": rule.title if rule else "",
        "record": finding.record,
        "severity": finding.severity,
        "basis": finding.basis,
        "covers": list(finding.covers),
    }
    if finding.name:
        data["name"] = finding.name
    if change.why:
        data["why"] = change.why
    if change.earlier is not None and change.earlier.id != finding.id:
        data["earlier_id"] = change.earlier.id
    return data
