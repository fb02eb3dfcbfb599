"""Taking a fact out of a document changes a status only as the deletion property allows."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from compliance.policy.deletion import allowed
from compliance.policy.model import APPLIES
from tests.conformance.engines import Document, Trial
from tests.oracle.documents import seeded

DOCUMENTS = 400
"""Documents facts are taken from, a policy."""
TAKEN = 8
"""Facts taken from each, one at a time."""
NO_FACTS = {"schema", "parameters", "id", "why"}
"""Keys that hold no fact: without a choice of a parameter the policy's own value is in force."""
ANYWHERE: Any = {"k": "ephi"}
"""Of no type that a fact may have, whatever stood there before."""
OTHER_TYPES: dict[type, tuple[Any, ...]] = {
    bool: (1, "true", [True]),
    int: ("3", True, [3]),
    float: ("3.5", False, [3.5]),
    str: (7, True, ["x"]),
    list: ("x", 7, {"0": "x"}),
    dict: ("x", 7, ["x"]),
}
"""Values of other types, by the type of what stood there before."""


@pytest.mark.parametrize("policy", ["everything", "hipaa"])
@pytest.mark.parametrize("spoilt", [0.0, 0.15])
def test_taking_a_fact_away(policy: str, spoilt: float, request: pytest.FixtureRequest) -> None:
    trial: Trial = request.getfixturevalue(policy)
    rng = seeded(f"{policy} {spoilt}")
    pairs = [
        (document, *taken)
        for document in trial.documents(DOCUMENTS, rng, spoilt)
        for taken in without_facts(document, rng, mistype=spoilt == 0)
    ]
    before = trial.wasm.evaluate(pair[0] for pair in pairs)
    after = trial.wasm.evaluate(pair[2] for pair in pairs)
    changed = 0
    for (document, place, _), one, other in zip(pairs, before, after, strict=True):
        assert not one.errors
        assert not other.errors
        for rule, status in one.statuses.items():
            then = other.statuses[rule]
            assert allowed(status, then, applicability=rule == APPLIES), (rule, place, document)
            changed += status != then
    assert changed > DOCUMENTS


def without_facts(
    document: Document, rng: random.Random, mistype: bool
) -> Iterator[tuple[str, Document]]:
    """Documents in which one thing is removed, null, or of another type, each with its place.

    Args:
        document: the document.
        rng: chooses.
        mistype: everything in the document is of its type, so that whatever is of another is wrong.
    """
    places = list(_places(document))
    for place in rng.sample(places, min(TAKEN, len(places))):
        copied = copy.deepcopy(document)
        holder: Any = copied
        for key in place[:-1]:
            holder = holder[key]
        old = holder[place[-1]]
        others: list[Any] = [None, ANYWHERE]
        # `none` stands where a fact of any type may stand.
        if mistype and old != "none":
            others += OTHER_TYPES.get(type(old), [])
        if isinstance(holder, dict) and rng.random() < 0.4:
            del holder[place[-1]]
        else:
            holder[place[-1]] = copy.deepcopy(rng.choice(others))
        yield "/".join(map(str, place)), copied


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where facts, members and all that holds them stand; not the subject itself."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in NO_FACTS:
                continue
            if place or key == "as_of":
                yield (*place, key)
            yield from _places(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield (*place, number)
            yield from _places(inner, (*place, number))
