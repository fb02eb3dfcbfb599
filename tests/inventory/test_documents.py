"""Input documents hold what the rules read, in the one form that engines know."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.fact_schemas import plain_schema
from compliance.inventory.kinds import ANY, Fact, load_kinds
from compliance.inventory.schema_validators import fast_validator
from compliance.inventory.store import Inventory
from tests.inventory.small import KINDS, inventory, of_values

REAL = load_kinds(Path(__file__).parents[2] / "schemas" / "inventory")
WRITTEN = [kind for kind in REAL if not REAL[kind].read_only]
NOTHING: dict[str, Any] = {"facts": [], "links": {}}

TEXT = """\
agency:
  id: health
  name: Health
  risk_analysis: {completed_on: none, owner: Officer}
  complete: {system: 2026-06-01, decision: 2026-06-01, vendor: 2027-01-01}
systems:
- id: payroll
  mfa: {value: true, by: owner}
  users: 1.0
  name: Payroll
  hosting: nowhere
  data_types: [pii, null, ephi]
  tls_versions: []
  reviewed_on: none
  logging: {enabled: false, retention: {days: 30}}
  vendors: [z-host, archive]
  manager: none
  software: [{name: a, eol_on: none}, null]
- {id: bare, logging: {enabled: null}, vendors: [null], backup: {vendor: archive}}
vendors:
- {id: z-host, us: true, name: Host, data_types: [fti]}
- {id: archive, data_types: []}
devices:
- {id: laptop, systems: [payroll]}
decisions:
- {id: d2, about: system/payroll, outcome: alternative}
- {id: d1, about: {all: system}, outcome: implement}
"""


def document(reads: dict[str, Any], kind: str, name: str, **more: Any) -> dict[str, Any]:
    found = inventory(TEXT)
    record = found.get(kind, name)
    assert record is not None
    return DocumentBuilder(found, {kind: reads}, {"idle_minutes": 10}).build(record, **more)


def test_a_system() -> None:
    reads = {
        "self": {
            "facts": [
                "data_types", "data_types_reached", "hosting", "logging.enabled",
                "logging.retention.checked_on", "logging.retention.days", "lost_on", "mfa", "owner",
                "reviewed_on", "software", "tls_versions", "users",
            ],
            "links": {
                "vendors": {
                    "facts": ["name", "us"],
                    "links": {"systems": {"facts": ["mfa"], "links": {}}},
                },
                "decisions": {"facts": ["outcome"], "links": {}},
                "manager": NOTHING,
                "backup.vendor": {"facts": ["us"], "links": {}},
                "part_of": NOTHING,
            },
        },
        "agency": {
            "facts": ["complete.vendor", "risk_analysis.completed_on"],
            "links": {"systems": NOTHING, "vendors": {"facts": ["us"], "links": {}}},
        },
    }  # fmt: skip
    payroll = {"id": "payroll", "mfa": True}
    systems = {"records": [payroll], "complete": False}  # `bare` leaves its vendors open
    assert document(reads, "system", "payroll") == {
        "schema": 1,
        "as_of": "2026-06-30",
        "parameters": {"idle_minutes": 10},
        "agency": {
            "id": "health",
            "risk_analysis": {"completed_on": "none"},
            "links": {
                "systems": {"records": [{"id": "bare"}, {"id": "payroll"}], "complete": True},
                "vendors": {
                    "records": [{"id": "archive"}, {"id": "z-host", "us": True}],
                    "complete": False,
                },
            },
        },
        "system": {
            "id": "payroll",
            "mfa": True,
            "users": 1,
            "data_types": ["pii", None, "ephi"],
            "data_types_reached": {"members": ["ephi", "fti", "pii"], "complete": False},
            "tls_versions": [],
            "reviewed_on": "none",
            "lost_on": "none",
            "logging": {"enabled": False, "retention": {"days": 30}},
            "software": [{"name": "a", "eol_on": "none", "patched_on": "none"}, None],
            "links": {
                "manager": {"records": [], "complete": True, "none": True},
                "vendors": {
                    "records": [
                        {"id": "archive", "links": {"systems": systems}},
                        {"id": "z-host", "us": True, "name": "Host", "links": {"systems": systems}},
                    ],
                    "complete": True,
                },
                "decisions": {
                    "records": [
                        {"id": "d1", "outcome": "implement"},
                        {"id": "d2", "outcome": "alternative"},
                    ],
                    "complete": True,
                },
            },
        },
    }
    assert document(reads, "system", "bare")["system"] == {
        "id": "bare",
        "lost_on": "none",
        "data_types_reached": {"members": [], "complete": False},
        "links": {
            "vendors": {"records": [], "complete": False},
            "backup": {"vendor": {"records": [{"id": "archive"}], "complete": True}},
            "decisions": {"records": [{"id": "d1", "outcome": "implement"}], "complete": True},
        },
    }


def test_the_agency() -> None:
    reads = {"agency": {"facts": ["name"], "links": {"systems": NOTHING, "decisions": NOTHING}}}
    totals = {"rule/expect": {"true": 1, "false": 0, "unknown": 2, "complete": True}}
    assert document(reads, "agency", "health", totals=totals, why={"rule": True}) == {
        "schema": 1,
        "as_of": "2026-06-30",
        "parameters": {"idle_minutes": 10},
        "agency": {
            "id": "health",
            "name": "Health",
            "links": {
                "decisions": {"records": [], "complete": True},  # those about the agency
                "systems": {"records": [{"id": "bare"}, {"id": "payroll"}], "complete": True},
            },
        },
        "totals": totals,
        "why": {"rule": True},
    }


def test_nothing_read_is_nothing_shown() -> None:
    assert document({"self": NOTHING, "agency": NOTHING}, "system", "payroll") == {
        "schema": 1, "as_of": "2026-06-30", "parameters": {"idle_minutes": 10},
        "agency": {"id": "health"}, "system": {"id": "payroll"},
    }  # fmt: skip


def test_documents_of_the_first_pass() -> None:
    found = inventory(TEXT)
    [laptop] = found.iterate("device")
    measures = {"device": {"self": {"facts": ["reached"], "links": {}}, "agency": NOTHING}}
    builder = DocumentBuilder(found, {"agency": {"agency": NOTHING}}, {}, measures)
    assert builder.measure(laptop)["device"] == {
        "id": "laptop", "reached": {"members": ["ephi", "fti", "pii"], "complete": False}
    }  # fmt: skip
    with pytest.raises(KeyError):
        builder.build(laptop)


def test_links_to_records_of_any_kind_show_what_their_kind_has() -> None:
    found = of_values({
        "systems": [{"id": "b", "mfa": True}], "vendors": [{"id": "a", "us": False}],
        "decisions": [{"id": "d", "about": ["vendor/a", "system/b"]}],
    })  # fmt: skip
    reads = {
        "decision": {"self": {"facts": [], "links": {"about": {"facts": ["us"], "links": {}}}}}
    }
    [decision] = found.iterate("decision")
    assert DocumentBuilder(found, reads, {}).build(decision)["decision"]["links"]["about"] == {
        "records": [{"id": "b"}, {"id": "a", "us": False}], "complete": True
    }  # fmt: skip


def example(fact: Fact) -> Any:
    """A right value of a fact, known and not in the future."""
    schema = fast_validator(plain_schema(fact))
    for value in (*fact.examples, "2026-03-02", "x", 1, True):
        if schema.is_valid(value):
            return value if fact.type != "date" else "2026-03-02"
    raise ValueError(fact.full_path)


def mistyped(fact: Fact) -> list[Any]:
    """Values that no schema of the fact accepts, alone and with provenance."""
    schema = fast_validator(plain_schema(fact))
    wrong = [True, 17.5, "2026-02-30", "\t?", {"a": 1}, "none"]
    found = [value for value in wrong if not schema.is_valid(value)]
    found = [value for value in found if not (value == "none" and fact.none)]
    assert len(found) >= 2
    return found


def put(record: dict[str, Any], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    record[name] = value


def without(document: dict[str, Any], path: str) -> dict[str, Any]:
    """A document with one fact taken out, and groups that nothing is left of."""
    document = copy.deepcopy(document)
    holders = [document]
    *groups, name = path.split(".")
    for group in groups:
        holders.append(holders[-1][group])
    holders[-1].pop(name, None)
    for group, holder in reversed(list(zip(groups, holders, strict=False))):
        if not holder[group]:
            del holder[group]
    return document


def inventory_of(kind: str, record: dict[str, Any]) -> Inventory:
    if kind == "agency":
        return of_values({"agency": record}, REAL)
    return of_values({REAL[kind].collection: [record]}, REAL)


def subject_of(kind: str, record: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    node = {"facts": paths, "links": {}}
    reads = {kind: {"self": node, "agency": node if kind == "agency" else NOTHING}}
    found = inventory_of(kind, record)
    [subject] = found.iterate(kind)
    shown: dict[str, Any] = DocumentBuilder(found, reads, {}).build(subject)[kind]
    return shown


@pytest.mark.parametrize("kind", WRITTEN)
def test_deleting_nulling_or_mistyping_a_fact_leaves_it_out_and_no_other(kind: str) -> None:
    facts = [
        fact for fact in REAL[kind].facts.values()
        if fact.entered and fact.type != "link" and fact.path != "id"
    ]  # fmt: skip
    record: dict[str, Any] = {"id": "a"}
    for fact in facts:
        put(record, fact.path, example(fact))
    paths = [fact.path for fact in facts]
    whole = subject_of(kind, record, paths)
    for fact in facts:
        expected = without(whole, fact.path)
        first, *_, last = mistyped(fact)
        for value in (None, first, {"value": last, "by": "me"}):
            changed = copy.deepcopy(record)
            put(changed, fact.path, value)
            assert subject_of(kind, changed, paths) == expected, (fact.path, value)
        deleted = subject_of(kind, without(record, fact.path), paths)
        if fact.absent_none:
            put(expected, fact.path, "none")
        assert deleted == expected, fact.path


@pytest.mark.parametrize(
    "path",
    [fact.full_path for kind in WRITTEN for fact in REAL[kind].facts.values() if fact.none],
)
def test_known_none_is_the_word_none(path: str) -> None:
    fact = REAL.fact(path)
    assert fact is not None
    for value in ("none", {"value": "none", "by": "me"}):
        record: dict[str, Any] = {"id": "a"}
        put(record, fact.path, value)
        shown = subject_of(fact.kind, record, [fact.path])
        if fact.linked:
            shown = shown["links"]
        for step in fact.path.split("."):
            shown = shown[step]
        nowhere = {"records": [], "complete": True, "none": True}
        assert shown == (nowhere if fact.linked else "none")


@pytest.mark.parametrize(
    "path",
    [
        fact.full_path
        for kind in WRITTEN
        for fact in REAL[kind].facts.values()
        if fact.type == "link" and fact.target != ANY
    ],
)
def test_a_link_that_is_deleted_null_or_wrong_has_no_entry(path: str) -> None:
    fact = REAL.fact(path)
    assert fact is not None
    for value in (None, {"value": None}, 5, {"x": 1}, [[]] if not fact.many else "A b"):
        record: dict[str, Any] = {"id": "a"}
        put(record, fact.path, value)
        assert "links" not in subject_of(fact.kind, record, [fact.path])
    if fact.many:
        record = {"id": "a"}
        put(record, fact.path, [])
        links = subject_of(fact.kind, record, [fact.path])["links"]
        for step in fact.path.split("."):
            links = links[step]
        assert links == {"records": [], "complete": True}


def test_documents_are_json_and_quick() -> None:
    systems = [
        {"id": f"s{n}", "mfa": True, "users": n, "vendors": ["x"], "logging": {"enabled": True}}
        for n in range(2000)
    ]
    found = of_values({"systems": systems, "vendors": [{"id": "x", "us": True}]})
    facts = [fact.path for fact in KINDS["system"].facts.values() if fact.entered]
    node = {"facts": facts, "links": {"vendors": {"facts": ["us"], "links": {}}}}
    builder = DocumentBuilder(found, {"system": {"self": node, "agency": NOTHING}}, {})
    start = time.process_time()
    documents = [builder.build(record) for record in found.iterate("system")]
    assert (time.process_time() - start) / len(documents) < 0.000_15
    assert json.loads(json.dumps(documents)) == documents
