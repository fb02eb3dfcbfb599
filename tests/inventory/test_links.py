"""Links forward and backward, what is worked out over them, and whether it is complete."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from compliance.inventory.store import Derived, Inventory, Linked
from tests.inventory.small import KINDS, of_values

COMPLETE = {kind: "2026-06-01" for kind in KINDS if kind != "agency"}
SYSTEMS = [{"id": name} for name in "abc"]
VENDORS = [{"id": name} for name in "xyz"]


def linked(found: Inventory, kind: str, name: str, fact: str) -> Linked:
    record = found.get(kind, name)
    assert record is not None
    return found.linked(record, fact)


def derived(found: Inventory, kind: str, name: str, fact: str) -> Derived:
    record = found.get(kind, name)
    assert record is not None
    return found.derived(record, fact)


def shape(link: Linked) -> tuple[list[str], bool, bool, bool]:
    return [each.id for each in link.records], link.complete, link.stated, link.none


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, ([], False, False, False)),
        ({"vendors": None}, ([], False, False, False)),
        ({"vendors": []}, ([], True, True, False)),
        ({"vendors": ["z", "x"]}, (["x", "z"], True, True, False)),
        ({"vendors": ["z", None]}, (["z"], False, True, False)),
        ({"vendors": {"value": ["y"], "by": "me"}}, (["y"], True, True, False)),
        ({"vendors": {"value": None}}, ([], False, False, False)),
        ({"vendors": "x"}, ([], False, False, False)),
        ({"vendors": ["x", 5, "x"]}, (["x"], False, True, False)),
    ],
)
def test_a_list_of_links(written: dict[str, Any], expected: Any) -> None:
    found = of_values({"systems": [{"id": "a", **written}], "vendors": VENDORS})
    assert shape(linked(found, "system", "a", "vendors")) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, ([], False, False, False)),
        ({"manager": "x"}, (["x"], True, True, False)),
        ({"manager": "none"}, ([], True, True, True)),
        ({"manager": {"value": "none"}}, ([], True, True, True)),
        ({"manager": ["x"]}, ([], False, False, False)),
    ],
)
def test_one_link(written: dict[str, Any], expected: Any) -> None:
    found = of_values({"systems": [{"id": "a", **written}], "vendors": VENDORS})
    assert shape(linked(found, "system", "a", "manager")) == expected


def test_a_link_in_a_group_and_to_the_own_kind() -> None:
    systems = [{"id": "a", "backup": {"vendor": "x"}, "part_of": "a"}]
    found = of_values({"systems": systems, "vendors": VENDORS})
    assert shape(linked(found, "system", "a", "backup.vendor")) == (["x"], True, True, False)
    assert shape(linked(found, "system", "a", "part_of")) == (["a"], True, True, False)
    assert [each.id for each in linked(found, "system", "a", "parts").records] == ["a"]


@pytest.mark.parametrize(
    ("about", "subjects", "complete"),
    [
        ("system/a", ["system/a"], True),
        (
            ["vendor/x", "system/c", "agency/health"],
            ["agency/health", "system/c", "vendor/x"],
            True,
        ),
        ({"all": "system"}, ["system/a", "system/b", "system/c"], True),
        ({"all": "vendor"}, ["vendor/x", "vendor/y", "vendor/z"], False),
        ({"all": "agency"}, ["agency/health"], True),
        ({"value": {"all": "agency"}}, ["agency/health"], True),
        ([], [], True),
    ],
)
def test_links_to_any_record(about: Any, subjects: list[str], complete: bool) -> None:
    found = of_values(
        {
            "agency": {"id": "health", "complete": {"system": "2026-01-01"}},
            "systems": SYSTEMS,
            "vendors": VENDORS,
            "decisions": [{"id": "d", "about": about}],
        }
    )
    link = linked(found, "decision", "d", "about")
    assert ([each.subject for each in link.records], link.complete) == (subjects, complete)


def test_records_that_link_to_all_of_a_kind_or_to_one() -> None:
    decisions = [
        {"id": "d3", "about": "system/a"},
        {"id": "d1", "about": {"all": "system"}},
        {"id": "d2", "about": ["vendor/x", "system/a"]},
        {"id": "d4", "about": {"all": "vendor"}},
    ]
    found = of_values({
        "agency": {"id": "health", "complete": COMPLETE},
        "systems": SYSTEMS, "vendors": VENDORS, "decisions": decisions,
    })  # fmt: skip
    assert shape(linked(found, "system", "a", "decisions"))[:2] == (["d1", "d2", "d3"], True)
    assert shape(linked(found, "system", "b", "decisions"))[:2] == (["d1"], True)
    assert shape(linked(found, "vendor", "x", "decisions"))[:2] == (["d2", "d4"], True)
    assert found.unstated("decision", "about") == ()


@pytest.mark.parametrize(
    ("complete", "second", "is_complete"),
    [
        ("2026-06-30", ["a"], True),
        ("2026-06-30", [], True),
        ("2026-07-01", ["a"], False),  # not yet
        ("soon", ["a"], False),
        (None, ["a"], False),
        ({"value": "2026-06-01", "by": "officer"}, ["a"], True),
        ("2026-06-30", None, False),
        ("2026-06-30", ["b", None], False),
        ("2026-06-30", "a", False),  # wrong
        ("2026-06-30", {"value": ["b"], "by": "me"}, True),
    ],
)
def test_when_a_reverse_list_is_complete(complete: Any, second: Any, is_complete: bool) -> None:
    devices = [{"id": "1", "systems": ["a", "b"]}, {"id": "2", "systems": second}]
    found = of_values(
        {
            "agency": {"id": "health", "complete": {"device": complete}},
            "systems": SYSTEMS,
            "devices": devices,
        }
    )
    link = linked(found, "system", "c", "devices")
    assert (link.records, link.complete, link.stated) == ((), is_complete, True)
    first = linked(found, "system", "a", "devices")
    assert first.records[0].id == "1"
    assert first.complete == is_complete
    open_ones = [record.id for record in found.unstated("device", "systems")]
    assert open_ones == (["2"] if second in (None, "a", ["b", None]) else [])


def test_a_known_none_states_a_link() -> None:
    found = of_values({
        "agency": {"id": "health", "complete": COMPLETE},
        "systems": [{"id": "a", "manager": "none"}, {"id": "b", "manager": "x"}],
        "vendors": VENDORS,
    })  # fmt: skip
    assert shape(linked(found, "vendor", "x", "managed_systems"))[:2] == (["b"], True)


def test_a_record_that_does_not_say_which_leaves_every_list_open() -> None:
    found = of_values({
        "agency": {"id": "health", "complete": COMPLETE},
        "systems": SYSTEMS, "decisions": [{"id": "d"}],
    })  # fmt: skip
    assert not linked(found, "system", "a", "decisions").complete
    assert [record.id for record in found.unstated("decision", "about")] == ["d"]


def test_lists_of_the_agency_need_the_date_alone() -> None:
    value = {"systems": [*SYSTEMS, {"id": "wrong", "vendors": 5}]}
    found = of_values(value)
    assert shape(found.linked(found.agency, "systems"))[:2] == (["a", "b", "c", "wrong"], False)
    found = of_values({**value, "agency": {"id": "health", "complete": COMPLETE}})
    assert found.linked(found.agency, "systems").complete
    assert found.linked(found.agency, "vendors") == Linked((), complete=True)
    assert found.complete_on("system")
    assert found.complete_on("agency")


@pytest.mark.parametrize(
    ("system", "vendor", "expected"),
    [
        ({"data_types": ["pii"], "vendors": []}, {}, (("pii",), True)),
        ({"data_types": [], "vendors": []}, {}, ((), True)),
        ({"vendors": []}, {}, ((), False)),
        ({"data_types": ["pii"]}, {"data_types": ["fti"]}, (("pii",), False)),
        ({"data_types": ["pii"], "vendors": ["x"]}, {}, (("pii",), False)),
        (
            {"data_types": ["pii", "fti"], "vendors": ["x"]},
            {"data_types": ["fti", "ephi"]},
            (("ephi", "fti", "pii"), True),
        ),
        (
            {"data_types": ["pii", None], "vendors": ["x"]},
            {"data_types": ["fti"]},
            (("fti", "pii"), False),
        ),
        (
            {"data_types": ["pii", "typo"], "vendors": ["x"]},
            {"data_types": ["fti"]},
            (("fti", "pii"), False),
        ),
        (
            {"data_types": ["pii"], "vendors": ["x", None]},
            {"data_types": ["fti"]},
            (("fti", "pii"), False),
        ),
        ({"data_types": 5, "vendors": ["x"]}, {"data_types": ["fti"]}, (("fti",), False)),
    ],
)
def test_derived_facts(system: dict[str, Any], vendor: dict[str, Any], expected: Any) -> None:
    value = {"systems": [{"id": "a", **system}], "vendors": [{"id": "x", **vendor}]}
    found = derived(of_values(value), "system", "a", "data_types_reached")
    assert (found.members, found.complete) == expected


def test_derived_facts_over_reverse_lists_and_other_derived_facts() -> None:
    value: dict[str, Any] = {
        "agency": {"id": "health", "complete": COMPLETE},
        "vendors": [{"id": "x", "data_types": ["pii"]}, {"id": "y", "data_types": []}],
        "systems": [
            {"id": "a", "data_types": ["fti"], "vendors": ["x"]},
            {"id": "b", "data_types": ["ephi"], "vendors": []},
        ],
        "devices": [{"id": "1", "systems": ["a", "b"]}, {"id": "2", "systems": []}],
    }
    found = of_values(value)
    assert derived(found, "vendor", "x", "data_types_reached") == Derived(("fti", "pii"), True)
    assert derived(found, "vendor", "y", "data_types_reached") == Derived((), True)
    assert derived(found, "device", "1", "reached") == Derived(("ephi", "fti", "pii"), True)
    assert derived(found, "device", "2", "reached") == Derived((), True)
    del value["systems"][1]["vendors"]
    found = of_values(value)
    assert derived(found, "vendor", "x", "data_types_reached") == Derived(("fti", "pii"), False)
    assert derived(found, "device", "1", "reached") == Derived(("ephi", "fti", "pii"), False)


def test_records_come_in_the_order_of_kind_and_id() -> None:
    systems = [{"id": name} for name in ("b", "a10", "a9", "a.b", "aB")]
    found = of_values({"vendors": VENDORS[::-1], "systems": systems})
    assert [record.subject for record in found.iterate()] == [
        "agency/health", "system/a.b", "system/a10", "system/a9", "system/aB", "system/b",
        "vendor/x", "vendor/y", "vendor/z",
    ]  # fmt: skip
    assert [record.id for record in found.iterate("device")] == []


def test_as_of_is_the_day_up_to_which_lists_are_complete() -> None:
    found = of_values({"agency": {"id": "health", "complete": {"system": "2026-06-30"}}})
    assert found.as_of == datetime.date(2026, 6, 30)
    assert found.complete_on("system")
