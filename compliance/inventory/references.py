"""Checks that what records refer to is there."""

from __future__ import annotations

import re
from typing import Any

from compliance.inventory.collecting import Collected
from compliance.inventory.kinds import AGENCY, ANY, Fact, Kind, Kinds
from compliance.inventory.links import ALL, kind_of_all, targets
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Problem, closest
from compliance.inventory.store import Record
from compliance.inventory.wording import Wording

_COMPARISONS = 30_000
"""So many ids are compared in search of similar ones; after that there are no suggestions."""
_OWN_PROVIDER = Wording(
    "the provider names itself as a consumer, and nobody inherits from itself",
    "the records it carries the requirements for; what it does for itself are facts of its own",
)
_NUMBER = re.compile(r"\.([0-9]+)(?=\.|$)")


def check_references(
    collected: Collected, kinds: Kinds, problems: list[Problem], *, some_unread: bool
) -> None:
    """Add a problem for each reference to a record that is not there.

    Args:
        collected: all records.
        kinds: all kinds.
        problems: takes the problems.
        some_unread: whether a file could not be read, which may hold what is missing.
    """
    check = _Check(collected, kinds, problems, some_unread)
    for name, records in sorted(collected.by_kind.items()):
        links = _links(kinds[name])
        for record in records.values():
            for fact in links:
                value = record.get(fact.path)
                if value is not None:
                    check.link(record, fact, value)
    for statement, place in collected.statements:
        if statement.provider.partition("/")[0] != AGENCY:  # Another agency may be the provider.
            check.subject(statement.provider, place, ("provider",))
        for index, consumer in enumerate(statement.consumers):
            check.subject(consumer, place, ("consumers", index))
            if consumer == statement.provider:
                place.error(("consumers", index), _OWN_PROVIDER)


def _links(kind: Kind) -> list[Fact]:
    return [fact for fact in kind.facts.values() if fact.type == "link"]


class _Check:
    def __init__(
        self, collected: Collected, kinds: Kinds, problems: list[Problem], some_unread: bool
    ) -> None:
        self._collected = collected
        self._kinds = kinds
        self._problems = problems
        self._unread = " (unless a file that could not be read holds it)" if some_unread else ""
        self._comparisons = _COMPARISONS

    def link(self, record: Record, fact: Fact, value: Any) -> None:
        of_all = kind_of_all(value)
        if of_all is not None and of_all not in self._kinds:
            self._at(record, f"{fact.path}.{ALL}", self._no_kind(of_all))
        for kind, name in targets(fact, value):
            if name in self._collected.by_kind.get(kind, ()):
                continue
            written = f"{kind}/{name}" if fact.target == ANY else name
            path = fact.path
            if isinstance(value, list):
                path += f".{value.index(written)}"
            wording = self._missing(kind, name, written)
            if fact.sensitive:
                wording = Wording("there is no such record", wording.expected)
            self._at(record, path, wording)

    def subject(self, reference: str, place: RecordPlace, path: tuple[str | int, ...]) -> None:
        kind, _, name = reference.partition("/")
        if name not in self._collected.by_kind.get(kind, ()):
            place.error(path, self._missing(kind, name, reference))

    def _at(self, record: Record, path: str, wording: Wording) -> None:
        position = record.position(path)
        if position is None:
            raise ValueError(f"{record.subject} holds nothing at {path}")
        fact = _NUMBER.sub(r"[\1]", path)
        self._problems.append(
            Problem(
                position, f"{record.subject} {fact}", wording.message, wording.expected,
                wording.suggestion,
            )
        )  # fmt: skip

    def _no_kind(self, kind: str) -> Wording:
        expected = f"one of {', '.join(self._kinds)}"
        return Wording(f"there is no kind {kind}", expected, closest(kind, self._kinds))

    def _missing(self, kind: str, name: str, written: str) -> Wording:
        if kind not in self._kinds:
            return self._no_kind(kind)
        return Wording(
            f"there is no {kind} with the id {name}{self._unread}",
            f"the id of a record under the key {self._kinds[kind].collection}",
            self._similar(kind, name, written),
        )

    def _similar(self, kind: str, name: str, written: str) -> str:
        ids = self._collected.by_kind.get(kind, {})
        self._comparisons -= len(ids)
        if self._comparisons < 0:
            return ""
        meant = closest(name, ids)
        return written.removesuffix(name) + meant if meant else ""
