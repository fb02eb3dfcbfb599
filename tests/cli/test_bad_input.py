"""Whatever a user hands in ends in one clear message, exit status 2 and no traceback."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import AS_OF, run

FILES: dict[str, bytes] = {
    "broken YAML": b"systems: [\n",
    "broken JSON": b'{"systems": [',
    "a repeated key": b"agency: {id: a, id: b}\n",
    "an alias": b"agency: &a {id: a}\nsystems: [*a]\n",
    "a tag": b"agency: !!python/object {id: a}\n",
    "nesting": b"[" * 300_000,
    "binary": b"\x00\x01\x02",
    "UTF-16": "agency: {id: a}\n".encode("utf-16"),
    "bytes that are no UTF-8": b"agency: {id: \xff}\n",
    "nothing": b"",
    "only a comment": b"# nothing\n",
    "a scalar": b"hello\n",
    "a list": b"- a\n",
    "an unknown kind": b"agency: {id: a}\nsystms: []\n",
    "an unknown fact": b"agency: {id: a}\nsystems: [{id: s, mfaa: true}]\n",
    "a repeated id": b"agency: {id: a}\nsystems: [{id: s}, {id: s}]\n",
    "a reference to nothing": b"agency: {id: a}\nsystems: [{id: s, vendors: [v]}]\n",
    "no agency": b"systems: [{id: s}]\n",
    "two agencies": b"agency: [{id: a}, {id: b}]\n",
    "a lone surrogate": b'agency: {id: a, name: "\\ud800"}\n',
    "a large number": b"agency: {id: a}\nsystems: [{id: s, session_timeout_minutes: 1e999}]\n",
    "an id with a slash": b"agency: {id: ../a}\n",
    "a terminal sequence": b'agency: {id: a}\n"\\e[2J\\u202e": 1\n',
}


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["check", "inventory validate"])
def test_a_file_that_is_no_inventory(name: str, command: str, tmp_path: Path) -> None:
    suffix = ".json" if "JSON" in name else ".yaml"
    path = tmp_path / f"inventory{suffix}"
    path.write_bytes(FILES[name])
    result = run(*command.split(), path, *AS_OF)
    assert result.exit_code == 2, result.output
    assert path.as_posix() in result.output
    assert result.output.replace("\n", "").isprintable()
    assert max(len(line) for line in result.output.splitlines()) < 1000


def test_one_bad_file_does_not_hide_the_problems_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("agency: {id: a}\nsystems: [{id: s, mfaa: true}]\n")
    (tmp_path / "b.yaml").write_text("systems: [\n")
    (tmp_path / "c.yaml").write_text("")
    for command in (["check"], ["inventory", "validate"]):
        result = run(*command, tmp_path, *AS_OF)
        assert result.exit_code == 2
        for place in ("a.yaml:2:19", "b.yaml:2:1", "c.yaml"):
            assert place in result.output, result.output
        assert "3 problems in 3 files." in result.stderr


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        for command in (["check"], ["inventory", "validate"]):
            result = run(*command, path, *AS_OF)
            assert result.exit_code == 2
            assert path.as_posix() in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_loop(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "up").symlink_to(tmp_path)
    assert run("check", tmp_path, *AS_OF).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "2026-02-30"], "not a date of the calendar"),
        (["--as-of", "yesterday"], "Write it like 2026-11-23"),
        (["--as-of", "20261123"], "Write it like 2026-11-23"),
        (["--policy", "hippa"], "Did you mean hipaa?"),
        (["--policy", "hipaa@9.9.9"], "it has 0.1.0"),
        (["--policy", "Hipaa!"], "is not a policy"),
        (["--registry", "examples"], "is no registry"),
        (["--engine", "opa", "--opa", "no-such-program"], "not a program"),
        (["--engine", "opa", "--opa-url", "http://127.0.0.1:9"], "127.0.0.1:9"),
        (["--engine", "opa", "--opa-url", "nonsense"], "nonsense"),
        (["--opa", "opa"], "belong to --engine opa"),
        (["--engine", "opa", "--opa", "x", "--opa-url", "http://y"], "only one of them"),
        (["--fail-on", "huge"], "huge"),
        (["--format", "xml"], "xml"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], words: str) -> None:
    result = run("check", "examples/minimal", *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("polices: [hipaa]\n", "compliance.yaml:1:1: polices: there is no setting polices"),
        ("policies: [hippa]\n", "Did you mean hipaa?"),
        ("policies: [hipaa, nope]\n", "compliance.yaml:1:19: There is no policy nope"),
        ("policies: ['hipaa@9.9.9']\n", "compliance.yaml:1:12: There is no version 9.9.9"),
        ("policies: [\n", "compliance.yaml:2:1"),
        ("parameters: {hippa: {idle_minutes: 10}}\n", "compliance.yaml:1:14: there is no policy"),
        ("parameters: {hipaa: {idle_minuts: 10}}\n", "compliance.yaml:1:35: "),
        ("parameters: {hipaa: {idle_minutes: 60}}\n", "compliance.yaml:1:36: "),
        ("parameters: {hipaa: {idle_minutes: soon}}\n", "takes a whole number"),
        ("parameters: {hipaa: {idle_minutes: 0.5}}\n", "compliance.yaml:1:36: "),
    ],
)
def test_settings_that_cannot_hold(settings: str, words: str, root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "examples/minimal/inventory.yaml", tmp_path)
    (tmp_path / "compliance.yaml").write_text(settings)
    result = run("check", tmp_path, *AS_OF)
    assert result.exit_code == 2
    assert words in result.stderr


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["hipaa-1.0.0.tar.gz", "hipaa-1.0.0.wasm", "hipaa-1.0.0.why.wasm"])
@pytest.mark.parametrize("change", [cut, alter, Path.unlink])
def test_a_registry_that_was_touched(
    name: str, change: Callable[[Path], None], root: Path, tmp_path: Path
) -> None:
    registry = tmp_path / "registry"
    shutil.copytree(root / "policies" / "published", registry)
    change(registry / name)
    result = run("check", "examples/minimal", *AS_OF, "--registry", registry)
    assert result.exit_code == 2
    assert name in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("index", ["", "{", "[]", "{}", '{"schema": 2, "policies": {}}'])
def test_an_index_that_is_none(index: str, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(index)
    result = run("check", "examples/minimal", *AS_OF, "--registry", tmp_path)
    assert result.exit_code == 2
    assert "index.json" in result.stderr


def test_a_registry_without_a_binding_policy(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(json.dumps({"schema": 1, "policies": {}}))
    result = run("check", "examples/minimal", *AS_OF, "--registry", tmp_path)
    assert result.exit_code == 2
    assert "Name one with --policy" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "examples/minimal", "hipaa"], "Write policy/rule"),
        (["explain", "examples/minimal", "hipaa/uniqe-user-identification"], "Did you mean"),
        (
            ["explain", "examples/minimal", "hipaa/unique-user-identification", "phone-book"],
            "Write kind/id",
        ),
        (
            ["explain", "examples/minimal", "hipaa/unique-user-identification", "system/phonebook"],
            "Did you mean system/phone-book?",
        ),
        (
            ["explain", "examples/minimal", "hipaa/unique-user-identification", "sytem/x"],
            "Did you mean system?",
        ),
        (
            [
                "explain",
                "examples/minimal",
                "hipaa/unique-user-identification",
                "decision/ward-screens",
            ],
            "is about records of the kind system",
        ),
        (["policy", "lint", "no-such-folder"], "no-such-folder"),
        (["policy", "show", "--rego", "hipaa/nothing"], "has no rule nothing"),
        (["policy", "show", "--rego", "other/x", "--source", "policies/hipaa"], "not other"),
        (["policy", "list", "--registry", "examples"], "is no registry"),
        (["inventory", "inputs", "examples/minimal", "--policy", "hippa"], "Did you mean hipaa?"),
    ],
)
def test_names_that_mean_nothing(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
