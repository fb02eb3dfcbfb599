"""Both engines, the evaluator and the explanations agree on every document of every policy."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.policy.conditions import Group, Leaf, Quantifier, RegoCondition, Tally, walk
from compliance.policy.operators import COMBINATORS, OPERATORS
from tests.conformance.comparison import agree, counted, differences
from tests.conformance.engines import Document, Trial
from tests.oracle.documents import documents, seeded

BULK = {"everything": 1_500, "hipaa": 3_500}
"""Generated documents for each policy."""
MEASURED = 300
"""Generated documents of a first pass for each kind a policy counts."""
RESULTS = {"satisfied", "gap", "unknown"}
"""Statuses every rule must come to in some of them."""


@pytest.fixture(scope="session", params=BULK)
def trial(request: pytest.FixtureRequest) -> Trial:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Trial)
    return found


def test_all_agree_on_generated_documents(trial: Trial) -> None:
    found = trial.documents(BULK[trial.policy.id], seeded(trial.policy.id))
    agree(trial, differences(trial, found))


def test_all_agree_on_records_that_are_counted(trial: Trial) -> None:
    rng = seeded(trial.policy.id)
    for kind in trial.bundle.measures:
        found = [trial.maker.measured(kind, rng) for _ in range(MEASURED)]
        agree(trial, counted(trial, kind, found))


def test_all_agree_on_examples(trial: Trial) -> None:
    anything = st.one_of(*(documents(trial.maker, kind) for kind in trial.policy.subjects))

    @settings(max_examples=100)
    @given(st.lists(anything, min_size=1, max_size=3))
    def check(found: list[Document]) -> None:
        assert not [str(difference) for difference in differences(trial, found)]

    check()


def test_generated_documents_bring_out_every_status(trial: Trial) -> None:
    documents = trial.documents(BULK[trial.policy.id], seeded(trial.policy.id))
    seen: dict[str, Counter[str]] = {version.id: Counter() for version in trial.versions}
    for evaluation in trial.wasm.evaluate(documents):
        for rule, status in evaluation.statuses.items():
            seen.setdefault(rule, Counter())[status.partition("+")[0]] += 1
    lacking = {rule: found for rule, found in seen.items() if RESULTS - found.keys()}
    assert set(lacking) <= {"applies"}, lacking


def test_the_manifest_names_what_the_rules_read(trial: Trial) -> None:
    subjects, measures = trial.reading.to_data()
    assert dict(trial.bundle.reads) == subjects
    assert dict(trial.bundle.measures) == measures


def test_one_policy_uses_every_operator_and_combinator(everything: Trial) -> None:
    nodes = [
        node
        for version in everything.versions
        for tree in version.trees.parts().values()
        for node in walk(tree)
    ]
    assert {node.test for node in nodes if isinstance(node, Leaf)} == set(OPERATORS)
    used = {node.op for node in nodes if isinstance(node, Group | Quantifier | Tally)}
    assert used == set(COMBINATORS) - {"use"}
    assert any(isinstance(node, RegoCondition) for node in nodes)
    lists = {node.list for node in nodes if isinstance(node, Quantifier | Tally)}
    assert lists == {"link", "reverse", "list", "derived", None}
