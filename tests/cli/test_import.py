"""`compliance inventory import`, as a user runs it."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from compliance.inventory.importing.mapping_file import built_in_names
from tests.cli.running import AS_OF, run
from tests.cli.test_commands import FORBIDDEN
from tests.inventory.tables.books import book, changed

INTUNE = """\
Device name,Device ID,Last check-in,OS,OS version,Serial number,Manufacturer,Model,Compliance,\
Managed by,Ownership,Encrypted,Jailbroken,Primary user UPN,Phone number,Ring
Ann's iPhone,0a-1,2026-11-20 10:00:01.0000000,iOS,18.1,C02A,Apple,iPhone 15,Compliant,Intune,\
Corporate,True,False,ann@example.gov,555-0100,fast
x,0a-2,2026-11-19T01:02:03Z,Android,14,R58N,Samsung,Galaxy S24,Noncompliant,Intune,Personal,\
False,Unknown,bob@example.gov,555-0101,
x,0a-3,2026-11-18,Windows,10,0,Dell,Latitude,Not evaluated,EAS,Corporate,,False,,,slow
"""
JAMF = """\
Display Name,Serial Number,Model,OS Version,Last Inventory Update,Managed,Supervised,Username,\
Email Address,Passcode Status,Data Protection,Jailbreak Detected,Lost Mode Enabled
Ann's iPad,DMP1,iPad Pro,18.1,2026-11-20,Yes,Yes,ann,ann@example.gov,Present,Enabled,No,No
Bob's iPhone,DMP2,iPhone 15,18.1,2026-11-19,Yes,No,bob,bob@example.gov,Not Present,Disabled,No,Yes
"""
REAL = {
    "fedramp-inventory": "fedramp/SSP-Appendix-M-Integrated-Inventory-Workbook-Template.xlsx",
    "oscal-ssp": "oscal/ifa_ssp-example.json",
    "scubagear": "scuba/ScubaGear-ScubaResults.json",
    "dotgov": "dotgov/current-full.csv",
}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("intune.csv").write_text(INTUNE, encoding="utf-8")
    Path("jamf.csv").write_text(JAMF, encoding="utf-8")


def do(source: str, file: object, *more: object) -> Result:
    return run("inventory", "import", "--from", source, file, "-o", "inv", *AS_OF, *more)


def words(result: Result) -> str:
    return " ".join(result.stdout.split())


def loads(agency: bool = False) -> dict[str, Any]:
    """Validates and checks the folder as a user would; gives the counts of its records."""
    if not agency:
        Path("inv/agency.yaml").write_text("agency: {id: my-agency}\n", encoding="utf-8")
    validated = run("inventory", "validate", "inv", *AS_OF)
    assert validated.exit_code == 0, validated.output
    checked = run("check", "inv", *AS_OF)
    assert checked.exit_code in (0, 1), checked.output
    rows = re.findall(r"^  (\w+) +([\d,]+) ", validated.stdout, re.MULTILINE)
    return {kind: int(count.replace(",", "")) for kind, count in rows}


def record(file: str, key: str, name: str) -> dict[str, Any]:
    content = yaml.safe_load(Path("inv", file).read_text("utf-8"))
    [found] = [each for each in content[key] if each["id"] == name]
    return dict(found)


def test_the_list_names_every_source() -> None:
    listed = run("inventory", "import", "--list")
    assert listed.exit_code == 0
    for name in (*built_in_names(), "csv"):
        assert re.search(rf"^{name}: \S", listed.stdout, re.MULTILINE)


def test_intune() -> None:
    done = do("intune", "intune.csv")
    assert done.exit_code == 0, done.output
    assert loads()["device"] == 3
    phone = record("intune.yaml", "devices", "c02a")
    assert phone["encryption"]["full_disk"] == {
        "value": True,
        "source": "Microsoft Intune, export of all devices",
        "reported_on": datetime.date(2026, 11, 20),
        "evidence": "intune.csv, Encrypted",
        "assurance": "imported",
    }
    assert phone["class"]["value"] == "phone"
    assert phone["mdm"]["state"]["value"] == "conforming"
    assert "ownership" not in phone
    other = record("intune.yaml", "devices", "r58n")
    assert (other["ownership"]["value"], other["encryption"]["full_disk"]["value"]) == (
        "byod", False,
    )  # fmt: skip
    assert "jailbroken" not in other
    assert "encryption" not in record("intune.yaml", "devices", "0a-3")
    said = words(done)
    assert "3 rows: 3 new records" in said
    assert "Primary user UPN, Phone number: about persons" in said
    assert "Not in the mapping: Ring (2 values)" in said
    assert "device.ownership in 2 records: whether private use" in said


def test_jamf() -> None:
    done = do("jamf", "jamf.csv")
    assert done.exit_code == 0, done.output
    assert loads()["device"] == 2
    lost = record("jamf.yaml", "devices", "dmp2")
    assert lost["status"]["value"] == "lost"
    assert lost["user_authentication"]["value"] is False
    assert "encryption" not in lost
    assert record("jamf.yaml", "devices", "dmp1")["encryption"]["full_disk"]["value"] is True


@pytest.mark.parametrize("source", ["intune", "jamf"])
def test_nothing_about_persons_is_written_or_said(source: str) -> None:
    done = do(source, f"{source}.csv")
    written = Path("inv", f"{source}.yaml").read_text("utf-8")
    for word in ("ann", "bob", "example.gov", "555-01"):
        assert word not in (done.output + written).lower().replace("scann", "")


def test_an_export_as_a_workbook_in_another_order() -> None:
    rows = [line.split(",") for line in INTUNE.splitlines()]
    assert {len(row) for row in rows} == {16}
    mixed = [list(reversed(row)) for row in rows]
    mixed[0] = [f" {heading.upper()}\n" for heading in mixed[0]]
    book(Path("intune.xlsx"), {"Export": mixed, "Notes": [["nothing"]]})
    done = do("intune", "intune.xlsx")
    assert done.exit_code == 0, done.output
    assert loads()["device"] == 3
    assert "intune.xlsx:Notes!A1: nothing is taken from this sheet" in words(done)


def test_a_file_of_another_source_is_asked_about() -> None:
    assert "Is it the right source?" in words(do("jamf", "intune.csv", "--dry-run"))
    assert "Is it the right source?" not in words(do("jamf", "jamf.csv", "--dry-run"))


def test_a_file_of_which_nothing_is_taken_leaves_no_file() -> None:
    assert do("intune", "intune.csv").exit_code == 0
    Path("other.csv").write_text("Serial Number,Colour\nC02A,grey\n", encoding="utf-8")
    done = do("jamf", "other.csv")
    assert done.exit_code == 0, done.output
    assert "Nothing was taken" in done.stderr
    assert not Path("inv/jamf.yaml").exists()


def test_the_next_step_is_told_where_there_is_an_agency() -> None:
    assert "Next: compliance assess" not in do("intune", "intune.csv").stderr
    Path("inv/agency.yaml").write_text("agency: {id: my-agency}\n", encoding="utf-8")
    assert "Next: compliance assess inv" in do("intune", "intune.csv").stderr


def test_a_dry_run_writes_nothing() -> None:
    done = do("intune", "intune.csv", "--dry-run")
    assert done.exit_code == 0
    assert "3 new records" in done.stdout
    assert "Nothing was written" in done.stderr
    assert not Path("inv").exists()


def test_the_second_import_lists_what_changed() -> None:
    do("intune", "intune.csv")
    text = INTUNE.replace("2026-11-19", "2026-11-22").replace("Personal,False", "Personal,True")
    Path("intune.csv").write_text(text.replace("\nAnn's", "\nx,9,,,,,,,,,,,,,,\nAnn's"), "utf-8")
    done = do("intune", "intune.csv")
    assert "device/r58n encryption.full_disk: false -> true" in words(done)
    assert "4 rows: 1 new record, 3 from an earlier import" in words(done)


def test_how_much_of_what_is_needed_is_known() -> None:
    first = do("intune", "intune.csv")
    [counts] = re.findall(r"hipaa [\d.]+, device +(\d+) +(\d+) +(\d+) +(\d+)\n", first.stdout)
    records, needed, before, now = map(int, counts)
    assert (records, before) == (3, 0)
    assert needed % 3 == 0
    assert now == 3  # the class of one device, encryption of two
    again = do("intune", "intune.csv")
    assert re.search(rf"hipaa [\d.]+, device +3 +{needed} +3 +3\n", again.stdout)


@pytest.mark.parametrize("source", ["intune", "jamf"])
def test_no_output_uses_a_word_that_promises_or_accuses(source: str) -> None:
    done = do(source, f"{source}.csv")
    assert sorted({match[0] for match in FORBIDDEN.finditer(done.output)}) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to import"),
        (["--from", "intune"], "Say what to import"),
        (["--from", "intune", "intune.csv"], "Say what to import"),
        (["--from", "intun", "intune.csv", "-o", "inv"], "Did you mean intune?"),
        (["--from", "csv", "intune.csv", "-o", "inv"], "needs --mapping FILE"),
        (["--from", "jamf", "intune.csv", "-o", "inv", "--where", "x"], "write COLUMN=TEXT"),
        (["--from", "dotgov", "intune.csv", "-o", "inv", "--where", "x=y"], "no column is named"),
        (["--from", "intune", "none.csv", "-o", "inv"], "none.csv"),
        (["--from", "intune", "intune.pdf", "-o", "inv"], "this is no table"),
        (["--from", "dotgov", "intune.csv", "-o", "inv"], "Say which are yours"),
        (["--from", "intune", "intune.csv", "-o", "intune.csv"], "is a file"),
        (["--from", "intune", "intune.csv", "-o", "inv", "--mapping", "no.yaml"], "no.yaml"),
        (["--from", "intune", "intune.csv", "-o", "inv", "--reported-on", "2027-01-01"],
         "lies after the day of the import"),
        (["--from", "intune", "intune.csv", "-o", "inv", "--where", "OS=Plan 9"],
         "no row became a record"),
    ],
)  # fmt: skip
def test_slips_are_told_and_nothing_is_written(arguments: list[str], said: str) -> None:
    done = run("inventory", "import", *arguments, *AS_OF)
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.output.split())
    assert not Path("inv").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0"),
        ("macro.xlsm", b"PK"),
        ("bad.xlsx", b"PK\x03\x04nothing"),
        ("nul.csv", b"Serial number,Model\nS1,\0\n"),
        ("utf16.csv", "Serial number,Model\nS1,x\n".encode("utf-16")),
        ("latin.csv", "Serial number,Model\nS1,M\u00fcller\n".encode("cp1252")),
        ("empty.csv", b""),
    ],
)
def test_files_that_cannot_be_read(name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    done = do("intune", name)
    assert done.exit_code == 2, done.output
    assert name in done.output
    assert not Path("inv").exists()


def test_a_folder_with_problems_is_left_alone() -> None:
    Path("inv").mkdir()
    Path("inv/mine.yaml").write_text("agency: {id: x}\nsystem: []\n", "utf-8")
    done = do("intune", "intune.csv")
    assert done.exit_code == 2
    assert "inv/mine.yaml:2:1" in done.output
    assert sorted(path.name for path in Path("inv").iterdir()) == ["mine.yaml"]


def test_text_that_acts_on_a_terminal_is_shown_as_escapes() -> None:
    Path("intune.csv").write_text(
        "Serial number,Encrypted,Evil\u202e heading\nS1,\x1b[31mred,x\n", "utf-8"
    )
    done = do("intune", "intune.csv")
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output
    assert "\u202e" not in done.output
    loads()


def test_the_page_on_mappings_shows_what_the_program_does(root: Path) -> None:
    page = (root / "docs" / "import-mappings.md").read_text("utf-8")
    for kind, name in (("csv", "servers.csv"), ("yaml", "cmdb.yaml")):
        [text] = re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)
        Path(name).write_text(text, "utf-8")
    [shown] = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    done = do("csv", "servers.csv", "--mapping", "cmdb.yaml")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(shown + "\n\nFacts that the rule sets need\n")
    assert loads()["device"] == 4
    assert Path("inv/our-cmdb.yaml").is_file()


def test_the_fedramp_template(real_data: Path) -> None:
    shutil.copy(real_data / REAL["fedramp-inventory"], "inventory.xlsx")
    done = do("fedramp-inventory", "inventory.xlsx", "--reported-on", "2026-10-01")
    assert done.exit_code == 0, done.output
    assert loads()["device"] == 7
    said = words(done)
    assert "7 rows: 7 new records" in said
    for cell, address in (("C10", "123.45.78.400"), ("C11", "123.45.78.401")):
        assert f'inventory.xlsx:Inventory!{cell}: the text "{address}" is impossible here' in said
    assert "Inventory!C12" not in said  # the digest of a container's image is no address
    assert "3 rows of guidance" in said
    assert "System Administrator/ Owner" in said
    server = record("fedramp-inventory.yaml", "devices", "123.45.78.90")
    assert server["class"]["value"] == "server"
    assert server["class"]["evidence"] == "inventory.xlsx, Inventory!M6"
    database = record("fedramp-inventory.yaml", "devices", "123.45.78.401")
    assert database["software"]["value"] == [{"name": "Oracle v11"}]
    assert "class" not in database


def test_the_template_without_its_first_column(real_data: Path) -> None:
    import openpyxl

    workbook = openpyxl.load_workbook(real_data / REAL["fedramp-inventory"])
    workbook["Inventory"].delete_cols(1)
    workbook.save("inventory.xlsx")
    done = do("fedramp-inventory", "inventory.xlsx")
    assert done.exit_code == 0, done.output
    assert loads()["device"] == 7


def test_results_of_scubagear(real_data: Path) -> None:
    done = do("scubagear", real_data / REAL["scubagear"])
    assert done.exit_code == 0, done.output
    assert loads()["system"] == 1
    tenant = record("scubagear.yaml", "identity_providers", "entra-tqhjy.onmicrosoft.com")
    assert {key: fact["value"] for key, fact in tenant.items() if key != "id"} == {
        "name": "tqhjy.onmicrosoft.com",
        "legacy_auth_blocked": True,
        "phishing_resistant_mfa": False,
        "sms_mfa_allowed": False,
        "managed_device_required": False,
        "dmarc_action": "reject",
    }
    system = record("scubagear.yaml", "systems", "m365-tqhjy.onmicrosoft.com")
    assert system["mfa"]["value"] is True
    assert system["mfa"]["evidence"] == "ScubaGear-ScubaResults.json, MS.AAD.3.2v2"
    assert system["mfa"]["reported_on"] == datetime.date(2026, 5, 4)
    assert "MS.TEAMS.5.3v2" in done.stdout
    written = Path("inv/scubagear.yaml").read_text("utf-8")
    assert "Jane Doe" not in done.output + written


def test_domains_of_a_state(real_data: Path) -> None:
    file = real_data / REAL["dotgov"]
    done = do("dotgov", file, "--where", "State=CT", "--reported-on", "2026-11-01")
    assert done.exit_code == 0, done.output
    assert loads()["system"] == 184
    site = record("dotgov.yaml", "systems", "ctprobate.gov")
    assert site["public_facing"]["value"] is True
    assert "Probate" in site["public_facing"]["evidence"]
    assert "@" not in Path("inv/dotgov.yaml").read_text("utf-8")
    named = do("dotgov", file, "--where", "Organization name=*Connecticut*", "--dry-run")
    assert "14 rows" in words(named) or "rows: 0 new records" in words(named)
    assert "no longer in the file; it stays" in words(named)


def test_all_real_sources_together(real_data: Path) -> None:
    for source, name in REAL.items():
        more = ["--where", "State=CT"] if source == "dotgov" else []
        done = do(source, real_data / name, *more)
        assert done.exit_code == 0, done.output
        text = Path("inv", f"{source}.yaml").read_bytes()
        assert do(source, real_data / name, *more).exit_code == 0
        assert Path("inv", f"{source}.yaml").read_bytes() == text
        own = re.sub(r"^.*MS\.[A-Z]+\..*$", "", done.output, flags=re.MULTILINE)
        assert sorted({match[0] for match in FORBIDDEN.finditer(own)}) == []
    assert loads(agency=True)["device"] == 9


def test_a_bomb_is_refused() -> None:
    book(Path("big.xlsx"), {"Export": [["Serial number"], ["S1"]]})
    changed(Path("big.xlsx"), "xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD1048576"')
    done = do("intune", "big.xlsx")
    assert done.exit_code == 2, done.output
    assert "big.xlsx" in done.output
