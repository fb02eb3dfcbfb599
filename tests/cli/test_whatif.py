"""`compliance whatif`, as a user runs it."""

import hashlib
import json
from pathlib import Path

import jsonschema
import pytest

from compliance import resources
from tests.cli.running import run

TODAY = ("--today", "2026-11-23")
EXAMPLE = Path("examples/health-agency")


@pytest.fixture(autouse=True)
def in_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def test_it_says_what_would_close_and_become_known() -> None:
    result = run("whatif", EXAMPLE, *TODAY, "--set", "system.encryption_at_rest=true")
    assert result.exit_code == 0
    assert "1 gap would close; no gap would open; 4 unknowns would become known" in result.stderr
    words = " ".join(result.stdout.split())
    assert "Gaps that would close (1)" in words
    assert "hipaa/encryption-at-rest [high, law], 45 CFR 164.312(a)(2)(iv): system/laboratory" in (
        words
    )
    assert "nothing was written" in words
    assert words.startswith("CONFIDENTIAL")


def test_the_inventory_is_left_as_it_is(tmp_path: Path) -> None:
    def digests() -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(EXAMPLE.rglob("*"))
            if path.is_file()
        }

    before = digests()
    out = tmp_path / "tried.json"
    arguments = ("--set", "system.mfa=true", "--format", "json", "-o", out)
    assert run("whatif", EXAMPLE, *TODAY, *arguments).exit_code == 0
    assert digests() == before
    assert out.is_file()


def test_json_follows_its_schema_and_is_the_same_every_time() -> None:
    schema = json.loads((resources.schemas() / "whatif.schema.json").read_text("utf-8"))
    for supposed in (
        ("--set", "system.mfa=true:data_types=ephi", "--set", "system.mfa=unknown:id=laboratory"),
        ("--policy", "hipaa-nprm-2025"),
        ("--as-of", "2027-08-01"),
        ("--param", "hipaa.log_review_days=7"),
        ("--set", "person.training.security_on=as_of", "--as-of", "2027-08-01"),
    ):
        first = run("whatif", EXAMPLE, *TODAY, *supposed, "--format", "json")
        assert first.exit_code == 0, first.output
        jsonschema.validate(json.loads(first.stdout), schema)
        again = run("whatif", EXAMPLE, *TODAY, *supposed, "--format", "json")
        assert again.stdout == first.stdout


def test_a_filter_narrows_what_is_supposed() -> None:
    narrow = ("--set", "system.encryption_at_rest=true:id=laboratory", "--format", "json")
    found = json.loads(run("whatif", EXAMPLE, *TODAY, *narrow).stdout)
    assert found["counts"]["closed"] == 1
    assert found["counts"]["becomes_known"] == 0
    assert found["supposed"] == [
        {"text": "system.encryption_at_rest=true:id=laboratory", "records": 1, "changed": 1}
    ]


def test_what_is_true_already_changes_nothing() -> None:
    result = run("whatif", EXAMPLE, *TODAY, "--set", "system.mfa=false:id=laboratory")
    assert result.exit_code == 0
    assert "Nothing would come out differently. Every record says so already." in result.stdout


def test_a_proposed_policy_opens_only_what_is_not_in_force() -> None:
    found = json.loads(
        run("whatif", EXAMPLE, *TODAY, "--policy", "hipaa-nprm-2025", "--format", "json").stdout
    )
    assert found["counts"]["opened"] == 0
    assert found["counts"]["upcoming_opened"] > 0
    assert [one["id"] for one in found["as_it_is"]["policies"]] == ["hipaa"]
    assert [one["id"] for one in found["as_it_would_be"]["policies"]] == [
        "hipaa", "hipaa-nprm-2025",
    ]  # fmt: skip


def test_a_policy_that_goes_with_all_its_rules_resolves_nothing() -> None:
    result = run(
        "whatif", EXAMPLE, *TODAY, "--against", "hipaa", "--against", "hipaa-nprm-2025",
        "--set", "system.mfa=true", "--format", "json",
    )  # fmt: skip
    found = json.loads(result.stdout)
    assert [one["id"] for one in found["as_it_is"]["policies"]] == ["hipaa", "hipaa-nprm-2025"]
    assert found["as_it_is"]["policies"] == found["as_it_would_be"]["policies"]


def test_time_alone_opens_gaps() -> None:
    result = run("whatif", EXAMPLE, *TODAY, "--as-of", "2027-08-01")
    assert result.exit_code == 0
    assert "no gap would close" in result.stderr.lower()
    assert "gaps would open" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Nothing is supposed"),
        (("--set", "system.mfaa=true"), "Did you mean system.mfa?"),
        (("--set", "sytem.mfa=true"), "Did you mean system?"),
        (("--set", "system.mfa=perhaps"), "Expected: true or false"),
        (("--set", "system.mfa=true:id=laboratry"), "Did you mean laboratory?"),
        (("--policy", "hipa"), "hipa"),
        (("--policy", "hipaa@9.9.9"), "9.9.9"),
        (("--param", "hipaa.log_review_day=7"), "Did you mean hipaa.log_review_days?"),
        (("--param", "hippa.log_review_days=7"), "Did you mean hipaa?"),
        (("--param", "hipaa.log_review_days=soon"), "takes a whole number"),
        (("--param", "hipaa.log_review_days=3000"), "lower is stricter"),
        (("--param", "log_review_days"), "Write POLICY.NAME=VALUE"),
        (("--as-of", "soon"), "is not a date"),
    ],
)
def test_what_cannot_be_supposed_is_refused(arguments: tuple[str, ...], words: str) -> None:
    result = run("whatif", EXAMPLE, *TODAY, *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
    assert result.stdout == ""


def test_an_inventory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("whatif", tmp_path / "nothing", "--set", "system.mfa=true")
    assert result.exit_code == 2


def test_no_banned_word_is_used() -> None:
    import re

    texts = [
        run("whatif", EXAMPLE, *TODAY, "--policy", "hipaa-nprm-2025").output,
        run("whatif", EXAMPLE, *TODAY, "--as-of", "2027-08-01").output,
        run("whatif", "--help").output,
        run("poam", "funding", "--help").output,
    ]
    banned = re.compile(r"\b(compliant|certified|violations?|pass(ed|es)?|waived)\b", re.IGNORECASE)
    assert [banned.findall(text) for text in texts] == [[], [], [], []]
