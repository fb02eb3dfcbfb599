"""What inventory files list beside records: the schema of one entry, and words for its problems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from compliance import resources
from compliance.inventory.fact_schemas import JsonSchema
from compliance.inventory.place import Steps
from compliance.inventory.problems import closest
from compliance.inventory.schema_validators import reference_validator
from compliance.inventory.wording import Wording, shown

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

WordedProblem = tuple[Steps, Wording, bool]
"""Where it is below the entry, the words, and whether the key is at fault and not its value."""


@dataclass(frozen=True, slots=True)
class Form:
    """One sort of entry, such as the answers."""

    file: str
    """Its schema below ``schemas/``."""
    short: str
    """The entry in a word: ``answer``."""
    article: str
    """The word's article: ``an``."""
    long: str
    """The entry with its article, in full: ``a statement of inheritance``."""

    @property
    def schema(self) -> JsonSchema:
        """The schema of one entry."""
        return _schema(self.file)

    @property
    def validator(self) -> Validator:
        """The reference validator of the schema."""
        return _validator(self.file)

    def shape_problems(self, error: ValidationError) -> Iterator[WordedProblem]:
        """What keys are missing or unknown, and what stands in the place of an entry.

        Args:
            error: what the validator found; nothing comes of one about a single value.
        """
        properties = self.schema["properties"]
        path = tuple(error.absolute_path)
        written: Any = error.instance
        if error.validator == "required":
            missing = str(error.message).split("'")[1]
            expected = f"the key {missing} ({properties[missing]['title'].lower()})"
            yield path, Wording(f"the {self.short} is not whole", expected), False
        elif error.validator == "additionalProperties":
            for name in written:
                if name not in properties:
                    message = f"there is no key {name} in {self.long}"
                    expected = f"one of {', '.join(properties)}"
                    yield (*path, name), Wording(message, expected, closest(name, properties)), True
        elif not path and error.validator == "type":
            message = f"{shown(written)} stands in the place of {self.article} {self.short}"
            yield path, Wording(message, f"a mapping with {', '.join(properties)}"), False


@cache
def _schema(file: str) -> JsonSchema:
    schema: JsonSchema = json.loads((resources.schemas() / file).read_text(encoding="utf-8"))
    return schema


@cache
def _validator(file: str) -> Validator:
    return reference_validator(_schema(file))
