"""The table of ids that earlier versions of a policy had."""

from __future__ import annotations

from compliance.policy.definitions import migrations
from compliance.policy.meta import policy_from_data, policy_to_data
from compliance.policy.model import Migration
from tests.policy.test_manifest import base


def test_an_entry_without_a_successor_says_that_nothing_took_its_place() -> None:
    raw = {"migrations": [{"old": "a", "new": "b", "reason": "x"}, {"old": "c", "reason": "y"}]}
    assert migrations(raw) == (Migration("a", "b", "x"), Migration("c", None, "y"))
    assert migrations({}) == ()


def test_the_table_is_in_the_bundle_s_data_and_a_policy_without_one_is_as_it_was() -> None:
    data = policy_to_data(base())
    assert "migrations" not in data["policy"]
    data["policy"]["migrations"] = [
        {"old": "a", "new": "b", "reason": "x"},
        {"old": "c", "new": None, "reason": "y"},
    ]
    again = policy_from_data(data)
    assert again.migrations == (Migration("a", "b", "x"), Migration("c", None, "y"))
    assert policy_to_data(again) == data
