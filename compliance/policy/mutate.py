"""The mutation tester: whether some case notices each change of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from compliance.engine.interface import Engine
from compliance.policy.cases import Case, Equivalent
from compliance.policy.model import Policy
from compliance.policy.mutants import Mutant, mutants, without_applies
from compliance.policy.tester import Tried


class OpenEngine(Protocol):
    """Builds a policy and opens an engine for it."""

    def __call__(self, policy: Policy, *, why: bool = True) -> AbstractContextManager[Engine]:
        """Open an engine; without ``why`` it need not tell leaf outcomes."""
        ...


Prepare = Callable[[Policy, Engine, Sequence[Case]], Sequence[Tried]]
"""Makes the input documents of cases for a policy; the engine counts the records for totals."""


PORTION = 100
"""Mutants built into one module: modules of many rules take long to make."""


@dataclass(frozen=True)
class MutationReport:
    """What became of every mutant of a policy."""

    noticed: int
    """Mutants some case noticed."""
    survivors: tuple[Mutant, ...]
    """Mutants no case noticed and nobody explained."""
    equivalent: tuple[tuple[Mutant, str], ...]
    """Mutants no case noticed, with the reason given for each."""
    stale: tuple[Equivalent, ...]
    """Explanations of mutants that a case notices or that do not exist."""
    not_mutated: tuple[str, ...]
    """Rules written in Rego: their own conditions have no mutants."""


def mutate(
    policy: Policy,
    cases: Sequence[Case],
    equivalents: Sequence[Equivalent],
    open_engine: OpenEngine,
    prepare: Prepare,
) -> MutationReport:
    """Try every mutant of every rule on the rule's cases.

    Mutants are built as rules of one policy, so that one engine tries many together. A case
    notices a mutant when it gives another status or mark than the case states.

    Args:
        policy: the policy; its cases give the statuses they state.
        cases: the cases written by hand.
        equivalents: mutants that no case can notice, with reasons.
        open_engine: builds a policy and opens an engine for it.
        prepare: makes the input documents of cases.
    """
    made: list[Mutant] = []
    for rule in policy.rules:
        applies = policy.applies_to(rule.subject)
        for mutant in mutants(rule, applies, policy.parameters):
            whole = mutant.changed
            if not mutant.name.startswith("applies"):
                whole = without_applies(whole, applies)
            made.append(replace(mutant, changed=whole))
    made = [mutant for mutant in made if mutant.changed.rego is None]
    noticed = _noticed(policy, made, cases, open_engine, prepare) if made else set()
    explained = {(one.rule, one.mutant): one.reason for one in equivalents}
    silent = [mutant for mutant in made if mutant.changed.id not in noticed]
    known = {(mutant.rule, mutant.name) for mutant in silent}
    return MutationReport(
        noticed=len(made) - len(silent),
        survivors=tuple(m for m in silent if (m.rule, m.name) not in explained),
        equivalent=tuple(
            (m, explained[m.rule, m.name]) for m in silent if (m.rule, m.name) in explained
        ),
        stale=tuple(one for one in equivalents if (one.rule, one.mutant) not in known),
        not_mutated=tuple(rule.id for rule in policy.rules if rule.written_in_rego),
    )


def _noticed(
    policy: Policy,
    made: Sequence[Mutant],
    cases: Sequence[Case],
    open_engine: OpenEngine,
    prepare: Prepare,
) -> set[str]:
    """Ids of the mutants that some case notices, tried a portion at a time."""
    found: set[str] = set()
    for start in range(0, len(made), PORTION):
        portion = made[start : start + PORTION]
        by_rule: dict[str, list[str]] = {}
        for mutant in portion:
            by_rule.setdefault(mutant.rule, []).append(mutant.changed.id)
        mutated = replace(
            policy, rules=tuple(mutant.changed for mutant in portion), applies={}, rego_files={}
        )
        with open_engine(mutated, why=False) as engine:
            wanted = [case for case in cases if case.rule in by_rule]
            tried = prepare(mutated, engine, wanted)
            evaluations = engine.evaluate([one.document for one in tried])
            for one, evaluation in zip(tried, evaluations, strict=True):
                for mutant_id in by_rule[one.case.rule]:
                    if _status(evaluation.statuses, mutant_id) != one.case.status:
                        found.add(mutant_id)
    return found


def _status(statuses: Mapping[str, str], mutant: str) -> str:
    return statuses.get(mutant, "error")
