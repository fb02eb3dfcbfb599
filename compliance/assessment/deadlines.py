"""The last day on which rules that are satisfied today still will be, if nobody does anything.

Where a rule asks that a date is recent, or still ahead, its last day follows from that date. Where
several facts decide together (alternatives, lists, clocks written in Rego), the engine is asked how
the rule comes out on later days. What no date ends has no last day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from compliance.assessment.model import BY_DOCUMENTED_DECISION, INHERITED, SATISFIED, Deadline
from compliance.assessment.plan import PolicyPlan, RulePlan, parameters_of
from compliance.assessment.readings import Readings, Spot
from compliance.assessment.rows import PLAIN_SATISFIED
from compliance.assessment.subject import Judged
from compliance.engine.interface import Document, Engine
from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.store import Inventory
from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Group,
    Leaf,
    Node,
    Quantifier,
    RegoCondition,
    Tally,
    walk,
)

HORIZON = 1100
"""Days that the engine is asked about: three years."""

_LISTS = (Quantifier, Tally)
_RECENT = "within_days"
_COUNTING = (_RECENT, "older_than_days")
_TURNS = {"before": 1, "after": 0, "on_or_before": 0, "on_or_after": 1}
"""Tests of a date against the date of the assessment, and the first day, relative to that date, on
which they come out otherwise than on the days before."""
_AHEAD = {"after": -1, "on_or_after": 0}
"""Tests of a date against the date of the assessment, and the last day relative to that date."""


@dataclass(frozen=True, slots=True)
class _Key:
    on: str
    policy: str
    rule: str
    path: str
    dated: str


@dataclass(frozen=True, slots=True)
class _Timed:
    """One rule that time can end."""

    plan: RulePlan
    dates: tuple[Leaf, ...]
    """Tests of dates that all hold where the rule is satisfied."""
    asked: bool
    """Other parts decide as well, so that only the engine knows."""
    watched: tuple[Leaf, ...] = ()
    """Where the engine would be asked: all tests of dates, if they are of the subject itself. It
    need not be asked unless one of them comes out otherwise on a later day."""
    settled: bool = False
    """Nothing but the tests watched changes with time: no value to come, no other date."""


class Deadlines:
    """Collects the last days of one policy's rules."""

    def __init__(
        self, plan: PolicyPlan, engine: Engine, readings: Readings, inventory: Inventory
    ) -> None:
        """Finds the rules that time can end.

        Args:
            plan: the policy's rules.
            engine: evaluates them.
            readings: reads the facts.
            inventory: the subjects, with the date of the assessment.
        """
        self._plan = plan
        self._engine = engine
        self._readings = readings
        self._as_of = inventory.as_of
        sensitive = frozenset(_sensitive(inventory.kinds))
        self._rules: dict[str, dict[str, tuple[int, _Timed]]] = {}
        for kind, plans in plan.by_kind.items():
            timed = ((index, one, _timed(plan, one, sensitive)) for index, one in enumerate(plans))
            self._rules[kind] = {
                one.id: (index, found) for index, one, found in timed if found is not None
            }
        self._found: dict[_Key, set[str]] = {}

    def add(self, judged: Judged, document: Callable[[], Document]) -> None:
        """Notes the last days of one subject.

        Args:
            judged: how its rules came out.
            document: makes its input document, for the rules that the engine is asked about.
        """
        asked: dict[str, frozenset[int] | None] = {}
        for timed in self._satisfied(judged):
            for leaf in timed.dates:
                self._date(timed.plan, leaf, judged)
            if timed.asked and self._may_end(timed, judged):
                asked[timed.plan.id] = self._turning(timed, judged)
        if asked:
            last = _LastDays(self._engine, document(), self._as_of).of(asked)
            for rule, day in last.items():
                self._note(_Key(day, self._plan.policy.id, rule, "", ""), judged.record.subject)

    def found(self) -> tuple[Deadline, ...]:
        """All last days, the next first."""
        return tuple(
            self._deadline(key, subjects)
            for key, subjects in sorted(
                self._found.items(),
                key=lambda item: (item[0].on, item[0].rule, item[0].path, item[0].dated),
            )
        )

    def _deadline(self, key: _Key, subjects: set[str]) -> Deadline:
        plan = self._plan.rules[key.rule]
        return Deadline(
            on=key.on,
            policy=key.policy,
            rule=key.rule,
            severity=plan.rule.severity,
            basis=plan.satisfied_basis,
            subjects=tuple(sorted(subjects)),
            path=key.path or None,
            dated=key.dated or None,
        )

    def _satisfied(self, judged: Judged) -> Iterator[_Timed]:
        """The rules that are satisfied by what they expect, and that time can end."""
        rules = self._rules.get(judged.record.kind)
        if not rules:
            return
        drafts = {
            draft.rule
            for draft in judged.drafts
            if draft.evaluated == draft.status == SATISFIED
            and not any(mark.name in (BY_DOCUMENTED_DECISION, INHERITED) for mark in draft.marks)
        }
        for name, (index, timed) in rules.items():
            if judged.codes[index] == PLAIN_SATISFIED or name in drafts:
                yield timed

    def _date(self, plan: RulePlan, leaf: Leaf, judged: Judged) -> None:
        spot = self._readings.spot(leaf.path, judged.record)
        # The last day would tell a sensitive date.
        if spot.fact.sensitive or not isinstance(spot.value, str):
            return
        day = self._last_day(plan, leaf, spot, judged)
        if day is not None and day >= self._as_of:
            key = _Key(day.isoformat(), self._plan.policy.id, plan.id, spot.full_path, spot.value)
            self._note(key, spot.record.subject)

    def _may_end(self, timed: _Timed, judged: Judged) -> bool:
        """Whether any test of a date comes out otherwise on a later day."""
        return not timed.watched or any(
            self._changes(timed.plan, leaf, judged) for leaf in timed.watched
        )

    def _turning(self, timed: _Timed, judged: Judged) -> frozenset[int] | None:
        """Days from today on which a rule may come out otherwise; None where any day may be one."""
        if not timed.settled:
            return None
        found = set()
        for leaf in timed.watched:
            spot = self._readings.spot(leaf.path, judged.record)
            if not isinstance(spot.value, str) or spot.value == "none":
                continue
            day = self._turn(timed.plan, leaf, spot)
            if day is None:
                return None
            found.add((day - self._as_of).days)
        return frozenset(days for days in found if 0 < days <= HORIZON)

    @staticmethod
    def _turn(plan: RulePlan, leaf: Leaf, spot: Spot) -> datetime.date | None:
        """The day from which a test of a date comes out otherwise than before."""
        days: object = _TURNS.get(leaf.test)
        if leaf.test in _COUNTING and not isinstance(leaf.value, FactValue):
            value = plan.expectations.leaf(leaf, lambda _fact: None).value
            days = value + 1 if isinstance(value, int) and not isinstance(value, bool) else None
        if not isinstance(days, int):
            return None
        try:
            return datetime.date.fromisoformat(spot.value) + datetime.timedelta(days)
        except (ValueError, OverflowError):
            return None

    def _changes(self, plan: RulePlan, leaf: Leaf, judged: Judged) -> bool:
        """Whether a test may still come out otherwise: a date that lies too far back never does."""
        spot = self._readings.spot(leaf.path, judged.record)
        if not isinstance(spot.value, str) or spot.value == "none":
            return False
        day = self._last_day(plan, leaf, spot, judged)
        return day is None or day >= self._as_of

    def _last_day(
        self, plan: RulePlan, leaf: Leaf, spot: Spot, judged: Judged
    ) -> datetime.date | None:
        def other(value: FactValue) -> object:
            found = self._readings.spot(value.path, judged.record)
            return None if found.fact.sensitive else found.value

        days: object = _AHEAD.get(leaf.test)
        if leaf.test == _RECENT:
            days = plan.expectations.leaf(leaf, other).value
        if isinstance(days, bool) or not isinstance(days, int):
            return None
        try:
            return datetime.date.fromisoformat(spot.value) + datetime.timedelta(days)
        except (ValueError, OverflowError):
            return None

    def _note(self, key: _Key, subject: str) -> None:
        self._found.setdefault(key, set()).add(subject)


def _sensitive(kinds: Kinds) -> Iterator[str]:
    """Paths of sensitive facts below their kind, and names of such fields of embedded objects."""
    for name in kinds:
        for fact in kinds[name].facts.values():
            for path, one in ((fact.path, fact), *fact.fields.items()):
                if one.sensitive:
                    yield path


def _reads(tree: Node, sensitive: Set[str]) -> bool:
    """Whether a condition may read a sensitive fact, through whatever list."""
    paths = [path for node in walk(tree) for path in _paths(node)]
    return any(path.endswith(f".{one}") for path in paths for one in sensitive)


def _paths(node: Node) -> tuple[str, ...]:
    if isinstance(node, RegoCondition):
        return node.facts
    if isinstance(node, Leaf):
        others = (value.path for value in (node.value, node.days) if isinstance(value, FactValue))
        return (node.path, *others)
    return ()


def _timed(policy: PolicyPlan, plan: RulePlan, sensitive: Set[str]) -> _Timed | None:
    """What ends a rule in time; None for rules without such a thing, or not in force.

    Where the engine would be asked, a last day could tell a sensitive date: then it is not.
    """
    if plan.date is not None or plan.force.upcoming or plan.force.ended or plan.force.never_gap:
        return None
    tree = plan.trees["expect"]
    together = [] if "otherwise" in plan.trees else list(_together(tree))
    dates = tuple(node for node in together if isinstance(node, Leaf) and _dated(node))
    inner = [node for node in walk(tree) if isinstance(node, Leaf) and _dated(node)]
    clock = plan.rule.outer_limit and isinstance(tree, RegoCondition)
    asked = clock or len(inner) > len(dates)
    if asked and _reads(tree, sensitive):
        return None
    if not asked:
        return _Timed(plan, dates, asked=False) if dates else None
    watched = () if clock else _watched(plan, inner)
    return _Timed(plan, (), asked=True, watched=watched, settled=_settled(policy, plan, watched))


def _settled(policy: PolicyPlan, plan: RulePlan, watched: Sequence[Leaf]) -> bool:
    """Whether a rule changes with time by the tests watched alone."""
    application = policy.applies.get(plan.rule.subject)
    trees = [*plan.trees.values(), *([application.tree] if application else [])]
    nodes = [node for tree in trees for node in walk(tree)]
    dated = [node for node in nodes if isinstance(node, Leaf) and _dated(node)]
    if not watched or len(dated) > len(watched):
        return False
    if any(isinstance(node, RegoCondition | Quantifier | Tally) for node in nodes):
        return False
    definitions = (policy.parameters.definitions[n] for tree in trees for n in parameters_of(tree))
    return not any(definition.values for definition in definitions)


def _watched(plan: RulePlan, dated: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """The tests, where all are of facts of the subject or the agency; none where one is not."""
    own = {plan.rule.subject, AGENCY}
    lists = {node.element for node in walk(plan.trees["expect"]) if isinstance(node, _LISTS)}
    heads = {leaf.path.partition(".")[0] for leaf in dated}
    return tuple(dated) if heads <= own - lists else ()


def _together(node: Node) -> Iterator[Node]:
    """The parts of a condition that all hold where it holds."""
    if isinstance(node, Group) and node.op == "all":
        for child in node.children:
            yield from _together(child)
    else:
        yield node


def _dated(leaf: Leaf) -> bool:
    """Whether a test comes out otherwise on other days."""
    return leaf.test in (_RECENT, "older_than_days") or isinstance(leaf.value, AsOf)


@dataclass(slots=True)
class _LastDays:
    """Asks the engine how one subject's rules come out on later days."""

    engine: Engine
    document: Document
    as_of: datetime.date
    _known: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def of(self, rules: Mapping[str, Set[int] | None]) -> dict[str, str]:
        """The last day of each rule that ends within the horizon, as a date.

        Args:
            rules: for each rule the days on which it may come out otherwise; None where any may be.
        """
        found = {}
        for rule, turning in rules.items():
            last = self._last(rule) if turning is None else self._last_before(rule, turning)
            if last is not None:
                found[rule] = (self.as_of + datetime.timedelta(last)).isoformat()
        return found

    def _last(self, rule: str) -> int | None:
        """Days from today to the last day on which a rule that is satisfied today still is."""
        low, high = 0, HORIZON
        if self._holds(rule, high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self._holds(rule, middle):
                low = middle
            else:
                high = middle
        return low

    def _last_before(self, rule: str, turning: Set[int]) -> int | None:
        """The same, where only some days can be the first on which it is satisfied no more."""
        if not turning or self._holds(rule, HORIZON):
            return None
        *early, latest = sorted(turning)
        return next((day for day in early if not self._holds(rule, day)), latest) - 1

    def _holds(self, rule: str, days: int) -> bool:
        if days not in self._known:
            try:
                day = self.as_of + datetime.timedelta(days)
            except OverflowError:
                day = datetime.date.max
            document = {**self.document, "as_of": day.isoformat()}
            (evaluation,) = self.engine.evaluate([document])
            self._known[days] = evaluation.statuses
        # An error on a later day tells nothing.
        status = self._known[days].get(rule, SATISFIED)
        return status.partition("+")[0] == SATISFIED
