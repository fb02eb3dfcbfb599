"""The first questions: few facts of the agency, each asked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.inventory.kinds import AGENCY, Fact, Kinds
from compliance.policy.conditions import (
    FactValue,
    Leaf,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    walk,
)
from compliance.policy.model import Policy

_HEAD = f"{AGENCY}."


@dataclass(frozen=True, slots=True)
class Question:
    """One question about the agency."""

    fact: Fact
    decides: tuple[str, ...] = ()
    """Titles of the rule sets whose binding turns on the answer."""


def questions(kinds: Kinds, policies: Sequence[Policy]) -> tuple[Question, ...]:
    """What to ask an agency first.

    The first general question (its name) comes first, then what decides whether rule sets bind it,
    then the other general ones.

    Args:
        kinds: all kinds; general questions are the agency's facts that carry a place among them.
        policies: the rule sets in question, the most pressing first.
    """
    general = sorted(
        (fact for fact in kinds[AGENCY].facts.values() if fact.start is not None),
        key=lambda fact: fact.start or 0,
    )
    deciding: dict[str, list[str]] = {}
    for policy in policies:
        for path in start_facts(policy, kinds):
            deciding.setdefault(path, []).append(policy.title)
    decisive = [kinds[AGENCY].facts[path.removeprefix(_HEAD)] for path in deciding]
    ordered = {fact.full_path: fact for fact in (*general[:1], *decisive, *general[1:])}
    return tuple(Question(fact, tuple(deciding.get(path, ()))) for path, fact in ordered.items())


def start_facts(policy: Policy, kinds: Kinds) -> tuple[str, ...]:
    """Paths of the facts that decide whether a policy binds an agency.

    They are those the policy names; for one built before policies named any, those that its
    condition for the agency reads. Facts this program does not know are left out.
    """
    tree = policy.applies_to(AGENCY)
    paths = policy.start or tuple(dict.fromkeys(_paths(tree) if tree else ()))
    known = {fact.full_path for fact in kinds[AGENCY].facts.values() if fact.entered}
    return tuple(path for path in paths if path in known)


def _paths(tree: Node) -> Iterator[str]:
    """Facts of the agency that a condition reads."""
    for node in walk(tree):
        match node:
            case Leaf():
                yield node.path
                for value in (node.value, node.days):
                    if isinstance(value, FactValue):
                        yield value.path
            case RegoCondition():
                yield from node.facts
            case Quantifier() | Tally():
                if node.path is not None:
                    yield node.path
