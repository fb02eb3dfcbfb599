"""What cells hold whose formulas give no value."""

from __future__ import annotations

from compliance.inventory.kinds import Fact
from compliance.inventory.wording import Wording, expectation

NOT_CALCULATED = "#NOT CALCULATED"
"""Stands for a formula whose value was never worked out by a spreadsheet program."""
ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA",
     "#SPILL!", "#CALC!", NOT_CALCULATED)
)  # fmt: skip
"""What a cell shows whose formula fails."""


def formula_error(text: str, fact: Fact) -> Wording:
    """Why a cell with a failing formula says nothing.

    Args:
        text: what the cell shows, one of :data:`ERRORS`.
        fact: the fact of the cell's column.
    """
    if text == NOT_CALCULATED:
        return Wording(
            "the value of the cell's formula was never worked out",
            "the workbook opened in a spreadsheet program and saved, or the value itself",
        )
    return Wording(f"the cell's formula gives the error {text}", expectation(fact))
