"""The entries of the page that stand for findings: lists by rule, questions, statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from compliance.assessment.model import (
    APPLIES,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    UPCOMING,
    Finding,
    Inherited,
    MissingFact,
    PolicyRun,
)
from compliance.report.gather import Carried, Group, Groups, Settled
from compliance.report.html.facets import Facets, of_group, of_rules
from compliance.report.leaves import Told, known_as, telling, told
from compliance.report.plain import number
from compliance.report.texts import (
    Texts,
    effort,
    left_out,
    records_carried,
    statement,
    still_does,
    usually_known_by,
    waiting,
    would_settle,
)

FACTS_SHOWN = 8
"""Facts shown for one finding; `explain` shows them all."""
RECORDS_SHOWN = 60
"""Records shown for one question."""
RULES_SHOWN = 12
"""Rules shown for one question."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a finding."""

    told: Told
    known: str
    """How well it is known and where it comes from; empty where there is no value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an entry."""

    record: str
    """``kind/id``."""
    name: str
    marks: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    left: int = 0
    """Facts not shown."""
    remarks: tuple[str, ...] = ()
    """Sentences: the provider's statement that decided, what the engine said."""
    units: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """Lines of the table that the record takes."""
        return max(1, len(self.facts) + len(self.remarks) + bool(self.left))


@dataclass(frozen=True, slots=True)
class Entry:
    """The findings of one rule for one kind, with one basis."""

    anchor: str
    title: str
    rule: str
    """``policy/rule``."""
    kind: str
    severity: str
    basis: str
    total: int
    facets: Facets
    against: str = ""
    """Against what it is a gap, or when it will be one."""
    remediation: str = ""
    effort: str = ""
    size: str = ""
    """The effort as one word, to sort by."""
    rows: tuple[Row, ...] = ()
    left: str = ""
    """How many records are not listed, and where they are."""
    named: str = ""
    """How many records are listed by id alone, and where their facts are."""
    reason: str = ""
    """What was said of the first record, where the same is true of all."""

    @property
    def records(self) -> str:
        """How many records there are: ``2 system records``."""
        return number(self.total, f"{self.kind} record")


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact."""

    fact: MissingFact
    text: str
    asked_of: str
    waiting: str
    records: tuple[str, ...]
    records_left: int
    rules: tuple[str, ...]
    """Titles of the rules that wait for it."""
    rules_left: int
    facets: Facets


@dataclass(frozen=True, slots=True)
class Statement:
    """A provider's statement with what it settled, or would settle."""

    text: str
    lines: tuple[str, ...]
    facets: Facets


class Entries:
    """Makes the entries of one assessment.

    Args:
        texts: its words.
        full: records of one list that are shown with their facts; the others by id alone.
    """

    def __init__(self, texts: Texts, full: int) -> None:
        self._texts = texts
        self._full = full
        self._facts = texts.assessment.metadata.facts
        self._asked = {one.subject: one for one in texts.assessment.summary.asked}
        self._policies: dict[str, PolicyRun] = {one.id: one for one in texts.assessment.policies}

    def gaps(self, groups: Iterable[Group]) -> Iterator[Entry]:
        """Gaps by rule, the gravest first."""
        for group in groups:
            yield self._entry(group, GAP, self._texts.against(group))

    def upcoming(self, groups: Groups) -> Iterator[Entry]:
        """What is no gap today and will be one."""
        for group in groups:
            mark = group.shown[0].mark(UPCOMING)
            yield self._entry(group, UPCOMING, (mark.text if mark else UPCOMING).capitalize())

    def errors(self, groups: Groups) -> Iterator[Entry]:
        """Rules that faulted."""
        for group in groups:
            yield self._entry(group, ERROR)

    def decisions(self, groups: Groups) -> Iterator[Entry]:
        """What a documented decision satisfies."""
        for group in groups:
            yield self._entry(group, SATISFIED)

    def excluded(self, groups: Groups) -> Iterator[Entry]:
        """Records that a policy does not apply to."""
        for group in groups:
            yield self._entry(group, NOT_APPLICABLE)

    def _entry(self, group: Group, status: str, against: str = "") -> Entry:
        rule = self._texts.rule(group)
        rows = tuple(self._rows(group.shown)) if self._texts.named else ()
        open_gap = rule is not None and status in (GAP, UPCOMING)
        return Entry(
            anchor="-".join((status, group.policy, group.rule, group.kind, group.basis)),
            title=self._texts.title(group),
            rule="" if group.rule == APPLIES else f"{group.policy}/{group.rule}",
            kind=group.kind,
            severity=group.severity,
            basis=group.basis,
            total=group.total,
            facets=replace(of_group(group, status), **_belonging(rows)),
            against=against,
            remediation=rule.remediation if rule and open_gap else "",
            effort=effort(rule) if rule and open_gap else "",
            size=(rule.effort or "") if rule else "",
            rows=rows,
            left=left_out(group.total - len(rows)) if rows else "",
            named=_named(len(rows) - self._full),
            reason=group.shown[0].message or "",
        )

    def _rows(self, findings: Sequence[Finding]) -> Iterator[Row]:
        for place, finding in enumerate(findings):
            yield self._row(finding) if place < self._full else _brief(finding)

    def _row(self, finding: Finding) -> Row:
        facts = telling(finding.leaves)
        shown = [told(leaves, finding.record, self._facts) for leaves in facts[:FACTS_SHOWN]]
        carried = [
            f"Carried by {statement(one)}" for one in finding.inheritance if one.effect != "none"
        ]
        return Row(
            record=finding.record,
            name=finding.name or "",
            marks=tuple(mark.text for mark in finding.marks if mark.name != UPCOMING),
            facts=tuple(
                Fact(one, known_as(one.provenance) if one.provenance else "") for one in shown
            ),
            left=len(facts) - len(shown),
            remarks=tuple(filter(None, (*carried, finding.message))),
            units=finding.units,
            owners=_owners(finding),
        )

    def questions(self, facts: Iterable[MissingFact]) -> Iterator[Question]:
        """Missing facts as questions."""
        for fact in facts:
            names = list(dict.fromkeys(map(self._rule_title, fact.rules)))
            yield Question(
                fact=fact,
                text=fact.question or fact.title,
                asked_of=usually_known_by(fact),
                waiting=waiting(fact),
                records=fact.subjects[:RECORDS_SHOWN],
                records_left=max(0, len(fact.subjects) - RECORDS_SHOWN),
                rules=tuple(names[:RULES_SHOWN]),
                rules_left=max(0, len(names) - RULES_SHOWN),
                facets=self._of_question(fact),
            )

    def _of_question(self, fact: MissingFact) -> Facets:
        found = of_rules(fact.rules, self._policies, UNKNOWN)
        asked = [self._asked[one] for one in fact.subjects if one in self._asked]
        units = tuple(sorted({unit for one in asked for unit in one.units}))
        owners = tuple(sorted({one.owner for one in asked if one.owner}))
        severity = (fact.severity,)
        return replace(found, severity=severity, unit=units, owner=owners)

    def _rule_title(self, name: str) -> str:
        policy, _, rule_id = name.partition("/")
        if rule_id == APPLIES:
            return f"Whether policy {policy} applies"
        found = self._policies[policy].rule(rule_id) if policy in self._policies else None
        return found.title if found else name

    def inherited(self, carried: Carried) -> Iterator[Statement]:
        """What providers settled, by statement."""
        for found, statuses in carried:
            lines = [f"{status}: {records_carried(group)}" for status, group in statuses]
            yield self._statement(statement(found), statuses, (*lines, still_does(found)))

    def lapsed(self, carried: Carried) -> Iterator[Statement]:
        """Statements that would settle unknowns if they held on this date."""
        for found, statuses in carried:
            lines = [would_settle(group) for _, group in statuses]
            yield self._statement(self._texts.lapse(found), statuses, lines)

    def _statement(
        self, text: str, statuses: Sequence[tuple[str, Settled]], lines: Iterable[str]
    ) -> Statement:
        rules = {rule for _, group in statuses for rule in group.rules}
        found = of_rules(rules, self._policies, "")
        own = tuple(status for status, _ in statuses)
        facets = Facets(found.policy, found.severity, own, found.basis, found.kind)
        return Statement(text, tuple(filter(None, lines)), facets)


def _brief(finding: Finding) -> Row:
    """A record without what was found, still searched and filtered by."""
    return Row(finding.record, "", units=finding.units, owners=_owners(finding))


def _owners(finding: Finding) -> tuple[str, ...]:
    return (finding.owner,) if finding.owner else ()


def _named(brief: int) -> str:
    if brief <= 0:
        return ""
    which = "the last one is" if brief == 1 else f"the last {brief:,} are"
    return f"Of these, {which} listed by id alone; --format json has what was found."


def _belonging(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """The units and owners of some records, as facets of their entry."""
    return {
        "unit": tuple(sorted({unit for row in rows for unit in row.units})),
        "owner": tuple(sorted({owner for row in rows for owner in row.owners})),
    }


def statements(carried: Carried) -> list[Inherited]:
    """The statements of some findings."""
    return [found for found, _ in carried]
