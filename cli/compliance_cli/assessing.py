"""From paths and policies to an assessment."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.assessment.evaluate import PolicyUse
from compliance.assessment.evaluate import assess as evaluate
from compliance.assessment.model import Assessment
from compliance.assessment.parameters import ParameterError, Parameters
from compliance.errors import UserError
from compliance.inventory.load import load_inventory
from compliance.inventory.problems import NOTE, Problem
from compliance.inventory.store import Inventory
from compliance.plan.loading import checked, load_plan, plan_folder
from compliance.plan.model import Plan
from compliance.plan.records import join
from compliance.plan.texts import with_plan
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.elsewhere import PublishedRequirements
from compliance.policy.model import Policy
from compliance.policy.registry import open_registry
from compliance.report.plain import neutral
from compliance.settings import Settings
from compliance_cli import objects
from compliance_cli.arguments import PolicyReference
from compliance_cli.objects import Engines, Selected, UsageError

if TYPE_CHECKING:
    from compliance.policy.drafts import Draft


class InventoryError(UserError):
    """An inventory that cannot be used.

    Attributes:
        problems: all that is wrong with it, by file and place; no notes.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        # Notes stop nothing, and would be counted like the rest.
        self.problems = tuple(problem for problem in problems if problem.kind != NOTE)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Request:
    """What to assess, and with what."""

    paths: tuple[Path, ...]
    policies: tuple[PolicyReference, ...] = ()
    as_of: datetime.date | None = None
    registry: Path | None = None
    engines: Engines = field(default_factory=Engines)
    deadlines: bool = True
    """Find out until when satisfied rules stay so."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An inventory with the rule sets to assess it with."""

    inventory: Inventory
    uses: tuple[PolicyUse, ...]
    settings: Settings
    others: PublishedRequirements
    """What the registry publishes beside these."""
    plan: Plan
    """The plan that lies beside the inventory."""


def assess(request: Request) -> Assessment:
    """Assesses an inventory.

    Raises:
        InventoryError: the inventory cannot be used.
        UserError: settings, policies or engine cannot.
    """
    found, plan = assess_beside(request)
    return with_plan(found, plan)


def assess_beside(request: Request) -> tuple[Assessment, Plan]:
    """Assesses an inventory, and returns the plan that lies beside it.

    Raises:
        InventoryError: the inventory cannot be used.
        UserError: settings, plan, policies or engine cannot.
    """
    with prepared(request) as ready:
        found = evaluate(ready.inventory, ready.uses, ready.others, deadlines=request.deadlines)
    marked = replace(found.metadata, marking=ready.settings.marking)
    return replace(found, metadata=marked), ready.plan


@contextmanager
def prepared(request: Request) -> Iterator[Prepared]:
    """Reads all that a request names and starts the engines; they stop with the context."""
    settings = objects.settings(request.paths)
    registry = open_registry(request.registry)
    drafts = [_draft(one.folder, request) for one in request.policies if one.folder is not None]
    named = [one for one in request.policies if one.folder is None]
    # Where the source of a policy is named, no other is meant beside it unless it is named too.
    selected = objects.select(registry, named, settings) if named or not drafts else ()
    unpublished = [draft.policy.id for draft in drafts]
    _check_policies(settings, [*registry.policies, *unpublished])
    _check_twice([*unpublished, *(one.published.policy for one in selected)])
    as_of = objects.date_or_today(request.as_of)
    inventory = read_inventory(request.paths, as_of, settings)
    plan = read_plan(request.paths, settings)
    join(inventory, plan)
    with ExitStack() as engines:
        uses = []
        for bundle, reason in (*_published(selected), *_compiled(drafts, request.engines)):
            choices = settings.parameters.get(bundle.policy_id, {})
            _check_choices(bundle.policy, choices, settings, as_of)
            engine = engines.enter_context(
                objects.open_engine(bundle, _evaluating(request.engines, drafts))
            )
            uses.append(PolicyUse(bundle, engine, reason, choices))
        used = {one.published.reference for one in selected}
        others = PublishedRequirements(registry, used)
        yield Prepared(inventory, tuple(uses), settings, others, plan)


def _draft(folder: Path, request: Request) -> Draft:
    # What reads and compiles sources is imported only for them.
    from compliance.policy.drafts import read_draft

    return read_draft(folder, objects.kinds(), request.engines.opa)


def _published(selected: Iterable[Selected]) -> Iterator[tuple[Bundle, str]]:
    for one in selected:
        yield load_bundle(one.published), one.reason


def _compiled(drafts: Iterable[Draft], engines: Engines) -> Iterator[tuple[Bundle, str]]:
    for draft in drafts:
        reason = f"built from the source in {draft.folder.as_posix()}, which is not published"
        yield draft.bundle(modules=engines.name != "opa"), reason


def _evaluating(engines: Engines, drafts: Sequence[Draft]) -> Engines:
    """The engine; a program named for compiling a draft is none of the built-in engine."""
    if drafts and engines.name != "opa":
        return replace(engines, opa=None)
    return engines


def _check_twice(used: Iterable[str]) -> None:
    """Refuses two versions of one policy, one of them not published."""
    found: set[str] = set()
    for policy in used:
        if policy in found:
            raise UsageError(
                f"The policy {policy} is named twice with --policy, once by the folder of its "
                "source. Check against one of the two at a time."
            )
        found.add(policy)


def read_inventory(paths: Sequence[Path], as_of: datetime.date, settings: Settings) -> Inventory:
    """Reads an inventory.

    Raises:
        InventoryError: it cannot be used.
    """
    allowed = settings.personal_data_allowed
    loaded = load_inventory(paths, objects.kinds(), as_of, allowed, settings.tables)
    if loaded.inventory is None:
        raise InventoryError(loaded.problems)
    return loaded.inventory


def read_plan(paths: Sequence[Path], settings: Settings) -> Plan:
    """Reads the plan and the findings from outside that lie beside an inventory.

    Raises:
        UsageError: there is no such path.
        PlanError: they cannot be used.
    """
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 (one that may not be looked at is none, too)
            raise UsageError(
                f"{neutral(path.as_posix())}: there is no such path. Expected: an existing file or "
                "folder."
            )
    return checked(load_plan(plan_folder(paths), settings.personal_data_allowed))


def _check_policies(settings: Settings, policies: Sequence[str]) -> None:
    """Refuses parameters of a policy that does not exist: its id is misspelt."""
    for policy in settings.parameters:
        if policy not in policies:
            place = settings.position("parameters", policy, key=True)
            have = ", ".join(sorted(set(policies))) or "none"
            raise UsageError(f"{place}: there is no policy {policy}. Expected: one of {have}.")


def _check_choices(
    policy: Policy, choices: Mapping[str, Any], settings: Settings, as_of: datetime.date
) -> None:
    """Refuses a value that may not stand, with its place in the settings."""
    for name, value in choices.items():
        try:
            Parameters(policy.id, policy.parameters, {name: value}, as_of)
        except ParameterError as error:
            place = settings.position("parameters", policy.id, name)
            raise UsageError(f"{place}: {error}") from error
