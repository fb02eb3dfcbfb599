"""Lays a tree out as YAML text: the same tree always as the same text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compliance.inventory.writing.nodes import Entry, Form, Node
from compliance.inventory.writing.scalar_text import folded, key_text, lines_of, scalar

WIDTH = 100
"""Columns that lines keep to where they can."""
_STEP = 2


def laid_out(root: Node) -> str:
    """The text of a whole file, ending with a line feed.

    Raises:
        UnwritableError: it holds what no reader would accept.
    """
    if root.form is Form.SCALAR or not root.entries:
        lines = [*_own_lines(root.end, 0), _in_line(root)]
        return "".join(f"{line}\n" for line in lines)
    return "".join(f"{line}\n" for line in _block(root, 0))


def _block(node: Node, column: int) -> Iterator[str]:
    """A mapping or list, an entry after the other."""
    for number, entry in enumerate(_hoisted(entry, column) for entry in node.entries):
        if entry.gap and number:
            yield ""
        yield from _own_lines(entry.before, column)
        if entry.key is not None:
            yield from _value(f"{' ' * column}{key_text(entry.key)}:", entry, column)
        elif is_in_line(entry, column + 1):
            yield from _value(f"{' ' * column}-", entry, column)
        else:
            # The first line of a mapping or list within a list stands at the hyphen.
            lines = _block(entry.node, column + _STEP)
            yield f"{' ' * column}- {next(lines).lstrip()}"
            yield from lines
    yield from _own_lines(node.end, column)


def _hoisted(entry: Entry, column: int) -> Entry:
    """An entry with the comments that cannot stand within it above it."""
    node = entry.node
    if not node.entries:
        return replace(entry, before=[*entry.before, *node.end]) if node.end else entry
    if entry.key is not None or is_in_line(entry, column + 1):
        return entry
    first = _hoisted(node.entries[0], column + _STEP)
    beside = [entry.beside] if entry.beside else []
    inner = [replace(first, before=[]), *node.entries[1:]]
    before = [*entry.before, *beside, *first.before]
    return Entry(replace(node, entries=inner), None, before, "", entry.gap)


def _value(start: str, entry: Entry, column: int) -> Iterator[str]:
    """A value behind its key or hyphen, in the same line or below."""
    beside = f"  {entry.beside}" if entry.beside else ""
    node = entry.node
    if node.form is Form.SCALAR:
        yield from _scalar(start, node, beside, column + _STEP)
        return
    line = _line(entry, len(start))
    if line is not None:
        yield f"{start} {line}{beside}"
    else:
        yield f"{start}{beside}"
        yield from _block(node, column + _STEP)


def _scalar(start: str, node: Node, beside: str, column: int) -> Iterator[str]:
    value = node.scalar
    if isinstance(value, str):
        written = scalar(value)
        literal = lines_of(value)
        block = literal
        if literal is None and len(start) + 1 + len(written) > WIDTH:
            block = folded(value, WIDTH - column)
        if block is not None:
            mark = ">-" if literal is None else "|" if value.endswith("\n") else "|-"
            yield f"{start} {mark}{beside}"
            for line in block:
                yield f"{' ' * column}{line}" if line else ""
            return
        yield f"{start} {written}{beside}"
        return
    yield f"{start} {scalar(value)}{beside}"


def is_in_line(entry: Entry, column: int) -> bool:
    """Whether the value of an entry is written in one line.

    Args:
        entry: the entry.
        column: where the value would begin.
    """
    if entry.node.form is Form.SCALAR:
        return True
    return _line(entry, column) is not None


def _line(entry: Entry, column: int) -> str | None:
    """What an entry holds in one line, or None where it takes more."""
    node = entry.node
    if node.entries and not _is_simple(node):
        return None
    line = _in_line(node)
    return line if not node.entries or column + 1 + len(line) <= WIDTH else None


def _is_simple(node: Node) -> bool:
    """Whether a list holds scalars alone, or a short mapping what fits into its line."""
    if node.form is Form.MAPPING and not node.short:
        return False
    if node.end or any(entry.before or entry.beside for entry in node.entries):
        return False
    return all(
        entry.node.form is Form.SCALAR or (node.form is Form.MAPPING and _is_simple(entry.node))
        for entry in node.entries
    )


def _in_line(node: Node) -> str:
    if node.form is Form.SCALAR:
        return scalar(node.scalar, inside=True)
    parts = []
    for entry in node.entries:
        key = "" if entry.key is None else f"{key_text(entry.key)}: "
        parts.append(key + _in_line(entry.node))
    inner = ", ".join(parts)
    return f"[{inner}]" if node.form is Form.LIST else f"{{{inner}}}"


def _own_lines(comments: list[str], column: int) -> Iterator[str]:
    for comment in comments:
        yield f"{' ' * column}{comment}" if comment else ""
