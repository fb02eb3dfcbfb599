"""What `compliance poam update` and `accept` do: read, work out, write whole or not at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.assessment.planned import ACCEPTED, PlanEvent, PlanMilestone
from compliance.plan.changes import Change, Update
from compliance.plan.loading import reread
from compliance.plan.model import Plan, PlanItem, item_id
from compliance.plan.standing import is_before, lacks, state
from compliance.plan.texts import item_text, with_plan
from compliance.plan.updating import update
from compliance.plan.writing import updated_text
from compliance.report.plain import neutral, prose
from compliance_cli import objects, output, poam_text, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Request, assess_beside, read_plan
from compliance_cli.objects import Engines, UsageError
from compliance_cli.output import OutputError


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    policies: tuple[PolicyReference, ...]
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None
    dry_run: bool

    @property
    def request(self) -> Request:
        """What to assess."""
        engines = Engines(self.engine, self.opa, self.opa_url)
        return Request(self.paths, self.policies, self.as_of, self.registry, engines)


@dataclass(frozen=True, slots=True)
class AcceptOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    item: str
    by: str
    owner: str | None
    due: datetime.date | None
    milestones: tuple[PlanMilestone, ...]
    on: datetime.date | None


def run_update(options: UpdateOptions) -> int:
    """Brings the plan up to date and returns the exit status."""
    assessment, plan = assess_beside(options.request)
    as_of = assessment.metadata.as_of
    later = is_before(as_of, plan.items)
    if later is not None:
        raise UsageError(
            f"{neutral(plan.path.as_posix())} was updated as of {later}, which is later than "
            f"{as_of}. Give the same or a later date with --as-of."
        )
    found = update(plan, assessment)
    text = _text(plan)
    after = plan
    if not found.nothing:
        written = updated_text(plan, found, text)
        after = reread(plan, written)
        if not options.dry_run:
            _write(plan, text, written)
    output.write(poam_text.updated(found, with_plan(assessment, after), plan))
    output.say(_said(plan, found, dry_run=options.dry_run))
    return status.OK


def _said(plan: Plan, found: Update, *, dry_run: bool) -> str:
    path = neutral(plan.path.as_posix())
    if found.nothing:
        return f"Nothing changes in the plan; {path} is as it was."
    return f"Nothing was written (--dry-run) to {path}." if dry_run else f"The plan is in {path}."


def run_accept(options: AcceptOptions) -> int:
    """Writes down who accepts an item and returns the exit status."""
    settings = objects.settings(options.paths)
    plan = read_plan(options.paths, settings)
    item = plan.item(item_id(options.item))
    if item is None:
        raise UsageError(
            f"{neutral(plan.path.as_posix())} has no item {neutral(options.item)}. "
            "`compliance poam show` lists them."
        )
    if item.closed:
        raise UsageError(f"{item.id} is closed, so there is nothing to accept.")
    found = Update((_acceptance(item, options),), (), ())
    text = _text(plan)
    written = updated_text(plan, found, text)
    after = reread(plan, written).item(item.id)
    today = objects.date_or_today(options.on).isoformat()
    if after is None or state(after, today) != ACCEPTED:
        missing = "; ".join(lacks(after, today)) if after else ""
        raise UsageError(
            f"{item.id} would still not count. It lacks: {missing}. Give --owner, --due and "
            "--milestone, or write them into the plan. Nothing was written."
        )
    _write(plan, text, written)
    marking = [prose(settings.marking)] if settings.marking else []
    output.write([*marking, *poam_text.shown([item_text(after, today)])])
    output.say(f"{item.id} is accepted in {neutral(plan.path.as_posix())}.")
    return status.OK


def _acceptance(item: PlanItem, options: AcceptOptions) -> Change:
    on = objects.date_or_today(options.on).isoformat()
    wanted: dict[str, Any] = {
        "state": ACCEPTED,
        "accepted_by": options.by,
        "accepted_on": on,
        "owner": options.owner,
        "due_on": options.due.isoformat() if options.due else None,
    }
    sets = {
        key: value
        for key, value in wanted.items()
        if value is not None and getattr(item, key) != value
    }
    event = PlanEvent(on, ACCEPTED, options.by)
    return Change(item, sets, (event,), {}, options.milestones)


def _text(plan: Plan) -> str | None:
    """The text of the plan's file, line ends as they are; None where there is none.

    Raises:
        OutputError: it is no longer what was read.
    """
    if plan.source is None:
        return None
    import hashlib

    data = plan.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != plan.source.sha256:
        raise OutputError(
            f"{neutral(plan.path.as_posix())} was changed while it was being read. Run the command "
            "again."
        )
    return data.decode("utf-8")


def _write(plan: Plan, before: str | None, text: str) -> None:
    """Replaces the plan's file, unless somebody changed it meanwhile."""
    if before is None and plan.path.exists():
        raise OutputError(
            f"{neutral(plan.path.as_posix())} appeared meanwhile. Run the command again."
        )
    if before is not None and _text(plan) != before:
        raise OutputError(
            f"{neutral(plan.path.as_posix())} was changed meanwhile. Run the command again."
        )
    place = plan.path.resolve()
    mode = place.stat().st_mode & 0o777 if before is not None else None
    output.write([text.encode()], place)
    if mode is not None:
        place.chmod(mode)
