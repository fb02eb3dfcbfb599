"""What a policy must keep to beyond having a meaning.

Each check takes the loaded policy and yields problems, so one run tells all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from compliance.inventory.problems import Problem, closest
from compliance.policy.conditions import Leaf, Node, Parameter, Tally, Value, walk
from compliance.policy.definitions import unbounded
from compliance.policy.files import PolicyFiles
from compliance.policy.lint_rego import rego_problems
from compliance.policy.lint_texts import text_problems
from compliance.policy.lint_trees import tree_problems
from compliance.policy.loader import LoadedPolicy
from compliance.policy.model import APPLIES, BASES
from compliance.policy.parser import RESERVED


def lint(loaded: LoadedPolicy, opa: Path | None = None) -> tuple[Problem, ...]:
    """Everything wrong with a policy, by file and line.

    Args:
        loaded: the policy with the problems of loading it, which are included.
        opa: the program, to have it look at the Rego as well; without it the linter's own look at
            Rego must do.
    """
    problems = list(loaded.problems)
    files = loaded.files
    if files is None:
        return tuple(problems)
    for check in _CHECKS:
        problems.extend(check(loaded, files))
    if opa is not None and loaded.policy is not None and not problems:
        from compliance.policy.opa_check import opa_problems

        problems.extend(opa_problems(loaded, opa))
    unique = {str(problem): problem for problem in problems}
    return tuple(sorted(unique.values(), key=_order))


def _order(problem: Problem) -> tuple[str, int, int]:
    where = problem.position
    return where.file, where.line or 0, where.column or 0


def _names(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    for rule in files.rules:
        if rule.id == APPLIES or rule.id in RESERVED:
            at = rule.place.at("id")
            yield at.problem(f"`{rule.id}` cannot be the id of a rule", "an id that says more")
    for name in files.policy.raw.get("parameters", {}):
        if name in RESERVED:
            at = files.policy.place.at("parameters", name)
            yield at.problem(f"`{name}` cannot be a parameter", "another name", key=True)


def _bounds(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    yield from unbounded(files.policy)


def _coverage(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    covered = {name for rule in files.rules for name in rule.raw["covers"]}
    for entry in files.requirements:
        raw, place = entry.raw, entry.place
        unassessable = raw["assessable"] == "no"
        if unassessable and entry.id in covered:
            by = next(rule.id for rule in files.rules if entry.id in rule.raw["covers"])
            what = f"the requirement is not assessable, yet the rule `{by}` covers it"
            yield place.at("assessable").problem(what, "yes or partly, or no rule that covers it")
        if unassessable and "not_assessable" not in raw:
            yield place.problem("`not_assessable` is missing", "why an inventory cannot show it")
        if not unassessable and "not_assessable" in raw:
            at = place.at("not_assessable")
            what = "there is a reason why it is not assessable, yet it is called assessable"
            yield at.problem(what, "assessable: no, or no reason", key=True)
        if not unassessable and entry.id not in covered:
            expected = "a rule that covers it, or assessable: no with the reason in not_assessable"
            yield place.at("id").problem(f"no rule covers `{entry.id}`", expected)


def _alternatives(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    for entry in files.requirements:
        raw, place = entry.raw, entry.place
        if (raw["designation"] == "alternative") != ("alternative_to" in raw):
            what = "`alternative_to` and the designation alternative belong together"
            yield place.at("designation").problem(what, "both or neither")
        if raw.get("alternative_to") == entry.id:
            what = "a requirement is no alternative to itself"
            yield place.at("alternative_to").problem(what, "the requirement it replaces")


def _alternative_kinds(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    """Either met is met for one subject, so rules about different kinds replace nothing."""
    del loaded
    kinds: dict[str, set[str]] = {}
    for rule in files.rules:
        for name in rule.raw["covers"]:
            kinds.setdefault(name, set()).add(rule.raw["subject"])
    for entry in files.requirements:
        replaced = str(entry.raw.get("alternative_to"))
        own, others = kinds.get(entry.id), kinds.get(replaced)
        if own and others and own.isdisjoint(others):
            what = (
                f"its rules are about the kind {' and '.join(sorted(own))}, those of `{replaced}` "
                f"about the kind {' and '.join(sorted(others))}, so that it never takes its place"
            )
            expected = f"a rule about the kind {' or '.join(sorted(others))} that covers it"
            yield entry.place.at("alternative_to").problem(what, expected)


def _extent(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    listed = Counter(entry.raw["group"] for entry in files.requirements)
    groups = Counter(group["group"] for group in files.policy.raw["extent"])
    for index, group in enumerate(files.policy.raw["extent"]):
        place = files.policy.place.at("extent", index)
        name, count, source = group["group"], listed[group["group"]], group["source_count"]
        if groups[name] > 1:
            yield place.at("group").problem(f"the group `{name}` stands here twice", "each once")
        if not count:
            yield place.at("group").problem(f"no requirement is of the group `{name}`", "one")
        elif source is not None and (
            count > source or (group["extent"] == "complete" and count != source)
        ):
            what = f"requirements.yaml lists {count} of this group, the source has {source}"
            expected = "extent: selected, or a count that agrees"
            yield place.at("source_count").problem(what, expected)


def _basis(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    known = {entry.id: entry.raw["basis"] for entry in files.requirements}
    for rule in files.rules:
        for index, name in enumerate(rule.raw["covers"]):
            weaker = known.get(name)
            if weaker and BASES.index(rule.raw["basis"]) < BASES.index(weaker):
                what = f"the rule's basis is {rule.raw['basis']}, that of `{name}` only {weaker}"
                expected = f"basis: {weaker}, or a requirement of basis {rule.raw['basis']}"
                yield rule.place.at("covers", index).problem(what, expected)


def _otherwise(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    designations = {entry.id: entry.raw["designation"] for entry in files.requirements}
    for rule in files.rules:
        names = rule.raw["covers"] if "otherwise" in rule.raw else ()
        for name in names:
            if designations.get(name, "addressable") != "addressable":
                what = f"`{name}` is {designations[name]}: no decision takes the measure's place"
                expected = "`otherwise` only where every covered requirement is addressable"
                yield rule.place.at("otherwise").problem(what, expected, key=True)


def _dates(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    for entry in (*files.rules, *files.requirements):
        start, end = entry.raw.get("in_force_from"), entry.raw.get("until")
        if start and end and end < start:
            yield entry.place.at("until").problem("it ends before it starts", f"{start} or later")


def _unused(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    if loaded.policy is None:
        return
    rego = "\n".join(file.text for file in files.rego.values())
    read = {
        value.name
        for trees in loaded.trees.values()
        for tree in trees.values()
        for node in walk(tree)
        for value in _values(node)
        if isinstance(value, Parameter)
    }
    for name in loaded.policy.parameters:
        if name not in read and name not in rego:
            at = files.policy.place.at("parameters", name)
            yield at.problem(f"no rule reads the parameter `{name}`", "a rule that does", key=True)
    used = set(_uses([entry.raw for entry in (files.policy, *files.rules)]))
    for name in files.policy.raw.get("conditions", {}):
        if name not in used:
            at = files.policy.place.at("conditions", name)
            yield at.problem(f"nothing uses the condition `{name}`", "`use` of it", key=True)


def _values(node: Node) -> tuple[Value | None, ...]:
    if isinstance(node, Leaf):
        return node.value, node.days
    return (node.value,) if isinstance(node, Tally) else ()


def _uses(raw: object) -> Iterator[str]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key == "use" and isinstance(value, str):
                yield value
            yield from _uses(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _uses(value)


def _cases(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    del loaded
    known = {rule.id for rule in files.rules}
    for case in files.cases:
        name = case.raw["rule"]
        if name not in known:
            expected = "the id of a rule of this policy"
            yield case.place.at("rule").problem(
                f"there is no rule {name}", expected, closest(name, known)
            )


_CHECKS: tuple[Callable[[LoadedPolicy, PolicyFiles], Iterator[Problem]], ...] = (
    _names,
    _bounds,
    _coverage,
    _alternatives,
    _alternative_kinds,
    _extent,
    _basis,
    _otherwise,
    _dates,
    _unused,
    _cases,
    tree_problems,
    text_problems,
    rego_problems,
)
