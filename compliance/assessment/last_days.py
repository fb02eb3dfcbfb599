"""The last day of a rule: from tests that turn on known days, or by asking the engine."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.assessment.model import SATISFIED
from compliance.engine.interface import Document, Engine
from compliance.policy.conditions import Node
from compliance.policy.explanation import explain_rule
from compliance.policy.kleene import negate

HORIZON = 1100
"""Days that are looked ahead: three years."""


def last_turned(
    trees: Mapping[str, Node | None], outcomes: Mapping[str, Any], turns: Mapping[str, int]
) -> int | None:
    """The last day of a rule whose tests turn on known days.

    Args:
        trees: its condition trees by root.
        outcomes: how its leaves come out today, by node id.
        turns: days from today on which leaves come out otherwise than before, by node id.

    Returns:
        Days from today; None where the rule is satisfied after the last of them.
    """
    last, status, now = None, SATISFIED, dict(outcomes)
    for day in sorted(set(turns.values())):
        for leaf, turn in turns.items():
            if turn == day:
                now[leaf] = negate(now[leaf])
        status = explain_rule(trees, now, lambda _value, _scope: None).status
        if status != SATISFIED and last is None:
            last = day - 1
    return last if status != SATISFIED else None


@dataclass(slots=True)
class LastDays:
    """Asks the engine how one subject's rules come out on later days."""

    engine: Engine
    document: Document
    as_of: datetime.date
    _known: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def of(self, rules: Sequence[str]) -> dict[str, int]:
        """Days from today to the last day of each rule that ends within the horizon."""
        last = {rule: self._last(rule) for rule in rules}
        return {rule: days for rule, days in last.items() if days is not None}

    def _last(self, rule: str) -> int | None:
        """Days from today to the last day on which a rule that is satisfied today still is."""
        low, high = 0, HORIZON
        if self._holds(rule, high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self._holds(rule, middle):
                low = middle
            else:
                high = middle
        return low

    def _holds(self, rule: str, days: int) -> bool:
        if days not in self._known:
            try:
                day = self.as_of + datetime.timedelta(days)
            except OverflowError:
                day = datetime.date.max
            document = {**self.document, "as_of": day.isoformat()}
            (evaluation,) = self.engine.evaluate([document])
            self._known[days] = evaluation.statuses
        # An error on a later day tells nothing.
        status = self._known[days].get(rule, SATISFIED)
        return status.partition("+")[0] == SATISFIED
