from pathlib import Path

import click

from compliance_cli import reference
from compliance_cli.main import cli


def test_the_committed_page_is_current(root: Path) -> None:
    page = (root / "docs" / "reference" / "command-line.md").read_text("utf-8")
    body = reference.generate().partition("\n")[2]
    assert page.endswith(body), "run script/generate-docs"


def test_every_command_and_option_is_on_the_page() -> None:
    page = reference.generate()

    def check(command: click.Command, path: str) -> None:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                check(child, f"{path} {name}")
            return
        _, _, section = page.partition(f"\n## {path}\n")
        section = section.partition("\n## ")[0]
        for option in command.params:
            if isinstance(option, click.Option):
                assert f"{option.opts[-1]}" in section, f"{path} {option.name}"
        assert f"\n{path} " in section
        assert "Examples:" in section

    check(cli, "compliance")
