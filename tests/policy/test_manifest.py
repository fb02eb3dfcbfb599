"""The manifest tells which facts each document needs, through links and for counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from compliance.policy.bundle import source_bundle
from compliance.policy.conditions import RegoCondition
from compliance.policy.lint import lint
from compliance.policy.loader import load_policy
from compliance.policy.manifest import facts_to_data, manifest, measure_reads, reads
from compliance.policy.meta import policy_from_data, policy_to_data
from compliance.policy.model import Policy, Rule
from tests.policy.conditions_at_hand import KINDS, PARAMETERS, tree

BASE = Path(__file__).parent / "lint" / "base"


def base() -> Policy:
    loaded = load_policy(BASE, KINDS)
    assert loaded.policy is not None
    assert lint(loaded) == ()
    return loaded.policy


def policy(*rules: Rule, **applies: Any) -> Policy:
    trees = {kind: tree(raw, kind, "applies") for kind, raw in applies.items()}
    return Policy(
        "p", "1.0.0", "P", "draft", "binding", "x", "x", (), (), (), rules, trees, PARAMETERS
    )


def rule(subject: str, expect: Any, when: Any = None) -> Rule:
    return Rule(
        "r", "R", (), "law", subject, "high",
        expect if isinstance(expect, RegoCondition) else tree(expect, subject), "do",
        tree(when, subject, "when") if when else None,
    )  # fmt: skip


def node(*facts: str, **links: Any) -> dict[str, Any]:
    return {"facts": sorted(facts), "links": links}


def read(found: Policy, kind: str) -> dict[str, Any]:
    return reads(found, KINDS)[kind].to_data(kind)


def test_facts_values_and_days_are_read() -> None:
    raw = {
        "system.tested_on": {
            "within_days_of": {
                "fact": "agency.reviewed_on",
                "days": {"fact": "system.timeout_minutes"},
            }
        },
        "system.name": {"in": {"fact": "system.tls_versions"}},
    }
    assert read(policy(rule("system", raw)), "system") == {
        "self": node("tested_on", "timeout_minutes", "name", "tls_versions"),
        "agency": node("reviewed_on"),
    }


def test_links_are_read_two_deep() -> None:
    raw = {
        "every": {
            "in": "system.vendors",
            "where": {"vendor.us": True},
            "expect": {
                "some": {
                    "in": "vendor.partners",
                    "as": "partner",
                    "expect": {"partner.name": {"equals": {"fact": "vendor.name"}}},
                }
            },
        }
    }
    found = read(policy(rule("system", raw, {"system.decisions": {"is_empty": True}})), "system")
    partners = node("name")
    vendors = node("us", "name", partners=partners)
    assert found == {"self": node(vendors=vendors, decisions=node()), "agency": node()}


def test_lists_are_read_whole() -> None:
    raw = {"every": {"in": "system.software", "expect": {"item.eol_on": {"after": "as_of"}}}}
    assert read(policy(rule("system", raw)), "system")["self"] == node("software")


def test_applies_is_read_of_the_kind_else_of_the_agency() -> None:
    rules = (rule("system", {"system.mfa": True}), rule("device", {"device.encrypted": True}))
    found = policy(*rules, system={"system.status": "test"}, agency={"agency.name": "x"})
    assert read(found, "system") == {"self": node("mfa", "status"), "agency": node()}
    assert read(found, "device") == {"self": node("encrypted"), "agency": node("name")}


def test_counts_are_read_of_the_records_counted() -> None:
    raw = {
        "share": {
            "of": "device",
            "where": {"some": {"in": "device.systems", "expect": {"system.mfa": True}}},
            "expect": {"device.encrypted": True, "agency.name": "x"},
            "at_least": 0.5,
        }
    }
    found = policy(rule("agency", raw), agency={"agency.roles": {"not_empty": True}})
    assert read(found, "agency") == {"agency": node("roles")}
    assert {k: part.to_data(k) for k, part in measure_reads(found, KINDS).items()} == {
        "device": {"self": node("encrypted", systems=node("mfa")), "agency": node("name")}
    }


def test_counts_over_a_list_are_read_in_place() -> None:
    raw = {"count": {"in": "system.vendors", "where": {"vendor.us": True}, "at_least": 1}}
    found = policy(rule("system", raw))
    assert read(found, "system")["self"] == node(vendors=node("us"))
    assert measure_reads(found, KINDS) == {}


def test_rego_reads_the_facts_it_lists() -> None:
    paths = (
        "system.vendors.baa.status",
        "system.vendors.partners.name",
        "system.mfa",
        "agency.name",
    )
    found = read(policy(rule("system", RegoCondition("expect", paths))), "system")
    vendors = node("baa.status", partners=node("name"))
    assert found == {"self": node("mfa", vendors=vendors), "agency": node("name")}


def test_entries_rules_and_fuel() -> None:
    own = manifest(base(), KINDS)["metadata"]["compliance"]
    assert own["root"] == "compliance/sample"
    assert own["entries"]["results"] == "compliance/sample/results"
    assert own["entries"]["measures"] == "compliance/sample/measures"
    assert own["rules_by_kind"] == {
        "agency": ["applies", "encrypted-devices"],
        "system": [
            "applies", "idle-time", "idle-time@2027-01-01", "second-factor", "vendor-agreements",
        ],
    }  # fmt: skip
    rules = {name for rules in own["rules_by_kind"].values() for name in rules} - {"applies"}
    assert set(own["entries"]["statuses"]) == {*rules, "applies/agency", "applies/system"}
    assert own["fuel"] > 5 * 10_000_000


def test_the_policy_survives_its_data() -> None:
    source = base()
    data = policy_to_data(source)
    again = policy_from_data(data)
    assert policy_to_data(again) == data
    for part in ("id", "version", "sources", "extent", "requirements", "rules", "applies"):
        assert getattr(again, part) == getattr(source, part)
    assert again.parameters == source.parameters


def test_the_first_questions_are_in_the_manifest_and_in_the_data() -> None:
    asked = ("agency.roles", "agency.complete.system")
    asking = replace(base(), start=asked)
    own = manifest(asking, KINDS)["metadata"]["compliance"]
    assert own["start"] == list(asked)
    assert policy_from_data(policy_to_data(asking)).start == asked
    assert source_bundle(asking, KINDS).start == asked


def test_a_policy_without_first_questions_is_built_as_it_was() -> None:
    assert "start" not in manifest(base(), KINDS)["metadata"]["compliance"]
    assert "start" not in policy_to_data(base())["policy"]
    assert source_bundle(base(), KINDS).start == ()


def test_data_tell_of_every_fact_read_and_of_what_completes_lists() -> None:
    kinds = facts_to_data(base(), KINDS)
    assert set(kinds) == {"agency", "decision", "device", "system", "vendor"}
    assert {"roles", "complete.decision"} <= set(kinds["agency"])
    assert {"requirement", "outcome", "about"} <= set(kinds["decision"])
    assert {"baa.status", "data_types"} <= set(kinds["vendor"])
    assert kinds["system"]["mfa"] == {
        "title": "Second factor",
        "type": "boolean",
        "question": "Second factor?",
        "asked_of": "system owner",
    }
