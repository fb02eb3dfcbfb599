"""YAML text of plain values and of whole inventory files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compliance.inventory.kinds import Kinds
from compliance.inventory.writing.arranging import arrange
from compliance.inventory.writing.layout import laid_out
from compliance.inventory.writing.nodes import build


def yaml_text(value: Any) -> str:
    """The text of a plain value, in the order of its mappings.

    Our reader reads it back to the identical value, and so does a reader of YAML 1.1 but for days,
    which it takes for dates.

    Args:
        value: dict, list, str, int, float, bool or None.

    Raises:
        UnwritableError: it holds what no inventory may hold: control characters, infinities,
            integers beyond 2^53, keys that are no text, or nesting beyond 64.
    """
    return laid_out(build(value))


def inventory_text(content: Mapping[str, Any], kinds: Kinds) -> str:
    """The text of an inventory file, in the order that ``compliance inventory fmt`` keeps.

    Args:
        content: what the file holds, by key: ``agency``, collections, ``inheritance``, ``answers``.
        kinds: all kinds.

    Raises:
        UnwritableError: as for :func:`yaml_text`.
    """
    root = build(content)
    arrange(root, kinds)
    return laid_out(root)
