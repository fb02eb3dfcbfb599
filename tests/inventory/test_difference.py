"""Two inventories compared: what is the same in both is never told, and what is not always is."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.difference import Difference, difference
from compliance.inventory.kinds import load_kinds
from compliance.inventory.known import NOT_SHOWN
from tests.inventory.generated import RecordMaker
from tests.inventory.small import KINDS, of_values

SHIPPED = load_kinds(resources.schemas() / "inventory")


def compared(old: dict[str, Any], new: dict[str, Any], kinds: Any = SHIPPED) -> Difference:
    return difference(of_values(old, kinds), of_values(new, kinds))


def content(rng: random.Random) -> dict[str, Any]:
    maker = RecordMaker(KINDS, rng, wrong=0.0)
    found: dict[str, Any] = {}
    for kind in KINDS.by_name.values():
        if kind.name == "agency":
            found["agency"] = maker.record(kind, "health")
        elif not kind.read_only:
            found[kind.collection] = [maker.record(kind, name) for name in ("a", "b", "c")]
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_order_makes_no_difference_and_the_reverse_is_the_mirror(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    old = content(rng)
    shuffled = {
        key: rng.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in rng.sample(list(old.items()), len(old))
    }
    assert not compared(old, shuffled, KINDS)
    new = content(rng)
    there, back = compared(old, new, KINDS), compared(new, old, KINDS)
    mirror = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(one.subject, mirror[one.change]) for one in there.records] == [
        (one.subject, one.change) for one in back.records
    ]
    for one, other in zip(there.records, back.records, strict=True):
        assert [(fact.path, fact.old, fact.new) for fact in one.facts] == [
            (fact.path, fact.new, fact.old) for fact in other.facts
        ]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_one_changed_fact_is_the_only_difference(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    old = content(rng)
    new = copy.deepcopy(old)
    record = rng.choice(new["systems"])
    record["name"] = {"value": "changed", "by": "somebody"}
    [found] = compared(old, new, KINDS).records
    assert found.subject == f"system/{record['id']}"
    assert [fact.path for fact in found.facts] == ["system.name"]


def test_records_facts_and_provenance() -> None:
    old = {"systems": [{"id": "a", "name": "A", "mfa": True}, {"id": "b"}]}
    new = {
        "systems": [{"id": "a", "mfa": {"value": True, "source": "scan"}, "owner": "none"}],
        "vendors": [{"id": "v", "name": "V"}],
    }
    system, gone, vendor = compared(old, new).records
    assert (system.subject, system.change) == ("system/a", "changed")
    assert [(fact.path, fact.change, fact.provenance_only) for fact in system.facts] == [
        ("system.name", "removed", False),
        ("system.owner", "added", False),
        ("system.mfa", "changed", True),
    ]
    assert (gone.subject, gone.change, gone.facts) == ("system/b", "removed", ())
    assert (vendor.subject, vendor.change, vendor.name) == ("vendor/v", "added", "V")
    assert [fact.path for fact in vendor.facts] == ["vendor.name"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"name": None}, {}),
        ({"data_types": ["ephi", "pii"]}, {"data_types": ["pii", "ephi"]}),
        ({"name": {"value": "A"}}, {"name": "A"}),
        ({"name": {"value": "A", "evidence": "x"}},
         {"name": {"value": "A", "evidence": "x", "assurance": "referenced"}}),
    ],
)  # fmt: skip
def test_what_says_the_same_is_no_difference(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not compared({"systems": [{"id": "a", **old}]}, {"systems": [{"id": "a", **new}]})


def test_a_value_that_cannot_be_used_is_told_as_such() -> None:
    old = {"systems": [{"id": "a", "mfa": True}]}
    new = {"systems": [{"id": "a", "mfa": "maybe"}]}
    [record] = compared(old, new).records
    [fact] = record.facts
    assert fact.change == "changed"
    assert fact.new
    assert fact.new.wrong
    assert fact.new.value is None


def test_sensitive_values_are_compared_and_not_shown() -> None:
    fact = next(
        fact for fact in SHIPPED["person"].facts.values() if fact.sensitive and fact.type == "date"
    )
    group, name = fact.path.split(".")
    contents = [
        {"persons": [{"id": "p", group: {name: value}}]} for value in ("2026-01-07", "2026-01-08")
    ]
    found = compared(*contents)
    [change] = found.records[0].facts
    assert change.old
    assert change.new
    assert (change.old.value, change.new.value) == (NOT_SHOWN, NOT_SHOWN)
    assert "2026-01-0" not in repr(found)


def test_statements_and_answers_are_compared_as_wholes() -> None:
    statement = {
        "provider": "vendor/v", "requirements": ["hipaa-164.312.b"], "consumers": ["system/a"],
        "extent": "full", "provider_status": "satisfied", "assessed_on": "2026-06-01",
    }  # fmt: skip
    said = {"subject": "system/a", "fact": "mfa", "answered_on": "2026-06-01"}
    base = {"systems": [{"id": "a", "mfa": True}], "vendors": [{"id": "v"}]}
    old = {**base, "inheritance": [statement], "answers": [{**said, "answer": "dont_know"}]}
    new = {
        **base,
        "inheritance": [{**statement, "extent": "shared", "consumer_does": "x"}],
        "answers": [{**said, "answer": "value", "value": False}],
    }
    found = compared(old, new)
    assert [(one.key, one.change) for one in found.lists] == [
        ("answers", "removed"), ("answers", "added"),
        ("inheritance", "removed"), ("inheritance", "added"),
    ]  # fmt: skip
    assert "value" not in found.lists[1].members[0]
    assert not found.records
