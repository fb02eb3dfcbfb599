"""Input documents for the trial policy."""

from collections.abc import Mapping
from typing import Any

SHARED = {"schema": 1, "as_of": "2026-11-23", "agency": {"id": "a"}, "parameters": {}}


def system(**facts: object) -> dict[str, Any]:
    """A document about a system for which each rule but one is satisfied."""
    usual = {"id": "s", "encrypted": True, "name": "payroll", "public": False, "size": 3}
    return {**SHARED, "system": {**usual, "links": vendors({"v": True}), **facts}}


def vendors(screened: Mapping[str, bool]) -> dict[str, Any]:
    """Links to vendors, whose ids may carry a number sign and a number to name one twice."""
    records = [
        {"id": name.partition("#")[0], "screened": answer} for name, answer in screened.items()
    ]
    return {"vendors": {"records": records, "complete": True}}


CLASH = vendors({"v": True, "v#2": False, "w": True})
"""Makes the rule `screened` fault."""
TOO_MUCH = 3_000
"""A `size` that makes the rule `counted` go on for hours."""

SATISFIED = {
    "applies": "satisfied",
    "counted": "satisfied",
    "encrypted": "satisfied",
    "named": "satisfied",
    "screened": "satisfied+outer_limit_only",
    "stated": "satisfied",
}
