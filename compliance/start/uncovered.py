"""What an agency handles that no published rule set is about yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.inventory.kinds import AGENCY, Fact
from compliance.inventory.store import Inventory
from compliance.policy.conditions import Leaf, Literal, walk
from compliance.policy.model import Policy

_ANY_MEMBER = ("not_empty", "is_empty", "exists", "not_exists")
"""Tests that ask whether there are members, whichever they are."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The members of one list that no rule set speaks of."""

    fact: Fact
    members: tuple[str, ...]


def uncovered(inventory: Inventory, policies: Sequence[Policy]) -> tuple[Uncovered, ...]:
    """Members of the agency's lists of data and programs that decide about no published rule set.

    A rule set is about a member where a condition that says to what it applies names the member,
    of the agency or of any other kind.

    Args:
        inventory: an inventory with at least the agency's own record.
        policies: all published rule sets.
    """
    found = []
    for fact in inventory.kinds[AGENCY].facts.values():
        stated = inventory.agency.get(fact.path) if fact.governed else None
        if isinstance(stated, list):
            named = _named(fact, policies)
            left = tuple(member for member in stated if member and member not in named)
            if left:
                found.append(Uncovered(fact, left))
    return tuple(found)


def _named(fact: Fact, policies: Iterable[Policy]) -> set[Any]:
    """Allowed values of a list that some policy's scope names."""
    own = fact.path.rpartition(".")[2]
    found: set[Any] = set()
    for policy in policies:
        for tree in policy.applies.values():
            for node in walk(tree):
                if isinstance(node, Leaf) and _is_about(node.path, own):
                    found.update(_values(node, fact))
    return found


def _is_about(path: str, name: str) -> bool:
    """Whether a path names such a list, be it entered or worked out from links."""
    last = path.rpartition(".")[2]
    return last in (name, f"{name}_reached")


def _values(leaf: Leaf, fact: Fact) -> Iterable[Any]:
    if leaf.test in _ANY_MEMBER:
        return fact.enum or ()
    if not isinstance(leaf.value, Literal):
        return ()
    value = leaf.value.value
    return value if isinstance(value, list | tuple) else (value,)
