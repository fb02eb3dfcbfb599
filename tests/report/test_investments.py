"""What the plan costs, and the risk carried if unfunded."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.model import (
    Assessment,
    Mark,
    OutsideFinding,
    PlanCost,
    PlanCover,
    PlanItemText,
)
from compliance.report.funding import writing
from compliance.report.funding.workbook import workbook
from compliance.report.investments import Investments, Money, investments
from tests.report.sample import assessment, finding

RULE = "unique-user-identification"
REQUIREMENT = "hipaa-164.312.a.2.i"
CITED = "45 CFR 164.312(a)(2)(i)"


def item(name: str, cost: PlanCost | None, *gaps: str, **changes: object) -> PlanItemText:
    covers = (PlanCover("hipaa", RULE, "system", (REQUIREMENT,), gaps, gaps),) if gaps else ()
    made = PlanItemText(
        name, f"Title of {name}", "proposed", "high", "2026-11-01", covers=covers, cost=cost
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def planned(*items: PlanItemText) -> Assessment:
    findings = [finding(name) for name in "abc"]
    ahead = finding("ahead", rule="idle-logoff", marks=(Mark("upcoming", "2027-01-01"),))
    made = assessment([*findings, ahead])
    outside = OutsideFinding("IRS", "7", "Accounts", "high", "2026-09-01")
    marked = replace(made.metadata, marking="CONFIDENTIAL & <private>")
    return replace(made, metadata=marked, plan=items, outside=(outside,))


def costs(
    once: int | None, yearly: int | None, year: int | None = 2028, **more: object
) -> PlanCost:
    return PlanCost(once, yearly, funding_source="Capital fund", fiscal_year=year, **more)  # type: ignore[arg-type]


def test_shares_add_up_to_the_cent() -> None:
    found = investments(planned(item("POAM-0001", costs(100, None, federal_share=0.3333), "a")))
    (one,) = found.investments
    assert one.one_time == Money(Decimal(100), Decimal("33.33"), Decimal("66.67"))
    assert one.yearly is None
    assert one.federal_share == Decimal("0.3333")


def test_what_nobody_says_is_named_and_never_counted_as_nothing() -> None:
    found = investments(
        planned(
            item("POAM-0001", costs(100, None), "a"),
            item("POAM-0002", costs(None, 30, federal_share=0.5), "b"),
            item("POAM-0003", None, "c"),
            item("POAM-0004", PlanCost(funding_source="Grant")),
        )
    )
    (one,) = found.sums
    assert one.one_time == Money(total=Decimal(100), not_split=Decimal(100))
    assert one.yearly == Money(Decimal(30), Decimal(15), Decimal(15))
    assert (one.without_one_time, one.without_yearly) == (("POAM-0002",), ("POAM-0001",))
    assert [which.id for which, _ in found.unpriced] == ["POAM-0003", "POAM-0004"]
    assert "the federal share (0 where there is none)" in found.investments[0].lacks
    assert "the condition of the federal share" in found.investments[1].lacks
    text = "".join(writing.text(planned(item("POAM-0001", costs(100, None), "a")), found))
    assert "USD 100 (not split 100) once" in text
    assert "once: POAM-0002; a year: POAM-0001" in text


def test_a_share_of_nothing_is_a_share_that_is_given() -> None:
    found = investments(planned(item("POAM-0001", costs(100, 0, federal_share=0), "a")))
    (one,) = found.sums
    assert one.one_time == Money(Decimal(100), Decimal(0), Decimal(100))
    assert one.without_yearly == ()


def test_sums_go_by_fiscal_year_and_source_and_leave_closed_items_out() -> None:
    found = investments(
        planned(
            item("POAM-0001", costs(1, 1, 2029), "a"),
            item("POAM-0002", costs(2, 2, 2028), "b"),
            item("POAM-0003", costs(4, 4, None), "c"),
            item("POAM-0004", costs(8, 8, 2028), "a", state="accepted"),
            item("POAM-0005", costs(16, 16, 2028), "b", state="closed"),
        )
    )
    assert [(one.fiscal_year, one.items) for one in found.sums] == [
        (2028, ("POAM-0002", "POAM-0004")), (2029, ("POAM-0001",)), (None, ("POAM-0003",)),
    ]  # fmt: skip
    (total,) = found.totals
    assert total.one_time.total == total.yearly.total == 15
    assert found.closed == 1


def test_a_gap_that_two_items_are_about_counts_once() -> None:
    found = investments(
        planned(item("POAM-0001", costs(1, 1), "a", "b"), item("POAM-0002", costs(1, 1), "b"))
    )
    (one,) = found.sums
    assert one.risk.gaps == (("high", "law", 2),)
    assert one.risk.requirements == (CITED,)
    assert [each.risk.total for each in found.investments] == [2, 1]


def test_risk_tells_upcoming_unclear_and_outside_apart() -> None:
    ahead = PlanCover("hipaa", "idle-logoff", "system", (), ("ahead",), ("ahead",))
    unclear = PlanCover("hipaa", RULE, "system", (), ("z",), (), ("z",))
    found = investments(
        planned(item("POAM-0001", costs(1, 1), covers=(ahead, unclear), outside=("IRS 7", "OCR 9")))
    )
    risk = found.investments[0].risk
    assert (risk.gaps, risk.upcoming, risk.unclear, risk.outside) == ((), 1, 1, ("IRS 7",))


def test_shared_services_are_listed_with_all_their_items() -> None:
    found = investments(
        planned(
            item("POAM-0001", costs(1, 1), "a", shared_service="State sign-in"),
            item("POAM-0002", None, "b", shared_service="State sign-in"),
        )
    )
    (one,) = found.shared
    assert (one.name, one.items, one.risk.total) == (
        "State sign-in", ("POAM-0001", "POAM-0002"), 2,
    )  # fmt: skip


NASTY = '=cmd()|x <b>*bold*</b> \x1b[2J\u202e, "quoted"'


def written(found: Investments, made: Assessment) -> Sequence[str]:
    return [
        "".join(writing.text(made, found)),
        "".join(writing.markdown(made, found)),
        "".join(writing.csv_lines(made, found)),
    ]


def test_every_form_carries_the_marking_and_nothing_that_acts(tmp_path: Path) -> None:
    cost = replace(costs(1000, 1), funding_source=NASTY, federal_condition=NASTY)
    made = planned(item("POAM-0001", cost, "a", title=NASTY, shared_service=NASTY))
    found = investments(made)
    for text in written(found, made):
        assert "CONFIDENTIAL" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    text, markdown, table = written(found, made)
    assert "<b>" not in markdown.replace("\\<b\\>", "")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["marking"] for row in rows} == {"CONFIDENTIAL & <private>"}
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert [row["row"] for row in rows] == ["sum", "total", "item", "item"]
    assert rows[0]["One-time, total"] == "1000"
    path = tmp_path / "funding.xlsx"
    path.write_bytes(workbook(made, found))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["About", "Investment", "Items", "Shared services"]
    for sheet in book:
        assert sheet["A1"].value == "CONFIDENTIAL & <private>"
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert [cell.value for cell in book["Investment"][5]][4:8] == [
        1000, "not given", "not given", 1000,
    ]  # fmt: skip


def test_the_same_plan_gives_the_same_bytes() -> None:
    made = planned(item("POAM-0001", costs(1, None), "a"), item("POAM-0002", None))
    found = investments(made)
    assert written(found, made) == written(investments(made), made)
    assert workbook(made, found) == workbook(made, investments(made))


def test_no_plan_has_no_tables() -> None:
    found = investments(planned())
    assert (found.sums, found.totals, found.investments, found.unpriced) == ((), (), (), ())


amounts = st.none() | st.integers(0, 10**12)
shares = st.none() | st.integers(0, 10_000).map(lambda number: number / 10_000)


@given(st.lists(st.tuples(amounts, amounts, shares, st.sampled_from([None, 2027, 2028]))),
       st.randoms())  # fmt: skip
def test_sums_are_exact_and_lose_no_item(
    given_: list[tuple[int | None, int | None, float | None, int | None]], order: random.Random
) -> None:
    items = [
        item(f"POAM-{number:04}", costs(once, yearly, year, federal_share=share), "a")
        for number, (once, yearly, share, year) in enumerate(given_, 1)
    ]
    found = investments(planned(*items))
    order.shuffle(items)
    assert investments(planned(*items)) == found
    priced = [one for one in given_ if one[:2] != (None, None)]
    assert len(found.unpriced) == len(given_) - len(priced)
    assert sum(len(one.items) for one in found.sums) == len(priced)
    for one in (*found.sums, *found.totals):
        for money in (one.one_time, one.yearly):
            assert money.federal + money.state + money.not_split == money.total
            assert min(money.federal, money.state, money.not_split) >= 0
    if found.totals:
        assert found.totals[0].one_time.total == sum(one[0] or 0 for one in priced)


@pytest.mark.parametrize("share", [0.1, 0.29, 0.575, 0.9])
def test_a_share_is_the_decimal_that_was_written(share: float) -> None:
    found = investments(planned(item("POAM-0001", costs(1_000_000, 1, federal_share=share), "a")))
    money = found.investments[0].one_time
    assert money is not None
    assert money.federal == Decimal(str(share)) * 1_000_000
