"""By when a gap is to be closed: the rule's own time, else the bureau's table by severity."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from compliance.assessment.model import BASES, RuleText
from compliance.assessment.planned import OutsideFinding

TABLE = "due_times.json"
"""The bureau's times, beside this module."""
ISSUER = "issuer"
"""Basis of a date that the issuer of a finding set."""


@dataclass(frozen=True, slots=True)
class Latest:
    """A date and who sets it."""

    on: str
    basis: str
    """The basis of a rule's own time, ``bureau`` for the table, or ``issuer``."""


@cache
def _table() -> Mapping[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / TABLE).read_text("utf-8"))
    return loaded


def later(date: str, days: int) -> str:
    """The date some days after another."""
    try:
        found = datetime.date.fromisoformat(date) + datetime.timedelta(days=days)
    except OverflowError:
        found = datetime.date.max
    return found.isoformat()


def latest_of_rule(rule: RuleText | None, severity: str, found_on: str) -> Latest:
    """By when a gap is to be closed.

    Args:
        rule: the rule; None where its policy no longer has it.
        severity: severity of the gap, for the bureau's table.
        found_on: when the gap was found.
    """
    if rule is not None and rule.due_days is not None:
        return Latest(later(found_on, rule.due_days), rule.due_basis or rule.basis)
    return _of_table(severity, found_on)


def latest_of_finding(found: OutsideFinding) -> Latest:
    """By when a finding from outside is to be answered, else put right."""
    if found.response_due_on and not found.responded_on:
        return Latest(found.response_due_on, ISSUER)
    return _of_table(found.severity, found.reported_on)


def earliest(dates: Iterable[Latest]) -> Latest | None:
    """The first of some dates; of equal ones the strongest."""
    order = [ISSUER, *BASES]
    return min(dates, key=lambda one: (one.on, order.index(one.basis)), default=None)


def _of_table(severity: str, found_on: str) -> Latest:
    table = _table()
    return Latest(later(found_on, int(table["days"][severity])), str(table["basis"]))
