"""Both engines, the evaluator and the explanations agree on every document of every policy."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.policy.conditions import Group, Leaf, Quantifier, RegoCondition, Tally, walk
from compliance.policy.operators import COMBINATORS, OPERATORS
from tests.conformance.changes import varied
from tests.conformance.comparison import agree, counted, differences
from tests.conformance.conftest import OWN, SHIPPED, Open
from tests.conformance.engines import Document, Trial
from tests.oracle.documents import documents, seeded

PORTIONS = {OWN: 4, "hipaa": 10, "hipaa-nprm-2025": 6}
"""Portions of the documents of each policy; workers take them from each other."""
PORTION = 300
"""Documents of a portion."""
CASES = 0.4
"""Share of them, for policies with cases written by hand, that are such cases with facts varied."""
MEASURED = 300
"""Generated documents of a first pass for each kind a policy counts."""
RESULTS = {"satisfied", "gap", "unknown"}
"""Statuses every rule must come to in some of them."""


def test_there_are_documents_enough() -> None:
    assert sum(PORTIONS.values()) * PORTION >= 5_000


@pytest.fixture(scope="session", params=PORTIONS)
def trial(request: pytest.FixtureRequest, trials: Open) -> Trial:
    return trials(request.param)


def portion(trial: Trial, number: int) -> list[Document]:
    """One portion of a policy's documents: of every kind as many, from its rules or its cases."""
    rng = seeded(f"{trial.policy.id} {number}")
    made = round(PORTION * (1 - CASES)) if trial.cases else PORTION
    return [*trial.documents(made, rng), *from_cases(trial, PORTION - made, rng)]


def from_cases(trial: Trial, count: int, rng: random.Random) -> list[Document]:
    """Documents of cases written by hand, facts varied; of each rule as many as of another."""
    by_rule = defaultdict(list)
    for one in trial.cases:
        by_rule[one.case.rule].append(one.document)
    rules = [rng.choice(list(by_rule.values())) for _ in range(count)]
    return [varied(rng.choice(rule), rng) for rule in rules]


@pytest.mark.parametrize(
    ("name", "number"), [(name, i) for name, count in PORTIONS.items() for i in range(count)]
)
def test_all_agree_on_generated_documents(name: str, number: int, trials: Open) -> None:
    trial = trials(name)
    agree(trial, differences(trial, portion(trial, number)))


def test_all_agree_on_records_that_are_counted(trial: Trial) -> None:
    rng = seeded(trial.policy.id)
    for kind in trial.bundle.measures:
        found = [trial.maker.measured(kind, rng) for _ in range(MEASURED)]
        agree(trial, counted(trial, kind, found))


def test_all_agree_on_examples(trial: Trial) -> None:
    anything = st.one_of(*(documents(trial.maker, kind) for kind in trial.policy.subjects))

    @settings(max_examples=100 if trial.policy.id == OWN else 40)
    @given(st.lists(anything, min_size=1, max_size=3))
    def check(found: list[Document]) -> None:
        assert not [str(difference) for difference in differences(trial, found)]

    check()


def test_documents_bring_out_every_status(trial: Trial) -> None:
    found = [
        document
        for number in range(PORTIONS[trial.policy.id])
        for document in portion(trial, number)
    ]
    found += [one.document for one in trial.cases]
    seen: dict[str, Counter[str]] = {version.id: Counter() for version in trial.versions}
    for evaluation in trial.wasm.evaluate(found):
        for rule, status in evaluation.statuses.items():
            seen.setdefault(rule, Counter())[status.partition("+")[0]] += 1
    lacking = {rule: found for rule, found in seen.items() if RESULTS - found.keys()}
    assert set(lacking) <= {"applies"}, lacking


def test_the_manifest_names_what_the_rules_read(trial: Trial) -> None:
    subjects, measures = trial.reading.to_data()
    assert dict(trial.bundle.reads) == subjects
    assert dict(trial.bundle.measures) == measures


@pytest.mark.parametrize("name", SHIPPED)
def test_an_unknown_of_a_rule_in_rego_names_facts_it_reads(name: str, trials: Open) -> None:
    trial = trials(name)
    expected = {version.id: version.trees.expect for version in trial.versions}
    written = {
        rule: tree.facts for rule, tree in expected.items() if isinstance(tree, RegoCondition)
    }
    documents = [one.document for one in trial.cases if one.case.rule in written]
    rng = seeded(name)
    documents += [varied(document, rng) for document in documents]
    asking = [trial.asking(document) for document in documents]
    for document, why in zip(documents, trial.wasm.why(asking), strict=True):
        for rule in written.keys() & why.outcomes.keys():
            answer = why.outcomes[rule]["expect"]
            facts = answer.get("unknown_facts", [])
            declared = {f"{path}." for path in written[rule]}
            unnamed = [f for f in facts if not any(d.startswith(f"{f}.") for d in declared)]
            assert not unnamed, (rule, document)


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
