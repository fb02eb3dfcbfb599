"""The guides show what the program prints: their commands are run in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from compliance_cli import starting
from compliance_cli.main import cli

FIRST_DAY = "2026-11-23"
STEP = re.compile(
    r"^<!-- (?P<what>by hand|today): (?P<value>\S+) -->$|^```(?P<kind>sh|text)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CUT = "..."
"""Stands for lines that a guide leaves out."""


class Walk:
    """A user who follows a guide in one folder."""

    def __init__(self, folder: Path, hands: Any = None) -> None:
        self._folder = folder
        self._hands = hands
        self.today = FIRST_DAY

    def by_hand(self, name: str) -> None:
        """Does what a reader does in another program."""
        self._hands.STEPS[name](self._folder)

    def run(self, line: str) -> str:
        """Runs one command of a guide and returns all that it prints."""
        program, *arguments = shlex.split(line, comments=True) or ["pip"]
        if program == "pip":
            return ""  # It is installed.
        if program == "mkdir":
            (self._folder / arguments[0]).mkdir()
            return ""
        assert program == "compliance", line
        lines = self._hands.TYPED.get(line, ()) if self._hands else ()
        typed = "".join(f"{each}\n" for each in lines)
        ran = CliRunner().invoke(cli, [*arguments, *self._date(arguments)], input=typed or None)
        # Slips that a guide shows on purpose end a validation with 2.
        expected = (0, 1, 2) if "validate" in arguments else (0, 1)
        assert ran.exit_code in expected, f"{line}\n{ran.output}"
        assert "Traceback" not in ran.output, line
        return ran.output

    def _date(self, arguments: list[str]) -> list[str]:
        """The option that says which day is today, where the command has one."""
        command: click.Command = cli
        for word in arguments:
            if not isinstance(command, click.Group):
                break
            command = command.get_command(click.Context(command), word) or command
        options = [name for parameter in command.params for name in parameter.opts]
        for option in ("--today", "--as-of", "--on"):
            if option in options and option not in arguments:
                return [option, self.today]
        return []


def walked(guide: str, walk: Walk) -> Iterator[tuple[str, str, str]]:
    """Follows a guide; gives each excerpt with the commands before it and what they printed."""
    commands, printed = "", ""
    for step in STEP.finditer(guide):
        if step["what"] == "today":
            walk.today = step["value"]
        elif step["what"]:
            walk.by_hand(step["value"])
        elif step["kind"] == "sh":
            commands = step["text"]
            printed = "".join(walk.run(line) for line in commands.splitlines())
        else:
            yield commands, step["text"], printed


def missing(shown: str, printed: str) -> str | None:
    """The first part of an excerpt that was not printed, or not after the part before it."""
    at = 0
    for part in re.split(rf"^ *{re.escape(CUT)}\n", shown, flags=re.MULTILINE):
        found = printed.find(part.strip("\n"), at)
        if found < 0:
            return part
        at = found + len(part.strip("\n"))
    return None


def prepare_ci(root: Path, folder: Path) -> Walk:
    """The example agency on its main branch, and a change to it; the working folder is `folder`."""
    inventory = folder / "inventory"
    report = shutil.ignore_patterns("report")
    shutil.copytree(root / "examples" / "health-agency", inventory, ignore=report)
    walk = Walk(folder)
    walk.run("compliance inventory fmt inventory")
    shutil.copytree(inventory, folder / "main" / "inventory")
    walk.run("compliance check main/inventory --report json=before.json")
    clinics = inventory / "systems" / "clinics.yaml"
    text = clinics.read_text("utf-8")
    clinics.write_text(
        text.replace("encryption_at_rest: false", "encryption_at_rest: true", 1), encoding="utf-8"
    )
    return walk


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("a\nb\n", None),
        ("a\n...\nd\n", None),
        ("d\n...\na\n", "a\n"),
        ("a\nc\n", "a\nc\n"),
        ("  ...\nd\n", None),
    ],
)
def test_excerpts_are_looked_for_in_order(shown: str, expected: str | None) -> None:
    assert missing(shown, "a\nb\nc\nd\n") == expected


def test_the_guide_for_agencies_shows_what_the_program_prints(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(root / "tools" / "docs")
    monkeypatch.setattr(starting, "_is_terminal", lambda: True)
    monkeypatch.delitem(sys.modules, "first_hour", raising=False)
    import first_hour  # type: ignore[import-not-found]

    guide = (root / "docs" / "guide-agency.md").read_text("utf-8")
    excerpts = 0
    for commands, shown, printed in walked(guide, Walk(tmp_path, first_hour)):
        assert missing(shown, printed) is None, f"{commands}\nprinted\n\n{printed}"
        excerpts += 1
    assert excerpts >= 10


def test_the_guide_for_continuous_integration_shows_what_the_program_prints(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    walk = prepare_ci(root, tmp_path)
    guide = (root / "docs" / "guide-ci.md").read_text("utf-8")
    excerpts = [*walked(guide, walk)]
    assert len(excerpts) == 1
    for commands, shown, printed in excerpts:
        assert missing(shown, printed) is None, f"{commands}\nprinted\n\n{printed}"
    written = (tmp_path / "comment.md").read_text("utf-8")
    assert "Gap report" in written
    assert "system/laboratory" not in written
