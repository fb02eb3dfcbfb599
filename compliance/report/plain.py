"""Text that is safe to print: characters that act on a terminal or mislead become visible."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

WIDTH = 96
"""Columns prose is wrapped at, on a terminal and in a file alike: the same bytes everywhere."""
LONGEST = 160
"""Characters of a value that are shown."""
MOST = 8
"""Members of a list that are shown."""

_TOKEN = re.compile(r"[\w./@%:+-]+")


def neutral(text: str) -> str:
    r"""Returns a text with every character that is not printable written as its escape.

    Control characters, terminal sequences, bidirectional overrides, invisible characters and lone
    surrogates become ``\x1b``, ``\u202e`` and the like; spaces and letters of all scripts stay.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]


def value(data: Any) -> str:
    """Returns a value as it would stand in an inventory file, shortened where it is long."""
    match data:
        case bool():
            text = "true" if data else "false"
        case None:
            text = "(no value)"
        case str():
            text = _string(data)
        case dict():
            text = ", ".join(f"{neutral(str(key))}: {value(data[key])}" for key in data)
        case list() | tuple():
            text = _list(data)
        case _:
            text = neutral(str(data))
    return text


def _string(text: str) -> str:
    shown = neutral(text)
    if len(shown) > LONGEST:
        shown = f"{shown[:LONGEST]}... ({len(text):,} characters)"
    return shown if _TOKEN.fullmatch(shown) else f'"{shown}"'


def _list(members: Sequence[Any]) -> str:
    if not members:
        return "an empty list"
    return enumeration([value(member) for member in members[:MOST]], len(members))


def enumeration(shown: Sequence[str], total: int) -> str:
    """Returns ``a, b, c`` or, where more exist than are given, ``a, b, c and 4 more``."""
    text = ", ".join(shown)
    return text if total <= len(shown) else f"{text} and {total - len(shown):,} more"


def number(amount: int, one: str, many: str | None = None) -> str:
    """Returns a number with its noun: ``1 gap``, ``1,204 gaps``."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def prose(text: str, indent: str = "", first: str | None = None) -> str:
    """Returns a paragraph wrapped at `WIDTH` columns, ending with a line feed.

    Args:
        text: the paragraph; line feeds and runs of spaces in it count as one space.
        indent: what every line but the first starts with.
        first: what the first line starts with; as the others by default.
    """
    lines = textwrap.wrap(
        neutral(" ".join(text.split())),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{line}\n" for line in lines)


def columns(rows: Iterable[Sequence[str]], indent: str = "  ") -> str:
    """Returns rows as aligned columns, two spaces apart: the first left, the others right."""
    table = [list(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append(indent + "  ".join(cells).rstrip())
    return "".join(f"{line}\n" for line in lines)
