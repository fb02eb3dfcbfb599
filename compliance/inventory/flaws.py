"""What parsing one file yields, and the repair of mappings with keys that cannot stand."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from typing import Any

from compliance.inventory.source import size

DEPTH = 64
"""Mappings and lists may be nested this deep."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One problem at an offset of the text, in characters."""

    offset: int
    message: str
    expected: str
    earlier: tuple[str, int] | None = None
    """Another place that matters, as a word and its offset: ``("opened", 17)``."""


class SyntaxFlawError(Exception):
    """The text cannot be read any further.

    Attributes:
        flaw: what stopped it.
    """

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.message)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text holds."""

    value: Any
    """The plain value; None where the text could not be read to its end."""
    offsets: array[int]
    """Offset of each key and value, parents before children, each key before its value."""
    flaws: list[Flaw]
    whole: bool = True
    """Whether the text was read to its end."""


def too_deep(offset: int) -> SyntaxFlawError:
    """The flaw of nesting beyond :data:`DEPTH`."""
    return SyntaxFlawError(
        Flaw(
            offset,
            f"mappings and lists are nested more than {DEPTH} deep",
            "records as the reference of kinds describes them, at most a few levels deep",
        )
    )


def mapping(items: list[Any], first: int, offsets: array[int], flaws: list[Flaw]) -> dict[str, Any]:
    """A mapping from its keys and values in turn.

    Repeated keys and keys that are no text become flaws; of the former the first one counts, the
    latter are left out, both with the offsets of what belongs to them.

    Args:
        items: key, value, key, value, ...
        first: index in ``offsets`` of the first key; the offsets end with the mapping's last value.
        offsets: offsets of all keys and values so far; shortened where keys are left out.
        flaws: takes what is wrong.
    """
    found: dict[str, Any] = {}
    places: dict[str, int] = {}
    refused = {flaw.offset for flaw in flaws}
    number = first
    for key, value in zip(items[::2], items[1::2], strict=True):
        length = size(key) + size(value)
        offset = offsets[number]
        flaw = _key_flaw(key, offset, places)
        if flaw is None:
            found[key] = value
            places[key] = offset
            number += length
            continue
        if offset not in refused:  # A key that was refused as a value is told of already.
            flaws.append(flaw)
        del offsets[number : number + length]
    return found


def _key_flaw(key: Any, offset: int, places: dict[str, int]) -> Flaw | None:
    if isinstance(key, dict | list):
        return Flaw(offset, "a list or mapping stands in the place of a key", "a name as the key")
    if not isinstance(key, str):
        word = json.dumps(key)
        return Flaw(offset, f"the key {word} is no text", f"a name as the key; in quotes: '{word}'")
    if key in places:
        return Flaw(
            offset,
            f"the key {key} stands twice in the same mapping",
            "each key once: remove one of the two, or put the second into a record of its own",
            ("first", places[key]),
        )
    return None
