"""Records as written, to plain facts and problems: fast for right ones, thorough for wrong ones."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from compliance.inventory.cleaning import Cleaner, Facts
from compliance.inventory.fact_schemas import record_schema
from compliance.inventory.inspection import Inspector
from compliance.inventory.kinds import Kind, Kinds
from compliance.inventory.place import RecordPlace
from compliance.inventory.schema_validators import fast_validator

if TYPE_CHECKING:
    import jsonschema_rs


class RecordValidator:
    """Validates records of all kinds.

    Args:
        kinds: all kinds.
        as_of: date of the assessment, ``2026-11-23``.
    """

    def __init__(self, kinds: Kinds, as_of: str) -> None:
        self._kinds = kinds
        self._as_of = as_of
        self._checks: dict[str, KindValidator] = {}

    def facts(self, kind: str, raw: dict[str, Any], place: RecordPlace) -> Facts:
        """The plain facts of a record; what is wrong with it goes to its place.

        Args:
            kind: name of the record's kind.
            raw: the record as written; not changed.
            place: where it stands.
        """
        check = self._checks.get(kind)
        if check is None:
            check = self._checks[kind] = KindValidator(self._kinds[kind], self._as_of)
        return check.facts(raw, place)


class KindValidator:
    """Validates records of one kind.

    Args:
        kind: the kind.
        as_of: date of the assessment, ``2026-11-23``.
    """

    def __init__(self, kind: Kind, as_of: str) -> None:
        self._kind = kind
        self._cleaner = Cleaner(kind, as_of)

    def accepts(self, raw: Any) -> bool:
        """Whether the fast validator finds nothing wrong with a record as written."""
        return _fast(self._kind).is_valid(raw)

    def facts(self, raw: dict[str, Any], place: RecordPlace) -> Facts:
        """See :meth:`RecordValidator.facts`."""
        if not self.accepts(raw):
            raw = self._inspector.inspect(raw, place)
        return self._cleaner.clean(raw, place)

    @cached_property
    def _inspector(self) -> Inspector:
        return Inspector(self._kind)


@lru_cache(maxsize=64)
def _fast(kind: Kind) -> jsonschema_rs.Draft202012Validator:
    """Made once a kind: small inventories are read by the hundred when rules are tested."""
    return fast_validator(record_schema(kind))
