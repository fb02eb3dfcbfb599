"""Records as written, to plain facts and problems: fast for right ones, thorough for wrong ones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from compliance.inventory.cleaning import Cleaner, Facts, Plan, plan_of
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
        self._checks: dict[str, tuple[KindValidator, Cleaner]] = {}

    def facts(self, kind: str, raw: dict[str, Any], place: RecordPlace) -> Facts:
        """The plain facts of a record; what is wrong with it goes to its place.

        Args:
            kind: name of the record's kind.
            raw: the record as written; not changed.
            place: where it stands.
        """
        if kind not in self._checks:
            validator = kind_validator(self._kinds, kind)
            self._checks[kind] = validator, Cleaner(validator.plan, self._as_of)
        validator, cleaner = self._checks[kind]
        if not validator.accepts(raw):
            raw = validator.inspector.inspect(raw, place)
        return cleaner.clean(raw, place)


class KindValidator:
    """Validates records of one kind, whatever the date of the assessment.

    Args:
        kind: the kind.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def accepts(self, raw: Any) -> bool:
        """Whether the fast validator finds nothing wrong with a record as written."""
        return self._fast.is_valid(raw)

    @cached_property
    def inspector(self) -> Inspector:
        """Finds what is wrong with records that were not accepted."""
        return Inspector(self._kind)

    @cached_property
    def plan(self) -> Plan:
        """How records of the kind are cleaned."""
        return plan_of(self._kind)

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        return fast_validator(record_schema(self._kind))


def kind_validator(kinds: Kinds, kind: str) -> KindValidator:
    """The validator of a kind, made once: it takes longer to make than to use."""
    key = (__name__, kind)
    if key not in kinds.worked_out:
        kinds.worked_out[key] = KindValidator(kinds[kind])
    validator: KindValidator = kinds.worked_out[key]
    return validator
