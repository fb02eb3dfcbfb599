"""How a count or share comes out when some of what it counts is not known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from compliance.policy.conditions import Tally
from tests.oracle.operators import Outcome
from tests.oracle.values import as_whole


@dataclass(frozen=True)
class Total:
    """How many records a tally counts as true, false and unknown."""

    true: int
    false: int
    unknown: int
    complete: bool

    @property
    def all(self) -> int:
        """Records counted at all."""
        return self.true + self.false + self.unknown


def read_total(entry: Any) -> Total | None:
    """A total of the input document; None where it is not whole."""
    if not isinstance(entry, dict):
        return None
    numbers = [as_whole(entry.get(key)) for key in ("true", "false", "unknown")]
    whole = [number for number in numbers if number is not None and number >= 0]
    complete = entry.get("complete")
    if len(whole) != 3 or not isinstance(complete, bool):
        return None
    return Total(whole[0], whole[1], whole[2], complete)


def decide(node: Tally, total: Total | None, bound: Any) -> Outcome:
    """How a tally comes out.

    The true number (or share) lies between two ends; the upper one is None where records may be
    missing. What is expected of nothing holds.
    """
    if total is None or bound is None:
        return None
    if node.expect is not None and total.complete and total.all == 0:
        return True
    high: Fraction | None
    limit = exact(bound)
    if node.op == "share":
        if not total.complete or total.all == 0:
            return None
        limit = to_millionths(limit)
        low, high = Fraction(total.true, total.all), Fraction(total.true + total.unknown, total.all)
    else:
        low = Fraction(total.true)
        high = Fraction(total.true + total.unknown) if total.complete else None
    outcome = _compare(node.test, low, high, limit)
    maybe_nothing = node.expect is not None and total.true + total.false == 0
    return None if outcome is False and maybe_nothing else outcome


def _compare(test: str, low: Fraction, high: Fraction | None, bound: Fraction) -> Outcome:
    """Compares a number between two ends with a bound; None where both answers are possible."""
    below = high is not None and high < bound
    not_above = high is not None and high <= bound
    match test:
        case "at_least":
            return _answer(low >= bound, below)
        case "greater_than":
            return _answer(low > bound, not_above)
        case "at_most":
            return _answer(not_above, low > bound)
        case "less_than":
            return _answer(below, low >= bound)
        case "equals":
            return _answer(low == high == bound, below or low > bound)
    raise ValueError(f"{test}?")


def _answer(yes: bool, no: bool) -> Outcome:
    return True if yes else False if no else None


def exact(number: int | float) -> Fraction:
    """The number as it is written: 0.9 is nine tenths."""
    return Fraction(repr(number))


def to_millionths(number: Fraction) -> Fraction:
    """The bound of a share, which no one means more exactly; halves away from zero."""
    scaled = abs(number) * 1_000_000 + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return Fraction(whole if number >= 0 else -whole, 1_000_000)
