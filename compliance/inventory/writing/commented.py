"""Reads YAML text into a tree that keeps its comments.

Each comment goes to what it is about: one at the end of a line to the key or member there, one on
lines of its own to the key or member below, or, where it is indented deeper than that, to the end
of the mapping or list above that stands as deep.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from compliance.inventory.scalars import resolve
from compliance.inventory.source import line_starts
from compliance.inventory.writing.nodes import Entry, Form, Node

_COMMENT = re.compile(r"#[^\r\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\r\n]*)")
_OUTERMOST = -1
_TO_EDITORS = "# yaml-language-server:"
"""Beginning of a comment that is about the whole file, wherever blank lines stand."""


@dataclass(slots=True)
class Document:
    """A file's content with its comments."""

    root: Node
    head: list[str] = field(default_factory=list)
    """Comments at the top that a blank line parts from the rest."""


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    line: int
    """From 1."""
    column: int
    """From 0; :data:`_OUTERMOST` for one that belongs to what follows, wherever it stands."""
    parted: bool
    """Whether the line above is blank."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read, or has just ended."""

    node: Node
    holder: Entry
    column: int
    """Where its keys or hyphens stand, from 0."""
    flow: bool
    pending: Entry | None = None
    """In a mapping: the key whose value comes next."""


def read_commented(text: str) -> Document:
    """The tree of a text that :func:`compliance.inventory.yaml_reader.parse_yaml` accepts.

    Args:
        text: the whole file, without a byte order mark.
    """
    return _Reader(text).read()


def comments_of(document: Document) -> list[str]:
    """Every comment of a tree."""
    found = [*document.head]
    nodes = [document.root]
    while nodes:
        node = nodes.pop()
        found += node.end
        for entry in node.entries:
            found += [*entry.before, entry.beside]
            nodes.append(entry.node)
    return sorted(comment for comment in found if comment)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = line_starts(text)
        self._cursor = 0
        """Up to here the text is read."""
        self._waiting: list[_Comment] = []
        """Comments on lines of their own, until what follows is known."""
        self._last: Entry | None = None
        """The entry that a comment at the end of the line is about."""
        self._last_comment: tuple[int, int] = (0, 0)
        """Line and column of the last comment beside an entry."""
        self._open: list[_Open] = []
        self._closed: list[_Open] = []
        """What has ended since the last entry began."""
        self._document = Document(Node(Form.SCALAR))
        self._top = Entry(self._document.root)
        """Holds the root as an entry holds a value."""

    def read(self) -> Document:
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        get: Any = loader(self._text).get_event
        for event in iter(get, None):
            self._event(event)
        self._gap(len(self._text))
        self._finish()
        return self._document

    def _event(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self._gap(start)
        if isinstance(event, DocumentStartEvent):
            self._gap(end)
        elif isinstance(event, CollectionEndEvent):
            self._end(event)
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, CollectionStartEvent):
            self._start(event)

    # Comments between two events

    def _gap(self, end: int) -> None:
        """Take the comments from where reading stands up to an offset."""
        start = self._cursor
        for found in _COMMENT.finditer(self._text, start, max(start, end)):
            self._comment(found)
        self._cursor = max(start, end)

    def _comment(self, found: re.Match[str]) -> None:
        line, column = self._place(found.start())
        first = self._lines[line - 1]
        before = self._text[max(first, self._cursor) : found.start()].strip()
        text = found[0].rstrip()
        own = first >= self._cursor and not before
        if own:
            if (line - 1, column) == self._last_comment and self._last is not None:
                self._continued(text, line, column)
                return
            self._waiting.append(_Comment(text, line, column, self._is_blank(line - 1)))
        elif self._last is None or before.lstrip(":,]}").startswith(("-", "?")):
            self._waiting.append(_Comment(text, line, _OUTERMOST, parted=False))
        else:
            self._beside(self._last, text)
            self._last_comment = (line, column)

    def _continued(self, text: str, line: int, column: int) -> None:
        """A comment that goes on below: all its lines move above the entry."""
        entry = self._last
        if entry is not None:
            entry.before += [entry.beside, text] if entry.beside else [text]
            entry.beside = ""
            self._last_comment = (line, column)

    @staticmethod
    def _beside(entry: Entry, text: str) -> None:
        if entry.beside:
            entry.before.append(entry.beside)
        entry.beside = text

    # Events

    def _scalar(self, event: Any) -> None:
        value: Any = event.value if event.style else resolve(event.value)
        parent = self._open[-1] if self._open else None
        is_key = parent is not None and parent.node.form is Form.MAPPING and not parent.pending
        if parent is not None and is_key:
            entry = Entry(Node(Form.SCALAR), str(value))
            parent.node.entries.append(entry)
            parent.pending = entry
            self._begin(entry, parent)
        else:
            entry = self._value(Node(Form.SCALAR, scalar=value))
            entry.before += self._taken()
        if event.style in ("|", ">"):
            header = _HEADER.match(self._text, event.start_mark.index)
            if header:
                self._beside(entry, header[1].rstrip())
        self._last = entry
        self._cursor = max(self._cursor, event.end_mark.index)

    def _start(self, event: Any) -> None:
        form = Form.MAPPING if isinstance(event, MappingStartEvent) else Form.LIST
        node = Node(form)
        entry = self._value(node)
        flow = bool(event.flow_style)
        if flow:
            entry.before += self._taken()
            self._last = entry
            self._cursor = max(self._cursor, event.end_mark.index)
        column = self._place(event.start_mark.index)[1]
        self._open.append(_Open(node, entry, column, flow))

    def _end(self, event: Any) -> None:
        ended = self._open.pop()
        if ended.flow:
            _put(ended.node.end, self._waiting)
            self._waiting = []
            self._last = ended.holder
            self._cursor = max(self._cursor, event.end_mark.index)
        elif ended.node.entries:
            self._closed.append(ended)

    def _value(self, node: Node) -> Entry:
        """Put a value where it belongs: behind its key, into its list, or at the root."""
        if not self._open:
            self._document.root = self._top.node = node
            return self._top
        parent = self._open[-1]
        if parent.pending is not None:
            entry, parent.pending = parent.pending, None
            entry.node = node
            return entry
        entry = Entry(node)
        parent.node.entries.append(entry)
        self._begin(entry, parent)
        return entry

    # Where waiting comments go

    def _begin(self, entry: Entry, parent: _Open) -> None:
        """Hand out the comments that wait above a new entry."""
        limit = None
        if not parent.flow:
            limit = parent.column
        elif self._closed:
            self._closed = []
        rest = self._to_ended(limit)
        self._closed = []
        _put(entry.before, rest)
        if rest and rest[-1].column != _OUTERMOST and self._is_blank(rest[-1].line + 1):
            entry.before.append("")
        if parent.node is self._document.root and len(parent.node.entries) == 1:
            self._split_head(entry)

    def _to_ended(self, outer: int | None) -> list[_Comment]:
        """Give comments to what has ended above them; returns those about what follows.

        Args:
            outer: column of what follows; comments no deeper are about it. None within brackets.
        """
        waiting, self._waiting = self._waiting, []
        deepest: int | None = None
        for number, comment in enumerate(waiting):
            column = comment.column if deepest is None else min(deepest, comment.column)
            fitting = [ended for ended in self._closed if ended.column <= column]
            if outer is None or column <= outer or not fitting:
                return waiting[number:]
            chosen = max(fitting, key=lambda ended: ended.column)
            deepest = chosen.column
            _put(chosen.node.end, [comment])
        return []

    def _taken(self) -> list[str]:
        lines: list[str] = []
        _put(lines, self._waiting)
        self._waiting = []
        return lines

    def _split_head(self, entry: Entry) -> None:
        lines, split = entry.before, 0
        while split < len(lines) and lines[split].startswith(_TO_EDITORS):
            split += 1
        if "" in lines:
            split = len(lines) - lines[::-1].index("")
        self._document.head += lines[: split - 1 if split and not lines[split - 1] else split]
        entry.before = lines[split:]

    def _finish(self) -> None:
        root, head = self._document.root, self._document.head
        head += self._top.before
        if self._top.beside:
            root.end.insert(0, self._top.beside)
        _put(root.end, self._to_ended(_OUTERMOST))
        if not root.entries:
            head += root.end
            root.end = []

    # The text

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1]

    def _is_blank(self, line: int) -> bool:
        if not 1 <= line < len(self._lines):
            return False
        return not self._text[self._lines[line - 1] : self._lines[line]].strip()


def _put(lines: list[str], comments: list[_Comment]) -> None:
    """Add comments to lines, with a blank line where one parts them."""
    for comment in comments:
        if comment.parted and lines and lines[-1]:
            lines.append("")
        lines.append(comment.text)
