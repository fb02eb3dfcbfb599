"""An inventory written as tables and read again is the same inventory."""

from __future__ import annotations

import datetime
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.kinds import Fact, load_kinds
from compliance.inventory.load import load_inventory, load_values
from compliance.inventory.problems import NOTE
from compliance.inventory.store import Inventory
from compliance.inventory.writing.content import written
from compliance.inventory.writing.tables import tables_of
from compliance.inventory.writing.text_tables import csv_files, jsonl_files
from compliance.inventory.writing.workbook import Explanation, workbook
from tests.inventory.generated import RecordMaker
from tests.inventory.writing.test_content import seen, unplaced

KINDS = load_kinds(resources.schemas() / "inventory")
WHENEVER = datetime.date.max
EVERYTHING = [fact.full_path for kind in KINDS for fact in KINDS[kind].facts.values()]
AWKWARD = [
    "=1+1", "+x", "-y", "@z", "'=a", "''=b", "'plain", "a\tb", "\tq", "N/A", "n/a", "none", "None",
    "unknown", "?", "-", "--", "a;b", "; ;", "[1]", "[", "{x", '"quoted"', '"', " lead", "trail ",
    "line\nbreak", "TRUE", "yes", "1001", "10.10", "007", "1e5", "2026-03-02", "é😀", "#REF!",
    "# remark", "#", "", " ", "_x0041_", "all: system", "a,b", "100%", "x" * 2000, "\u2028", "€",
]  # fmt: skip
FORMATS = ("xlsx", "csv", "jsonl")


class AwkwardMaker(RecordMaker):
    """Records whose texts are what tables, formulas and word lists trip over."""

    def scalar(self, fact: Fact, scalar: str) -> Any:
        if fact.enum is None and scalar == "string":
            text = self.rng.choice(AWKWARD)
            longest = fact.schema.get("items", fact.schema).get("maxLength", 2000)
            return text[:longest]
        if fact.enum is None and scalar == "date":
            return self.rng.choice(["1900-01-01", "1901-01-01", "2026-03-02", "9999-12-31"])
        return super().scalar(fact, scalar)


def files(inventory: Inventory, form: str) -> dict[str, bytes]:
    content = written(inventory)
    if form == "jsonl":
        return jsonl_files(content)
    tables = tables_of(content, KINDS)
    if form == "csv":
        return csv_files(tables)
    return {"inventory.xlsx": workbook(tables, KINDS, Explanation(example=True))}


def again(inventory: Inventory, form: str) -> Inventory:
    """The inventory written in a format and read again."""
    with tempfile.TemporaryDirectory() as name:
        for file, data in files(inventory, form).items():
            (Path(name) / file).write_bytes(data)
        loaded = load_inventory([Path(name)], KINDS, WHENEVER, EVERYTHING)
        problems = [str(problem) for problem in loaded.problems if problem.kind != NOTE]
        assert problems == []
        assert loaded.inventory is not None
        return loaded.inventory


def generated(seed: int, share: float) -> Inventory:
    """An inventory with three records of each kind, links among them included."""
    maker = AwkwardMaker(KINDS, random.Random(seed), wrong=0)  # noqa: S311
    content: dict[str, Any] = {"agency": maker.record(KINDS["agency"], "a", share)}
    for name in KINDS:
        kind = KINDS[name]
        if name != "agency" and not kind.read_only:
            content[kind.collection] = [maker.record(kind, each, share) for each in "abc"]
    content["inheritance"] = [
        {
            "provider": "vendor/a", "requirements": ["x", "y.z"], "consumers": ["system/a"],
            "extent": "shared", "provider_status": "gap", "assessed_on": "2026-03-02",
            "consumer_does": maker.rng.choice([text for text in AWKWARD if text.strip()]),
        }
    ]  # fmt: skip
    loaded = load_values(content, KINDS, WHENEVER)
    assert loaded.inventory is not None, [str(problem) for problem in loaded.problems][:3]
    return loaded.inventory


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.02, 0.2, 0.6]))
def test_any_inventory_comes_back_equal(form: str, seed: int, share: float) -> None:
    inventory = generated(seed, share)
    assert unplaced(seen(again(inventory, form))) == unplaced(seen(inventory))


def examples(root: Path) -> Iterator[Path]:
    yield root / "examples" / "health-agency"
    yield root / "examples" / "minimal"
    yield from sorted(path for path in (root / "examples" / "coverage").iterdir() if path.is_dir())


@pytest.mark.parametrize("form", FORMATS)
def test_the_examples_come_back_equal(root: Path, form: str) -> None:
    for folder in examples(root):
        inventory = load_inventory([folder], KINDS, WHENEVER).inventory
        assert inventory is not None
        returned = again(inventory, form)
        assert unplaced(seen(returned)) == unplaced(seen(inventory)), folder.name
        # And so does what was written from it: nothing changes from one format to the other.
        assert json.dumps(written(returned)) == json.dumps(written(inventory))


def test_what_was_read_from_a_workbook_is_written_as_the_same_workbook(root: Path) -> None:
    inventory = load_inventory([root / "examples" / "health-agency"], KINDS, WHENEVER).inventory
    assert inventory is not None
    assert files(again(inventory, "xlsx"), "xlsx") == files(inventory, "xlsx")


@pytest.mark.parametrize("form", FORMATS)
def test_answers_survive(form: str) -> None:
    values = [*AWKWARD, True, False, 0, -5, 2.5, 10**15 + 1, [], ["a;b", None], {"all": "system"}]
    told: list[dict[str, Any]] = [
        {"answer": "not_applicable", "reason": text, "by": text} for text in AWKWARD if text
    ]
    told += [{"answer": "value", "value": value} for value in values]
    given = [
        {"subject": f"system/s{number:03}", "fact": "name", "answered_on": "2026-06-01", **each}
        for number, each in enumerate(told)
    ]
    systems = [{"id": f"s{number:03}", "name": "A"} for number in range(len(told))]
    content = {"agency": {"id": "x"}, "systems": systems, "answers": given}
    inventory = load_values(content, KINDS, WHENEVER).inventory
    assert inventory is not None
    kept = written(inventory)["answers"]
    assert len(kept) >= len(given) - 1  # One says the same as its record.
    assert written(again(inventory, form))["answers"] == kept
