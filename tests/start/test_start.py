"""First questions, what binds, what is not covered, and what to list: on the shipped policies."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from compliance import resources
from compliance.assessment.evaluate import PolicyUse
from compliance.inventory.kinds import Kind, load_kinds
from compliance.inventory.load import load_values
from compliance.inventory.store import Inventory
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.conditions import Group, Leaf, Literal
from compliance.policy.model import Policy
from compliance.policy.registry import open_registry
from compliance.start.answering import (
    AnswerError,
    agency_content,
    read_answer,
    read_id,
    suggested_id,
)
from compliance.start.binding import BINDS, DOES_NOT_BIND, UNDECIDED, Binding, bindings
from compliance.start.choosing import choose, is_needed
from compliance.start.questions import questions, start_facts
from compliance.start.summary import Outcome, next_steps, summary
from compliance.start.uncovered import uncovered
from compliance_cli import objects

KINDS = load_kinds(resources.schemas() / "inventory")
AGENCY: Kind = KINDS["agency"]
DAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def bundles() -> list[Bundle]:
    registry = open_registry()
    return [load_bundle(registry.newest(policy)) for policy in ("hipaa", "hipaa-nprm-2025")]


@pytest.fixture(scope="module")
def policies(bundles: list[Bundle]) -> list[Policy]:
    return [bundle.policy for bundle in bundles]


def inventory(**facts: Any) -> Inventory:
    found = load_values({"agency": {"id": "x", **facts}}, KINDS, DAY).inventory
    assert found is not None
    return found


def leaf(path: str, test: str, value: Any = None) -> Leaf:
    return Leaf("applies", path, test, "list", None if value is None else Literal(value))


# --- questions ---------------------------------------------------------------------------------


def test_about_ten_questions_are_asked_each_once(policies: list[Policy]) -> None:
    asked = questions(KINDS, policies)
    paths = [question.fact.path for question in asked]
    assert len(set(paths)) == len(paths) <= 10
    assert paths[:2] == ["name", "hipaa_roles"]
    assert asked[1].decides == tuple(policy.title for policy in policies)
    for question in asked:
        assert question.fact.question
        assert question.fact.labels or not question.fact.enum


def test_what_a_policy_names_is_asked_and_else_what_its_condition_reads(
    policies: list[Policy],
) -> None:
    policy = policies[0]
    named = replace(policy, start=("agency.employee_count", "agency.gone"))
    assert start_facts(named, KINDS) == ("agency.employee_count",)
    assert start_facts(replace(policy, start=()), KINDS) == ("agency.hipaa_roles",)
    assert start_facts(replace(policy, start=(), applies={}), KINDS) == ()


# --- what binds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "outcome"),
    [(["covered_entity"], BINDS), ([], DOES_NOT_BIND), (None, UNDECIDED)],
)
def test_the_engine_says_what_binds(bundles: list[Bundle], roles: Any, outcome: str) -> None:
    bundle = bundles[0]
    with objects.open_engine(bundle, objects.Engines()) as engine:
        (found,) = bindings(inventory(hipaa_roles=roles), [PolicyUse(bundle, engine, "x")])
    assert found.outcome == outcome
    assert [one.path for one in found.because or found.needs] == ["agency.hipaa_roles"]
    assert found.matters == (outcome != DOES_NOT_BIND)
    assert [one.path for one in found.needs] == (
        ["agency.hipaa_roles"] if outcome == UNDECIDED else []
    )


def test_without_a_condition_for_the_agency_a_policy_binds_every_agency(
    bundles: list[Bundle],
) -> None:
    bundle = replace(bundles[0], policy=replace(bundles[0].policy, applies={}))
    with objects.open_engine(bundles[0], objects.Engines()) as engine:
        (found,) = bindings(inventory(), [PolicyUse(bundle, engine, "x")])
    assert (found.outcome, found.because, found.needs) == (BINDS, (), ())


# --- what no rule set is about -----------------------------------------------------------------


def test_members_that_no_rule_set_names_are_told(policies: list[Policy]) -> None:
    found = uncovered(
        inventory(data_types=["ephi", "fti", None], federal_programs=["snap"]), policies
    )
    assert [(one.fact.path, one.members) for one in found] == [
        ("data_types", ("fti",)),
        ("federal_programs", ("snap",)),
    ]
    assert uncovered(inventory(data_types=["ephi"]), policies) == ()
    assert uncovered(inventory(data_types=[], hipaa_roles=["health_plan"]), policies) == ()
    assert uncovered(inventory(central_it_services=["email"]), policies) == ()


@pytest.mark.parametrize(
    ("test", "value", "left"),
    [
        ("contains", "fti", ("pii",)),
        ("contains_any", ["fti", "pii"], ()),
        ("not_empty", None, ()),
        ("contains", "cji", ("fti", "pii")),
    ],
)
def test_a_condition_names_members_of_any_kind(
    policies: list[Policy], test: str, value: Any, left: tuple[str, ...]
) -> None:
    either = Group("applies", "any", (leaf("device.data_types_reached", test, value),))
    policy = replace(policies[0], applies={"device": either})
    found = uncovered(inventory(data_types=["fti", "pii"]), [policy])
    assert tuple(member for one in found for member in one.members) == left


# --- what to list ------------------------------------------------------------------------------


def test_kinds_and_facts_that_rules_read_are_chosen(policies: list[Policy]) -> None:
    choice = choose(KINDS, policies[:1], inventory().agency)
    names = [chosen.kind.name for chosen in choice.kinds]
    assert names[0] == "system"
    assert {"vendor", "device", "decision", "facility"} <= set(names)
    assert {"agency", "plan_item"}.isdisjoint(names)
    assert choice.left_out == ()
    system = choice.kinds[0]
    paths = [fact.path for fact in system.facts]
    assert paths[:3] == ["id", "name", "data_types"]
    assert "encryption_at_rest" in paths
    assert len(paths) < len([f for f in KINDS["system"].facts.values() if f.entered]) / 2
    assert all(fact.entered for chosen in choice.kinds for fact in chosen.facts)


def test_what_other_programs_know_a_record_by_has_a_column(policies: list[Policy]) -> None:
    offered = {
        chosen.kind.name: chosen.facts
        for chosen in choose(KINDS, policies, inventory().agency).kinds
    }
    paths = [fact.path for fact in offered["device"]]
    assert paths[:4] == ["id", "name", "asset_id", "serial"]
    assert not any(fact.identifies for fact in offered["system"])


def test_mobile_kinds_are_left_out_only_where_there_are_no_mobile_staff(
    policies: list[Policy],
) -> None:
    def left(**facts: Any) -> list[str]:
        choice = choose(KINDS, policies[:1], inventory(**facts).agency)
        return [kind.name for kind in choice.left_out]

    assert left(mobile={"workforce": False}) == ["app", "assignment"]
    assert left(mobile={"workforce": True}) == []
    assert left() == []


@pytest.mark.parametrize(
    ("services", "needed"), [(None, True), ([], False), (["email"], True), ([None], True)]
)
def test_what_depends_on_a_list_is_left_out_where_it_is_empty(services: Any, needed: bool) -> None:
    agency = inventory(central_it_services=services).agency
    assert is_needed("agency.central_it_services", agency) is needed
    assert is_needed(None, agency)


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("data_types", "ephi, PII", ["ephi", "pii"]),
        ("data_types", "1;2", ["ephi", "fti"]),
        ("data_types", " 1 , pii ", ["ephi", "pii"]),
        ("data_types", "none", []),
        ("data_types", "", None),
        ("data_types", "don't know", None),
        ("hipaa_roles", "Covered Entity", ["covered_entity"]),
        ("receives_hhs_funds", "Yes", True),
        ("receives_hhs_funds", "n", False),
        ("receives_hhs_funds", "unknown", None),
        ("name", "Department; of, Health", "Department; of, Health"),
        ("employee_count", "1,200", 1200),
        ("population_class", "2", "below_50000"),
    ],
)
def test_answers_are_taken_as_people_mean_them(path: str, text: str, value: Any) -> None:
    assert read_answer(AGENCY.facts[path], text, KINDS, DAY) == value


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("data_types", "ephii", "Did you mean ephi"),
        ("data_types", "12", "none of the values"),
        ("data_types", "0", "none of the values"),
        ("data_types", "ephi, ephi", "twice"),
        ("receives_hhs_funds", "maybe", "yes or no"),
        ("employee_count", "-1", "below 0"),
        ("name", "a\x00b", "."),
        ("name", "x" * 2001, "2001 characters"),
    ],
)
def test_other_answers_are_refused_with_what_could_stand(path: str, text: str, told: str) -> None:
    with pytest.raises(AnswerError) as error:
        read_answer(AGENCY.facts[path], text, KINDS, DAY)
    assert told in str(error.value)
    assert "\x00" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Department of Public Health", "dph"),
        ("Labor", "labor"),
        ("Office of the State Comptroller", "osc"),
        ("", ""),
        ("!?", ""),
        ("Éé", "ee"),
        ("Département de la Santé", "ddls"),
        ("公衆衛生", ""),
        ("The", ""),
        ("Agency 2", "a2"),
    ],
)
def test_an_id_is_suggested(name: str, suggested: str) -> None:
    assert suggested_id(name) == suggested
    if suggested:
        assert read_id(f" {suggested} ", KINDS, DAY) == suggested


@pytest.mark.parametrize("text", ["", "A b", "none", "x" * 101, "-x"])
def test_a_bad_id_is_refused(text: str) -> None:
    with pytest.raises(AnswerError, match="lasting name"):
        read_id(text, KINDS, DAY)


def test_only_what_was_answered_is_written_with_where_it_comes_from() -> None:
    content = agency_content("x", {"name": None, "mobile.workforce": False}, DAY, "CIO")
    said = {"source": "compliance start", "reported_on": "2026-11-23", "by": "CIO"}
    assert content == {"agency": {"id": "x", "mobile": {"workforce": {"value": False, **said}}}}
    loaded = load_values(content, KINDS, DAY)
    assert loaded.problems == ()


# --- what is told ------------------------------------------------------------------------------


def test_a_policy_decided_record_by_record_and_a_name_with_escapes(policies: list[Policy]) -> None:
    found = inventory(name="a\x1b[31mb")
    binding = Binding(policies[0], UNDECIDED)
    outcome = Outcome(found, (binding,), (), choose(KINDS, policies[:1], found.agency))
    text = "".join(summary(outcome)) + "".join(next_steps({"d/i.xlsx": "x"}, outcome, "d"))
    assert "cannot be told yet" in text
    assert "decided record by record" in text
    assert "\x1b" not in text
    assert text.endswith("compliance assess d\n")
