"""Kinds as schemas define them, and what contradicts itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.kinds import KindError, load_kinds
from tests.inventory.small import KINDS

SMALL = Path(__file__).parent / "kinds"

Change = Callable[[dict[str, Any]], None]


def put(*path: str, value: Any) -> Change:
    def change(schema: dict[str, Any]) -> None:
        for step in path[:-1]:
            schema = schema[step]
        schema[path[-1]] = value

    return change


def derived(union: str, *over: str) -> dict[str, Any]:
    return {"type": "array", "x-derived": {"union": union, "over": list(over)}}


LINK = {"type": "string", "x-link": "vendor"}


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("system", put("x-kind", value="agency_"), "no kind system"),
        ("agency", put("x-kind", value="office"), "no schema for the kind agency"),
        ("system", put("properties", "vendors", "x-link", value="vender"), "no kind vender"),
        ("vendor", put("properties", "systems", value=LINK), "the name is needed"),
        ("system", put("properties", "v", value={**LINK, "x-link": "vender"}), "no kind vender"),
        (
            "system",
            put("properties", "v", value={**LINK, "x-reverse-name": "systems"}),
            "vendor.systems: two links have this reverse name",
        ),
        ("system", put("properties", "r", value=derived("nope", "self")), "no list nope over self"),
        (
            "system",
            put("properties", "r", value=derived("us", "vendors")),
            "no list us over vendors",
        ),
        ("system", put("properties", "r", value=derived("name", "mfa")), "no list name over mfa"),
        ("decision", put("properties", "r", value=derived("name", "about")), "no list name over"),
        (
            "vendor",
            put("properties", "data_types_reached", value=derived("data_types_reached", "systems")),
            "system.r: is worked out from itself",
        ),
        (
            "system",
            put("properties", "software", "items", "properties", "by", value=LINK),
            "system.software.by: a member of a list cannot hold a link",
        ),
    ],
)
def test_contradictions(tmp_path: Path, kind: str, change: Change, message: str) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "kinds")
    schema = json.loads((folder / f"{kind}.schema.json").read_text(encoding="utf-8"))
    change(schema)
    if "itself" in message:  # the other half of the circle
        system = json.loads((folder / "system.schema.json").read_text(encoding="utf-8"))
        system["properties"]["data_types_reached"]["x-derived"]["union"] = "data_types_reached"
        system["properties"]["data_types_reached"]["x-derived"]["over"] = ["vendors"]
        (folder / "system.schema.json").write_text(json.dumps(system), encoding="utf-8")
        message = "is worked out from itself"
    (folder / f"{kind}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(KindError, match=message):
        load_kinds(folder)


def test_lists_are_worked_out_for_every_link() -> None:
    vendor = KINDS["vendor"].facts
    assert (vendor["systems"].target, vendor["systems"].via) == ("system", "vendors")
    assert (vendor["managed_systems"].target, vendor["managed_systems"].via) == (
        "system",
        "manager",
    )
    assert KINDS["system"].facts["parts"].via == "part_of"
    assert "decisions" in KINDS["device"].facts
    agency = KINDS["agency"].facts
    assert (agency["systems"].target, agency["systems"].via) == ("system", None)
    assert agency["complete.device"].type == "date"
    assert "devices" not in agency
