"""The sheets that show everything at a glance: requirements, and records by rule set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from compliance.assessment.model import (
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    UPCOMING,
    Assessment,
    Finding,
    PolicyRun,
    RequirementText,
)
from compliance.report.plain import number
from compliance.report.xlsx.book import FIRST_ROW, Column, Link, Shown, Table, Toned
from compliance.report.xlsx.findings import REQUIREMENTS, SHEETS, Places

_TONES = {"not_met": GAP, "met": SATISFIED, "not_assessable": NOT_APPLICABLE}
_WORST = (ERROR, GAP, UNKNOWN, UPCOMING, SATISFIED, NOT_APPLICABLE)
_WORDS = {ERROR: "could not be evaluated", NOT_APPLICABLE: "not applicable"}
_NOUNS = {ERROR: "error", GAP: "gap", UNKNOWN: "unknown"}
_CONFIDENCE = {"recalled": "recalled, not checked against the source", "verified": "yes"}

RECORDS = "Records"
"""Name of the sheet of records."""
REQUIREMENT_TABLE = Table(
    REQUIREMENTS,
    "Each requirement with how it came out by the rules of its own basis, and apart from them by "
    "the bureau's standard. A number of gaps leads to them.",
    (
        Column("policy", "Rule set", 12),
        Column("citation", "Citation", 24),
        Column("title", "Requirement", 36),
        Column("status", "Status", 16),
        Column("gaps", "Records with a gap", 9),
        Column("unknown", "Records unknown", 9),
        Column("satisfied", "Records satisfied", 9),
        Column("weaker", "Bureau's standard", 20),
        Column("basis", "Basis", 10),
        Column("designation", "Designation", 13),
        Column("assessable", "Seen in an inventory", 11),
        Column("checked", "Checked against the source", 16),
        Column("controls", "Related controls", 18),
        Column("decisions", "By documented decision", 12),
        Column("errors", "Records in error", 9),
        Column("dates", "Dates", 24),
        Column("group", "Group", 18),
        Column("rules", "Rules", 40),
        Column("note", "Notes", 44),
        Column("id", "Id", 28),
    ),
    frozen=2,
    printed=10,
)


def requirement_places(assessment: Assessment) -> Places:
    """Where each requirement stands in its sheet."""
    ids = [(policy.id, one.id) for policy in assessment.policies for one in policy.requirements]
    return {key: FIRST_ROW + offset for offset, key in enumerate(ids)}


def requirements(assessment: Assessment, first_gaps: Places) -> Iterator[Mapping[str, Shown]]:
    """The requirements in the order of their policies.

    Args:
        assessment: the outcome of a run.
        first_gaps: where the first gap of each rule stands.
    """
    for policy in assessment.policies:
        titles = {one.group: one.title for one in policy.extent}
        for one in policy.requirements:
            found = _requirement(policy, one)
            found["group"] = titles.get(one.group, one.group)
            for name, rules in (("gaps", one.rules), ("weaker", one.weaker_rules)):
                places = [first_gaps.get((policy.id, rule)) for rule in rules]
                found[name] = _linked(found[name], [one for one in places if one is not None])
            yield found


def _linked(shown: Shown, places: Sequence[int]) -> Shown:
    """A cell that leads to the first of some gaps, where there are any."""
    if not places or not shown or isinstance(shown, Link):
        return shown
    text, tone = (shown.text, shown.tone) if isinstance(shown, Toned) else (shown, "")
    return Link(text, SHEETS[GAP], min(places), tone)


def _requirement(policy: PolicyRun, one: RequirementText) -> dict[str, Shown]:
    tone = UPCOMING if one.upcoming else _TONES.get(one.status, one.status)
    words = f"upcoming ({one.text})" if one.upcoming else one.text
    return {
        "policy": f"{policy.id} {policy.version}",
        "citation": one.label,
        "title": one.title,
        "status": Toned(words, tone),
        "gaps": one.subjects.get(GAP) or "",
        "unknown": one.subjects.get(UNKNOWN) or "",
        "satisfied": one.subjects.get(SATISFIED) or "",
        "errors": one.subjects.get(ERROR) or "",
        "weaker": _weaker(one),
        "basis": one.basis,
        "designation": one.designation.replace("_", " "),
        "assessable": one.assessable,
        "checked": _CONFIDENCE.get(one.confidence or "", one.confidence or ""),
        "controls": ", ".join(one.controls),
        "decisions": one.documented_decisions or "",
        "dates": tuple(_dates(one)),
        "rules": ", ".join((*one.rules, *one.weaker_rules)),
        "note": tuple(filter(None, (one.not_assessable, one.note))),
        "id": one.id,
    }


def _weaker(one: RequirementText) -> Shown:
    """How the rules of weaker basis came out, coloured by the worst."""
    found = {status: one.weaker_subjects.get(status, 0) for status in (ERROR, GAP, UNKNOWN)}
    words = ", ".join(number(amount, _NOUNS[status]) for status, amount in found.items() if amount)
    if words:
        return Toned(words, next(status for status in found if found[status]))
    satisfied = one.weaker_subjects.get(SATISFIED, 0)
    return Toned(f"{satisfied:,} satisfied", SATISFIED) if satisfied else ""


def _dates(one: RequirementText) -> Iterator[str]:
    for words, date in (
        ("in force from", one.in_force_from),
        ("enforced from", one.enforced_from),
        ("sanctioned from", one.sanctioned_from),
        ("until", one.until),
    ):
        if date:
            yield f"{words} {date}"


def record_table(assessment: Assessment) -> Table:
    """What the sheet of records is: a column for each rule set."""
    policies = [
        Column(one.id, f"{one.id} {one.version}", 20, toned=True) for one in assessment.policies
    ]
    return Table(
        RECORDS,
        "Each record with the worst that each rule set found for it. Filter a rule set by a word, "
        "or sort by the number of gaps.",
        (
            Column("kind", "Kind", 14),
            Column("record", "Record", 34),
            Column("name", "Name", 34),
            *policies,
            Column("gaps", "Gaps", 9),
            Column("unknown", "Unknown", 9),
            Column("upcoming", "Upcoming", 9),
            Column("satisfied", "Satisfied", 9),
            Column("units", "Units", 24),
            Column("owner", "Owner", 28),
        ),
        frozen=3,
    )


def records(findings: Iterable[Finding]) -> Iterator[Mapping[str, Shown]]:
    """A row for each record, in the order of kind and id.

    Args:
        findings: all of an assessment, in order.
    """
    for (kind, subject), found in groupby(findings, key=lambda one: (one.kind, one.subject)):
        sums: dict[str, Counter[str]] = {}
        name, units, owner = "", (), ""  # type: str, tuple[str, ...], str
        for one in found:
            sort = UPCOMING if one.upcoming else one.status
            sums.setdefault(one.policy, Counter())[sort] += 1
            name, units, owner = one.name or name, one.units or units, one.owner or owner
        total: Counter[str] = sum(sums.values(), Counter())
        yield {
            "kind": kind.replace("_", " "),
            "record": f"{kind}/{subject}",
            "name": name,
            **{policy: _worst(counts) for policy, counts in sums.items()},
            "gaps": total[GAP],
            "unknown": total[UNKNOWN],
            "upcoming": total[UPCOMING],
            "satisfied": total[SATISFIED],
            "units": ", ".join(units),
            "owner": owner,
        }


def _worst(counts: Counter[str]) -> Toned:
    worst = next(status for status in _WORST if counts[status])
    return Toned(_WORDS.get(worst, worst), worst)
