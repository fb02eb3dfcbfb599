"""What `compliance poam show` does."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from compliance.assessment.model import OutsideFinding, PlanItemText
from compliance.plan.model import Plan, item_id
from compliance.plan.texts import item_text, outside_texts
from compliance.report.json import encode, escaped
from compliance.report.plain import neutral, prose
from compliance_cli import objects, output, poam_text
from compliance_cli.assessing import read_plan
from compliance_cli.objects import UsageError


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    as_of: datetime.date | None
    items: tuple[str, ...]
    form: str
    output: Path | None


def run_show(options: ShowOptions) -> None:
    """Writes the plan as it stands in its files."""
    output.check_writable(options.output, options.paths)
    settings = objects.settings(options.paths)
    plan = read_plan(options.paths, settings)
    if plan.empty:
        raise UsageError(
            f"{neutral(plan.folder.as_posix())} has neither {plan.path.name} nor findings from "
            "outside. `compliance poam update` writes the first plan."
        )
    as_of = objects.date_or_today(options.as_of).isoformat()
    items = [item_text(item, as_of) for item in plan.items]
    outside = outside_texts(plan, as_of)
    if options.items:
        items, outside = [_item(items, name, plan) for name in options.items], ()
    output.write(_rendered(items, outside, _Head(as_of, settings.marking), options), options.output)


class _Head(NamedTuple):
    """What stands before the plan."""

    as_of: str
    marking: str | None


def _rendered(
    items: Sequence[PlanItemText],
    outside: Sequence[OutsideFinding],
    head: _Head,
    options: ShowOptions,
) -> Iterator[str]:
    if options.form != "json" and head.marking:
        yield prose(head.marking)
    if options.form == "json":
        data = {
            "as_of": head.as_of,
            **({"marking": head.marking} if head.marking else {}),
            "plan": [encode(item) for item in items],
            "outside": [encode(found) for found in outside],
        }
        yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"
    elif options.items:
        yield from poam_text.shown(items)
    else:
        yield from poam_text.listed(items, outside)


def _item(items: Sequence[PlanItemText], name: str, plan: Plan) -> PlanItemText:
    for item in items:
        if item.id == item_id(name):
            return item
    raise UsageError(
        f"{neutral(plan.path.as_posix())} has no item {neutral(name)}. Without --item all are "
        "listed."
    )
