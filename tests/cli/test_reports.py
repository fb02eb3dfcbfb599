"""Several reports of one check, reports of a saved one, and how much they tell."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compliance.inventory.kinds import load_kinds
from compliance.inventory.load import load_inventory
from compliance.report.detail import COUNTS, DETAILS, REQUIREMENT
from compliance.report.formats import FORMATS
from compliance_cli import output
from compliance_cli.arguments import date
from tests.cli.running import AS_OF, run
from tests.cli.test_commands import FORBIDDEN
from tests.report.reading import text_of

AGENCY = "examples/health-agency"
MINIMAL = "examples/minimal"


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "assessment.json"
    assert run("check", MINIMAL, *AS_OF, "--report", f"json={path}").exit_code == 1
    return path


def test_all_formats_are_written_at_once_and_alone(tmp_path: Path) -> None:
    options = [
        part for name in FORMATS for part in ("--report", f"{name}={tmp_path / name}.report")
    ]
    result = run("check", MINIMAL, *AS_OF, *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "The reports are in " in result.stderr
    for name in FORMATS:
        alone = run("check", MINIMAL, *AS_OF, "--format", name).stdout_bytes
        assert (tmp_path / f"{name}.report").read_bytes() == alone


def test_standard_output_has_a_report_too_where_one_is_asked_for(tmp_path: Path) -> None:
    result = run(
        "check", MINIMAL, *AS_OF, "--format", "text", "--report", f"json={tmp_path / 'a.json'}"
    )
    assert result.stdout.startswith("Gap report")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["schema"] == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--report", "pdf=x"], "with one of the formats text, html, json"),
        (["--report", "html"], "Write it like html=report.html"),
        (["--report", "html="], "Write it like html=report.html"),
        (["--report", "html={tmp}/x", "--report", "json={tmp}/x"], "is named twice"),
        (["--report", "html={tmp}/x", "-o", "{tmp}/../{name}/x"], "is named twice"),
        (["--report", "html={tmp}/none/x.html"], "there is no folder"),
        (["--report", "json=examples/minimal/x.json"], "would be a part of the inventory"),
        (["--detail", "some"], "'some' is not one of"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_work(
    options: list[str], says: str, tmp_path: Path
) -> None:
    given = [one.format(tmp=tmp_path, name=tmp_path.name) for one in options]
    result = run("check", MINIMAL, *AS_OF, *given)
    assert result.exit_code == 2
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def written(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format of the example agency's report, with every detail: ``full.html`` and so on."""
    folder = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for detail in DETAILS:
            files = [("--report", f"{name}={folder / detail}.{name}") for name in FORMATS]
            run("check", AGENCY, *AS_OF, "--detail", detail, *(part for f in files for part in f))
    return folder


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_saved_assessment_gives_the_same_bytes(name: str, form: str, written: Path) -> None:
    result = run("report", written / f"full.{form}", "--format", name)
    assert result.exit_code == 0
    assert result.stdout_bytes == (written / f"full.{name}").read_bytes()


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
@pytest.mark.parametrize("name", FORMATS)
def test_a_saved_assessment_is_reduced_as_a_new_one_is(
    name: str, detail: str, written: Path
) -> None:
    for saved in ("full.json", f"{detail}.json"):
        result = run("report", written / saved, "--detail", detail, "--format", name)
        assert result.stdout_bytes == (written / f"{detail}.{name}").read_bytes()


def test_what_a_saved_assessment_leaves_out_does_not_come_back(written: Path) -> None:
    result = run("report", written / f"{COUNTS}.json", "--detail", "full", "--format", "json")
    assert result.stdout_bytes == (written / f"{COUNTS}.json").read_bytes()


@pytest.mark.parametrize("detail", DETAILS)
def test_each_keeps_to_the_schema(detail: str, written: Path, root: Path) -> None:
    schema = json.loads((root / "schemas" / "assessment.schema.json").read_text("utf-8"))
    data = json.loads((written / f"{detail}.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(data)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no saved assessment"),
        ("{", "no saved assessment"),
        ("[]", "it is no JSON object"),
        ("3", "it is no JSON object"),
        ("{}", "it has no key `schema`"),
        ('{"schema": 2}', "has the form 2"),
        ('{"schema": 1}', "no saved assessment"),
        ('{"record": "metadata"}', "no saved assessment"),
        ('{"record": "metadata", "schema": 1}\n{', "no saved assessment"),
        ("[" * 100_000, "no saved assessment"),
        ("systems:\n  - id: a\n", "no saved assessment"),
    ],
)
def test_what_is_no_saved_assessment_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    result = run("report", path)
    assert result.exit_code == 2
    assert path.as_posix() in result.stderr
    assert says in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 10])
def test_what_is_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert run("report", path).exit_code == 2
    assert run("report", tmp_path / "none.json").exit_code == 2
    assert run("report", tmp_path).exit_code == 2


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("findings", 0, "severity"), "dire"),
        (("findings", 0, "status"), "fine"),
        (("metadata", "detail"), "some"),
        (("metadata", "subjects"), {"system": "many"}),
        (("policies", 0, "requirements", 0, "status"), "perhaps"),
        (("summary", "counts", 0, "severity"), None),
        (("summary", "counts", 0, "basis"), 5),
    ],
)
def test_a_saved_assessment_that_was_changed_by_hand_is_refused_with_its_place(
    keys: tuple[Any, ...], value: Any, saved: Path
) -> None:
    data = json.loads(saved.read_text("utf-8"))
    inner = data
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    saved.write_text(json.dumps(data), encoding="utf-8")
    result = run("report", saved)
    assert result.exit_code == 2
    assert f"['{keys[0]}']" in result.stderr


def test_no_report_replaces_the_assessment_it_is_made_from(saved: Path) -> None:
    result = run("report", saved, "-o", saved)
    assert result.exit_code == 2
    assert json.loads(saved.read_text("utf-8"))["schema"] == 1


@pytest.mark.parametrize("detail", [REQUIREMENT, COUNTS])
def test_a_reduced_report_of_an_agency_names_nothing_it_has(
    detail: str, root: Path, written: Path
) -> None:
    kinds = load_kinds(root / "schemas" / "inventory")
    inventory = load_inventory([Path(AGENCY)], kinds, date("2026-11-23")).inventory
    assert inventory is not None
    told = set()
    for kind in set(kinds) - {"agency"}:
        for record in inventory.iterate(kind):
            told.add(record.subject)
            # Documents are called what requirements are called.
            if kind != "document" and record.get("name"):
                told.add(str(record.get("name")))
    # Words of the policy as well.
    told -= {"Authenticator", "Web site"}
    assert len(told) > 150
    for name in FORMATS:
        text = text_of((written / f"{detail}.{name}").read_bytes())
        assert [one for one in sorted(told) if one in text] == []
        assert "examples/health-agency" not in text


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", FORMATS)
def test_no_report_uses_a_word_that_promises_or_accuses(
    name: str, detail: str, written: Path
) -> None:
    text = text_of((written / f"{detail}.{name}").read_bytes())
    assert sorted({match[0] for match in FORBIDDEN.finditer(text)}) == []


def test_a_workbook_is_not_written_to_a_terminal(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    result = run("report", saved, "--format", "xlsx")
    assert result.exit_code == 2
    assert "Name a file with -o" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("given", "says"), [("1795392000", "as of 2026-11-23"), ("soon", "'soon', which is no number")]
)
def test_the_date_is_that_of_source_date_epoch(
    given: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert says in " ".join(run("check", MINIMAL, "--detail", "counts").output.split())
    assert "as of 2026-11-20" in run("check", MINIMAL, "--as-of", "2026-11-20").stderr
