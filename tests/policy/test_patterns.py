"""Patterns are judged as RE2 judges them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from compliance.policy.patterns import why_not_re2

ACCEPTED = [
    "[A-Z]{2}-[0-9]+", "(?i)abc", "(?P<year>[0-9]{4})", "a|b|", r"\d+\.\d*", r"[\d\-_.]+", "a{3}",
    "a{3,}?", r"\bword\b", "[^]x]", "é+", "", "(?:a(?:b)?)*", r"[\]\[]", "x{1000}", "a{b}", r"\x41",
    "(?s:.)", "(?-i:a)", r"\A[a-c]", "[[.]".replace("[[", r"[\["),
]  # fmt: skip
REFUSED = [
    ("(?=a)b", "looks ahead"), ("a(?!b)", "looks ahead"), ("(?<=a)b", "looks behind"),
    ("(?<!a)b", "looks behind"), (r"(a)\1", "refers back"), ("(?P<n>a)(?P=n)", "refers back"),
    ("a++", "possessive"), ("a{2}+", "possessive"), ("(?>a)", "atomic"), ("(?#x)a", "comment"),
    ("(a)(?(1)b)", "conditional"), ("a{1001}", "may not exceed"), ("(", ""), ("a)", ""), ("*a", ""),
    ("a**", ""), ("[a", "not closed"), ("a\\", "ends with a backslash"), (r"\Z", "no \\Z"),
    ("x{,3}", "needs a number"), ("[b-a]", ""), (r"[\b]", "no \\b"), ("(?a)x", "no (?a"),
    (r"\é", "no \\é"), ("x{3,2}", ""),
]  # fmt: skip


@pytest.mark.parametrize("pattern", ACCEPTED)
def test_accepted(pattern: str) -> None:
    assert why_not_re2(pattern) is None


@pytest.mark.parametrize(("pattern", "reason"), REFUSED)
def test_refused(pattern: str, reason: str) -> None:
    told = why_not_re2(pattern)
    assert told is not None
    assert reason in told


def test_everything_accepted_is_accepted_by_opa(opa: Path, tmp_path: Path) -> None:
    patterns = tmp_path / "input.json"
    patterns.write_text(json.dumps([f"^(?:{pattern})$" for pattern in ACCEPTED]), encoding="utf-8")
    query = "[pattern | some pattern in input; not regex.is_valid(pattern)]"
    ran = subprocess.run(
        [opa, "eval", "--format", "raw", "--input", patterns, query],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(ran.stdout) == []
