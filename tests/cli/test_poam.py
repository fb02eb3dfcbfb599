"""`compliance poam` as a security officer uses it."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import jsonschema
import pytest

from compliance import resources
from compliance.assessment.saved import from_data, from_lines
from tests.cli.running import AS_OF, run

BANNED = re.compile(r"\b(compliant|certified|violations?|pass|passed|waived)\b", re.IGNORECASE)
FINDING = """findings:
  - source: IRS
    number: 2026-07
    title: Administrators sign in with a password alone
    severity: high
    reported_on: 2026-08-14
    response_due_on: 2026-11-12
    requirements: [hipaa-164.312.d]
    subjects: [system/patient-records]
"""
ACCEPT = (
    "--by", "Practice manager", "--owner", "IT administrator", "--due", "2027-01-31",
    "--milestone", "2027-01-15: Give each person an account", "--on", "2026-11-24",
)  # fmt: skip


@pytest.fixture
def clinic(root: Path, tmp_path: Path) -> Path:
    """A copy of the smallest example."""
    folder = tmp_path / "clinic"
    shutil.copytree(root / "examples" / "minimal", folder)
    return folder


def plan_of(folder: Path) -> str:
    return (folder / "poam.yaml").read_text("utf-8")


def item_with(folder: Path, rule: str) -> str:
    written = plan_of(folder)
    before = written[: written.index(f"rule: {rule}\n")]
    return before[before.rindex("POAM-") :][:9]


def test_what_shows_the_plan_has_its_marking_and_date(clinic: Path) -> None:
    (clinic / "compliance.yaml").write_text("marking: FOR THE OFFICER\n")
    assert run("poam", "update", clinic, *AS_OF).stdout.startswith("FOR THE OFFICER\n")
    assert run("poam", "show", clinic, *AS_OF).stdout.startswith("FOR THE OFFICER\n")
    assert run("poam", "show", clinic, "--item", "1").stdout.startswith("FOR THE OFFICER\n")
    assert run("poam", "accept", clinic, "1", *ACCEPT).stdout.startswith("FOR THE OFFICER\n")
    shown = json.loads(run("poam", "show", clinic, "--format", "json", *AS_OF).stdout)
    assert (shown["as_of"], shown["marking"]) == (AS_OF[1], "FOR THE OFFICER")
    table = run("poam", "export", clinic, "--format", "csv", "--proposed", *AS_OF).stdout
    assert all(line.endswith(",FOR THE OFFICER") for line in table.splitlines()[1:])
    exported = run("poam", "export", clinic, "--format", "oscal", "--proposed", *AS_OF).stdout
    head = json.loads(exported)["plan-of-action-and-milestones"]["metadata"]
    named = {one["name"] for one in head["props"]}
    assert named == {
        "policy", "engine", "inventory-sha256", "program-version", "as-of", "marking"
    }  # fmt: skip


@pytest.mark.parametrize("command", [("show",), ("accept", "1", "--by", "Director")])
def test_a_path_that_is_not_there_is_told(command: tuple[str, ...]) -> None:
    name, *rest = command
    result = run("poam", name, "nowhere", *rest)
    assert result.exit_code == 2
    assert "nowhere: there is no such path" in result.stderr


def test_the_first_update_proposes_items_and_the_second_changes_nothing(clinic: Path) -> None:
    result = run("poam", "update", clinic, *AS_OF)
    assert result.exit_code == 0, result.output
    assert "waiting for a named person to accept them" in result.stdout
    assert "New\n  - POAM-0001 [" in result.stdout
    before = plan_of(clinic)
    again = run("poam", "update", clinic, *AS_OF)
    assert "Nothing changes in the plan" in again.stderr
    assert plan_of(clinic) == before


def test_a_dry_run_writes_nothing(clinic: Path) -> None:
    result = run("poam", "update", clinic, "--dry-run", *AS_OF)
    assert "POAM-0001" in result.stdout
    assert "Nothing was written" in result.stderr
    assert not (clinic / "poam.yaml").exists()


def test_an_item_is_accepted_put_right_and_comes_back(clinic: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    item = item_with(clinic, "unique-user-identification") if (
        "unique-user-identification" in plan_of(clinic)
    ) else item_with(clinic, "identity-verified")  # fmt: skip
    result = run("poam", "accept", clinic, item.lower(), *ACCEPT)
    assert result.exit_code == 0, result.output
    assert "State: accepted" in result.stdout
    inventory = clinic / "inventory.yaml"
    broken = inventory.read_text("utf-8")
    inventory.write_text(broken.replace("shared_accounts: true", "shared_accounts: false"))
    result = run("poam", "update", clinic, "--as-of", "2026-12-01")
    assert f"Closed\n  - {item}" in result.stdout, result.stdout
    inventory.write_text(broken)
    result = run("poam", "update", clinic, "--as-of", "2026-12-15")
    assert f"Reopened\n  - {item}" in result.stdout
    assert "an acceptance since it was reopened on 2026-12-15" in result.stdout
    shown = run("poam", "show", clinic, "--item", item, "--as-of", "2026-12-15").stdout
    for words in ("2026-12-15: reopened", "2026-12-01: closed", "2026-11-24: accepted by Practice"):
        assert words in shown
    assert "Give each person an account" in shown


def test_records_that_leave_the_gap_and_come_back_are_named(clinic: Path) -> None:
    inventory = clinic / "inventory.yaml"
    text = inventory.read_text("utf-8").replace(
        "data_types: []  ", "data_types: [ephi]\n    data_stored: true\n"
        "    unique_user_ids: true\n    shared_accounts: true  ",
    )  # fmt: skip
    inventory.write_text(text)
    run("poam", "update", clinic, *AS_OF)
    item = item_with(clinic, "unique-user-identification")
    inventory.write_text(text.replace("shared_accounts: true", "shared_accounts: false", 1))
    told = run("poam", "update", clinic, "--as-of", "2026-12-01").stdout
    [resolved] = re.findall(rf"Records resolved, others open\n  - {item} [^-]*-[^-]*", told)
    assert "system/patient-records" in resolved
    inventory.write_text(text)
    told = run("poam", "update", clinic, "--as-of", "2027-12-01").stdout
    assert f"Records back in the gap\n  - {item}" in told
    assert re.search(rf"Overdue\n(.*\n)*?  - {item} [^-]*OVERDUE since", told)


def test_check_carries_the_plan_and_the_findings(clinic: Path) -> None:
    (clinic / "findings").mkdir()
    (clinic / "findings" / "irs.yaml").write_text(FINDING)
    run("poam", "update", clinic, *AS_OF)
    report = run("check", clinic, *AS_OF).stdout
    assert "\nPlan of action and milestones\n" in report
    assert "\nFindings from outside\n" in report
    assert "response OVERDUE since 2026-11-12; about 45 CFR 164.312(d); plan POAM-" in report
    assert BANNED.search(report) is None
    data = json.loads(run("check", clinic, "--format", "json", *AS_OF).stdout)
    schema = json.loads((resources.schemas() / "assessment.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    lines = run("check", clinic, "--format", "jsonl", *AS_OF).stdout.splitlines()
    document, streamed = from_data(data), from_lines(lines)
    assert document.plan == streamed.plan != ()
    assert document.outside == streamed.outside != ()
    assert data["outside"][0]["overdue"] is True


def test_no_plan_no_section(clinic: Path) -> None:
    report = run("check", clinic, *AS_OF).stdout
    assert "Plan of action" not in report
    assert '"plan"' not in run("check", clinic, "--format", "json", *AS_OF).stdout


def test_a_broken_plan_stops_the_check(clinic: Path) -> None:
    (clinic / "poam.yaml").write_text("items:\n  - id: POAM-1\n")
    for command in (("check",), ("poam", "update"), ("poam", "show")):
        result = run(*command, clinic)
        assert result.exit_code == 2
        assert "poam.yaml:2:9: items[0].id: 'POAM-1' does not fit" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", "POAM-0001", "--by", "CISO"), "would still not count. It lacks: an owner"),
        (("accept", "POAM-999", "--by", "CISO"), "has no item POAM-999. `compliance poam show`"),
        (("accept", "laboratory", "--by", "CISO"), "has no item laboratory."),
        (("accept", "1", "--by", "CISO"), "POAM-0001 would still not count."),
        (("accept", "POAM-0001", "--by", " "), "Give one line"),
        (("accept", "POAM-0001", "--by", "x\x1b[31m"), "Give one line"),
        (("accept", "POAM-0001", "--by", "C", "--milestone", "soon"), "is no milestone"),
        (("accept", "POAM-0001", "--by", "C", "--milestone", "soon: x"), "is not a date"),
        (("show", "--item", "POAM-9999"), "has no item POAM-9999"),
        (("update", "--as-of", "2026-11-22"), "later than 2026-11-22"),
        (("export", "--format", "fedramp"), "Name a file with -o"),
        (("export", "--format", "csv", "--impact-level", "Low"), "belong to --format fedramp"),
        (("export", "--format", "csv"), "No item of the plan was accepted"),
    ],
)
def test_bad_usage_is_told_and_changes_nothing(
    clinic: Path, arguments: tuple[str, ...], says: str
) -> None:
    run("poam", "update", clinic, *AS_OF)
    before = plan_of(clinic)
    result = run("poam", arguments[0], clinic, *arguments[1:])
    assert result.exit_code == 2, result.output
    assert says in " ".join(result.stderr.replace("│", "").split())
    assert plan_of(clinic) == before


def test_there_is_nothing_to_show_without_a_plan(clinic: Path) -> None:
    result = run("poam", "show", clinic)
    assert result.exit_code == 2
    assert "`compliance poam update` writes the first plan" in result.stderr


def test_the_plan_is_shown_as_text_and_as_json(clinic: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    run("poam", "accept", clinic, "POAM-0001", *ACCEPT)
    shown = run("poam", "show", clinic, "--as-of", "2027-02-01").stdout
    assert "Accepted\n  - POAM-0001" in shown
    assert "OVERDUE since 2027-01-31 (the agency's date)" in shown
    data = json.loads(run("poam", "show", clinic, "--format", "json", *AS_OF).stdout)
    assert data["plan"][0]["id"] == "POAM-0001"
    assert data["plan"][0]["state"] == "proposed"  # the day before its acceptance


@pytest.mark.parametrize("form", ["csv", "oscal"])
def test_exports_are_the_same_every_time(
    clinic: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("poam", "update", clinic, *AS_OF)
    export = ("poam", "export", clinic, "--format", form, "--proposed", *AS_OF)
    first = run(*export)
    assert first.exit_code == 0, first.output
    assert run(*export).stdout == first.stdout
    assert BANNED.search(first.stdout) is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    dated = run(*export).stdout
    assert ("2026-11-18T" in dated) == (form == "oscal")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    if form == "oscal":
        assert run(*export).exit_code == 2


def test_the_workbook_is_written_whole(clinic: Path, tmp_path: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    target = tmp_path / "poam.xlsx"
    export = ("poam", "export", clinic, "--format", "fedramp", "--proposed", *AS_OF)
    result = run(*export, "-o", target)
    assert result.exit_code == 0, result.output
    data = target.read_bytes()
    assert data.startswith(b"PK")
    run(*export, "-o", target)
    assert target.read_bytes() == data


def test_an_export_does_not_join_the_inventory(clinic: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    target = clinic / "poam.json"
    result = run("poam", "export", clinic, "--format", "oscal", "--proposed", "-o", target, *AS_OF)
    assert result.exit_code == 2
    assert not target.exists()


def test_the_plan_keeps_its_mode_and_its_link(clinic: Path, tmp_path: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    real = tmp_path / "real.yaml"
    (clinic / "poam.yaml").rename(real)
    real.chmod(0o600)
    (clinic / "poam.yaml").symlink_to(real)
    result = run("poam", "accept", clinic, "POAM-0001", *ACCEPT)
    assert result.exit_code == 0, result.output
    assert (clinic / "poam.yaml").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert "accepted_by: Practice manager" in real.read_text("utf-8")


def test_what_people_wrote_cannot_act_on_a_terminal(clinic: Path) -> None:
    run("poam", "update", clinic, *AS_OF)
    written = plan_of(clinic).replace("    comment:\n", '    comment: "\\e[31mred\\u202e"\n', 1)
    (clinic / "poam.yaml").write_text(written)
    outputs = [
        run("poam", "show", clinic, "--item", "POAM-0001").output,
        run("poam", "show", clinic, "--format", "json").output,
        run("check", clinic, *AS_OF).output,
        run("poam", "export", clinic, "--format", "csv", "--proposed", *AS_OF).output,
        run("poam", "export", clinic, "--format", "oscal", "--proposed", *AS_OF).output,
    ]
    for output in outputs:
        assert "\x1b" not in output
        assert "\u202e" not in output
