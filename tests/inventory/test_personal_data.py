"""What looks like data about persons is reported by place and sort, never by value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from compliance.inventory.load import Loaded, load_inventory
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import ERROR
from compliance.inventory.reader import read_bytes
from tests.inventory.small import AS_OF, KINDS
from tests.inventory.test_reader import FILES, dump, walk

SSN = "a social security number"
CARD = "the number of a payment card"
MEDICAL = "the number of a medical record"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Jane Doe, 536-90-4399", SSN), ("536 90 4399", SSN), ("(536-90-4399)", SSN),
        ("ssn:536-90-4399.", SSN), ("4111 1111 1111 1111", CARD), ("4111-1111-1111-1111", CARD),
        ("4111111111111111", CARD), ("card 378282246310005", CARD), ("3782 822463 10005", CARD),
        ("3782-822463-10005", CARD), ("5500000000000004", CARD), ("MRN 0012345", MEDICAL),
        ("MRN: 123456", MEDICAL), ("MRN#99999", MEDICAL),
    ],
)  # fmt: skip
def test_what_is_found(text: str, what: str) -> None:
    assert [found.what for found in suspects(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02", "2026-03-02 2026-03-03", "000-12-3456", "666-12-3456", "900-12-3456",
        "123-00-4567", "123-45-0000", "1234-56-7890", "123-45-67890", "555-123-4567",
        "1-123-45-6789", "123-45 6789", "4111 1111 1111 1112", "1.4111111111111111",
        "1111111111111117", "9007199254740992", "12345678901234567890", "MRN pending", "MRN 12",
        "SP 800-53-5", "hipaa-164.312.a.2.iv", "", "system-0123456789", "10.20.30.40",
    ],
)  # fmt: skip
def test_what_is_not_found(text: str) -> None:
    assert list(suspects(text)) == []


TEXT = """\
agency: {id: health}   # 536-90-4399 in a comment
systems:
- id: a
  name: {value: "Jane, 536-90-4399 and 536-90-4399", by: 'MRN 123456'}
  users: 4111111111111111
  mfa: 536-90-4399
  software:
  - name: |
      first line
      MRN 123456
inheritance: []
"""


def loaded(text: str, *allowed: str, folder: Path) -> Loaded:
    path = folder / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return load_inventory([path], KINDS, AS_OF, allowed)


def test_the_run_stops_at_each(tmp_path: Path) -> None:
    found = loaded(TEXT, folder=tmp_path)
    assert found.inventory is None
    stopping = [problem for problem in found.problems if problem.kind == ERROR]
    assert [(p.position.line, p.path, p.message) for p in stopping] == [
        (4, "systems[0].name.value", f"the value looks like {SSN}"),
        (4, "systems[0].name.by", f"the value looks like {MEDICAL}"),
        (5, "systems[0].users", f"the value looks like {CARD}"),
        (6, "systems[0].mfa", f"the value looks like {SSN}"),
        (8, "systems[0].software[0].name", f"the value looks like {MEDICAL}"),
    ]
    assert "[system.software.name] in compliance.yaml" in stopping[-1].expected
    for problem in found.problems:
        for value in ("536", "4399", "4111", "123456"):
            assert value not in str(problem).removeprefix(str(problem.position))


def test_facts_are_allowed_by_name(tmp_path: Path) -> None:
    names = ("system.name", "system.users", "system.mfa", "system.software")
    found = loaded(TEXT, *names, folder=tmp_path)
    assert found.inventory is not None
    found = loaded(TEXT, *names[:3], "system.soft", folder=tmp_path)
    assert [problem.path for problem in found.errors] == ["systems[0].software[0].name"]


@given(value=FILES)
def test_every_offset_leads_to_the_value_around_it(value: object) -> None:
    source = read_bytes(dump(value, ["'"]).encode(), "a.yaml").source
    assert source is not None
    for path, found in walk(source.value):
        if not isinstance(found, dict | list):
            offset = source.offset(path)
            assert offset is not None
            assert source.path_at(offset) == path
