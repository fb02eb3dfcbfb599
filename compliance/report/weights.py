"""What weighs how much when actions are put in order.

The numbers order a list and mean nothing by themselves: no report shows one. They are steps of two
or three because that is as fine as the words behind them are; `docs/decisions` says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

SEVERITY_WEIGHTS: Mapping[str, int] = {"critical": 8, "high": 4, "medium": 2, "low": 1}
"""Each severity counts as two of the next lower one, so that one critical gap outweighs a few low
ones and many low ones are still seen."""
BASIS_WEIGHTS: Mapping[str, int] = {"law": 4, "guidance": 3, "bureau": 2, "practice": 1}
"""A gap against law comes with a regulator's sanction; what a regulator has published says how it
will judge; the bureau's standard binds within the state; good practice binds nobody."""
UPCOMING_DATED = Fraction(1, 4)
"""What is not yet in force but has its date: the work will have to be done, only later."""
UPCOMING_UNDATED = Fraction(1, 10)
"""What is only proposed: it may change or never come."""
EFFORT_UNITS: Mapping[str, int] = {"small": 1, "medium": 3, "large": 9}
"""Each effort is taken for three of the next smaller one: days, weeks, months of one team."""
EFFORT_NOT_SAID = "medium"
"""Effort that is assumed where no rule says: neither a reason to hurry nor one to wait."""
COST_OF_UNIT = Decimal(5000)
"""Money that is put on a level with one unit of effort, so that actions with a cost and actions
without stand in one list: about a week of a skilled person with everything that comes with it."""
YEARS = 3
"""Years of running costs that count beside what is paid once: how long a budget looks ahead."""
LEAST_UNITS = Fraction(1, 10)
"""What costs nothing is not endlessly better than what costs little."""


def repeated(records: int) -> int:
    """How much one rule counts for a number of records: 1, 2 for 2 to 3, 3 for 4 to 7, and so on.

    Every doubling counts as much as the first record, so that 5,000 telephones do not hide one
    missing risk analysis.
    """
    return records.bit_length()


def units(effort: str | None, cost: Decimal | None) -> Fraction:
    """The work or money that one action takes, in units of effort.

    Args:
        effort: the effort that rules name; None where none does.
        cost: what is paid once and in the first years; None where nobody says.
    """
    if cost is not None:
        return max(Fraction(cost) / Fraction(COST_OF_UNIT), LEAST_UNITS)
    return Fraction(EFFORT_UNITS[effort or EFFORT_NOT_SAID])
