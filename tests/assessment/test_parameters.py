"""Parameters: the value in force, and choices that may not stand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from compliance.assessment.parameters import ParameterError, Parameters
from compliance.policy.model import DatedValue, ParameterDefinition

TODAY = datetime.date(2026, 11, 23)
IDLE = ParameterDefinition(
    "idle_minutes", "Idle time before a session ends", "integer", "lower", "bureau", 15,
    (DatedValue(12, "2026-06-01", "guidance"), DatedValue(10, "2027-01-01", "law")), "minutes",
)  # fmt: skip


def one(kind: str, stricter: str, default: Any, choice: Any, basis: str = "bureau") -> Parameters:
    definition = ParameterDefinition("p", "Some value", kind, stricter, basis, default)
    return Parameters("hipaa", {"p": definition}, {"p": choice}, TODAY)


def test_value_in_force_is_the_last_one_that_has_begun() -> None:
    parameters = Parameters("hipaa", {"idle_minutes": IDLE}, {}, TODAY)
    now, coming = (parameters.in_force("idle_minutes", date) for date in (None, "2027-01-01"))
    assert (now.value, now.basis, now.chosen) == (12, "guidance", False)
    assert (coming.value, coming.basis, coming.chosen) == (10, "law", False)


def test_a_value_holds_from_its_first_day() -> None:
    values = [
        Parameters("hipaa", {"idle_minutes": IDLE}, {}, date).in_force("idle_minutes").value
        for date in (datetime.date(2026, 5, 31), datetime.date(2026, 6, 1))
    ]
    assert values == [15, 12]


@pytest.mark.parametrize(
    ("choice", "now", "coming"),
    [
        (11, (11, "practice", True), (10, "law", False)),
        (9, (9, "practice", True), (9, "practice", True)),
    ],
    ids=["stricter today alone", "stricter for ever"],
)
def test_choice_gives_way_to_a_stricter_coming_value(
    choice: int, now: tuple[Any, ...], coming: tuple[Any, ...]
) -> None:
    parameters = Parameters("hipaa", {"idle_minutes": IDLE}, {"idle_minutes": choice}, TODAY)
    for date, expected in ((None, now), ("2027-01-01", coming)):
        found = parameters.in_force("idle_minutes", date)
        assert (found.value, found.basis, found.chosen) == expected


def test_choosing_the_policys_value_keeps_its_basis() -> None:
    found = one("integer", "lower", 60, 60, "law").in_force("p")
    assert (found.value, found.basis, found.chosen) == (60, "law", True)


def test_a_choice_where_the_policy_has_no_value_keeps_its_basis() -> None:
    found = one("integer", "lower", None, 60, "law").in_force("p")
    assert (found.value, found.basis, found.chosen) == (60, "law", True)


@pytest.mark.parametrize(
    ("kind", "stricter", "default", "choice"),
    [
        ("integer", "lower", 15, 15), ("integer", "lower", 15, 1), ("number", "higher", 0.9, 0.95),
        ("number", "higher", 0.9, 1), ("date", "lower", "2026-01-31", "2025-12-01"),
        ("date", "higher", "2026-01-31", "2026-02-01"), ("list", "subset", ["a", "b"], ["b"]),
        ("list", "subset", ["a", "b"], []), ("list", "superset", ["a"], ["c", "a"]),
        ("boolean", "true", False, True), ("boolean", "true", True, True),
        ("boolean", "false", True, False), ("boolean", "false", False, False),
        ("boolean", "true", False, False), ("string", "fixed", "x", "x"),
        ("integer", "lower", None, 9999),
    ],
)  # fmt: skip
def test_stricter_or_equal_stands(kind: str, stricter: str, default: Any, choice: Any) -> None:
    assert one(kind, stricter, default, choice).in_force("p").value == choice


@pytest.mark.parametrize(
    ("kind", "stricter", "default", "choice", "says"),
    [
        ("integer", "lower", 15, 16, "lower is stricter"),
        ("number", "higher", 0.9, 0.8, "higher is stricter"),
        ("date", "lower", "2026-01-31", "2026-02-01", "lower is stricter"),
        ("date", "higher", "2026-01-31", "2025-12-31", "higher is stricter"),
        ("list", "subset", ["a"], ["a", "b"], "leave out members, add none"),
        ("list", "superset", ["a", "b"], ["a"], "add members, leave out none"),
        ("boolean", "true", True, False, "true is stricter"),
        ("boolean", "false", False, True, "false is stricter"),
        ("string", "fixed", "x", "y", "may not change it"),
    ],
)
def test_laxer_is_refused_and_names_the_direction(
    kind: str, stricter: str, default: Any, choice: Any, says: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        one(kind, stricter, default, choice)
    assert says in str(refused.value)
    assert "`p`" in str(refused.value)
    assert "hipaa" in str(refused.value)


def test_laxer_is_measured_against_the_value_in_force() -> None:
    with pytest.raises(ParameterError, match="The policy's value is 12 minutes"):
        Parameters("hipaa", {"idle_minutes": IDLE}, {"idle_minutes": 14}, TODAY)


@pytest.mark.parametrize(
    ("kind", "choice", "takes"),
    [
        ("integer", True, "a whole number"), ("integer", 1.5, "a whole number"),
        ("integer", "5", "a whole number"), ("number", False, "a number"),
        ("boolean", 1, "true or false"), ("string", 3, "a text"), ("date", "2026-02-30", "a date"),
        ("date", "20260228", "a date"), ("list", "a", "a list of texts"),
        ("list", [1], "a list of texts"), ("integer", None, "a whole number"),
    ],
)  # fmt: skip
def test_wrong_type_is_refused(kind: str, choice: Any, takes: str) -> None:
    with pytest.raises(ParameterError, match=takes):
        one(kind, "lower", None, choice)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest", "choice", "takes"),
    [
        ("integer", 1, None, 0, "which takes 1 or more days"),
        ("integer", 1, None, -1, "1 or more days"),
        ("integer", 1, 31, 32, "a number from 1 to 31 days"),
        ("number", 0.25, None, 0.2, "0.25 or more days"),
        ("integer", None, 128, 129, "128 or less days"),
        ("integer", 1, None, 0.5, "takes a whole number"),
    ],
)
def test_nonsense_is_refused(
    kind: str, lowest: float | None, highest: float | None, choice: float, takes: str
) -> None:
    definition = ParameterDefinition(
        "p", "Some value", kind, "lower", "bureau", None, unit="days",
        minimum=lowest, maximum=highest,
    )  # fmt: skip
    with pytest.raises(ParameterError, match=takes):
        Parameters("hipaa", {"p": definition}, {"p": choice}, TODAY)
    edges = [edge for edge in (lowest, highest) if edge is not None]
    for edge in edges:
        assert Parameters("hipaa", {"p": definition}, {"p": edge}, TODAY).choices == {"p": edge}


def test_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match=r"idle_minuts.*Its parameters: idle_minutes"):
        Parameters("hipaa", {"idle_minutes": IDLE}, {"idle_minuts": 5}, TODAY)


def test_texts_give_the_value_its_unit_and_what_is_coming() -> None:
    (text,) = Parameters("hipaa", {"idle_minutes": IDLE}, {"idle_minutes": 5}, TODAY).texts()
    assert (text.name, text.value, text.chosen, text.unit) == ("idle_minutes", 5, True, "minutes")
    assert text.upcoming == (("2027-01-01", 10),)


@pytest.mark.parametrize(("choice", "policys"), [(5, 12), (12, None), (None, None)])
def test_a_text_gives_the_policys_value_where_the_agency_has_its_own(
    choice: int | None, policys: int | None
) -> None:
    choices = {} if choice is None else {"idle_minutes": choice}
    (text,) = Parameters("hipaa", {"idle_minutes": IDLE}, choices, TODAY).texts()
    assert text.policy_value == policys
