"""Whole assessments: what becomes of the engine's statuses."""

from __future__ import annotations

import json

import pytest

from compliance.assessment.evaluate import NothingAppliedError, assess
from compliance.assessment.model import Count, Mark, Settling
from compliance.assessment.parameters import ParameterError
from compliance.report.text import TextReport
from tests.assessment.world import World, found, make_inventory, requirement, rule, statuses

NO, YES = {"id": "a", "mfa": False}, {"id": "b", "mfa": True}
OPEN = {"id": "c"}


def test_statuses_in_order(world: World) -> None:
    policy = world.policy(rule("r2"), rule("r1", when={"system.public_facing": True}))
    made = world.assess(policy, {"systems": [OPEN, {**YES, "public_facing": False}, NO]})
    assert statuses(made) == {
        "r1 system/a": "unknown", "r2 system/a": "gap",
        "r1 system/b": "not_applicable", "r2 system/b": "satisfied",
        "r1 system/c": "unknown", "r2 system/c": "unknown",
    }  # fmt: skip
    assert [one.id for one in made.findings][:2] == [
        "agency/pol/r1/system:a",
        "agency/pol/r2/system:a",
    ]
    assert len(made.findings) == 6
    assert [one.status for one in made.findings.open()] == ["unknown", "gap", "unknown", "unknown"]


def test_a_finding_is_looked_up_by_its_id(world: World) -> None:
    made = world.assess(world.policy(rule()), {"systems": [NO, YES]})
    for one in made.findings:
        assert made.findings.get(one.id) == one
    for wrong in (
        "agency/pol/r/system:x",
        "agency/pol/x/system:a",
        "other/pol/r/system:a",
        "",
        "a/b",
    ):
        assert made.findings.get(wrong) is None


def test_a_gap_says_what_was_expected_and_observed(world: World) -> None:
    system = {
        "id": "a",
        "name": "Payroll",
        "mfa": {
            "value": False,
            "source": "scanner",
            "reported_on": "2026-10-01",
            "assurance": "imported",
        },
    }
    (gap,) = world.assess(world.policy(rule()), {"systems": [system]}).findings
    assert (gap.name, gap.basis, gap.assurance) == ("Payroll", "law", "imported")
    assert gap.covers == ("req-a",)
    (leaf,) = gap.leaves
    assert (leaf.path, leaf.subject, leaf.test) == ("system.mfa", "system/a", "equals")
    assert (leaf.expected.text, leaf.expected.value) == ("true", True)
    assert (leaf.observed, leaf.state, leaf.outcome) == (False, "known", "false")
    assert leaf.position is not None
    assert leaf.provenance is not None
    assert (leaf.provenance.source, leaf.provenance.reported_on) == ("scanner", "2026-10-01")


def test_an_unknown_names_what_settles_it(world: World) -> None:
    policy = world.policy(
        rule(expect={"any": [{"system.mfa": True}, {"system.unique_user_ids": True}]})
    )
    inventory = {"systems": [{"id": "a", "mfa": False}, {"id": "b"}]}
    made = found(world.assess(policy, inventory))
    assert made["r system/a"].settling == (Settling("system.unique_user_ids", "system/a"),)
    assert made["r system/b"].settling == (
        Settling("system.mfa", "system/b"), Settling("system.unique_user_ids", "system/b"),
    )  # fmt: skip


def test_a_wrong_value_is_told_from_a_missing_one(world: World) -> None:
    made = found(
        world.assess(world.policy(rule()), {"systems": [OPEN, {"id": "a", "mfa": "maybe"}]})
    )
    assert made["r system/a"].leaves[0].state == "wrong"
    assert made["r system/c"].leaves[0].state == "missing"
    assert made["r system/a"].settling == (Settling("system.mfa", "system/a"),)


def test_wrong_values_are_listed(world: World) -> None:
    made = world.assess(world.policy(rule()), {"systems": [{"id": "a", "mfa": "maybe"}]})
    (wrong,) = made.summary.wrong_values
    assert "mfa" in wrong.path


APPLIES = {"system": {"system.data_types": {"contains": "ephi"}}}


class TestApplies:
    def test_unknown_is_one_finding(self, world: World) -> None:
        policy = world.policy(
            rule("r1", severity="low"), rule("r2", severity="medium"),
            rule("r3", severity="critical", expect={"system.unique_user_ids": True}),
            applies=APPLIES,
        )  # fmt: skip
        system = {"id": "a", "mfa": False, "unique_user_ids": True}
        made = found(world.assess(policy, {"systems": [system]}))
        assert {name: one.status for name, one in made.items()} == {
            "applies system/a": "unknown", "r3 system/a": "satisfied",
        }  # fmt: skip
        one = made["applies system/a"]
        assert (one.severity, one.rules) == ("medium", ("r1", "r2"))
        assert one.settling == (Settling("system.data_types", "system/a"),)
        assert one.id == "agency/pol/applies/system:a"

    def test_unknown_with_nothing_waiting_still_is_one_finding(self, world: World) -> None:
        policy = world.policy(rule("r1", severity="low"), applies=APPLIES)
        made = found(world.assess(policy, {"systems": [{"id": "a", "mfa": True}]}))
        assert made["applies system/a"].status == "unknown"
        assert made["applies system/a"].rules == ()

    def test_false_is_one_finding_with_the_reason(self, world: World) -> None:
        policy = world.policy(rule("r1"), rule("r2", severity="low"), applies=APPLIES)
        systems = [{"id": "a", "data_types": ["pii"]}, {"id": "b", "data_types": ["ephi"]}]
        made = found(world.assess(policy, {"systems": systems}))
        one = made["applies system/a"]
        assert [name for name in made if name.endswith("/a")] == ["applies system/a"]
        assert one.status == "not_applicable"
        assert one.message == (
            "Policy applies to records of the kind system where system.data_types: containing ephi."
        )
        assert [(leaf.observed, leaf.outcome) for leaf in one.leaves] == [(["pii"], "false")]

    def test_true_leaves_no_finding_of_its_own(self, world: World) -> None:
        policy = world.policy(rule(), applies=APPLIES)
        made = world.assess(policy, {"systems": [{**YES, "data_types": ["ephi"]}]})
        assert statuses(made) == {"r system/b": "satisfied"}

    def test_counts_to_how_many_a_policy_applies(self, world: World) -> None:
        policy = world.policy(
            rule(), rule("d", subject="device", expect={"device.vpn": True}), applies=APPLIES
        )
        systems = [{**YES, "data_types": ["ephi"]}, {"id": "x", "data_types": []}, {"id": "y"}]
        made = world.assess(policy, {"systems": systems, "devices": [{"id": "d1", "vpn": True}]})
        assert made.policies[0].applies == {
            "system": {"true": 1, "false": 1, "unknown": 1},
            "device": {"true": 1, "false": 0, "unknown": 0},
        }

    def test_upcoming_when_only_rules_not_in_force_wait(self, world: World) -> None:
        later = {"in_force_from": "2027-01-01"}
        policy = world.policy(rule("r1", **later), applies=APPLIES)
        made = found(world.assess(policy, {"systems": [{"id": "a", "mfa": False}]}))
        assert made["applies system/a"].marks == (Mark("upcoming", "2027-01-01"),)

    def test_the_agencys_answer_holds_for_kinds_not_named(self, world: World) -> None:
        policy = world.policy(
            rule(), applies={"agency": {"agency.hipaa_roles": {"not_empty": True}}}
        )
        inventory = {"agency": {"id": "agency"}, "systems": [NO]}
        one = found(world.assess(policy, inventory))["applies system/a"]
        assert one.settling == (Settling("agency.hipaa_roles", "agency/agency"),)


class TestWhy:
    def test_is_asked_only_where_the_tree_leaves_a_choice(self, world: World) -> None:
        two = [{"system.mfa": True}, {"system.unique_user_ids": True}]
        policy = world.policy(
            rule("one"), rule("any", expect={"any": two}), rule("all", expect={"all": two}),
            rule("when", when={"system.public_facing": True}),
            applies={"system": {"system.data_types": {"contains": "ephi"}}},
        )  # fmt: skip
        base = {"data_types": ["ephi"], "public_facing": True}
        systems = [
            {"id": "a", "mfa": True, "unique_user_ids": True, **base},
            {"id": "b", "mfa": False, "unique_user_ids": False, **base},
            {"id": "c", "mfa": True, **base},
            {"id": "d", **base},
        ]
        world.assess(policy, {"systems": systems})
        assert world.engines[0].asked == [
            ("b", ["all"]),
            ("c", ["all"]),
            ("d", ["all", "any", "when"]),
        ]

    def test_is_asked_for_the_policys_own_condition(self, world: World) -> None:
        either = {
            "any": [{"system.public_facing": True}, {"system.data_types": {"contains": "ephi"}}]
        }
        policy = world.policy(rule(), applies={"system": either})
        systems = [
            {"id": "a", "mfa": False, "public_facing": True},
            {"id": "b", "public_facing": False, "data_types": []},
            {"id": "c", "public_facing": False},
        ]
        made = found(world.assess(policy, {"systems": systems}))
        assert world.engines[0].asked == [("a", ["applies"]), ("c", ["applies"])]
        assert made["applies system/c"].settling == (Settling("system.data_types", "system/c"),)

    def test_a_fault_leaves_the_finding_without_leaves(self, world: World) -> None:
        two = {"all": [{"system.mfa": True}, {"system.unique_user_ids": True}]}
        made = world.assess(
            world.policy(rule(expect=two)), {"systems": [NO]}, faults=[("why r", "a")]
        )
        (one,) = made.findings
        assert (one.status, one.leaves, one.message) == ("gap", (), "No explanation.")


class TestErrors:
    def test_one_rule_of_one_subject(self, world: World) -> None:
        policy = world.policy(rule("r1"), rule("r2"))
        made = world.assess(policy, {"systems": [NO, YES]}, faults=[("r1", "a")])
        assert statuses(made) == {
            "r1 system/a": "error", "r2 system/a": "gap",
            "r1 system/b": "satisfied", "r2 system/b": "satisfied",
        }  # fmt: skip
        assert found(made)["r1 system/a"].message == "Out of fuel."
        assert made.policies[0].requirements[0].subjects == {"error": 1, "satisfied": 1}

    def test_whether_the_policy_applies(self, world: World) -> None:
        policy = world.policy(
            rule(), rule("s", expect={"system.unique_user_ids": True}), applies=APPLIES
        )
        system = {"id": "a", "mfa": False, "data_types": ["ephi"]}
        made = world.assess(policy, {"systems": [system]}, faults=[("applies", "a")])
        assert statuses(made) == {
            "applies system/a": "error", "r system/a": "gap", "s system/a": "unknown",
        }  # fmt: skip
        assert found(made)["s system/a"].settling == (
            Settling("system.unique_user_ids", "system/a"),
        )

    def test_a_record_that_cannot_be_counted(self, world: World) -> None:
        count = {"count": {"of": "device", "expect": {"device.vpn": True}, "at_least": 1}}
        policy = world.policy(rule(subject="agency", expect=count))
        made = world.assess(
            policy, {"devices": [{"id": "d1", "vpn": True}]}, faults=[("measures", "d1")]
        )
        (one,) = made.findings
        assert (one.status, one.message) == ("error", "device/d1: Out of fuel.")


class TestDates:
    def test_not_in_force_yet_is_upcoming(self, world: World) -> None:
        policy = world.policy(rule(in_force_from="2027-01-01"))
        made = world.assess(policy, {"systems": [NO, YES, OPEN]})
        assert statuses(made) == {
            "r system/a": "gap", "r system/b": "satisfied", "r system/c": "unknown",
        }  # fmt: skip
        assert [bool(one.upcoming) for one in made.findings] == [True, False, True]
        assert found(made)["r system/a"].marks == (Mark("upcoming", "2027-01-01"),)
        assert made.summary.missing_facts == ()
        assert made.policies[0].rules[0].counts == {"satisfied": 1, "upcoming": 2}
        assert made.policies[0].requirements[0].text == "not assessable: no rule in force checks it"

    def test_in_force_on_its_day(self, world: World) -> None:
        made = world.assess(world.policy(rule(in_force_from="2026-11-23")), {"systems": [NO]})
        assert not found(made)["r system/a"].marks

    def test_not_sanctionable_yet_is_a_gap_marked_so(self, world: World) -> None:
        made = world.assess(
            world.policy(rule(sanctioned_from="2027-01-01")), {"systems": [NO, OPEN]}
        )
        assert found(made)["r system/a"].marks == (Mark("not_sanctionable_until", "2027-01-01"),)
        assert found(made)["r system/c"].marks == ()
        assert made.policies[0].requirements[0].status == "not_met"

    def test_over_is_not_applicable(self, world: World) -> None:
        made = world.assess(
            world.policy(rule("old", until="2026-11-22"), rule()), {"systems": [NO]}
        )
        one = found(made)["old system/a"]
        assert (one.status, one.evaluated) == ("not_applicable", "gap")
        assert one.message == "The rule is no longer in force after 2026-11-22."

    def test_dates_of_requirements(self, world: World) -> None:
        policy = world.policy(
            rule(), requirements=[requirement("req-a", in_force_from="2027-01-01")]
        )
        made = world.assess(policy, {"systems": [NO]})
        assert found(made)["r system/a"].marks == (Mark("upcoming", "2027-01-01"),)
        (one,) = made.policies[0].requirements
        assert (one.upcoming, one.status) == (True, "not_met")

    def test_a_proposed_policy_is_only_ever_upcoming(self, world: World) -> None:
        made = world.assess(world.policy(rule(), binding="proposed"), {"systems": [NO, OPEN]})
        assert all(one.marks == (Mark("upcoming"),) for one in made.findings)
        assert made.policies[0].requirements[0].upcoming

    def test_exceptions_never_yield_a_gap(self, world: World) -> None:
        policy = world.policy(rule(), requirements=[requirement("req-a", designation="exception")])
        made = world.assess(policy, {"systems": [NO, OPEN, YES]})
        assert statuses(made) == {
            "r system/a": "not_applicable", "r system/b": "satisfied", "r system/c": "unknown",
        }  # fmt: skip
        assert found(made)["r system/a"].evaluated == "gap"


IDLE = {
    "title": "Idle", "type": "integer", "stricter": "lower", "basis": "bureau", "default": 15,
    "unit": "minutes", "values": [{"value": 10, "in_force_from": "2027-01-01", "basis": "law"}],
}  # fmt: skip
TIMEOUT = rule(expect={"system.session_timeout_minutes": {"at_most": {"param": "idle"}}})


class TestParameters:
    def assessed(
        self, world: World, minutes: int | None, choices: dict[str, int] | None = None
    ) -> dict[str, tuple[str, str, tuple[Mark, ...]]]:
        policy = world.policy(TIMEOUT, parameters={"idle": IDLE})
        system = {"id": "a"} if minutes is None else {"id": "a", "session_timeout_minutes": minutes}
        made = world.assess(policy, {"systems": [system]}, choices=choices)
        return {one.rule: (one.status, one.basis, one.marks) for one in made.findings}

    def test_a_coming_value_is_upcoming(self, world: World) -> None:
        assert self.assessed(world, 12) == {
            "r": ("satisfied", "bureau", ()),
            "r@2027-01-01": ("gap", "law", (Mark("upcoming", "2027-01-01"),)),
        }

    @pytest.mark.parametrize(
        ("minutes", "status", "basis"),
        [(20, "gap", "bureau"), (5, "satisfied", "bureau"), (None, "unknown", "bureau")],
    )
    def test_the_same_failure_is_told_once(
        self, world: World, minutes: int | None, status: str, basis: str
    ) -> None:
        assert self.assessed(world, minutes) == {"r": (status, basis, ())}

    def test_a_chosen_value_is_in_force(self, world: World) -> None:
        assert self.assessed(world, 12, {"idle": 11})["r"] == ("gap", "practice", ())

    def test_a_laxer_choice_is_refused(self, world: World) -> None:
        with pytest.raises(ParameterError, match="lower is stricter"):
            self.assessed(world, 12, {"idle": 16})

    def test_a_coming_value_that_has_come_is_no_version_of_its_own(self, world: World) -> None:
        values = [{"value": 10, "in_force_from": "2026-11-23", "basis": "law"}]
        policy = world.policy(TIMEOUT, parameters={"idle": {**IDLE, "values": values}})
        made = world.assess(policy, {"systems": [{"id": "a", "session_timeout_minutes": 12}]})
        assert [(one.rule, one.status, one.basis) for one in made.findings] == [("r", "gap", "law")]

    def test_leaves_and_reports_show_the_value_in_force(self, world: World) -> None:
        policy = world.policy(TIMEOUT, parameters={"idle": IDLE})
        made = world.assess(policy, {"systems": [{"id": "a", "session_timeout_minutes": 20}]})
        (leaf,) = found(made)["r system/a"].leaves
        assert (leaf.expected.text, leaf.expected.value, leaf.expected.parameter) == (
            "at most 15 minutes", 15, "idle",
        )  # fmt: skip
        (text,) = made.policies[0].parameters
        assert (text.value, text.chosen, text.upcoming) == (15, False, (("2027-01-01", 10),))

    def test_the_report_says_that_a_value_is_the_agencys_own(self, world: World) -> None:
        policy = world.policy(TIMEOUT, parameters={"idle": IDLE})
        system = {"id": "a", "session_timeout_minutes": 12}
        made = world.assess(policy, {"systems": [system]}, choices={"idle": 11})
        words = " ".join("".join(TextReport().render(made)).split())
        assert (
            "Gap against the agency's own value (Idle: 11 minutes; the policy's: 15 minutes) for "
            "req-a. Rule pol/r" in words
        )

    def test_a_gap_of_a_weaker_value_leaves_the_requirement_open(self, world: World) -> None:
        policy = world.policy(TIMEOUT, parameters={"idle": IDLE})
        made = world.assess(policy, {"systems": [{"id": "a", "session_timeout_minutes": 20}]})
        (one,) = made.policies[0].requirements
        assert (one.status, one.subjects, one.weaker_subjects) == (
            "unknown", {"unknown": 1}, {"gap": 1},
        )  # fmt: skip
        assert one.text == "unknown: what falls short is a value of weaker basis"


OTHERWISE = {"mark": "by_documented_decision", "expect": {"system.unique_user_ids": True}}


class TestMarksOfRules:
    def test_by_documented_decision(self, world: World) -> None:
        policy = world.policy(rule(otherwise=OTHERWISE))
        systems = [
            {**NO, "unique_user_ids": True},
            {"id": "b", "mfa": True},
            {"id": "c", "mfa": False},
        ]
        made = world.assess(policy, {"systems": systems})
        marks = {name: [mark.name for mark in one.marks] for name, one in found(made).items()}
        assert marks == {
            "r system/a": ["by_documented_decision"], "r system/b": [], "r system/c": [],
        }  # fmt: skip
        counts = {(one.status, one.marks): one.findings for one in made.summary.counts}
        assert counts == {
            ("unknown", ()): 1, ("satisfied", ()): 1, ("satisfied", ("by_documented_decision",)): 1,
        }  # fmt: skip
        assert made.policies[0].requirements[0].documented_decisions == 1

    def test_outer_limit(self, world: World) -> None:
        made = world.assess(world.policy(rule(outer_limit=True)), {"systems": [YES, NO]})
        assert found(made)["r system/b"].marks == (Mark("outer_limit_only"),)
        assert found(made)["r system/a"].marks == ()
        assert made.policies[0].requirements[0].outer_limits == 1


def test_nothing_applied_is_refused(world: World) -> None:
    policy = world.policy(rule(), applies=APPLIES)
    for systems in ([], [{"id": "a", "data_types": []}]):
        with pytest.raises(NothingAppliedError, match=f"pol 1.0.0.*{len(systems)} system"):
            world.assess(policy, {"systems": systems})


def test_several_policies_are_merged_in_order(world: World) -> None:
    one = world.policy(rule("z"), id="zeta")
    two = world.policy(rule("a", expect={"system.unique_user_ids": True}), id="alpha")
    made = assess(make_inventory({"systems": [YES, NO]}), [world.use(one), world.use(two)])
    assert [one.id for one in made.findings] == [
        "agency/alpha/a/system:a", "agency/zeta/z/system:a",
        "agency/alpha/a/system:b", "agency/zeta/z/system:b",
    ]  # fmt: skip
    assert [policy.id for policy in made.policies] == ["alpha", "zeta"]


def test_documents_come_in_batches(world: World) -> None:
    systems = [{"id": f"s{number:03d}", "mfa": True} for number in range(450)]
    made = world.assess(world.policy(rule()), {"systems": systems})
    assert world.engines[0].batches == [200, 200, 50]
    assert made.summary.counts == (Count("pol", "high", "satisfied", "law", (), 450),)


def test_metadata(world: World) -> None:
    inventory = {"agency": {"id": "agency", "name": "The Agency"}, "systems": [YES]}
    made = world.assess(world.policy(rule()), inventory)
    assert (made.metadata.agency, made.metadata.agency_name) == ("agency", "The Agency")
    assert (made.metadata.as_of, made.metadata.subjects) == (
        "2026-11-23",
        {"agency": 1, "system": 1},
    )
    (policy,) = made.policies
    assert (policy.engine, policy.selected, list(policy.digests)) == (
        "oracle", "named by a test", ["bundle"],
    )  # fmt: skip
    assert [(group.requirements, group.source_count) for group in policy.extent] == [(1, 2)]
    assert made.metadata.facts["system.mfa"].question.endswith("?")
    json.dumps(policy.sources)


def test_missing_facts_are_grouped(world: World) -> None:
    policy = world.policy(
        rule("r1", severity="low"), rule("r2", severity="critical"),
        rule("r3", severity="medium", expect={"system.unique_user_ids": True}),
    )  # fmt: skip
    made = world.assess(policy, {"systems": [{"id": "a"}, {"id": "b", "unique_user_ids": False}]})
    first, second = made.summary.missing_facts
    assert (first.path, first.severity, first.findings) == ("system.mfa", "critical", 4)
    assert first.subjects == ("system/a", "system/b")
    assert first.rules == ("pol/r1", "pol/r2")
    assert first.question
    assert first.asked_of
    assert (second.path, second.findings) == ("system.unique_user_ids", 1)
