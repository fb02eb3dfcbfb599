"""Policies from source tried out: an engine for one not published, documents for its cases."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from compliance.engine.interface import Engine, Entries
from compliance.errors import UserError
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.load import load_values
from compliance.inventory.store import Inventory
from compliance.policy.archive import pack
from compliance.policy.build import compile_module
from compliance.policy.bundle import MANIFEST
from compliance.policy.cases import Case
from compliance.policy.manifest import fuel, measure_reads, reads
from compliance.policy.model import Policy
from compliance.policy.opa_tool import Opa
from compliance.policy.rego.entries import named_entries, rules_by_kind, status_entries, tallies
from compliance.policy.sources import rego_files
from compliance.policy.tester import RuleReport, Tried, run_cases

PORTION = 40
"""Rules built into one module."""


class CaseError(UserError):
    """A case whose inventory cannot be read."""


class Trial:
    """Builds policies in memory and prepares their cases.

    Args:
        kinds: all kinds.
        opa: the program that compiles, of the pinned version.
    """

    def __init__(self, kinds: Kinds, opa: Path) -> None:
        self._kinds = kinds
        self._opa = opa

    def run(self, policy: Policy, cases: Sequence[Case]) -> list[RuleReport]:
        """Run all cases of a policy and all that follow from them, a portion of rules at a time.

        Modules of few rules take less time for each of the many documents.

        Returns:
            A report a rule, in the order of the rules.

        Raises:
            CaseError: the inventory of some case has a problem.
        """
        reports: list[RuleReport] = []
        for start in range(0, len(policy.rules), PORTION):
            part = replace(policy, rules=policy.rules[start : start + PORTION])
            wanted = [case for case in cases if case.rule in part.rules_by_id]
            with self.open_engine(part) as engine:
                tried = self.prepare_rules(part, engine, wanted)
                reports += run_cases(part, tried, engine, self._kinds)
        return reports

    @contextmanager
    def open_engine(self, policy: Policy) -> Iterator[Engine]:
        """Build a policy that the linter accepts and evaluate it in-process.

        One module is compiled for statuses and explanations, and without entry points for single
        statuses: a fault is then an error of all rules of a case, which suits a test.
        """
        from compliance.engine.wasm import WasmEngine

        named = named_entries(policy)
        texts = {name: text.encode() for name, text in rego_files(policy).items()}
        # Without the texts for reports, which no rule reads.
        packed = pack({MANIFEST: _manifest(policy), **texts}, 0)
        wanted = [named[name] for name in ("ordered", "measures", "why") if name in named]
        module = compile_module(Opa(self._opa), packed, wanted)
        with WasmEngine(module, module, _entries(policy), fuel=fuel(policy)) as engine:
            yield engine

    @contextmanager
    def open_server(self, policy: Policy) -> Iterator[Engine]:
        """Evaluate a policy on an OPA server of our own.

        For rules that are asked of a few documents only: the server takes a tenth of the time
        that a module takes to compile.
        """
        from compliance.engine.opa_server import OpaServer

        texts = rego_files(policy)
        with OpaServer.start(self._opa, texts, policy.root, _entries(policy)) as engine:
            yield engine

    def prepare_rules(self, policy: Policy, engine: Engine, cases: Sequence[Case]) -> list[Tried]:
        """The cases with input documents that hold what the rule of each case reads.

        Raises:
            CaseError: as ``prepare``.
        """
        by_rule: dict[str, list[Case]] = {}
        for case in cases:
            by_rule.setdefault(case.rule, []).append(case)
        tried: list[Tried] = []
        for rule_id, wanted in by_rule.items():
            alone = replace(policy, rules=(policy.rules_by_id[rule_id],))
            tried += self.prepare(alone, engine, wanted)
        return tried

    def prepare(self, policy: Policy, engine: Engine, cases: Sequence[Case]) -> list[Tried]:
        """The cases with their input documents, records counted for totals.

        Args:
            policy: what its rules read goes into the documents.
            engine: evaluates these rules, others as well perhaps.
            cases: cases of these rules.

        Raises:
            CaseError: the inventory of some case has a problem.
        """
        wanted = {kind: part.to_data(kind) for kind, part in reads(policy, self._kinds).items()}
        counted = {
            kind: part.to_data(kind) for kind, part in measure_reads(policy, self._kinds).items()
        }
        counting = _Counting(policy, engine)
        tried = []
        for case in cases:
            inventory = self._inventory(case)
            builder = DocumentBuilder(inventory, wanted, case.parameters, counted)
            record = inventory.get(case.kind, case.subject)
            if record is None:
                raise CaseError(f"{_where(case)}: there is no {case.kind}/{case.subject} in it.")
            totals = counting.totals(inventory, builder) if case.kind == AGENCY else None
            tried.append(Tried(case, builder.build(record, totals)))
        counting.count()
        return tried

    def _inventory(self, case: Case) -> Inventory:
        loaded = load_values(case.given, self._kinds, datetime.date.fromisoformat(case.as_of))
        if loaded.inventory is None:
            problems = "; ".join(f"{p.path}: {p.message}" for p in loaded.errors)
            raise CaseError(f"{_where(case)}: the inventory of the case is wrong: {problems}.")
        return loaded.inventory


def _where(case: Case) -> str:
    return f"{case.place.source.position(case.place.path)}: {case.title}"


class _Counting:
    """What is counted over whole kinds, as an assessment counts it, for many inventories at once.

    Args:
        policy: its rules count.
        engine: says how each record counts.
    """

    def __init__(self, policy: Policy, engine: Engine) -> None:
        self._engine = engine
        self._kinds = {
            f"{version.id}/{tally.id}": str(tally.of) for version, tally in tallies(policy)
        }
        self._documents: dict[str, dict[str, Any]] = {}
        self._counted: dict[str, list[dict[str, Any]]] = {}

    def totals(self, inventory: Inventory, builder: DocumentBuilder) -> dict[str, Any] | None:
        """The totals of an inventory, zero until ``count``; None where no rule counts."""
        if not self._kinds:
            return None
        totals = {
            key: {"true": 0, "false": 0, "unknown": 0, "complete": inventory.complete_on(kind)}
            for key, kind in self._kinds.items()
        }
        for kind in sorted(set(self._kinds.values())):
            for record in inventory.iterate(kind):
                # Cases repeat the records of their base: each is asked about once.
                document = builder.measure(record)
                text = json.dumps(document, sort_keys=True)
                self._documents[text] = document
                self._counted.setdefault(text, []).append(totals)
        return totals

    def count(self) -> None:
        """Ask the engine about all records."""
        measured = self._engine.measure(self._documents.values())
        for text, measures in zip(self._documents, measured, strict=True):
            for totals in self._counted[text]:
                for key in totals.keys() & measures.outcomes.keys():
                    totals[key][measures.outcomes[key]] += 1


def _manifest(policy: Policy) -> bytes:
    return json.dumps({"revision": "", "roots": [policy.root], "rego_version": 1}).encode()


def _entries(policy: Policy) -> Entries:
    named = named_entries(policy)
    return Entries(
        results=named["results"],
        measures=named.get("measures"),
        why=named["why"],
        batch=named["batch"],
        statuses=status_entries(policy),
        rules_by_kind=rules_by_kind(policy),
        ordered=named["ordered"],
    )
