"""An inventory written out and read again is the same inventory."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance import resources
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.inventory.load import Loaded, load_inventory
from compliance.inventory.store import Inventory
from compliance.inventory.writing.content import written
from compliance.inventory.writing.yaml_text import inventory_text
from tests.inventory.generated import RecordMaker
from tests.inventory.small import AS_OF, KINDS, of_values

SHIPPED = load_kinds(resources.schemas() / "inventory")


def seen(inventory: Inventory) -> dict[str, Any]:
    """All that an inventory tells."""
    kinds = inventory.kinds
    found: dict[str, Any] = {"digest": None}
    for record in inventory.iterate():
        for path, fact in kinds[record.kind].facts.items():
            where = f"{record.subject} {path}"
            if fact.type == "derived":
                found[where] = inventory.derived(record, path)
            elif fact.linked:
                linked = inventory.linked(record, path)
                found[f"{where} linked"] = (str(linked.records), linked.complete, linked.none)
            if fact.entered:
                value = record.get(path)
                found[where] = (known(value), record.provenance(path))
                members = len(value) if isinstance(value, list) and fact.fields else 0
                for index in range(members):
                    for inner in fact.fields:
                        at = f"{path}[{index}].{inner}"
                        found[f"{where} {at}"] = record.provenance(at)
    for number, statement in enumerate(inventory.inheritance):
        found[f"inheritance {number}"] = str(statement).replace(str(statement.position), "")
    return found


def known(value: Any) -> Any:
    """A value without what is not known of embedded objects."""
    if isinstance(value, list):
        return [known(member) for member in value]
    if isinstance(value, dict):
        return {key: known(inner) for key, inner in value.items() if inner is not None}
    return value


def reloaded(inventory: Inventory, folder: Path, kinds: Kinds) -> Loaded:
    path = folder / "all.yaml"
    path.write_text(inventory_text(written(inventory), kinds), encoding="utf-8")
    return load_inventory([path], kinds, inventory.as_of, ["system", "agency", "vendor", "device"])


def unplaced(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.partition("position=")[0] if key.startswith("inheritance") else value
        for key, value in found.items()
    }


@pytest.mark.parametrize("example", ["health-agency", "minimal"])
def test_an_example_comes_back_equal(example: str, root: Path, tmp_path: Path) -> None:
    loaded = load_inventory([root / "examples" / example], SHIPPED, AS_OF)
    assert loaded.inventory
    again = reloaded(loaded.inventory, tmp_path, SHIPPED).inventory
    assert again
    assert unplaced(seen(again)) == unplaced(seen(loaded.inventory))
    text = inventory_text(written(loaded.inventory), SHIPPED)
    assert text == inventory_text(written(again), SHIPPED)
    assert isinstance(yaml.safe_load(text), dict)


@pytest.mark.parametrize("seed", range(60))
def test_random_records_come_back_equal(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311
    maker = RecordMaker(KINDS, rng, wrong=0.0)
    value: dict[str, Any] = {}
    for kind in KINDS.by_name.values():
        if kind.name == "agency":
            value["agency"] = maker.record(kind, "health")
        elif not kind.read_only:
            ids = rng.sample(["c", "a", "b"], 3)
            value[kind.collection] = [maker.record(kind, name) for name in ids]
    inventory = of_values(value)
    again = reloaded(inventory, tmp_path, KINDS)
    assert again.inventory, again.problems
    assert seen(again.inventory) == seen(inventory)


def test_null_stays_where_absence_would_say_none() -> None:
    kind, path = next(
        (kind, fact.path)
        for kind in SHIPPED
        for fact in SHIPPED[kind].facts.values()
        if fact.absent_none and "." not in fact.path
    )
    collection = SHIPPED[kind].collection
    records = [{"id": "a", path: None}, {"id": "b"}, {"id": "c", path: "none"}]
    inventory = of_values({collection: records}, SHIPPED)
    assert written(inventory)[collection] == [{"id": "a", path: None}, {"id": "b"}, {"id": "c"}]


def test_the_agency_comes_first_and_records_by_id() -> None:
    text = inventory_text(
        {
            "systems": [{"mfa": True, "name": "B", "id": "b"}, {"id": "a"}],
            "inheritance": [],
            "agency": {"name": "Health", "id": "health"},
        },
        SHIPPED,
    )
    assert text == (
        "agency:\n  id: health\n  name: Health\n\n"
        "systems:\n  - id: a\n\n  - id: b\n    name: B\n    mfa: true\n\ninheritance: []\n"
    )


def test_provenance_takes_one_line_where_it_fits() -> None:
    said = {"source": "scan", "value": "x"}
    long = {"value": "x", "source": "s" * 90}
    text = inventory_text({"systems": [{"id": "a", "name": said, "owner": long}]}, SHIPPED)
    assert text == (
        "systems:\n  - id: a\n    name: {value: x, source: scan}\n"
        f"    owner:\n      value: x\n      source: {'s' * 90}\n"
    )


def test_answers_that_fill_something_in_become_facts_and_the_others_stay() -> None:
    said = {"answered_on": "2026-06-01", "by": "owner"}
    other = {"subject": "system/a", "fact": "name", "answer": "dont_know", **said}
    late = {"subject": "system/a", "fact": "data_types", "answer": "value", "value": [], **said}
    answer = {"subject": "system/a", "fact": "mfa", "answer": "value", "value": True, **said}
    value = {
        "systems": [{"id": "a", "data_types": ["ephi"]}],
        "answers": [other, answer, late],
    }
    inventory = of_values(value, SHIPPED)
    content = written(inventory)
    mfa = {"value": True, "reported_on": "2026-06-01", "by": "owner"}
    assert content["systems"] == [{"id": "a", "data_types": ["ephi"], "mfa": mfa}]
    assert [each["fact"] for each in content["answers"]] == ["data_types", "name"]
    again = of_values(content, SHIPPED)
    assert seen(again) == seen(inventory)
    text = inventory_text(content, SHIPPED)
    assert text.endswith("    fact: name\n    answer: dont_know\n    by: owner\n"
                         "    answered_on: 2026-06-01\n")  # fmt: skip
