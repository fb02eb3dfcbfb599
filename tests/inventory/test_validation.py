"""The fast validator, the reference validator and the fact-by-fact inspection agree."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.inventory.fact_schemas import is_date, member_schema, plain_schema, record_schema
from compliance.inventory.inspection import Inspector
from compliance.inventory.kinds import Fact, Kind, Kinds, load_kinds
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Problem
from compliance.inventory.schema_validators import fast_validator, reference_validator
from compliance.inventory.source import SourceFile
from tests.inventory.generated import DATES, JUNK, RecordMaker
from tests.inventory.small import KINDS

REAL = load_kinds(Path(__file__).parents[2] / "schemas" / "inventory")
SETS = {"small": KINDS, "real": REAL}
EVERY_KIND = pytest.mark.parametrize(
    "which", [f"{name}-{kind}" for name, kinds in SETS.items() for kind in kinds]
)
SEEDS = st.integers(0, 2**64)
VALIDATORS: dict[str, Any] = {}


def named(which: str) -> tuple[Kinds, Kind]:
    name, _, kind = which.partition("-")
    return SETS[name], SETS[name][kind]


def made(kinds: Kinds, kind: Kind, seed: int, wrong: float) -> dict[str, Any]:
    rng = random.Random(seed)  # noqa: S311
    return RecordMaker(kinds, rng, wrong).record(kind, "a", 0.2 if kinds is REAL else 0.6)


def validators(kind: Kind) -> tuple[Any, Any, Inspector]:
    schema = record_schema(kind)
    key = json.dumps(schema)
    if key not in VALIDATORS:
        VALIDATORS[key] = (fast_validator(schema), reference_validator(schema), Inspector(kind))
    found: tuple[Any, Any, Inspector] = VALIDATORS[key]
    return found


def inspected(kind: Kind, raw: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    place = RecordPlace(SourceFile("a.yaml", raw), (), kind.name)
    return validators(kind)[2].inspect(raw, place), place.problems


@EVERY_KIND
@given(seed=SEEDS, wrong=st.sampled_from([0.0, 0.02, 0.3]))
@settings(max_examples=15)
def test_verdicts_and_paths(which: str, seed: int, wrong: float) -> None:
    kinds, kind = named(which)
    raw = made(kinds, kind, seed, wrong)
    fast, reference, _ = validators(kind)
    valid = fast.is_valid(raw)
    assert valid == reference.is_valid(raw)
    paths = {tuple(error.instance_path) for error in fast.iter_errors(raw)}
    assert paths == {tuple(error.absolute_path) for error in reference.iter_errors(raw)}
    repaired, problems = inspected(kind, raw)
    assert valid == (not problems), problems
    assert valid or wrong
    if valid:
        assert repaired == raw


@EVERY_KIND
@given(value=st.sampled_from(JUNK) | st.sampled_from(DATES) | st.text(max_size=5))
@settings(max_examples=10)
def test_single_values(which: str, value: Any) -> None:
    for fact in named(which)[1].facts.values():
        if fact.entered:
            for fast, reference in single(fact.full_path, which.startswith("real")):
                assert fast.is_valid(value) == reference.is_valid(value), (fact.full_path, value)


@cache
def single(path: str, real: bool) -> list[tuple[Any, Any]]:
    fact = (REAL if real else KINDS).fact(path)
    assert fact is not None
    schemas = [plain_schema(fact)]
    if fact.type in ("list", "link"):
        schemas.append(member_schema(fact))
    return [(fast_validator(schema), reference_validator(schema)) for schema in schemas]


@EVERY_KIND
@given(seed=SEEDS)
@settings(max_examples=10)
def test_one_wrong_value_hides_no_other(which: str, seed: int) -> None:
    """Each wrong value of a record is told of, whatever else is wrong with it."""
    kinds, kind = named(which)
    fast, _, _ = validators(kind)
    raw = made(kinds, kind, seed, 0.3)
    told = {problem.path.removeprefix(kind.name).strip() for problem in inspected(kind, raw)[1]}
    for key, value in raw.items():
        alone = fast.is_valid({"id": "a", key: value})
        here = {path for path in told if path == key or path.startswith((f"{key}.", f"{key}["))}
        assert alone == (not here), (key, value, told)


@given(st.dates())
def test_real_dates(day: Any) -> None:
    assert is_date(day.isoformat())


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "2026-W01-1",
     "2026-01-01T00", "0000-01-01", "10000-01-01", " 2026-01-01", "2026-01-01\n",
     "٢٠٢٦-01-01", "none", ""],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert not is_date(text)
    fact = Fact(kind="system", path="on", type="date")
    for build in (fast_validator, reference_validator):
        assert not build(plain_schema(fact)).is_valid(text)


def test_examples_of_the_schemas_are_right_values() -> None:
    count = 0
    for name in REAL:
        for fact in REAL[name].facts.values():
            if fact.entered:
                for example in fact.examples:
                    count += 1
                    assert fast_validator(plain_schema(fact)).is_valid(example), fact.full_path
    assert count > 500
