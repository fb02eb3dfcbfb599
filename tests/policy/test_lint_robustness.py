"""Whatever stands in a policy's files, the author gets problems and never a fault."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.inventory.reader import read_file
from compliance.policy.lint import lint
from compliance.policy.loader import load_policy
from compliance.policy.operators import COMBINATORS, OPERATORS
from tests.policy.conditions_at_hand import KINDS

BASE = Path(__file__).parent / "lint" / "base"
FILES = ("policy.yaml", "requirements.yaml", "rules/access.yaml", "rules/agreements.yaml",
         "tests/agreements.yaml")  # fmt: skip
VALUES = {name: read_file(BASE / name).value for name in FILES}
WORDS = st.sampled_from(
    ["system.mfa", "agency.systems", "system.vendors", "item", "subject.mfa", "none", "as_of",
     "vendor", "2026-02-30", "device", "param", "fact", "rule", "in", "of", "expect", "where", "as",
     *OPERATORS, *COMBINATORS]
)  # fmt: skip
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**9)
    | st.floats(-2, 2)
    | WORDS
    | st.text("ab.-", max_size=4)
)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for key, inner in parts:
        yield (*path, key)
        yield from places(inner, (*path, key))


EVERYWHERE = [(name, path) for name in FILES for path in places(VALUES[name])]


@settings(max_examples=60)
@given(st.sampled_from(EVERYWHERE), ANYTHING)
def test_any_value_anywhere(where: tuple[str, tuple[str | int, ...]], value: Any) -> None:
    name, path = where
    changed = copy.deepcopy(VALUES[name])
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    with TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(BASE, Path(temporary) / "policy"))
        (folder / name).write_text(json.dumps(changed), encoding="utf-8")
        loaded = load_policy(folder, KINDS)
        problems = lint(loaded)
        assert problems or loaded.policy is not None
        assert all(problem.message and problem.position.file for problem in problems)
