"""One built policy on both engines and on the evaluator."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from compliance.engine.cache import CompileCache
from compliance.engine.interface import document_kind
from compliance.engine.opa_server import OpaServer
from compliance.engine.wasm import WasmEngine
from compliance.inventory.kinds import Kinds
from compliance.policy.build import Built, build_model
from compliance.policy.bundle import Bundle, read_bundle
from compliance.policy.conditions import RegoCondition
from compliance.policy.model import APPLIES, Policy
from compliance.policy.rego.entries import rule_versions
from compliance.policy.tester import Tried
from tests.oracle.documents import DocumentMaker
from tests.oracle.evaluator import (
    WORDS,
    Evaluator,
    Judgement,
    RegoAnswer,
    RuleTrees,
    leaves,
    tallies,
)
from tests.oracle.operators import Outcome
from tests.oracle.reads import Reading

Document = dict[str, Any]
OUTCOMES: Mapping[str, Outcome] = {word: outcome for outcome, word in WORDS.items()}


@dataclass(frozen=True)
class Version:
    """One rule as engines know it: as it stands, or as of the day a parameter changes."""

    id: str
    kind: str
    trees: RuleTrees
    evaluator: Evaluator

    @property
    def in_rego(self) -> bool:
        """Whether what the rule expects is written in Rego, which no tree tells."""
        return isinstance(self.trees.expect, RegoCondition)


@dataclass(frozen=True)
class Expected:
    """What the evaluator says of one document."""

    statuses: Mapping[str, str]
    why: Mapping[str, Any]
    judgements: Mapping[str, Judgement]


@dataclass(frozen=True)
class Trial:
    """A built policy with everything that evaluates it."""

    bundle: Bundle
    kinds: Kinds
    wasm: WasmEngine
    opa: OpaServer
    rego: RegoAnswer | None = None
    """Says in Python what the rules written in Rego say; None where nothing does, and the answers
    of OPA are taken for what these rules expect."""
    cases: list[Tried] = field(default_factory=list)
    """The policy's cases written by hand, with their documents."""

    @cached_property
    def policy(self) -> Policy:
        """The policy as the bundle tells it."""
        return self.bundle.policy

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Every rule, dated ones included."""
        found = []
        for version in rule_versions(self.policy):
            rule = version.rule
            trees = RuleTrees(
                version.id, rule.expect, self.policy.applies_to(rule.subject), rule.when,
                rule.otherwise.expect if rule.otherwise else None,
                rule.otherwise.mark if rule.otherwise else None, rule.outer_limit,
            )  # fmt: skip
            evaluator = Evaluator(self.policy.parameters, self.rego, version.date)
            found.append(Version(version.id, rule.subject, trees, evaluator))
        return tuple(found)

    @cached_property
    def reading(self) -> Reading:
        """What the rules read."""
        return Reading.of(self.kinds, [(v.kind, v.trees) for v in self.versions])

    @cached_property
    def maker(self) -> DocumentMaker:
        """Makes documents for the policy."""
        totals = [f"{v.id}/{tally.id}" for v in self.versions for tally in tallies(v.trees)]
        return DocumentMaker(
            self.kinds,
            *self.reading.to_data(),
            self.reading.literals,
            self.policy.parameters,
            totals,
        )

    def documents(
        self, count: int, rng: random.Random, spoilt: float | None = None
    ) -> list[Document]:
        """So many documents, of each kind as many."""
        kinds = self.policy.subjects
        return [
            self.maker.document(kinds[number % len(kinds)], rng, spoilt) for number in range(count)
        ]

    def kind(self, document: Document) -> str:
        """The kind of a document's subject."""
        return document_kind(document)

    def asking(self, document: Document) -> Document:
        """The document, asking why of every rule."""
        rules = self.bundle.entries.rules_by_kind[self.kind(document)]
        return {**document, "why": dict.fromkeys(rules, True)}

    def expected(self, document: Document, told: Mapping[str, Any]) -> Expected:
        """What the evaluator says.

        Args:
            document: the document.
            told: how leaves came out on OPA, by rule: stands in for conditions written in Rego.
        """
        kind = self.kind(document)
        judgements = {
            version.id: self._evaluator(version, told).judge(version.trees, document)
            for version in self.versions
            if version.kind == kind
        }
        statuses = {rule: judgement.status for rule, judgement in judgements.items()}
        why = {rule: judgement.leaf_outcomes for rule, judgement in judgements.items()}
        applies = self.policy.applies_to(kind)
        if applies is not None:
            evaluator = Evaluator(self.policy.parameters)
            statuses[APPLIES] = evaluator.applicability(applies, document)
            why[APPLIES] = leaves(evaluator.came(APPLIES, applies, document))
        return Expected(statuses, why, judgements)

    def _evaluator(self, version: Version, told: Mapping[str, Any]) -> Evaluator:
        if self.rego is not None or not version.in_rego:
            return version.evaluator

        def rego(node: RegoCondition, _: Mapping[str, Any]) -> tuple[Outcome, tuple[str, ...]]:
            answer = told[version.id][node.id]
            return OUTCOMES[answer["outcome"]], tuple(answer.get("unknown_facts", ()))

        return replace(version.evaluator, rego=rego)

    def measured(self, kind: str, document: Document) -> dict[str, str]:
        """How the evaluator says a record counts."""
        found: dict[str, str] = {}
        for version in self.versions:
            found |= version.evaluator.measure(version.trees, kind, document)
        return found

    def trees(self, rule: str) -> RuleTrees | None:
        """The trees of a rule, for messages."""
        found = (version.trees for version in self.versions if version.id == rule)
        return next(found, None)


@contextlib.contextmanager
def tried(
    policy: Policy, kinds: Kinds, opa: Path, folder: Path, rego: RegoAnswer | None = None
) -> Iterator[Trial]:
    """Builds a policy as a published one is built and starts both engines on it.

    The OPA server gets the bundle, which holds Rego alone.
    """
    write(build_model(policy, kinds, opa), folder)
    with opened(policy, kinds, opa, folder, rego) as trial:
        yield trial


BUNDLE, MODULE, WHY = "policy.tar.gz", "policy.wasm", "policy.why.wasm"


def write(built: Built, folder: Path) -> None:
    """Writes the three files of a version."""
    for name, content in zip(
        (BUNDLE, MODULE, WHY), (built.bundle, built.wasm, built.why), strict=True
    ):
        (folder / name).write_bytes(content)


@contextlib.contextmanager
def opened(
    policy: Policy, kinds: Kinds, opa: Path, folder: Path, rego: RegoAnswer | None = None
) -> Iterator[Trial]:
    """Starts both engines on a policy that was built; compiled code is kept in its folder."""
    packed, wasm, why = ((folder / name).read_bytes() for name in (BUNDLE, MODULE, WHY))
    bundle = read_bundle(packed, policy.id, wasm=wasm, why=why)
    cache = CompileCache(folder / "compiled", folder / "compiled.key")
    with (
        WasmEngine(wasm, why, bundle.entries, fuel=bundle.fuel, cache=cache) as engine,
        OpaServer.start(opa, folder / BUNDLE, policy.root, bundle.entries) as server,
    ):
        yield Trial(bundle, kinds, engine, server, rego)
