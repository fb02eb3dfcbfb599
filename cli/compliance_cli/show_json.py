"""An inventory, or a record, as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from compliance.inventory.overview import RecordView, Tie, counts
from compliance.inventory.store import Inventory
from compliance.report.json import escaped
from compliance_cli.fact_text import fact_data, placed

SCHEMA = 1
"""Version of the form."""


def summary(inventory: Inventory) -> Iterator[str]:
    """The inventory at a glance."""
    agency = inventory.agency
    yield _text(
        {
            "schema": SCHEMA,
            "as_of": inventory.as_of.isoformat(),
            "agency": {"id": agency.id, "name": agency.get("name")},
            "files": [
                {"path": path, "sha256": digest} for path, digest in inventory.digests.items()
            ],
            "kinds": [dataclasses.asdict(count) for count in counts(inventory)],
            "inheritance": len(inventory.inheritance),
            "answers": len(inventory.answers),
            "problems": [
                {
                    "kind": problem.kind,
                    "position": placed(problem.position),
                    "path": problem.path,
                    "message": problem.message,
                    "expected": problem.expected,
                }
                for problem in inventory.wrong_values
            ],
        }
    )


def record(found: RecordView) -> Iterator[str]:
    """One record with all that is known of it."""
    yield _text(
        {
            "schema": SCHEMA,
            "subject": found.record.subject,
            "name": found.name,
            "kind": found.kind.name,
            "position": placed(found.record.position()) or None,
            "known": found.known,
            "possible": found.possible,
            "facts": [
                {"path": fact.path, "title": fact.title, **(fact_data(fact) or {})}
                for fact in found.facts
            ],
            "links": [{**_tie(tie), **(fact_data(tie.stated) or {})} for tie in found.links],
            "linked_from": [_tie(tie) for tie in found.linked_from],
            "worked_out": [dataclasses.asdict(each) for each in found.worked_out],
        }
    )


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "path": tie.path,
        "title": tie.title,
        "records": [subject for subject, _ in tie.records],
        "complete": tie.complete,
    }


def _text(data: dict[str, Any]) -> str:
    return escaped(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"
