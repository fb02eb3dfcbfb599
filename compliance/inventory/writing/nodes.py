"""What is to be written, as a tree that also carries comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from compliance.errors import UserError
from compliance.inventory.flaws import DEPTH


class UnwritableError(UserError):
    """A value that no YAML file of an inventory can hold."""


class Form(Enum):
    """What a node is."""

    SCALAR = auto()
    MAPPING = auto()
    LIST = auto()


@dataclass(slots=True)
class Node:
    """A value with its comments."""

    form: Form
    scalar: str | int | float | bool | None = None
    """The value of a scalar."""
    entries: list[Entry] = field(default_factory=list)
    """What a mapping or list holds."""
    end: list[str] = field(default_factory=list)
    """Comments behind the last entry, ``#`` included; an empty text is a blank line."""
    short: bool = False
    """A mapping that is written in one line where it fits. Lists of scalars always are."""

    def entry(self, key: str) -> Entry | None:
        """The entry of a key; None where there is none."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(slots=True)
class Entry:
    """A key with its value, or a member of a list."""

    node: Node
    key: str | None = None
    """None for a member of a list."""
    before: list[str] = field(default_factory=list)
    """Comment lines above it, ``#`` included; an empty text is a blank line."""
    beside: str = ""
    """Comment at the end of its (first) line."""
    gap: bool = False
    """Whether a blank line stands above it and its comments."""


def build(value: Any, depth: int = 0) -> Node:
    """The tree of a plain value, in the order of its mappings.

    Raises:
        UnwritableError: mappings and lists are nested too deep, or a key is no text.
    """
    if depth > DEPTH:
        raise UnwritableError(
            f"Mappings and lists nested more than {DEPTH} deep are never written."
        )
    if value is None or isinstance(value, str | int | float):
        return Node(Form.SCALAR, scalar=value)
    if isinstance(value, Mapping):
        return Node(Form.MAPPING, entries=[_keyed(key, value[key], depth) for key in value])
    if isinstance(value, list | tuple):
        return Node(Form.LIST, entries=[Entry(build(member, depth + 1)) for member in value])
    raise TypeError(f"{type(value).__name__} is no plain value")


def _keyed(key: Any, value: Any, depth: int) -> Entry:
    if not isinstance(key, str):
        raise UnwritableError(f"The key {key!r} is no text, and no other can be written.")
    return Entry(build(value, depth + 1), key)


def plain(node: Node) -> Any:
    """The plain value of a tree."""
    if node.form is Form.SCALAR:
        return node.scalar
    if node.form is Form.LIST:
        return [plain(entry.node) for entry in node.entries]
    return {entry.key: plain(entry.node) for entry in node.entries}
