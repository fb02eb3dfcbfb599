"""YAML text to plain values and offsets, from the parser's event stream.

Only what an inventory needs is accepted: one document of mappings, lists and scalars of the YAML
1.2 core schema. Anchors, aliases and tags are refused. The stream is left as soon as the nesting is
too deep, because the parser's own work grows with the square of the depth.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from compliance.inventory.flaws import DEPTH, Flaw, Parsed, SyntaxFlawError, mapping, too_deep
from compliance.inventory.scalars import Refusal, bad_character, resolve
from compliance.inventory.yaml_errors import parser_flaw

_UNSEEN = object()
_ONLY_TEXTS = {str}
_NO_KEYS: set[type] = set()
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
"""Line breaks to the parser, as in YAML 1.1; none in YAML 1.2 and most editors."""
_REMEMBERED = 4096
"""So many different plain scalars are resolved once and shared."""


def parse_yaml(text: str) -> Parsed:
    """Read one YAML document.

    Args:
        text: the whole file, without a byte order mark.
    """
    parser = _Parser(text)
    separator = None if text.isascii() else _SEPARATOR.search(text)
    if separator is not None:
        return Parsed(None, parser.offsets, [_separator_flaw(separator)], whole=False)
    try:
        return Parsed(parser.read(), parser.offsets, parser.flaws)
    except SyntaxFlawError as error:
        last = error.flaw
    except yaml.YAMLError as error:
        last = parser_flaw(error, text)
    return Parsed(None, parser.offsets, [*parser.flaws, last], whole=False)


def _separator_flaw(match: re.Match[str]) -> Flaw:
    return Flaw(
        match.start(),
        f"the invisible line separator U+{ord(match[0]):04X} is not accepted",
        "an ordinary line break or a space",
    )


def _events(text: str) -> Callable[[], Any]:
    if yaml.__with_libyaml__:
        return yaml.CSafeLoader(text).get_event
    return yaml.SafeLoader(text).get_event


class _Parser:
    """Turns the events of one text into a value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets = array("I")
        self.flaws: list[Flaw] = []
        self._documents = 0
        # Without a backslash there is no escape, and the parser refuses bad characters itself.
        self._escapes = "\\" in text
        self._known: dict[str, Any] = {}

    def read(self) -> Any:
        """The value of the document; None for a text without one.

        Mappings and lists are collected alike, as flat lists of what they hold: a mapping's keys
        are the even members. That keeps the loop, which runs for every key and value, short.
        """
        offsets, known, unseen = self.offsets, self._known.get, _UNSEEN
        note = offsets.append
        items: list[Any] = []
        put = items.append
        first = 0
        around: list[tuple[list[Any], int]] = []
        for event in iter(_events(self.text), None):
            kind = event.__class__
            if kind is ScalarEvent:
                note(event.start_mark.index)
                value = event.value if event.style else known(event.value, unseen)
                if value is unseen or event.style == '"' or event.anchor or event.tag:
                    value = self._scalar(event)
                put(value)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(around) == DEPTH:
                    raise too_deep(event.start_mark.index)
                self._check(event)
                note(event.start_mark.index)
                around.append((items, first))
                items, first = [], len(offsets)
                put = items.append
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = items if kind is SequenceEndEvent else self._mapping(items, first)
                items, first = around.pop()
                put = items.append
                put(value)
            else:
                self._other(event, put)
        return items[0] if items else None

    def _mapping(self, items: list[Any], first: int) -> dict[str, Any]:
        keys = items[::2]
        if set(map(type, keys)) in (_ONLY_TEXTS, _NO_KEYS):
            found = dict(zip(keys, items[1::2], strict=True))
            if len(found) == len(keys):
                return found
        return mapping(items, first, self.offsets, self.flaws)

    def _scalar(self, event: Any) -> Any:
        """The value of a scalar that is met for the first time or needs a closer look."""
        self._check(event)
        text: str = event.value
        if event.style:
            refusal = bad_character(text) if self._escapes and event.style == '"' else None
            return text if refusal is None else self._refuse(event, refusal)
        value = resolve(text)
        if isinstance(value, Refusal):
            return self._refuse(event, value)
        if len(self._known) < _REMEMBERED and len(text) < 64:
            self._known[text] = value
        return value

    @staticmethod
    def _flaw(event: Any, message: str, expected: str) -> Flaw:
        return Flaw(event.start_mark.index, message, expected)

    def _refuse(self, event: Any, refusal: Refusal) -> None:
        self.flaws.append(self._flaw(event, refusal.message, refusal.expected))

    def _check(self, event: Any) -> None:
        if event.anchor:
            message = f"the anchor &{event.anchor} is not accepted"
            expected = "the value without it, written out wherever it is needed"
            self.flaws.append(self._flaw(event, message, expected))
        if event.tag:
            message = f"the tag {event.tag} is not accepted"
            expected = "the value without it; a text that begins with ! in quotes"
            self.flaws.append(self._flaw(event, message, expected))

    def _other(self, event: Any, put: Callable[[Any], None]) -> None:
        """Aliases, and the second document of a stream."""
        if isinstance(event, AliasEvent):
            message = f"the alias *{event.anchor} is not accepted"
            self.flaws.append(self._flaw(event, message, "the value it stands for, written out"))
            self.offsets.append(self.flaws[-1].offset)
            put(None)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                message = "a second document begins here"
                expected = "one document a file: move it into a file of its own"
                raise SyntaxFlawError(self._flaw(event, message, expected))
