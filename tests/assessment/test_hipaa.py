"""The policy and the example agency of this repository, assessed whole."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compliance.assessment import plan
from compliance.assessment.evaluate import assess
from compliance.assessment.model import (
    APPLIES,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    Assessment,
    Finding,
)
from compliance.assessment.saved import from_data
from compliance.inventory.load import load_inventory
from compliance.inventory.store import Inventory
from compliance.policy.explanation import explain_rule
from compliance.policy.loader import load_policy
from compliance.policy.model import Policy
from compliance.report.json import JsonReport
from tests.assessment.world import AS_OF, World, found, kinds, make_inventory


@pytest.fixture(scope="module")
def inventory(root: Path) -> Inventory:
    loaded = load_inventory([root / "examples" / "health-agency"], kinds(), AS_OF)
    assert loaded.inventory is not None, list(map(str, loaded.problems))
    return loaded.inventory


@pytest.fixture(scope="module")
def policy(root: Path) -> Policy:
    """The policy without its rules in Rego, for which nothing stands in here."""
    loaded = load_policy(root / "policies" / "hipaa", kinds())
    assert loaded.policy is not None, list(map(str, loaded.problems))
    written = tuple(rule for rule in loaded.policy.rules if not rule.written_in_rego)
    return replace(loaded.policy, rules=written, rego_files={})


@pytest.fixture
def made(world: World, inventory: Inventory, policy: Policy) -> Assessment:
    return assess(inventory, [world.use(policy)])


def rendered(made: Assessment) -> str:
    return "".join(JsonReport().render(made))


def test_it_keeps_to_its_schema_and_comes_back(root: Path, made: Assessment) -> None:
    schema = json.loads((root / "schemas" / "assessment.schema.json").read_text("utf-8"))
    data = json.loads(rendered(made))
    assert not list(Draft202012Validator(schema).iter_errors(data))
    assert rendered(from_data(data)) == rendered(made)


def test_the_same_inputs_give_the_same_bytes(
    world: World, inventory: Inventory, policy: Policy, made: Assessment
) -> None:
    assert rendered(assess(inventory, [world.use(policy)])) == rendered(made)


def test_counts_add_up_to_the_findings(made: Assessment) -> None:
    assert sum(count.findings for count in made.summary.counts) == len(made.findings)
    assert len(list(made.findings)) == len(made.findings)
    keys = [(one.kind, one.subject, one.policy, one.rule) for one in made.findings]
    assert keys == sorted(set(keys))


def test_every_unknown_names_what_settles_it(made: Assessment) -> None:
    unknown = [one for one in made.findings if one.status == "unknown"]
    assert unknown
    for one in unknown:
        assert one.settling, one.id
        assert one.leaves, one.id
        for fact in one.settling:
            assert fact.path in made.metadata.facts, fact


def test_every_gap_shows_what_was_expected(made: Assessment) -> None:
    gaps = [one for one in made.findings if one.status == "gap" and one.evaluated == "gap"]
    assert gaps
    for one in gaps:
        shown = [leaf for leaf in one.leaves if leaf.part in ("expect", "otherwise")]
        assert any(leaf.outcome == "false" for leaf in shown), one.id
        for leaf in one.leaves:
            counted = leaf.test in ("count", "share")
            assert counted or leaf.path in made.metadata.facts, leaf


def test_what_needs_no_why_is_what_why_would_say(
    world: World, inventory: Inventory, policy: Policy, made: Assessment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked = sum(len(rules) for _, rules in world.engines[0].asked)
    monkeypatch.setattr(plan, "_sure", lambda _wanted: None)
    thorough = assess(inventory, [world.use(policy)])
    assert sum(len(rules) for _, rules in world.engines[1].asked) > asked
    ours, theirs = found(made), found(thorough)
    assert ours.keys() == theirs.keys()
    for name, finding in ours.items():
        assert comparable(finding) == comparable(theirs[name])


def comparable(finding: Finding) -> Finding:
    leaves = sorted(finding.leaves, key=lambda leaf: (leaf.id, leaf.subject, leaf.element or ""))
    return replace(finding, leaves=tuple(leaves))


def test_explanations_come_to_the_engines_status(
    world: World, inventory: Inventory, policy: Policy
) -> None:
    """Every rule of every subject, satisfied and not applicable ones too."""
    use = world.use(policy)
    checked = 0
    for document, subject in documents(use, inventory):
        (evaluation,) = use.engine.evaluate([document])
        rules = [rule for rule in evaluation.statuses if rule != APPLIES]
        (why,) = use.engine.why([{**document, "why": dict.fromkeys(rules, True)}])
        for rule in rules:
            one = policy.rules_by_id[rule.partition("@")[0]]
            trees: dict[str, Any] = {**one.conditions, APPLIES: policy.applies_to(subject)}
            explained = explain_rule(trees, why.outcomes[rule], lambda _value, _scope: None)
            status, _, mark = evaluation.statuses[rule].partition("+")
            assert explained.status == status, (rule, document)
            if status == "satisfied":
                assert explained.by_otherwise == (mark == "by_documented_decision")
            checked += 1
    assert checked > 300


def documents(use: Any, inventory: Inventory) -> Any:
    from compliance.inventory.documents import DocumentBuilder

    builder = DocumentBuilder(inventory, use.bundle.reads, {}, use.bundle.measures)
    for kind in use.bundle.policy.subjects:
        for record in inventory.iterate(kind):
            yield builder.build(record), kind


def test_an_outline_says_the_same_as_the_whole_finding(made: Assessment) -> None:
    outlines = list(made.findings.notable())
    for outline in outlines:
        whole = outline.whole()
        assert outline.whole() == whole
        assert made.findings.get(whole.id) == whole
        for name in (
            "policy", "rule", "kind", "record", "status", "severity", "basis", "marks",
            "inheritance", "rules", "upcoming",
        ):  # fmt: skip
            assert getattr(outline, name) == getattr(whole, name), (whole.id, name)
        assert [outline.mark(mark.name) for mark in whole.marks] == list(whole.marks)
    told = {outline.whole().id for outline in outlines}
    quiet = [one for one in made.findings if one.id not in told]
    assert {one.status for one in quiet} == {SATISFIED, NOT_APPLICABLE}
    assert not any(one.marks or one.leaves or one.message for one in quiet)


def test_counts_and_missing_facts_are_those_of_the_whole_findings(made: Assessment) -> None:
    counted: Counter[tuple[object, ...]] = Counter()
    waiting: Counter[str] = Counter()
    for one in made.findings:
        marks = tuple(mark.name for mark in one.marks)
        counted[one.policy, one.severity, one.status, one.basis, marks] += 1
        if one.status == UNKNOWN and not one.upcoming:
            waiting.update({fact.path for fact in one.settling})
    assert counted == {
        (one.policy, one.severity, one.status, one.basis, one.marks): one.findings
        for one in made.summary.counts
    }
    assert waiting == {fact.path: fact.findings for fact in made.summary.missing_facts}


BUSINESS_ASSOCIATE: dict[str, Any] = {
    "id": "host", "data_types": ["ephi"], "is_government": False,
    "hipaa_relationship": "business_associate",
}  # fmt: skip
CONTRACT = {"status": "signed", "type": "contract", "executed_on": "2024-01-01", "document": "baa"}
NONE = {"status": "none", "type": "none", "executed_on": "none", "document": "none"}
CLAUSES = ("hipaa-164.504.e.2.", "hipaa-164.314.a.2.i.")


def of_vendor(world: World, policy: Policy, vendor: dict[str, Any]) -> Assessment:
    """The rules about vendors for one business associate."""
    rules = tuple(rule for rule in policy.rules if rule.subject == "vendor")
    values = {
        "agency": {"id": "a", "hipaa_roles": ["health_plan"], "complete": {"vendor": "2026-11-01"}},
        "vendors": [{**BUSINESS_ASSOCIATE, **vendor}],
        "documents": [{"id": "baa", "document_ref": "Shelf 2"}],
    }
    return assess(make_inventory(values), [world.use(replace(policy, rules=rules))])


@pytest.mark.parametrize("clauses", [None, dict.fromkeys(["access", "use_limits"], False)])
def test_a_missing_contract_is_no_gap_of_each_clause(
    world: World, policy: Policy, clauses: dict[str, bool] | None
) -> None:
    made = of_vendor(world, policy, {"baa": NONE, "baa_clauses": clauses})
    gaps = [one.rule for one in made.findings if one.status == "gap"]
    assert not [rule for rule in gaps if rule.startswith("clause-")]
    assert {"contract-concluded", "security-contract-concluded"} <= set(gaps)
    # Nothing that the law asks of the contract is lost with them.
    asked = {
        one.id: one.status for one in made.policies[0].requirements if one.id.startswith(CLAUSES)
    }
    assert len(asked) == 15
    assert set(asked.values()) == {"not_met"}


def test_a_clause_missing_from_a_contract_is_one_gap(world: World, policy: Policy) -> None:
    vendor = {"baa": CONTRACT, "baa_clauses": {"access": False}}
    made = of_vendor(world, policy, vendor)
    gaps = [one.rule for one in made.findings if one.status == "gap"]
    assert gaps == ["clause-access"]
    [access] = [one for one in made.policies[0].requirements if one.id.endswith("504.e.2.ii.E")]
    assert access.status == "not_met"
