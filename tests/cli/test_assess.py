"""`compliance assess`: both files or none, where they go, and what it says."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from compliance_cli import output
from tests.cli.running import AS_OF, run

MINIMAL = "examples/minimal"


@pytest.fixture
def inventory(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my-agency"
    shutil.copytree(root / MINIMAL, folder)
    monkeypatch.chdir(tmp_path)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_page_and_the_questions_are_beside_the_inventory(inventory: Path) -> None:
    result = run("assess", "my-agency", *AS_OF)
    assert result.exit_code == 1
    assert names(inventory / "report") == ["questions.xlsx", "report.html"]
    page = (inventory / "report" / "report.html").read_text("utf-8")
    assert page == run("check", "my-agency", *AS_OF, "--format", "html").stdout
    assert "Questions" in openpyxl.load_workbook(inventory / "report" / "questions.xlsx").sheetnames


def test_it_says_what_came_out_where_it_is_and_three_things_to_do(inventory: Path) -> None:
    result = run("assess", "my-agency", *AS_OF)
    words = " ".join(result.stdout.split())
    assert words.startswith("Checked against hipaa 1.0.0. County Clinic as of 2026-11-23: ")
    assert "my-agency/report/report.html" in words
    assert "my-agency/report/questions.xlsx" in words
    assert (inventory / "report" / "report.html").as_uri() in result.stdout
    assert [f"  {index}. " in result.stdout for index in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Have the questions answered" in words
    assert "Fix first, medium: Write down how ePHI is removed from a device" in words


def test_the_commands_it_names_can_be_pasted(inventory: Path) -> None:
    inventory.rename("my agency")
    told = run("assess", "my agency", *AS_OF).stdout
    assert '\n       compliance answer "my agency/report/questions.xlsx"\n' in told
    assert '\n       compliance ask "my agency"\n' in told
    told = run("assess", "my agency/inventory.yaml", *AS_OF).stdout
    assert "compliance ask" not in told  # Answers need a folder.


def test_the_same_inventory_gives_the_same_files(inventory: Path) -> None:
    run("assess", "my-agency", *AS_OF)
    before = {path.name: path.read_bytes() for path in (inventory / "report").iterdir()}
    assert run("assess", "my-agency", *AS_OF).exit_code == 1
    assert {path.name: path.read_bytes() for path in (inventory / "report").iterdir()} == before


def test_the_files_go_where_the_user_says(inventory: Path, tmp_path: Path) -> None:
    run("assess", "my-agency", *AS_OF, "-o", "out/of/the/way")
    assert names(tmp_path / "out/of/the/way") == ["questions.xlsx", "report.html"]
    assert names(inventory) == ["inventory.yaml"]


def test_of_a_file_they_go_into_the_working_folder(inventory: Path, tmp_path: Path) -> None:
    assert run("assess", "my-agency/inventory.yaml", *AS_OF).exit_code == 1
    assert names(tmp_path / "report") == ["questions.xlsx", "report.html"]


@pytest.mark.usefixtures("inventory")
@pytest.mark.parametrize(
    ("options", "status"),
    [([], 1), (["--fail-on", "none"], 0), (["--allow-unknown"], 1), (["--policy", "none"], 2)],
)
def test_the_exit_status_is_that_of_check(options: list[str], status: int) -> None:
    assert run("assess", "my-agency", *AS_OF, *options).exit_code == status
    assert run("check", "my-agency", *AS_OF, *options).exit_code == status


def test_a_bad_inventory_leaves_nothing_behind(inventory: Path) -> None:
    (inventory / "bad.yaml").write_text("systems: [\n", encoding="utf-8")
    assert run("assess", "my-agency", *AS_OF).exit_code == 2
    assert not (inventory / "report").exists()


def test_where_one_file_cannot_be_replaced_neither_is(
    inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("assess", "my-agency", *AS_OF)
    folder = inventory / "report"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    real = Path.replace

    def held_open(self: Path, target: Path) -> Path:
        if target.name == "questions.xlsx" and self.name.endswith(".tmp"):
            raise PermissionError(13, "another program has it open")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held_open)
    text = (inventory / "inventory.yaml").read_text("utf-8")
    (inventory / "inventory.yaml").write_text(text.replace("County", "City"), encoding="utf-8")
    result = run("assess", "my-agency", *AS_OF)
    # Moving the old file back fails here as well, so only the other one is looked at.
    assert result.exit_code in (2, 3)
    assert (folder / "report.html").read_bytes() == before["report.html"]


def test_a_folder_that_cannot_be_made_is_told(inventory: Path) -> None:
    (inventory / "report").write_text("x", encoding="utf-8")
    result = run("assess", "my-agency", *AS_OF)
    assert result.exit_code == 2
    assert "my-agency/report" in result.stderr


def test_answers_that_were_not_merged_are_kept(inventory: Path) -> None:
    run("assess", "my-agency", *AS_OF)
    workbook = inventory / "report" / "questions.xlsx"
    book = openpyxl.load_workbook(workbook)
    sheet = book["Questions"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Answer")
    sheet.cell(2, column).value = "yes"
    book.save(workbook)
    filled = workbook.read_bytes()
    result = run("assess", "my-agency", *AS_OF)
    assert "it is kept as my-agency/report/questions-1.xlsx" in " ".join(result.stdout.split())
    assert (inventory / "report" / "questions-1.xlsx").read_bytes() == filled
    assert workbook.read_bytes() != filled
    workbook.write_text("mine", encoding="utf-8")
    run("assess", "my-agency", *AS_OF)
    assert (inventory / "report" / "questions-2.xlsx").read_text("utf-8") == "mine"


@pytest.mark.parametrize("detail", ["requirement", "counts"])
def test_a_reduced_report_comes_without_questions_which_name_records(
    detail: str, inventory: Path
) -> None:
    result = run("assess", "my-agency", *AS_OF, "--detail", detail)
    assert result.exit_code == 1
    assert names(inventory / "report") == ["report.html"]
    assert "questions.xlsx" not in result.stdout


def test_the_report_is_no_inventory_file(inventory: Path) -> None:
    run("assess", "my-agency", *AS_OF)
    first = run("check", "my-agency", *AS_OF, "--format", "json").stdout
    (inventory / "report" / "more.yaml").write_text("systems: [", encoding="utf-8")
    assert run("check", "my-agency", *AS_OF, "--format", "json").stdout == first


def test_writing_together_is_all_or_nothing(tmp_path: Path) -> None:
    good, bad = tmp_path / "a", tmp_path / "b"
    good.write_text("before", encoding="utf-8")

    def broken() -> object:
        yield "half"
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        output.write_together({good: ["after"], bad: broken()})  # type: ignore[dict-item]
    assert good.read_text("utf-8") == "before"
    assert names(tmp_path) == ["a"]
    output.write_together({good: ["after"], bad: [b"\x00\xff"]})
    assert (good.read_text("utf-8"), bad.read_bytes()) == ("after", b"\x00\xff")
