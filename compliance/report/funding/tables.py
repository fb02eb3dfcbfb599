"""The investment table as tables of plain cells, which every format writes in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from compliance.assessment.model import SEVERITIES, Assessment
from compliance.report.investments import (
    Investment,
    Investments,
    Money,
    Risk,
    Sum,
    by_severity,
)
from compliance.report.plain import number

NOT_SAID = "not given"
"""Stands where nobody says."""

Cell = str | int | Decimal | None
"""Text, number of things, amount of money, or nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    """For the sheet of a workbook, at most 31 characters."""
    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: int = 0
    """Rows at the end that are sums of the others."""


_MONEY = ("total", "federal share", "state share", "not split")
_RISK = (
    *(f"{severity.capitalize()} gaps" for severity in SEVERITIES), "Against law", "Upcoming gaps",
    "Cannot be told", "Requirements not met", "Findings from outside",
)  # fmt: skip
_SUMS = (
    "Fiscal year", "Funding source", "Currency", "Items", *(f"One-time, {one}" for one in _MONEY),
    *(f"Yearly, {one}" for one in _MONEY), "Amounts not given", "Requests",
    "Condition of the federal share", *_RISK,
)  # fmt: skip
_ITEMS = (
    "Item", "Title", "State", "Severity", "Owner", "Due", "Fiscal year", "Funding source",
    "Currency", *(f"One-time, {one}" for one in _MONEY), *(f"Yearly, {one}" for one in _MONEY),
    "Federal share", "Condition of the federal share", "Request", "Shared service",
    "Not given", *_RISK,
)  # fmt: skip
_UNPRICED = ("Item", "Title", "State", "Severity", "Owner", "Due", "Shared service", *_RISK)
_SHARED = ("Shared service", "Items here", *_RISK)


def tables(found: Investments) -> Iterator[Table]:
    """The tables, those with nothing in them left out."""
    sums = [_sum(one) for one in found.sums]
    totals = [_sum(one, all_of="All") for one in found.totals]
    yield from _table(
        "Investment",
        "Investment by fiscal year and funding source",
        "Amounts that the plan gives; an amount that is not given is named and counts nowhere. "
        "The last columns are the risk carried if unfunded.",
        _SUMS, (*sums, *totals), len(totals),
    )  # fmt: skip
    yield from _table(
        "Items", "Items with a cost", "What each open item of the plan costs and would close.",
        _ITEMS, tuple(map(_item, found.investments)),
    )  # fmt: skip
    rows = tuple(
        (item.id, item.title, item.state, item.severity, item.owner, item.due_on,
         item.shared_service, *_risk(risk))
        for item, risk in found.unpriced
    )  # fmt: skip
    yield from _table(
        "Without a cost", "Open items without a cost",
        "No amount is given, so no sum has them. Enter `cost` in poam.yaml.", _UNPRICED, rows,
    )  # fmt: skip
    shared = tuple((one.name, ", ".join(one.items), *_risk(one.risk)) for one in found.shared)
    yield from _table(
        "Shared services", "Services that several agencies could share",
        "One service would close these items here, and may close the like elsewhere.",
        _SHARED, shared,
    )  # fmt: skip


def _table(
    name: str,
    title: str,
    note: str,
    headings: tuple[str, ...],
    rows: tuple[tuple[Cell, ...], ...],
    totals: int = 0,
) -> Iterator[Table]:
    if rows:
        yield Table(name, title, note, headings, rows, totals)


def _sum(one: Sum, all_of: str = "") -> tuple[Cell, ...]:
    return (
        all_of or (NOT_SAID if one.fiscal_year is None else str(one.fiscal_year)),
        "" if all_of else one.funding_source or NOT_SAID,
        one.currency,
        ", ".join(one.items),
        *_money(one.one_time if len(one.without_one_time) < len(one.items) else None),
        *_money(one.yearly if len(one.without_yearly) < len(one.items) else None),
        missing_amounts(one),
        statuses(one),
        "; ".join(one.conditions),
        *_risk(one.risk),
    )


def missing_amounts(one: Sum) -> str:
    """The amounts that a sum lacks: ``once: POAM-0003; a year: POAM-0001``; empty for none."""
    parts = (("once", one.without_one_time), ("a year", one.without_yearly))
    return "; ".join(f"{words}: {', '.join(items)}" for words, items in parts if items)


def statuses(one: Sum) -> str:
    """How far the requests are: ``2 planned, 1 not given``."""
    return ", ".join(
        f"{total} {NOT_SAID if name == 'not said' else name.replace('_', ' ')}"
        for name, total in one.statuses
    )


def _item(one: Investment) -> tuple[Cell, ...]:
    item, cost = one.item, one.cost
    return (
        item.id,
        item.title,
        item.state,
        item.severity,
        item.owner,
        item.due_on,
        NOT_SAID if cost.fiscal_year is None else str(cost.fiscal_year),
        cost.funding_source or NOT_SAID,
        cost.currency,
        *_money(one.one_time),
        *_money(one.yearly),
        share_words(one.federal_share),
        cost.federal_condition,
        cost.request_status.replace("_", " ") if cost.request_status else NOT_SAID,
        item.shared_service,
        "; ".join(one.lacks),
        *_risk(one.risk),
    )


def share_words(share: Decimal | None) -> str:
    """A share as a percentage: ``75%``; ``not given`` for None."""
    if share is None:
        return NOT_SAID
    percent = (share * 100).normalize()
    return f"{percent:f}%"


def _money(money: Money | None) -> tuple[Cell, ...]:
    if money is None:
        return (NOT_SAID, "", "", "")
    if money.total and money.not_split == money.total:
        # Who pays how much is not known; nothing would be the wrong number.
        return (money.total, NOT_SAID, NOT_SAID, money.not_split)
    return (money.total, money.federal, money.state, money.not_split)


def _risk(risk: Risk) -> tuple[Cell, ...]:
    sums = by_severity(risk)
    law = sum(total for _severity, basis, total in risk.gaps if basis == "law")
    return (
        *(sums.get(severity, 0) for severity in SEVERITIES),
        law,
        risk.upcoming,
        risk.unclear,
        ", ".join(risk.requirements),
        ", ".join(risk.outside),
    )


def risk_words(risk: Risk) -> str:
    """What stays open, as a sentence; empty where nothing is known to."""
    parts = []
    if risk.total:
        kinds = ", ".join(f"{total:,} {severity} ({basis})" for severity, basis, total in risk.gaps)
        parts.append(f"{number(risk.total, 'gap')} open: {kinds}")
    if risk.requirements:
        parts.append(f"not met: {', '.join(risk.requirements)}")
    if risk.upcoming:
        parts.append(f"{number(risk.upcoming, 'gap')} not yet in force")
    if risk.unclear:
        parts.append(f"{number(risk.unclear, 'record')} that cannot be told")
    if risk.outside:
        parts.append(f"findings from outside: {', '.join(risk.outside)}")
    return "; ".join(parts)


def head(assessment: Assessment, found: Investments) -> tuple[str, ...]:
    """What every format says first, a paragraph each."""
    metadata = assessment.metadata
    name = metadata.agency_name or metadata.agency
    sets = ", ".join(f"{one.id} {one.version}" for one in assessment.policies)
    priced, unpriced = len(found.investments), len(found.unpriced)
    left = f"; {number(found.closed, 'closed item')} left out" if found.closed else ""
    return (
        f"{name} as of {metadata.as_of}, checked against {sets}.",
        f"{number(priced + unpriced, 'open item')} of the plan: {priced:,} with a cost, "
        f"{unpriced:,} without{left}. Proposed items are among them and say so.",
        "Risk carried if unfunded: the gaps that stay open, each counted once in a sum however "
        "many items are about it, and the requirements that are not met for that reason.",
    )
