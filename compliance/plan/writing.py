"""Writes what changes in a plan into its text, and makes sure that nothing else changed.

The text that comes out is read again and compared with what it should say: where they differ the
file is written in a form that cannot be changed in place, and it is left alone.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from compliance.assessment.planned import PlanEvent, PlanMilestone
from compliance.inventory.problems import Position, Problem
from compliance.inventory.reader import read_bytes
from compliance.inventory.writing.scalar_text import scalar
from compliance.plan.changes import Change, Update
from compliance.plan.editing import YamlEditor, flow_text
from compliance.plan.loading import PlanError
from compliance.plan.model import Plan, PlanItem

HEAD = """\
# Plan of action and milestones, kept by `compliance poam update`.
#
# An item counts once a named person has accepted it: fill in owner, due_on, milestones,
# accepted_by and accepted_on (or run `compliance poam accept`). Name persons by id or role.
# Also yours: title, remediation, comment, shared_service and cost:
#
#   milestones:
#     - {title: Order the licences, due_on: 2027-01-15}
#   cost: {one_time: 40000, yearly: 6000, funding_source: IT capital investment fund,
#     federal_share: 0.75, federal_condition: Plan approved by CMS, fiscal_year: 2028,
#     request_status: planned}
#
# What you write stays as it is. The program keeps state, latest_on, subjects, closed_on, history.
"""
_UTF8_MARK = "\ufeff"
_AFTER = "state"
"""Key of an item behind which a missing one is put; every item has it."""


def updated_text(plan: Plan, update: Update, text: str | None) -> str:
    """The text of ``poam.yaml`` with what an update changes.

    Args:
        plan: the plan as it was read from the text.
        update: what changes.
        text: the text as it is; None where there is no file yet.

    Raises:
        PlanError: the text has a form that cannot be changed in place.
    """
    if text is None:
        text = f"{HEAD}last_id:\nitems:\n"
    mark = _UTF8_MARK if text.startswith(_UTF8_MARK) else ""
    body = text.removeprefix(_UTF8_MARK)
    before = _value(body)
    if update.new and "items" not in before:
        body = body + ("" if body.endswith("\n") else "\n") + "items:\n"
        before = _value(body)
    try:
        editor = YamlEditor(body)
    except yaml.YAMLError:
        raise _cannot_change(plan) from None
    for change in update.changes:
        _edit(editor, change)
    if update.new:
        if "last_id" in before:
            editor.set((), "last_id", update.new[-1].id, "items")
        editor.append(
            "items", [_lines(item) for item in update.new], [_plain(item) for item in update.new]
        )
    return mark + _verified(editor.result(), _applied(before, update), plan)


def _edit(editor: YamlEditor, change: Change) -> None:
    path = ("items", change.item.index)
    for key, value in change.sets.items():
        editor.set(path, key, value, _AFTER)
    for number, ids in change.subjects.items():
        editor.last_in((*path, "covers", number), "subjects", list(ids), "kind")
    if change.milestones:
        steps = [_step(one) for one in change.milestones]
        editor.last_in(path, "milestones", steps, _AFTER)
    if change.events:
        editor.first_in(path, "history", [_event(event) for event in change.events], _AFTER)


def _verified(text: str, expected: Mapping[str, Any], plan: Plan) -> str:
    if _said(_value(text)) == _said(expected):
        return text
    raise _cannot_change(plan)


def _cannot_change(plan: Plan) -> PlanError:
    message = (
        "the file is written in a form that the program cannot change in place, and it was left "
        "as it is"
    )
    expected = "a key a line, as `compliance poam update` writes items"
    return PlanError([Problem(Position(plan.path.as_posix()), "", message, expected)])


def _value(text: str) -> dict[str, Any]:
    source = read_bytes(text.encode(), "poam.yaml").source
    return dict(source.value) if source is not None and isinstance(source.value, dict) else {}


def _said(value: Any) -> Any:
    """A value without keys that say nothing, which may be left out or written as nothing."""
    if isinstance(value, Mapping):
        said = {key: _said(one) for key, one in value.items()}
        return {key: one for key, one in said.items() if one not in (None, [], {})}
    return [_said(one) for one in value] if isinstance(value, list) else value


def _applied(before: Mapping[str, Any], update: Update) -> dict[str, Any]:
    """What the text should say, worked out on plain values."""
    after = copy.deepcopy(dict(before))
    for change in update.changes:
        item = after["items"][change.item.index]
        item.update(change.sets)
        for number, ids in change.subjects.items():
            item["covers"][number]["subjects"] += ids
        for key, values in (
            ("milestones", [*(item.get("milestones") or ()), *map(_step, change.milestones)]),
            ("history", [*map(_event, reversed(change.events)), *(item.get("history") or ())]),
        ):
            item[key] = values
    if update.new:
        after["items"] = [*(after.get("items") or ()), *map(_plain, update.new)]
        if "last_id" in after:
            after["last_id"] = update.new[-1].id
    return after


# New items


def _event(event: PlanEvent) -> dict[str, Any]:
    return _without_nothing(dataclasses.asdict(event))


def _step(milestone: PlanMilestone) -> dict[str, Any]:
    return _without_nothing(dataclasses.asdict(milestone))


def _without_nothing(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in data.items()
        if value not in (None, ())
    }


_LEAD = (
    "id", "title", "state", "severity", "basis", "found_on", "latest_on", "latest_basis",
    "upcoming", "in_force_from",
)  # fmt: skip
_FOR_PEOPLE = ("owner", "due_on", "milestones", "accepted_by", "accepted_on", "comment")


def _plain(item: PlanItem) -> dict[str, Any]:
    """A new item as plain values."""
    data = {key: getattr(item, key) for key in _LEAD}
    data["upcoming"] = item.upcoming or None
    data["covers"] = [
        _without_nothing(
            {
                "policy": cover.policy,
                "rule": cover.rule,
                "kind": cover.kind,
                "requirements": cover.requirements,
                "subjects": cover.subjects,
            }
        )
        for cover in item.covers
    ]
    data["outside"] = list(item.outside)
    data["remediation"] = item.remediation
    data["history"] = [_event(event) for event in item.history]
    return {key: value for key, value in data.items() if value not in (None, [])}


def _lines(item: PlanItem) -> list[str]:
    """A new item as lines of a list, with the keys that people fill in left empty."""
    data = _plain(item)
    lines = [f"{key}: {scalar(data[key])}" for key in _LEAD if key in data]
    if item.covers:
        lines += ["covers:", *_cover_lines(data["covers"])]
    if item.outside:
        lines.append(f"outside: {flow_text(data['outside'])}")
    if item.remediation:
        lines.append(f"remediation: {scalar(item.remediation)}")
    lines += [f"{key}:" for key in _FOR_PEOPLE]
    lines += ["history:", *(f"  - {flow_text(event)}" for event in data["history"])]
    return [f"{'- ' if not number else '  '}{line}" for number, line in enumerate(lines)]


def _cover_lines(covers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for cover in covers:
        yield f"  - policy: {scalar(cover['policy'])}"
        yield from (f"    {key}: {scalar(cover[key])}" for key in ("rule", "kind"))
        if "requirements" in cover:
            yield f"    requirements: {flow_text(cover['requirements'])}"
        yield "    subjects:"
        subjects: Sequence[str] = cover["subjects"]
        yield from (f"      - {scalar(subject)}" for subject in subjects)
