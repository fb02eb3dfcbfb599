"""One record: plain facts, where they stand, where they come from, and which were wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.inventory.small import load, record_of

TEXT = """\
systems:
- id: a
  mfa: {value: true, source: scan, reported_on: 2026-03-02, by: owner, evidence: report 7}
  users:
    source: directory
    value: 12
    assurance: imported
  owner: {value: none, evidence: minutes}
  name: Payroll
  hosting: {value: null, by: someone}
  availability: 1.0
  scores: [1.0, 2.5, null, 3]
  tls_versions: {value: ['1.2', '1.4', '1.3'], evidence: null}
  software:
  - {name: PostgreSQL, eol_on: {value: 2027-01-01, by: maker}, support: {paid: yes}}
  - patched_on: 2026-01-01
  - null
  logging: {enabled: true, retention: {days: 30}}
"""


def test_plain_facts() -> None:
    assert record_of(TEXT).facts == {
        "id": "a",
        "mfa": True,
        "users": 12,
        "owner": "none",
        "name": "Payroll",
        "hosting": None,
        "availability": 1,
        "scores": [1, 2.5, None, 3],
        "tls_versions": ["1.2", None, "1.3"],
        "software": [
            {
                "name": "PostgreSQL",
                "eol_on": "2027-01-01",
                "support": {"paid": None},
                "patched_on": "none",
            },
            {"patched_on": "2026-01-01"},
            None,
        ],
        "logging": {"enabled": True, "retention": {"days": 30}, "lost_on": "none"},
        "lost_on": "none",
    }


def test_whole_numbers_have_no_point() -> None:
    record = record_of("systems: [{id: a, users: 3.0, availability: 0.5, scores: [1e3, -0.0]}]\n")
    found = [record.get("users"), *record.get("scores")]
    assert found == [3, 1000, 0]
    assert all(type(number) is int for number in found)
    assert type(record.get("availability")) is float


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("mfa", True), ("users", 12), ("owner", "none"), ("hosting", None), ("absent", None),
        ("logging.enabled", True), ("logging.retention.days", 30), ("logging.retention.x", None),
        ("mfa.x", None), ("backup.vendor", None), ("lost_on", "none"), ("logging.lost_on", "none"),
    ],
)  # fmt: skip
def test_get(path: str, value: Any) -> None:
    assert record_of(TEXT).get(path) == value


@pytest.mark.parametrize(
    ("path", "line", "column", "key_line", "key_column"),
    [
        ("", 3, 3, 3, 3),
        ("id", 3, 7, 3, 3),
        ("mfa", 4, 16, 4, 3),
        ("users", 7, 12, 5, 3),
        ("hosting", 11, 20, 11, 3),
        ("name", 10, 9, 10, 3),
        ("scores.1", 13, 17, 13, 17),
        ("tls_versions", 14, 25, 14, 3),
        ("tls_versions.1", 14, 33, 14, 33),
        ("software.0.name", 16, 12, 16, 6),
        ("software.0.eol_on", 16, 40, 16, 24),
        ("software.0.support.paid", 16, 80, 16, 74),
        ("software.2", 18, 5, 18, 5),
        ("logging", 19, 12, 19, 3),
        ("logging.retention.days", 19, 46, 19, 40),
    ],
)
def test_positions(path: str, line: int, column: int, key_line: int, key_column: int) -> None:
    record = record_of(TEXT)
    value, key = record.position(path), record.position(path, key=True)
    assert value is not None
    assert key is not None
    assert (value.line, value.column) == (line, column)
    if path:
        assert (key.line, key.column) == (key_line, key_column)


@pytest.mark.parametrize(
    "path", ["reviewed_on", "logging.lost_on", "backup.vendor", "software.3", "mfa.x", "scores.x"]
)
def test_what_is_not_written_has_no_position(path: str) -> None:
    assert record_of(TEXT).position(path) is None


@pytest.mark.parametrize(
    ("path", "provenance"),
    [
        (
            "mfa",
            {
                "assurance": "referenced", "source": "scan", "reported_on": "2026-03-02",
                "by": "owner", "evidence": "report 7",
            },
        ),
        ("users", {"assurance": "imported", "source": "directory"}),
        ("owner", {"assurance": "referenced", "evidence": "minutes"}),
        ("name", {"assurance": "asserted"}),
        ("hosting", {"assurance": "asserted", "by": "someone"}),
        ("tls_versions", {"assurance": "asserted"}),
        ("software[0].eol_on", {"assurance": "asserted", "by": "maker"}),
        ("absent", {"assurance": "asserted"}),
    ],
)  # fmt: skip
def test_provenance(path: str, provenance: dict[str, str]) -> None:
    assert record_of(TEXT).provenance(path) == provenance


def test_provenance_that_is_wrong_is_left_out() -> None:
    text = """\
agency: {id: health}
systems:
- id: a
  mfa: {value: true, reported_on: 2026-07-01, by: 5, evidence: x, assurance: attested}
"""
    loaded = load(text)
    assert loaded.inventory is not None
    assert [problem.path for problem in loaded.problems] == [
        "system/a mfa.reported_on", "system/a mfa.by",
    ]  # fmt: skip
    [record] = loaded.inventory.iterate("system")
    assert record.get("mfa") is True
    assert record.provenance("mfa") == {"assurance": "attested", "evidence": "x"}
    assert not record.is_wrong("mfa")


def test_wrong_values_are_told_from_missing_ones() -> None:
    record = record_of("""\
systems:
- id: a
  mfa: maybe
  reviewed_on: {value: 2026-07-01, by: me}
  tls_versions: ['1.3', x]
  software: [{name: 5}]
  logging: off
  users: null
""")
    wrong = ["mfa", "reviewed_on", "tls_versions[1]", "software[0].name", "logging",
             "logging.enabled", "logging.retention.days"]  # fmt: skip
    right = ["users", "tls_versions", "tls_versions[0]", "software[0].version", "owner", "mf"]
    assert [path for path in (*wrong, *right) if record.is_wrong(path)] == wrong


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", "none"),
        ("lost_on: null", None),
        ("lost_on: 2026-03-02", "2026-03-02"),
        ("lost_on: none", "none"),
        ("lost_on: 2026-07-01", None),
        ("lost_on: maybe", None),
        ("lost_on: {value: null}", None),
        ("lost_on: {value: none, by: me}", "none"),
    ],
)
def test_absence_says_none_and_null_says_unknown(written: str, read: str | None) -> None:
    record = record_of(f"systems:\n- id: a\n  {written}\n")
    assert record.facts["lost_on"] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", "none"), ("logging: {}", "none"), ("logging: null", None), ("logging: 5", None),
        ("logging: {lost_on: null}", None), ("logging: {lost_on: 2026-01-01}", "2026-01-01"),
    ],
)  # fmt: skip
def test_absence_in_a_group(written: str, read: str | None) -> None:
    record = record_of(f"systems:\n- id: a\n  {written}\n")
    assert record.get("logging.lost_on") == read


def test_reading_does_not_change_what_was_read() -> None:
    record = record_of("systems: [{id: a, availability: 1.0, mfa: {value: true}}]\n")
    again = record.position("mfa")
    assert record.facts == {
        "id": "a", "availability": 1, "mfa": True, "lost_on": "none", "logging": {"lost_on": "none"}
    }  # fmt: skip
    assert again is not None
    assert again.column == 51
