"""The mutation tester: whether some case notices each change of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from compliance.engine.interface import Engine
from compliance.policy.cases import Case, Equivalent
from compliance.policy.conditions import Tally, walk
from compliance.policy.model import Policy, Rule
from compliance.policy.mutants import Mutant, mutants, without_applies
from compliance.policy.tester import Tried

OpenEngine = Callable[[Policy], AbstractContextManager[Engine]]
"""Opens an engine for a policy."""
Prepare = Callable[[Policy, Engine, Sequence[Case]], Sequence[Tried]]
"""Makes the input documents of cases for a policy; the engine counts the records for totals."""
PORTION = 100
"""Mutants tried on one engine, less where they count records."""


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
        open_engine: opens an engine for a policy.
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
    by_rule: dict[str, list[Case]] = {}
    for case in cases:
        by_rule.setdefault(case.rule, []).append(case)
    found: set[str] = set()
    for portion in _portions(made):
        rules = tuple(mutant.changed for group in portion.values() for mutant in group)
        mutated = replace(policy, rules=rules, applies={}, rego_files={})
        with open_engine(mutated) as engine:
            for rule_id, group in portion.items():
                alone = replace(mutated, rules=tuple(mutant.changed for mutant in group))
                tried = prepare(alone, engine, by_rule.get(rule_id, ()))
                evaluations = engine.evaluate([one.document for one in tried])
                for one, evaluation in zip(tried, evaluations, strict=True):
                    for mutant in group:
                        status = evaluation.statuses.get(mutant.changed.id, "error")
                        if status != one.case.status:
                            found.add(mutant.changed.id)
    return found


def _portions(made: Sequence[Mutant]) -> Iterator[dict[str, list[Mutant]]]:
    """The mutants by rule, a portion at a time."""
    portion: dict[str, list[Mutant]] = {}
    size = 0
    for mutant in made:
        size += 1 + _counts(mutant.changed)
        if portion and size > PORTION:
            yield portion
            portion, size = {}, 1 + _counts(mutant.changed)
        portion.setdefault(mutant.rule, []).append(mutant)
    yield portion


def _counts(rule: Rule) -> int:
    """Counts and shares over a kind: each is another thing to ask of every record."""
    nodes = (node for tree in rule.conditions.values() for node in walk(tree))
    return sum(isinstance(node, Tally) and node.of is not None for node in nodes)
