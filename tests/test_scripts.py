"""The functions that script/demo and script/test share."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")

BROKEN_SHIM = "#!/bin/sh\necho 'this version is not installed' >&2\nexit 127\n"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that holds all programs on PATH, without any Python."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("bash", "cat", "dirname", "env"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def shell(
    root: Path, programs: Path, code: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHON"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f". script/lib.sh; {code}", "script/demo"],
        cwd=root,
        env={**environment, "PATH": str(programs), **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_shim_that_fails_when_run_is_passed_over(root: Path, programs: Path) -> None:
    program(programs / "python3.14", BROKEN_SHIM)
    program(programs / "python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    ran = shell(root, programs, 'find_python; echo "$PYTHON_COMMAND"')
    assert (ran.stdout, ran.stderr, ran.returncode) == ("python3\n", "", 0)


def test_no_python_that_suits_is_a_clear_message(root: Path, programs: Path) -> None:
    program(programs / "python3", BROKEN_SHIM)
    ran = shell(root, programs, "find_python")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("script/demo: needs Python 3.11, 3.12, 3.13 or 3.14")
    assert ran.stderr.count("\n") == 1


def test_the_python_named_by_the_user_is_not_replaced_by_another(
    root: Path, programs: Path
) -> None:
    program(programs / "python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    ran = shell(root, programs, "find_python", PYTHON="python9")
    assert ran.returncode == 2
    assert "$PYTHON is 'python9', which is not a working Python 3.11 to 3.14" in ran.stderr


def test_a_python_without_venv_is_told_apart_from_none(root: Path, programs: Path) -> None:
    refuses_ensurepip = (
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
    )
    program(programs / "python3.11", refuses_ensurepip)
    ran = shell(root, programs, "find_python")
    assert ran.returncode == 2
    assert "python3.11 cannot make virtual environments" in ran.stderr


def test_a_stamp_is_current_only_with_the_same_text(
    root: Path, programs: Path, tmp_path: Path
) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text("one\n", encoding="utf-8")
    code = f'for text in one two; do is_current "{stamp}" "$text" && echo "$text"; done; true'
    assert shell(root, programs, code).stdout == "one\n"
    assert shell(root, programs, 'is_current "$PWD/no-such-file" "" || echo no').stdout == "no\n"
