"""Patterns, days and ids."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.importing.dates import complete, read_date
from compliance.inventory.importing.ids import record_id
from compliance.inventory.importing.mapping import filled, heading_key, headings_in
from compliance.inventory.importing.patterns import Pattern

ID = re.compile(r"[a-z0-9][a-zA-Z0-9._-]*")


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("Connecticut*", "connecticut, state of", True),
        ("Connecticut*", "State of Connecticut", False),
        ("*router*", "Core Router 7", True),
        ("a.c", "abc", False),
        ("*", "anything\nat all", True),
        ("*", "  ", False),
        ("", "  ", True),
        ("", "x", False),
        ("a***b", "a b", True),
        (" Yes ", "yes", True),
    ],
)
def test_patterns(pattern: str, text: str, fits: bool) -> None:
    assert Pattern(pattern).fits(text) is fits


def test_a_pattern_of_many_stars_is_quick() -> None:
    assert not Pattern("a" + "*" * 400 + "b").fits("a" * 20_000)


@given(st.text())
def test_a_text_fits_itself_unless_it_has_a_star(text: str) -> None:
    assert Pattern(text.replace("*", "")).fits(text.replace("*", ""))


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("yyyy-mm-dd", "2026-03-02", "2026-03-02"),
        ("yyyy-mm-dd", "2026-03-02T10:00:01.123Z", "2026-03-02"),
        ("yyyy-mm-dd", "2026-03-02 10:00:01.0000000", "2026-03-02"),
        ("yyyy-mm-dd", "2026-3-2", None),
        ("yyyy-mm-dd", "2026-02-30", None),
        ("yyyy-mm-dd", "2026-03-02x", None),
        ("m/d/yyyy", "3/2/2026", "2026-03-02"),
        ("m/d/yyyy", "03/02/2026 5:15:48 PM", "2026-03-02"),
        ("m/d/yyyy", "13/2/2026", None),
        ("d.m.yyyy", "13.2.2026", "2026-02-13"),
        ("d mon yyyy", "2 Mar 2026", "2026-03-02"),
        ("mon d, yyyy", "March 2, 2026 at 10:12 AM", "2026-03-02"),
        ("d mon yyyy", "2 Foo 2026", None),
        ("m/d/yyyy", "0/0/0000", None),
    ],
)
def test_days_are_read_as_declared(form: str, text: str, day: str | None) -> None:
    assert read_date(text, (form,)) == day


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_a_day_is_never_read_the_other_way_round(day: datetime.date) -> None:
    assert read_date(f"{day.month}/{day.day}/{day:%Y}", ("m/d/yyyy",)) == day.isoformat()
    assert read_date(f"{day.day}.{day.month}.{day:%Y}", ("d.m.yyyy",)) == day.isoformat()


@given(st.text())
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    found = read_date(text, ("yyyy-mm-dd", "m/d/yyyy", "mon d, yyyy"))
    if found is not None:
        assert datetime.date.fromisoformat(found).isoformat() == found


@pytest.mark.parametrize("form", ["yyyy-mm", "mm/mm/yyyy", "d/m/yyyy yyyy", "/", "mon m yyyy"])
def test_a_form_must_say_a_whole_day(form: str) -> None:
    assert not complete(form)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("IFA GoodRead", "ifa-goodread"),
        ("123.45.78.90", "123.45.78.90"),
        ("SN_01", "sn_01"),
        ("  Müller & Co.  ", "muller-co"),
        ("-lead", "lead"),
    ],
)
def test_ids_keep_what_they_may(text: str, made: str) -> None:
    assert record_id(text) == made


@given(st.text().filter(str.strip), st.sampled_from(["", "person-", "m365-"]))
def test_every_text_makes_a_right_id_and_always_the_same(text: str, prefix: str) -> None:
    made = record_id(text, prefix)
    assert ID.fullmatch(made)
    assert len(made) <= 100
    assert made != "none"
    assert made == record_id(text, prefix)


def test_texts_that_cannot_be_kept_stay_apart() -> None:
    assert record_id("東京") != record_id("大阪")
    assert record_id("x" * 200 + "1") != record_id("x" * 200 + "2")
    assert record_id("None") != "none"


def test_braces_are_filled_in_once() -> None:
    assert headings_in("{file}: {Host name} {cell}") == ["Host name"]
    assert filled("{a} and {b}", {"a": "{b}", "b": "c"}) == "{b} and c"
    assert filled("{a} and {b}", {"b": "c"}) == "and c"


def test_headings_are_compared_without_blanks_and_case() -> None:
    assert heading_key(" VLAN/\nNetwork ID ") == heading_key("vlan/network id")
