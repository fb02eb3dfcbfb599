"""A whole policy as Rego modules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from compliance.policy.conditions import Group, Leaf, Node, RegoCondition, walk
from compliance.policy.model import APPLIES, OUTER_LIMIT_MARK, Policy, Rule
from compliance.policy.rego.entries import (
    RuleVersion,
    governing_kind,
    rule_versions,
    rules_by_kind,
    tallies,
)
from compliance.policy.rego.module import Module, entry_head, key_access, literal
from compliance.policy.rego.parameters import parameter_module
from compliance.policy.rego.terms import Names
from compliance.policy.rego.tree import UNKNOWN, TreeCompiler, canonical, outcome_ids
from compliance.policy.words import describe

APPLICATION, DECIDE = "application", "decide"
"""The status of `applies`, and the function that gives a rule's status where it came out so."""
LIB_ROOT = "compliance.lib"
"""Package of the library in the sources; each policy carries a copy under its own root."""


def compile_policy(policy: Policy, library: Mapping[str, str]) -> dict[str, str]:
    """Write a policy as Rego.

    Args:
        policy: a policy without lint problems.
        library: text of every file of ``policies/lib`` but tests, by name.

    Returns:
        Text of every file by its path below the policy's root, sorted.
    """
    return _PolicyCompiler(policy).files(library)


def compile_rule(policy: Policy, rule_id: str) -> str:
    """The generated Rego of one rule, as its file in the bundle holds it.

    Raises:
        KeyError: the policy has no such rule.
    """
    name = policy.rules_by_id[rule_id].rego_name
    return _PolicyCompiler(policy).files({})[f"rules/{name}.rego"]


@dataclass
class _PolicyCompiler:
    policy: Policy

    def __post_init__(self) -> None:
        self.names = Names(self.policy.package)
        self.shared = Module(self.names.shared, "Conditions and dates that several rules use.")
        dated = frozenset(p.name for p in self.policy.parameters.values() if p.values)
        self.trees = TreeCompiler(self.names, self.shared, _common(self.policy), dated)

    def files(self, library: Mapping[str, str]) -> dict[str, str]:
        files = {f"lib/{name}": self._library_file(text) for name, text in library.items()}
        for kind, tree in self.policy.applies.items():
            files[f"applies/{kind}.rego"] = self._applies(kind, tree).text()
        for version in rule_versions(self.policy):
            files[f"rules/{version.rego_name}.rego"] = self._rule(version).text()
        for name, text in self.policy.rego_files.items():
            files[f"rules/written/{name}"] = text
        files["parameters.rego"] = parameter_module(self.policy, self.names).text()
        files["results.rego"] = self._results().text()
        files["why.rego"] = self._why().text()
        files["shared.rego"] = self.shared.text()
        return dict(sorted(files.items()))

    def _library_file(self, text: str) -> str:
        return re.sub(rf"\b{re.escape(LIB_ROOT)}\b", f"{self.names.root}.lib", text)

    def _applies(self, kind: str, tree: Node) -> Module:
        module = Module(f"{self.names.root}.applies.{kind}", f"Whether the policy applies: {kind}.")
        place = self.trees.place(module)
        rails = self.trees.node(tree, place, APPLIES)
        # The names that rules import stay the same where the condition itself is a shared one.
        module.rule("holds", [rails.true])
        module.rule("fails", [rails.false])
        branches = [(literal("satisfied"), ["holds"]), (literal("not_applicable"), ["fails"])]
        module.choice("status", branches, UNKNOWN)
        module.object("leaves", self.trees.outcomes(tree, place, APPLIES))
        return module

    def _rule(self, version: RuleVersion) -> Module:
        rule = version.rule
        heading = f"{rule.title}\nCovers {', '.join(rule.covers)}; basis {rule.basis}."
        module = Module(f"{self.names.root}.rules.{version.rego_name}", heading)
        place = self.trees.place(module, version.id, version.suffix)
        leaves: list[tuple[str, str]] = []
        rails: dict[str, tuple[str, str]] = {}
        scope = self._scope(module, rule.subject)
        if scope:
            rails[APPLIES] = (
                f'{APPLICATION} == "satisfied"', f'{APPLICATION} == "not_applicable"'
            )  # fmt: skip
            ids = outcome_ids(self.policy.applies[str(governing_kind(self.policy, rule.subject))])
            leaves += [(node_id, key_access(f"{scope}.leaves", node_id)) for node_id in ids]
        for root, tree in rule.conditions.items():
            if isinstance(tree, RegoCondition):
                rails[root] = ("expect_true", "expect_false")
                leaves.append((root, "expect_outcome"))
                self._written(module, rule)
                continue
            node = self.trees.node(tree, place, root)
            rails[root] = (node.true, node.false)
            leaves += self.trees.outcomes(tree, place, root)
        if scope:
            # A function: `ordered` asks it without storing what it gives, which for most rules
            # takes WebAssembly as long as the rule itself.
            _write_status(module, f"{DECIDE}({APPLICATION})", rule, rails)
            module.value("status", f"{DECIDE}({scope}.status)")
        else:
            _write_status(module, "status", rule, rails)
        module.object("leaves", leaves)
        return module

    def _scope(self, module: Module, kind: str) -> str:
        """The package that says whether the policy applies to a kind; empty where none does."""
        governing = governing_kind(self.policy, kind)
        return module.part(f"{self.names.root}.applies", governing) if governing else ""

    def _written(self, module: Module, rule: Rule) -> None:
        text = self.policy.rego_files[str(rule.rego)]
        branches = [(literal(rail), [f"expect_{rail}"]) for rail in ("true", "false")]
        module.choice("expect_verdict", branches, UNKNOWN)
        entries = [("outcome", "expect_verdict")]
        if re.search(r"^unknown_facts\b", text, re.MULTILINE):
            entries.append(("unknown_facts", "unknown_facts"))
        module.object("expect_outcome", entries)

    def _results(self) -> Module:
        module = Module(self.names.root, f"Status of every rule of {self.policy.title}.")
        kinds = rules_by_kind(self.policy)
        versions = {version.id: version for version in rule_versions(self.policy)}
        for kind, ids in kinds.items():
            scope = self._scope(module, kind)
            terms = {
                rule_id: scope
                if rule_id == APPLIES
                else module.part(f"{self.names.root}.rules", versions[rule_id].rego_name)
                for rule_id in ids
            }
            module.object(f"{kind}_results", [(key, f"{terms[key]}.status") for key in ids])
            if scope:
                decided = [f"{terms[key]}.{DECIDE}({APPLICATION})" for key in ids if key != APPLIES]
                decided.insert(ids.index(APPLIES), APPLICATION)
                module.array(f"{kind}_ordered", decided, [f"{APPLICATION} := {scope}.status"])
            else:
                module.array(f"{kind}_ordered", [f"{terms[key]}.status" for key in ids])
        for name in ("results", "ordered"):
            branches = [
                (f"{kind}_{name}", [f"is_object(input.{kind})"])
                for kind in sorted(kinds, key=_agency_last)
            ]
            module.choice(name, branches)
        self._measures(module)
        self._batch(module)
        return module

    def _measures(self, module: Module) -> None:
        for version, tally in tallies(self.policy):
            place = self.trees.place(module, version.id, version.suffix)
            name = f"{version.rego_name}_{tally.id.replace('.', '_')}"
            outcome = self.trees.measure(tally, place, name)
            module.rule(
                f"{entry_head('measures', f'{version.id}/{tally.id}')} := {outcome}",
                [f"is_object(input.{tally.of})", f'{outcome} != "outside"'],
            )

    def _batch(self, module: Module) -> None:
        root = f"data.{self.names.root}"
        entries = {"results": f"{root}.results", "why": f"{root}.why.why"}
        if tallies(self.policy):
            entries["measures"] = f"{root}.measures"
        module.comment("Answers for many documents at once, each with its index.")
        for entry, term in sorted(entries.items()):
            answers = (
                "[[i, answer] |\n\tsome i, document in input.documents\n"
                f"\tanswer := {term} with input as document\n]"
            )
            module.rule(f"batch := {answers}", [f'input.entry == "{entry}"'])

    def _why(self) -> Module:
        module = Module(f"{self.names.root}.why", "How every leaf of the rules asked for came out.")
        for version in rule_versions(self.policy):
            rule = module.part(f"{self.names.root}.rules", version.rego_name)
            asked = key_access("input.why", version.id)
            module.rule(f"{entry_head('why', version.id)} := {rule}.leaves", [asked])
        branches = []
        for kind in sorted(rules_by_kind(self.policy), key=_agency_last):
            governing = governing_kind(self.policy, kind)
            if governing is not None:
                scope = module.part(f"{self.names.root}.applies", governing)
                branches.append((f"{scope}.leaves", [f"is_object(input.{kind})"]))
        if branches:
            module.choice("applies_leaves", branches)
            module.rule(f"{entry_head('why', APPLIES)} := applies_leaves", ["input.why.applies"])
        return module


def _write_status(
    module: Module, head: str, rule: Rule, rails: Mapping[str, tuple[str, str]]
) -> None:
    """The status as a chain: unknown applicability never makes a gap."""
    conditions = [rails[root] for root in (APPLIES, "when") if root in rails]
    expect_true, expect_false = rails["expect"]
    gap = [true for true, _ in conditions] + [expect_false]
    mark = f"+{OUTER_LIMIT_MARK}" if rule.outer_limit else ""
    branches: list[tuple[str, list[str]]] = []
    branches += [(literal("not_applicable"), [false]) for _, false in conditions]
    branches.append((literal(f"satisfied{mark}"), [expect_true]))
    if rule.otherwise is not None:
        true, false = rails["otherwise"]
        branches.append((literal(f"satisfied+{rule.otherwise.mark}"), [true]))
        gap.append(false)
    branches.append((literal("gap"), gap))
    module.choice(head, branches, UNKNOWN)


def _agency_last(kind: str) -> tuple[bool, str]:
    return kind == "agency", kind


def _common(policy: Policy) -> dict[str, str]:
    """Conditions that stand more than once in a policy, with a name for each.

    A condition over a list or a tally stays with its rule: what it says of each element is keyed
    by the ids of that rule's leaves.
    """
    found: dict[str, Node] = {}
    counts: Counter[str] = Counter()
    trees = [*policy.applies.values()]
    for rule in policy.rules:
        trees += rule.conditions.values()
    for tree in trees:
        for node in _outside_elements(tree):
            text = canonical(node)
            counts[text] += 1
            found[text] = node
    names: dict[str, str] = {}
    taken: set[str] = set()
    for text in sorted(text for text, count in counts.items() if count > 1):
        name = stem = _stem(found[text])
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        names[text] = name
    return names


def _outside_elements(tree: Node) -> list[Node]:
    """The nodes that speak of no element and of no list, parents first."""
    if isinstance(tree, Leaf):
        return [tree]
    if not isinstance(tree, Group):
        return []
    below = [node for child in tree.children for node in _outside_elements(child)]
    whole = all(isinstance(node, Group | Leaf) for node in walk(tree))
    return [tree, *below] if whole and tree.op != "not" else below


def _stem(node: Node) -> str:
    if isinstance(node, Group):
        leaves = [part for part in walk(node) if isinstance(part, Leaf)]
        start = _stem(leaves[0]) if leaves else "nothing"
        return f"{node.op}_{start}" + (f"_and_{len(leaves) - 1}_more" if len(leaves) > 1 else "")
    words = re.findall(r"[a-z0-9]+", describe(node).lower())
    return "_".join(words)[:60].rstrip("_")
