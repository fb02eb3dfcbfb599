"""The JSON Schema of an inventory file judges as the reader does."""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.fact_schemas import record_schema
from compliance.inventory.file_schema import file_schema
from compliance.inventory.files import PLAN, SETTINGS
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.inventory.reader import read_file
from compliance.inventory.schema_validators import reference_validator
from tests.inventory.generated import RecordMaker
from tests.inventory.small import KINDS

SHIPPED = load_kinds(resources.schemas() / "inventory")
MISTAKES = 2
"""Values in examples/health-agency that are wrong on purpose."""


@cache
def validator(small: bool = False) -> jsonschema.Draft7Validator:
    kinds: Kinds = KINDS if small else SHIPPED
    schema = json.loads(json.dumps(file_schema(kinds)))
    jsonschema.Draft7Validator.check_schema(schema)
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(schema, format_checker=checker)


def is_valid(content: Any) -> bool:
    return bool(validator().is_valid(content))


PASSED_OVER = PLAN | {SETTINGS}
"""Names that hold no records."""


def test_every_example_file_is_valid(root: Path) -> None:
    examples = root / "examples"
    files = [*sorted(examples.glob("**/*.yaml")), *sorted(examples.glob("**/*.json"))]
    paths = [path for path in files if not PASSED_OVER & set(path.relative_to(examples).parts)]
    assert len(paths) > 20
    invalid = [path for path in paths if not is_valid(read_file(path).value)]
    assert [path.name for path in invalid] == ["medical-assistance.yaml"]
    [path] = invalid
    errors = list(validator().iter_errors(read_file(path).value))
    assert len({tuple(error.absolute_path) for error in errors}) == MISTAKES


@pytest.mark.parametrize(
    "content",
    [
        {"system": [{"id": "a"}]},
        {"systems": [{"id": "a", "nmae": "A"}]},
        {"systems": [{"id": "a", "logging": {"enable": True}}]},
        {"systems": [{"id": "a", "mfa": {"value": True, "sauce": "x"}}]},
        {"systems": [{"id": "a", "software": [{"nmae": "x"}]}]},
        {"systems": [{"id": "a", "mfa": "maybe"}]},
        {"systems": [{"id": "a", "data_types": ["ehpi"]}]},
        {"systems": [{"id": "none"}]},
        {"systems": [{}]},
        {"systems": {"id": "a"}},
        {"agency": {"id": "a", "complete": {"systems": "2026-01-01"}}},
        {"inheritance": [{"provider": "vendor/v"}]},
        {"answers": [{"subject": "system/a"}]},
        {"plan_items": []},
        [],
    ],
)
def test_misspelt_keys_and_wrong_values_fail(content: Any) -> None:
    assert not is_valid(content)


def test_what_the_reader_permits_is_valid() -> None:
    software = {"name": "x", "version": None}
    assert is_valid(
        {
            "agency": {"id": "a", "complete": {"system": "2026-01-01"}},
            "systems": [
                {"id": "a", "mfa": {"value": None, "by": "me"}, "logging": None},
                {"id": "b", "owner": "none", "software": [software, None]},
            ],
            "vendors": None,
            "inheritance": [],
        }
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_it_judges_as_the_schema_of_records_does(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    kind = rng.choice([kind for kind in KINDS.by_name.values() if not kind.read_only])
    record = RecordMaker(KINDS, rng, wrong=0.05).record(kind, "a", share=0.3)
    content = {kind.collection: record if kind.name == "agency" else [record]}
    expected = reference_validator(record_schema(kind)).is_valid(record)
    assert validator(small=True).is_valid(content) == expected


def test_every_fact_has_a_title_and_what_is_asked() -> None:
    schema = file_schema(SHIPPED)
    mfa = schema["definitions"]["system"]["properties"]["mfa"]
    assert mfa["title"] == SHIPPED["system"].facts["mfa"].title
    assert SHIPPED["system"].facts["mfa"].question in mfa["description"]
