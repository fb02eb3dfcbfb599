"""What the plan says that actions cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from compliance.assessment.model import PlanItemText
from compliance.report.weights import YEARS


@dataclass(frozen=True, slots=True)
class ActionCost:
    """What the plan says an action costs."""

    one_time: Decimal | None
    """Whole units of the currency, once; None where no item says."""
    yearly: Decimal | None
    """Whole units of the currency, each year; None where no item says."""
    currency: str
    items: tuple[str, ...]
    """The plan items it is the sum of."""
    more: bool
    """They pay for more than this action."""
    without: tuple[str, ...] = ()
    """Plan items about the same gaps that say no cost, or one in another currency."""

    @property
    def first_years(self) -> Decimal | None:
        """What is paid once and in the first ``YEARS`` years; None where nobody says."""
        if self.one_time is None and self.yearly is None:
            return None
        return (self.one_time or Decimal(0)) + YEARS * (self.yearly or Decimal(0))


class Costs:
    """The open items of a plan by the gaps they are about."""

    def __init__(self, plan: Iterable[PlanItemText]) -> None:
        self._items = {item.id: item for item in plan if item.open}
        self._by_gap: dict[tuple[str, str, str], list[str]] = {}
        self._gaps: dict[str, set[tuple[str, str, str]]] = {}
        for item in self._items.values():
            for cover in item.covers:
                for subject in cover.gaps:
                    gap = (cover.policy, cover.rule, f"{cover.kind}/{subject}")
                    self._by_gap.setdefault(gap, []).append(item.id)
                    self._gaps.setdefault(item.id, set()).add(gap)

    def of(self, gaps: set[tuple[str, str, str]]) -> ActionCost | None:
        """What the items about some gaps cost together; None where none says."""
        ids = sorted({item for gap in gaps for item in self._by_gap.get(gap, ())})
        costs = {name: cost for name in ids if (cost := self._items[name].cost) is not None}
        told = [name for name, one in costs.items() if (one.one_time, one.yearly) != (None, None)]
        if not told:
            return None
        currency = costs[told[0]].currency
        summed = [name for name in told if costs[name].currency == currency]
        return ActionCost(
            _sum(costs[name].one_time for name in summed),
            _sum(costs[name].yearly for name in summed),
            currency,
            tuple(summed),
            any(self._gaps[name] - gaps for name in summed),
            tuple(name for name in ids if name not in summed),
        )


def _sum(amounts: Iterable[int | None]) -> Decimal | None:
    known = [Decimal(amount) for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
