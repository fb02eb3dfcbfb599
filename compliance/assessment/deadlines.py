"""The last day on which rules that are satisfied today still will be, if nobody does anything.

Where a rule asks that a date is recent, or still ahead, its last day follows from that date. Where
several tests of the subject's own facts decide together, the day on which each turns follows from
its date, and the engine's outcomes of today are combined with those turned. Elsewhere (lists,
clocks written in Rego, values to come) the engine is asked how the rule comes out on later days.
What no date ends has no last day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from compliance.assessment.last_days import HORIZON, LastDays, last_turned
from compliance.assessment.model import (
    APPLIES,
    BY_DOCUMENTED_DECISION,
    INHERITED,
    SATISFIED,
    Deadline,
)
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
        self._trees: dict[str, dict[str, Node | None]] = {}
        for kind, rules in self._rules.items():
            application = plan.applies.get(kind)
            for name, (_index, timed_rule) in rules.items():
                tree = application.tree if application else None
                self._trees[name] = {**timed_rule.plan.trees, APPLIES: tree}
        self._found: dict[_Key, set[str]] = {}

    def add(self, judged: Judged, document: Callable[[], Document]) -> None:
        """Notes the last days of one subject.

        Args:
            judged: how its rules came out.
            document: makes its input document, for the rules that the engine is asked about.
        """
        asked: list[str] = []
        turning: dict[str, Mapping[str, int]] = {}
        for timed in self._satisfied(judged):
            for leaf in timed.dates:
                self._date(timed.plan, leaf, judged)
            if timed.asked and self._may_end(timed, judged):
                turns = self._turning(timed, judged)
                if turns is None:
                    asked.append(timed.plan.id)
                elif turns:
                    turning[timed.plan.id] = turns
        last = {}
        if turning:
            last = self._turned(turning, document())
        if asked:
            last |= LastDays(self._engine, document(), self._as_of).of(asked)
        for rule, days in last.items():
            day = (self._as_of + datetime.timedelta(days)).isoformat()
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

    def _turned(
        self, turning: Mapping[str, Mapping[str, int]], document: Document
    ) -> dict[str, int]:
        """Days from today to the last day of rules whose tests turn on known days.

        Args:
            turning: for each rule the days from today on which its tests come out otherwise.
            document: the input document of their subject.
        """
        (why,) = self._engine.why([{**document, "why": dict.fromkeys(turning, True)}])
        found = {}
        for rule, turns in turning.items():
            outcomes = why.outcomes.get(rule)
            if outcomes is not None:
                last = last_turned(self._trees[rule], outcomes, turns)
                if last is not None:
                    found[rule] = last
        return found

    def _turning(self, timed: _Timed, judged: Judged) -> Mapping[str, int] | None:
        """Days from today on which tests come out otherwise; None where the engine must say."""
        if not timed.settled:
            return None
        found = {}
        for leaf in timed.watched:
            spot = self._readings.spot(leaf.path, judged.record)
            if not isinstance(spot.value, str) or spot.value == "none":
                continue
            day = self._turn(timed.plan, leaf, spot)
            if day is None:
                return None
            days = (day - self._as_of).days
            if 0 < days <= HORIZON:
                found[leaf.id] = days
        return found

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
