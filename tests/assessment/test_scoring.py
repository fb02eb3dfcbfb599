"""How requirements come out, and what providers' statements do to them, in whole assessments."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.assessment.model import Mark, RequirementText
from compliance.report.text import TextReport
from tests.assessment.world import World, found, requirement, rule

GAP, MET, OPEN = {"id": "g", "mfa": False}, {"id": "s", "mfa": True}, {"id": "u"}
COMPLETE = {"id": "agency", "complete": {"system": "2026-01-01", "device": "2026-01-01"}}


def scored(
    world: World,
    systems: list[dict[str, Any]],
    *rules: dict[str, Any],
    requirements: list[dict[str, Any]] | None = None,
    **inventory: Any,
) -> dict[str, RequirementText]:
    policy = world.policy(*(rules or (rule(),)), requirements=requirements)
    made = world.assess(policy, {"systems": systems, **inventory})
    return {one.id: one for one in made.policies[0].requirements}


@pytest.mark.parametrize(
    ("systems", "status"),
    [
        ([MET], "met"), ([MET, GAP], "not_met"), ([MET, OPEN], "unknown"),
        ([OPEN, GAP], "not_met"),
    ],
)  # fmt: skip
def test_every_subject_counts(world: World, systems: list[dict[str, Any]], status: str) -> None:
    assert scored(world, systems)["req-a"].status == status


def test_every_rule_counts(world: World) -> None:
    second = rule("r2", expect={"system.unique_user_ids": True})
    one = scored(world, [{**MET, "unique_user_ids": False}], rule(), second)["req-a"]
    assert (one.status, one.subjects, one.rules) == ("not_met", {"gap": 1}, ("r", "r2"))


def test_five_hundred_gaps_are_one_requirement(world: World) -> None:
    systems = [{"id": f"s{n}", "mfa": False} for n in range(500)]
    one = scored(world, systems)["req-a"]
    assert (one.status, one.subjects) == ("not_met", {"gap": 500})


def test_rules_of_weaker_basis_count_apart(world: World) -> None:
    weaker = rule("r2", basis="bureau", expect={"system.unique_user_ids": True})
    one = scored(world, [{**MET, "unique_user_ids": False}], rule(), weaker)["req-a"]
    assert (one.status, one.rules, one.weaker_rules) == ("met", ("r",), ("r2",))
    assert (one.subjects, one.weaker_subjects) == ({"satisfied": 1}, {"gap": 1})


def test_a_stronger_rule_counts_for_a_weaker_requirement(world: World) -> None:
    requirements = [requirement("req-a", basis="guidance")]
    rules = [rule(basis="law"), rule("r2", basis="guidance"), rule("r3", basis="practice")]
    one = scored(world, [GAP], *rules, requirements=requirements)["req-a"]
    assert (one.rules, one.weaker_rules) == (("r", "r2"), ("r3",))


def test_only_weaker_rules_assess_nothing(world: World) -> None:
    one = scored(world, [GAP], rule(basis="bureau"))["req-a"]
    assert (one.status, one.text) == (
        "not_assessable", "not assessable: only rules of weaker basis check it",
    )  # fmt: skip


class TestWords:
    def text(self, world: World, agency: dict[str, Any], **changes: Any) -> str:
        requirements = [requirement("req-a", **changes)]
        return scored(world, [MET], requirements=requirements, agency=agency)["req-a"].text

    def test_met(self, world: World) -> None:
        assert self.text(world, COMPLETE) == "met"

    def test_partly(self, world: World) -> None:
        assert self.text(world, COMPLETE, assessable="partly") == "met as far as an inventory shows"

    def test_of_a_list_that_may_not_be_complete(self, world: World) -> None:
        assert self.text(world, {"id": "agency"}) == "met for the records listed"

    def test_not_assessable(self, world: World) -> None:
        requirements = [
            requirement("req-a"),
            requirement("req-b", assessable="no", not_assessable="Only an interview shows it."),
        ]
        one = scored(world, [MET], requirements=requirements)["req-b"]
        assert (one.status, one.text, one.not_assessable) == (
            "not_assessable", "not assessable", "Only an interview shows it.",
        )  # fmt: skip


class TestMissingRecords:
    DEVICES = rule("d", subject="device", expect={"device.vpn": True})

    def test_no_record_is_not_met(self, world: World) -> None:
        one = scored(world, [MET], rule(), self.DEVICES)["req-a"]
        assert (one.status, one.text) == (
            "unknown", "unknown: no device is listed, and the list is not stated to be complete",
        )  # fmt: skip

    def test_no_record_of_a_complete_list_does_not_matter(self, world: World) -> None:
        assert scored(world, [MET], rule(), self.DEVICES, agency=COMPLETE)["req-a"].status == "met"

    def test_nothing_applicable(self, world: World) -> None:
        never = rule(when={"system.public_facing": True})
        systems = [{**GAP, "public_facing": False}]
        other = rule("x", covers=["req-b"])
        one = scored(world, systems, never, other, agency=COMPLETE)["req-a"]
        assert (one.status, one.subjects) == ("not_applicable", {"not_applicable": 1})


class TestInheritance:
    STATEMENT = {  # noqa: RUF012
        "provider": "vendor/it", "requirements": ["req-a"], "consumers": ["system/u", "system/s"],
        "extent": "full", "provider_status": "satisfied", "assessed_on": "2026-05-01",
        "expires_on": "2027-05-01", "by": "security officer",
    }  # fmt: skip

    def inventory(self, **changes: Any) -> dict[str, Any]:
        return {
            "systems": [GAP, MET, OPEN], "vendors": [{"id": "it"}],
            "inheritance": [{**self.STATEMENT, **changes}],
        }  # fmt: skip

    def test_an_unknown_takes_the_providers_status(self, world: World) -> None:
        made = world.assess(world.policy(rule()), self.inventory())
        one = found(made)["r system/u"]
        assert (one.evaluated, one.status) == ("unknown", "satisfied")
        assert one.marks == (Mark("inherited", provider="vendor/it"),)
        (note,) = one.inheritance
        assert (note.effect, note.valid, note.by) == ("satisfied", True, "security officer")
        assert note.position is not None
        assert made.policies[0].requirements[0].subjects == {"gap": 1, "satisfied": 2}
        assert made.summary.missing_facts == ()

    def test_own_satisfied_stays_and_names_the_statement(self, world: World) -> None:
        one = found(world.assess(world.policy(rule()), self.inventory()))["r system/s"]
        assert (one.status, one.marks) == ("satisfied", ())
        assert [note.effect for note in one.inheritance] == ["none"]

    def test_shared_leaves_it_unknown(self, world: World) -> None:
        made = world.assess(world.policy(rule()), self.inventory(extent="shared"))
        one = found(made)["r system/u"]
        assert (one.status, one.marks) == ("unknown", ())
        assert [fact.path for fact in one.settling] == ["system.mfa"]

    def test_the_report_names_a_statement_that_has_expired(self, world: World) -> None:
        made = world.assess(world.policy(rule()), self.inventory(expires_on="2026-06-30"))
        assert found(made)["r system/u"].status == "unknown"
        words = " ".join("".join(TextReport().render(made)).split())
        assert "The statement of vendor/it expired on 2026-06-30 [" in words
        assert "it would settle what is unknown for 1 rule of system/u." in words

    def test_a_providers_gap_is_a_gap(self, world: World) -> None:
        made = world.assess(world.policy(rule()), self.inventory(provider_status="gap"))
        assert found(made)["r system/u"].status == "gap"
        assert found(made)["r system/s"].status == "gap"
        assert made.policies[0].requirements[0].subjects == {"gap": 3}

    def test_a_provider_of_the_inventory_counts_by_its_own_findings(self, world: World) -> None:
        statement = {"provider": "system/g", "consumers": ["system/u"]}
        made = world.assess(world.policy(rule()), self.inventory(**statement))
        one = found(made)["r system/u"]
        assert (one.status, one.inheritance[0].provider_status) == ("gap", "gap")
        assert one.leaves == ()

    def test_a_providers_upcoming_gap_does_not_count(self, world: World) -> None:
        later = rule("later", in_force_from="2027-01-01")
        policy = world.policy(later, rule(expect={"system.unique_user_ids": True}))
        systems = [{"id": "g", "mfa": False, "unique_user_ids": True}, {"id": "u", "mfa": True}]
        statement = {**self.STATEMENT, "provider": "system/g", "consumers": ["system/u"]}
        made = world.assess(policy, {"systems": systems, "inheritance": [statement]})
        assert found(made)["r system/u"].status == "satisfied"

    def test_only_where_the_policy_is_known_to_apply(self, world: World) -> None:
        policy = world.policy(
            rule(), applies={"system": {"system.data_types": {"contains": "ephi"}}}
        )
        made = found(world.assess(policy, self.inventory(provider_status="gap")))
        assert made["applies system/u"].status == "unknown"
        assert "r system/u" not in made
        assert made["r system/s"].status == "satisfied"

    def test_a_requirement_that_is_not_listed(self, world: World) -> None:
        policy = world.policy(rule(covers=["req-a", "req-b"]))
        one = found(world.assess(policy, self.inventory()))["r system/u"]
        assert (one.status, one.inheritance) == ("unknown", ())
