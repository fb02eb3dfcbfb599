"""Whole inventories: what is wrong with them, all at once, and what right ones hold."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

import pytest

from compliance.inventory.inheritance import InheritanceStatement
from compliance.inventory.load import load_inventory, load_values
from compliance.inventory.problems import ERROR, WRONG_VALUE, Position
from tests.inventory.small import AS_OF, KINDS, inventory, load

BAD = sorted((Path(__file__).parent / "bad").iterdir())


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_bad_inventories(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder holds an inventory and in ``problems.txt`` all that is wrong with it."""
    monkeypatch.chdir(folder)
    loaded = load_inventory([Path()], KINDS, AS_OF)
    found = "".join(f"{problem.kind}: {problem}\n" for problem in loaded.problems)
    assert found == Path("problems.txt").read_text(encoding="utf-8")
    assert found
    assert (loaded.inventory is None) == any(p.kind == ERROR for p in loaded.problems)
    for problem in loaded.problems:
        assert problem.expected
        assert len(str(problem)) < 400


def test_problems_do_not_depend_on_how_the_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).parent / "bad"
    monkeypatch.chdir(folder)
    inside = load_inventory([Path("dangling")], KINDS, AS_OF).problems
    absolute = load_inventory([folder / "dangling"], KINDS, AS_OF).problems
    assert str(inside[0]).startswith("dangling/a.yaml:7:25: ")
    assert str(absolute[0]).startswith(f"{folder.as_posix()}/dangling/a.yaml:7:25: ")
    assert len(inside) == len(absolute)


def test_no_value_of_a_sensitive_fact_is_shown() -> None:
    text = (Path(__file__).parent / "bad/sensitive/problems.txt").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 7
    for secret in ("secretly", "2027", "31337"):
        assert secret not in text


def test_missing_paths_and_good_files_together(tmp_path: Path) -> None:
    good = tmp_path / "a.yaml"
    good.write_text("agency: {id: health}\nsystem: []\n", encoding="utf-8")
    problems = load_inventory([tmp_path / "nowhere", good], KINDS, AS_OF).problems
    assert ["there is no such path" in p.message for p in problems] == [True, False]
    assert "names no kind of record" in problems[1].message


def test_an_agency_that_may_be_in_an_unread_file_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("agency: {id: 'health}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("systems: []\n", encoding="utf-8")
    [problem] = load_inventory([tmp_path], KINDS, AS_OF).problems
    assert "quotation mark" in problem.message


def test_files_together_are_one_inventory(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.json"
    one.write_text("agency: {id: health}\nsystems: [{id: b, part_of: a}]\n", encoding="utf-8")
    two.write_text('{"systems": [{"id": "a"}], "vendors": []}', encoding="utf-8")
    loaded = load_inventory([one, two], KINDS, AS_OF)
    assert loaded.problems == ()
    assert loaded.inventory is not None
    assert [r.subject for r in loaded.inventory.iterate()] == [
        "agency/health", "system/a", "system/b",
    ]  # fmt: skip
    assert dict(loaded.inventory.digests) == {
        path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, two)
    }


def test_wrong_values_do_not_stop_the_run() -> None:
    loaded = load("agency: {id: health}\nsystems: [{id: a, mfa: 1, users: 5, tls_versions: [x]}]\n")
    assert [problem.kind for problem in loaded.problems] == [WRONG_VALUE, WRONG_VALUE]
    assert loaded.inventory is not None
    assert loaded.inventory.wrong_values == loaded.problems
    record = loaded.inventory.get("system", "a")
    assert record is not None
    assert (record.get("mfa"), record.get("users"), record.get("tls_versions")) == (None, 5, None)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("[x]", None),
        ("[x, y]", None),
        ("[x, '1.3']", [None, "1.3"]),
        ("[x, null]", [None, None]),
        ("[null]", [None]),
        ("[]", []),
    ],
)
def test_slips_alone_do_not_say_that_a_list_has_members(written: str, known: Any) -> None:
    loaded = load(f"agency: {{id: health}}\nsystems: [{{id: a, tls_versions: {written}}}]\n")
    assert loaded.inventory is not None
    record = loaded.inventory.get("system", "a")
    assert record is not None
    assert record.get("tls_versions") == known
    assert record.is_wrong("tls_versions") == (known is None)


def test_the_day_of_the_assessment_decides_what_lies_in_the_future() -> None:
    value = {
        "agency": {"id": "health"},
        "systems": [{"id": "a", "reviewed_on": "2026-06-30", "eol_on": "2030-01-01"}],
    }
    assert load_values(value, KINDS, AS_OF).problems == ()
    [problem] = load_values(value, KINDS, AS_OF - datetime.timedelta(days=1)).problems
    assert problem.kind == WRONG_VALUE
    assert problem.path == "system/a reviewed_on"


def test_statements_of_inheritance() -> None:
    loaded = load("""\
agency: {id: health}
systems: [{id: payroll}]
vendors: [{id: host}]
inheritance:
- provider: vendor/host
  requirements: [hipaa-164.312.a.2.iv, b]
  consumers: [system/payroll, agency/health]
  extent: shared
  consumer_does: removes access rights
  provider_status: satisfied
  assessed_on: 2027-01-01
  expires_on: 2028-01-01
  by: officer
  evidence: contract
- {provider: agency/central-it, requirements: [a], consumers: [system/payroll], extent: full,
   provider_status: gap, assessed_on: 2026-01-01}
""")
    assert loaded.problems == ()
    assert loaded.inventory is not None
    first, second = loaded.inventory.inheritance
    file = first.position.file
    assert first == InheritanceStatement(
        provider="vendor/host", requirements=("hipaa-164.312.a.2.iv", "b"),
        consumers=("system/payroll", "agency/health"), extent="shared",
        consumer_does="removes access rights", provider_status="satisfied",
        assessed_on="2027-01-01", expires_on="2028-01-01", by="officer", evidence="contract",
        position=Position(file, 5, 3),
    )  # fmt: skip
    assert (second.provider, second.expires_on) == ("agency/central-it", None)
    assert second.position == Position(file, 15, 3)


def test_ten_thousand_dangling_references_are_told_quickly() -> None:
    ids = [f"v{number}" for number in range(3000)]
    systems = [{"id": f"s{n}", "vendors": [f"v{n}x", f"v{n + 1}x"]} for n in range(3000)]
    value = {"agency": {"id": "a"}, "vendors": [{"id": i} for i in ids], "systems": systems}
    problems = load_values(value, KINDS, AS_OF).problems
    assert len(problems) == 6000
    assert sum(1 for problem in problems if problem.suggestion) == 10


def test_a_record_may_hold_nothing_but_its_id() -> None:
    found = inventory("agency: {id: health}\nsystems:\n- id: a\nvendors:\ndevices: []\n")
    assert [record.facts for record in found.iterate("system")] == [
        {"id": "a", "lost_on": "none", "logging": {"lost_on": "none"}}
    ]
    assert found.count("vendor") == 0
    assert found.get("vendor", "x") is None
    assert found.agency.subject == "agency/health"


def test_a_misplaced_key_value_hides_no_dangling_link() -> None:
    problems = load(
        "agency: {id: health}\nsystems: [{id: a, value: 1, manager: b, vendors: [c]}]\n"
    ).problems
    assert [str(one.position).rpartition(".yaml:")[2] for one in problems] == [
        "2:19", "2:38", "2:51",
    ]  # fmt: skip
