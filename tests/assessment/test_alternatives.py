"""Requirements that replace one another, subject by subject."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from compliance.assessment.model import RequirementText
from tests.assessment.world import World, requirement, rule

S, G, U, N, E = "satisfied", "gap", "unknown", "not_applicable", "error"
STATUSES = (S, G, U, N)
PAIRS = tuple(itertools.product(STATUSES, STATUSES))
COMPLETE = {"id": "agency", "complete": {"vendor": "2026-01-01"}}

FACTS = {"contract": ("is_agent", "services"), "memo": ("is_government", "relationship_reason")}
"""The facts that make a rule apply to a vendor and hold for it, by requirement."""


def vendor_rule(name: str, **changes: Any) -> dict[str, Any]:
    applies, asked = FACTS[name]
    return rule(
        name, covers=[name], subject="vendor", when={f"vendor.{applies}": True},
        expect={f"vendor.{asked}": "there"}, **changes,
    )  # fmt: skip


def alternative(name: str, to: str, **changes: Any) -> dict[str, Any]:
    return requirement(name, designation="alternative", alternative_to=to, **changes)


def vendor(vendor_id: str, **statuses: str) -> dict[str, Any]:
    """A vendor for which the rules come out as given."""
    made: dict[str, Any] = {"id": vendor_id}
    for name, status in statuses.items():
        applies, asked = FACTS[name]
        made[applies] = status != N
        if status in (S, G):
            made[asked] = "there" if status == S else "not there"
    return made


REQUIREMENTS = [requirement("contract"), alternative("memo", "contract")]
RULES = (vendor_rule("contract"), vendor_rule("memo"))


def scored(
    world: World,
    *vendors: Mapping[str, Any],
    rules: tuple[dict[str, Any], ...] = RULES,
    requirements: list[dict[str, Any]] | None = None,
    faults: tuple[tuple[str, str], ...] = (),
) -> dict[str, RequirementText]:
    policy = world.policy(*rules, requirements=requirements or REQUIREMENTS)
    # The system keeps the run from being one in which no rule applied.
    inventory = {
        "agency": COMPLETE,
        "vendors": list(vendors),
        "systems": [{"id": "s", "mfa": True}],
    }
    made = world.assess(policy, inventory, faults=faults)
    return {one.id: one for one in made.policies[0].requirements}


HELD = {
    # status under the contract, under the memorandum: what it comes to for each of them
    (S, S): (S, S), (S, G): (S, S), (S, U): (S, S), (S, N): (S, N),
    (G, S): (S, S), (G, G): (G, G), (G, U): (U, U), (G, N): (G, N),
    (U, S): (S, S), (U, G): (U, U), (U, U): (U, U), (U, N): (U, N),
    (N, S): (S, S), (N, G): (G, G), (N, U): (U, U), (N, N): (N, N),
}  # fmt: skip
OUTCOMES = {S: "met", G: "not_met", U: "unknown", N: "not_applicable"}
OTHER = rule("other", covers=["other"])
WITH_OTHER = [*REQUIREMENTS, requirement("other")]


@pytest.mark.parametrize("own", PAIRS)
def test_one_subject(world: World, own: tuple[str, str]) -> None:
    one = vendor("v", contract=own[0], memo=own[1])
    made = scored(world, one, rules=(*RULES, OTHER), requirements=WITH_OTHER)
    contract, memo = HELD[own]
    # Where its own rules do not apply, the memorandum says nothing of the subject.
    assert made["contract"].subjects == {contract: 1}
    assert made["contract"].status == OUTCOMES[contract]
    assert made["memo"].subjects == {memo: 1}
    assert made["memo"].status == OUTCOMES[memo]


@pytest.mark.parametrize("private", STATUSES)
@pytest.mark.parametrize("government", PAIRS)
def test_two_subjects(world: World, private: str, government: tuple[str, str]) -> None:
    vendors = (
        vendor("private", contract=private, memo=N),
        vendor("state", contract=government[0], memo=government[1]),
    )
    made = scored(world, *vendors, rules=(*RULES, OTHER), requirements=WITH_OTHER)
    contract, memo = HELD[government]
    worst = next(one for one in (G, U, S, N) if one in (private, contract))
    assert made["contract"].status == OUTCOMES[worst]
    assert made["memo"].status == OUTCOMES[memo]
    assert sum(made["contract"].subjects.values()) == 2


def test_a_memorandum_of_one_vendor_does_not_replace_the_contract_of_another(
    world: World,
) -> None:
    made = scored(world, vendor("private", contract=G, memo=N), vendor("state", contract=G, memo=S))
    assert (made["contract"].status, made["contract"].subjects) == ("not_met", {G: 1, S: 1})
    assert (made["memo"].status, made["memo"].subjects) == ("met", {S: 1, N: 1})


class TestWords:
    def test_met_by_the_alternative(self, world: World) -> None:
        made = scored(
            world, vendor("private", contract=S, memo=N), vendor("state", contract=G, memo=S)
        )
        assert made["contract"].text == "met, by memo for 1 record"
        assert made["memo"].text == "met"

    def test_met_by_what_it_replaces(self, world: World) -> None:
        made = scored(world, vendor("a", contract=S, memo=G), vendor("b", contract=S, memo=U))
        assert made["memo"].text == "met, by contract for 2 records"

    def test_a_gap_that_the_alternative_may_settle(self, world: World) -> None:
        made = scored(world, vendor("a", contract=G, memo=U))
        assert made["contract"].text == "unknown: a gap unless met by memo for 1 record"
        assert made["memo"].text == "unknown"

    def test_other_unknowns_beside_it(self, world: World) -> None:
        made = scored(world, vendor("a", contract=G, memo=U), vendor("b", contract=U, memo=N))
        assert made["contract"].text == "unknown"

    def test_unknown_of_both(self, world: World) -> None:
        assert scored(world, vendor("a", contract=U, memo=U))["contract"].text == "unknown"


class TestErrors:
    def test_an_error_beside_a_satisfied_alternative(self, world: World) -> None:
        one = vendor("v", contract=G, memo=S)
        made = scored(world, one, faults=(("contract", "v"),))
        assert (made["contract"].status, made["memo"].status) == ("met", "met")

    @pytest.mark.parametrize("memo", [G, U, N])
    def test_an_error_stays_in_sight(self, world: World, memo: str) -> None:
        one = vendor("v", contract=G, memo=memo)
        made = scored(world, one, faults=(("contract", "v"),))
        assert (made["contract"].status, made["contract"].subjects) == ("unknown", {E: 1})


class TestSeveral:
    """Two alternatives to one requirement, and an alternative to an alternative."""

    RULES = (
        *RULES,
        rule("law", covers=["law"], subject="vendor", when={"vendor.is_government": True},
             expect={"vendor.is_subrecipient": False}),
    )  # fmt: skip

    @pytest.mark.parametrize("to", ["contract", "memo"])
    @pytest.mark.parametrize(
        ("contract", "memo", "law", "status"),
        [
            (G, G, True, "met"), (G, S, False, "met"), (G, G, False, "not_met"),
            (G, U, False, "unknown"), (G, G, None, "unknown"), (N, G, True, "met"),
            (S, G, False, "met"), (U, U, True, "met"),
        ],
    )  # fmt: skip
    def test_any_met_is_met(
        self, world: World, to: str, contract: str, memo: str, law: bool | None, status: str
    ) -> None:
        one = vendor("v", contract=contract, memo=memo)
        if law is not None:
            one["is_subrecipient"] = not law
        requirements = [*REQUIREMENTS, alternative("law", to)]
        made = scored(world, one, rules=self.RULES, requirements=requirements)
        assert {name: found.status for name, found in made.items()} == dict.fromkeys(made, status)

    def test_alternatives_that_name_each_other(self, world: World) -> None:
        requirements = [alternative("contract", "memo"), alternative("memo", "contract")]
        made = scored(world, vendor("v", contract=N, memo=S), requirements=requirements)
        assert (made["contract"].status, made["memo"].status) == ("met", "met")


class TestWhatDoesNotCount:
    def test_an_alternative_not_yet_in_force(self, world: World) -> None:
        later = [
            requirement("contract"), alternative("memo", "contract", in_force_from="2027-01-01"),
        ]  # fmt: skip
        made = scored(world, vendor("v", contract=G, memo=S), requirements=later)
        assert made["contract"].status == "not_met"
        assert made["memo"].upcoming

    def test_an_alternative_no_longer_in_force(self, world: World) -> None:
        # Its rule still covers another requirement, so that it has statuses.
        requirements = [
            *[requirement("contract"), alternative("memo", "contract", until="2025-12-31")],
            requirement("kept"),
        ]
        rules = (RULES[0], {**RULES[1], "covers": ["memo", "kept"]})
        made = scored(
            world, vendor("v", contract=G, memo=S), rules=rules, requirements=requirements
        )
        assert (made["contract"].status, made["kept"].status) == ("not_met", "met")
        assert made["memo"].status == "not_applicable"

    def test_an_alternative_that_only_weaker_rules_check(self, world: World) -> None:
        rules = (RULES[0], vendor_rule("memo", basis="bureau"))
        made = scored(world, vendor("v", contract=G, memo=S), rules=rules)
        assert (made["contract"].status, made["memo"].status) == ("not_met", "not_assessable")

    def test_a_requirement_without_rules_is_not_met_by_its_alternative(self, world: World) -> None:
        requirements = [
            requirement("contract", assessable="no", not_assessable="Only a reader can tell."),
            alternative("memo", "contract"),
        ]
        made = scored(world, vendor("v", memo=S), rules=(RULES[1],), requirements=requirements)
        assert (made["contract"].status, made["memo"].status) == ("not_assessable", "met")

    def test_subjects_of_a_kind_the_requirement_is_not_about(self, world: World) -> None:
        rules = (RULES[0], rule("memo", covers=["memo"]))
        made = scored(world, vendor("v", contract=G, memo=N), rules=rules)
        assert (made["contract"].status, made["contract"].subjects) == ("not_met", {G: 1})
        assert (made["memo"].status, made["memo"].subjects) == ("met", {S: 1})


class TestValuesOfWeakerBasis:
    """A gap that a value of weaker basis makes leaves the requirement open."""

    REQUIREMENTS = [requirement("a"), alternative("b", "a")]  # noqa: RUF012
    RULES = (
        rule("a", covers=["a"],
             expect={"system.session_timeout_minutes": {"at_most": {"param": "m"}}}),
        rule("b", covers=["b"], expect={"system.mfa": True}),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("mfa", "status", "text"),
        [
            (True, "met", "met for the records listed, by b for 1 record"),
            (False, "unknown", "unknown: what falls short is a value of weaker basis"),
            (None, "unknown", "unknown"),
        ],
    )
    def test_beside_an_alternative(
        self, world: World, mfa: bool | None, status: str, text: str
    ) -> None:
        parameter = {
            "title": "M", "type": "integer", "stricter": "lower", "basis": "bureau", "default": 15,
        }  # fmt: skip
        policy = world.policy(
            *self.RULES, requirements=self.REQUIREMENTS, parameters={"m": parameter}
        )
        system = {"id": "s", "session_timeout_minutes": 20}
        made = world.assess(
            policy, {"systems": [system if mfa is None else {**system, "mfa": mfa}]}
        )
        one = made.policies[0].requirements[0]
        assert (one.status, one.text, one.weaker_subjects) == (status, text, {G: 1})
