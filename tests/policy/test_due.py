"""The time a rule gives for closing its gaps."""

from __future__ import annotations

from compliance.policy.definitions import due
from compliance.policy.meta import policy_from_data, policy_to_data
from compliance.policy.model import Due
from tests.policy.test_manifest import base


def test_a_time_holds_for_the_reason_of_its_rule_unless_it_names_another() -> None:
    assert due({"basis": "law"}) is None
    assert due({"basis": "law", "due": {"days": 15}}) == Due(15, "law")
    assert due({"basis": "law", "due": {"days": 0, "basis": "bureau"}}) == Due(0, "bureau")


def test_the_time_is_in_the_bundle_s_data_and_a_rule_without_one_is_as_it_was() -> None:
    data = policy_to_data(base())
    assert not any("due" in rule for rule in data["rules"])
    data["rules"][0]["due"] = {"days": 15, "basis": "law"}
    again = policy_from_data(data)
    assert again.rules[0].due == Due(15, "law")
    assert policy_to_data(again) == data
