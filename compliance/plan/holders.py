"""Which item of a plan answers which gap."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assessment.planned import PROPOSED
from compliance.plan.model import PlanItem
from compliance.plan.standing import Gap, state


class Holders:
    """Which item answers which gap, or answered it last."""

    def __init__(self, items: Iterable[PlanItem]) -> None:
        self._items = tuple(items)
        self._by_gap: dict[tuple[str, str, str], PlanItem] = {}
        self._by_upcoming: dict[tuple[str, str, str], PlanItem] = {}
        self._by_finding: dict[str, PlanItem] = {}
        # What comes later replaces: the last to close, what is ahead, what is open today.
        for item in sorted(self._items, key=_precedence):
            for cover in item.covers:
                for subject in cover.subjects:
                    key = (cover.policy, cover.rule, f"{cover.kind}/{subject}")
                    self._by_gap[key] = item
                    if item.upcoming:
                        self._by_upcoming[key] = item
            self._by_finding.update(dict.fromkeys(item.outside, item))

    def of(self, gap: Gap) -> PlanItem | None:
        """The item of a gap: of one that is only upcoming, an item about such gaps."""
        found = self._by_upcoming if gap.upcoming else self._by_gap
        return found.get((gap.policy, gap.rule, gap.record))

    def of_finding(self, name: str) -> PlanItem | None:
        """The item that answers a finding from outside, or answered it last."""
        return self._by_finding.get(name)

    def taker(self, gap: Gap, as_of: str) -> PlanItem | None:
        """The proposed item of a gap's rule and kind, which takes in one more record.

        An accepted item takes in none: nobody has accepted them.
        """
        for item in self._items:
            if state(item, as_of) != PROPOSED or item.upcoming != gap.upcoming:
                continue
            key = (gap.policy, gap.rule, gap.kind)
            if any((one.policy, one.rule, one.kind) == key for one in item.covers):
                return item
        return None


def _precedence(item: PlanItem) -> tuple[bool, bool, str]:
    return not item.closed, not item.upcoming, item.closed_on or ""
