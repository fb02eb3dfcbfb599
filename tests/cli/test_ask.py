"""`compliance ask`: the dialogue, which loses nothing, and the forms in which questions go out."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from compliance.asking.model import Questions
from compliance.asking.questions import questions
from compliance.inventory.reader import read_file
from compliance_cli import asking
from compliance_cli.main import cli
from tests.asking.health import EXAMPLES
from tests.cli.running import AS_OF, run

BY = ("--by", "security officer")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLES / "minimal", tmp_path / "clinic")
    monkeypatch.chdir(tmp_path)
    return Path("clinic")


class Interrupted(io.BytesIO):
    """What is typed, then Ctrl-C."""

    def read1(self, size: int | None = -1) -> bytes:
        del size
        line = self.readline()
        if not line:
            raise KeyboardInterrupt
        return line


def typed(*lines: str, options: tuple[object, ...] = BY) -> Result:
    """The dialogue with what is typed; the input ends after it."""
    text = "".join(f"{line}\n" for line in lines)
    arguments = ["ask", "clinic", *AS_OF, *map(str, options)]
    result = CliRunner().invoke(cli, arguments, input=text)
    assert "Traceback" not in result.output
    return result


def kept() -> list[dict[str, Any]]:
    path = Path("clinic/answers.yaml")
    found = read_file(path).value["answers"] if path.exists() else []
    assert isinstance(found, list)
    return found


def facts() -> dict[str, Any]:
    return {one["fact"]: one.get("value", one["answer"]) for one in kept()}


def test_who_answers_is_asked_once_and_every_answer_is_saved() -> None:
    result = typed("", "security officer", "none", "2026-03-02", "yes", options=())
    assert result.exit_code == 0
    assert result.output.count("Who answers?") == 2
    assert (
        "1 of 123 · 9 findings wait for it (up to high); decides whether 9 rules" in result.output
    )
    assert "4 of 123" in result.output
    assert "3 answers saved in clinic/answers.yaml." in result.output
    assert facts() == {
        "privacy_rule_exception": "none",
        "risk_analysis.completed_on": "2026-03-02",
        "backup.enabled": True,
    }
    assert {one["by"] for one in kept()} == {"security officer"}
    assert {one["answered_on"] for one in kept()} == {"2026-11-23"}
    assert result.stdout == ""


def test_evidence_is_given_behind_an_answer() -> None:
    result = typed(
        "none", "2026-03-02; see binder 2", "=", "n/a because closed; see: letter", "quit"
    )
    assert "Saved. Evidence: binder 2." in result.output
    by_fact = {one["fact"]: one for one in kept()}
    assert by_fact["risk_analysis.completed_on"]["value"] == "2026-03-02"
    assert by_fact["risk_analysis.completed_on"]["evidence"] == "binder 2"
    [reason] = [one for one in kept() if one["answer"] == "not_applicable"]
    assert (reason["reason"], reason["evidence"]) == ("closed", "letter")


def test_it_goes_on_where_it_stopped() -> None:
    typed("none", "skip", "?", "quit")
    assert facts() == {"privacy_rule_exception": "none", "backup.enabled": "dont_know"}
    result = typed("quit")
    assert "1 question is left out, answered before without a value" in result.output
    assert "1 of 121" in result.output
    assert "When was the last risk analysis" in result.output
    again = typed("", "quit", options=(*BY, "--again"))
    assert "Earlier answer: don't know (security officer, 2026-11-23)." in again.output


def test_ctrl_c_loses_nothing() -> None:
    result = CliRunner().invoke(
        cli, ["ask", "clinic", *AS_OF, *BY], input=Interrupted(b"none\n2026-03-02\n")
    )
    assert result.exit_code == 130
    assert "2 answers saved in clinic/answers.yaml." in result.output
    assert len(kept()) == 2


@pytest.mark.parametrize("lines", [0, 1, 2, 5])
def test_the_end_of_the_input_loses_nothing(lines: int) -> None:
    result = typed(*["?"] * lines)
    assert result.exit_code == 0
    assert len(kept()) == lines


def test_no_answer_before_somebody_says_who() -> None:
    result = typed("", options=())
    assert result.exit_code == 130
    assert kept() == []


def test_what_cannot_be_used_is_asked_again() -> None:
    result = typed("5", "4", "2026-13-01", "3/4/26", "2026-12-24", "n/a", "see", "2026-03-02")
    assert result.output.count("This cannot be used") == 6
    assert "2026-13-01 is no day of the calendar" in result.output
    assert facts() == {
        "privacy_rule_exception": "none",
        "risk_analysis.completed_on": "2026-03-02",
    }


def test_other_answers_and_commands() -> None:
    result = typed(
        "help", "=", "n/a because it is no provider", "see binder 2, tab 6", "back",
        "2026-03-02", "BACK", "=", "skip", "exit",
    )  # fmt: skip
    assert "it is known that there is none" in result.output
    assert "There is no last answer yet." in result.output
    assert result.output.count("The question stays open.") == 2
    assert "Answered a moment ago: see evidence" in result.output
    assert "Answered a moment ago: 2026-03-02" in result.output
    assert facts() == {
        "privacy_rule_exception": "not_applicable",
        "risk_analysis.completed_on": "2026-03-02",
    }
    assert "1 question skipped" in result.output


def test_back_from_the_first_question() -> None:
    assert "This is the first question of this part." in typed("back", "quit").output


def test_choices_are_taken_by_number() -> None:
    listed = json.loads(run("ask", "clinic", *AS_OF, "--format", "json").stdout)["questions"]
    before = [one["fact"] for one in listed].index("data_types")
    result = typed(*["skip"] * before, "99", "1, 11", "quit")
    assert "     1  ephi   health information" in result.output
    assert "Answers: numbers or words with ; between, or none where there are none." in (
        " ".join(result.output.split())
    )
    assert '"99" is none of the values' in result.output
    assert facts() == {"data_types": ["ephi", "pii"]}


def test_what_applies_is_asked_first_then_what_remains() -> None:
    """Answers may make questions needless: they are not put any more."""
    listed = json.loads(run("ask", "clinic", *AS_OF, "--format", "json").stdout)["questions"]
    first = [one["fact"] for one in listed if one["stage"] == "applicability"]
    answers = ["skip"] * len(first)
    answers[first.index("risk_analysis.completed_on")] = "none"
    result = typed(*answers, *["skip"] * 200)
    assert result.exit_code == 0
    heads = [line for line in result.output.splitlines() if line.startswith("===")]
    assert heads[:2] == ["=== What decides which rules apply ===", "=== What the law asks ==="]
    put = [line for line in result.output.splitlines() if " wait" in line and " of 1" in line]
    # Without a risk analysis nobody asks which parts it has.
    assert "Which parts does the risk analysis have?" not in result.output
    assert "risk_analysis.elements" in {one["fact"] for one in listed}
    assert len(first) < len(put) < len(listed)
    assert f"1 answer saved in clinic/answers.yaml. {len(put) - 1} questions skipped." in (
        result.output
    )


def test_a_sensitive_answer_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    def sensitive(*given: Any) -> Questions:
        found = questions(*given)
        return replace(found, items=tuple(replace(one, sensitive=True) for one in found))

    monkeypatch.setattr(asking, "questions", sensitive)
    result = typed("none", "2026-03-02", "back", "quit")
    assert "Sensitive: the answer is kept in the inventory and never appears" in result.output
    assert result.output.count("2026-03-02") == 1  # as it was typed
    assert "Answered a moment ago" not in result.output


def test_a_folder_is_needed_to_save_answers() -> None:
    assert "name that one folder" in run("ask", "clinic/inventory.yaml", *AS_OF).output
    result = run("ask", "nowhere", *AS_OF)
    assert (result.exit_code, "there is no such folder" in result.output) == (2, True)


def test_nothing_to_ask() -> None:
    result = typed(options=(*BY, "--kind", "vendor"))
    assert result.exit_code == 0
    assert "0 questions for hipaa 1.0.0" in result.output


def test_a_broken_answers_file_is_told_before_the_first_question() -> None:
    Path("clinic/answers.yaml").write_text("answers: [\n")
    result = typed("none")
    assert result.exit_code == 2
    assert "clinic/answers.yaml:" in result.output
    assert "1 of" not in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", "questions.docx"), "name a file in .xlsx or .json"),
        (("--format", "xlsx"), "add -o questions.xlsx"),
        (("-o", "clinic/x.json"), "would be a part of the inventory"),
        (("-o", "nowhere/questions.xlsx"), "there is no folder"),
        (("--format", "json", "--by", "me"), "Leave them out"),
        (("--format", "json", "--asked-of", "nobody"), "Questions there are for"),
        (("--format", "json", "--kind", "sistem"), "Did you mean system"),
        (("--limit", "0"), "range"),
    ],
)
def test_bad_usage(options: tuple[str, ...], words: str) -> None:
    result = run("ask", "clinic", *AS_OF, *options)
    assert result.exit_code == 2
    assert words in result.output
    assert not Path("questions.xlsx").exists()


def test_a_part_goes_to_one_person() -> None:
    result = run(
        "ask", "clinic", *AS_OF, "--asked-of", "System Owner", "-o", "clinic/questions.xlsx"
    )
    assert result.exit_code == 0, result.output
    assert "questions of 124 in clinic/questions.xlsx. Send it" in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert run("inventory", "validate", "clinic", *AS_OF).exit_code == 0
    listed = json.loads(run("ask", "clinic", *AS_OF, "--format", "json", "--limit", "2").stdout)
    assert [one["number"] for one in listed["questions"]] == [1, 2]
    assert listed["left_out"] == 122


def test_the_same_questions_are_the_same_bytes() -> None:
    for name in ("one", "two"):
        run("ask", "clinic", *AS_OF, "-o", f"{name}.xlsx")
        run("ask", "clinic", *AS_OF, "-o", f"{name}.json")
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_what_is_saved_is_as_fmt_leaves_it() -> None:
    typed("none", "2026-03-02", "see binder 2", "?", "n/a because: so")
    before = Path("clinic/answers.yaml").read_text(encoding="utf-8")
    assert before.endswith("\n")
    result = run("inventory", "fmt", "clinic/answers.yaml")
    assert result.exit_code == 0, result.output
    assert Path("clinic/answers.yaml").read_text(encoding="utf-8") == before
