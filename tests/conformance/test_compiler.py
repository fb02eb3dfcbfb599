"""Random policies: what the compiler writes means what the evaluator says it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.inventory.kinds import Kinds
from compliance.policy.conditions import Node
from compliance.policy.model import (
    DatedValue,
    Otherwise,
    ParameterDefinition,
    Policy,
    Rule,
)
from compliance.policy.operators import COMBINATORS, OPERATORS
from tests.conformance.comparison import agree, counted, differences
from tests.conformance.engines import tried
from tests.oracle.documents import seeded
from tests.oracle.trees import TreeMaker

POLICIES = 6
RULES = 8
"""Rules of each policy about each kind."""
DOCUMENTS = 120
MEASURED = 30
"""Documents of a first pass for each kind a policy counts."""


def parameter(
    name: str, kind: str, stricter: str, default: object, *values: DatedValue
) -> ParameterDefinition:
    return ParameterDefinition(name, name, kind, stricter, "bureau", default, values)


COMING = (DatedValue(12, "2024-03-01", "bureau"), DatedValue(10, "2027-01-01", "bureau"))
PARAMETERS = {
    made.name: made
    for made in (
        parameter("minutes", "integer", "lower", 15, *COMING),
        parameter("words", "list", "superset", ["x", "red"]),
        parameter("day", "date", "lower", "2026-01-01"),
        parameter("share", "number", "lower", 0.9),
        parameter("word", "string", "fixed", "x"),
        parameter("must", "boolean", "true", True),
        parameter("free", "integer", "lower", None),
    )
}


def made_policy(kinds: Kinds, seed: int) -> tuple[Policy, set[str]]:
    """A policy of random rules, and the operators and combinators it uses."""
    maker = TreeMaker(kinds, PARAMETERS, seeded(seed))
    applies: dict[str, Node] = {}
    if seed % 4:
        applies = {kind: maker.applies(kind) for kind in ("agency", "widget")}
    rules = []
    for kind in kinds:
        for number in range(RULES):
            trees = maker.rule(f"rule-{number}-{kind}", kind)
            otherwise = Otherwise(str(trees.mark), trees.otherwise) if trees.otherwise else None
            rules.append(
                Rule(
                    trees.id, "Made up", ("made-up-1",), "law", kind, "low", trees.expect, "None",
                    trees.when, otherwise, trees.outer_limit,
                )
            )  # fmt: skip
    policy = Policy(
        f"made-up-{seed}", "0.1.0", "Made up", "draft", "practice", "Nobody", "Nothing", (), (), (),
        tuple(rules), applies, PARAMETERS,
    )  # fmt: skip
    return policy, maker.used


@pytest.mark.parametrize("seed", range(POLICIES))
def test_a_random_policy(seed: int, made_up_kinds: Kinds, opa: Path, tmp_path: Path) -> None:
    policy, _ = made_policy(made_up_kinds, seed)
    rng = seeded(seed)
    with tried(policy, made_up_kinds, opa, tmp_path) as trial:
        agree(trial, differences(trial, trial.documents(DOCUMENTS, rng)))
        for kind in trial.bundle.measures:
            found = [trial.maker.measured(kind, rng) for _ in range(MEASURED)]
            agree(trial, counted(trial, kind, found))


def test_random_policies_use_everything(made_up_kinds: Kinds) -> None:
    used: set[str] = set()
    for seed in range(POLICIES):
        used |= made_policy(made_up_kinds, seed)[1]
    everything = {*OPERATORS, *COMBINATORS} - {"use"}
    assert used == everything | {"where", "count of", "count in", "share of", "share in"}
