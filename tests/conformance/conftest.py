"""Built policies, each with both engines running on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.kinds import Kinds, load_kinds
from compliance.policy.build import build_model
from compliance.policy.cases import read_cases
from compliance.policy.conditions import RegoCondition
from compliance.policy.loader import load_policy
from compliance.policy.trial import Trial as CaseTrial
from tests.conformance.engines import Trial, opened, write
from tests.conformance.sharing import made_once
from tests.oracle.evaluator import RegoAnswer
from tests.oracle.operators import Outcome
from tests.oracle.values import as_number, dig

HERE = Path(__file__).parent
MADE_UP_KINDS = HERE.parent / "oracle" / "kinds"
OWN = "everything"
"""The policy that uses every operator and combinator."""
SHIPPED = ("hipaa", "hipaa-nprm-2025")

Open = Callable[[str], Trial]
"""Gives the trial of a policy by its id."""


@pytest.fixture(scope="session")
def made_up_kinds() -> Kinds:
    """Kinds with facts of every type."""
    return load_kinds(MADE_UP_KINDS)


@pytest.fixture(scope="session")
def trials(
    made_up_kinds: Kinds, root: Path, opa: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Open]:
    """Opens policies by id, each built once in a run and opened once by each worker."""
    opener = _Opener(made_up_kinds, root, opa, tmp_path_factory)
    with opener.resources:
        yield opener.open


@pytest.fixture(scope="session")
def everything(trials: Open) -> Trial:
    """The policy that uses every operator and combinator."""
    return trials(OWN)


class _Opener:
    def __init__(
        self, made_up: Kinds, root: Path, opa: Path, factory: pytest.TempPathFactory
    ) -> None:
        self.resources = contextlib.ExitStack()
        self._made_up = made_up
        self._root = root
        self._opa = opa
        self._factory = factory
        self._open: dict[str, Trial] = {}

    def open(self, name: str) -> Trial:
        if name not in self._open:
            self._open[name] = self._opened(name)
        return self._open[name]

    def _opened(self, name: str) -> Trial:
        kinds, folder = self._made_up, HERE / "policies" / name
        rego: RegoAnswer | None = written_by_hand
        if name != OWN:
            kinds, folder = (
                load_kinds(self._root / "schemas" / "inventory"),
                self._root / "policies" / name,
            )
            rego = None
        loaded = load_policy(folder, kinds)
        policy = loaded.policy
        assert policy is not None, "\n".join(map(str, loaded.problems))
        assert loaded.files is not None
        built = made_once(
            self._factory, name, lambda made: write(build_model(policy, kinds, self._opa), made)
        )
        trial = self.resources.enter_context(opened(policy, kinds, self._opa, built, rego))
        cases = read_cases(loaded.files, policy, kinds).cases
        prepared = CaseTrial(kinds, self._opa).prepare(policy, trial.wasm, cases)
        trial.cases.extend(prepared)
        return trial


def written_by_hand(
    node: RegoCondition, document: Mapping[str, Any]
) -> tuple[Outcome, tuple[str, ...]]:
    """What rules/written.rego of the policy ``everything`` says, in Python."""
    numbers = [as_number(dig(document, path.split("."))) for path in node.facts]
    unknown = tuple(path for path, n in zip(node.facts, numbers, strict=True) if n is None)
    minutes, logged = numbers
    if minutes is None or logged is None:
        return None, unknown
    return minutes * 2 <= logged, unknown
