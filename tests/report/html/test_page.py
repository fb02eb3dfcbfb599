"""What the page says, and that nothing of an inventory acts in it."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import (
    Assessment,
    Deadline,
    Expected,
    Mark,
    OutsideFinding,
    PlanCover,
    PlanItemText,
    PlanMilestone,
    PolicyRun,
)
from compliance.assessment.outcome import headline
from compliance.report.html.report import NAMED, ROWS
from compliance.report.texts import SECTIONS
from tests.report.html.pages import Reader, many, page, with_texts
from tests.report.sample import FINDINGS, POLICY, assessment, finding, leaf

HOSTILE = {
    "script": "<script>window.pwned = 1</script>",
    "end of the script": "</script></style></title><script>window.pwned = 1</script>",
    "attribute": '" onfocus="window.pwned=1" autofocus x=\'',
    "event": "'><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>",
    "entity": "&lt;b&gt; &#60;script&#62; &amp;amp;",
    "comment": "<!-- --!> ]]> <![CDATA[ <?php",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7}",
    "link": "javascript:window.pwned=1",
    "base": "<base href=//evil.example><meta http-equiv=refresh content=0>",
}
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def test_the_page_has_every_section_once() -> None:
    found = Reader(page())
    ids = [value for _, name, value in found.values if name == "id"]
    assert len(ids) == len(set(ids))
    absent = {"errors", "notes", "lapsed", "plan", "outside"}
    assert {name for name in SECTIONS if name not in absent} <= set(ids)
    targets = [
        value[1:] for element, name, value in found.values if (element, name) == ("a", "href")
    ]
    assert set(targets) <= set(ids)


def test_the_top_says_what_the_text_report_says() -> None:
    text = Reader(page()).text
    assert headline(assessment()) in text
    assert "Department of Health" in text
    assert "3 gaps" in text
    assert "Used because: newest published version of a binding policy" in text
    assert POLICY.statement in text


def test_a_gap_shows_what_was_found_expected_where_and_what_to_do() -> None:
    text = Reader(page()).text
    assert "Gap against 45 CFR 164.312(a)(2)(i). Basis: law. Rule hipaa/unique" in text
    assert "Give every workforce member an individual account." in text
    assert "(effort: medium)" in text
    assert "system/payroll Payroll" in text
    assert "Multi-factor log-in system.mfa false true inventory/systems.yaml:12:9 asserted" in text


def test_what_is_no_gap_is_apart() -> None:
    text = Reader(page()).text
    assert "Upcoming from 2027-01-01" in text
    assert "It holds no health information." in text
    assert "The agency still does: Reviews accounts yearly." in text
    assert "system/payroll.mfa : 'yes' is a text . Expected: true or false. Did you mean" in text
    assert "Only an interview shows it." in text


def test_what_is_due_names_what_is_over_and_what_comes() -> None:
    old = leaf(
        observed="2025-01-01", expected=Expected("2025-11-23 or later", cut_off="2025-11-23")
    )
    sanctioned = Mark("not_sanctionable_until", "2028-01-01")
    text = Reader(page(assessment([finding(leaves=(old,), marks=(sanctioned,))]))).text
    assert "Overdue" in text
    assert "2026-01-01 Multi-factor log-in: 2025-01-01, expected 2025-11-23 or later" in text
    assert "2028-01-01 Every user of the system has a unique identifier" in text
    assert "Overdue" not in Reader(page()).text
    assert "2027-05-01 The statement of vendor/central-it (full)" in Reader(page()).text


def test_the_plan_and_findings_from_outside_are_listed_and_due() -> None:
    text = Reader(page(planned())).text
    assert "POAM-0001 Encrypt payroll" in text
    assert "owner Device manager; due 2027-01-31 (the agency's date)" in text
    assert "2027-01-31 POAM-0001 Encrypt payroll" in text
    assert "2026-12-15 POAM-0001 Encrypt payroll Milestone: Buy the licences" in text
    assert "IRS 2026-07 [high] Old log-in pages: reported 2026-09-01; response OVERDUE" in text
    assert "2026-10-01 IRS 2026-07 Old log-in pages Response to the issuer" in text


def test_what_is_satisfied_only_up_to_a_day_is_due() -> None:
    last = Deadline("2027-01-05", "hipaa", "idle-logoff", "low", "law", ("system/a", "system/b"))
    text = Reader(page(replace(assessment(), deadlines=(last,)))).text
    words = "Satisfied up to this day, if nobody acts: system/a, system/b"
    assert f"2027-01-05 Sessions end after 15 minutes {words}" in text


def planned() -> Assessment:
    item = PlanItemText(
        "POAM-0001", "Encrypt payroll", "accepted", "high", "2026-11-01", due_on="2027-01-31",
        due_basis="agency", owner="Device manager", remediation="Switch it on.",
        milestones=(PlanMilestone("Buy the licences", "2026-12-15"), PlanMilestone("Plan", None)),
        covers=(PlanCover("hipaa", "unique-user-identification", "system"),),
    )  # fmt: skip
    outside = OutsideFinding(
        "IRS", "2026-07", "Old log-in pages", "high", "2026-09-01",
        response_due_on="2026-10-01", overdue=True, subjects=("system/payroll",),
    )  # fmt: skip
    return replace(assessment(), plan=(item,), outside=(outside,))


def test_units_and_owners_become_filters() -> None:
    found = [
        finding("a", units=("health",), owner="Director | East"),
        finding("b", units=("health", "labs")),
    ]
    text = page(assessment(found))
    values = Reader(text).values
    assert ("tbody", "data-unit", "health|labs") in values
    assert ("tbody", "data-owner", "Director / East") in values
    assert ("option", "value", "labs") in values
    assert ("select", "name", "owner") not in values  # one alone leaves no choice


def test_the_marking_is_at_both_ends() -> None:
    sample = assessment()
    marked = replace(sample, metadata=replace(sample.metadata, marking="CONFIDENTIAL"))
    texts = [text.strip() for text in Reader(page(marked)).texts if text.strip()]
    assert (texts.count("CONFIDENTIAL"), texts[-1]) == (2, "CONFIDENTIAL")
    assert texts.index("CONFIDENTIAL") < texts.index("Skip to the report")


def test_the_same_assessment_gives_the_same_page() -> None:
    assert page() == page()


def test_the_page_needs_nothing_from_elsewhere_and_allows_nothing_but_itself() -> None:
    found = Reader(page())
    allowed = {name for element, name, _ in found.values if element in ("link", "script", "img")}
    assert allowed == set()
    assert not [one for one in found.values if one[1] in ("style", "src") or one[1][:2] == "on"]
    [policy] = [
        content
        for element, name, content in found.values
        if element == "meta" and "default-src" in content
    ]
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        text = "".join(found.raw[name])
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_becomes_markup(name: str) -> None:
    quiet, loud = Reader(page(sample("plain text"))), Reader(page(sample(HOSTILE[name])))
    assert loud.elements == quiet.elements
    assert loud.raw == quiet.raw
    assert HOSTILE[name] in loud.text


def sample(text: str) -> Assessment:
    marked = replace(assessment(), metadata=replace(assessment().metadata, marking="M"))
    return with_texts(marked, text)


@pytest.mark.parametrize("char", [*BIDI, *"\x00\x1b\x7f\x85\u200b\ufeff\ud800"])
def test_characters_that_mislead_are_shown(char: str) -> None:
    text = page(with_texts(assessment(), f"a{char}b"))
    assert char not in text
    assert f"a{ascii(char)[1:-1]}b" in text or "a b" in text
    text.encode()


def test_twenty_thousand_gaps_are_a_small_page_that_leaves_out_none() -> None:
    text = page(many(20_000))
    assert len(text.encode()) < 5_000_000
    listed = re.findall(
        r"<th scope=\"rowgroup\" rowspan=\"1\"><bdi>system/(record-\d+)</bdi>", text
    )
    assert set(listed) == {f"record-{number:06}" for number in range(20_000)}
    assert ROWS * 9 // 10 < text.count('class="found"') <= ROWS + 5
    assert (
        "Of these, the last 400 are listed by id alone; --format json has what was found." in text
    )
    assert "500 system records" in text


def test_records_listed_by_id_alone_still_have_their_unit_and_owner() -> None:
    sample = many(ROWS + 10, rules=1)
    owned = [replace(one, owner="Last") for one in sample.findings][-1:]
    found = ListedFindings([*list(sample.findings)[:-1], *owned])
    text = page(replace(sample, findings=found))
    assert (
        f'<tbody data-owner="Last">\n<tr><th scope="rowgroup" rowspan="1"><bdi>{owned[0].record}'
        in text
    )
    assert "the last 10 are listed by id alone" in text


def test_many_records_of_one_rule_and_many_rules_keep_to_their_bounds() -> None:
    assert page(many(300, rules=1)).count('<th scope="rowgroup"') == 300
    crowded = page(many(NAMED + 5000, rules=300))
    assert 300 <= crowded.count('<th scope="rowgroup"') <= NAMED
    assert re.search(r"and \d+ more; --format json lists them\.", crowded)
    assert "300 rules" in Reader(crowded).text


def test_filters_offer_what_there_is() -> None:
    found = Reader(page())
    names = [
        value for element, name, value in found.values if (element, name) == ("select", "name")
    ]
    assert names == ["severity", "status", "basis", "sort"]
    other: PolicyRun = replace(POLICY, id="cjis", title="CJIS")
    both = replace(assessment(), policies=(POLICY, other))
    also = Reader(page(both)).values
    assert ("select", "name", "policy") in also
    assert ("option", "value", "cjis") in also


def test_an_empty_assessment_has_a_page() -> None:
    empty = replace(POLICY, requirements=(), extent=(), rules=(), applies={}, sources=())
    text = Reader(page(assessment([], policy=empty, wrong=0))).text
    assert "no rule in force applied to any record" in text


def test_every_finding_of_the_sample_is_on_the_page() -> None:
    text = page()
    for one in FINDINGS:
        assert one.record in text
