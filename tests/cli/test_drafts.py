"""`check --policy FOLDER`: a policy straight from its source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assessment.world import make_policy, requirement, rule
from tests.cli.running import AS_OF, run

INVENTORY = """\
agency: {id: a}
systems: [{id: payroll, mfa: false}]
"""
IDLE = {
    "title": "Idle time", "type": "integer", "stricter": "lower", "basis": "bureau", "default": 15,
    "minimum": 1, "unit": "minutes",
}  # fmt: skip


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    folder.mkdir()
    (folder / "all.yaml").write_text(INVENTORY, "utf-8")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "pol"
    idle = {"system.session_timeout_minutes": {"at_most": {"param": "idle"}}}
    rules = [rule(expect={"any": [{"system.mfa": True}, idle]})]
    extent = [{"group": "g", "title": "G", "extent": "selected", "source_count": 2}]
    wanted = [requirement("req-a")]
    make_policy(folder, rules, wanted, parameters={"idle": IDLE}, extent=extent)
    return folder


@pytest.mark.parametrize("engine", ["wasm", "opa"])
def test_a_source_folder_is_used_and_marked_as_a_draft(
    engine: str, inventory: Path, source: Path, opa: Path
) -> None:
    arguments = ("check", inventory, "--policy", source, "--opa", opa, "--engine", engine, *AS_OF)
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert "Checked against pol 1.0.0 (draft). " in result.stderr
    words = " ".join(result.stdout.split())
    assert "(policy pol 1.0.0, draft, binding)" in words
    assert f"built from the source in {source.as_posix()}, which is not published" in words
    data = json.loads(run(*arguments, "--format", "json").stdout)
    assert [policy["status"] for policy in data["policies"]] == ["draft"]
    assert [one["status"] for one in data["findings"]] == ["unknown"]


def test_settings_may_choose_values_of_a_draft(inventory: Path, source: Path, opa: Path) -> None:
    (inventory / "all.yaml").write_text(
        INVENTORY.replace("mfa: false", "mfa: false, session_timeout_minutes: 12"), "utf-8"
    )
    settings = inventory / "compliance.yaml"
    arguments = ("check", inventory, "--policy", source, "--engine", "opa", "--opa", opa, *AS_OF)
    assert run(*arguments).exit_code == 0
    settings.write_text("parameters: {pol: {idle: 10}}\n", "utf-8")
    assert run(*arguments).exit_code == 1
    settings.write_text("parameters: {pol: {idle: 0}}\n", "utf-8")
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "compliance.yaml:1:26: " in refused.stderr
    assert "which takes 1 or more minutes" in refused.stderr


def test_a_source_with_problems_is_refused_with_their_places(inventory: Path, source: Path) -> None:
    rules = source / "rules" / "all.yaml"
    rules.write_text(rules.read_text("utf-8").replace("system.mfa", "system.mfaa"), "utf-8")
    result = run("check", inventory, "--policy", source, *AS_OF)
    assert result.exit_code == 2
    assert f"{rules.as_posix()}:1:" in result.stderr
    assert "Did you mean system.mfa?" in result.stderr


def test_a_folder_without_a_policy_is_refused(inventory: Path, tmp_path: Path) -> None:
    result = run("check", inventory, "--policy", tmp_path, *AS_OF)
    assert result.exit_code == 2
    assert "a folder that holds policy.yaml" in result.stderr
    missing = run("check", inventory, "--policy", tmp_path / "nothing", *AS_OF)
    assert missing.exit_code == 2
    assert "there is no such folder" in missing.stderr


def test_without_opa_the_message_says_what_it_is_for(
    inventory: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_OPA", "/nowhere/opa")
    result = run("check", inventory, "--policy", source, *AS_OF)
    assert result.exit_code == 2
    assert "is the source of a policy, which must be compiled" in result.stderr
    assert "Get OPA" in result.stderr


def test_a_policy_and_its_source_are_not_checked_together(
    inventory: Path, tmp_path: Path, opa: Path
) -> None:
    source = tmp_path / "hipaa"
    make_policy(source, [rule()], id="hipaa", extent=[
        {"group": "g", "title": "G", "extent": "complete", "source_count": 1}
    ])  # fmt: skip
    for second in ("hipaa", f"{source}/"):
        both = ("--policy", source, "--policy", second, "--opa", opa)
        result = run("check", inventory, *both, *AS_OF)
        assert result.exit_code == 2
        assert "The policy hipaa is named twice" in result.stderr


def test_a_name_without_a_slash_is_the_id_of_a_policy(
    inventory: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source.parent)
    result = run("check", inventory, "--policy", "pol", *AS_OF)
    assert result.exit_code == 2
    assert "There is no policy pol" in result.stderr
