"""The investment table as text, Markdown and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from compliance.assessment.model import Assessment
from compliance.report.funding.tables import (
    NOT_SAID,
    Cell,
    Table,
    head,
    missing_amounts,
    risk_words,
    share_words,
    statuses,
    tables,
)
from compliance.report.investments import (
    Investment,
    Investments,
    Money,
    Sum,
    amount_words,
)
from compliance.report.plain import neutral, number, prose
from compliance.report.plain_cells import safe
from compliance.report.stamp import stamp

TITLE = "Investment table"
CSV_COLUMNS = ("row", "table")
"""Headings before those of the tables: ``item``, ``sum`` or ``total``, and which table."""
CSV_STAMP = ("agency", "as_of", "program_version", "inventory_sha256", "marking")
"""Headings after those of the tables, the same on every line."""


def text(assessment: Assessment, found: Investments) -> Iterator[str]:
    """For people, on a terminal."""
    marking = assessment.metadata.marking
    yield prose(marking) if marking else ""
    yield f"{TITLE}\n\n"
    for paragraph in head(assessment, found):
        yield prose(paragraph)
    for title, lines in (
        ("By fiscal year and funding source", _sums(found)),
        ("Items", _items(found)),
        ("Open items without a cost", _unpriced(found)),
        ("Services that several agencies could share", _shared(found)),
    ):
        yield from _section(title, lines)
    yield prose(marking) if marking else ""


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, None)
    if first is not None:
        yield f"\n{title}\n{'-' * len(title)}\n"
        yield first
        yield from lines


def _sums(found: Investments) -> Iterator[str]:
    for one in found.sums:
        year = f"Fiscal year {one.fiscal_year}" if one.fiscal_year else f"Fiscal year {NOT_SAID}"
        source = one.funding_source or f"funding source {NOT_SAID}"
        yield from _sum(f"{year}, {source}", one)
    for one in found.totals if len(found.sums) > 1 else ():
        yield from _sum("All", one)


def _sum(title: str, one: Sum) -> Iterator[str]:
    yield prose(f"{title} ({', '.join(one.items)})", "    ", "  - ")
    for words, money, without in (
        ("once", one.one_time, one.without_one_time),
        ("a year", one.yearly, one.without_yearly),
    ):
        if len(without) < len(one.items):
            yield prose(f"{one.currency} {_money(money)} {words}", "      ", "    ")
    missing = missing_amounts(one)
    told = (
        f"Not given, and in no sum: {missing}" if missing else "",
        f"Requests: {statuses(one)}",
        f"The federal share depends on: {'; '.join(one.conditions)}" if one.conditions else "",
        f"If unfunded: {risk_words(one.risk) or 'no open gap is known'}",
    )
    yield from (prose(f"{line}.", "      ", "    ") for line in told if line)


def _money(money: Money) -> str:
    parts = [
        f"{words} {amount_words(amount)}"
        for words, amount in (("federal", money.federal), ("state", money.state))
        if amount or not money.not_split
    ]
    if money.not_split:
        parts.append(f"not split {amount_words(money.not_split)}")
    return f"{amount_words(money.total)} ({', '.join(parts)})"


def _items(found: Investments) -> Iterator[str]:
    for one in found.investments:
        yield prose(f"{one.item.id} [{one.item.severity}] {one.item.title}", "    ", "  - ")
        told = (_cost(one), _missing(one), _if_unfunded(one))
        yield from (prose(line, "      ", "    ") for line in told if line)


def _cost(one: Investment) -> str:
    cost = one.cost
    amounts = [
        f"{cost.currency} {_money(money)} {words}"
        for money, words in ((one.one_time, "once"), (one.yearly, "a year"))
        if money is not None
    ]
    parts = (
        f"{one.item.state}: {', '.join(amounts)}",
        f"fiscal year {cost.fiscal_year}" if cost.fiscal_year else "",
        f"from {cost.funding_source}" if cost.funding_source else "",
        f"federal share {share_words(one.federal_share)}" if one.federal_share else "",
        f"on condition: {cost.federal_condition}" if cost.federal_condition else "",
        f"request {cost.request_status.replace('_', ' ')}" if cost.request_status else "",
        f"shared service: {one.item.shared_service}" if one.item.shared_service else "",
    )
    return f"{'; '.join(part for part in parts if part)}."


def _missing(one: Investment) -> str:
    return f"Not given: {', '.join(one.lacks)}." if one.lacks else ""


def _if_unfunded(one: Investment) -> str:
    words = risk_words(one.risk)
    return f"If unfunded: {words}." if words else ""


def _unpriced(found: Investments) -> Iterator[str]:
    for item, risk in found.unpriced:
        words = risk_words(risk)
        tail = f": {words}" if words else ""
        yield prose(
            f"{item.id} [{item.severity}] {item.title} ({item.state}){tail}", "    ", "  - "
        )


def _shared(found: Investments) -> Iterator[str]:
    for one in found.shared:
        words = risk_words(one.risk)
        count = number(len(one.items), "item")
        yield prose(
            f"{one.name}: {count} here ({', '.join(one.items)}){f'; {words}' if words else ''}",
            "    ", "  - ",
        )  # fmt: skip


def markdown(assessment: Assessment, found: Investments) -> Iterator[str]:
    """Tables in Markdown, columns that are empty throughout left out."""
    marking = assessment.metadata.marking
    yield f"**{_md(marking)}**\n\n" if marking else ""
    yield f"# {TITLE}\n\n"
    for paragraph in head(assessment, found):
        yield f"{_md(paragraph)}\n\n"
    for table in tables(found):
        yield f"## {table.title}\n\n{table.note}\n\n"
        kept = [
            at for at in range(len(table.headings)) if any(_tells(row[at]) for row in table.rows)
        ]
        yield _row([table.headings[at] for at in kept])
        yield f"|{'|'.join('---:' if _numeric(table, at) else '---' for at in kept)}|\n"
        for row in table.rows:
            yield _row([_md(_shown(row[at])) for at in kept])
        yield "\n"
    yield f"**{_md(marking)}**\n" if marking else ""


def _tells(cell: Cell) -> bool:
    return isinstance(cell, Decimal) or cell not in (None, "", 0)


def _numeric(table: Table, at: int) -> bool:
    return any(isinstance(row[at], int | Decimal) for row in table.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _md(words: str | None) -> str:
    """A text in which nothing is markup."""
    plain = neutral(" ".join((words or "").split()))
    escaped = "".join(f"\\{char}" if char in "\\`*_{}[]<>#|~!" else char for char in plain)
    return escaped.replace("&", "&amp;")


def _shown(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return amount_words(cell)
    return "" if cell is None else str(cell)


def csv_lines(assessment: Assessment, found: Investments) -> Iterator[str]:
    """All tables in one, told apart by its first columns; amounts without separators."""
    stamped = stamp(assessment)
    ties = {name: safe(str(getattr(stamped, name))) for name in CSV_STAMP}
    made = list(tables(found))
    headings = list(dict.fromkeys(name for table in made for name in table.headings))
    yield _line([*CSV_COLUMNS, *headings, *ties])
    for table in made:
        for place, row in enumerate(table.rows):
            cells = dict(zip(table.headings, row, strict=True))
            total = place >= len(table.rows) - table.totals
            sort = "total" if total else "sum" if table.totals else "item"
            yield _line(
                [sort, table.name, *(_plain(cells.get(name)) for name in headings), *ties.values()]
            )


def _plain(cell: Cell) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else "" if cell is None else safe(str(cell))


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()
