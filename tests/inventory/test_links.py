"""Links forward and backward, what is worked out over them, and whether it is complete."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.kinds import Fact
from compliance.inventory.store import Derived, Inventory, Linked
from tests.inventory.small import AS_OF, KINDS, of_values

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


class Model:
    """The same answers, worked out from the values as written, one pair at a time."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.records = {
            (kind, raw["id"]): raw
            for kind in KINDS
            for raw in ([value["agency"]] if kind == "agency" else value[KINDS[kind].collection])
        }

    def complete_on(self, kind: str) -> bool:
        date = self.value["agency"].get("complete", {}).get(kind)
        return kind == "agency" or (date is not None and date <= AS_OF.isoformat())

    def names(self, fact: Fact, raw: dict[str, Any], subject: tuple[str, str]) -> bool:
        """Whether a record's link names a subject."""
        value = raw.get(fact.path)
        members = value if isinstance(value, list) else [value]
        for member in members:
            if isinstance(member, dict) and member["all"] == subject[0]:
                return True
            written = "/".join(subject) if fact.target == "any" else subject[1]
            if member == written and (fact.target in ("any", subject[0])):
                return bool(member != "none")
        return False

    def stated(self, fact: Fact, raw: dict[str, Any]) -> bool:
        value = raw.get(fact.path)
        return value is not None and value != [None] and not (
            isinstance(value, list) and any(member is None for member in value)
        )  # fmt: skip

    def linked(self, subject: tuple[str, str], fact: Fact) -> tuple[list[str], bool]:
        raw = self.records[subject]
        everything = sorted(self.records)
        if fact.type == "link":
            found = [other for other in everything if self.names(fact, raw, other)]
            complete = self.stated(fact, raw)
            value = raw.get(fact.path)
            if isinstance(value, dict):
                complete = self.complete_on(value["all"])
        else:
            kind = str(fact.target)
            others = [other for other in everything if other[0] == kind]
            if fact.via is None:
                return ["/".join(other) for other in others], self.complete_on(kind)
            link = KINDS[kind].facts[fact.via]
            found = [other for other in others if self.names(link, self.records[other], subject)]
            complete = self.complete_on(kind) and all(
                self.stated(link, self.records[other]) for other in others
            )
        return ["/".join(other) for other in found], complete

    def derived(self, subject: tuple[str, str], fact: Fact) -> tuple[set[str], bool]:
        members: set[str] = set()
        complete = True
        for name in fact.over:
            if name == "self":
                sources = [subject]
            else:
                names, whole = self.linked(subject, KINDS[subject[0]].facts[name])
                complete = complete and whole
                sources = [
                    (kind, rest) for kind, _, rest in (each.partition("/") for each in names)
                ]
            for source in sources:
                inner = KINDS[source[0]].facts[str(fact.union)]
                if inner.type == "derived":
                    more, whole = self.derived(source, inner)
                else:
                    value = self.records[source].get(inner.path)
                    more = {member for member in value or () if member is not None}
                    whole = value is not None and None not in value
                members |= more
                complete = complete and whole
        return members, complete


def random_value(rng: random.Random) -> dict[str, Any]:
    def some(values: list[Any]) -> Any:
        chosen = rng.sample(values, rng.randint(0, len(values)))
        return rng.choice([chosen, chosen, chosen, [*chosen, None], None])

    def record(name: str, facts: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, **{k: v for k, v in facts.items() if rng.random() < share}}

    share = rng.choice([0.5, 0.9, 1.0])
    systems, vendors = ["a", "b", "c"][: rng.randint(0, 3)], ["x", "y"][: rng.randint(0, 2)]
    subjects = [f"system/{i}" for i in systems] + [f"vendor/{i}" for i in vendors]
    types = ["ephi", "fti", "pii"]
    everything = [{"all": "system"}, {"all": "vendor"}, {"all": "agency"}, {"all": "device"}]
    dates = {kind: rng.choice(["2026-06-30", "2026-06-30", "2026-01-01", None]) for kind in KINDS}
    dates.pop("agency")
    return {
        "agency": {"id": "health", "complete": dates},
        "systems": [
            record(
                i,
                {
                    "vendors": some(vendors),
                    "data_types": some(types),
                    "manager": rng.choice([*vendors, "none", None]),
                    "part_of": rng.choice([*systems, None]),
                },
            )
            for i in systems
        ],
        "vendors": [record(i, {"data_types": some(types)}) for i in vendors],
        "devices": [record(i, {"systems": some(systems)}) for i in "12"[: rng.randint(0, 2)]],
        "decisions": [
            record(
                i,
                {
                    "about": rng.choice([some(subjects), *everything, *subjects]),
                    "replaces": rng.choice(["none", None, *subjects]),
                    "also": some([*subjects, "agency/health"]),
                },
            )
            for i in "de"[: rng.randint(0, 2)]
        ],
        "plan_items": [],
    }


def every_fact(found: Inventory) -> Iterator[tuple[Any, Fact]]:
    for record in found.iterate():
        for fact in KINDS[record.kind].facts.values():
            yield record, fact


@given(seed=st.integers(0, 2**64))
def test_every_link_is_as_a_search_over_all_pairs_finds_it(seed: int) -> None:
    value = random_value(random.Random(seed))  # noqa: S311
    found = of_values({key: part for key, part in value.items() if key != "plan_items"})
    model = Model(value)
    for record, fact in every_fact(found):
        subject = (record.kind, record.id)
        if fact.linked and fact.path != "backup.vendor":
            link = found.linked(record, fact.path)
            names = [each.subject for each in link.records]
            assert (names, link.complete) == model.linked(subject, fact), fact.full_path
        elif fact.type == "derived":
            union = found.derived(record, fact.path)
            assert list(union.members) == sorted(set(union.members))
            assert (set(union.members), union.complete) == model.derived(subject, fact)


@given(seed=st.integers(0, 2**64))
def test_forgetting_a_fact_never_makes_a_list_complete(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    value = random_value(rng)
    value.pop("plan_items")
    before = of_values(value)
    known = {
        (record.subject, fact.path): before.linked(record, fact.path)
        for record, fact in every_fact(before)
        if fact.linked
    }
    collection = rng.choice([key for key in value if key == "agency" or value[key]])
    raw = value["agency"]["complete"] if collection == "agency" else rng.choice(value[collection])
    path = rng.choice([key for key in raw if key != "id"] or ["id"])
    if path == "id":
        return
    raw[path] = None
    after = of_values(value)
    for record, fact in every_fact(after):
        if fact.linked:
            was, now = known[record.subject, fact.path], after.linked(record, fact.path)
            assert was.complete or not now.complete
            assert {r.subject for r in now.records} <= {r.subject for r in was.records}


def test_as_of_is_the_day_up_to_which_lists_are_complete() -> None:
    found = of_values({"agency": {"id": "health", "complete": {"system": "2026-06-30"}}})
    assert found.as_of == datetime.date(2026, 6, 30)
    assert found.complete_on("system")
