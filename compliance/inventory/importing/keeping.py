"""The text of the importer's files, with the comments that people wrote into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from compliance.inventory.kinds import Kinds
from compliance.inventory.writing.arranging import arrange
from compliance.inventory.writing.commented import Document, comments_of, read_commented
from compliance.inventory.writing.layout import laid_out
from compliance.inventory.writing.nodes import Entry, Form, Node, build, plain


def texts_of_files(
    content: Mapping[str, Any],
    kinds: Kinds,
    heading: Callable[[int], str],
    before: Mapping[int, str],
    largest: int,
) -> list[str]:
    """The text of an inventory file, or of several where one would be too large to be read.

    Args:
        content: what they hold together.
        kinds: all kinds.
        heading: the first comment of the file of a number from 1, without ``#``.
        before: the texts they replace by number, whose comments are kept: in their place where
            what they are about is still there, else at the top.
        largest: bytes that a file may have; a record that is larger by itself gets a larger file.

    Raises:
        UnwritableError: the content holds what no inventory may hold.
    """
    root = build(content)
    kept = _keep_comments(root, before, {number: _head(heading, number) for number in before})
    arrange(root, kinds)
    whole = _text([*_head(heading, 1), *kept], root)
    if len(whole.encode()) <= largest:
        return [whole]
    room = largest - max(
        len(_text(head, Node(Form.MAPPING)).encode())
        for head in ([*_head(heading, 1), *kept], _head(heading, 1_000_000))
    )
    return [
        _text([*_head(heading, number), *(kept if number == 1 else ())], part)
        for number, part in enumerate(_parts(root, room), 1)
    ]


def _head(heading: Callable[[int], str], number: int) -> list[str]:
    return [f"# {line}" for line in heading(number).splitlines()]


def _text(head: list[str], root: Node) -> str:
    return "".join(f"{line}\n" for line in head) + "\n" + laid_out(root)


def _keep_comments(
    root: Node, before: Mapping[int, str], heads: Mapping[int, list[str]]
) -> list[str]:
    """Moves comments of the texts to a new tree; gives back those that go to the top."""
    texts = [text for number, text in before.items() if _has_comments(text, heads[number])]
    if not texts:
        return []
    old = _joined([read_commented(text) for text in before.values()])
    kept = comments_of(old)
    _move(old.root, root)
    own = {line for head in heads.values() for line in head}
    old_head = [line for line in old.head if line not in own]
    missing = _without(kept, comments_of(Document(root, [*old_head, *own])))
    return [line for line in (*old_head, *missing) if line and line not in own]


def _joined(documents: Sequence[Document]) -> Document:
    """Several files as one: what stands under the same key stands together."""
    root = Node(Form.MAPPING)
    for document in documents:
        root.end += document.root.end
        for entry in document.root.entries:
            _add(root, entry)
    return Document(root, [line for document in documents for line in document.head])


def _parts(root: Node, room: int) -> list[Node]:
    """The tree as several, none of more bytes than there is room, parted between records."""
    parts = [Node(Form.MAPPING)]
    free = room
    for entry in root.entries:
        for piece in _pieces(entry):
            # Blank lines above the record and above its key.
            size = len(laid_out(Node(Form.MAPPING, entries=[piece])).encode()) + 2
            if size > free and parts[-1].entries:
                parts.append(Node(Form.MAPPING))
                free = room
            _add(parts[-1], piece)
            free -= size
    parts[-1].end = root.end
    return parts


def _pieces(entry: Entry) -> Iterator[Entry]:
    """A key with one of its records each."""
    members = entry.node.entries if entry.node.form is Form.LIST else []
    if len(members) < 2:
        yield entry
        return
    for number, member in enumerate(members):
        end = entry.node.end if number == len(members) - 1 else []
        node = Node(Form.LIST, entries=[member], end=end)
        yield replace(entry, node=node) if number == 0 else Entry(node, entry.key, gap=entry.gap)


def _add(root: Node, entry: Entry) -> None:
    """Adds a key to a mapping, or its members to those of the same key."""
    there = root.entry(str(entry.key))
    if there is None or there.node.form is not Form.LIST or entry.node.form is not Form.LIST:
        node = replace(entry.node, entries=list(entry.node.entries), end=list(entry.node.end))
        root.entries.append(replace(entry, node=node, before=list(entry.before)))
        return
    there.before += entry.before + ([entry.beside] if entry.beside else [])
    there.node.entries += entry.node.entries
    there.node.end += entry.node.end


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
