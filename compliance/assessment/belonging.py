"""To which unit a record belongs and who answers for it, so that reports can be narrowed to them.

The schemas of the kinds say which facts tell it (``x-reports``).
"""

from __future__ import annotations

from compliance.inventory.kinds import KNOWN_NONE, Fact, Kinds
from compliance.inventory.store import Record

UNIT = "unit"
OWNER = "owner"


class Belonging:
    """Reads the facts that say to whom records belong."""

    def __init__(self, kinds: Kinds) -> None:
        facts = {name: tuple(kinds[name].facts.values()) for name in kinds}
        self._units = {name: _paths(found, UNIT) for name, found in facts.items()}
        self._owners = {name: _paths(found, OWNER) for name, found in facts.items()}
        self._targets = {
            fact.target for found in facts.values() for fact in found if fact.reports == UNIT
        }

    def units(self, record: Record) -> tuple[str, ...]:
        """Ids of the units a record names, or is, in order; none where it names none."""
        found = {record.id} if record.kind in self._targets else set()
        for path in self._units[record.kind]:
            found |= _texts(record.get(path))
        return tuple(sorted(found))

    def owner(self, record: Record) -> str | None:
        """The person (an id) or role that answers for a record; None where nobody is named."""
        named = [text for path in self._owners[record.kind] for text in _texts(record.get(path))]
        return named[0] if named else None


def _paths(facts: tuple[Fact, ...], word: str) -> tuple[str, ...]:
    return tuple(fact.path for fact in facts if fact.reports == word and not fact.sensitive)


def _texts(value: object) -> set[str]:
    members = value if isinstance(value, list | tuple) else [value]
    return {one for one in members if isinstance(one, str) and one != KNOWN_NONE}
