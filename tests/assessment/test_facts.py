"""The facts that settle unknowns and that gaps name: links, lists, totals, sensitive values."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.assessment.model import Finding, Leaf, Settling
from tests.assessment.world import World, found, rule

ALL_VENDORS = {
    "every": {
        "in": "system.vendors",
        "where": {"vendor.data_types": {"contains": "ephi"}},
        "expect": {"vendor.baa.status": "signed"},
    }
}


REGO = """package compliance.pol.rules.r

expect_true if input.system.mfa

expect_false if not input.system.mfa
"""


def one(world: World, expect: Any, inventory: dict[str, Any], **changes: Any) -> Finding:
    """The finding of the one rule for system/a, or for the agency."""
    made = found(world.assess(world.policy(rule(expect=expect, **changes)), inventory))
    subject = {"agency": "agency/agency"}.get(changes.get("subject", ""), "system/a")
    return made[f"r {subject}"]


def settles(finding: Finding) -> list[tuple[str, str]]:
    assert finding.status == "unknown"
    return [(fact.path, fact.subject) for fact in finding.settling]


def leaves(finding: Finding) -> list[tuple[str, str, Any, str]]:
    return [(leaf.path, leaf.subject, leaf.observed, leaf.outcome) for leaf in finding.leaves]


class TestLinks:
    def test_a_gap_names_the_record_that_makes_it(self, world: World) -> None:
        vendors = [
            {"id": "v1", "data_types": ["ephi"], "baa": {"status": "none"}},
            {"id": "v2", "data_types": ["ephi"], "baa": {"status": "signed"}},
        ]
        systems = [{"id": "a", "vendors": ["v1", "v2"]}]
        gap = one(world, ALL_VENDORS, {"systems": systems, "vendors": vendors})
        assert gap.status == "gap"
        assert leaves(gap) == [
            ("vendor.data_types", "vendor/v1", ["ephi"], "true"),
            ("vendor.baa.status", "vendor/v1", "none", "false"),
        ]

    def test_an_unknown_names_the_linked_records_facts(self, world: World) -> None:
        vendors = [{"id": "v1", "data_types": ["ephi"]}, {"id": "v2"}]
        systems = [{"id": "a", "vendors": ["v1", "v2"]}]
        unknown = one(world, ALL_VENDORS, {"systems": systems, "vendors": vendors})
        assert settles(unknown) == [
            ("vendor.baa.status", "vendor/v1"), ("vendor.baa.status", "vendor/v2"),
            ("vendor.data_types", "vendor/v2"),
        ]  # fmt: skip

    @pytest.mark.parametrize("vendors", [{}, {"vendors": None}])
    def test_an_absent_link_settles(self, world: World, vendors: dict[str, Any]) -> None:
        unknown = one(world, ALL_VENDORS, {"systems": [{"id": "a", **vendors}]})
        assert settles(unknown) == [("system.vendors", "system/a")]
        (leaf,) = unknown.leaves
        assert (leaf.test, leaf.state, leaf.observed) == ("every", "missing", None)

    def test_some_that_finds_none_shows_the_list(self, world: World) -> None:
        expect = {"some": {"in": "system.vendors", "expect": {"vendor.baa.status": "signed"}}}
        gap = one(world, expect, {"systems": [{"id": "a", "vendors": []}]})
        assert leaves(gap) == [("system.vendors", "system/a", [], "false")]
        assert gap.leaves[0].expected.text == "in at least one vendor.baa.status: signed"

    def test_an_element_by_another_name(self, world: World) -> None:
        expect = {
            "every": {"in": "system.vendors", "as": "provider",
                      "expect": {"provider.baa.status": "signed"}}
        }  # fmt: skip
        inventory = {"systems": [{"id": "a", "vendors": ["v1"]}], "vendors": [{"id": "v1"}]}
        assert settles(one(world, expect, inventory)) == [("vendor.baa.status", "vendor/v1")]


class TestReverseLists:
    EXPECT = {"some": {"in": "system.decisions", "expect": {"decision.outcome": "alternative"}}}  # noqa: RUF012

    def test_the_date_of_completeness_settles(self, world: World) -> None:
        unknown = one(world, self.EXPECT, {"systems": [{"id": "a"}]})
        assert settles(unknown) == [("agency.complete.decision", "agency/agency")]

    def test_a_record_that_states_no_link_settles_as_well(self, world: World) -> None:
        decisions = [{"id": "d1"}, {"id": "d2", "about": "system/a", "outcome": "implement"}]
        agency = {"id": "agency", "complete": {"decision": "2026-01-01"}}
        inventory = {"agency": agency, "systems": [{"id": "a"}], "decisions": decisions}
        assert settles(one(world, self.EXPECT, inventory)) == [("decision.about", "decision/d1")]

    def test_a_date_to_come_does_not_count(self, world: World) -> None:
        agency = {"id": "agency", "complete": {"decision": "2026-11-24"}}
        unknown = one(world, self.EXPECT, {"agency": agency, "systems": [{"id": "a"}]})
        assert settles(unknown) == [("agency.complete.decision", "agency/agency")]

    def test_complete_and_empty_is_a_gap(self, world: World) -> None:
        agency = {"id": "agency", "complete": {"decision": "2026-01-01"}}
        gap = one(world, self.EXPECT, {"agency": agency, "systems": [{"id": "a"}]})
        assert leaves(gap) == [("system.decisions", "system/a", [], "false")]

    def test_records_of_the_agency(self, world: World) -> None:
        expect = {"every": {"in": "agency.systems", "expect": {"system.mfa": True}}}
        unknown = one(world, expect, {"systems": [{"id": "a"}]}, subject="agency")
        assert settles(unknown) == [
            ("agency.complete.system", "agency/agency"), ("system.mfa", "system/a"),
        ]  # fmt: skip

    def test_a_link_to_all_of_a_kind_waits_for_its_completeness(self, world: World) -> None:
        expect = {
            "every": {"in": "decision.about", "expect": {"decision.rationale": {"exists": True}}}
        }
        policy = world.policy(
            rule(subject="decision", expect={"decision.about": {"length_at_most": 5}})
        )
        assert expect
        decisions = [{"id": "d", "about": {"all": "system"}}]
        made = found(world.assess(policy, {"decisions": decisions, "systems": [{"id": "a"}]}))
        assert settles(made["r decision/d"]) == [("agency.complete.system", "agency/agency")]


class TestDerived:
    EXPECT = {"device.data_types_reached": {"not_contains": "ephi"}}  # noqa: RUF012

    def device(self, world: World, device: dict[str, Any], **others: Any) -> Finding:
        policy = world.policy(rule(subject="device", expect=self.EXPECT))
        made = found(world.assess(policy, {"devices": [{"id": "d", **device}], **others}))
        return made["r device/d"]

    def test_what_it_is_made_of_settles(self, world: World) -> None:
        unknown = self.device(
            world, {"systems": ["a"], "apps": []}, systems=[{"id": "a"}, {"id": "b"}]
        )
        names = settles(unknown)
        assert ("system.data_types", "system/a") in names
        assert ("system.data_types", "system/b") not in names
        assert ("device.apps", "device/d") not in names
        assert all(path != "device.data_types_reached" for path, _ in names)

    def test_a_gap_shows_the_members_known(self, world: World) -> None:
        systems = [{"id": "a", "data_types": ["ephi"]}]
        gap = self.device(world, {"systems": ["a"]}, systems=systems)
        assert leaves(gap) == [("device.data_types_reached", "device/d", ["ephi"], "false")]


class TestMembers:
    def test_of_a_plain_list(self, world: World) -> None:
        expect = {
            "every": {"in": "system.tls_versions", "expect": {"item": {"in": ["1.2", "1.3"]}}}
        }
        gap = one(world, expect, {"systems": [{"id": "a", "tls_versions": ["1.2", "1.0"]}]})
        (leaf,) = gap.leaves
        assert (leaf.path, leaf.observed, leaf.element) == ("system.tls_versions", "1.0", "1")
        assert leaf.expected.text == "1.2 or 1.3"

    def test_an_unknown_member(self, world: World) -> None:
        expect = {
            "every": {"in": "system.tls_versions", "expect": {"item": {"in": ["1.2", "1.3"]}}}
        }
        unknown = one(world, expect, {"systems": [{"id": "a", "tls_versions": ["1.2", 5]}]})
        assert unknown.settling == (Settling("system.tls_versions", "system/a", "1"),)
        assert unknown.leaves[0].state == "wrong"

    def test_of_embedded_objects(self, world: World) -> None:
        expect = {"none": {"in": "system.software", "expect": {"item.eol_on": {"before": "as_of"}}}}
        software = [
            {"name": "x", "eol_on": "2030-01-01"},
            {"name": "y"},
            {"name": "z", "eol_on": "2020-01-01"},
        ]
        gap = one(world, expect, {"systems": [{"id": "a", "software": software}]})
        (leaf,) = gap.leaves
        assert (leaf.path, leaf.observed, leaf.element) == (
            "system.software.eol_on",
            "2020-01-01",
            "2",
        )
        assert leaf.expected.text == "before 2026-11-23"
        assert leaf.position is not None
        unknown = one(world, expect, {"systems": [{"id": "a", "software": software[:2]}]})
        assert unknown.settling == (Settling("system.software.eol_on", "system/a", "1"),)

    def test_a_list_of_objects_is_shown_by_its_size(self, world: World) -> None:
        expect = {"count": {"in": "system.software", "at_least": 3}}
        gap = one(world, expect, {"systems": [{"id": "a", "software": [{"name": "x"}]}]})
        assert leaves(gap) == [("system.software", "system/a", 1, "false")]
        assert gap.leaves[0].expected.text == "at least 3 (count of system.software)"

    def test_a_list_with_an_unknown_member_settles(self, world: World) -> None:
        expect = {"system.tls_versions": {"subset_of": ["1.2"]}}
        unknown = one(world, expect, {"systems": [{"id": "a", "tls_versions": ["1.2", None]}]})
        assert settles(unknown) == [("system.tls_versions", "system/a")]


class TestTotals:
    SHARE = {  # noqa: RUF012
        "share": {
            "of": "device", "where": {"device.ownership": "agency"},
            "expect": {"device.encryption.full_disk": True}, "at_least": 0.9,
        }
    }  # fmt: skip
    COMPLETE = {"id": "agency", "complete": {"device": "2026-01-01"}}  # noqa: RUF012

    def devices(self, *full_disk: bool | None) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for number, value in enumerate(full_disk):
            known = {} if value is None else {"encryption": {"full_disk": value}}
            made.append({"id": f"d{number}", "ownership": "agency", **known})
        return made

    def test_a_gap_shows_the_counts(self, world: World) -> None:
        inventory = {"agency": self.COMPLETE, "devices": self.devices(True, False)}
        gap = one(world, self.SHARE, inventory, subject="agency")
        (leaf,) = gap.leaves
        assert (leaf.path, leaf.subject, leaf.test) == ("device", "agency/agency", "share")
        assert leaf.observed == {"true": 1, "false": 1, "unknown": 0, "complete": True}
        assert leaf.expected.value == 0.9
        assert leaf.expected.text.startswith("at least 0.9 (share of device records where")
        assert gap.assurance == "asserted"

    def test_what_a_count_without_expectation_asks_is_worded_whole(self, world: World) -> None:
        inventory = {"agency": self.COMPLETE, "devices": self.devices(True)}
        counted = {"of": "device", "where": {"device.ownership": "byod"}, "at_least": 1}
        (leaf,) = one(world, {"count": counted}, inventory, subject="agency").leaves
        words = "at least 1 (count of device records where device.ownership: byod)"
        assert leaf.expected.text == words

    def test_an_unknown_names_each_records_facts_and_the_lists_completeness(
        self, world: World
    ) -> None:
        devices = [*self.devices(True, None), {"id": "d9", "encryption": {"full_disk": False}}]
        unknown = one(world, self.SHARE, {"devices": devices}, subject="agency")
        assert settles(unknown) == [
            ("agency.complete.device", "agency/agency"),
            ("device.encryption.full_disk", "device/d1"), ("device.ownership", "device/d9"),
        ]  # fmt: skip

    def test_no_record_and_complete_is_satisfied(self, world: World) -> None:
        assert (
            one(world, self.SHARE, {"agency": self.COMPLETE}, subject="agency").status
            == "satisfied"
        )

    def test_the_weakest_assurance_of_what_was_counted(self, world: World) -> None:
        known = {"value": True, "assurance": "imported", "source": "MDM"}
        device = {
            "id": "d",
            "ownership": known | {"value": "agency"},
            "encryption": {"full_disk": known},
        }
        inventory = {"agency": self.COMPLETE, "devices": [device]}
        assert one(world, self.SHARE, inventory, subject="agency").assurance == "imported"
        device["ownership"] = "agency"
        assert one(world, self.SHARE, inventory, subject="agency").assurance == "asserted"

    def test_a_bound_that_is_a_fact(self, world: World) -> None:
        expect = {
            "count": {"in": "system.vendors", "at_least": {"fact": "system.restoration_priority"}}
        }
        system: dict[str, Any] = {"id": "a", "vendors": ["v"]}
        inventory = {"systems": [system], "vendors": [{"id": "v"}]}
        assert settles(one(world, expect, inventory)) == [
            ("system.restoration_priority", "system/a")
        ]
        system["restoration_priority"] = 2
        gap = one(world, expect, inventory)
        assert gap.leaves[0].expected.text == (
            "at least system.restoration_priority (2) (count of system.vendors)"
        )


class TestRego:
    FACTS = ("system.mfa", "system.vendors.baa.status", "agency.hipaa_roles")

    def assessed(self, world: World, answer: tuple[bool | None, tuple[str, ...]]) -> Finding:
        written = rule(rego="written", facts=list(self.FACTS))
        del written["expect"]
        policy = world.policy(written, rego={"written.rego": REGO})
        system = {"id": "a", "mfa": False, "vendors": ["v1", "v2"]}
        vendors = [{"id": "v1"}, {"id": "v2", "baa": {"status": "signed"}}]
        inventory = {"systems": [system], "vendors": vendors}
        made = world.assess(policy, inventory, rego=lambda _node, _document: answer)
        return found(made)["r system/a"]

    def test_a_gap_shows_every_fact_it_reads(self, world: World) -> None:
        gap = self.assessed(world, (False, ()))
        assert [(leaf.path, leaf.subject, leaf.state) for leaf in gap.leaves] == [
            ("system.mfa", "system/a", "known"),
            ("system.vendors", "system/a", "known"),
            ("vendor.baa.status", "vendor/v1", "missing"),
            ("vendor.baa.status", "vendor/v2", "known"),
            ("agency.hipaa_roles", "agency/agency", "missing"),
        ]

    def test_an_unknown_names_what_the_rego_names(self, world: World) -> None:
        assert settles(self.assessed(world, (None, ("agency.hipaa_roles",)))) == [
            ("agency.hipaa_roles", "agency/agency")
        ]

    def test_or_else_all_that_is_missing(self, world: World) -> None:
        assert settles(self.assessed(world, (None, ()))) == [
            ("agency.hipaa_roles", "agency/agency"), ("vendor.baa.status", "vendor/v1"),
        ]  # fmt: skip


class TestComparedFacts:
    EXPECT = {  # noqa: RUF012
        "system.last_log_review_on": {"on_or_after": {"fact": "system.go_live_on"}}
    }

    @pytest.mark.parametrize(
        ("facts", "names"),
        [
            ({"last_log_review_on": "2026-01-01"}, ["system.go_live_on"]),
            ({"go_live_on": "2026-01-01"}, ["system.last_log_review_on"]),
            ({}, ["system.go_live_on", "system.last_log_review_on"]),
        ],
    )
    def test_whichever_is_missing_settles(
        self, world: World, facts: dict[str, Any], names: list[str]
    ) -> None:
        unknown = one(world, self.EXPECT, {"systems": [{"id": "a", **facts}]})
        assert [path for path, _ in settles(unknown)] == names

    def test_the_expected_value_is_the_other_facts(self, world: World) -> None:
        system = {"id": "a", "last_log_review_on": "2026-01-01", "go_live_on": "2026-02-01"}
        gap = one(world, self.EXPECT, {"systems": [system]})
        (leaf,) = gap.leaves
        assert leaf.expected.text == "system.go_live_on (2026-02-01) or later"
        assert (leaf.expected.value, leaf.expected.fact) == ("2026-02-01", "system.go_live_on")

    def test_known_but_of_no_use_settles_all_the_same(self, world: World) -> None:
        expect = {
            "every": {
                "in": "system.software",
                "expect": {"item.version": {"version_at_least": "2"}},
            }
        }
        software = [{"name": "x", "version": "two"}]
        unknown = one(world, expect, {"systems": [{"id": "a", "software": software}]})
        assert unknown.settling == (Settling("system.software.version", "system/a", "0"),)


class TestSensitive:
    EXPECT = {"person.screening.result": {"equals": "cleared"}}  # noqa: RUF012

    def test_values_are_never_written(self, world: World, sensitive: tuple[str, Any, Any]) -> None:
        path, good, bad = sensitive
        policy = world.policy(rule(subject="person", expect={f"person.{path}": good}))
        person: dict[str, Any] = {"id": "p"}
        inner = person
        *groups, name = path.split(".")
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[name] = bad
        made = world.assess(policy, {"persons": [person]})
        gap = found(made)["r person/p"]
        assert gap.status == "gap"
        assert [(leaf.state, leaf.observed) for leaf in gap.leaves] == [("withheld", None)]
        assert isinstance(gap.leaves[0], Leaf)


@pytest.fixture
def sensitive() -> tuple[str, Any, Any]:
    """A sensitive boolean or enum fact of persons, a value and another one."""
    from tests.assessment.world import kinds

    for fact in kinds()["person"].facts.values():
        if fact.sensitive and fact.type == "boolean":
            return fact.path, True, False
        if fact.sensitive and fact.enum and fact.type == "string":
            return fact.path, fact.enum[0], fact.enum[1]
    pytest.fail("no sensitive fact to try with")


class TestAssurance:
    def test_a_satisfied_finding_is_as_good_as_its_weakest_fact(self, world: World) -> None:
        sure = {"value": True, "assurance": "attested", "by": "head"}
        likely = {"value": True, "evidence": "ticket 5"}
        expect = {"all": [{"system.mfa": True}, {"system.unique_user_ids": True}]}
        policy = world.policy(rule(expect=expect))
        systems = [
            {"id": "a", "mfa": sure, "unique_user_ids": sure},
            {"id": "b", "mfa": sure, "unique_user_ids": likely},
            {"id": "c", "mfa": True, "unique_user_ids": sure},
        ]
        made = world.assess(policy, {"systems": systems})
        assert [one.assurance for one in made.findings] == ["attested", "referenced", "asserted"]

    def test_a_gap_is_as_good_as_what_decided_it(self, world: World) -> None:
        expect = {"all": [{"system.mfa": True}, {"system.unique_user_ids": True}]}
        system = {
            "id": "a",
            "mfa": {"value": False, "assurance": "attested"},
            "unique_user_ids": True,
        }
        assert one(world, expect, {"systems": [system]}).assurance == "attested"

    def test_nothing_known_has_none(self, world: World) -> None:
        assert one(world, {"system.mfa": True}, {"systems": [{"id": "a"}]}).assurance is None


class TestBasis:
    PARAMETERS = {  # noqa: RUF012
        "days": {"title": "Days", "type": "integer", "stricter": "lower", "basis": "bureau",
                 "default": 90},
    }  # fmt: skip
    EXPECT = {  # noqa: RUF012
        "all": [
            {"system.mfa": True},
            {"system.last_log_review_on": {"within_days": {"param": "days"}}},
        ]
    }

    @pytest.mark.parametrize(
        ("mfa", "reviewed", "status", "basis"),
        [
            (False, "2026-11-20", "gap", "law"), (True, "2020-01-01", "gap", "bureau"),
            (False, "2020-01-01", "gap", "bureau"), (True, "2026-11-20", "satisfied", "bureau"),
            (True, None, "unknown", "bureau"), (None, "2026-11-20", "unknown", "law"),
        ],
    )  # fmt: skip
    def test_is_the_weakest_of_what_decided(
        self, world: World, mfa: bool | None, reviewed: str | None, status: str, basis: str
    ) -> None:
        policy = world.policy(rule(expect=self.EXPECT), parameters=self.PARAMETERS)
        known = {"mfa": mfa, "last_log_review_on": reviewed}
        system = {"id": "a", **{name: value for name, value in known.items() if value is not None}}
        (finding,) = world.assess(policy, {"systems": [system]}).findings
        assert (finding.status, finding.basis) == (status, basis)

    def test_a_rules_own_basis_is_the_least(self, world: World) -> None:
        assert one(world, {"system.mfa": True}, {"systems": [{"id": "a", "mfa": False}]},
                   basis="guidance").basis == "guidance"  # fmt: skip

    def test_a_cut_off_is_worked_out(self, world: World) -> None:
        policy = world.policy(rule(expect=self.EXPECT), parameters=self.PARAMETERS)
        system = {"id": "a", "mfa": True, "last_log_review_on": "2020-01-01"}
        (finding,) = world.assess(policy, {"systems": [system]}).findings
        (leaf,) = finding.leaves
        assert leaf.expected.cut_off == "2026-08-25"
        assert leaf.expected.text == "2026-08-25 or later (at most 90 days before 2026-11-23)"
