"""`compliance inventory fmt` as a user meets it."""

import os
import stat
from pathlib import Path

import pytest

from tests.cli.running import run

UGLY = "systems: [{name: B, id: b}]  # ours\nagency: {id: a}\n"
NEAT = "agency:\n  id: a\n\nsystems:  # ours\n  - id: b\n    name: B\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(UGLY, encoding="utf-8")
    (tmp_path / "b.json").write_text('{"vendors": []}', encoding="utf-8")
    (tmp_path / "compliance.yaml").write_text("marking:   X\n", encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_files_are_rewritten_once(folder: Path) -> None:
    result = run("inventory", "fmt", folder)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"{folder.as_posix()}/{name}" for name in
                                          ("a.yaml", "b.json")]  # fmt: skip
    assert result.stderr == "Rewrote 2 files of 2.\n"
    neat = {
        "a.yaml": NEAT,
        "b.json": '{\n  "vendors": []\n}\n',
        "compliance.yaml": "marking:   X\n",
    }
    assert contents(folder) == neat
    again = run("inventory", "fmt", folder)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "2 files are formatted already; nothing was written.\n"
    assert contents(folder) == neat


def test_check_lists_and_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    result = run("inventory", "fmt", "--check", folder)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert contents(folder) == before
    run("inventory", "fmt", folder)
    result = run("inventory", "fmt", "--check", folder)
    assert (result.exit_code, result.stdout) == (0, "")


def test_one_file_with_an_error_stops_all(folder: Path) -> None:
    (folder / "c.yaml").write_text("systems:\n  - id: c\n    nmae: C\n", encoding="utf-8")
    before = contents(folder)
    result = run("inventory", "fmt", folder)
    assert result.exit_code == 2
    assert "c.yaml:3:5: system/c nmae: there is no fact nmae in system." in result.stdout
    assert "Did you mean name?" in result.stdout
    assert result.stderr == "1 problem in 1 file. Nothing was written.\n"
    assert contents(folder) == before


def test_other_formats_are_refused_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id\n", encoding="utf-8")
    result = run("inventory", "fmt", path)
    assert result.exit_code == 2
    assert "only YAML and JSON files are formatted" in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
def test_a_rewritten_file_keeps_its_permissions_and_a_link_its_target(folder: Path) -> None:
    path = folder / "a.yaml"
    path.chmod(0o600)
    link = folder.parent / f"{folder.name}-link.yaml"
    link.symlink_to(path)
    assert run("inventory", "fmt", link).exit_code == 0
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == NEAT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
