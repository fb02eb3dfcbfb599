"""What the other commands print, on the examples."""

import datetime
import json
import re
import shlex
from pathlib import Path

import pytest

from compliance import resources
from compliance.assessment.evaluate import assess
from compliance.assessment.inquiry import Inquiry
from compliance.inventory.kinds import load_kinds
from compliance.report.explain import ExplainReport
from compliance_cli import inputting, reference
from compliance_cli.assessing import Request, prepared
from tests.cli.running import AS_OF, run

AGENCY = "examples/health-agency"
MINIMAL = "examples/minimal"
RULE = "hipaa/unique-user-identification"

FORBIDDEN = re.compile(
    r"\b(non-?)?compliant\b|\bcertif(y|ied|ication)\b|\bviolat(e|es|ed|ions?)\b"
    r"|\bpass(ed)?\b|\bwaive[rd]?\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _in_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def test_no_help_uses_such_a_word() -> None:
    assert sorted({match[0] for match in FORBIDDEN.finditer(reference.generate())}) == []


@pytest.mark.parametrize("word", ["Compliant", "non-compliant", "certified", "violation", "passed"])
def test_the_words_are_found(word: str) -> None:
    assert FORBIDDEN.search(f"it is {word}.")
    assert not FORBIDDEN.search("compliance password bypass-free violet")


def test_an_explanation_shows_conditions_facts_and_sources() -> None:
    text = run("explain", AGENCY, RULE, "system/clinic-records", *AS_OF).stdout
    assert text.startswith(f"{RULE} for system/clinic-records (Clinic records): gap\n")
    words = " ".join(text.split())
    assert "Gap against 45 CFR 164.312(a)(2)(i)." in words
    assert "[false] Shared accounts (system.shared_accounts): true; expected false" in words
    assert "examples/health-agency/systems/clinics.yaml:17:14; " in words
    assert "45 CFR 164.312(a)(2)(i) Unique user identification (required; basis: law)" in words
    assert "To do: " in words


def test_an_explanation_of_an_unknown_names_what_would_settle_it() -> None:
    text = run("explain", AGENCY, RULE, "system/recovery-cases", *AS_OF).stdout
    _, _, change = text.partition("What would change the outcome")
    assert "system.shared_accounts of system/recovery-cases." in change
    assert "Usually known by: system owner." in " ".join(change.split())


def test_an_explanation_shows_who_reported_a_fact() -> None:
    words = run("explain", MINIMAL, "hipaa/encryption-at-rest", "system/patient-records", *AS_OF)
    text = " ".join(words.stdout.split())
    assert "referenced; source: Settings of the database; reported on 2026-10-20" in text
    assert "by IT administrator; evidence: Screenshot DB-7" in text


def test_without_a_subject_every_record_of_the_kind_has_a_line() -> None:
    lines = run("explain", AGENCY, RULE, *AS_OF).stdout.splitlines()
    assert lines[0].startswith(f"{RULE}: Every user of the system")
    assert len(lines) == 1 + 12
    assert "  - system/clinic-records (Clinic records): gap" in lines
    assert "  - system/web-site (Web site): not applicable" in lines


def test_every_open_finding_can_be_explained() -> None:
    request = Request((Path(AGENCY),), as_of=datetime.date(2026, 11, 23))
    with prepared(request) as ready:
        found = assess(ready.inventory, ready.uses)
        report = ExplainReport(found)
        inquiry = Inquiry(ready.inventory, ready.uses[0])
        explained = 0
        for finding in found.findings.open():
            record = ready.inventory.get(finding.kind, finding.subject)
            assert record is not None
            inquired = inquiry.ask(finding.rule, record)
            text = "".join(report.render(finding, inquired))
            assert text.startswith(f"hipaa/{finding.rule} for {finding.record}")
            assert "  - " in text.partition("What would change the outcome")[2], finding.id
            if finding.evaluated == finding.status:
                assert inquired.settling == finding.settling, finding.id
            explained += 1
        assert explained > 50


def test_validate_lists_problems_with_their_places() -> None:
    result = run("inventory", "validate", AGENCY, *AS_OF)
    assert result.exit_code == 2
    place = r"examples/health-agency/systems/medical-assistance\.yaml:\d+:25: system/claims"
    assert re.search(place, result.stdout)
    assert "2026-13-05 is no day of the calendar" in result.stdout
    assert result.stderr == "2 problems in 1 file.\n"


def test_validate_sums_up_what_is_known() -> None:
    result = run("inventory", "validate", MINIMAL, *AS_OF)
    assert result.exit_code == 0
    assert result.stdout.startswith("County Clinic (county-clinic): 1 file\n")
    assert re.search(r"^ +system +2 +\d+ +\d+ +\d+%$", result.stdout, re.MULTILINE)
    assert result.stderr == "No problems found.\n"


def test_inputs_are_the_documents_of_every_record_a_policy_is_about() -> None:
    result = run("inventory", "inputs", MINIMAL, "--policy", "hipaa@0.1.0", *AS_OF)
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    shared = {"schema", "as_of", "agency", "parameters", "totals"}
    assert [sorted(set(one) - shared) for one in documents] == [
        [], ["decision"], ["system"], ["system"],
    ]  # fmt: skip
    assert all(one["as_of"] == "2026-11-23" for one in documents)
    record = documents[2]["system"]
    assert record["id"] == "patient-records"
    assert record["shared_accounts"] is True
    assert "source" not in json.dumps(documents)


def test_the_demo_prints_the_report_and_writes_it(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where else"
    result = run("demo", folder)
    assert result.exit_code == 0
    assert (folder / "report.txt").read_bytes() == result.stdout_bytes
    written = json.loads((folder / "assessment.json").read_text("utf-8"))
    assert written["metadata"]["agency"] == "health-agency"
    assert written["metadata"]["as_of"] == "2026-11-23"
    assert "What to try next" in result.stderr
    for line in re.findall(r"^  compliance (.*)$", result.stderr, re.MULTILINE)[:-1]:
        assert run(*shlex.split(line)).exit_code in (0, 1)


def test_the_demo_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("demo", tmp_path / "file")
    assert result.exit_code == 2
    assert "Name another folder" in result.stderr


def test_the_list_of_policies() -> None:
    result = run("policy", "list")
    assert result.exit_code == 0
    assert "  hipaa@0.1.0  published, binding, since " in result.stdout
    assert "  hipaa@1.0.0  published, binding, since " in result.stdout
    assert "  hipaa-nprm-2025@0.1.0  published, proposed, since " in result.stdout


def test_the_rego_of_a_rule_is_what_the_source_compiles_to() -> None:
    published = run("policy", "show", "--rego", RULE)
    assert "package compliance.hipaa.rules.unique_user_identification\n" in published.stdout
    assert run("policy", "show", "--rego", RULE, "--source", "policies/hipaa").stdout == (
        published.stdout
    )


def test_inputs_leave_out_what_is_never_written_out() -> None:
    node = {
        "facts": ["role", "screening.status"],
        "links": {"persons": {"facts": ["screening.completed_on"], "links": {}}},
    }
    left_out: set[str] = set()
    kinds = load_kinds(resources.schemas() / "inventory")
    assert inputting.shown(node, inputting.sensitive_paths(kinds), left_out) == {
        "facts": ["role"],
        "links": {"persons": {"facts": [], "links": {}}},
    }
    assert left_out == {"screening.status", "screening.completed_on"}
