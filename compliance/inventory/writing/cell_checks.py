"""What a column of a workbook offers while somebody types, and what it refuses."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from compliance.inventory.kinds import KNOWN_NONE, Fact, Kinds
from compliance.inventory.tables.columns import Column
from compliance.inventory.writing import guidance

Area = tuple[int, int, int, int]
"""First row and column, last row and column, from 0."""

_LONGEST_LIST = 255
"""Characters of a drop-down's choices that may stand in the rule itself."""
_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32
_OLDEST = datetime.date(1901, 1, 1)
_OLDEST_NUMBER = 367
"""The same day as workbooks count days."""


def validation(
    column: Column, kinds: Kinds, area: Area, list_of: Callable[[tuple[str, ...]], str]
) -> dict[str, Any]:
    """The rule for the cells of a column, as XlsxWriter takes it.

    Args:
        column: the column.
        kinds: all kinds.
        area: the cells.
        list_of: puts choices that are too long for a rule somewhere, and says where.
    """
    fact = column.cell_fact
    allowed = guidance.allowed(fact, kinds)
    return {
        "input_title": _cut(column.heading, _LONGEST_TITLE),
        "input_message": _cut(guidance.guidance(column, kinds), _LONGEST_MESSAGE),
        "error_title": "This cannot be used",
        "error_message": _cut(
            f"{allowed} Leave the cell blank where it is not known.", _LONGEST_MESSAGE
        ),
        **_check(fact, area, list_of),
    }


def is_share(fact: Fact) -> bool:
    """Whether a number is a percentage, which people write with its sign."""
    return "%" in fact.title


def _check(fact: Fact, area: Area, list_of: Callable[[tuple[str, ...]], str]) -> dict[str, Any]:
    choices = guidance.choices(fact)
    if choices:
        short = len(",".join(choices)) <= _LONGEST_LIST and not any("," in c for c in choices)
        return {
            "validate": "list",
            "source": list(choices) if short else list_of(choices),
            # Where several may be chosen the list gives the words; more of them may be typed.
            "show_error": not guidance.takes_several(fact),
        }
    kind = {"date": "date", "integer": "integer", "number": "decimal"}.get(fact.type)
    if kind is None or is_share(fact):
        return {"validate": "any"}
    low, high = fact.schema.get("minimum", 0), fact.schema.get("maximum")
    if fact.none:
        return {"validate": "custom", "value": _or_none(fact, area, low, high)}
    if kind == "date":
        return {"validate": kind, "criteria": ">=", "value": _OLDEST}
    if high is None:
        return {"validate": kind, "criteria": ">=", "value": low}
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _or_none(fact: Fact, area: Area, low: float, high: float | None) -> str:
    """A formula that takes a number or day within bounds, or the word for none."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cell = xl_rowcol_to_cell(area[0], area[1])
    if fact.type == "date":
        low, high = _OLDEST_NUMBER, None
    bounds = [f"ISNUMBER({cell})", f"{cell}>={low}"]
    bounds += [f"{cell}<={high}"] if high is not None else []
    return f'=OR(AND({",".join(bounds)}),{cell}="{KNOWN_NONE}")'


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."
