"""What conditions may not say, and what the author is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.conditions_at_hand import problems, scope_of_applies

REFUSED: list[tuple[Any, str, str]] = [
    # condition, what the message says, what it suggests
    ({"system.mfaa": True}, "there is no fact `system.mfaa`", "system.mfa"),
    ({"mfa": True}, "there is no fact `mfa`", "system.mfa"),
    ({"sistem.mfa": True}, "there is no fact `sistem.mfa`", "system.mfa"),
    ({"system.loging.enabled": True}, "no fact `system.loging.enabled`", "system.logging.enabled"),
    ({"system.logging": True}, "is a group of facts", ""),
    ({"vendor.us": True}, "no vendor is in scope here", ""),
    ({"system.vendors.us": True}, "a path does not walk links", ""),
    ({"subject.mfa": True}, "there is no fact `subject.mfa`", "system.mfa"),
    ({3: True}, "`3` is no path", ""),
    ({}, "the condition asks nothing", ""),
    (None, "the condition asks nothing", ""),
    ("system.mfa", "this is no condition", ""),
    ([{"system.mfa": True}], "this is no condition", ""),
    ({"al": [{"system.mfa": True}]}, "there is no combinator `al`", "all"),
    ({"all": {"system.mfa": True}}, "`all` takes a list of conditions", ""),
    ({"any": []}, "`any` takes a list of conditions", ""),
    # operators
    ({"system.timeout_minutes": {"at_mst": 4}}, "there is no operator `at_mst`", "at_most"),
    ({"system.timeout_minutes": {"contains": 4}}, "`contains` does not fit", ""),
    ({"system.mfa": {"at_least": 1}}, "`at_least` does not fit `system.mfa`", ""),
    ({"system.name": {"within_days": 3}}, "`within_days` does not fit", ""),
    ({"system.tested_on": {"less_than": 3}}, "`less_than` does not fit", ""),
    ({"system.software": {"contains": "x"}}, "`contains` does not fit `system.software`", ""),
    ({"system.vendors": {"contains": "x"}}, "`contains` does not fit `system.vendors`", ""),
    ({"system.mfa": {}}, "no operator stands here", ""),
    ({"system.mfa": None}, "cannot be compared with nothing", ""),
    ({"system.status": ["test"]}, "cannot be compared with ['test']", "in: ['test']"),
    ({"system.data_types": "ephi"}, "cannot be compared with 'ephi'", "contains: ephi"),
    ({"system.vendors": "x"}, "cannot be compared with 'x'", ""),
    # values
    ({"system.mfa": "yes"}, "'yes' is not true or false", ""),
    ({"system.timeout_minutes": True}, "true is not a whole number", ""),
    ({"system.timeout_minutes": {"at_most": "4"}}, "'4' is not a whole number", ""),
    ({"system.timeout_minutes": {"at_most": 4.5}}, "4.5 is not a whole number", ""),
    ({"system.timeout_minutes": {"at_least": -1}}, "-1 is less than the minimum of 0", ""),
    ({"system.uptime_pct": {"at_least": 990}}, "990 is greater than the maximum of 100", ""),
    ({"system.status": "produktion"}, "'produktion' is no value of this fact", "production"),
    ({"system.status": {"in": ["test", "prod"]}}, "'prod' is no value of this fact", ""),
    ({"system.data_types": {"contains": "ehpi"}}, "'ehpi' is no value of this fact", "ephi"),
    ({"system.data_types": {"contains_any": "ephi"}}, "'ephi' is not a list", "[ephi]"),
    ({"system.data_types": {"subset_of": []}}, "the list is empty", ""),
    ({"system.ports": {"contains": "22"}}, "'22' is not a whole number", ""),
    ({"system.tls_versions": {"contains": 1.2}}, "1.2 is not a text", "'1.2'"),
    ({"system.tls_min_version": {"version_at_least": 1.2}}, "1.2 is not a version", "'1.2'"),
    ({"system.tls_min_version": {"version_below": "1.x"}}, "'1.x' does not fit", ""),
    ({"system.tested_on": {"after": "2026-02-30"}}, "is no date of the calendar", ""),
    ({"system.tested_on": {"after": "1.2.2026"}}, "is no date of the calendar", ""),
    ({"system.tested_on": "0000-01-01"}, "is no date of the calendar", ""),
    ({"system.tested_on": {"within_days": -3}}, "-3 is less than the minimum of 0", ""),
    ({"system.tested_on": {"within_days": "3"}}, "'3' is not a number of days", ""),
    ({"system.name": {"starts_with": ""}}, "does not fit", ""),
    ({"system.name": {"matches": "(?=a)"}}, "it looks ahead", ""),
    ({"system.name": {"matches": {"param": "word"}}}, "is written in the rule itself", ""),
    ({"system.owner": "none"}, "a comparison with `none` is never true", "not_exists: true"),
    ({"system.owner": {"exists": False}}, "takes no other value than true", "not_exists: true"),
    ({"system.vendors": {"not_empty": False}}, "no other value than true", "is_empty: true"),
    # parameters, facts and what rules tell of themselves
    ({"system.timeout_minutes": {"param": "minutes"}}, "where an operator should",
     "equals: {param: minutes}"),
    ({"system.timeout_minutes": {"at_most": {"param": "minuts"}}}, "no parameter `minuts`",
     "minutes"),
    ({"system.timeout_minutes": {"at_most": {"param": "word"}}}, "`word` is of type string", ""),
    ({"system.status": {"in": {"param": "words"}}}, "`words` may be 'ephi'", ""),
    ({"system.ports": {"contains_any": {"param": "words"}}}, "`words` is of type list", ""),
    ({"system.mfa": {"equals": {"fact": "system.name"}}}, "`system.name` is of type string", ""),
    ({"system.mfa": {"equals": {"fact": "system.mf"}}}, "no fact `system.mf`", "system.mfa"),
    ({"system.name": {"in": {"fact": "system.ports"}}}, "of type list of integer", ""),
    ({"system.name": {"in": {"fact": "system.data_types_reached"}}}, "is of type derived", ""),
    ({"system.mfa": {"equals": {"value": True}}}, "value is no value", ""),
    ({"system.mfa": {"equals": {"fact": 3}}}, "3 is no name", ""),
    ({"system.name": {"in": {"rule": "cover"}}}, "`cover` is nothing a rule tells", "covers"),
    ({"system.name": {"equals": {"rule": "covers"}}}, "are a list of texts", ""),
    ({"system.tested_on": {"within_days_of": {"fact": "system.tested_on"}}},
     "needs `fact` and `days`", ""),
    ({"system.tested_on": {"within_days_of": {"fact": "system.name", "days": 3}}},
     "`system.name` is of type string", ""),
    ({"system.tested_on": {"within_days_of": {"fact": 3, "days": 3}}}, "this is no path", ""),
    # named conditions
    ({"use": "handles-ehpi"}, "there is no condition `handles-ehpi`", "handles-ephi"),
    ({"use": ["both"]}, "there is no condition", ""),
    ({"use": "loop"}, "the condition uses itself: loop → round → loop", ""),
    # lists and links
    ({"every": {"expect": {"system.mfa": True}}}, "`every` lacks `in`", ""),
    ({"every": "system.vendors"}, "`every` takes a mapping", ""),
    ({"every": {"in": "system.vendors", "expekt": {}}}, "`every` has no key `expekt`", "expect"),
    ({"every": {"in": 3, "expect": {"system.mfa": True}}}, "this is no path", ""),
    ({"every": {"in": "system.mfa", "expect": {"system.mfa": True}}}, "boolean, not a list", ""),
    ({"every": {"in": "system.vendor", "expect": {"vendor.us": True}}}, "no fact `system.vendor`",
     "system.vendors"),
    ({"every": {"in": "system.devices", "expect": {"device.encrypted": True}}},
     "lists records of the kind device, too many", ""),
    ({"system.devices": {"is_empty": True}}, "lists records of the kind device, too many", ""),
    ({"some": {"in": "system.vendors", "as": "agency", "expect": {"agency.name": "x"}}},
     "`agency` already names a record here", ""),
    ({"some": {"in": "system.vendors", "as": "Big", "expect": {"system.mfa": True}}},
     "`Big` cannot be a name", ""),
    ({"some": {"in": "system.vendors", "as": "every", "expect": {"system.mfa": True}}},
     "`every` cannot be a name", ""),
    ({"every": {"in": "system.vendors", "expect": {"some": {"in": "vendor.systems",
     "expect": {"system.mfa": True}}}}}, "`system` already names a record here", ""),
    ({"every": {"in": "system.tls_versions", "expect": {"item.x": 1}}},
     "`item` is a plain value and has no facts", "item"),
    ({"every": {"in": "system.software", "expect": {"item.eol_onn": {"after": "as_of"}}}},
     "there is no fact `item.eol_onn`", "item.eol_on"),
    ({"every": {"in": "system.vendors", "expect": {"some": {"in": "vendor.partners", "as": "p",
     "expect": {"every": {"in": "p.partners", "as": "q", "expect": {"q.us": True}}}}}}},
     "lies more than 2 links away", ""),
    ({"every": {"in": "system.vendors", "expect": {"some": {"in": "vendor.partners", "as": "p",
     "expect": {"p.parent": {"exists": True}}}}}}, "lies more than 2 links away", ""),
    # counts and shares
    ({"count": {"of": "device", "at_least": 1}}, "records of a kind are counted here", ""),
    ({"count": {"in": "system.vendors"}}, "`count` has none of at_least", ""),
    ({"count": {"in": "system.vendors", "at_least": 1, "at_most": 2}}, "at_least and at_most", ""),
    ({"count": {"at_least": 1}}, "`count` has none of of, in", ""),
    ({"count": {"in": "system.vendors", "of": "vendor", "at_least": 1}}, "has of and in", ""),
    ({"count": {"in": "system.vendors", "at_least": 1.5}}, "1.5 is not a number, 0 or more", ""),
    ({"share": {"in": "system.vendors", "at_least": 0.5}}, "`share` lacks `expect`", ""),
    ({"share": {"in": "system.vendors", "expect": {"vendor.us": True}, "at_least": 50}},
     "50 is greater than the maximum of 1", ""),
]  # fmt: skip
REFUSED += [
    (
        {"some": {"in": "system.vendors", "as": [], "expect": {"system.mfa": True}}},
        "cannot be a name",
        "",
    ),
    ({"count": {"of": [], "at_least": 1}}, "there are no records of a kind", ""),
]
AGENCY: list[tuple[Any, str, str]] = [
    ({"count": {"of": "devise", "at_least": 1}}, "no records of a kind `devise`", "device"),
    ({"count": {"of": "agency", "at_least": 1}}, "no records of a kind `agency`", ""),
    ({"every": {"in": "agency.systems", "expect": {"count": {"of": "device", "at_least": 1}}}},
     "records of a kind are counted here", ""),
    ({"count": {"of": "device", "at_least": 1, "expect": {"device.encripted": True}}},
     "there is no fact `device.encripted`", "device.encrypted"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "message", "suggestion"), REFUSED)
def test_refused(raw: Any, message: str, suggestion: str) -> None:
    (problem,) = problems(raw)
    assert message in problem.message
    assert problem.suggestion == suggestion
    assert problem.expected


@pytest.mark.parametrize(("raw", "message", "suggestion"), AGENCY)
def test_refused_for_the_agency(raw: Any, message: str, suggestion: str) -> None:
    (problem,) = problems(raw, "agency")
    assert message in problem.message
    assert problem.suggestion == suggestion


def test_links_to_any_kind_are_not_walked() -> None:
    raw = {"every": {"in": "decision.about", "expect": {"agency.name": "x"}}}
    (problem,) = problems(raw, "decision")
    assert "records of any kind" in problem.message


def test_everything_wrong_is_told_at_once() -> None:
    raw = {
        "system.mfaa": True,
        "any": [{"system.timeout_minutes": {"at_most": "x"}}, {"system.status": "x"}],
        "every": {"in": "system.vendors", "where": {"vendor.uss": 1}, "expect": {"vendor.us": 1}},
    }
    assert [problem.path for problem in problems(raw)] == [
        "system.mfaa",
        "any[0].system.timeout_minutes.at_most",
        "any[1].system.status",
        "every.where.vendor.uss",
        "every.expect.vendor.us",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        {"agency.systems": {"not_empty": True}},
        {"every": {"in": "agency.systems", "expect": {"system.mfa": True}}},
        {"count": {"of": "device", "at_least": 1}},
        {"agency.name": {"in": {"rule": "covers"}}},
    ],
)
def test_applies_of_the_agency_asks_plain_facts_only(raw: Any) -> None:
    assert problems(raw, within=scope_of_applies("agency"))
