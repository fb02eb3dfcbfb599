"""A try as JSON; ``schemas/whatif.schema.json`` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from compliance.assessment.model import Assessment
from compliance.report.json import escaped
from compliance.whatif.effects import EFFECTS
from compliance.whatif.outcome import Outcome

SCHEMA = 1
"""Version of the form."""


def lines(outcome: Outcome) -> Iterator[str]:
    """Yields the document."""
    metadata = outcome.new.metadata
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "agency": metadata.agency,
        "marking": metadata.marking,
        "as_it_is": _side(outcome.old),
        "as_it_would_be": _side(outcome.new),
        "supposed": [
            {key: value for key, value in asdict(one).items() if value is not None}
            for one in outcome.supposed
        ],
        "counts": {effect: outcome.effects.count(effect) for effect in EFFECTS},
        "changes": [asdict(one) for one in outcome.effects.changes],
        "others": [asdict(one) for one in outcome.effects.others],
        "requirements": [asdict(one) for one in outcome.effects.requirements],
    }
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _side(assessment: Assessment) -> dict[str, Any]:
    return {
        "as_of": assessment.metadata.as_of,
        "program_version": assessment.metadata.program_version,
        "inventory": dict(assessment.metadata.inventory),
        "policies": [
            {
                "id": one.id,
                "version": one.version,
                "digests": dict(one.digests),
                "engine": one.engine,
                "engine_version": one.engine_version,
            }
            for one in assessment.policies
        ],
    }
