import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compliance.assessment.deadlines import Deadlines
from compliance.assessment.saved import from_data, from_lines
from compliance.report.json import JsonReport
from tests.cli.running import AS_OF, run

AGENCY = "examples/health-agency"
MINIMAL = "examples/minimal"

GOOD = """\
agency:
  id: a
  hipaa_roles: [health_plan]
  complete: {decision: 2026-11-01, document: 2026-11-01, device: 2026-11-01}
systems:
  - {id: phone-book, data_types: []}
documents:
  - {id: integrity, type: integrity, document_ref: Binder 2}
"""


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "inventory.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


SMALL = ("--policy", "hipaa@0.1.0")
"""The version of twelve requirements, which a small inventory can satisfy."""


def test_the_example_agency_has_gaps_and_unknowns() -> None:
    result = run("check", AGENCY, *AS_OF)
    assert result.exit_code == 1
    assert result.stdout.startswith("CONFIDENTIAL - security assessment")
    assert "Shared accounts (system.shared_accounts): true; expected false" in result.stdout
    assert re.search(r"examples/health-agency/systems/clinics\.yaml:\d+:\d+", result.stdout)
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Checked against hipaa 1.0.0. Department of Health")


def test_two_runs_give_the_same_bytes() -> None:
    assert run("check", AGENCY, *AS_OF).stdout_bytes == run("check", AGENCY, *AS_OF).stdout_bytes


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "critical"], 1),
        (["--fail-on", "none"], 0),
        (["--strict"], 2),
        (["--strict", "--fail-on", "none"], 2),
        (["--policy", "hipaa"], 1),
        (["--policy", "hipaa@0.1.0"], 1),
        (["--policy", "hipaa", "--policy", "hipaa@1.0.0"], 1),
        (["--policy", "hipaa", "--policy", "hipaa@0.1.0"], 2),
        (["--policy", "hipaa", "--policy", "hipaa-nprm-2025"], 1),
        (["--policy", "hipaa-nprm-2025"], 0),
    ],
)
def test_exit_status(options: list[str], status: int) -> None:
    assert run("check", AGENCY, *AS_OF, *options).exit_code == status


def test_exit_status_0_names_what_it_leaves_out() -> None:
    result = run("check", MINIMAL, *AS_OF, *SMALL, "--fail-on", "critical")
    assert result.exit_code == 0
    assert re.search(
        r"[1-9]\d* gaps? and [1-9]\d* unknowns? of these below the threshold critical",
        result.stderr,
    )


def test_an_agency_that_has_it_all_is_satisfied(good: Path) -> None:
    result = run("check", good, *AS_OF, *SMALL)
    assert result.exit_code == 0, result.output
    assert "no gaps and no unknowns" in result.stderr


def test_wrong_values_are_counted_and_refused_by_strict(good: Path) -> None:
    good.write_text(GOOD.replace("data_types: []", "data_types: [], mfa: maybe"), "utf-8")
    lenient = run("check", good, *AS_OF, *SMALL)
    assert lenient.exit_code == 0
    assert "1 wrong value" in lenient.stderr
    assert f"{good.as_posix()}:6:43" in lenient.stdout
    assert run("check", good, *AS_OF, *SMALL, "--strict").exit_code == 2


def test_a_misspelt_requirement_is_a_wrong_value_and_one_of_another_policy_a_note(
    good: Path,
) -> None:
    decisions = """\
decisions:
  - {id: slip, requirement: hipaa-164.312.a.2.iiii}
  - {id: later, requirement: hipaa-nprm-2025-01}
  - {id: newer, requirement: hipaa-164.308.a.1.i}
"""
    good.write_text(GOOD + decisions, "utf-8")
    result = run("check", good, *AS_OF, *SMALL)
    assert "1 requirement id in the inventory that no rule set has" in result.stderr
    text = " ".join(result.stdout.split())
    assert f"{good.as_posix()}:10:29: decision/slip requirement: hipaa 0.1.0 has no" in text
    assert "Did you mean hipaa-164.312.a.2.iii?" in text
    assert "hipaa-nprm-2025-01 is one of hipaa-nprm-2025 0.1.0" in text
    assert "hipaa-164.308.a.1.i is one of hipaa 1.0.0" in text
    assert run("check", good, *AS_OF, *SMALL, "--strict").exit_code == 2
    good.write_text(GOOD + decisions.replace("iiii}", "iii}"), "utf-8")
    assert run("check", good, *AS_OF, *SMALL, "--strict").exit_code != 2


def test_a_run_in_which_no_rule_applied_fails(good: Path) -> None:
    good.write_text(GOOD.replace("[health_plan]", "[]"), "utf-8")
    result = run("check", good, *AS_OF)
    assert result.exit_code == 2
    assert "No rule of any policy" in result.stderr
    assert result.stdout == ""


@pytest.fixture(scope="module")
def schema(root: Path) -> dict[str, Any]:
    text = (root / "schemas" / "assessment.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize("inventory", [AGENCY, MINIMAL])
def test_json_keeps_to_its_schema_and_comes_back(inventory: str, schema: dict[str, Any]) -> None:
    result = run("check", inventory, *AS_OF, "--format", "json")
    data = json.loads(result.stdout)
    Draft202012Validator(schema).validate(data)
    assert "".join(JsonReport().render(from_data(data))) == result.stdout


def test_json_lines_hold_the_same() -> None:
    document = from_data(json.loads(run("check", AGENCY, *AS_OF, "--format", "json").stdout))
    lines = from_lines(run("check", AGENCY, *AS_OF, "--format", "jsonl").stdout.splitlines())
    assert list(lines.findings) == list(document.findings)
    assert (lines.metadata, lines.policies, lines.summary) == (
        document.metadata, document.policies, document.summary,
    )  # fmt: skip


def test_json_carries_the_marking() -> None:
    data = json.loads(run("check", AGENCY, *AS_OF, "--format", "json").stdout)
    assert data["metadata"]["marking"].startswith("CONFIDENTIAL")


def test_the_report_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    result = run("check", MINIMAL, *AS_OF, "-o", target)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert target.as_posix() in result.stderr
    assert target.read_bytes() == run("check", MINIMAL, *AS_OF).stdout_bytes


def test_a_report_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    result = run("check", MINIMAL, *AS_OF, "-o", tmp_path / "none" / "report.txt")
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_a_failed_run_leaves_the_old_report(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("before")
    (tmp_path / "bad.yaml").write_text("systems: [\n")
    assert run("check", tmp_path / "bad.yaml", *AS_OF, "-o", target).exit_code == 2
    assert target.read_text() == "before"


def test_the_second_engine_says_the_same(opa: Path) -> None:
    first = json.loads(run("check", AGENCY, *AS_OF, "--format", "json").stdout)
    second = json.loads(
        run("check", AGENCY, *AS_OF, "--format", "json", "--engine", "opa", "--opa", opa).stdout
    )
    assert second["policies"][0].pop("engine") == "opa"
    assert first["policies"][0].pop("engine") == "wasm"
    for data in (first, second):
        del data["policies"][0]["engine_version"]
    assert first == second


@pytest.mark.parametrize(
    ("reports", "asked"),
    [
        ((), False),
        (("--format", "md"), False),
        (("--format", "json"), True),
        (("--format", "text", "--report", "html={}/page.html"), True),
    ],
)
def test_last_days_are_worked_out_only_for_reports_that_tell_them(
    reports: tuple[str, ...], asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    add = Deadlines.add

    def noted(*given: Any) -> None:
        seen.append(1)
        add(*given)

    monkeypatch.setattr(Deadlines, "add", noted)
    run("check", MINIMAL, *AS_OF, *(part.format(tmp_path) for part in reports))
    assert bool(seen) == asked
