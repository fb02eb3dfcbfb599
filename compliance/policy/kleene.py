"""Three-valued logic: Kleene's AND, OR and NOT, and counts that are only partly known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

TRUE = "true"
FALSE = "false"
OPEN = "unknown"


def all_of(values: Iterable[str]) -> str:
    """Kleene AND; true of nothing."""
    seen = set(values)
    return FALSE if FALSE in seen else OPEN if OPEN in seen else TRUE


def any_of(values: Iterable[str]) -> str:
    """Kleene OR; false of nothing."""
    seen = set(values)
    return TRUE if TRUE in seen else OPEN if OPEN in seen else FALSE


def negate(value: str) -> str:
    """Kleene NOT."""
    return {TRUE: FALSE, FALSE: TRUE}.get(value, OPEN)


def tally(
    op: str, test: str, outcomes: Sequence[str], complete: bool, asks: bool, bound: Decimal
) -> str:
    """Compare a count or share of outcomes with a bound.

    Args:
        op: ``count`` or ``share``.
        test: at_least, at_most, less_than, greater_than or equals.
        outcomes: how each counted record came out.
        complete: whether every record is among them.
        asks: whether something is asked of the records, so that nothing asked is true.
        bound: a number of records, or a share from 0 to 1.
    """
    true, false, unknown = (outcomes.count(value) for value in (TRUE, FALSE, OPEN))
    total = true + false + unknown
    if asks and complete and total == 0:
        return TRUE
    limit = Fraction(bound)
    if op == "share":
        # As the policies' library has it: a share is a whole number of millionths.
        limit = Fraction(bound.scaleb(6).to_integral_value(ROUND_HALF_UP)) / 10**6
        lowest, highest = Fraction(true, total or 1), Fraction(true + unknown, total or 1)
        outcome = _interval(test, lowest, highest, limit) if complete else OPEN
    else:
        outcome = _interval(test, true, true + unknown if complete else None, limit)
    maybe_empty = asks and true + false == 0 and (unknown > 0 or not complete)
    return OPEN if outcome == FALSE and maybe_empty else outcome


def _interval(test: str, low: Fraction | int, high: Fraction | int | None, limit: Fraction) -> str:
    """Compare a number known to lie from ``low`` to ``high`` (None: no upper end)."""
    match test:
        case "at_least":
            return _sure(low >= limit, high is not None and high < limit)
        case "greater_than":
            return _sure(low > limit, high is not None and high <= limit)
        case "at_most":
            return _sure(high is not None and high <= limit, low > limit)
        case "less_than":
            return _sure(high is not None and high < limit, low >= limit)
        case _:
            outside = low > limit or (high is not None and high < limit)
            return _sure(high is not None and low == high == limit, outside)


def _sure(true: bool, false: bool) -> str:
    return TRUE if true else FALSE if false else OPEN
