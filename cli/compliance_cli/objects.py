"""Makes what commands work with from what the user asked for."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import resources
from compliance.errors import UserError
from compliance.inventory.problems import Position, Problem, closest
from compliance.report.plain import neutral, number

if TYPE_CHECKING:
    from compliance.engine.interface import Engine
    from compliance.inventory.kinds import Kinds
    from compliance.policy.bundle import Bundle
    from compliance.policy.loader import LoadedPolicy
    from compliance.policy.model import Policy
    from compliance.policy.registry import Published, Registry
    from compliance.settings import Settings
    from compliance_cli.arguments import PolicyReference, RuleReference

TOKEN = "COMPLIANCE_OPA_TOKEN"  # noqa: S105
"""Environment variable with the bearer token for the server of ``--opa-url``."""
SOURCE_DATE = "SOURCE_DATE_EPOCH"
"""Environment variable: seconds since 1970 that stand for now, so that a run can be repeated."""


class UsageError(UserError):
    """Options that do not go together."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Which engine evaluates."""

    name: str = "wasm"
    opa: Path | None = None
    """The program, for a server of our own."""
    opa_url: str | None = None
    """A server that runs already."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A policy version to check against, and why this one."""

    published: Published
    reason: str


def kinds() -> Kinds:
    """The kinds of subjects the program ships."""
    from compliance.inventory.kinds import load_kinds

    return load_kinds(resources.schemas() / "inventory")


def date_or_today(as_of: datetime.date | None) -> datetime.date:
    """The date asked for, else that of ``SOURCE_DATE_EPOCH`` (UTC), else the date of today here."""
    given = os.environ.get(SOURCE_DATE)
    if as_of is not None or given is None:
        return as_of or datetime.date.today()
    try:
        return datetime.datetime.fromtimestamp(int(given), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{SOURCE_DATE} is {given!r}, which is no number of seconds since 1970. Set it to one, "
            "or unset it."
        ) from None


def settings(paths: Sequence[Path]) -> Settings:
    """The settings that hold for an inventory."""
    from compliance.settings import find_settings, read_settings

    return read_settings(find_settings(paths, Path.cwd()))


def select(
    registry: Registry, named: Sequence[PolicyReference], chosen: Settings
) -> tuple[Selected, ...]:
    """The policy versions to check against, by id.

    Args:
        registry: where they are published.
        named: what the command line names.
        chosen: settings, for where it names none.
    """
    if named:
        return _resolved(registry, map(str, named), "named with --policy")
    if chosen.policies:
        for index, reference in enumerate(chosen.policies):
            _check_named(registry, reference, chosen.position("policies", index))
        return _resolved(registry, chosen.policies, "named in compliance.yaml")
    newest = "newest published version of a binding policy"
    found = tuple(Selected(published, newest) for published in registry.binding())
    if not found:
        raise UsageError(
            f"{registry.folder.as_posix()} publishes no binding policy. Name one with --policy."
        )
    return found


def _check_named(registry: Registry, reference: str, place: Position | None) -> None:
    """Refuses a policy of the settings that is not there, with its place."""
    from compliance.policy.registry import UnknownPolicyError

    try:
        registry.resolve(reference)
    except UnknownPolicyError as error:
        raise UsageError(f"{place}: {error}") from error


def _resolved(registry: Registry, references: Iterable[str], reason: str) -> tuple[Selected, ...]:
    found: dict[str, Selected] = {}
    for reference in references:
        published = registry.resolve(reference)
        other = found.get(published.policy)
        if other is not None and other.published.version != published.version:
            raise UsageError(
                f"{other.published.reference} and {published.reference} are two versions of one "
                "policy. Check against one of them at a time."
            )
        found[published.policy] = Selected(published, reason)
    return tuple(found[policy] for policy in sorted(found))


def open_engine(bundle: Bundle, engines: Engines) -> Engine:
    """An engine for one policy version; the caller closes it."""
    if engines.name == "opa":
        return _open_opa(bundle, engines)
    if engines.opa is not None or engines.opa_url is not None:
        raise UsageError("--opa and --opa-url belong to --engine opa. Add it, or leave them out.")
    from compliance.engine.cache import CompileCache
    from compliance.engine.wasm import WasmEngine

    if bundle.wasm is None:
        raise UsageError(f"{bundle.policy_id} {bundle.version} has no module. Build it again.")
    return WasmEngine(
        bundle.wasm, bundle.why, bundle.entries, fuel=bundle.fuel, cache=CompileCache.of_user()
    )


def _open_opa(bundle: Bundle, engines: Engines) -> Engine:
    if engines.opa is not None and engines.opa_url is not None:
        raise UsageError("--opa starts a server and --opa-url names one. Give only one of them.")
    from compliance.engine.opa_server import OpaServer

    root = bundle.policy.root
    if engines.opa_url is not None:
        return OpaServer.connect(
            engines.opa_url, bundle.rego, root, bundle.entries, token=os.environ.get(TOKEN)
        )
    from compliance.engine.opa_program import find_opa

    return OpaServer.start(find_opa(engines.opa), bundle.rego, root, bundle.entries)


def load_policy_source(folder: Path) -> LoadedPolicy:
    """The policy of a source folder, with its problems."""
    from compliance.policy.loader import load_policy

    return load_policy(folder, kinds())


def unknown_rule(policy: Policy, reference: RuleReference) -> UserError:
    """The error that a policy has no such rule, with the one that was probably meant."""
    near = closest(reference.rule, policy.rules_by_id)
    hint = f" Did you mean {policy.id}/{near}?" if near else ""
    return UserError(
        f"The policy {policy.id} {policy.version} has no rule {reference.rule}.{hint} "
        "A gap report names each rule it lists."
    )


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem on a line of its own; text of the files made safe to print."""
    for problem in problems:
        yield neutral(str(problem)) + "\n"


def problem_count(problems: Sequence[Problem]) -> str:
    """How many problems there are in how many files."""
    files = len({problem.position.file for problem in problems})
    return f"{number(len(problems), 'problem')} in {number(files, 'file')}."
