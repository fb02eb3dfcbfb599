"""A comparison in words, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from compliance.assessment.model import (
    BASES,
    BY_DOCUMENTED_DECISION,
    INHERITED,
    REQUIREMENT_STATUSES,
    SATISFIED,
    SEVERITIES,
)
from compliance.comparison.model import (
    ABSENT,
    AHEAD,
    AHEAD_GONE,
    AHEAD_NEW,
    AHEAD_PERSISTING,
    DEFERRED,
    EFFECTS,
    LEARNT,
    LOST,
    NEW,
    NOT_APPLYING,
    PERSISTING,
    RESOLVED,
    UNCLEAR,
    VANISHED,
    Change,
    Comparison,
    PolicyChange,
    RequirementChange,
)
from compliance.report.blocks import Block, Line, Page, Section, Table
from compliance.report.gather import Group
from compliance.report.leaves import line, telling
from compliance.report.plain import enumeration, number
from compliance.report.plan import standing
from compliance.report.texts import Texts, subject

RECORDS_SHOWN = 12
"""Records of one rule."""
RULES_SHOWN = 40
"""Rules of one section."""
FACTS_SHOWN = 3
"""Facts of one record."""
IDS_SHOWN = 12
"""Ids in a sentence."""

NOTE = (
    "A gap counts as resolved only where it was looked for and the record satisfies the rule. One "
    "that vanished, became unknown or no longer applies is listed apart."
)
"""What every comparison says of its own counting."""
_HEADS = {
    NEW: "new",
    RESOLVED: "resolved",
    PERSISTING: "persisting",
    UNCLEAR: "not known now",
    VANISHED: "vanished",
    NOT_APPLYING: "no longer applies",
    DEFERRED: "not in force now",
}
_STATUS_WORDS = {
    "not_met": "not met",
    "unknown": "unknown",
    "met": "met",
    "not_assessable": "not assessable",
    "not_applicable": "not applicable",
    ABSENT: "not there",
}


def page(found: Comparison) -> Page:
    """The comparison as a report for people."""
    words = _Words(found)
    metadata = found.new.metadata
    name = metadata.agency_name or metadata.agency
    title = f"{name}: {metadata.as_of} compared with {found.old.metadata.as_of}"
    sections = (
        Section("What differs between the two runs", tuple(_differences(found))),
        Section("Requirements", tuple(_requirement_table(found))),
        Section("Gaps", tuple(_gap_tables(found))),
        Section("New gaps", tuple(words.list(NEW))),
        Section("Resolved", tuple(words.list(RESOLVED))),
        Section("Was a gap, not known now", tuple(words.list(UNCLEAR))),
        Section("Vanished gaps (not resolved)", tuple(words.list(VANISHED))),
        Section("Was a gap, no longer applies", tuple(words.list(NOT_APPLYING))),
        Section("Was a gap, not yet in force now", tuple(words.list(DEFERRED))),
        Section("Requirements that came out otherwise", tuple(_requirements(found))),
        Section("Was satisfied, not known now", tuple(words.short(LOST))),
        Section("Was unknown, satisfied now", tuple(words.short(LEARNT))),
        Section("Not yet in force", tuple(words.ahead())),
        Section("Plan of action and milestones", tuple(_plan(found))),
        Section("Records and rules that appeared or vanished", tuple(_appeared(found))),
        Section("Persisting gaps", tuple(words.short(PERSISTING))),
    )
    return Page(title, sentence(found), sections, metadata.marking)


def sentence(found: Comparison) -> str:
    """The outcome in one sentence."""
    parts = [number(found.count(NEW), "new gap")]
    old = sum(_ended(change) for change in found.of(NEW))
    if old:
        parts[0] += f" ({old:,} because a date lies too far back now)"
    parts += [
        f"{found.count(effect):,} {words}"
        for effect, words in (
            (RESOLVED, "resolved"),
            (PERSISTING, "persisting"),
            (UNCLEAR, "not known now"),
            (VANISHED, "vanished"),
            (NOT_APPLYING, "no longer applying"),
            (DEFERRED, "not yet in force now"),
        )
        if found.count(effect) or effect in (RESOLVED, PERSISTING)
    ]
    text = f"{', '.join(parts)}."
    if found.count(LOST):
        text += f" {found.count(LOST):,} satisfied before {_are(found.count(LOST))} not known now."
    if found.reopened:
        text += f" Reopened in the plan: {', '.join(item.id for item in found.reopened)}."
    changed = [one.id for one in found.policies if one.changed]
    if changed:
        text += (
            f" The rules of {', '.join(changed)} are not the same in both, so a change may come "
            "from the rules rather than from the agency."
        )
    return text


def _are(amount: int) -> str:
    return "is" if amount == 1 else "are"


def _ended(change: Change) -> bool:
    """Whether a rule that was satisfied failed because time went by."""
    late = any(leaf.expected.cut_off and leaf.outcome == "false" for leaf in change.finding.leaves)
    return change.before == SATISFIED and late


def _differences(found: Comparison) -> Iterator[Block]:
    for one in found.policies:
        yield from _policy(one)
    for other in found.differences:
        before = f"{other.before} before, " if other.before else ""
        now = f"{other.after} now" if other.before else other.after
        yield Line(f"{other.what}: {before}{now}")


def _policy(one: PolicyChange) -> Iterator[Line]:
    name = f"{one.title} (policy {one.id})"
    if one.before is None:
        yield Line(f"{name}: not used before, version {one.after} now")
    elif one.after is None:
        yield Line(f"{name}: version {one.before} before, not used now")
    elif one.before != one.after:
        yield Line(
            f"{name}: version {one.before} before, {one.after} now; "
            f"{number(len(one.rules_appeared), 'rule')} new, {len(one.rules_vanished):,} gone, "
            f"{number(len(one.followed), 'id')} followed by the migration table"
        )
    elif one.rebuilt:
        yield Line(f"{name}: version {one.after} both times, but built otherwise (digests differ)")
    else:
        yield Line(f"{name}: version {one.after} both times")
    for parameter in one.parameters:
        yield Line(f"{parameter.title}: {parameter.before} before, {parameter.after} now")
    if one.engine:
        yield Line(f"{one.id} was evaluated by {one.engine[0]} before, {one.engine[1]} now")


def _requirement_table(found: Comparison) -> Iterator[Block]:
    for one in found.policies:
        before, after = one.numbers_before, one.numbers_after
        if before is None or after is None:
            continue
        if len(found.policies) > 1:
            yield f"{one.title} (policy {one.id})"
        rows = []
        for status in ("met", "not_met", "unknown", "not_assessable", "not_applicable"):
            old, new = before.requirements[status], after.requirements[status]
            rows.append((_STATUS_WORDS[status], f"{old:,}", f"{new:,}", _signed(new - old)))
        yield Table(("requirements in force", "before", "now", "change"), tuple(rows))


def _signed(change: int) -> str:
    return f"{change:+,}" if change else "0"


def _gap_tables(found: Comparison) -> Iterator[Block]:
    yield NOTE
    effects = [one for one in EFFECTS if one in (NEW, RESOLVED, PERSISTING) or found.count(one)]
    head = tuple(_HEADS[one] for one in effects)
    for field, values in (("severity", SEVERITIES), ("basis", BASES)):
        rows = [
            (name, *(f"{found.count(one, **{field: name}):,}" for one in effects))
            for name in values
            if field == "severity" or any(found.count(one, **{field: name}) for one in effects)
        ]
        if field == "severity":
            rows.append(("all", *(f"{found.count(one):,}" for one in effects)))
        yield Table((f"by {field}", *head), tuple(rows))


class _Words:
    """Lists of changes by rule."""

    def __init__(self, found: Comparison) -> None:
        self._found = found
        self._old, self._new = Texts(found.old), Texts(found.new)

    def list(self, effect: str) -> Iterator[Block]:
        """Changes with their records and facts."""
        groups = self._grouped(effect)
        for group, changes in groups[:RULES_SHOWN]:
            texts = self._texts(group)
            records = f": {len(changes):,} {group.kind} records" if len(changes) > 1 else ""
            below = [Line(f"{texts.against(group)}. Rule {group.policy}/{group.rule}")]
            below += [self._record(change, texts) for change in changes[:RECORDS_SHOWN]]
            if len(changes) > RECORDS_SHOWN:
                below.append(Line(_left(len(changes) - RECORDS_SHOWN)))
            title = f"[{group.severity}] {texts.title(group)}{records}"
            yield Line(title, tuple(below), group.severity)
        if len(groups) > RULES_SHOWN:
            yield Line(f"and {number(len(groups) - RULES_SHOWN, 'more rule')}; {_JSON}")

    def short(self, effect: str) -> Iterator[Block]:
        """Changes as a line for each rule."""
        groups = self._grouped(effect)
        for group, changes in groups[:RULES_SHOWN]:
            names = [change.finding.record for change in changes[:RECORDS_SHOWN]]
            title = self._texts(group).title(group)
            listed = enumeration(names, len(changes))
            graded = sum(change.regraded for change in changes)
            note = f" ({graded:,} with another severity or basis than before)" if graded else ""
            yield Line(f"[{group.severity}] {title}: {listed}{note}", (), group.severity)
        if len(groups) > RULES_SHOWN:
            yield Line(f"and {number(len(groups) - RULES_SHOWN, 'more rule')}; {_JSON}")

    def ahead(self) -> Iterator[Block]:
        """Gaps that are not yet in force; they count nowhere above."""
        if not any(self._found.count(effect) for effect in AHEAD):
            return
        new, kept, gone = (self._found.count(one) for one in AHEAD)
        yield (
            f"None of these counts above: {new:,} new, {kept:,} persisting, {gone:,} gone or "
            "in force in another way."
        )
        for effect, words in ((AHEAD_NEW, "New"), (AHEAD_GONE, "Gone")):
            lines = tuple(one for one in self.short(effect) if isinstance(one, Line))
            if lines:
                yield Line(words, lines)
        kept_lines = [one for one in self.short(AHEAD_PERSISTING) if isinstance(one, Line)]
        if kept_lines:
            yield Line("Persisting", tuple(kept_lines))

    def _grouped(self, effect: str) -> Sequence[tuple[Group, Sequence[Change]]]:
        found = []
        for key, members in groupby(self._found.of(effect), _key):
            changes = tuple(members)
            policy, rule, kind, severity, basis = key
            shown = [change.finding for change in changes[:RECORDS_SHOWN]]
            found.append((Group(policy, rule, kind, severity, basis, shown, len(changes)), changes))
        return found

    def _texts(self, group: Group) -> Texts:
        """The texts of the later assessment, unless only the earlier one has the rule."""
        return self._new if self._new.rule(group) is not None else self._old

    def _record(self, change: Change, texts: Texts) -> Line:
        finding = change.finding
        marks = [
            mark.text for mark in finding.marks if mark.name in (BY_DOCUMENTED_DECISION, INHERITED)
        ]
        words = ", ".join([subject(finding), *([change.why] if change.why else []), *marks])
        told = finding if change.effect == NEW else change.earlier or finding
        facts = telling(told.leaves)
        lead = "" if change.effect == NEW else "before: "
        below = [
            Line(lead + line(leaves, told.record, texts.assessment.metadata.facts))
            for leaves in facts[:FACTS_SHOWN]
        ]
        if len(facts) > FACTS_SHOWN:
            below.append(Line(f"and {number(len(facts) - FACTS_SHOWN, 'more fact')}"))
        return Line(words, tuple(below))


_JSON = "--format json lists them."


def _key(change: Change) -> tuple[str, str, str, str, str]:
    one = change.finding
    return one.policy, one.rule, one.kind, one.severity, one.basis


def _left(left: int) -> str:
    return f"and {left:,} more; {_JSON}"


def _requirements(found: Comparison) -> Iterator[Block]:
    counted = [one for one in found.requirements if not one.upcoming]
    both = {one.id for one in found.policies if one.before and one.after}
    told = [one for one in counted if one.policy in both]
    order = [*REQUIREMENT_STATUSES, ABSENT]
    told.sort(key=lambda one: order.index(one.after))
    for after, members in groupby(told, lambda one: one.after):
        changes = list(members)
        lines = [Line(_requirement(one)) for one in changes[:RULES_SHOWN]]
        if len(changes) > RULES_SHOWN:
            lines.append(Line(_left(len(changes) - RULES_SHOWN)))
        yield Line(f"Now {_STATUS_WORDS[after]} ({len(changes):,})", tuple(lines))


def _requirement(one: RequirementChange) -> str:
    return f"{one.label} {one.title} (before: {_STATUS_WORDS[one.before]})"


def _plan(found: Comparison) -> Iterator[Block]:
    for words, items in (("Reopened", found.reopened), ("Closed", found.closed)):
        for item in items:
            end = f"closed {item.closed_on}" if words == "Closed" else standing(item)
            yield Line(f"{words}: {item.id} [{item.severity}] {item.title}: {end}")


def _appeared(found: Comparison) -> Iterator[Block]:
    for change in found.subjects:
        for words, ids in (("appeared", change.appeared), ("vanished", change.vanished)):
            if ids:
                yield Line(f"{number(len(ids), f'{change.kind} record')} {words}: {_ids(ids)}")
    for one in found.policies:
        for words, ids in (("appeared", one.rules_appeared), ("vanished", one.rules_vanished)):
            if ids:
                yield Line(f"{number(len(ids), 'rule')} of {one.id} {words}: {_ids(ids)}")
        for entry in one.followed:
            yield Line(f"{one.id}: {entry.old} is {entry.new} now ({entry.reason})")
        for entry in one.retired:
            yield Line(f"{one.id}: nothing takes the place of {entry.old} ({entry.reason})")


def _ids(ids: Iterable[str]) -> str:
    listed = list(ids)
    return enumeration(listed[:IDS_SHOWN], len(listed))
