"""The program as a process of its own: pipes, Ctrl-C, encodings, colours."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import AS_OF, PROGRAM

CHECK = (*PROGRAM, "check", "examples/health-agency", *AS_OF)
WAIT = (
    "from compliance_cli.main import Program\n"
    "Program(name='compliance', lazy={'wait': 'tests.cli.failing:waiting'}).main(['wait'])\n"
)


def test_a_reader_that_stops_reading_is_no_error(root: Path) -> None:
    with subprocess.Popen(
        [*CHECK, "--format", "json"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 1
    assert said.startswith("Checked against")
    assert said.count("\n") == 1


def test_nobody_reading_the_summary_is_no_error(root: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(CHECK, cwd=root, stdout=subprocess.DEVNULL, stderr=writer, check=False)
    os.close(writer)
    assert ran.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal to one process there")
def test_ctrl_c_ends_without_a_traceback(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAIT], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
    assert process.returncode == 130
    assert said.split() == ["Stopped."]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_report_in_a_pipe_is_utf8_whatever_the_locale(root: Path, encoding: str) -> None:
    ran = subprocess.run(
        CHECK,
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"},
        check=False,
        capture_output=True,
    )
    assert ran.returncode == 1
    usual = subprocess.run(CHECK, cwd=root, check=False, capture_output=True)
    assert ran.stdout == usual.stdout
    assert b"\r" not in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("extra", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colours_on_a_terminal_alone(root: Path, extra: dict[str, str], coloured: bool) -> None:
    import pty

    shown, terminal = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    with subprocess.Popen(
        [*PROGRAM, "check", "examples/minimal", *AS_OF],
        cwd=root,
        env={**environment, **extra},
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(terminal)
        text = _everything(shown)
    os.close(shown)
    assert process.returncode == 1
    assert (b"\x1b[1m" in text) is coloured
    assert b"Gap report" in text


def _everything(descriptor: int) -> bytes:
    text = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # what Linux says when the other side of a terminal is gone
            return text
        if not piece:
            return text
        text += piece
