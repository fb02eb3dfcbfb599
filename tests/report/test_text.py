import re
from dataclasses import replace
from typing import Any

import pytest

from compliance.assessment.model import (
    Assessment,
    Expected,
    Finding,
    Inherited,
    Mark,
    ParameterText,
)
from compliance.assessment.outcome import headline
from compliance.report.gather import SHOWN
from compliance.report.style import Style
from compliance.report.text import TextReport
from tests.report.sample import POLICY, RULES, UNKNOWN, assessment, finding, leaf

SATISFIED = finding("fine", status="satisfied", evaluated="satisfied", leaves=(), name=None)


def rendered(sample: Assessment | None = None, report: TextReport | None = None) -> str:
    return "".join((report or TextReport()).render(sample or assessment()))


def section(text: str, title: str) -> str:
    found = re.search(rf"^{re.escape(title)}.*\n-+\n((?:.*\n)*?)(?=\n\S|\Z)", text, re.MULTILINE)
    assert found, f"no section {title}"
    return " ".join(found[1].split())


def test_the_top_names_agency_date_and_outcome() -> None:
    top = rendered().split("\n\n")
    assert top[0] == "Gap report"
    assert " ".join(top[1].split()) == headline(assessment())


def test_the_rule_set_says_what_it_is_why_it_was_used_and_its_extent() -> None:
    words = section(rendered(), "Rule sets")
    assert "HIPAA technical safeguards (policy hipaa 0.1.0, published, binding)" in words
    assert "newest published version of a binding policy" in words
    assert "4 requirements, all that the source has" in words
    assert "3 of 5 system records (1 not known yet)" in words
    assert "Idle limit: 10 minutes" in words


def test_the_table_counts_by_severity_and_status() -> None:
    table = section(rendered(), "Findings by severity")
    assert "severity gap unknown satisfied not applicable upcoming" in table
    assert "high 2 2 2 1 0" in table
    assert "all 3 2 2 1 1" in table
    assert "1 satisfied by a documented decision" in table


def test_a_gap_against_the_law_cites_it() -> None:
    words = section(rendered(), "Gaps")
    assert "Gap against 45 CFR 164.312(a)(2)(i)." in words
    assert "To do: Give every workforce member an individual account. (effort: medium)" in words
    assert (
        "system/payroll (Payroll) Multi-factor log-in (system.mfa): false; expected true "
        "[inventory/systems.yaml:12:9]" in words
    )
    assert "vendor/v1: Multi-factor log-in" in words


def test_each_tally_of_the_same_records_tells_its_own_numbers() -> None:
    leaves = [
        leaf(
            id=f"expect.{number}", path="decision", test="count", position=None,
            expected=Expected(f"at least 1 (count of decision records where {number})", 1),
            observed={"true": 0, "false": number, "unknown": 0, "complete": True},
        )
        for number in (4, 5)
    ]  # fmt: skip
    words = section(rendered(assessment([finding(leaves=tuple(leaves))])), "Gaps")
    for number in (4, 5):
        assert (
            f"decision: 0 true, {number} false, 0 unknown; expected at least 1 (count of " in words
        )
        assert f"decision records where {number})" in words


@pytest.mark.parametrize("basis", ["guidance", "bureau", "practice"])
def test_a_gap_of_weaker_basis_is_never_against_the_law(basis: str) -> None:
    words = section(rendered(assessment([finding(basis=basis)])), "Gaps")
    assert "Gap against the bureau's standard" in words
    assert "for 45 CFR 164.312(a)(2)(i)." in words
    assert "Gap against 45 CFR" not in words


PRACTICE = "practice"
LIMIT = ParameterText("limit", "Idle limit", 10, True, "practice", "minutes", policy_value=15)
HABIT = ParameterText("habit", "Habit", 3, False, "practice")


def of_values(basis: str, rule: str, *parameters: str) -> str:
    """The gap of a rule whose leaves read some parameters."""
    leaves = tuple(leaf(expected=Expected("so", 1, parameter)) for parameter in parameters)
    found = finding(basis=basis, rule=rule, leaves=leaves)
    policy = replace(
        POLICY, parameters=(LIMIT, HABIT), rules=(*RULES, replace(RULES[0], id="x", basis=PRACTICE))
    )
    return section(rendered(assessment([found], policy)), "Gaps")


@pytest.mark.parametrize("rule", ["unique-user-identification", "idle-logoff"])
def test_a_gap_against_a_value_of_the_agency_says_so(rule: str) -> None:
    words = of_values(PRACTICE, rule, "limit")
    assert "Gap against the agency's own value (Idle limit: 10 minutes; the policy's: 15" in words
    assert "minutes) for 45 CFR 164.312(a)(2)(i" in words
    assert "bureau's standard" not in words


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("unique-user-identification", ["habit"]), ("unique-user-identification", []),
        ("unique-user-identification", ["limit", "habit"]), ("x", ["limit"]),
    ],
)  # fmt: skip
def test_good_practice_of_the_policy_is_not_the_agencys_own(
    rule: str, parameters: list[str]
) -> None:
    words = of_values(PRACTICE, rule, *parameters)
    assert "Gap against the bureau's standard, as good practice" in words
    assert "own value" not in words


def test_a_gap_that_no_value_of_the_agency_made_is_none_against_it() -> None:
    assert "Gap against 45 CFR 164.312(a)(2)(i)." in of_values(
        "law", "unique-user-identification", "limit"
    )


def test_the_most_severe_gap_comes_first() -> None:
    found = [
        finding("a", severity="low", rule="idle-logoff"),
        finding("b", severity="critical"),
        finding("c", severity="medium", rule="idle-logoff", basis="bureau"),
    ]
    words = section(rendered(assessment(found)), "Gaps")
    assert re.findall(r"\[(\w+)\] ", words) == ["critical", "medium", "low"]


def test_many_records_are_counted_not_listed() -> None:
    found = [finding(f"s{number:04}") for number in range(2000)]
    text = rendered(assessment(found))
    assert "2,000 system records" in text
    assert f"and {2000 - SHOWN:,} more" in text
    assert len(text.splitlines()) < 120


def test_unknowns_are_questions_with_whom_to_ask() -> None:
    words = section(rendered(), "Questions")
    assert "1. [high] Does logging in need a second factor?" in words
    assert "Usually known by: system owner. 2 findings wait for it." in words
    assert "system.mfa of system/portal, system/tax" in words


def test_what_is_no_gap_today_is_apart() -> None:
    text = rendered()
    assert "Upcoming from 2027-01-01" in section(text, "Upcoming")
    assert "system/files" in section(text, "Satisfied by documented decision")
    inherited = section(text, "Carried by a provider")
    assert "vendor/central-it" in inherited
    assert "Reviews accounts yearly." in inherited
    assert "system/kiosk" in section(text, "Where the rule sets do not apply")


def test_a_record_that_a_list_is_not_about_is_left_out() -> None:
    about = {"path": "decision.requirement", "test": "equals"}
    leaves = (
        leaf(id="expect"),
        leaf(id="otherwise", path="system.decisions", test="some", observed=["decision/d1"]),
        leaf(id="otherwise.where", subject="decision/d1", observed="other", **about),
        leaf(id="otherwise.expect", subject="decision/d1", path="decision.outcome"),
    )
    words = section(rendered(assessment([finding(leaves=leaves)])), "Gaps")
    assert "decision/d1: " not in words
    assert "system.decisions: decision/d1; expected one that documents a decision" in words


def test_what_is_true_and_makes_a_gap_must_not_be() -> None:
    leaves = (leaf("true", observed=["1.0"], expected=Expected("containing 1.0")),)
    words = section(rendered(assessment([finding(leaves=leaves)])), "Gaps")
    assert "(system.mfa): 1.0; and must not be containing 1.0 [" in words


@pytest.mark.parametrize("part", ["expect", "otherwise"])
def test_alternatives_of_one_fact_are_one_line(part: str) -> None:
    leaves = tuple(
        leaf(id=f"{part}.{number}", expected=Expected(text), observed="implement")
        for number, text in enumerate(["alternative", "none_reasonable"])
    )
    words = section(rendered(assessment([finding(leaves=leaves)])), "Gaps")
    assert "implement; expected alternative or none_reasonable [" in words


def test_what_a_list_has_to_hold_is_held_together() -> None:
    leaves = tuple(
        leaf(id=f"expect.{text}", test="contains", expected=Expected(f"containing {text}"))
        for text in ("a", "b")
    )
    words = section(rendered(assessment([finding(leaves=leaves)])), "Gaps")
    assert "expected containing a and containing b [" in words


LAPSED = Inherited(
    "vendor/central-it", "full", "satisfied", False, "none", "2025-05-01", "2026-05-01",
    position="inventory/inheritance.yaml:3:5",
)  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        ({}, "expired on 2026-05-01"),
        (
            {"assessed_on": "2026-12-01", "expires_on": "2027-12-01"},
            "is dated 2026-12-01, after the date of this report",
        ),
        ({"assessed_on": None, "expires_on": None}, "does not say when the provider was assessed"),
    ],
)
def test_a_statement_that_does_not_hold_is_named_where_it_would_settle_an_unknown(
    dates: dict[str, Any], why: str
) -> None:
    lapsed = replace(LAPSED, **dates)
    found = [replace(UNKNOWN, subject=name, inheritance=(lapsed,)) for name in ("mail", "tax")]
    words = section(rendered(assessment(found)), "Providers' statements that do not hold")
    assert words == (
        f"- The statement of vendor/central-it {why} [inventory/inheritance.yaml:3:5]. If it "
        "held, it would settle what is unknown for 1 rule of system/mail, system/tax."
    )


@pytest.mark.parametrize(
    "found",
    [
        replace(UNKNOWN, inheritance=(replace(LAPSED, extent="shared"),)),
        replace(UNKNOWN, inheritance=(replace(LAPSED, provider_status="unknown"),)),
        replace(UNKNOWN, inheritance=(replace(LAPSED, extent="shared", valid=True),)),
        replace(UNKNOWN, inheritance=(LAPSED,), marks=(Mark("upcoming", "2027-01-01"),)),
        replace(
            UNKNOWN,
            inheritance=(LAPSED, replace(LAPSED, valid=True, effect="unknown")),
            marks=(Mark("inherited", provider="vendor/x"),),
        ),
        replace(SATISFIED, inheritance=(LAPSED,)), replace(finding(), inheritance=(LAPSED,)),
    ],
)  # fmt: skip
def test_a_statement_that_would_settle_nothing_is_not(found: Finding) -> None:
    assert "do not hold on this date" not in rendered(assessment([found]))


def test_wrong_values_are_listed_with_their_place() -> None:
    words = section(rendered(), "Values that could not be used")
    assert "inventory/systems.yaml:1:5: system/payroll.mfa: 'yes' is a text" in words
    assert "Expected: true or false" in words


def test_errors_come_before_gaps() -> None:
    fault = finding("bad", status="error", evaluated="error", message="out of fuel", leaves=())
    text = rendered(assessment([fault, finding()]))
    assert "out of fuel" in section(text, "Rules that could not be evaluated")
    assert text.index("Rules that could not be evaluated") < text.index("\nGaps")


def test_the_statement_and_the_marking_are_on_the_report() -> None:
    sample = assessment()
    marked = replace(sample, metadata=replace(sample.metadata, marking="CONFIDENTIAL"))
    text = rendered(marked)
    assert text.startswith("CONFIDENTIAL\n")
    assert text.endswith("CONFIDENTIAL\n")
    assert POLICY.statement in text


def test_sensitive_values_are_not_shown() -> None:
    secret = leaf(path="person.screening.result", state="withheld", observed=None)
    words = section(rendered(assessment([finding(leaves=(secret,))])), "Gaps")
    assert "Screening result (person.screening.result): (known, not shown)" in words


def test_values_of_the_inventory_cannot_act_on_the_terminal() -> None:
    hostile = "\x1b[2J\u202eevil\x07\r\nGaps: none"
    text = rendered(assessment([finding(name=hostile, leaves=(leaf(observed=hostile),)), UNKNOWN]))
    assert text.replace("\n", "").isprintable()
    assert "\nGaps: none" not in text


def test_colour_changes_nothing_but_colour() -> None:
    coloured = rendered(report=TextReport(Style(colour=True)))
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == rendered()


def test_marks_are_shown_with_the_finding() -> None:
    marked = finding(marks=(Mark("not_sanctionable_until", "2028-01-01"),))
    assert "not sanctionable until 2028-01-01" in section(rendered(assessment([marked])), "Gaps")


def test_the_same_assessment_gives_the_same_text() -> None:
    assert rendered() == rendered()


def test_a_requirement_from_memory_says_so_wherever_it_is_cited() -> None:
    policy = replace(
        POLICY,
        requirements=tuple(replace(one, confidence="recalled") for one in POLICY.requirements),
    )
    text = rendered(replace(assessment(), policies=(policy,)))
    cited = "45 CFR 164.312(a)(2)(i) (recalled, not checked against the source)"
    assert cited in section(text, "Requirements")
    assert f"Gap against {cited}." in section(text, "Gaps")
    assert "recalled" not in rendered()
