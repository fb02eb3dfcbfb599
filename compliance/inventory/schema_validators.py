"""The two validators of JSON Schemas: a fast one, and the reference, whose judgement counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from compliance.inventory.fact_schemas import JsonSchema, is_date

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator


def fast_validator(schema: JsonSchema) -> jsonschema_rs.Draft202012Validator:
    """A validator that only tells right from wrong, a hundred times faster than the reference.

    Args:
        schema: a JSON Schema (2020-12).
    """
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def reference_validator(schema: JsonSchema) -> Validator:
    """A validator that is strict about dates and about where a pattern ends.

    Args:
        schema: a JSON Schema (2020-12).
    """
    # Imported here: a right inventory never needs it.
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    formats = FormatChecker(formats=())
    formats.checks("date")(_is_date_or_no_text)
    strict = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    validator: Validator = strict(schema, format_checker=formats)
    return validator


def _is_date_or_no_text(value: object) -> bool:
    return not isinstance(value, str) or is_date(value)


def _pattern(
    validator: Validator, pattern: str, value: Any, schema: JsonSchema
) -> Iterator[ValidationError]:
    """Patterns as JSON Schema means them: ASCII classes, and ``$`` only at the very end."""
    from jsonschema import ValidationError

    del validator, schema
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value, re.ASCII):
        yield ValidationError(f"{value!r} does not match {pattern!r}")
