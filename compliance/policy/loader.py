"""A policy's source folder to the model: conditions parsed, named ones inlined, values typed.

What is found wrong is collected. The linter adds what a policy must keep to beyond its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.problems import Problem, closest
from compliance.policy import definitions
from compliance.policy.conditions import Node, RegoCondition
from compliance.policy.files import Entry, PolicyFiles, read_files
from compliance.policy.model import Otherwise, ParameterDefinition, Policy, Rule
from compliance.policy.parser import parse_condition
from compliance.policy.rego_facts import resolve
from compliance.policy.scope import (
    NamedCondition,
    NotFound,
    Scope,
    applies_scope,
    rule_scope,
)
from compliance.policy.source import Place

Trees = Mapping[str, Node]
"""Condition trees by root: ``when``, ``expect``, ``otherwise``, ``applies``."""


@dataclass(frozen=True)
class LoadedPolicy:
    """What came of loading a policy."""

    folder: Path
    policy: Policy | None
    """The policy; None where there are problems."""
    problems: tuple[Problem, ...]
    """What keeps it from having a meaning, by file and line."""
    kinds: Kinds
    files: PolicyFiles | None = None
    """The text of the policy; None where the form of a file is wrong."""
    trees: Mapping[str, Trees] = field(default_factory=dict)
    """Trees that could be read, by rule id, and under ``applies/<kind>``."""
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    """Where each node stands, by rule id (or ``applies/<kind>``) and node id."""


def load_policy(folder: Path, kinds: Kinds) -> LoadedPolicy:
    """Reads the source of a policy.

    Args:
        folder: the folder that holds ``policy.yaml``.
        kinds: the kinds its rules speak of.
    """
    read = read_files(folder)
    if read.files is None:
        return LoadedPolicy(folder, None, _sorted(read.problems), kinds)
    loader = _Loader(read.files, kinds)
    return loader.load()


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    unique = {str(problem): problem for problem in problems}
    return tuple(sorted(unique.values(), key=_order))


def _order(problem: Problem) -> tuple[str, int, int]:
    where = problem.position
    return where.file, where.line or 0, where.column or 0


class _Loader:
    def __init__(self, files: PolicyFiles, kinds: Kinds) -> None:
        self.files = files
        self.kinds = kinds
        self.problems: list[Problem] = []
        self.trees: dict[str, dict[str, Node]] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.parameters: dict[str, ParameterDefinition] = definitions.parameters(files.policy)
        self.conditions = {
            name: NamedCondition(raw, files.policy.place.at("conditions", name))
            for name, raw in files.policy.raw.get("conditions", {}).items()
        }

    def load(self) -> LoadedPolicy:
        files = self.files
        self.problems += definitions.parameter_problems(files.policy)
        self.problems += definitions.repeated(files.requirements, "requirement")
        self.problems += definitions.repeated(files.rules, "rule")
        self.problems += _references(files)
        self.problems += definitions.migration_problems(
            files.policy, files.requirements, files.rules
        )
        applies = self._applies()
        self._start()
        rules = [self._rule(entry) for entry in files.rules]
        policy = None if self.problems else self._policy(applies, rules)
        return LoadedPolicy(
            files.folder, policy, _sorted(self.problems), self.kinds, files, self.trees, self.places
        )

    def _policy(self, applies: dict[str, Node], rules: list[Rule | None]) -> Policy:
        raw = self.files.policy.raw
        return Policy(
            id=raw["id"],
            version=raw["version"],
            title=raw["title"],
            status=raw["status"],
            binding=raw["binding"],
            authority=raw["authority"],
            statement=raw["statement"],
            sources=definitions.sources(raw),
            extent=definitions.extent(raw),
            requirements=tuple(definitions.requirement(e.raw) for e in self.files.requirements),
            rules=tuple(rule for rule in rules if rule is not None),
            applies=applies,
            parameters=self.parameters,
            start=tuple(raw.get("start", ())),
            notice_days=raw.get("notice_days", 90),
            migrations=definitions.migrations(raw),
            rego_files={name: file.text for name, file in self.files.rego.items()},
        )

    def _applies(self) -> dict[str, Node]:
        applies: dict[str, Node] = {}
        for kind, raw in self.files.policy.raw.get("applies", {}).items():
            place = self.files.policy.place.at("applies", kind)
            if not self._known_kind(kind, place, key=True):
                continue
            scope = applies_scope(
                self.kinds, kind, parameters=self.parameters, conditions=self.conditions
            )
            node = self._parse(raw, scope, "applies", place, f"applies/{kind}")
            if node is not None:
                applies[kind] = node
        return applies

    def _start(self) -> None:
        """Looks whether the first questions are about facts that an agency's record can hold."""
        facts = self.kinds[AGENCY].facts.values()
        entered = [fact.full_path for fact in facts if fact.entered and fact.path != "id"]
        for index, path in enumerate(self.files.policy.raw.get("start", ())):
            if path in entered:
                continue
            fact = self.kinds.fact(path)
            what = f"there is no fact `{path}`"
            if fact is not None:
                what = f"`{path}` is no fact that decides whether the agency is bound"
            at = self.files.policy.place.at("start", index)
            expected = f"a fact of the agency that people enter, such as `{entered[0]}`"
            self.problems.append(at.problem(what, expected, closest(path, entered)))

    def _known_kind(self, kind: str, place: Place, *, key: bool = False) -> bool:
        writable = [name for name in self.kinds if not self.kinds[name].read_only]
        if kind in writable:
            return True
        what = f"there is no kind `{kind}`"
        if kind in self.kinds:
            what = f"records of the kind {kind} are written by no agency, so no rule is about them"
        expected = f"one of {', '.join(writable)}"
        self.problems.append(place.problem(what, expected, closest(kind, writable), key=key))
        return False

    def _parse(self, raw: Any, scope: Scope, root: str, place: Place, owner: str) -> Node | None:
        parsed = parse_condition(raw, scope, root, place)
        self.problems += parsed.problems
        self.places.update({(owner, node): at for node, at in parsed.places.items()})
        if parsed.node is not None:
            self.trees.setdefault(owner, {})[root] = parsed.node
        return parsed.node

    def _rule(self, entry: Entry) -> Rule | None:
        raw, place = entry.raw, entry.place
        if not self._known_kind(raw["subject"], place.at("subject")):
            return None
        scope = rule_scope(
            self.kinds,
            raw["subject"],
            parameters=self.parameters,
            conditions=self.conditions,
            covers=tuple(raw["covers"]),
        )
        when = None
        if "when" in raw:
            when = self._parse(raw["when"], scope, "when", place.at("when"), entry.id)
        expect = self._expect(entry, scope)
        otherwise = self._otherwise(entry, scope) if "otherwise" in raw else None
        if expect is None:
            return None
        return Rule(
            id=entry.id,
            title=raw["title"],
            covers=tuple(raw["covers"]),
            basis=raw["basis"],
            subject=raw["subject"],
            severity=raw["severity"],
            expect=expect,
            remediation=raw["remediation"],
            when=when,
            otherwise=otherwise,
            outer_limit=raw.get("outer_limit", False),
            effort=raw.get("effort"),
            due=definitions.due(raw),
            question=raw.get("question", ""),
            dates=definitions.dates(raw),
            rego=f"{raw['rego']}.rego" if "rego" in raw else None,
            section=entry.section,
        )

    def _expect(self, entry: Entry, scope: Scope) -> Node | None:
        raw, place = entry.raw, entry.place
        if ("expect" in raw) == ("rego" in raw):
            what = "both `expect` and `rego` stand here" if "rego" in raw else "`expect` is missing"
            self.problems.append(place.problem(what, "either `expect`, or `rego` with `facts`"))
            return None
        if "expect" in raw:
            if "facts" in raw:
                at = place.at("facts")
                expected = "`facts` with `rego` alone: the facts of `expect` are known"
                self.problems.append(
                    at.problem("`facts` stands beside `expect`", expected, key=True)
                )
            return self._parse(raw["expect"], scope, "expect", place.at("expect"), entry.id)
        if "facts" not in raw:
            what = "`facts` is missing"
            expected = "the paths of all facts the Rego reads"
            self.problems.append(place.problem(what, expected))
            return None
        return self._rego(entry, scope)

    def _rego(self, entry: Entry, scope: Scope) -> Node | None:
        before = len(self.problems)
        for index, path in enumerate(entry.raw["facts"]):
            found = resolve(path, scope)
            if isinstance(found, NotFound):
                at = entry.place.at("facts", index)
                self.problems.append(at.problem(found.message, found.expected, found.suggestion))
        self.places[entry.id, "expect"] = entry.place.at("rego")
        if len(self.problems) > before:
            return None
        node = RegoCondition("expect", tuple(entry.raw["facts"]))
        self.trees.setdefault(entry.id, {})["expect"] = node
        return node

    def _otherwise(self, entry: Entry, scope: Scope) -> Otherwise | None:
        raw, place = entry.raw["otherwise"], entry.place.at("otherwise")
        if ("expect" in raw) == ("use" in raw):
            what = "`otherwise` has both `expect` and `use`"
            if "use" not in raw:
                what = "`otherwise` has no condition"
            self.problems.append(place.problem(what, "either `expect` or `use`"))
            return None
        if "use" in raw:
            node = self._parse({"use": raw["use"]}, scope, "otherwise", place, entry.id)
        else:
            node = self._parse(raw["expect"], scope, "otherwise", place.at("expect"), entry.id)
        return None if node is None else Otherwise(raw["mark"], node)


def _references(files: PolicyFiles) -> Iterator[Problem]:
    requirements = {entry.id for entry in files.requirements}
    groups = {group["group"] for group in files.policy.raw["extent"]}
    sources = {source["id"] for source in files.policy.raw["sources"]}
    for rule in files.rules:
        for index, name in enumerate(rule.raw["covers"]):
            if name not in requirements:
                at = rule.place.at("covers", index)
                yield definitions.unknown(name, requirements, "requirement", at)
    for entry in files.requirements:
        raw, place = entry.raw, entry.place
        if raw["group"] not in groups:
            yield definitions.unknown(raw["group"], groups, "group", place.at("group"))
        for index, name in enumerate(raw.get("sources", ())):
            if name not in sources:
                at = place.at("sources", index)
                yield definitions.unknown(name, sources, "source", at)
        replaced = raw.get("alternative_to")
        if replaced is not None and replaced not in requirements:
            at = place.at("alternative_to")
            yield definitions.unknown(replaced, requirements, "requirement", at)
