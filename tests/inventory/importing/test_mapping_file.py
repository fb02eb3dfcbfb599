"""Mapping files: the built-in ones are right, and wrong ones are told with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.inventory.importing.mapping import ImportMapping, heading_key
from compliance.inventory.importing.mapping_file import MappingError, built_in, built_in_names
from compliance.inventory.reader import ReadError
from tests.inventory.importing.doing import DEVICES, KINDS, mapping


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_mapping_is_right(name: str) -> None:
    found = built_in(name, KINDS)
    assert found.id == name
    assert found.origin
    assert not found.personal & set(found.left)


def test_there_is_a_mapping_for_every_source() -> None:
    assert built_in_names() == (
        "dotgov", "fedramp-inventory", "intune", "jamf", "oscal-ssp", "scubagear",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        (
            "intune",
            "Device ID;Device name;Enrollment date;Last check-in;OS;OS version;"
            "Security patch level;Serial number;Manufacturer;Model;IMEI;Compliance;Managed by;"
            "Ownership;Device state;Supervised;Encrypted;Jailbroken;JoinType;Category;"
            "Primary user UPN;Primary user email address;Primary user display name;Phone number;"
            "Subscriber carrier",
        ),
        (
            "jamf",
            "Display Name;Serial Number;Model;OS Version;Last Inventory Update;Managed;Supervised;"
            "Username;Email Address;Department;Building;Passcode Status;Passcode Compliance;"
            "Data Protection;Hardware Encryption;Jailbreak Detected;Activation Lock Enabled;"
            "Lost Mode Enabled",
        ),
    ],
)
def test_every_known_column_is_used_or_left_with_a_reason(name: str, columns: str) -> None:
    found = built_in(name, KINDS)
    spoken_of = found.used() | found.personal | set(found.left)
    assert [each for each in columns.split(";") if heading_key(each) not in spoken_of] == []


def test_no_built_in_mapping_takes_anything_about_persons() -> None:
    about = ("upn", "email", "e-mail", "displayname", "username", "phone", "administrator/owner")
    for name in built_in_names():
        used = built_in(name, KINDS).used()
        assert [key for key in used if any(word in key for word in about)] == []


def broken(folder: Path, old: str, new: str) -> list[str]:
    text = DEVICES.replace(old, new)
    assert text != DEVICES
    with pytest.raises(MappingError) as caught:
        mapping(folder, text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: device", "kind: devise", "Did you mean device?"),
        ("kind: device", "kind: plan_item", "there is no kind plan_item"),
        ("serial: Serial", "serail: Serial", "Did you mean serial?"),
        ("serial: Serial", "id: Serial", "id is no fact"),
        ("same: [serial]", "same: [serail]", "Did you mean serial?"),
        ("id: devices", "id: Devices!", "'Devices!' does not fit"),
        ("title: Devices of the test", "titel: x", "there is no key `titel` here"),
        ("records:", "dates: [mm/dd]\nrecords:", "does not say year, month and day"),
        (
            "encryption.full_disk: Encrypted",
            "encryption.full_disk: {column: Encrypted, values: {x: maybe}}",
            'the text "maybe" is no value of device.encryption.full_disk',
        ),
        ("name: Name", "software: Name", "members for a list of objects"),
        ("name: Name", "name: {members: {x: Name}}", "members for a list of objects"),
        ("name: Name", "software: {members: {nmae: Name}}", "Did you mean name?"),
        ("records:", "left: {Place: no reason}\nrecords:", "left out here and used above"),
        ("records:", "personal: [NAME]\nrecords:", "left out here and used above"),
    ],
)
def test_slips_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = broken(tmp_path, old, new)
    assert any(said in problem for problem in problems), problems
    assert all("mapping.yaml:" in problem for problem in problems)


@pytest.mark.parametrize("text", ["", "[]", "records: {}", "id: x\n\tid: y", "a: &b 1", "null"])
def test_no_text_breaks_the_reader(tmp_path: Path, text: str) -> None:
    with pytest.raises((MappingError, ReadError)):
        mapping(tmp_path, text)


def test_links_to_any_kind_are_refused(tmp_path: Path) -> None:
    text = "id: x\ntitle: x\nrecords:\n- {kind: decision, id: {columns: a}, facts: {about: b}}\n"
    with pytest.raises(MappingError, match="names records of any kind"):
        mapping(tmp_path, text)


def test_a_mapping_is_read_whole(tmp_path: Path) -> None:
    found = mapping(tmp_path)
    assert isinstance(found, ImportMapping)
    [record] = found.records
    assert record.id_columns == ("Tag", "Serial")
    assert record.same == ("serial",)
    assert {heading_key(each) for each in ("Tag", "Seen", "Lock")} <= found.used()
