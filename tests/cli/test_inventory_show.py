"""`compliance inventory show` as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.cli.running import AS_OF, run

AGENCY = "examples/health-agency"


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def shown(*arguments: object) -> str:
    result = run("inventory", "show", *arguments, *AS_OF)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_summary_says_what_is_there_and_what_is_wrong() -> None:
    text = shown(AGENCY)
    words = " ".join(text.split())
    assert text.startswith("Department of Health and Recovery (health-agency)\n")
    assert "device 30 2026-11-16" in words
    assert "2 wrong values, read as unknown: - examples/health-agency/systems/" in words
    assert "crypto_module" in words
    data = json.loads(shown(AGENCY, "--format", "json"))
    assert data["agency"]["id"] == "health-agency"
    assert len(data["files"]) == 19
    assert [problem["kind"] for problem in data["problems"]] == ["wrong_value", "wrong_value"]
    device = next(kind for kind in data["kinds"] if kind["kind"] == "device")
    assert (device["records"], device["complete_on"]) == (30, "2026-11-16")


def test_a_record_is_shown_with_facts_links_and_what_is_worked_out() -> None:
    words = " ".join(shown(AGENCY, "vendor/central-it").split())
    assert words.startswith("vendor/central-it (Office of State Technology) Vendor, ")
    assert (
        "Name (name): Office of State Technology examples/health-agency/vendors.yaml:3:11" in words
    )
    assert "Agreement document (baa.document): document/mou-central-it (Memorandum of" in words
    assert "Facility (facilities): facility/data-center (State data center) (there may be" in words
    assert "Data types reached (data_types_reached): ephi, fti, part2, pii, ssa" in words
    assert shown(AGENCY, "central-it") == shown(AGENCY, "vendor/central-it")
    data = json.loads(shown(AGENCY, "central-it", "--format", "json"))
    assert data["subject"] == "vendor/central-it"
    link = next(each for each in data["links"] if each["path"] == "baa.document")
    assert link["records"] == ["document/mou-central-it"]
    assert link["value"] == "mou-central-it"
    assert link["position"].startswith("examples/health-agency/vendors.yaml:")


def test_screening_is_known_and_not_shown() -> None:
    persons = Path(AGENCY, "persons.yaml").read_text(encoding="utf-8")
    assert "favorable" in persons
    for form in ("text", "json"):
        text = shown(AGENCY, "person/p-nurse-1", "--format", form)
        assert "(known, not shown)" in text
        assert "favorable" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("examples/minimal", "nope"), "The inventory has no record nope"),
        (("examples/minimal", "system/patient-record"), "Did you mean system/patient-records?"),
        (("examples/minimal", "patient-record"), "Did you mean patient-records?"),
        (("nope",), "nope: there is no such path."),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], said: str) -> None:
    result = run("inventory", "show", *arguments, *AS_OF)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_an_id_that_several_records_have_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("agency: {id: a}\nsystems: [{id: a}]\n", encoding="utf-8")
    result = run("inventory", "show", path, "a", *AS_OF)
    assert result.exit_code == 2
    assert "Name one of them: agency/a, system/a." in result.stderr


def test_text_of_the_inventory_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text('agency: {id: a, name: "x\\u202e"}\n', encoding="utf-8")
    for arguments in ((path,), (path, "agency/a"), (path, "a", "--format", "json")):
        text = shown(*arguments)
        assert "\u202e" not in text
        assert "\\u202e" in text
