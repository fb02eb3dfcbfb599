"""Gaps grouped by the changes that close them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from compliance.assessment.model import INHERITED, UPCOMING, Finding, Leaf, Mark, Outline
from compliance.report.demands import Change, Way, ways_of

Key = tuple[str, tuple[str, ...], tuple[Change, ...]]
"""Provider and the requirements it carries, or empty; the changes."""
Shape = tuple[str, str, str, str, bool, bool]
"""Policy, rule, basis and severity of a finding, whether it is upcoming and has a date."""


@dataclass(slots=True)
class Like:
    """A gap that came out as another one did, for another record."""

    id: str
    policy: str
    rule: str
    basis: str
    severity: str
    record: str
    upcoming: bool
    covers: tuple[str, ...]
    marks: tuple[Mark, ...]

    def mark(self, name: str) -> Mark | None:
        """The mark of that name, or None."""
        return next((mark for mark in self.marks if mark.name == name), None)


Gap = Finding | Like


def _like(first: Finding, outline: Outline, agency: str) -> Like:
    record = outline.record
    return Like(
        f"{agency}/{outline.policy}/{outline.rule}/{record.replace('/', ':', 1)}",
        outline.policy, outline.rule, outline.basis, outline.severity, record,
        outline.upcoming, first.covers, outline.marks,
    )  # fmt: skip


def _moved(way: Way, record: str, to: str) -> Way:
    """A way to close the gap of a record, for another record that came out alike."""
    if way.records == (record,):
        return Way(way.changes, (to,), way.leaves)
    records = tuple(sorted(to if one == record else one for one in way.records))
    return Way(way.changes, records, way.leaves)


@dataclass
class Group:
    """Gaps that one action closes."""

    key: Key
    findings: list[str] = field(default_factory=list)
    shapes: Counter[Shape] = field(default_factory=Counter)
    homes: set[Shape] = field(default_factory=set)
    """Those of the gaps whose rules name these changes first."""
    covers: dict[tuple[str, str, bool], None] = field(default_factory=dict)
    """Policy, requirement, whether upcoming."""
    gaps: set[tuple[str, str, str]] = field(default_factory=set)
    """Policy, rule and record of each."""
    records: set[str] = field(default_factory=set)
    tests: dict[tuple[str, str, str], Leaf] = field(default_factory=dict)
    """What is asked of the facts, each differing demand once."""
    helps: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, finding: Gap, way: Way, *, home: bool = False) -> None:
        """Puts a gap with the others.

        Args:
            finding: the gap.
            way: how this group closes it.
            home: it is the first way that its rule names.
        """
        shape = _shape(finding)
        self.again(finding.id, shape, finding.record, way.records)
        if home:
            self.homes.add(shape)
        for requirement in finding.covers:
            self.covers[finding.policy, requirement, finding.upcoming] = None
        for leaf in way.leaves:
            self.tests.setdefault((leaf.path, leaf.test, leaf.expected.text), leaf)

    def again(self, finding: str, shape: Shape, record: str, changed: Iterable[str]) -> None:
        """Counts a gap that is like another one of the group.

        Args:
            finding: its id.
            shape: what it has in common with the other.
            record: its subject.
            changed: the records to change.
        """
        self.findings.append(finding)
        self.shapes[shape] += 1
        self.gaps.add((shape[0], shape[1], record))
        self.records.update(changed)


def _shape(finding: Gap) -> Shape:
    mark = finding.mark(UPCOMING)
    dated = mark is not None and mark.date is not None
    rule = finding.rule.partition("@")[0]
    return finding.policy, rule, finding.basis, finding.severity, finding.upcoming, dated


class Gathered:
    """Gaps by the action that closes them, as they come."""

    def __init__(self, agency: str) -> None:
        """Starts without any.

        Args:
            agency: id of the agency, with which ids of findings begin.
        """
        self._agency = agency
        self._groups: dict[Key, Group] = {}
        self._first: dict[tuple[str, Hashable], tuple[Finding, tuple[Way, ...]]] = {}
        """Of gaps that came out alike, the one that was worked out."""
        self._others: list[tuple[Gap, tuple[Way, ...], Key]] = []
        """Gaps with more than one way, or with one of several changes."""

    def take(self, outline: Outline) -> None:
        """Takes in one gap, of those that came out alike only the first with its leaves."""
        like = outline.alike
        if like is None:
            self.add(outline.whole())
            return
        known = self._first.get((outline.policy, like))
        if known is None:
            finding = outline.whole()
            ways = ways_of(finding)
            self._first[outline.policy, like] = finding, ways
            self._add(finding, ways)
            return
        first, ways = known
        gap = _like(first, outline, self._agency)
        moved = tuple([_moved(way, first.record, gap.record) for way in ways])
        way, shape = moved[0], _shape(gap)
        group = self._groups.get(("", (), way.changes))
        if len(moved) == 1 and len(way.changes) < 2 and group is not None and shape in group.homes:
            group.again(gap.id, shape, gap.record, way.records)
        else:
            self._add(gap, moved)

    def add(self, finding: Finding) -> None:
        """Takes in one gap."""
        mark = finding.mark(INHERITED)
        if mark is not None and mark.provider is not None:
            way = Way((), (mark.provider,))
            self._group((mark.provider, finding.covers, ())).add(finding, way, home=True)
            return
        self._add(finding, ways_of(finding))

    def _add(self, finding: Gap, ways: tuple[Way, ...]) -> None:
        # Of several, the one of the fewest changes; of these the one that the rule names first.
        home = min(ways, key=lambda way: len(way.changes))
        key: Key = ("", (), home.changes)
        self._group(key).add(finding, home, home=True)
        if len(ways) > 1 or len(home.changes) > 1:
            self._others.append((finding, ways, key))

    def groups(self) -> list[Group]:
        """The groups, with what else they close and help with; none that another one makes idle."""
        elsewhere: dict[str, set[Key]] = {}
        for finding, ways, home in self._others:
            closing = {home}
            for way in ways:
                key: Key = ("", (), way.changes)
                if key in self._groups and key not in closing:
                    self._groups[key].add(finding, way)
                    closing.add(key)
            elsewhere[finding.id] = closing
            self._help(ways, closing)
        return list(self._kept(elsewhere))

    def _kept(self, elsewhere: Mapping[str, set[Key]]) -> Iterator[Group]:
        """The groups but for those all of whose gaps one other group closes as well."""
        left = dict(self._groups)
        for key in sorted(left, key=lambda one: (len(left[one].findings), one)):
            closing = [elsewhere.get(finding, set()) for finding in left[key].findings]
            others = set.intersection(*closing) - {key}
            if any(other in left for other in others):
                del left[key]
        yield from left.values()

    def _help(self, ways: Iterable[Way], closing: set[Key]) -> None:
        """Tells the actions of single changes which gaps need these and others."""
        helping: dict[Key, tuple[str, ...]] = {}
        for way in ways:
            for change in way.changes:
                key: Key = ("", (), (change,))
                if key in self._groups and key not in closing:
                    others = tuple(sorted({one.path for one in way.changes if one != change}))
                    helping.setdefault(key, others)
        for key, needs in helping.items():
            self._groups[key].helps[needs] += 1

    def _group(self, key: Key) -> Group:
        if key not in self._groups:
            self._groups[key] = Group(key)
        return self._groups[key]
