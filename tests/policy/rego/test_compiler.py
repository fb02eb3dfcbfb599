"""Generated Rego is valid, strict, laid out as `opa fmt` leaves it, and reads well."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from compliance import resources
from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Group,
    Leaf,
    Literal,
    Node,
    Parameter,
    Quantifier,
    RegoCondition,
    Tally,
    Value,
)
from compliance.policy.model import DatedValue, Otherwise, ParameterDefinition, Policy, Rule
from compliance.policy.operators import OPERATORS
from compliance.policy.rego import compile_policy, compile_rule
from compliance.policy.rego.entries import (
    named_entries,
    rule_versions,
    rules_by_kind,
    status_entries,
)

DAYS = ParameterDefinition(
    "review_days", "Days between reviews", "integer", "lower", "bureau", 365,
    (DatedValue(180, "2027-01-01", "bureau"),),
)  # fmt: skip
VALUES: Mapping[str, tuple[str, Value | None]] = {
    # operator: type of the fact it is tried on, and a value
    "equals": ("string", Literal("a")),
    "in": ("string", Literal(["a", "b"])),
    "contains": ("list", Literal("a")),
    "contains_any": ("list", Literal(["a"])),
    "contains_all": ("list", Literal(["a"])),
    "subset_of": ("list", Literal(["a"])),
    "intersects": ("list", FactValue("system.other", "list")),
    "less_than": ("number", Literal(1.5)),
    "at_most": ("integer", Parameter("review_days")),
    "greater_than": ("integer", FactValue("system.number", "integer", none=True)),
    "at_least": ("integer", Literal(1)),
    "exists": ("date", None),
    "is_empty": ("string", None),
    "matches": ("string", Literal("[a-z`]+")),
    "starts_with": ("string", Literal("a")),
    "ends_with": ("string", Literal("a")),
    "length_at_least": ("string", Literal(1)),
    "length_at_most": ("list", Literal(1)),
    "within_days": ("date", Parameter("review_days")),
    "older_than_days": ("date", Literal(30)),
    "before": ("date", AsOf()),
    "after": ("date", Literal("2026-01-01")),
    "on_or_before": ("date", FactValue("system.day", "date")),
    "on_or_after": ("date", Literal("2026-01-01")),
    "within_days_of": ("date", FactValue("system.day", "date", none=True)),
    "version_at_least": ("string", Literal("1.2")),
    "version_below": ("string", Literal("1.2")),
}


def leaf(path: str, value: Any = True, node_id: str = "expect") -> Leaf:
    return Leaf(node_id, path, "equals", "boolean", Literal(value))


def rule(rule_id: str, expect: Node, kind: str = "system", **more: Any) -> Rule:
    return Rule(
        rule_id, f"Title of {rule_id}", ("x-1",), "law", kind, "high", expect, "Do it", **more
    )


def policy(*rules: Rule, applies: Mapping[str, Node] | None = None, **more: Any) -> Policy:
    return Policy(
        "sample", "0.1.0", "Sample", "draft", "binding", "Bureau", "A gap analysis.", (), (), (),
        rules, applies or {}, {"review_days": DAYS}, **more,
    )  # fmt: skip


def library() -> dict[str, str]:
    files = sorted(resources.policy_library().glob("*.rego"))
    return {f.name: f.read_text("utf-8") for f in files if not f.stem.endswith("_test")}


def written(compiled: Mapping[str, str], folder: Path) -> Path:
    for name, text in compiled.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def check(opa: Path, folder: Path) -> None:
    for command in (["fmt", "--list", "--fail"], ["check", "--strict"]):
        run = subprocess.run([opa, *command, folder], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


def everything() -> Policy:
    every = Quantifier(
        "expect", "every", "system.vendors", "link", "vendor",
        Quantifier(
            "expect.expect", "none", "vendor.subcontractors", "link", "sub",
            Leaf("expect.expect.expect", "sub.country", "equals", "string",
                 FactValue("vendor.country", "string")),
        ),
        Leaf("expect.where", "vendor.reviewed_on", "within_days", "date",
             Parameter("review_days"), none=True),
    )  # fmt: skip
    constant = Quantifier(
        "expect", "some", "system.versions", "list", "item",
        Group("expect.expect", "any", (
            Leaf("expect.expect.0", "item", "starts_with", "string", Literal("1")),
            Leaf("expect.expect.1", "system.item", "equals", "string", Literal("item")),
        )),
        leaf("agency.mfa", node_id="expect.where"),
    )  # fmt: skip
    across = Quantifier(
        "expect", "every", "system.vendors", "link", "vendor",
        Quantifier(
            "expect.expect", "some", "system.versions", "list", "item",
            Leaf("expect.expect.expect", "item", "equals", "string",
                 FactValue("vendor.version", "string")),
        ),
    )  # fmt: skip
    inner_count = Quantifier(
        "expect", "every", "system.vendors", "link", "vendor",
        Tally(
            "expect.expect", "count", "item", "at_least", Literal(1), None,
            Leaf("expect.expect.expect", "item", "equals", "string",
                 FactValue("vendor.version", "string")),
            path="system.versions", list="list",
        ),
    )  # fmt: skip
    share = Tally(
        "expect", "share", "device", "at_least", Literal(0.9),
        leaf("device.mobile", node_id="expect.where"),
        leaf("device.encrypted", node_id="expect.expect"),
        of="device",
    )  # fmt: skip
    counted = Tally(
        "expect", "count", "vendor", "at_most", Parameter("review_days"), None,
        leaf("vendor.us", node_id="expect.expect"), path="system.vendors", list="link",
    )  # fmt: skip
    decision = Otherwise("by_documented_decision", Quantifier(
        "otherwise", "some", "system.decisions", "reverse", "decision",
        Leaf("otherwise.expect", "decision.rationale", "not_empty", "string"),
    ))  # fmt: skip
    both = Group("expect", "all", (
        leaf("system.mfa", node_id="expect.0"),
        Group("expect.1", "not", (leaf("system.shared", node_id="expect.1.0"),)),
    ))  # fmt: skip
    return policy(
        rule("nested", every),
        rule("constant", constant, when=leaf("system.public", node_id="when")),
        rule("share", share, "agency"),
        rule("across", across),
        rule("inner-count", inner_count),
        rule("counted", counted, outer_limit=True),
        rule("both", both, otherwise=decision),
        rule("same", replace_ids(both)),
        rule("by-hand", RegoCondition("expect", ("system.mfa",)), rego="by-hand.rego"),
        rule("on-device", leaf("device.lock"), "device"),
        applies={
            "agency": leaf("agency.covered", node_id="applies"),
            "system": Leaf("applies", "system.data_types", "contains", "list", Literal("ephi"),
                           items="string"),
        },
        rego_files={"by-hand.rego": BY_HAND},
    )  # fmt: skip


def replace_ids(node: Group) -> Group:
    """The same condition under ids of another rule."""
    return Group(node.id, node.op, node.children)


BY_HAND = """package compliance.sample.rules.by_hand

facts := ["system.mfa"]

expect_true if input.system.mfa == true

expect_false if input.system.mfa == false
"""


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_every_operator_compiles_to_strict_formatted_rego(
    name: str, opa: Path, tmp_path: Path
) -> None:
    kind, value = VALUES[OPERATORS[name].negates or name]
    days = Literal(60) if name == "within_days_of" else None
    test = Leaf("expect", "system.fact", name, kind, value, "string", kind == "date", days)
    inside = Leaf("expect.expect", "vendor.fact", name, kind, value, "string", kind == "date", days)
    each = Quantifier("expect", "every", "system.vendors", "link", "vendor", inside)
    compiled = compile_policy(policy(rule("plain", test), rule("each", each)), library())
    check(opa, written(compiled, tmp_path))


def test_every_combinator_compiles_to_strict_formatted_rego(opa: Path, tmp_path: Path) -> None:
    check(opa, written(compile_policy(everything(), library()), tmp_path))


def test_a_rule_reads_as_two_rails_and_a_status() -> None:
    both = policy(rule("mfa-on", leaf("system.mfa"), when=leaf("system.public", node_id="when")))
    assert compile_rule(both, "mfa-on") == (
        "# Title of mfa-on\n"
        "# Covers x-1; basis law.\n"
        "package compliance.sample.rules.mfa_on\n"
        "\n"
        "# system.public is yes\n"
        "when_true if input.system.public == true\n"
        "\n"
        "when_false if {\n"
        "\tis_boolean(input.system.public)\n"
        "\tinput.system.public != true\n"
        "}\n"
        "\n"
        'when_outcome := "true" if when_true\n'
        "\n"
        'else := "false" if when_false\n'
        "\n"
        'else := "unknown"\n'
        "\n"
        "# system.mfa is yes\n"
        "expect_true if input.system.mfa == true\n"
        "\n"
        "expect_false if {\n"
        "\tis_boolean(input.system.mfa)\n"
        "\tinput.system.mfa != true\n"
        "}\n"
        "\n"
        'expect_outcome := "true" if expect_true\n'
        "\n"
        'else := "false" if expect_false\n'
        "\n"
        'else := "unknown"\n'
        "\n"
        'status := "not_applicable" if when_false\n'
        "\n"
        'else := "satisfied" if expect_true\n'
        "\n"
        'else := "gap" if {\n'
        "\twhen_true\n"
        "\texpect_false\n"
        '} else := "unknown"\n'
        "\n"
        "leaves := {\n"
        '\t"when": when_outcome,\n'
        '\t"expect": expect_outcome,\n'
        "}\n"
    )


def test_a_condition_of_two_rules_is_written_once() -> None:
    compiled = compile_policy(everything(), library())
    for name in ("both", "same"):
        assert "input.system.shared" not in compiled[f"rules/{name}.rego"]
    assert compiled["shared.rego"].count("input.system.shared == true") == 1


def test_nothing_reads_anything_but_the_input_document() -> None:
    for name, text in compile_policy(everything(), library()).items():
        for line in text.splitlines():
            if "data." in line:
                assert "data.compliance.sample" in line, f"{name}: {line}"


def test_a_coming_parameter_value_makes_a_second_version_of_the_rules_that_read_it() -> None:
    versions = [version.id for version in rule_versions(everything())]
    assert [v for v in versions if "@" in v] == ["nested@2027-01-01", "counted@2027-01-01"]
    compiled = compile_policy(everything(), library())
    coming = compiled["rules/counted_from_2027_01_01.rego"]
    assert "parameters.review_days_from_2027_01_01" in coming
    assert "parameters.review_days)" not in coming


def test_entries_name_what_the_engines_ask_for() -> None:
    sample = everything()
    entries = status_entries(sample)
    assert entries["by-hand"] == "compliance/sample/rules/by_hand/status"
    assert entries["applies/device"] == "compliance/sample/applies/agency/status"
    assert named_entries(sample)["measures"] == "compliance/sample/measures"
    assert rules_by_kind(sample)["agency"] == ("applies", "share")
    assert "measures" not in named_entries(policy(rule("one", leaf("system.mfa"))))


def test_the_list_of_statuses_has_the_order_of_the_rules() -> None:
    sample = everything()
    assert named_entries(sample)["ordered"] == "compliance/sample/ordered"
    text = compile_policy(sample, library())["results.rego"]
    listed = text.partition("agency_ordered := [\n")[2].partition("]")[0]
    assert [line.strip() for line in listed.splitlines()] == [
        "application,",
        "rules.share.decide(application),",
    ]
    assert rules_by_kind(sample)["agency"] == ("applies", "share")


def test_text_in_a_title_cannot_leave_its_comment() -> None:
    evil = rule("evil", leaf("system.mfa"))
    evil = Rule(**{f: getattr(evil, f) for f in evil.__slots__} | {"title": "a\nexpect_true := 1"})
    compiled = compile_policy(policy(evil), library())["rules/evil.rego"]
    assert "\nexpect_true := 1" not in compiled
