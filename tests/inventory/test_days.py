"""Days as people write them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.days import meant_day

MEANT: list[tuple[Any, str]] = [
    ("2026/3/2", "2026-03-02"),
    ("2026-03-02 10:00", "2026-03-02"),
    ("2026-03-02T10:00:00Z", "2026-03-02"),
    ("3/25/2026", "2026-03-25"),
    ("25.3.2026", "2026-03-25"),
    ("3/3/2026", "2026-03-03"),
    ("March 2, 2026", "2026-03-02"),
    ("2-Mar-2026", "2026-03-02"),
    ("Sept. 1st, 2026", "2026-09-01"),
    (" 2  march 2026", "2026-03-02"),
    (46083, "2026-03-02"),
    ("3/2/2026", ""),
    ("3/2/26", ""),
    ("13/13/2026", ""),
    ("2026-02-30", ""),
    ("Mai 2, 2026", ""),
    ("soon", ""),
    (5, ""),
    (True, ""),
    (None, ""),
    (46083.5, ""),
]


@pytest.mark.parametrize(("value", "day"), MEANT)
def test_a_day_is_named_only_where_no_other_can_be_meant(value: Any, day: str) -> None:
    assert meant_day(value) == day


@given(st.dates(datetime.date(1, 1, 1)))
def test_a_day_written_with_its_month_in_words_is_that_day(day: datetime.date) -> None:
    assert meant_day(f"{day:%B} {day.day}, {day.year:04}") == day.isoformat()
    assert meant_day(f"{day.day} {day:%b} {day.year:04}") == day.isoformat()


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats()))
def test_anything_else_means_no_day_or_a_real_one(value: Any) -> None:
    day = meant_day(value)
    assert day == "" or datetime.date.fromisoformat(day).isoformat() == day
