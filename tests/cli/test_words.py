"""No command promises or accuses, on the terminal or in the files that it writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from compliance.report.formats import FORMATS
from compliance_cli.main import cli
from tests.cli.running import AS_OF, run
from tests.cli.test_commands import FORBIDDEN
from tests.report.reading import text_of

AGENCY = "examples/health-agency"
PLAN = "{desk}/plan"
OLD, NEW = "{desk}/old.json", "{desk}/new.json"
RULE = "hipaa/unique-user-identification"
SAMPLE = "tests/policy/trying/sample"
ACCEPT = ["--by", "CISO", "--owner", "DBA", "--due", "2027-02-15", "--milestone", "2027-02-01: Buy"]

NAMES_OF_DOCUMENTS = {"certify", "certification"}
"""Questions ask for documents and acts that federal law names so."""

RUNS: dict[str, list[list[str]]] = {
    "start": [["start", "{desk}/begun", "--no-input", "--name", "Department of Health",
               "--answer", "hipaa_roles=covered_entity"]],
    "assess": [["assess", PLAN, *AS_OF]],
    "check": [
        ["check", AGENCY, *AS_OF, "--policy", "hipaa", "--policy", "hipaa-nprm-2025",
         *(part for name in FORMATS for part in ("--report", f"{name}={{desk}}/check.{name}"))],
        ["check", AGENCY, *AS_OF, "--strict", "--fail-on", "high", "--allow-unknown"],
        ["check", "{desk}/nothing"],
    ],
    "explain": [
        ["explain", AGENCY, RULE, *AS_OF],
        ["explain", AGENCY, RULE, "system/clinic-records", *AS_OF],
        ["explain", AGENCY, RULE, "system/recovery-cases", *AS_OF],
        ["explain", AGENCY, "hipaa/encryption-at-rest", "system/laboratory", *AS_OF],
        ["explain", AGENCY, "hipaa/applies", "system/web-site", *AS_OF],
    ],
    "poam update": [["poam", "update", PLAN, *AS_OF]],
    "poam show": [["poam", "show", PLAN, *AS_OF], ["poam", "show", PLAN, "--item", "1", *AS_OF]],
    "poam accept": [["poam", "accept", PLAN, "3", *ACCEPT]],
    "poam export": [
        ["poam", "export", PLAN, *AS_OF, "--format", form, "-o", f"{{desk}}/poam.{form}"]
        for form in ("oscal", "csv", "fedramp")
    ],
    "poam funding": [["poam", "funding", PLAN, *AS_OF]],
    "ask": [["ask", PLAN, *AS_OF, "-o", "{desk}/questions.xlsx"],
            ["ask", PLAN, *AS_OF, "--format", "json"]],
    "answer": [["answer", "{desk}/questions.xlsx", "--inventory", PLAN, *AS_OF]],
    "report": [["report", OLD]],
    "rollup": [["rollup", "{desk}/saved", *AS_OF, "-o", "{desk}/statewide.html"]],
    "compare": [["compare", OLD, NEW]],
    "trend": [["trend", "{desk}/saved"]],
    "due": [["due", PLAN, *AS_OF]],
    "whatif": [["whatif", PLAN, "--set", "system.mfa=true", *AS_OF]],
    "demo": [["demo", "{desk}/demo"]],
    "inventory validate": [["inventory", "validate", AGENCY, *AS_OF],
                           ["inventory", "validate", PLAN, *AS_OF]],
    "inventory show": [["inventory", "show", AGENCY, *AS_OF],
                       ["inventory", "show", AGENCY, "system/claims", *AS_OF]],
    "inventory diff": [["inventory", "diff", "examples/minimal", AGENCY, *AS_OF]],
    "inventory fmt": [["inventory", "fmt", "--check", AGENCY]],
    "inventory import": [["inventory", "import", "--list"]],
    "inventory convert": [["inventory", "convert", PLAN, "-o", "{desk}/inventory.xlsx"],
                          ["inventory", "convert", PLAN, "-o", "{desk}/tables/"]],
    "inventory schema": [["inventory", "schema"], ["inventory", "schema", "--json-schema"],
                         ["inventory", "schema", "agency", "--format", "markdown"]],
    "inventory inputs": [["inventory", "inputs", PLAN, "--policy", "hipaa", *AS_OF]],
    "inventory documents": [["inventory", "documents", PLAN, "--policy", "hipaa", *AS_OF]],
    "policy list": [["policy", "list"]],
    "policy lint": [["policy", "lint", "policies/hipaa"],
                    ["policy", "lint", "tests/policy/lint/base"]],
    "policy test": [["policy", "test", SAMPLE]],
    "policy mutate": [["policy", "mutate", SAMPLE]],
    "policy build": [["policy", "build", SAMPLE, "-o", "{desk}/registry"]],
    "policy show": [["policy", "show", "--rego", RULE]],
    "policy coverage": [["policy", "coverage", "hipaa", "--format", form]
                        for form in ("text", "markdown", "csv", "json")],
}  # fmt: skip


def commands(found: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that does something, by its whole name."""
    context = click.Context(found)
    if isinstance(found, click.Group):
        for name in found.list_commands(context):
            inner = found.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(path)


@pytest.fixture(scope="module")
def desk(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inventory that has a plan, two assessments of it, and its questions."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(root / "examples" / "plan", folder / "plan")
    for name in ("registry", "saved"):
        (folder / name).mkdir()
    check = ("check", folder / "plan", "--format", "json", "-o")
    assert run(*check, folder / "new.json", *AS_OF).exit_code == 1
    assert run(*check, folder / "old.json", "--as-of", "2026-10-01").exit_code == 1
    shutil.copy(folder / "old.json", folder / "saved" / "old.json")
    shutil.copy(folder / "new.json", folder / "saved" / "new.json")
    (folder / "saved" / "stray.json").write_text("{}")
    assert run("ask", folder / "plan", *AS_OF, "-o", folder / "questions.xlsx").exit_code == 0
    return folder


def test_every_command_is_run() -> None:
    assert sorted(set(commands()) - set(RUNS)) == []


@pytest.mark.parametrize("name", sorted(set(commands())))
def test_no_command_uses_a_word_that_promises_or_accuses(
    name: str, root: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    before = {path: path.stat().st_mtime_ns for path in desk.rglob("*") if path.is_file()}
    for arguments in RUNS[name]:
        result = run(*(part.format(desk=desk) for part in arguments))
        assert result.exit_code in (0, 1, 2), result.output
        assert "Usage:" not in result.output
        assert bad_words(result.output) == [], arguments
    for path in desk.rglob("*"):
        written = path.is_file() and before.get(path) != path.stat().st_mtime_ns
        if written and path.suffix not in (".gz", ".wasm"):
            assert bad_words(text_of(path.read_bytes())) == [], path.name


def bad_words(text: str) -> list[str]:
    return sorted({match[0] for match in FORBIDDEN.finditer(text)} - NAMES_OF_DOCUMENTS)
