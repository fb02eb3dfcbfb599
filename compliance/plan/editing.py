"""Changes the text of a YAML file in place: what is not changed keeps its every byte.

Only what the program keeps is replaced, and lines are put in; comments, order, spacing and quoting
stay as people left them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from compliance.inventory.writing.scalar_text import scalar

_BREAKS = "\r\n"


def flow_text(value: Any) -> str:
    """A plain value in one line: ``{date: 2026-11-23, event: closed}``; keys that are None go."""
    if isinstance(value, dict):
        inner = (f"{key}: {flow_text(one)}" for key, one in value.items() if one is not None)
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow_text(one) for one in value) + "]"
    return scalar(value, inside=True)


class YamlEditor:
    """Edits one YAML text of mappings and lists, without anchors, tags and aliases.

    Nodes are given by their path of keys and list indexes; offsets are those of the text as it was.

    Args:
        text: the whole file, without a byte order mark.
    """

    def __init__(self, text: str) -> None:
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        self._text = text
        self._root = yaml.compose(text, Loader=loader)
        self._break = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """The text with all edits."""
        pieces, at = [], 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += [self._text[at:start], text]
            at = end
        return "".join([*pieces, self._text[at:]])

    def set(self, path: Sequence[str | int], key: str, value: Any, after: str) -> None:
        """Give a key of a mapping a scalar value, or put the key in.

        Args:
            path: the mapping.
            key: the key.
            value: its new value.
            after: a key of the mapping, behind which a new key goes.
        """
        mapping = self._mapping(path)
        node = _value(mapping, key)
        written = "" if value is None else scalar(value, inside=bool(mapping.flow_style))
        if node is None:
            self._put_key(mapping, after, f"{key}: {written}".rstrip())
        else:
            self._replace(node, written)

    def first_in(self, path: Sequence[str | int], key: str, values: list[Any], after: str) -> None:
        """Put values at the beginning of a list, the last of them first.

        Args:
            path: the mapping that has the list.
            key: the list's key; put in where it is not there.
            values: plain values, written in one line each.
            after: a key of the mapping, behind which a new key goes.
        """
        mapping = self._mapping(path)
        node = _value(mapping, key)
        texts = [flow_text(value) for value in reversed(values)]
        if node is None or not isinstance(node, yaml.SequenceNode) or not node.value:
            self._new_list(mapping, key, texts, after)
        elif node.flow_style:
            self._insert(node.start_mark.index + 1, "".join(f"{text}, " for text in texts))
        else:
            column = " " * node.start_mark.column
            lines = "".join(f"- {text}{self._break}{column}" for text in texts)
            self._insert(node.start_mark.index, lines)

    def last_in(self, path: Sequence[str | int], key: str, values: list[Any], after: str) -> None:
        """Put values at the end of a list; as :meth:`first_in`, in their order."""
        mapping = self._mapping(path)
        node = _value(mapping, key)
        texts = [flow_text(value) for value in values]
        if node is None or not isinstance(node, yaml.SequenceNode) or not node.value:
            self._new_list(mapping, key, texts, after)
            return
        end = self._end(node.value[-1])
        if node.flow_style:
            self._insert(end, "".join(f", {text}" for text in texts))
        else:
            column = " " * node.start_mark.column
            lines = "".join(f"{self._break}{column}- {text}" for text in texts)
            self._insert(self._line_end(end), lines)

    def append(self, key: str, members: Sequence[Sequence[str]], flow: Sequence[Any]) -> None:
        """Put members at the end of a list of the file's outermost mapping.

        Args:
            key: the list's key, which is there.
            members: each as lines without indentation; the first line begins with a hyphen.
            flow: the same members as plain values, for a list in brackets.
        """
        node = _value(self._root, key)
        if isinstance(node, yaml.SequenceNode) and node.value:
            if node.flow_style:
                texts = "".join(f", {flow_text(value)}" for value in flow)
                self._insert(self._end(node.value[-1]), texts)
                return
            column = node.start_mark.column
        else:
            column = 2
        indent = " " * column
        lines = [f"{indent}{line}".rstrip() for member in members for line in member]
        text = "".join(line + self._break for line in lines)
        if isinstance(node, yaml.SequenceNode) and node.value:
            self._before_next(key, text)
        elif node is not None:
            self._replace(node, self._break + text.rstrip(_BREAKS))

    # Nodes

    def _mapping(self, path: Sequence[str | int]) -> yaml.MappingNode:
        node: Any = self._root
        for step in path:
            node = node.value[step] if isinstance(step, int) else _value(node, step)
        if not isinstance(node, yaml.MappingNode):
            raise TypeError(f"{path} is no mapping")
        return node

    def _put_key(self, mapping: yaml.MappingNode, after: str, text: str) -> None:
        anchor = _value(mapping, after)
        if anchor is None:
            raise KeyError(after)
        if mapping.flow_style:
            self._insert(self._end(anchor), f", {text}")
        else:
            column = " " * mapping.value[0][0].start_mark.column
            line = text.replace(_MARGIN, self._break + column)
            self._insert(self._line_end(self._end(anchor)), self._break + column + line)

    def _new_list(
        self, mapping: yaml.MappingNode, key: str, texts: Sequence[str], after: str
    ) -> None:
        """A list in the place of nothing or of an empty one."""
        node = _value(mapping, key)
        if mapping.flow_style:
            written = f"[{', '.join(texts)}]"
        else:
            written = "".join(f"{_MARGIN}  - {text}" for text in texts)
        if node is None:
            space = " " if mapping.flow_style else ""
            self._put_key(mapping, after, f"{key}:{space}{written}")
            return
        if not mapping.flow_style:
            column = " " * mapping.value[0][0].start_mark.column
            written = written.replace(_MARGIN, self._break + column)
        self._replace(node, written)

    def _before_next(self, key: str, text: str) -> None:
        """Text on lines of its own behind a key of the outermost mapping and all that it has."""
        names = [name for name, _ in self._mapping(()).value]
        number = [name.value for name in names].index(key) + 1
        if number < len(names):
            self._insert(names[number].start_mark.index, text)
            return
        end = self._document_end()
        ended = self._text[:end].endswith(("\n", "\r"))
        self._insert(end, text if ended else self._break + text)

    def _document_end(self) -> int:
        """Where the text ends, or the line ``...`` that says so begins."""
        found = _DOCUMENT_END.search(self._text)
        return found.start() if found else len(self._text)

    # Text

    def _replace(self, node: yaml.Node, written: str) -> None:
        start, end = node.start_mark.index, self._end(node)
        if not written or written[0] in _BREAKS:
            while self._text[start - 1] == " ":
                start -= 1
        elif self._text[start - 1] not in " \t\r\n":
            written = f" {written}"
        self._edits.append((start, end, written))

    def _insert(self, at: int, text: str) -> None:
        self._edits.append((at, at, text))

    def _end(self, node: yaml.Node) -> int:
        """Where what a node says ends; the parser's mark of a block lies behind blank lines."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            return len(self._text[:end].rstrip(_BREAKS + " "))
        return end

    def _line_end(self, at: int) -> int:
        while at < len(self._text) and self._text[at] not in _BREAKS:
            at += 1
        return at


_DOCUMENT_END = re.compile(r"^\.\.\.[ \t]*(?=[\r\n]|\Z)(?=\s*\Z)", re.MULTILINE)
_MARGIN = "\0"
"""Stands for a line break and the indentation of the mapping that a text goes into."""


def _value(mapping: Any, key: str) -> yaml.Node | None:
    for name, value in mapping.value:
        if name.value == key:
            found: yaml.Node = value
            return found
    return None
