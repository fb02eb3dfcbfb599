"""What tables of open findings have in their columns, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.model import GAP, UNKNOWN, Finding, PlanItemText
from compliance.report.leaves import Told, known_as, telling, told
from compliance.report.ordering import Listed
from compliance.report.plain import number
from compliance.report.texts import Texts, statement

FACTS_SHOWN = 12
"""Facts of one finding in its row; JSON has them all."""
TOGETHER = "what the rule asks, of these facts together"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    """Heading for programs: ``plan_due_on``."""
    title: str
    """Heading for people: ``Planned until``."""
    about: str
    """What it holds."""


_COLUMNS = (
    ("status", "Status", "error, gap, unknown, or upcoming: fails, but is not yet in force"),
    ("severity", "Severity", "critical, high, medium or low"),
    ("basis", "Basis", "why the rule holds: law, guidance, bureau or practice"),
    ("policy", "Rule set", "id of the policy"),
    ("rule", "Rule", "id of the rule within its policy"),
    ("title", "What the rule asks", "the rule as a sentence"),
    ("against", "Against", "whether it is a gap against the law or the bureau's standard"),
    ("requirements", "Requirements", "citations of the requirements that the rule covers"),
    ("kind", "Kind", "kind of the record"),
    ("record", "Record", "the record, as kind/id"),
    ("name", "Name", "its name"),
    ("units", "Units", "ids of the units it belongs to"),
    ("owner", "Owner", "who answers for it"),
    ("facts", "Facts", "the facts that decided, or are missing; several in the same order"),
    ("paths", "Fact paths", "the path of each fact, headed by its kind"),
    ("observed", "Found", "what the inventory says of each"),
    ("expected", "Expected", "what the rule asks of each"),
    ("positions", "Where it stands", "file and line, or sheet and cell, of each that is there"),
    ("known", "How it is known", "assurance, source, date and evidence of each"),
    ("questions", "Questions", "for an unknown: what to answer"),
    ("asked_of", "Who usually knows", "for an unknown: whom to ask"),
    ("remediation", "What to do", "how a gap is closed"),
    ("effort", "Effort", "small, medium or large"),
    ("marks", "Marks", "what qualifies the status, such as: upcoming from 2027-01-01"),
    ("notes", "Notes", "providers' statements, and what could not be evaluated"),
    ("plan_item", "Plan item", "the item of the plan that covers it"),
    ("plan_due_on", "Planned until", "by when that item is due"),
    ("findings", "Findings", "how many findings the row stands for"),
    ("id", "Finding", "id of the finding, the same from run to run"),
)
COLUMNS: Mapping[str, Column] = {one[0]: Column(*one) for one in _COLUMNS}
"""Every column by its name, in order."""

Cell = str | int | tuple[str, ...]
"""A text, a number, or several texts."""


class OpenCells:
    """Makes the cells of open findings."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._facts = texts.assessment.metadata.facts
        self._planned = dict(_planned(texts.assessment.plan))

    def of(self, listed: Listed) -> Mapping[str, Cell]:
        """The cells of one entry by the names of their columns; those left out are empty."""
        group = listed.group
        rule = self._texts.rule(group)
        cells: dict[str, Cell] = {
            "status": listed.sort,
            "severity": group.severity,
            "basis": group.basis,
            "policy": group.policy,
            "rule": group.rule,
            "title": self._texts.title(group),
            "against": self._against(listed),
            "requirements": tuple(self._texts.cited(group)),
            "kind": group.kind,
            "findings": listed.findings,
        }
        if rule is not None and listed.finding.status != UNKNOWN:
            cells |= {"remediation": rule.remediation, "effort": rule.effort or ""}
        cells["marks"] = tuple(mark.text for mark in listed.finding.marks)
        if self._texts.named:
            cells |= self._named(listed.finding)
        return cells

    def _against(self, listed: Listed) -> str:
        return self._texts.against(listed.group) if listed.sort == GAP else ""

    def _named(self, finding: Finding) -> dict[str, Cell]:
        """The cells that tell of the record and its facts."""
        item = self._planned.get((finding.policy, finding.rule, finding.record))
        found: dict[str, Cell] = {
            "record": finding.record,
            "name": finding.name or "",
            "units": finding.units,
            "owner": finding.owner or "",
            "notes": tuple(_notes(finding)),
            "id": finding.id,
        }
        if item is not None:
            found |= {"plan_item": item.id, "plan_due_on": item.due_on or ""}
        gap = finding.status != UNKNOWN
        leaves = telling(finding.leaves)
        shown = leaves if not gap else leaves[:FACTS_SHOWN]
        facts = [told(one, finding.record, self._facts, gap=gap) for one in shown]
        if gap or not finding.settling:
            found |= _told(facts[:FACTS_SHOWN])
            left = len(leaves) - FACTS_SHOWN
        else:
            found |= self._missing(finding, facts)
            left = len(finding.settling) - FACTS_SHOWN
        if left > 0:
            more = f"and {number(left, 'more fact')}; --format json lists them"
            found["notes"] = (*_notes(finding), more)
        return found

    def _missing(self, finding: Finding, facts: Sequence[Told]) -> dict[str, Cell]:
        """The facts that would settle an unknown, with what is asked of them where that is told."""
        asked = {(one.where or finding.record, one.path): one for one in facts}
        shown = finding.settling[:FACTS_SHOWN]
        found = [asked.get((one.subject, one.path)) for one in shown]
        texts = [self._facts.get(one.path) for one in finding.settling]
        names = []
        for one in shown:
            text = self._facts.get(one.path)
            where = "" if one.subject == finding.record else f"{one.subject}: "
            member = f", entry {int(one.element) + 1}" if one.element is not None else ""
            title = text.title if text and text.title else one.path
            names.append(f"{where}{title}{member}")
        return {
            "facts": tuple(names),
            "paths": tuple(one.path for one in shown),
            "observed": tuple(one.found if one else "(not given)" for one in found),
            "expected": tuple(_expected(one) if one else "" for one in found),
            "positions": _unless_empty([one.position if one else "" for one in found]),
            "questions": _each(text.question for text in texts if text and text.question),
            "asked_of": _each(text.asked_of for text in texts if text and text.asked_of),
        }


def _told(facts: Sequence[Told]) -> dict[str, Cell]:
    together = len(facts) > 1 and all(one.together for one in facts)
    return {
        "facts": tuple(map(_fact, facts)),
        "paths": tuple(one.path for one in facts),
        "observed": tuple(one.found for one in facts),
        "expected": _each([TOGETHER]) if together else tuple(map(_expected, facts)),
        "positions": _unless_empty([one.position for one in facts]),
        "known": _unless_empty([known_as(f.provenance) if f.provenance else "" for f in facts]),
    }


def _fact(one: Told) -> str:
    where = f"{one.where}: " if one.where else ""
    return f"{where}{one.title or one.path}{f', {one.member}' if one.member else ''}"


def _expected(one: Told) -> str:
    if one.asks == "expected":
        return one.expected
    return f"{one.asks.removeprefix('and ')} {one.expected}"


def _notes(finding: Finding) -> Iterator[str]:
    for one in finding.inheritance:
        if one.effect != "none":
            yield f"Carried by {statement(one)}"
    if finding.message:
        yield finding.message


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _unless_empty(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts in their order, an empty one as ``-`` beside others that are not."""
    return tuple(text or "-" for text in texts) if any(texts) else ()


def _planned(items: Iterable[PlanItemText]) -> Iterator[tuple[tuple[str, str, str], PlanItemText]]:
    """The plan's open items by the findings they cover: policy, rule and record."""
    for item in items:
        for cover in item.covers if item.open else ():
            for subject in cover.gaps:
                yield (cover.policy, cover.rule, f"{cover.kind}/{subject}"), item
