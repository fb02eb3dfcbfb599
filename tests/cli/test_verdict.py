from typing import Any

import pytest

from compliance.assessment.model import Mark
from compliance_cli.verdict import Thresholds, verdict
from tests.report.sample import assessment, finding

GAP = finding()
LOW_GAP = finding("low", severity="low")
UNKNOWN = finding("open", status="unknown", evaluated="unknown", severity="medium")
SATISFIED = finding("fine", status="satisfied", evaluated="satisfied", leaves=())
FAULT = finding("bad", status="error", evaluated="error", message="out of fuel")
UPCOMING = finding("soon", marks=(Mark("upcoming"),))


@pytest.mark.parametrize(
    ("findings", "options", "expected"),
    [
        ([SATISFIED], {}, 0),
        ([SATISFIED, GAP], {}, 1),
        ([SATISFIED, UNKNOWN], {}, 1),
        ([SATISFIED, UNKNOWN], {"allow_unknown": True}, 0),
        ([SATISFIED, UNKNOWN], {"fail_on": "high"}, 0),
        ([SATISFIED, UNKNOWN], {"fail_on": "medium"}, 1),
        ([SATISFIED, GAP], {"allow_unknown": True}, 1),
        ([SATISFIED, LOW_GAP], {"fail_on": "medium"}, 0),
        ([SATISFIED, GAP], {"fail_on": "high"}, 1),
        ([SATISFIED, GAP], {"fail_on": "critical"}, 0),
        ([SATISFIED, GAP, UNKNOWN], {"fail_on": "none"}, 0),
        ([UPCOMING], {}, 0),
        ([SATISFIED, GAP], {"strict": True}, 1),
        ([GAP, FAULT], {}, 3),
        ([SATISFIED, FAULT], {"fail_on": "none"}, 3),
    ],
)
def test_exit_status(findings: list[Any], options: dict[str, Any], expected: int) -> None:
    assert verdict(assessment(findings, wrong=0), Thresholds(**options)).status == expected


@pytest.mark.parametrize(
    ("findings", "options", "expected"),
    [
        ([SATISFIED], {}, 0),
        ([SATISFIED], {"strict": True}, 2),
        ([GAP], {"strict": True}, 2),
        ([FAULT], {"strict": True}, 3),
    ],
)
def test_wrong_values_count_where_strict_is_asked(
    findings: list[Any], options: dict[str, Any], expected: int
) -> None:
    assert verdict(assessment(findings, wrong=2), Thresholds(**options)).status == expected


@pytest.mark.parametrize(
    ("findings", "options", "words"),
    [
        ([SATISFIED, LOW_GAP], {"fail_on": "high"}, "1 gap of these below the threshold high"),
        ([SATISFIED, UNKNOWN], {"allow_unknown": True}, "unknowns are let through"),
        ([GAP, UNKNOWN], {"fail_on": "none"}, "1 gap and 1 unknown"),
        ([UPCOMING], {}, "1 upcoming"),
        ([SATISFIED, GAP], {}, "Checked against hipaa 0.1.0."),
        ([FAULT], {}, "1 error"),
    ],
)
def test_the_sentence_names_what_the_status_leaves_out(
    findings: list[Any], options: dict[str, Any], words: str
) -> None:
    sentence = verdict(assessment(findings, wrong=0), Thresholds(**options)).sentence
    assert words in sentence
    assert "\n" not in sentence


def test_wrong_values_are_counted() -> None:
    assert "2 wrong values" in verdict(assessment([SATISFIED], wrong=2), Thresholds()).sentence
    strict = verdict(assessment([SATISFIED], wrong=2), Thresholds(strict=True))
    assert "refused (--strict)" in strict.sentence
