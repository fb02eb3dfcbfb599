"""`compliance policy coverage` in every form, published and from source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from compliance_cli.policy_coverage import coverage

SAMPLE = Path(__file__).parents[1] / "policy" / "trying" / "sample"


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "json"])
def test_every_form_names_requirement_and_rules(form: str) -> None:
    run = CliRunner().invoke(
        coverage, ["sample", "--source", str(SAMPLE), "--format", form], standalone_mode=False
    )
    assert run.exception is None
    assert "Manual 1" in run.stdout
    assert "devices-encrypted" in run.stdout


def test_the_published_version_is_the_default() -> None:
    run = CliRunner().invoke(coverage, ["hipaa", "--format", "json"], standalone_mode=False)
    assert run.exception is None
    assert json.loads(run.stdout)["policy"] == "hipaa"


def test_a_source_of_another_policy_is_refused() -> None:
    run = CliRunner().invoke(coverage, ["hipaa", "--source", str(SAMPLE)], standalone_mode=False)
    assert "holds the policy sample, not hipaa" in str(run.exception)


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "coverage.csv"
    run = CliRunner().invoke(
        coverage,
        ["sample", "--source", str(SAMPLE), "--format", "csv", "-o", str(target)],
        standalone_mode=False,
    )
    assert run.exception is None
    assert target.read_text("utf-8").startswith("requirement,label,")
