"""Accepted items as records of the inventory."""

from __future__ import annotations

import datetime
from pathlib import Path

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import load_inventory
from compliance.inventory.store import Inventory
from compliance.inventory.validation import kind_validator
from compliance.plan.loading import load_plan
from compliance.plan.records import join
from tests.plan.world import ACCEPT, replace_in, step

KINDS = load_kinds(resources.schemas() / "inventory")
INVENTORY = "agency: {id: agency}\nsystems: [{id: a}, {id: c}]\n"


def inventory(folder: Path, as_of: str) -> Inventory:
    (folder / "inventory.yaml").write_text(INVENTORY)
    loaded = load_inventory([folder], KINDS, datetime.date.fromisoformat(as_of))
    assert loaded.inventory is not None, loaded.problems
    join(loaded.inventory, load_plan(folder))
    return loaded.inventory


def test_a_proposed_item_is_no_record(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-23", {"r/a": "gap", "r/b": "gap"})
    found = inventory(tmp_path, "2026-12-01")
    assert found.count("plan_item") == 0
    assert any(path.endswith("poam.yaml") for path in found.digests)


def test_an_accepted_item_is_one_from_the_day_of_its_acceptance(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-20", {"r/a": "gap", "r/b": "gap"})
    replace_in(tmp_path, *ACCEPT)
    assert inventory(tmp_path, "2026-11-23").count("plan_item") == 0
    found = inventory(tmp_path, "2026-11-24")
    [record] = found.iterate("plan_item")
    assert record.facts == {
        "id": "poam-0001", "name": "A rule", "requirements": ["a", "b"], "about": ["system/a"],
        "severity": "high", "status": "open", "owner": "Database administrator",
        "accepted_by": "CISO", "accepted_on": "2026-11-24", "milestone_on": "2027-01-15",
        "due_on": "2027-03-31", "completed_on": "none",
    }  # fmt: skip
    assert kind_validator(KINDS, "plan_item").accepts(dict(record.facts))
    position = record.position("due_on")
    assert position is not None
    line = (tmp_path / "poam.yaml").read_text().splitlines()[(position.line or 0) - 1]
    assert line == "    due_on: 2027-03-31"
    assert found.get("system", "a") is not None
    assert [one.kind for one in found.iterate()] == ["agency", "plan_item", "system", "system"]
    linked = found.linked(record, "about")
    assert [one.subject for one in linked.records] == ["system/a"]


def test_a_closed_item_is_done_and_a_begun_one_in_progress(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-20", {"r/a": "gap"})
    replace_in(tmp_path, *ACCEPT)
    replace_in(tmp_path, ("{title: Order, ", "{title: Order, done_on: 2026-12-01, "))
    [record] = inventory(tmp_path, "2026-12-01").iterate("plan_item")
    assert (record.get("status"), record.get("milestone_on")) == ("in_progress", "none")
    step(tmp_path, "2026-12-05", {"r/a": "satisfied"})
    [record] = inventory(tmp_path, "2026-12-05").iterate("plan_item")
    assert (record.get("status"), record.get("completed_on")) == ("done", "2026-12-05")
    assert kind_validator(KINDS, "plan_item").accepts(dict(record.facts))


def test_the_plan_and_findings_are_no_inventory_files(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-20", {"r/a": "gap"})
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "x.yaml").write_text("findings: []\n")
    found = inventory(tmp_path, "2026-12-01")
    assert {Path(path).name for path in found.digests} == {
        "inventory.yaml", "poam.yaml", "x.yaml",
    }  # fmt: skip


def test_notes_of_the_plan_stand_with_those_of_the_inventory(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-20", {"r/a": "gap"})
    replace_in(tmp_path, ("state: proposed", "state: accepted"))
    [note] = inventory(tmp_path, "2026-12-01").wrong_values
    assert "does not count" in note.message
