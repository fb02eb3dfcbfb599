"""The text of the importer's file, with the comments that people wrote into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compliance.inventory.kinds import Kinds
from compliance.inventory.writing.arranging import arrange
from compliance.inventory.writing.commented import Document, comments_of, read_commented
from compliance.inventory.writing.layout import laid_out
from compliance.inventory.writing.nodes import Entry, Form, Node, build, plain


def text_of_file(content: Mapping[str, Any], kinds: Kinds, heading: str, before: str = "") -> str:
    """The text of an inventory file.

    Args:
        content: what it holds.
        kinds: all kinds.
        heading: its first comment, without ``#``.
        before: the text it replaces, whose comments are kept: in their place where what they are
            about is still there, else at the top.

    Raises:
        UnwritableError: the content holds what no inventory may hold.
    """
    root = build(content)
    head = [f"# {line}" for line in heading.splitlines()]
    if _has_comments(before, head):
        old = read_commented(before)
        kept = comments_of(old)
        _move(old.root, root)
        old_head = [line for line in old.head if line not in head]
        missing = _without(kept, comments_of(Document(root, [*old_head, *head])))
        head += [line for line in (*old_head, *missing) if line]
    arrange(root, kinds)
    return "".join(f"{line}\n" for line in head) + "\n" + laid_out(root)


def _has_comments(text: str, head: list[str]) -> bool:
    """Whether people may have written comments into a text; a large one takes long to search."""
    own = "".join(f"{line}\n" for line in head)
    return "#" in text.replace("\r\n", "\n").removeprefix(own)


def _without(lines: list[str], others: list[str]) -> list[str]:
    """The lines that are not among others, as often as they are more."""
    rest = list(others)
    found = []
    for line in lines:
        if line in rest:
            rest.remove(line)
        else:
            found.append(line)
    return found


def _move(old: Node, new: Node) -> None:
    """Moves the comments of one tree to the same places of another."""
    if old.form is not new.form:
        return
    new.end = old.end
    by_name = {_name(entry): entry for entry in new.entries}
    for entry in old.entries:
        there = by_name.get(_name(entry))
        if there is not None:
            there.before, there.beside, there.gap = entry.before, entry.beside, entry.gap
            _move(entry.node, there.node)


def _name(entry: Entry) -> str:
    """What tells an entry from the others beside it: its key, its id, or its value."""
    if entry.key is not None:
        return entry.key
    named = entry.node.entry("id") if entry.node.form is Form.MAPPING else None
    return repr(plain(named.node if named is not None else entry.node))
