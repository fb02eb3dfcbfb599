"""`compliance start`: flags, the dialogue, and a folder that is written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from compliance.inventory.reader import read_file
from compliance_cli import starting
from compliance_cli.folders import write_files
from compliance_cli.main import cli
from compliance_cli.output import OutputError
from tests.cli.running import AS_OF, run
from tests.cli.test_commands import FORBIDDEN

FILES = ["agency.yaml", "compliance.yaml", "inventory.xlsx"]
NAME = "Department of Public Health"
PLAIN = ["--no-input", "--name", NAME, *AS_OF]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str, options: tuple[str, ...] = ()) -> Result:
    """Runs the dialogue with what is typed."""
    monkeypatch.setattr(starting, "_is_terminal", lambda: True)
    text = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(cli, ["start", *AS_OF, *options], input=text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def agency(folder: Path) -> Any:
    found = read_file(folder / "agency.yaml").value
    return found["agency"]


def sheets(folder: Path) -> list[str]:
    return list(load_workbook(folder / "inventory.xlsx").sheetnames)


def test_flags_alone_write_a_folder_that_every_command_reads(here: Path) -> None:
    result = run("start", "health", *PLAIN, "--answer", "hipaa_roles=covered_entity,health_plan",
                 "--answer", "agency.data_types=ephi;fti", "--by", "security officer")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert names(here / "health") == FILES
    found = agency(here / "health")
    assert found["id"] == "dph"
    assert found["data_types"]["value"] == ["ephi", "fti"]
    assert found["data_types"]["by"] == "security officer"
    assert sorted(found) == ["data_types", "hipaa_roles", "id", "name"]
    assert "binds you: HIPAA" in result.stdout
    assert "HIPAA roles (agency.hipaa_roles) = covered_entity, health_plan" in result.stdout
    assert "Data types: fti (federal tax information" in result.stdout
    assert result.stdout.endswith("\n     compliance assess health\n")
    assert run("check", "health", *AS_OF).exit_code == 1


def test_the_folder_is_named_by_the_id_where_none_is_given(here: Path) -> None:
    assert run("start", *PLAIN).exit_code == 0
    assert names(here) == ["dph"]
    assert run("start", "--no-input", "--id", "other", *AS_OF).exit_code == 0
    assert agency(here / "other") == {"id": "other"}


def test_the_same_answers_are_the_same_bytes(here: Path) -> None:
    for folder in ("one", "other"):
        run("start", folder, *PLAIN, "--answer", "data_types=ephi")
    for name in FILES:
        assert (here / "one" / name).read_bytes() == (here / "other" / name).read_bytes()


def test_sheets_follow_the_answers(here: Path) -> None:
    run("start", "all", *PLAIN)
    run("start", "few", *PLAIN, "--answer", "mobile.workforce=no", "--answer",
        "central_it_services=none")  # fmt: skip
    assert set(sheets(here / "all")) - set(sheets(here / "few")) == {
        "Apps", "Assignments", "Inheritance",
    }  # fmt: skip
    assert sheets(here / "all")[:2] == ["About", "Systems"]
    assert "Agency" not in sheets(here / "all")


def test_where_nothing_binds_it_says_so_and_still_gives_sheets(here: Path) -> None:
    result = run("start", "none", *PLAIN, "--answer", "hipaa_roles=none")
    assert "does not bind you: HIPAA" in result.stdout
    assert "= an empty list" in result.stdout
    assert "No published rule set binds the agency" in result.stdout
    assert "Systems" in sheets(here / "none")


def test_where_a_fact_is_missing_it_asks_for_it(here: Path) -> None:
    result = run("start", "open", *PLAIN)
    assert "cannot be told yet: HIPAA" in result.stdout
    words = " ".join(result.stdout.split())
    assert "Needed: In which HIPAA roles does the agency act? (agency.hipaa_roles)" in words


@pytest.mark.parametrize("there", FILES)
def test_nothing_is_overwritten_and_nothing_else_is_written(here: Path, there: str) -> None:
    (here / "dph").mkdir()
    (here / "dph" / there).write_text("mine")
    for arguments in (["start", *PLAIN], ["start", "dph", *PLAIN]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert there in result.output
        assert "--force" in result.output
        assert names(here / "dph") == [there]
        assert (here / "dph" / there).read_text() == "mine"
    assert run("start", "dph", *PLAIN, "--force").exit_code == 0
    assert names(here / "dph") == FILES


def test_other_files_of_the_folder_stay(here: Path) -> None:
    (here / "notes.txt").write_text("mine")
    assert run("start", ".", *PLAIN).exit_code == 0
    assert names(here) == sorted([*FILES, "notes.txt"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x", "--no-input"], "Give --name or --id"),
        (["x", *PLAIN, "--answer", "data_type=ephi"], "Did you mean data_types?"),
        (["x", *PLAIN, "--answer", "data_types"], "Write fact=value"),
        (["x", *PLAIN, "--answer", "=x"], "Write fact=value"),
        (["x", *PLAIN, "--answer", "data_types=ephii"], "Did you mean ephi?"),
        (["x", *PLAIN, "--answer", "name=Twice"], "answered twice"),
        (["x", *PLAIN, "--id", "A b"], "cannot be an id"),
        (["file", *PLAIN], "is a file"),
        (["x", "--no-input", "--name", "!!"], "Give --name or --id"),
        (["x", *PLAIN, "--registry", "nowhere"], "is no registry"),
    ],
)
def test_bad_usage_writes_nothing(here: Path, arguments: list[str], told: str) -> None:
    (here / "file").write_text("mine")
    result = run("start", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
    assert names(here) == ["file"]


def test_without_a_terminal_nothing_is_asked(here: Path) -> None:
    assert run("start", "--name", NAME, *AS_OF).exit_code == 0
    assert names(here / "dph") == FILES


def test_the_dialogue_asks_each_question_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = typed(monkeypatch, NAME, "", "1,3", "ephi", "none", "", "yes", "no", "", "CIO")
    assert result.exit_code == 0, result.output
    found = agency(here / "dph")
    assert found["hipaa_roles"]["value"] == ["covered_entity", "health_care_provider"]
    assert found["federal_programs"]["value"] == []
    assert "receives_federal_awards" not in found
    assert found["receives_hhs_funds"]["value"] is True
    assert found["mobile"]["workforce"] == {
        "value": False, "source": "compliance start", "reported_on": "2026-11-23", "by": "CIO",
    }  # fmt: skip
    asked = [line for line in result.stderr.splitlines() if " of 9. " in line]
    assert [line.split(" ")[0] for line in asked] == list("123456789")
    assert "of 9" not in result.stdout


def test_the_dialogue_asks_again_until_it_understands(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = typed(
        monkeypatch, NAME, "Bad id", "good", "covered", "covered_entity", *[""] * 7
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert agency(here / "good")["hipaa_roles"]["value"] == ["covered_entity"]
    assert "cannot be an id" in result.stderr
    assert "none of the values" in result.stderr


def test_the_dialogue_helps_and_takes_a_question_mark_for_not_known(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = typed(monkeypatch, "公衆", "", "dph", "help", "?", *[""] * 6, "?")
    assert result.exit_code == 0, result.output
    assert "It is needed: files name the agency by it." in result.stderr
    assert "Press Enter, or type ?, where you do not know" in result.stderr
    assert "Left open: not known." in result.stderr
    found = agency(here / "dph")
    assert set(found) == {"id", "name"}
    assert "by" not in found["name"]


def test_a_place_where_nothing_may_be_written_is_told_before_the_questions(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    result = typed(monkeypatch, NAME, "", *[""] * 8)
    assert result.exit_code == 2
    assert "this user may not write in " in result.stderr
    assert "3 of 9" not in result.stderr


def test_what_options_answer_is_not_asked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--name", NAME, "--id", "x", "--answer", "hipaa_roles=none", "--by", "CIO")
    result = typed(monkeypatch, *[""] * 6, options=options)
    assert result.exit_code == 0, result.output
    assert "HIPAA roles does" not in result.stderr
    assert agency(here / "x")["hipaa_roles"]["value"] == []


@pytest.mark.parametrize("lines", [0, 1, 5, 9])
def test_stopping_on_the_way_writes_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    result = typed(monkeypatch, *[NAME, *[""] * 8][:lines])
    assert result.exit_code == 130
    assert names(here) == []


def test_a_taken_folder_is_told_before_the_questions(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "dph").mkdir()
    (here / "dph" / "agency.yaml").write_text("mine")
    for options, most in ((("dph",), 0), ((), 2)):
        result = typed(monkeypatch, NAME, "", options=options)
        assert result.exit_code == 2
        assert f"{most + 1} of 9" not in result.stderr


@pytest.mark.parametrize("options", [(), ("--answer", "hipaa_roles=none")])
def test_nothing_it_writes_promises_or_accuses(here: Path, options: tuple[str, ...]) -> None:
    result = run("start", "x", *PLAIN, *options)
    texts = [result.output]
    texts += [(here / "x" / name).read_text("utf-8") for name in FILES[:2]]
    book = load_workbook(here / "x" / "inventory.xlsx")
    texts += [
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    ]
    assert sorted({match[0] for text in texts for match in FORBIDDEN.finditer(text)}) == []


# --- files, all or none ------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Renaming to any of these names fails, as on a full or broken disk."""
    fails: list[str] = []
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if Path(target).name in fails:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", broken)
    return fails


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_failure_leaves_all_as_it_was(here: Path, failing: list[str], name: str) -> None:
    (here / "f").mkdir()
    (here / "f" / "b").write_text("mine")
    failing.append(name)
    files = {"a": b"1", "b": b"2", "c": b"3"}
    if name == "b":
        failing.clear()
        failing.append("c")
    with pytest.raises(OutputError, match="No space left"):
        write_files(here / "f", files, force=True)
    assert names(here / "f") == ["b"]
    assert (here / "f" / "b").read_text() == "mine"


def test_a_folder_made_for_nothing_is_taken_away(here: Path, failing: list[str]) -> None:
    failing.append("b")
    with pytest.raises(OutputError):
        write_files(here / "new" / "deep", {"a": b"1", "b": b"2"})
    assert names(here) == []


def test_a_folder_of_the_name_of_a_file_is_refused(here: Path) -> None:
    (here / "f" / "a").mkdir(parents=True)
    with pytest.raises(OutputError, match="which is no file"):
        write_files(here / "f", {"a": b"1"}, force=True)
