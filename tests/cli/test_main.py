import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from compliance_cli.main import Program, cli

COMMANDS = ("fault", "mistake", "interrupted", "findings", "fine")
program = Program(
    name="compliance",
    lazy={
        **{name: f"tests.cli.failing:{name}" for name in COMMANDS},
        "broken": "tests.cli.failing:not_a_command",
    },
)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["fine"], 0),
        (["findings"], 1),
        (["mistake"], 2),
        (["fault"], 3),
        (["interrupted"], 130),
        (["unheard-of"], 2),
        (["fine", "--unheard-of"], 2),
        (["--help"], 3),  # help of a program whose own definition is broken
        (["broken"], 3),
    ],
)
def test_exit_status(arguments: list[str], status: int) -> None:
    assert CliRunner().invoke(program, arguments).exit_code == status


@pytest.mark.parametrize(
    ("written", "meant"), [("fien", "fine"), ("findngs", "findings"), ("zzz", None)]
)
def test_a_misspelt_command_names_the_one_meant(written: str, meant: str | None) -> None:
    result = CliRunner().invoke(program, [written])
    assert f"No such command '{written}'." in result.output
    assert ("Did you mean" in result.output) == (meant is not None)
    assert meant is None or f"Did you mean '{meant}'?" in result.output


def test_a_mistake_of_the_user_is_one_paragraph() -> None:
    result = CliRunner().invoke(program, ["mistake"])
    assert result.stdout == ""
    assert result.stderr == "Error: a.yaml:1:1: The file is empty. Remove it.\n"


def test_a_fault_is_one_paragraph_that_asks_to_report_it() -> None:
    result = CliRunner().invoke(program, ["fault"])
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "KeyError" in result.stderr
    assert "report it" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["fault", "mistake"])
def test_the_place_in_the_program_is_shown_on_request_alone(command: str) -> None:
    result = CliRunner().invoke(program, [command, "--debug"])
    assert "Traceback" in result.stderr
    assert "failing.py" in result.stderr


def test_an_interruption_shows_no_traceback() -> None:
    assert "Traceback" not in CliRunner().invoke(program, ["interrupted"]).stderr


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("compliance 0.")


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
        else:
            found.append((*path, name))
    return found


@pytest.mark.parametrize("path", every_command(cli))
def test_every_command_and_option_is_explained(path: tuple[str, ...]) -> None:
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path}: {parameter.name}"
    if not isinstance(command, click.Group):
        assert command.epilog
        assert f"  compliance {' '.join(path)}" in command.epilog
    result = CliRunner().invoke(cli, [*path, "--help"])
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_help_imports_none_of_the_large_libraries(root: Path) -> None:
    code = (
        "import sys\n"
        "from compliance_cli.main import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "names = ('yaml', 'jsonschema', 'jsonschema_rs', 'wasmtime', 'opa_client', 'requests',"
        " 'asyncio', 'compliance.policy', 'compliance.assessment', 'compliance.inventory')\n"
        "print([name for name in names if name in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stderr == "[]\n"
