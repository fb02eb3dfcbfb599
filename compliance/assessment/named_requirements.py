"""Requirements that an inventory names: decisions are about some, providers carry some.

A misspelt id speaks of no requirement, so that no rule would ever look at what was said of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import NOTE, WRONG_VALUE, Position, Problem, closest
from compliance.inventory.store import Inventory
from compliance.policy.model import Policy

MARK = "x-requirement"
"""Key of a fact's schema: the fact holds the id of a requirement."""
_SUGGESTED = 200
"""For so many ids, each once, a similar one is searched."""


class OtherPolicies(Protocol):
    """What is published beside the policies of a run."""

    @property
    def policies(self) -> Collection[str]:
        """Ids of policies, used ones among them."""

    def holder(self, requirement: str) -> str | None:
        """The version not used that has a requirement, or None: ``hipaa 0.1.0``."""


class _Nothing:
    policies: Collection[str] = ()

    def holder(self, requirement: str) -> str | None:
        del requirement
        return None


NOTHING_ELSE: OtherPolicies = _Nothing()
"""No other policies are at hand."""


@dataclass(frozen=True, slots=True)
class _Named:
    """One place that names a requirement."""

    requirement: str
    position: Position
    path: str


def requirement_problems(
    inventory: Inventory, policies: Sequence[Policy], others: OtherPolicies = NOTHING_ELSE
) -> list[Problem]:
    """What is wrong with the ids of requirements that an inventory names.

    An id that belongs to a version not used is a note, and so is one of a policy that is not there.
    A wrong value is an id that a policy of this run would have, had it any such, or one much like
    an id it has.

    Args:
        inventory: the agency's records.
        policies: the policies of the run.
        others: what else is published; asked only about ids that no policy of the run has.

    Returns:
        Wrong values and notes, in the order of records and statements.
    """
    check = _Check(policies, others)
    return [
        check.problem(named) for named in _named(inventory) if named.requirement not in check.known
    ]


def _named(inventory: Inventory) -> Iterator[_Named]:
    for kind, path in _facts(inventory.kinds):
        for record in inventory.iterate(kind):
            value, position = record.get(path), record.position(path)
            if isinstance(value, str) and position is not None:
                yield _Named(value, position, f"{record.subject} {path}")
    for statement in inventory.inheritance:
        places = zip(statement.requirements, statement.requirement_positions, strict=False)
        for index, (requirement, position) in enumerate(places):
            path = f"inheritance of {statement.provider} requirements[{index}]"
            yield _Named(requirement, position, path)


def _facts(kinds: Kinds) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        for fact in kinds[kind].facts.values():
            if fact.schema.get(MARK):
                yield kind, fact.path


class _Check:
    def __init__(self, policies: Sequence[Policy], others: OtherPolicies) -> None:
        self.known = {one.id for policy in policies for one in policy.requirements}
        self._labels = {
            _plain(one.label): one.id for policy in policies for one in policy.requirements
        }
        self._used = {policy.id: policy.version for policy in policies}
        self._others = others
        self._meant: dict[str, str] = {}

    def problem(self, named: _Named) -> Problem:
        """The problem of an id that no policy of the run has."""
        requirement = named.requirement
        holder = self._others.holder(requirement)
        if holder is not None:
            what = (
                f"the requirement {requirement} is one of {holder}, which this run does not check, "
                "so nothing here counts it"
            )
            return Problem(named.position, named.path, what, kind=NOTE)
        owner, meant = self._owner(requirement), self._near(requirement)
        if owner in self._used:
            what = f"{owner} {self._used[owner]} has no requirement {requirement}"
        elif owner is not None:
            what = f"no published version of {owner} has a requirement {requirement}"
        else:
            what = f"no policy known here has a requirement {requirement}"
        slip = owner in self._used or (owner is None and bool(meant))
        return Problem(
            named.position,
            named.path,
            f"{what}, so nothing counts it",
            "the id of a requirement, as compliance policy coverage lists them" if slip else "",
            meant,
            WRONG_VALUE if slip else NOTE,
        )

    def _owner(self, requirement: str) -> str | None:
        """The policy whose ids begin as this one does; of several the one with the longest id."""
        policies = {*self._used, *self._others.policies}
        begun = [policy for policy in policies if requirement.startswith(f"{policy}-")]
        return max(begun, key=len, default=None)

    def _near(self, requirement: str) -> str:
        if requirement not in self._meant:
            if len(self._meant) >= _SUGGESTED:
                return ""
            label = self._labels.get(_plain(requirement))
            self._meant[requirement] = label or closest(requirement, self.known)
        return self._meant[requirement]


def _plain(label: str) -> str:
    """A citation without its spaces: people write `45 CFR 164.312 (a)` in several ways."""
    return "".join(label.split()).casefold()
