"""Gaps grouped by the action that closes them."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.assessment.model import (
    Assessment,
    Expected,
    Finding,
    Inherited,
    Leaf,
    Mark,
    PlanCost,
    PlanCover,
    PlanItemText,
    RuleText,
    Settling,
)
from compliance.report.action_words import action_texts, fix_lines
from compliance.report.actions import Action, actions, first_sentence
from compliance.report.reducing import reduced
from compliance.report.weights import repeated, units
from tests.report.sample import FACTS, POLICY, assessment, finding, leaf

MFA = "system.mfa"
MINUTES = "system.logoff_minutes"
PROPOSED = replace(
    POLICY, id="coming", binding="proposed",
    rules=(RuleText("two-proofs", "Everyone proves twice", "system", "high", "law", (),
                    "Ask for two proofs.", effort="large"),),
    requirements=(),
)  # fmt: skip


def gap(subject: str, *leaves: Leaf, **changes: object) -> Finding:
    return finding(subject, name=None, leaves=leaves or (fact(subject),), **changes)


def fact(subject: str, path: str = MFA, **changes: Any) -> Leaf:
    return leaf(path=path, subject=f"system/{subject}", **changes)


def minutes(subject: str, limit: int) -> Leaf:
    return fact(subject, MINUTES, test="at_most", expected=Expected(f"at most {limit}", limit))


def found(*findings: Finding, **changes: Any) -> tuple[Action, ...]:
    made = assessment(findings)
    made = replace(made, policies=(*made.policies, PROPOSED), **changes)
    return actions(made)


def upcoming(subject: str, *leaves: Leaf) -> Finding:
    return gap(subject, *leaves, policy="coming", rule="two-proofs", covers=(),
               marks=(Mark("upcoming"),))  # fmt: skip


def test_the_same_fact_of_the_same_kind_is_one_action_across_rule_sets() -> None:
    (one,) = found(gap("a"), gap("b"), upcoming("b"))
    assert one.facts == (MFA,)
    assert one.subjects == ("system/a", "system/b")
    assert [(c.policy, c.basis, c.upcoming, c.findings) for c in one.closes] == [
        ("hipaa", "law", False, 2), ("coming", "law", True, 1),
    ]  # fmt: skip
    assert (one.closed, one.upcoming) == (2, 1)
    assert one.title == "Give every workforce member an individual account."
    assert one.effort == "large", "the largest of its rules"
    assert one.trial == "system.mfa=true"
    assert one.requirements == ("45 CFR 164.312(a)(2)(i)",)


def test_other_values_of_one_fact_are_other_actions() -> None:
    wanted = Expected("false", False)
    found_ = found(gap("a"), gap("b", fact("b", expected=wanted, observed=True)))
    assert sorted(one.trial or "" for one in found_) == ["system.mfa=false", "system.mfa=true"]


def test_limits_of_one_fact_are_one_action_and_the_strictest_is_tried() -> None:
    (one,) = found(gap("a", minutes("a", 15)), gap("b", minutes("b", 10)))
    assert one.trial == "system.logoff_minutes=10"


def test_a_gap_that_needs_two_facts_is_only_helped_by_one() -> None:
    both = gap("b", fact("b", id="expect.0"), fact("b", MINUTES, id="expect.1"))
    by_facts = {one.facts: one for one in found(gap("a"), both)}
    assert by_facts[(MFA,)].findings == (gap("a").id,)
    assert [(one.needs, one.findings) for one in by_facts[(MFA,)].helps] == [((MINUTES,), 1)]
    pair = by_facts[(MINUTES, MFA)]
    assert pair.findings == (both.id,)
    assert pair.trial is None


def test_a_missing_fact_that_would_keep_it_unknown_is_needed_as_well() -> None:
    needs = (Settling(MINUTES, "system/b"), Settling(MFA, "system/b"))
    by_facts = {one.facts: one for one in found(gap("a"), gap("b", ways=(needs,)))}
    assert by_facts[(MFA,)].closed == 1
    assert by_facts[(MINUTES, MFA)].closed == 1


def test_where_a_rule_leaves_a_choice_either_action_closes_the_gap() -> None:
    ways = ((Settling(MINUTES, "system/b"),), (Settling(MFA, "system/b"),))
    choice = gap("b", fact("b", id="expect.1"), minutes("b", 15), rule="idle-logoff", ways=ways)
    (only,) = found(choice)
    assert only.facts == (MINUTES,), "the way that the rule names first"
    (joined,) = found(gap("a"), choice)
    assert joined.facts == (MFA,), "the other one closes nothing more, so it is not told"
    assert set(joined.findings) == {gap("a").id, choice.id}


def test_members_that_a_list_merely_selects_are_nothing_to_change() -> None:
    selecting = fact("b", MINUTES, id="expect.where", outcome="true")
    (one,) = found(gap("a", selecting, fact("a", id="expect.expect")))
    assert one.facts == (MFA,)


def test_a_missing_document_is_told_apart_from_another_missing_document() -> None:
    def lacking(text: str, rule: str) -> Finding:
        some = fact("a", "system.documents", test="some", expected=Expected(f"in one: {text}"))
        member = fact("x", "document.type", id="expect.expect", expected=Expected(text, text))
        return gap("a", some, member, rule=rule)

    found_ = found(
        lacking("plan", "idle-logoff"),
        lacking("policy", "unique-user-identification"),
    )
    assert len(found_) == 2
    assert all(one.trial is None and one.facts == ("system.documents",) for one in found_)


def test_a_providers_gap_is_one_action_counted_once() -> None:
    statement = Inherited("vendor/cloud", "full", "gap", True, "gap", position="i.yaml:1:1")
    inherited = [
        gap(name, evaluated="unknown", marks=(Mark("inherited", provider="vendor/cloud"),),
            inheritance=(statement,))
        for name in "abcdefgh"
    ]  # fmt: skip
    inherited = [replace(one, leaves=()) for one in inherited]
    (one,) = found(*inherited)
    assert one.provider == "vendor/cloud"
    assert (one.closed, one.records, one.subjects) == (8, 1, ("vendor/cloud",))
    (single,) = found(inherited[0])
    assert one.score == single.score
    assert one.title.startswith("Have vendor/cloud put right what it carries: ")


def test_a_condition_in_rego_names_no_fact_as_the_one_to_change() -> None:
    (one,) = found(gap("a", fact("a", test="rego"), fact("a", MINUTES, test="rego")))
    assert (one.facts, one.subjects, one.trial) == ((), ("system/a",), None)


def test_what_is_not_in_force_counts_less_and_gives_no_title() -> None:
    ahead, now = upcoming("a", minutes("a", 5)), gap("b")
    assert [one.facts for one in found(ahead, now)] == [(MFA,), (MINUTES,)]
    (only,) = found(upcoming("a"))
    assert (only.closed, only.upcoming) == (0, 1)
    assert only.requirements == ()


def test_severity_and_basis_weigh_and_effort_divides() -> None:
    weak = gap("a", minutes("a", 5), rule="idle-logoff", severity="low", basis="practice")
    assert [one.facts for one in found(weak, gap("b"))] == [(MFA,), (MINUTES,)]
    assert repeated(5000) == 13
    assert repeated(1) == 1
    assert units("small", None) < units(None, None) == units("medium", None) < units("large", None)
    assert units("large", Decimal(0)) == Fraction(1, 10)


def plan_item(name: str, cost: PlanCost | None, subjects: tuple[str, ...]) -> PlanItemText:
    cover = PlanCover("hipaa", "unique-user-identification", "system", (), subjects, subjects)
    return PlanItemText(name, "Do it", "proposed", "high", "2026-11-01", covers=(cover,), cost=cost)


def test_costs_of_the_plan_are_summed_and_what_is_not_said_is_named() -> None:
    plan = (
        plan_item("POAM-0001", PlanCost(40_000, None), ("a", "z")),
        plan_item("POAM-0002", PlanCost(1_000, 250), ("b",)),
        plan_item("POAM-0003", None, ("b",)),
        replace(plan_item("POAM-0004", PlanCost(9), ("a",)), state="closed"),
    )
    (one,) = found(gap("a"), gap("b"), plan=plan)
    assert one.cost is not None
    assert (one.cost.one_time, one.cost.yearly) == (Decimal(41_000), Decimal(250))
    assert one.cost.items == ("POAM-0001", "POAM-0002")
    assert one.cost.without == ("POAM-0003",)
    assert one.cost.more, "POAM-0001 is about z as well"
    (free,) = found(gap("a"), plan=(plan_item("POAM-0001", PlanCost(0, 0), ("a",)),))
    assert free.cost is not None
    assert free.cost.first_years == 0
    (unsaid,) = found(gap("a"), plan=(plan_item("POAM-0001", None, ("a",)),))
    assert unsaid.cost is None


def test_a_reduced_report_groups_by_rule_and_names_no_record() -> None:
    made = assessment((gap("a"), gap("b")))
    (one,) = actions(reduced(made, "requirement"))
    assert (one.facts, one.subjects, one.records, one.trial) == ((), (), 2, None)
    assert "system/" not in "".join(fix_lines(reduced(made, "requirement")))
    assert actions(reduced(made, "counts")) == ()


def test_sensitive_values_are_never_proposed() -> None:
    (one,) = found(gap("a", fact("a", state="withheld", observed=None)))
    assert one.trial is None


def test_a_title_is_one_sentence() -> None:
    assert first_sentence("Do this, e.g. that. Then rest.") == "Do this, e.g. that."
    assert first_sentence("Set 1.5 hours. Rest") == "Set 1.5 hours."
    assert first_sentence("No stop") == "No stop"
    assert first_sentence("") == ""


def test_words_say_what_closes_and_that_no_law_in_force_asks() -> None:
    weak = replace(gap("a"), basis="bureau")
    made = replace(assessment((weak, upcoming("a"))), policies=(POLICY, PROPOSED))
    ((one,), left) = action_texts(made)
    assert left == 0
    assert one.closes == "Closes 1 gap against the bureau's standard (hipaa)."
    assert one.ahead == (
        "None of these gaps is against law in force. It would also close 1 gap not yet in force: "
        "coming (only proposed)."
    )
    assert one.changes == f"Changes {FACTS[MFA].title} ({MFA}) of system/a."
    assert one.trial == "compliance whatif INVENTORY --set system.mfa=true"
    lines = "".join(fix_lines(made))
    assert "1. Give every workforce member" in lines


def test_markup_and_escapes_of_an_inventory_stay_harmless() -> None:
    lines = "".join(fix_lines(assessment((gap("a\x1b[2J\u202e"),))))
    assert "\x1b" not in lines
    assert "\u202e" not in lines


subjects = st.sampled_from("abc")
leaves = st.sampled_from([MFA, MINUTES, "system.backup"])


@st.composite
def gaps(draw: st.DrawFn) -> Finding:
    name = draw(subjects)
    paths = draw(st.lists(leaves, min_size=1, max_size=3, unique=True))
    rule = draw(st.sampled_from(["unique-user-identification", "idle-logoff"]))
    ways: tuple[tuple[Settling, ...], ...] = ()
    if draw(st.booleans()):
        ways = tuple((Settling(path, f"system/{name}"),) for path in paths)
    tests = [fact(name, path, id=f"expect.{at}") for at, path in enumerate(paths)]
    made = gap(name, *tests, rule=rule, ways=ways if len(ways) > 1 else ())
    coming = draw(st.booleans())
    return replace(made, marks=(Mark("upcoming", "2027-01-01"),)) if coming else made


def without_scores(found_: tuple[Action, ...]) -> list[str]:
    return [repr(replace(one, findings=tuple(sorted(one.findings)))) for one in found_]


@given(st.lists(gaps(), max_size=8, unique_by=lambda one: one.id), st.randoms())
def test_every_gap_is_closed_by_some_action_whatever_the_order(
    given_: list[Finding], order: random.Random
) -> None:
    made = found(*given_)
    closed = {name for one in made for name in one.findings}
    assert closed == {one.id for one in given_}
    for one in made:
        assert len(one.findings) == len(set(one.findings)) == one.closed + one.upcoming
        assert one.score > 0
    shuffled = list(given_)
    order.shuffle(shuffled)
    assert without_scores(found(*shuffled)) == without_scores(made)
    assert [one.score for one in made] == sorted((one.score for one in made), reverse=True)


def test_an_assessment_without_gaps_has_no_actions() -> None:
    made: Assessment = assessment(())
    assert actions(made) == ()
    assert list(fix_lines(made)) == []
