import json
import sys
from pathlib import Path

import pytest

from benchmarks.engines import main
from benchmarks.facts import choose
from benchmarks.measure import ProgramError, run
from benchmarks.programs import DisagreementError, compare
from benchmarks.records import write_inventory
from benchmarks.rules import raw_rules, write_policy
from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.policy.loader import load_policy

pytest.importorskip("resource", reason="memory is not measured on this system")

KINDS = load_kinds(resources.schemas() / "inventory")


def test_all_programs_give_the_same_statuses(
    opa: Path, conftest: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["--systems", "12", "--rules", "39", "--rounds", "1", "--sample", "1"]
    arguments += ["--opa", str(opa), "--conftest", str(conftest), "--folder", str(tmp_path)]
    assert main(arguments) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    for name in ("wasm in-process", "opa eval", "OPA server", "conftest test", "check, filled"):
        assert f"\n{name}" in printed
    lines = (tmp_path / "wasm.jsonl").read_text("utf-8").splitlines()
    statuses = [json.loads(line) for line in lines]
    assert {status for one in statuses[:-1] for status in one.values()} == {
        "satisfied",
        "gap",
        "unknown",
        "not_applicable",
    }


def test_the_same_seed_gives_the_same_inventory(tmp_path: Path) -> None:
    chosen = choose(KINDS)
    for folder in ("one", "other"):
        write_inventory(tmp_path / folder, KINDS, chosen, 3)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["agency.yaml", "systems-00000.yaml", "vendors.yaml"]
    assert [(tmp_path / "one" / name).read_bytes() for name in files] == [
        (tmp_path / "other" / name).read_bytes() for name in files
    ]


def test_every_rule_is_different_and_has_a_meaning(tmp_path: Path) -> None:
    chosen = choose(KINDS)
    write_policy(tmp_path, chosen, 300)
    loaded = load_policy(tmp_path, KINDS)
    assert loaded.problems == ()
    conditions = [json.dumps([r.get("when"), r["expect"]]) for r in raw_rules(chosen, 300)]
    assert len(set(conditions)) == 300


def test_other_statuses_are_told() -> None:
    expected = [{"a": "gap", "b": "satisfied"}, {"a": "unknown", "b": "gap"}]
    compare("same", expected, expected)
    compare("first alone", expected[:1], expected)
    compare("open alone", [{"a": "gap"}, {"a": "unknown", "b": "gap"}], expected, only_open=True)
    for wrong in ([], [{"a": "gap"}], [expected[0], {"a": "gap", "b": "gap"}]):
        with pytest.raises(DisagreementError):
            compare("other", wrong, expected)


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="no use"):
        run([sys.executable, "-c", "raise SystemExit('no use')"], tmp_path / "out")
    with pytest.raises(ProgramError, match="opa-that-is-not-there"):
        run(["opa-that-is-not-there"], tmp_path / "out")


def test_memory_is_that_of_the_program(tmp_path: Path) -> None:
    small = run([sys.executable, "-c", ""], tmp_path / "out")
    large = run([sys.executable, "-c", "x = b'x' * 100_000_000"], tmp_path / "out")
    assert 90_000_000 < large.peak - small.peak < 130_000_000
