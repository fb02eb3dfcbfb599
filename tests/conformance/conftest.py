"""Built policies, each with both engines running on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.kinds import Kinds, load_kinds
from compliance.policy.conditions import RegoCondition
from compliance.policy.loader import load_policy
from tests.conformance.engines import Trial, tried
from tests.oracle.operators import Outcome
from tests.oracle.values import as_number, dig

HERE = Path(__file__).parent
MADE_UP_KINDS = HERE.parent / "oracle" / "kinds"


@pytest.fixture(scope="session")
def made_up_kinds() -> Kinds:
    """Kinds with facts of every type."""
    return load_kinds(MADE_UP_KINDS)


@pytest.fixture(scope="session")
def everything(
    made_up_kinds: Kinds, opa: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """The policy that uses every operator and combinator."""
    loaded = load_policy(HERE / "policies" / "everything", made_up_kinds)
    assert loaded.policy is not None, "\n".join(map(str, loaded.problems))
    folder = tmp_path_factory.mktemp("everything")
    with tried(loaded.policy, made_up_kinds, opa, folder, written_by_hand) as trial:
        yield trial


@pytest.fixture(scope="session")
def hipaa(root: Path, opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """The policy that is shipped, built from its source."""
    kinds = load_kinds(root / "schemas" / "inventory")
    loaded = load_policy(root / "policies" / "hipaa", kinds)
    assert loaded.policy is not None, "\n".join(map(str, loaded.problems))
    with tried(loaded.policy, kinds, opa, tmp_path_factory.mktemp("hipaa")) as trial:
        yield trial


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
