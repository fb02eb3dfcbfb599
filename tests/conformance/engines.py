"""One built policy on both engines and on the evaluator."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from compliance.engine.interface import document_kind
from compliance.engine.opa_server import OpaServer
from compliance.engine.wasm import WasmEngine
from compliance.inventory.kinds import Kinds
from compliance.policy.build import build_model
from compliance.policy.bundle import Bundle, read_bundle
from compliance.policy.model import APPLIES, Policy
from compliance.policy.rego.entries import rule_versions
from tests.oracle.documents import DocumentMaker
from tests.oracle.evaluator import Evaluator, Judgement, RegoAnswer, RuleTrees, leaves, tallies
from tests.oracle.reads import Reading

Document = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One rule as engines know it: as it stands, or as of the day a parameter changes."""

    id: str
    kind: str
    trees: RuleTrees
    evaluator: Evaluator


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
        """So many documents, of each kind as many as rules are about it."""
        kinds = [rule.subject for rule in self.policy.rules]
        return [self.maker.document(rng.choice(kinds), rng, spoilt) for _ in range(count)]

    def kind(self, document: Document) -> str:
        """The kind of a document's subject."""
        return document_kind(document)

    def asking(self, document: Document) -> Document:
        """The document, asking why of every rule."""
        rules = self.bundle.entries.rules_by_kind[self.kind(document)]
        return {**document, "why": dict.fromkeys(rules, True)}

    def expected(self, document: Document) -> Expected:
        """What the evaluator says."""
        kind = self.kind(document)
        judgements = {
            version.id: version.evaluator.judge(version.trees, document)
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
    built = build_model(policy, kinds, opa)
    path = folder / f"{policy.id}.tar.gz"
    path.write_bytes(built.bundle)
    bundle = read_bundle(built.bundle, path.name, wasm=built.wasm, why=built.why)
    entries = bundle.entries
    with (
        WasmEngine(built.wasm, built.why, entries, fuel=bundle.fuel) as wasm,
        OpaServer.start(opa, path, policy.root, entries) as server,
    ):
        yield Trial(bundle, kinds, wasm, server, rego)
