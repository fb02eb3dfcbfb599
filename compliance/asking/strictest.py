"""What different rule sets ask of one fact, and which of them asks most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.asking.model import Asked
from compliance.assessment.model import Leaf

_LOWER = frozenset(("at_most", "less_than", "length_at_most", "before", "on_or_before"))
_HIGHER = frozenset(("at_least", "greater_than", "length_at_least", "after", "on_or_after"))
_RECENT = "within_days"
_SETS = frozenset(("equals", "in"))


def compared(leaves: Mapping[str, Iterable[Leaf]]) -> tuple[tuple[Asked, ...], Asked | None]:
    """What each rule set asks of one fact, where they do not all ask the same.

    Args:
        leaves: tests of the fact that rules make to be satisfied, by policy.

    Returns:
        What each asks, by policy, and the one that the others follow from; nothing where all ask
        the same or only one asks anything.
    """
    asks = {
        policy: {leaf.expected.text: leaf for leaf in tests} for policy, tests in leaves.items()
    }
    asks = {policy: tests for policy, tests in asks.items() if tests}
    if len(asks) < 2 or len({frozenset(tests) for tests in asks.values()}) < 2:
        return (), None
    asked = tuple(
        Asked(policy, " and ".join(sorted(tests))) for policy, tests in sorted(asks.items())
    )
    single = {
        policy: next(iter(tests.values())) for policy, tests in asks.items() if len(tests) == 1
    }
    if len(single) < len(asks):
        return asked, None
    policies = sorted(single)
    strictest = _strictest([single[policy] for policy in policies])
    return asked, next((one for one in asked if strictest is single[one.policy]), None)


def _strictest(leaves: Sequence[Leaf]) -> Leaf | None:
    """The test from which all others follow; None where that cannot be told."""
    tests = {leaf.test for leaf in leaves}
    if tests <= {_RECENT}:
        return _extreme(leaves, [leaf.expected.cut_off for leaf in leaves], highest=True)
    if len(tests) == 1 and tests <= _LOWER | _HIGHER:
        values = [leaf.expected.value for leaf in leaves]
        return _extreme(leaves, values, highest=tests <= _HIGHER)
    if tests <= _SETS:
        sets = [_set(leaf.expected.value) for leaf in leaves]
        smallest = min(range(len(sets)), key=lambda at: len(sets[at]))
        within = all(sets[smallest] <= other for other in sets)
        return leaves[smallest] if within and sets[smallest] else None
    return None


def _extreme(leaves: Sequence[Leaf], values: Sequence[Any], *, highest: bool) -> Leaf | None:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    if not numbers and not all(isinstance(one, str) for one in values):
        return None
    best = max(values) if highest else min(values)
    return leaves[values.index(best)]


def _set(value: Any) -> frozenset[Any]:
    members = value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(member, list | dict) for member in members):
        return frozenset()
    # In JSON 1 is not true.
    return frozenset((type(member) is bool, member) for member in members)
