"""The rule tester and the mutation tester notice what they are for."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compliance import resources
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.policy.cases import Cases, Equivalent, read_cases
from compliance.policy.conditions import Group, Leaf, Literal, Quantifier, RegoCondition
from compliance.policy.files import PolicyFiles, read_files
from compliance.policy.loader import load_policy
from compliance.policy.model import Policy, Rule
from compliance.policy.mutants import mutants
from compliance.policy.mutate import MutationReport, mutate
from compliance.policy.tester import RuleReport, run_cases
from compliance.policy.trial import CaseError, Trial

SAMPLE = Path(__file__).parent / "trying" / "sample"
SILENT = {
    # A mutant of a rail that only a not-applicable case decides, and a bound between two shares.
    ("idle-time", "applies without its false rail"),
    ("idle-time", "when without its false rail"),
    ("vendors-signed", "applies without its false rail"),
    ("devices-encrypted", "applies without its false rail"),
    ("devices-encrypted", "expect bound 0.5 -> 0.49"),
}


@pytest.fixture(scope="module")
def kinds() -> Kinds:
    return load_kinds(resources.schemas() / "inventory")


def load(folder: Path, kinds: Kinds) -> tuple[Policy, PolicyFiles]:
    loaded = load_policy(folder, kinds)
    assert not loaded.problems
    assert loaded.policy is not None
    assert loaded.files is not None
    return loaded.policy, loaded.files


def cases_of(folder: Path, kinds: Kinds) -> tuple[Policy, Cases]:
    policy, files = load(folder, kinds)
    cases = read_cases(files, policy, kinds)
    return policy, cases


def statuses_of(policy: Policy, cases: Cases, kinds: Kinds, opa: Path) -> dict[str, RuleReport]:
    trial = Trial(kinds, opa)
    with trial.open_engine(policy) as engine:
        tried = trial.prepare(policy, engine, cases.cases)
        return {report.rule: report for report in run_cases(policy, tried, engine, kinds)}


def changed(policy: Policy, rule_id: str, change: Callable[[Rule], Rule]) -> Policy:
    rules = tuple(change(rule) if rule.id == rule_id else rule for rule in policy.rules)
    return replace(policy, rules=rules)


def edited(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder)
    path = folder / "tests" / "access.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_a_sound_policy_has_nothing_to_report(kinds: Kinds, opa: Path) -> None:
    reports = statuses_of(*cases_of(SAMPLE, kinds), kinds, opa)
    assert all(report.ok and not report.undecided for report in reports.values())
    assert [report.cases for report in reports.values()] == [4, 2, 3]
    assert min(report.derived for report in reports.values()) > 10


def test_a_case_that_comes_out_otherwise_is_named_with_its_place(kinds: Kinds, opa: Path) -> None:
    policy, cases = cases_of(SAMPLE, kinds)
    laxer = changed(
        policy, "idle-time", lambda rule: replace(rule, expect=replace_leaf(rule, Literal(16)))
    )
    failures = statuses_of(laxer, cases, kinds, opa)["idle-time"].failures
    assert [(f.case.name, f.expected, f.actual) for f in failures] == [
        ("one minute more", "gap", "satisfied"),
        ("the agency chose less", "gap", "satisfied"),
        ("the log-off is not known", "unknown", "satisfied"),
    ]
    assert str(failures[0]).startswith(f"{SAMPLE.as_posix()}/tests/access.yaml:11:5: idle-time:")


def replace_leaf(rule: Rule, value: Literal) -> Leaf:
    assert isinstance(rule.expect, Leaf)
    return replace(rule.expect, value=value)


def test_a_status_without_a_case_is_missing(kinds: Kinds, opa: Path, tmp_path: Path) -> None:
    folder = edited(
        tmp_path, "    name: one of three laptops\n", "    name: one of three\n    mark: x\n"
    )
    assert read_files(folder).problems  # a mark that no rule sets is refused
    policy, cases = cases_of(SAMPLE, kinds)
    without = replace(
        cases, cases=tuple(c for c in cases.cases if c.status != "gap" or c.rule == "idle-time")
    )
    reports = statuses_of(policy, without, kinds, opa)
    assert reports["devices-encrypted"].missing == ["gap"]
    assert reports["idle-time"].missing == []


def test_a_rail_that_a_missing_fact_makes_true_is_found(kinds: Kinds, opa: Path) -> None:
    """A null that is less than any number makes a gap satisfied: Rego compares across types."""
    policy, cases = cases_of(SAMPLE, kinds)

    def careless(rule: Rule) -> Rule:
        facts = ("system.session_timeout_minutes",)
        return replace(rule, rego="idle-time.rego", expect=RegoCondition("expect", facts))

    text = """package compliance.sample.rules.idle_time

expect_false if not input.system.session_timeout_minutes <= 15

expect_true if input.system.session_timeout_minutes <= 15
"""
    broken = replace(changed(policy, "idle-time", careless), rego_files={"idle-time.rego": text})
    failures = statuses_of(broken, cases, kinds, opa)["idle-time"].failures
    found = {(f.case.name, f.change, f.actual) for f in failures}
    assert ("one minute more", "system.session_timeout_minutes null", "satisfied") in found


def test_a_leaf_that_decides_no_case_is_named(kinds: Kinds, opa: Path) -> None:
    policy, cases = cases_of(SAMPLE, kinds)
    few = replace(
        cases,
        cases=tuple(c for c in cases.cases if c.name != "the agent is no business associate"),
    )
    reports = statuses_of(policy, few, kinds, opa)
    assert reports["vendors-signed"].missing == ["satisfied"]

    def with_idle_part(rule: Rule) -> Rule:
        assert isinstance(rule.expect, Leaf)
        first = replace(rule.expect, id="expect.0")
        other = Leaf("expect.1", "system.mfa", "equals", "boolean", Literal(True))
        return replace(rule, expect=Group("expect", "any", (first, other)))

    both = changed(policy, "idle-time", with_idle_part)
    assert statuses_of(both, cases, kinds, opa)["idle-time"].undecided == [
        "expect.1: system.mfa is yes"
    ]


def test_a_case_with_a_wrong_inventory_is_refused_with_its_place(
    kinds: Kinds, opa: Path, tmp_path: Path
) -> None:
    folder = edited(tmp_path, "session_timeout_minutes: 15", "sesion_timeout_minutes: 15")
    policy, cases = cases_of(folder, kinds)
    with pytest.raises(CaseError, match=r"at the limit.*sesion_timeout_minutes"):
        statuses_of(policy, cases, kinds, opa)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rule: idle-time", "rule: idle-tme", "there is no rule idle-tme"),
        ("name: one minute more", "name: at the limit", "another case of this name"),
        ("as_of: 2026-06-30\n", "", "the case has no date"),
        (
            "{id: s, automatic_logoff: true, session_timeout_minutes: 15}",
            "{id: t, automatic_logoff: true, session_timeout_minutes: 15}",
            "the case has 2 records of the kind system",
        ),
    ],
)
def test_a_case_that_is_written_wrongly_is_a_problem(
    kinds: Kinds, tmp_path: Path, old: str, new: str, message: str
) -> None:
    _, cases = cases_of(edited(tmp_path, old, new), kinds)
    assert message in str(cases.problems[0])
    assert cases.problems[0].position.line is not None


def mutation_of(folder: Path, kinds: Kinds, opa: Path) -> MutationReport:
    policy, cases = cases_of(folder, kinds)
    trial = Trial(kinds, opa)
    return mutate(policy, cases.cases, cases.equivalents, trial.open_server, trial.prepare)


def test_mutants_that_no_case_notices_survive(kinds: Kinds, opa: Path) -> None:
    report = mutation_of(SAMPLE, kinds, opa)
    assert {(m.rule, m.name) for m in report.survivors} == SILENT
    assert report.noticed > 25
    assert report.stale == ()


def test_an_explained_mutant_is_no_survivor_and_an_outdated_explanation_is_told(
    kinds: Kinds, opa: Path
) -> None:
    policy, cases = cases_of(SAMPLE, kinds)
    trial = Trial(kinds, opa)
    place = cases.cases[0].place
    explained = [
        Equivalent("devices-encrypted", "expect bound 0.5 -> 0.49", "No case can tell.", place),
        Equivalent("devices-encrypted", "expect bound 0.5 -> 0.51", "It is noticed.", place),
    ]
    report = mutate(policy, cases.cases, explained, trial.open_server, trial.prepare)
    assert [(m.name, reason) for m, reason in report.equivalent] == [
        ("expect bound 0.5 -> 0.49", "No case can tell.")
    ]
    assert [one.mutant for one in report.stale] == ["expect bound 0.5 -> 0.51"]
    assert len(report.survivors) == len(SILENT) - 1


def test_every_operator_bound_and_rail_has_a_mutant(kinds: Kinds) -> None:
    policy, _ = cases_of(SAMPLE, kinds)
    names = {m.name for rule in policy.rules for m in mutants(rule, None, policy.parameters)}
    assert names == {
        "when equals -> not_equals", "when without its true rail", "when without its false rail",
        "expect at_most -> greater_than", "expect at_most -> less_than",
        "expect bound idle_minutes -> 14", "expect bound idle_minutes -> 16",
        "expect without its true rail", "expect without its false rail",
        "expect every -> some", "expect where -> nothing",
        "expect.where equals -> not_equals", "expect.where without its true rail",
        "expect.where without its false rail",
        "expect.expect equals -> not_equals", "expect.expect without its true rail",
        "expect.expect without its false rail",
        "expect at_least -> greater_than", "expect at_least -> less_than",
        "expect bound 0.5 -> 0.49", "expect bound 0.5 -> 0.51",
    }  # fmt: skip


def test_mutants_change_one_thing_only() -> None:
    inner = Leaf("expect.expect", "vendor.name", "in", "string", Literal(["a", "b"]))
    rule = Rule(
        "one", "One", ("r",), "law", "system", "low",
        Quantifier("expect", "none", "system.vendors", "link", "vendor", inner), "Do",
        when=Leaf("when", "system.day", "on_or_before", "date", Literal("2026-03-01")),
    )  # fmt: skip
    made = {m.name: m.changed for m in mutants(rule, None, {})}
    assert made["when bound 2026-03-01 -> 2026-02-28"].expect == rule.expect
    for name, mutant in made.items():
        same_when, same_expect = mutant.when == rule.when, mutant.expect == rule.expect
        assert same_when != same_expect, name
    assert "expect.expect bound [a, b] -> [b]" in made
    assert "expect none -> every" in made


def test_portions_of_rules_report_what_all_rules_together_do(kinds: Kinds, opa: Path) -> None:
    policy, cases = cases_of(SAMPLE, kinds)
    together = statuses_of(policy, cases, kinds, opa).values()
    portions = Trial(kinds, opa).run(policy, cases.cases)
    assert [report.rule for report in portions] == [rule.id for rule in policy.rules]
    for one, other in zip(portions, together, strict=True):
        assert (one.cases, one.failures, one.missing) == (other.cases, [], other.missing)
        assert one.undecided == other.undecided
        assert 10 < one.derived <= other.derived  # what other rules read is not taken away


SHIPPED = sorted((Path(__file__).parents[2] / "policies").glob("*/rules/*.yaml"))
"""Every rules file of every policy: each is tried on its own, so that workers share the time."""


@functools.cache
def shipped(folder: Path) -> tuple[Policy, PolicyFiles, Cases]:
    """A policy with its cases, read once by each worker."""
    kinds = load_kinds(resources.schemas() / "inventory")
    policy, files = load(folder, kinds)
    return policy, files, read_cases(files, policy, kinds)


def rules_in(path: Path) -> tuple[Policy, Cases]:
    """The policy with the rules of one file alone, and their cases."""
    policy, files, cases = shipped(path.parents[1])
    named = {rule.id for rule in files.rules if Path(rule.place.source.path).name == path.name}
    return (
        replace(policy, rules=tuple(rule for rule in policy.rules if rule.id in named)),
        replace(
            cases,
            cases=tuple(case for case in cases.cases if case.rule in named),
            equivalents=tuple(one for one in cases.equivalents if one.rule in named),
        ),
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_shipped_policies_keep_their_cases_and_leave_no_mutant_unnoticed(
    path: Path, kinds: Kinds, opa: Path
) -> None:
    policy, cases = rules_in(path)
    assert policy.rules
    assert not cases.problems
    trial = Trial(kinds, opa)
    for report in trial.run(policy, cases.cases):
        assert report.ok, [str(failure) for failure in report.failures] + report.missing
    changes = mutate(policy, cases.cases, cases.equivalents, trial.open_server, trial.prepare)
    assert [(m.rule, m.name) for m in changes.survivors] == []
    assert changes.stale == ()
