"""The script that turns an OSCAL security plan into an inventory, and the page that shows it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.running import AS_OF, run

MADE_FROM = "How this report was made"


def convert(root: Path, plan: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    script = root / "examples" / "oscal_ssp.py"
    return subprocess.run(
        [sys.executable, str(script), str(plan), str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def report(folder: Path) -> str:
    result = run("check", folder, *AS_OF)
    assert result.exit_code == 1, result.output
    return result.stdout.partition(MADE_FROM)[0].rstrip()


def add(file: Path, after: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert after in text
    file.write_text(text.replace(after, after + line, 1), encoding="utf-8")


def test_the_page_shows_the_outcome(root: Path, real_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "goodread"
    done = convert(root, real_data / "oscal" / "ifa_ssp-example.json", folder)
    assert done.returncode == 0, done.stderr
    page = (root / "docs" / "examples" / "oscal-ssp.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert report(folder) == first
    add(
        folder / "agency.yaml",
        "  name: Important Federal Agency\n",
        "  hipaa_roles: [covered_entity]\n",
    )
    add(folder / "systems.yaml", "  name: IFA GoodRead\n", "  data_types: [ephi]\n")
    assert report(folder) == second


def test_no_name_of_a_person_is_taken_over(root: Path, real_data: Path, tmp_path: Path) -> None:
    plan = real_data / "oscal" / "ifa_ssp-example.json"
    assert convert(root, plan, tmp_path / "goodread").returncode == 0
    parties = json.loads(plan.read_text("utf-8"))["system-security-plan"]["metadata"]["parties"]
    names = [party["name"] for party in parties if party["type"] == "person"]
    written = "".join(file.read_text("utf-8") for file in (tmp_path / "goodread").iterdir())
    assert names
    assert [name for name in names if name in written] == []


def small_plan(**changes: Any) -> dict[str, Any]:
    """A plan with one control, one machine and one product."""
    plan: dict[str, Any] = {
        "metadata": {
            "title": "Plan",
            "version": "2",
            "last-modified": "2026-03-01T10:00:00Z",
            "roles": [{"id": "owner", "title": "Owner"}, {"id": "admin", "title": "Administrator"}],
            "parties": [
                {"uuid": "0a0a0a0a-1", "type": "person", "name": "Nobody"},
                {"uuid": "0b0b0b0b-1", "type": "organization", "name": "Agency of Tests"},
            ],
            "responsible-parties": [
                {"role-id": "owner", "party-uuids": ["0a0a0a0a-1"]},
                {"role-id": "admin", "party-uuids": ["0a0a0a0a-1"]},
            ],
        },
        "system-characteristics": {
            "system-name": "Tests & More",
            "description": "x" * 3000,
            "security-sensitivity-level": "fips-199-moderate",
            "status": {"state": "other"},
        },
        "system-implementation": {
            "inventory-items": [
                {"props": [{"name": "software-name", "value": "Base"},
                           {"name": "software-version", "value": "1e3"}]},
                {"props": [{"name": "asset-id", "value": "SRV 1"},
                           {"name": "asset-type", "value": "appliance", "class": "linux-server"}]},
                {"props": [{"name": "asset-id", "value": "SRV 1"}]},
            ]
        },
        "control-implementation": {"implemented-requirements": []},
    }  # fmt: skip
    return plan | changes


def written(root: Path, tmp_path: Path, plan: Any) -> Path:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"system-security-plan": plan}), encoding="utf-8")
    done = convert(root, file, tmp_path / "inventory")
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "inventory"


def test_what_is_written_is_an_inventory(root: Path, tmp_path: Path) -> None:
    folder = written(root, tmp_path, small_plan())
    checked = run("inventory", "validate", folder)
    assert checked.exit_code == 0, checked.output
    [system] = yaml.safe_load((folder / "systems.yaml").read_text("utf-8"))["systems"]
    assert system["id"] == "tests-more"
    assert len(system["description"]) == 2000
    assert system["software"] == [{"name": "Base", "version": "1e3"}]
    assert system["fips199"]["overall"]["value"] == "moderate"
    assert "status" not in system
    [person] = yaml.safe_load((folder / "persons.yaml").read_text("utf-8"))["persons"]
    assert person == {"id": "person-0a0a0a0a", "role": "Owner; Administrator"}


@pytest.mark.parametrize(
    ("states", "answered"),
    [
        (["implemented"], True),
        (["implemented", "planned"], False),
        (["partial"], False),
        ([], False),
    ],
)
def test_only_controls_in_place_everywhere_answer_a_fact(
    root: Path, tmp_path: Path, states: list[str], answered: bool
) -> None:
    parts = [{"implementation-status": {"state": state}} for state in states]
    control = {"control-id": "sc-28.1", "by-components": parts}
    plan = small_plan(**{"control-implementation": {"implemented-requirements": [control]}})
    [system] = yaml.safe_load((written(root, tmp_path, plan) / "systems.yaml").read_text("utf-8"))[
        "systems"
    ]
    assert ("encryption_at_rest" in system) is answered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "holds no system security plan"),
        ('{"system-security-plan": {}}', "not in the form of an OSCAL plan"),
    ],
)
def test_what_is_no_plan_is_refused(root: Path, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="utf-8")
    done = convert(root, file, tmp_path / "inventory")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "inventory").exists()


def test_a_folder_with_files_is_left_alone(root: Path, tmp_path: Path) -> None:
    folder = written(root, tmp_path, small_plan())
    before = (folder / "systems.yaml").read_bytes()
    done = convert(root, tmp_path / "plan.json", folder)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert (folder / "systems.yaml").read_bytes() == before
