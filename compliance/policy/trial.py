"""Policies from source tried out: an engine for one not published, documents for its cases."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compliance.engine.interface import Engine
from compliance.errors import UserError
from compliance.inventory.documents import DocumentBuilder
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.load import load_values
from compliance.inventory.store import Inventory
from compliance.policy.archive import pack
from compliance.policy.build import compile_module
from compliance.policy.bundle import source_bundle
from compliance.policy.bundle_files import bundle_files
from compliance.policy.cases import Case
from compliance.policy.manifest import measure_reads, reads
from compliance.policy.model import Policy
from compliance.policy.opa_tool import Opa
from compliance.policy.rego.entries import named_entries, tallies
from compliance.policy.tester import Tried


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

    @contextmanager
    def open_engine(self, policy: Policy, *, why: bool = True) -> Iterator[Engine]:
        """Build a policy that the linter accepts and evaluate it in-process.

        Each module is compiled once, and without entry points for single statuses: a fault is
        then an error of all rules of a case, which suits a test.

        Args:
            policy: the policy.
            why: whether leaf outcomes will be asked for.
        """
        from compliance.engine.wasm import WasmEngine

        tool, named = Opa(self._opa), named_entries(policy)
        packed = pack(bundle_files(policy, self._kinds), 0)
        entries = [named[name] for name in ("ordered", "measures") if name in named]
        module = compile_module(tool, packed, entries)
        why_module = compile_module(tool, packed, [named["why"]]) if why else None
        bundle = source_bundle(policy, self._kinds)
        with WasmEngine(module, why_module, bundle.entries, fuel=bundle.fuel) as engine:
            yield engine

    def prepare(self, policy: Policy, engine: Engine, cases: Sequence[Case]) -> list[Tried]:
        """The cases with their input documents, records counted for totals.

        Raises:
            CaseError: the inventory of some case has a problem.
        """
        wanted = {kind: part.to_data(kind) for kind, part in reads(policy, self._kinds).items()}
        counted = {
            kind: part.to_data(kind) for kind, part in measure_reads(policy, self._kinds).items()
        }
        tried = []
        for case in cases:
            inventory = self._inventory(case)
            builder = DocumentBuilder(inventory, wanted, case.parameters, counted)
            record = inventory.get(case.kind, case.subject)
            if record is None:
                raise CaseError(f"{_where(case)}: there is no {case.kind}/{case.subject} in it.")
            totals = None
            if case.kind == AGENCY and counted:
                totals = _totals(policy, inventory, builder, engine)
            tried.append(Tried(case, builder.build(record, totals)))
        return tried

    def _inventory(self, case: Case) -> Inventory:
        loaded = load_values(case.given, self._kinds, datetime.date.fromisoformat(case.as_of))
        if loaded.inventory is None:
            problems = "; ".join(f"{p.path}: {p.message}" for p in loaded.errors)
            raise CaseError(f"{_where(case)}: the inventory of the case is wrong: {problems}.")
        return loaded.inventory


def _where(case: Case) -> str:
    return f"{case.place.source.position(case.place.path)}: {case.title}"


def _totals(
    policy: Policy, inventory: Inventory, builder: DocumentBuilder, engine: Engine
) -> dict[str, Any]:
    """What is counted over whole kinds, as an assessment counts it."""
    kinds = {f"{version.id}/{tally.id}": str(tally.of) for version, tally in tallies(policy)}
    counts = {key: Counter[str]() for key in kinds}
    for kind in sorted(set(kinds.values())):
        documents = [builder.measure(record) for record in inventory.iterate(kind)]
        for measures in engine.measure(documents):
            for key, outcome in measures.outcomes.items():
                counts[key][outcome] += 1
    return {
        key: {
            "true": count["true"],
            "false": count["false"],
            "unknown": count["unknown"],
            "complete": inventory.complete_on(kinds[key]),
        }
        for key, count in counts.items()
    }
