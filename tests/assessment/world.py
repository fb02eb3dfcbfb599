"""Whole assessments without `opa`: policies written in tests, on the evaluator of tests/oracle."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from compliance import resources
from compliance.assessment.evaluate import PolicyUse, assess
from compliance.assessment.model import Assessment, Finding
from compliance.engine.interface import Document, Evaluation, Measures, Why, document_kind
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.inventory.load import load_values
from compliance.inventory.store import Inventory
from compliance.policy.bundle import Bundle, source_bundle
from compliance.policy.loader import load_policy
from compliance.policy.model import APPLIES, Policy
from compliance.policy.rego.entries import RuleVersion, rule_versions
from tests.oracle.evaluator import Evaluator, RegoAnswer, RuleTrees, leaves

AS_OF = datetime.date(2026, 11, 23)
Yaml = dict[str, Any]


@cache
def kinds() -> Kinds:
    return load_kinds(resources.schemas() / "inventory")


@dataclass
class OracleEngine:
    """Evaluates with the evaluator of tests/oracle."""

    policy: Policy
    faults: frozenset[tuple[str, str]] = frozenset()
    """Rules that fault for a subject: (rule or ``measures``, subject id)."""
    name: str = "oracle"
    version: str = "1"
    rego: RegoAnswer | None = None
    """Stands in for rules written in Rego."""
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    """What ``why`` was asked: subject id and rules."""
    batches: list[int] = field(default_factory=list)
    """How many documents came at once."""

    def evaluate(self, documents: Iterable[Document]) -> Iterator[Evaluation]:
        held = list(documents)
        self.batches.append(len(held))
        for document in held:
            yield self._evaluate(document)

    def measure(self, documents: Iterable[Document]) -> Iterator[Measures]:
        for document in documents:
            kind = document_kind(document)
            if ("measures", document[kind]["id"]) in self.faults:
                yield Measures(error="Out of fuel.")
                continue
            found: dict[str, str] = {}
            for version in rule_versions(self.policy):
                found |= self._evaluator(version).measure(self.trees(version), kind, document)
            yield Measures(found)

    def why(self, documents: Iterable[Document]) -> Iterator[Why]:
        for document in documents:
            kind = document_kind(document)
            subject = document[kind]["id"]
            asked = sorted(document["why"])
            self.asked.append((subject, asked))
            versions = {version.id: version for version in rule_versions(self.policy)}
            outcomes: dict[str, Mapping[str, Any]] = {}
            errors: dict[str, str] = {}
            for rule in asked:
                if (f"why {rule}", subject) in self.faults:
                    errors[rule] = "No explanation."
                elif rule == APPLIES:
                    tree = self.policy.applies_to(kind)
                    assert tree is not None
                    evaluator = Evaluator(self.policy.parameters)
                    outcomes[rule] = leaves(evaluator.came(APPLIES, tree, document))
                else:
                    version = versions[rule]
                    evaluator = self._evaluator(version)
                    outcomes[rule] = evaluator.leaf_outcomes(self.trees(version), document)
            yield Why(outcomes, errors)

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def trees(self, version: RuleVersion) -> RuleTrees:
        rule = version.rule
        return RuleTrees(
            version.id, rule.expect, self.policy.applies_to(rule.subject), rule.when,
            rule.otherwise.expect if rule.otherwise else None,
            rule.otherwise.mark if rule.otherwise else None, rule.outer_limit,
        )  # fmt: skip

    def _evaluator(self, version: RuleVersion) -> Evaluator:
        return Evaluator(self.policy.parameters, self.rego, version.date)

    def _evaluate(self, document: Document) -> Evaluation:
        kind = document_kind(document)
        statuses, errors = {}, {}
        subject = document[kind]["id"]
        applies = self.policy.applies_to(kind)
        if applies is not None:
            evaluator = Evaluator(self.policy.parameters)
            statuses[APPLIES] = evaluator.applicability(applies, document)
        for version in rule_versions(self.policy):
            if version.rule.subject == kind:
                evaluator = self._evaluator(version)
                statuses[version.id] = evaluator.status(self.trees(version), document)
        for rule in list(statuses):
            if (rule, subject) in self.faults:
                del statuses[rule]
                errors[rule] = "Out of fuel."
        return Evaluation(statuses, errors)


def rule(rule_id: str = "r", **changes: Any) -> Yaml:
    """A rule about systems; without a change it asks for MFA."""
    return {
        "id": rule_id, "title": f"Rule {rule_id}", "covers": ["req-a"], "basis": "law",
        "subject": "system", "severity": "high", "expect": {"system.mfa": True},
        "remediation": "Do it.", **changes,
    }  # fmt: skip


def requirement(requirement_id: str, **changes: Any) -> Yaml:
    return {
        "id": requirement_id, "label": requirement_id, "title": "Title", "group": "g",
        "designation": "required", "basis": "law", "assessable": "yes", "confidence": "verified",
        "sources": ["s"], **changes,
    }  # fmt: skip


def make_policy(
    folder: Path,
    rules: Sequence[Yaml],
    requirements: Sequence[Yaml] | None = None,
    rego: Mapping[str, str] | None = None,
    **changes: Any,
) -> Policy:
    """A policy loaded from YAML that is written into a folder."""
    (folder / "rules").mkdir(parents=True)
    policy = {
        "id": "pol", "version": "1.0.0", "title": "Policy", "status": "published",
        "binding": "binding", "authority": "Bureau", "statement": "Statement.",
        "sources": [{"id": "s", "title": "S", "edition": "1", "dated_on": "2020-01-01"}],
        "extent": [{"group": "g", "title": "G", "extent": "complete", "source_count": 2}],
        **changes,
    }  # fmt: skip
    if requirements is None:
        named = sorted({name for one in rules for name in one["covers"]})
        requirements = [requirement(name) for name in named]
    files = {
        "policy.yaml": policy,
        "requirements.yaml": {"requirements": list(requirements)},
        "rules/all.yaml": {"section": "Section", "rules": list(rules)},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), "utf-8")  # JSON is YAML
    for name, text in (rego or {}).items():
        (folder / "rules" / name).write_text(text, "utf-8")
    loaded = load_policy(folder, kinds())
    assert loaded.policy is not None, [str(problem) for problem in loaded.problems]
    assert not loaded.problems, [str(problem) for problem in loaded.problems]
    return loaded.policy


def make_inventory(values: Yaml, as_of: datetime.date = AS_OF) -> Inventory:
    """An inventory from plain values; the agency may be left out."""
    loaded = load_values({"agency": {"id": "agency"}, **values}, kinds(), as_of)
    assert loaded.inventory is not None, [str(problem) for problem in loaded.problems]
    return loaded.inventory


@dataclass
class World:
    """Makes policies below a folder and assesses inventories with them."""

    folder: Path
    engines: list[OracleEngine] = field(default_factory=list)

    def use(
        self,
        policy: Policy,
        choices: Mapping[str, Any] | None = None,
        faults: Iterable[tuple[str, str]] = (),
        rego: RegoAnswer | None = None,
    ) -> PolicyUse:
        engine = OracleEngine(policy, frozenset(faults), rego=rego)
        self.engines.append(engine)
        return PolicyUse(_bundle(policy), engine, "named by a test", choices or {})

    def policy(self, *rules: Yaml, **changes: Any) -> Policy:
        return make_policy(
            self.folder / f"policy-{len(list(self.folder.iterdir()))}", rules, **changes
        )

    def assess(
        self,
        policy: Policy,
        inventory: Yaml,
        *,
        choices: Mapping[str, Any] | None = None,
        faults: Iterable[tuple[str, str]] = (),
        rego: RegoAnswer | None = None,
    ) -> Assessment:
        return assess(make_inventory(inventory), [self.use(policy, choices, faults, rego)])


def _bundle(policy: Policy) -> Bundle:
    return source_bundle(policy, kinds())


def found(assessment: Assessment) -> dict[str, Finding]:
    """Findings by ``rule kind/id``, the policy left out."""
    return {f"{one.rule} {one.record}": one for one in assessment.findings}


def statuses(assessment: Assessment) -> dict[str, str]:
    """Statuses by ``rule kind/id``."""
    return {name: finding.status for name, finding in found(assessment).items()}
