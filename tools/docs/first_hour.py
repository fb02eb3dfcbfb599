"""What people type by hand in docs/guide-agency.md: an agency with ten systems, slips included.

The guide names a step of these in a comment (`<!-- by hand: fill_in -->`) where a reader would open
a spreadsheet program or an editor. tests/test_guides.py walks the guide with them, and
tools/docs/screenshots.py makes its pictures.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

AGENCY = "dph"
WORKBOOK = f"{AGENCY}/inventory.xlsx"
RETURNED = "questions-owners.xlsx"
ANSWERED = "system/laboratory"
"""The record about which questions are answered by mail."""

TYPED: Mapping[str, Sequence[str]] = {
    "compliance start": (
        "Department of Public Health",
        "",
        "1,3",
        "1,11",
        "",
        "yes",
        "yes",
        "yes",
        "",
        "security officer",
    ),
    "compliance ask dph --kind agency --limit 4": (
        "security officer",
        "2026-11-16",
        "none",
        "none",
        "quit",
    ),
}
"""What is typed into the commands that ask."""

Row = Sequence[Any]
DAY = datetime.date

SYSTEMS = (
    "Id", "Name", "Data types", "Vendors", "Keeps protected data", "Facilities", "Backups made",
    "Authentication methods", "Sends data over networks", "Last access review",
    "Emergency access procedure established", "Activity is recorded", "Last log review",
    "Only granted access", "Access needs approval", "Automatic log-off",
    "Unique user identification", "Shared accounts", "Session timeout (minutes)",
    "Multi-factor log-in for everyone", "Encryption at rest", "Transmission encrypted",
)  # fmt: skip
SYSTEM_ROWS: Sequence[Row] = (
    ("immunization", "Immunization registry", "ephi; pii", "regtech", "yes", "data-center", "yes",
     "password", "yes", DAY(2026, 3, 16), "yes", "yes", DAY(2026, 10, 2), "yes", "yes", "yes",
     "yes", "no", 20, "no", "yes", "yes"),
    ("surveillance", "Disease surveillance", "ephi", "none", "yes", "data-center", "yes",
     "Single sign-on", "yes", "3/16/2026", "no", "yes", "weekly", "yes", "yes", "yes",
     "yes", "no", 15, "yes", "yes", "yes"),
    ("laboratory", "Laboratory information system", "ephi; pii", "labsoft", "yes", "lab-building",
     "yes", "password", "yes", None, "yes", "yes", None, "yes", "yes", "no",
     "yes", "yes", "N/A", "no", "no", "yes"),
    ("vital-records", "Vital records", "ephi; pii", "none", "yes", "data-center", "yes",
     "password", "yes", DAY(2025, 2, 10), "no", "yes", "none", "yes", "yes", "yes",
     "yes", "no", 30, "no", "yes", "yes"),
    ("newborn", "Newborn screening", "ephi", "labsoft", "yes", "lab-building", "yes",
     "password", "no", None, None, "yes", None, "yes", None, "yes",
     "yes", None, None, "no", "no", None),
    ("wic", "WIC clinic system", "ephi; pii", "cloud-host", "yes", "none", "yes",
     "password", "yes", DAY(2026, 6, 1), "yes", "yes", DAY(2026, 9, 14), "yes", "yes", "yes",
     "yes", "no", 15, "yes", "yes", "yes"),
    ("ems", "Ambulance patient care reports", "ephi", "Cloud Host Inc", "yes", "none", "yes",
     "password", "yes", None, None, "yes", None, "yes", "yes", "yes",
     "yes", "no", 10, "yes", "yes", "yes"),
    ("licensing", "Facility licensing", "pii", "cloud-host", "yes", "none", "yes",
     "password", "yes", DAY(2026, 1, 20), None, "yes", None, "yes", "yes", "yes",
     "yes", "no", None, "no", "yes", "yes"),
    ("email", "Email and shared files", "ephi; pii", "cloud-host", "yes", "none", "yes",
     "single_sign_on", "yes", DAY(2026, 5, 5), "yes", "yes", DAY(2026, 11, 2), "yes", "yes", "yes",
     "yes", "no", 15, "yes", "yes", "yes"),
    ("case-files", "Clinic case files (file share)", "ephi", "none", "yes", "main-office", "Yes",
     "password", "yes", None, "no", "no", None, "unknown", "no", "yes",
     "yes", "yes", None, "no", "unknown", "no"),
)  # fmt: skip
VENDORS = (
    "Id", "Name", "HIPAA relationship", "Data types", "Agreement status", "Government body",
    "Agreement type", "Agreement signed", "Breach report (days)",
)  # fmt: skip
VENDOR_ROWS: Sequence[Row] = (
    ("regtech", "Registry Technology LLC", "business_associate", "ephi", "signed", "no",
     "contract", DAY(2024, 7, 1), 10),
    ("labsoft", "LabSoft Corp.", "business_associate", "ephi", "in negotiation", "no",
     None, None, None),
    ("cloud-host", "Cloud Host, Inc.", "business associate", "ephi", "signed", "no",
     "contract", "2025-07-01", 5),
)  # fmt: skip
FACILITIES = (
    "Id", "Name", "Data types", "Emergency access procedure established",
    "Physical access controls", "Access to equipment limited",
)  # fmt: skip
FACILITY_ROWS: Sequence[Row] = (
    ("data-center", "State data center", "ephi", "yes", "badges; guard", "yes"),
    ("lab-building", "Public health laboratory", "ephi", None, "badges; keys", "yes"),
    ("main-office", "Main office", "ephi", None, "staffed_reception; keys", None),
)
DEVICES_EXPORT = """\
Device ID,Device name,Serial number,Manufacturer,Model,OS,OS version,Managed by,Ownership,\
Compliance,Encrypted,Jailbroken,Last check-in,Primary user UPN,Phone number
6f1a,DPH-LT-001,PF3A9K01,Lenovo,ThinkPad T14,Windows,10.0.26100,Intune,Corporate,Compliant,True,\
Unknown,2026-11-20,jane.roe@example.gov,
6f1b,DPH-LT-002,PF3A9K02,Lenovo,ThinkPad T14,Windows,10.0.26100,Intune,Corporate,Noncompliant,\
False,Unknown,2026-11-19,john.doe@example.gov,
6f1c,DPH-IPAD-07,DMPX7Q,Apple,iPad Air,iOS,26.1,MDM,Corporate,Compliant,True,False,2026-11-21,\
wic.clinic@example.gov,555-0100
6f1d,DPH-IPH-11,F17ZK2,Apple,iPhone 15,iOS,17.7.2,MDM,Personal,Compliant,True,False,2026-10-02,\
nurse.lead@example.gov,555-0101
"""
ANSWERS: Mapping[str, Any] = {
    "privacy.designated_record_set": "yes",
    "last_access_review_on": DAY(2026, 2, 3),
    "component": "none",
    "backup.last_success_on": DAY(2026, 11, 22),
    "backup.restore_tested_on": "autumn 2026",
    "backup.encrypted": "see backup settings of November 2026",
    "privacy.minimum_necessary": "yes",
    "access_approval_record": "Help desk tickets",
    "access_control_model": "role_based",
    "accounts.orphaned": "don't know",
    "accounts.password_min_length": "n/a because the state directory sets it",
    "antimalware": "yes",
    "integrity_controls": "backups; input validation",
    "recovery.last_data_loss_on": "none",
    "recovery.time_objective_hours": 8,
    "logging.centralized": "no",
    "logging.retention_days": "365",
}
"""What the laboratory's director answers, by fact."""
COMPLETE = """\
  complete:
    decision: 2026-11-20
    system: 2026-11-20
    vendor: 2026-11-20
"""
COST = """\
    cost: {one_time: 40000, yearly: 6000, funding_source: IT capital investment fund,
      federal_share: 0.75, federal_condition: Plan approved by CMS, fiscal_year: 2028,
      request_status: planned}
"""


def fill_in(folder: Path) -> None:
    """The ten systems with their vendors and buildings, typed into the workbook, slips included."""
    path = folder / WORKBOOK
    book = openpyxl.load_workbook(path)
    _enter(book["Systems"], SYSTEMS, SYSTEM_ROWS)
    _enter(book["Vendors"], VENDORS, VENDOR_ROWS)
    _enter(book["Facilities"], FACILITIES, FACILITY_ROWS)
    book.save(path)


def mend(folder: Path) -> None:
    """The three slips that `compliance inventory validate` names."""
    path = folder / WORKBOOK
    book = openpyxl.load_workbook(path)
    sheet = book["Systems"]
    sheet["K6"] = DAY(2026, 3, 16)
    sheet["N6"] = DAY(2026, 11, 16)
    sheet["D11"] = "cloud-host"
    book.save(path)


def export_devices(folder: Path) -> None:
    """A list of devices as device management exports it."""
    (folder / "devices.csv").write_text(DEVICES_EXPORT, encoding="utf-8", newline="\n")


def answer_by_mail(folder: Path) -> None:
    """The questions as the laboratory's director sends them back."""
    path = folder / RETURNED
    book = openpyxl.load_workbook(path)
    sheet = book["Questions"]
    columns = _headings(sheet, 1)
    for row in range(2, sheet.max_row + 1):
        fact = str(sheet.cell(row, columns["Fact"]).value)
        if sheet.cell(row, columns["Subject"]).value == ANSWERED and fact in ANSWERS:
            sheet.cell(row, columns["Answer"], ANSWERS[fact])
            sheet.cell(row, columns["Answered by"], "laboratory director")
    book.save(path)


def enter_cost(folder: Path) -> None:
    """What an item of the plan costs, typed into poam.yaml."""
    path = folder / AGENCY / "poam.yaml"
    before, item, after = path.read_text("utf-8").partition("        rule: multi-factor-login\n")
    after = after.replace("    comment:\n", f"    comment:\n{COST}", 1)
    path.write_text(before + item + after, encoding="utf-8", newline="\n")


def three_months_later(folder: Path) -> None:
    """What the agency changed in a quarter, typed into the workbook."""
    path = folder / WORKBOOK
    book = openpyxl.load_workbook(path)
    sheet = book["Systems"]
    columns = _headings(sheet, 2)
    for number, heading in (
        (5, "Multi-factor log-in for everyone"),
        (7, "Multi-factor log-in for everyone"),
        (7, "Encryption at rest"),
        (14, "Activity is recorded"),
    ):
        sheet.cell(number, columns[heading], "yes")
    book.save(path)


def say_complete(folder: Path) -> None:
    """On which days somebody made sure that lists are complete."""
    path = folder / AGENCY / "agency.yaml"
    path.write_text(path.read_text("utf-8") + COMPLETE, encoding="utf-8", newline="\n")


STEPS: Mapping[str, Callable[[Path], None]] = {
    step.__name__: step
    for step in (
        fill_in,
        mend,
        export_devices,
        answer_by_mail,
        say_complete,
        enter_cost,
        three_months_later,
    )
}
"""Steps by hand, by the names that the guide gives them."""


def _enter(sheet: Any, headings: Sequence[str], rows: Sequence[Row]) -> None:
    """Types rows below the explanations."""
    columns = _headings(sheet, 2)
    for number, row in enumerate(rows, 5):
        for heading, value in zip(headings, row, strict=True):
            if value is not None:
                sheet.cell(number, columns[heading], value)


def _headings(sheet: Any, row: int) -> dict[str, int]:
    """Column by heading; the first where a heading stands twice."""
    return {sheet.cell(row, column).value: column for column in range(sheet.max_column, 0, -1)}
