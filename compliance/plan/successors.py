"""Items whose rules another version of a policy has under other ids.

The migration table of a policy carries them over: an item goes on with the rules that stand for
its own, so that a new id neither loses it nor proposes the same work twice. Its file keeps the id
it was written with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compliance.assessment.model import Assessment, PolicyRun, RuleText
from compliance.plan.model import Cover, Plan, PlanItem


def followed(plan: Plan, assessment: Assessment) -> Plan:
    """A plan whose items name the rules of an assessment's policies.

    Args:
        plan: as it stands in its files.
        assessment: findings with the policies they come from.
    """
    runs = {run.id: run for run in assessment.policies if run.migrations}
    if not runs:
        return plan
    return replace(plan, items=tuple(_item(item, runs) for item in plan.items))


def retired(run: PolicyRun, rule: str) -> str:
    """Why a policy has no rule of an id any more; empty where its table does not say."""
    return next((one.reason for one in run.migrations if one.old == rule and not one.new), "")


def _item(item: PlanItem, runs: dict[str, PolicyRun]) -> PlanItem:
    covers = tuple(
        one for number, cover in enumerate(item.covers) for one in _covers(cover, number, runs)
    )
    return item if covers == item.covers else replace(item, covers=covers)


def _covers(cover: Cover, number: int, runs: dict[str, PolicyRun]) -> Iterator[Cover]:
    run = runs.get(cover.policy)
    rules = () if run is None else _successors(run, cover.rule)
    if not rules:
        yield replace(cover, number=number)
    for rule in rules:
        yield replace(cover, rule=rule.id, requirements=rule.covers, number=number)


def _successors(run: PolicyRun, rule: str) -> tuple[RuleText, ...]:
    """The rules that stand for one that is gone, in the order of the table; none for one there."""
    found: list[RuleText] = []
    waiting, seen = [rule] if run.rule(rule) is None else [], {rule}
    while waiting:
        old = waiting.pop(0)
        for new in [one.new for one in run.migrations if one.old == old and one.new]:
            if new in seen:
                continue
            seen.add(new)
            text = run.rule(new)
            if text is None:
                waiting.append(new)
            else:
                found.append(text)
    return tuple(found)
