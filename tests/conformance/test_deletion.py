"""Taking a fact out of a document changes a status only as the deletion property allows."""

from __future__ import annotations

import itertools

import pytest

from compliance.policy.deletion import allowed
from compliance.policy.model import APPLIES
from tests.conformance.changes import without_facts
from tests.conformance.conftest import OWN, SHIPPED, Open
from tests.oracle.documents import seeded

DOCUMENTS = 400
"""Documents facts are taken from, a policy."""
TAKEN = 8
"""Facts taken from each, one at a time."""


@pytest.mark.parametrize("spoilt", [0.0, 0.15])
@pytest.mark.parametrize("policy", [OWN, *SHIPPED])
def test_taking_a_fact_away(policy: str, spoilt: float, trials: Open) -> None:
    trial = trials(policy)
    rng = seeded(f"{policy} {spoilt}")
    documents = trial.documents(DOCUMENTS, rng, spoilt)
    taken = [list(without_facts(one, rng, TAKEN, mistype=spoilt == 0)) for one in documents]
    before = trial.wasm.evaluate(documents)
    after = trial.wasm.evaluate(less for each in taken for _, less in each)
    changed = 0
    for document, each, one in zip(documents, taken, before, strict=True):
        assert not one.errors
        for (place, _), other in zip(each, itertools.islice(after, len(each)), strict=True):
            assert not other.errors
            for rule, status in one.statuses.items():
                then = other.statuses[rule]
                found = (rule, place, status, then, document)
                assert allowed(status, then, applicability=rule == APPLIES), found
                changed += status != then
    assert changed > DOCUMENTS
