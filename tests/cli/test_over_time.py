"""`compliance compare`, `trend` and `due`: as a person uses them on the example agency."""

import json
import re
import shutil
from pathlib import Path

import pytest

from compliance_cli.main import cli
from tests.cli.running import run
from tests.cli.test_commands import FORBIDDEN

AGENCY = "examples/health-agency"
MINIMAL = "examples/minimal"


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


@pytest.fixture(scope="module")
def history(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two assessments of the example, between which one system was put right, another removed."""
    folder = tmp_path_factory.mktemp("history")
    changed = tmp_path_factory.mktemp("changed") / "health-agency"
    shutil.copytree(root / AGENCY, changed)
    clinics = changed / "systems" / "clinics.yaml"
    head, laboratory = clinics.read_text("utf-8").split("- id: laboratory")
    laboratory = laboratory.replace("encryption_at_rest: false", "encryption_at_rest: true", 1)
    clinics.write_text(f"{head}- id: laboratory{laboratory}", "utf-8")
    (changed / "devices" / "tablets.yaml").unlink()
    for date, place in (("2026-11-23", root / AGENCY), ("2027-02-15", changed)):
        saved = folder / f"{date}.json"
        assert run("check", place, "--as-of", date, "--format", "json", "-o", saved).exit_code == 1
    return folder


def pair(history: Path) -> tuple[Path, Path]:
    return history / "2026-11-23.json", history / "2027-02-15.json"


def gaps(saved: Path) -> int:
    counts = json.loads(saved.read_text("utf-8"))["summary"]["counts"]
    return sum(
        one["findings"]
        for one in counts
        if one["status"] == "gap" and "upcoming" not in one["marks"]
    )


def test_compare_tells_what_was_put_right_and_what_only_vanished(history: Path) -> None:
    result = run("compare", *pair(history))
    assert result.exit_code == 1
    text = result.stdout
    resolved = text[text.index("\nResolved\n") : text.index("\nVanished gaps (not resolved)\n")]
    vanished = text[text.index("\nVanished gaps (not resolved)\n") :]
    assert "ePHI is encrypted where the system stores it" in resolved
    assert "system/laboratory" in resolved
    assert "tablet" not in resolved
    assert "device/tablet-02, the record is not there any more" in vanished
    assert "4 device records vanished: tablet-01, tablet-02, tablet-03, tablet-04" in vanished
    assert "Since 2026-11-23: " in result.stderr


def test_compare_as_json_counts_every_gap_of_both_once(history: Path) -> None:
    old, new = pair(history)
    data = json.loads(run("compare", old, new, "--format", "json").stdout)
    counts = {effect: one["all"] for effect, one in data["counts"].items()}
    ahead = {"ahead_new", "ahead_persisting", "ahead_gone", "lost", "learnt"}
    rest = sum(number for effect, number in counts.items() if effect not in {*ahead, "new"})
    assert rest == gaps(old)
    assert counts["new"] + counts["persisting"] == gaps(new)
    assert len(data["changes"]) == sum(counts.values())
    for one in data["counts"].values():
        assert sum(one["severity"].values()) == sum(one["basis"].values()) == one["all"]


def test_compare_in_markdown_is_a_file_like_any_other(history: Path, tmp_path: Path) -> None:
    path = tmp_path / "changes.md"
    result = run("compare", *pair(history), "--format", "md", "-o", path)
    assert (result.exit_code, result.stdout) == (1, "")
    text = path.read_bytes()
    assert text.startswith(b"**CONFIDENTIAL")
    assert b"\r" not in text
    assert b"| by severity | new | resolved | persisting | vanished |" in text


def test_nothing_new_is_no_failure(history: Path) -> None:
    old, _new = pair(history)
    result = run("compare", old, old)
    assert result.exit_code == 0
    assert "0 new gaps, 0 resolved, " in result.stdout


def test_two_versions_of_a_policy_are_named(history: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.json"
    run("check", AGENCY, "--as-of", "2026-11-23", "--policy", "hipaa@0.1.0", "--format", "json",
        "-o", older)  # fmt: skip
    result = run("compare", older, pair(history)[0])
    assert "version 0.1.0 before, 1.0.0 now" in " ".join(result.stdout.split())
    assert "may come from the rules rather than from the agency" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("2027-02-15.json", "2026-11-23.json"), "Name the earlier assessment first."),
        (("2026-11-23.json", "missing.json"), "it cannot be opened"),
        ((".", "2026-11-23.json"), "is a folder. Only saved assessments are compared"),
        (("2026-11-23.json", "minimal.json"), "two agencies"),
        (("2026-11-23.json", "reduced.json"), "Compare the ones that were saved with --detail"),
        (("2026-11-23.json", "text.json"), "This is no saved assessment"),
    ],
)
def test_what_cannot_be_compared(
    history: Path, tmp_path: Path, names: tuple[str, str], says: str
) -> None:
    for saved in pair(history):
        shutil.copy(saved, tmp_path)
    late = ("--as-of", "2027-03-01", "--format", "json")
    run("check", MINIMAL, *late, "-o", tmp_path / "minimal.json")
    run("check", AGENCY, *late, "--detail", "requirement", "-o", tmp_path / "reduced.json")
    (tmp_path / "text.json").write_text("Gap report")
    output = tmp_path / "out.txt"
    result = run("compare", *(tmp_path / name for name in names), "-o", output)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not output.exists()


def test_an_assessment_is_never_written_over(history: Path) -> None:
    old, new = pair(history)
    before = old.read_bytes()
    assert run("compare", old, new, "-o", old).exit_code == 2
    assert run("trend", history, "--format", "json", "-o", history / "trend.json").exit_code == 2
    assert old.read_bytes() == before
    assert not (history / "trend.json").exists()


def test_trend_in_every_form(history: Path, tmp_path: Path) -> None:
    result = run("trend", history)
    assert result.exit_code == 0
    assert re.search(r"2026-11-23 +1\.0\.0 +39 +49 +43", result.stdout)
    assert re.search(rf"2026-11-23 +1\.0\.0 .* {gaps(pair(history)[0])} ", result.stdout)
    assert "2 assessments from 2026-11-23 to 2027-02-15." in result.stderr
    data = json.loads(run("trend", history, "--format", "json").stdout)
    assert [one["as_of"] for one in data["points"]] == ["2026-11-23", "2027-02-15"]
    page = tmp_path / "trend.html"
    assert run("trend", history, "--format", "html", "-o", page).exit_code == 0
    assert page.read_text("utf-8").count("<svg ") == 2


def test_due_lists_what_is_overdue_first_and_fails_for_it(history: Path) -> None:
    result = run("due", AGENCY, "--as-of", "2026-11-23", "--within", "30")
    assert result.exit_code == 1
    text = result.stdout
    assert text.index("\nOverdue\n") < text.index("\nWithin 30 days\n")
    assert "Later" not in text
    assert "2026-11-25 (in 2 days) [high] interval ends: A backup" in text
    days = re.findall(r"^  - (\d{4}-\d\d-\d\d)", text, re.MULTILINE)
    assert days == sorted(days)


def test_due_of_a_saved_assessment_is_that_of_the_inventory(tmp_path: Path) -> None:
    old = tmp_path / "a.json"
    run("check", AGENCY, "--as-of", "2026-11-23", "--format", "json", "-o", old)
    for form in ("text", "json", "ics"):
        saved = run("due", old, "--format", form)
        fresh = run("due", AGENCY, "--as-of", "2026-11-23", "--format", form)
        assert saved.stdout_bytes == fresh.stdout_bytes
        assert saved.exit_code == fresh.exit_code == 1
    assert run("due", old, "--as-of", "2026-11-24").exit_code == 2
    assert run("due", old, "--policy", "hipaa").exit_code == 2


def test_what_due_foretells_comes_true(history: Path) -> None:
    """Every rule whose last day has gone by is a gap in the later assessment, and was none."""
    old, new = pair(history)
    deadlines = json.loads(old.read_text("utf-8"))["deadlines"]
    later = json.loads(new.read_text("utf-8"))
    statuses = {one["id"]: one["status"] for one in later["findings"]}
    known = 0
    for one in deadlines:
        for record in one["subjects"]:
            kind, _, subject = record.partition("/")
            found = statuses.get(f"health-agency/{one['policy']}/{one['rule']}/{kind}:{subject}")
            if found is None:
                continue
            known += 1
            if one["on"] < "2027-02-15":
                assert found in ("gap", "unknown"), (one, record)
            else:
                assert found == "satisfied", (one, record)
    assert known > 80


@pytest.mark.parametrize("days", ["-1", "soon", "1.5", "1000000"])
def test_within_takes_days(days: str) -> None:
    assert run("due", MINIMAL, "--within", days).exit_code == 2


def test_no_output_says_what_reports_may_not(history: Path) -> None:
    old, new = pair(history)
    outputs = [run("compare", old, new, "--format", form).output for form in ("text", "json", "md")]
    outputs += [run("trend", history, "--format", form).output for form in ("text", "html", "json")]
    outputs += [run("due", old, "--format", form).output for form in ("text", "json", "ics")]
    outputs += [run(name, "--help").output for name in ("compare", "trend", "due")]
    for text in outputs:
        assert FORBIDDEN.search(text) is None


@pytest.mark.parametrize("name", ["compare", "trend", "due"])
def test_help_tells_every_option(name: str) -> None:
    text = run(name, "--help").output
    assert "Examples:" in text
    assert name in cli.list_commands(None)  # type: ignore[arg-type]
