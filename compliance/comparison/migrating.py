"""Following ids from one version of a policy to another by the migration table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from compliance.assessment.model import Migration, PolicyRun


@dataclass(frozen=True)
class Succession:
    """What became of the ids of one version in another."""

    after: Mapping[str, tuple[str, ...]]
    """For each earlier id those that stand for it later; none where it vanished."""
    before: Mapping[str, tuple[str, ...]]
    """For each later id those that it stands for; none where it appeared."""
    followed: tuple[Migration, ...] = ()
    """Entries of the table that were used."""
    retired: tuple[Migration, ...] = ()
    """Entries that say why an id vanished."""

    def reason(self, old: str) -> str:
        """Why an id vanished, as the table says; empty where it says nothing."""
        return next((one.reason for one in self.retired if one.old == old), "")


NOTHING = Succession({}, {})
"""Where there is no such policy on one of the two sides."""


def succession(old: PolicyRun | None, new: PolicyRun | None, ids: str) -> Succession:
    """What became of a policy's ids.

    Args:
        old: the earlier run of the policy; None where it was not used.
        new: the later run.
        ids: ``rules`` or ``requirements``.
    """
    earlier = [] if old is None else [one.id for one in getattr(old, ids)]
    later = [] if new is None else [one.id for one in getattr(new, ids)]
    if old is None or new is None:
        nothing: dict[str, tuple[str, ...]] = dict.fromkeys(earlier, ())
        return Succession(nothing, dict.fromkeys(later, ()))
    walk = _Walk(_table(old, new, set(later)), set(later))
    after = {one: walk.from_(one) for one in earlier}
    before: dict[str, list[str]] = {one: [] for one in later}
    for one, successors in after.items():
        for successor in successors:
            before[successor].append(one)
    return Succession(
        after,
        {one: tuple(found) for one, found in before.items()},
        tuple(walk.followed),
        tuple(walk.retired),
    )


def _table(old: PolicyRun, new: PolicyRun, later: Set[str]) -> dict[str, list[Migration]]:
    """The later version's entries by the id they start from.

    Where the later run used an earlier version, the other one's entries lead back.
    """
    back = [
        Migration(one.new, one.old, one.reason)
        for one in old.migrations
        if one.new is not None and one.old in later and one.new not in later
    ]
    table: dict[str, list[Migration]] = {}
    for entry in (*new.migrations, *back):
        table.setdefault(entry.old, []).append(entry)
    return table


@dataclass
class _Walk:
    """Follows entries until they reach an id that is there."""

    table: Mapping[str, Iterable[Migration]]
    there: Set[str]
    followed: list[Migration] = field(default_factory=list)
    retired: list[Migration] = field(default_factory=list)

    def from_(self, start: str) -> tuple[str, ...]:
        """The ids that stand for one; itself, where it is there."""
        if start in self.there:
            return (start,)
        found: list[str] = []
        waiting, seen = [start], {start}
        while waiting:
            for entry in self.table.get(waiting.pop(0), ()):
                if entry.new is None:
                    self.retired.append(Migration(start, None, entry.reason))
                elif entry.new not in seen:
                    seen.add(entry.new)
                    self.followed.append(entry)
                    (found if entry.new in self.there else waiting).append(entry.new)
        return tuple(found)
