from __future__ import annotations

import os
from pathlib import Path

import pytest

from compliance.inventory.files import find_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("a: 1\n", encoding="utf-8")


def found(*paths: str) -> tuple[list[str], list[str]]:
    result = find_files(map(Path, paths))
    return [path.as_posix() for path in result.files], [str(each) for each in result.problems]


@pytest.mark.usefixtures("folder")
def test_a_folder_is_searched_with_all_folders_in_it() -> None:
    for name in ("b.yaml", "a.yml", "c.json", "d.YAML", "sub/deep/e.yaml", "sub/f.json"):
        write(f"inv/{name}")
    for name in (
        ".hidden.yaml",
        ".git/x.yaml",
        "compliance.yaml",
        "notes.md",
        "x.yaml.bak",
        "y.txt",
        "~$z.xlsx.bak",
    ):
        write(f"inv/{name}")
    files, problems = found("inv/")
    assert files == [
        "inv/a.yml", "inv/b.yaml", "inv/c.json", "inv/d.YAML", "inv/sub/deep/e.yaml",
        "inv/sub/f.json",
    ]  # fmt: skip
    assert problems == []


@pytest.mark.usefixtures("folder")
def test_settings_below_the_folder_are_not_passed_over() -> None:
    write("inv/a.yaml")
    write("inv/sub/compliance.yaml")
    assert found("inv/") == (
        ["inv/a.yaml"],
        [
            "inv/sub/compliance.yaml: settings in a folder below the inventory's own hold for "
            "nothing. Expected: one settings file, in the folder that is checked: move it there, "
            "or remove it."
        ],
    )
    assert found("inv/sub/", "inv/a.yaml")[1] == [
        "inv/sub: the folder holds no inventory files. Expected: at least one file whose name "
        "ends in .yaml, .yml, .json, .jsonl, "
        ".xlsx, .csv."
    ]


def test_paths_stay_as_they_were_given(folder: Path) -> None:
    write("inv/a.yaml")
    assert found("./inv") == (["inv/a.yaml"], [])
    absolute = (folder / "inv").as_posix()
    assert found(absolute) == ([f"{absolute}/a.yaml"], [])
    assert found("inv/../inv/a.yaml") == (["inv/../inv/a.yaml"], [])


@pytest.mark.usefixtures("folder")
def test_files_given_together() -> None:
    write("b.yaml")
    write("a.yaml")
    write("odd.txt")  # the reader says what is wrong with it
    assert found("b.yaml", "odd.txt", "a.yaml") == (["b.yaml", "odd.txt", "a.yaml"], [])


@pytest.mark.usefixtures("folder")
def test_what_is_missing() -> None:
    Path("empty/.git").mkdir(parents=True)
    write("a.yaml")
    files, problems = found("nowhere", "empty", "a.yaml")
    assert files == ["a.yaml"]
    assert problems == [
        "nowhere: there is no such path. Expected: an existing file or folder.",
        "empty: the folder holds no inventory files. "
        "Expected: at least one file whose name ends in .yaml, .yml, .json, .jsonl, "
        ".xlsx, .csv.",
    ]


@pytest.mark.usefixtures("folder")
def test_a_path_given_twice() -> None:
    write("inv/a.yaml")
    assert found("inv", "inv")[1] == [
        "inv: the path is given twice. Expected: each file and folder once."
    ]
    files, problems = found("inv", "inv/a.yaml")
    assert files == ["inv/a.yaml"]
    assert len(problems) == 1
    files, problems = found("inv/a.yaml", "./inv/../inv/a.yaml")
    assert files == ["inv/a.yaml"]
    assert problems[0].startswith(
        "inv/../inv/a.yaml: this leads to inv/a.yaml, which is read already."
    )


def link(name: str, target: str) -> None:
    try:
        Path(name).symlink_to(target, target_is_directory=Path(target).is_dir())
    except OSError:
        pytest.skip("the system lets this user make no links")


@pytest.mark.usefixtures("folder")
def test_links_are_followed() -> None:
    write("elsewhere/b.yaml")
    write("inv/a.yaml")
    link("inv/0-first", "../elsewhere")
    assert found("inv") == (["inv/a.yaml", "inv/0-first/b.yaml"], [])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("inv/0-loop", ".", "inv/0-loop: this leads to inv, which is read already."),
        ("inv/sub/up", "..", "inv/sub/up: this leads to inv, which is read already."),
        ("inv/0-twice", "sub", "inv/0-twice: this leads to inv/sub, which is read already."),
        ("inv/0.yaml", "a.yaml", "inv/0.yaml: this leads to inv/a.yaml, which is read already."),
        ("inv/self.yaml", "self.yaml", "inv/self.yaml: it cannot be opened ("),
        ("inv/gone.yaml", "nowhere.yaml", "inv/gone.yaml: the link leads nowhere."),
    ],
)
def test_link_loops(name: str, target: str, message: str) -> None:
    write("inv/a.yaml")
    write("inv/sub/b.yaml")
    link(name, target)
    files, problems = found("inv")
    assert files == ["inv/a.yaml", "inv/sub/b.yaml"]
    assert len(problems) == 1
    assert problems[0].startswith(message)


@pytest.mark.usefixtures("folder")
def test_a_folder_that_may_not_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    write("inv/a.yaml")
    write("inv/locked/b.yaml")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    files, problems = found("inv")
    assert files == ["inv/a.yaml"]
    assert problems == [
        "inv/locked: it cannot be opened (Permission denied). Expected: a path this user may read."
    ]
