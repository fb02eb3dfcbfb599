"""What README.md shows of a report is what the program prints, and its commands are there."""

from __future__ import annotations

import re
from pathlib import Path

import click

from compliance_cli.main import cli
from tests.cli.running import run


def blocks(text: str, language: str = "") -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return [block for of, block in found if of == language]


def commands(group: click.Group) -> set[str]:
    """Names of commands, those of groups with the name of the group before them."""
    context = click.Context(group)
    found = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.add(name)
        if isinstance(command, click.Group):
            found |= {f"{name} {one}" for one in commands(command)}
    return found


def test_the_readme_shows_the_report_as_it_is(root: Path) -> None:
    report = run("check", "examples/health-agency", "--as-of", "2026-11-23").stdout
    text = (root / "README.md").read_text("utf-8")
    shown = [block for block in blocks(text) if "script/demo" not in block]
    assert len(shown) == 2
    for block in shown:
        assert block in report


def test_the_readme_names_every_command_and_no_other(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    table = re.search(r"^## Commands\n\n(.*?)\n\n", text, re.M | re.S)
    assert table
    named = set()
    for row in table[1].splitlines()[2:]:
        group = ""
        for words in re.findall(r"`([^`]+)`", row):
            head, _, rest = words.partition(" ")
            group = head if rest else group
            named.add(words if rest or not group else f"{group} {words}")
    known = commands(cli)
    groups = {name.partition(" ")[0] for name in known if " " in name}
    assert named <= known
    leaves = {name for name in known if " " not in name} - groups
    # The commands of the plan, and another name of one command, are told elsewhere.
    told = {name for name in known if name.startswith("poam ")} | {"inventory documents"}
    assert (leaves | {name for name in known if " " in name}) - told <= named
