"""The YAML parser's complaints in words a person without training understands."""

from __future__ import annotations

import re

import yaml
from yaml.reader import ReaderError

from compliance.inventory.flaws import Flaw

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WORDS = (
    (
        "mapping values are not allowed",
        "a colon stands where no key can begin",
        "one `key: value` a line, indented like its neighbours; a text with a colon in quotes",
    ),
    (
        "could not find expected ':'",
        "a line has no colon behind its key",
        "`key: value`; or indent the line so that it belongs to the text above",
    ),
    (
        "did not find expected key",
        "this does not fit the keys before it: other indentation, or text behind a closing quote",
        "keys indented alike; a text with special characters in quotes, quotes within it doubled",
    ),
    (
        "did not find expected '-' indicator",
        "a line is indented differently from the list it belongs to",
        "the same indentation for all `- ` of a list",
    ),
    (
        "expected <block end>",
        "this does not fit the lines before it: other indentation, or text behind a closing quote",
        "keys and `- ` indented alike; a text with special characters in quotes",
    ),
    (
        "expected ',' or",
        "a list or mapping in brackets is not closed or lacks a comma",
        "members separated by commas, and the closing bracket",
    ),
    (
        "found unexpected end of stream",
        "a quotation mark is opened and never closed",
        "a closing quotation mark",
    ),
    (
        "found a tab character",
        "a tab is used for indentation",
        "spaces",
    ),
    (
        "found unknown escape character",
        "a backslash in double quotes is followed by a character it cannot stand before",
        "two backslashes for one, or single quotes around the text",
    ),
    (
        "found invalid Unicode character escape code",
        "an escape in double quotes names half a character (a lone surrogate)",
        "the character itself, or one escape that names it whole",
    ),
    (
        "found undefined tag handle",
        "a tag (a word that begins with !) is not accepted",
        "the value without it; a text that begins with ! in quotes",
    ),
)
"""What the parsers say (libyaml, and the one in Python), what is wrong, what is expected."""
_OPENED = ("expected ',' or", "found unexpected end of stream")
"""Complaints about something that was opened earlier."""


def parser_flaw(error: yaml.YAMLError, text: str) -> Flaw:
    """The flaw that an exception of the parser tells of.

    Args:
        error: what the parser raised.
        text: the text it was given.
    """
    if isinstance(error, ReaderError):
        return _bad_character(text)
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", "") or "")
    offset = min(mark.index, len(text)) if mark else 0
    if "cannot start any token" in problem:
        return _bad_start(text, offset)
    for words, message, expected in _WORDS:
        if words in problem:
            return Flaw(offset, message, expected, _opened(error) if words in _OPENED else None)
    detail = f" ({problem})" if problem else ""
    return Flaw(offset, f"this is not YAML{detail}", "valid YAML; look at indentation and quotes")


def _opened(error: yaml.YAMLError) -> tuple[str, int] | None:
    mark = getattr(error, "context_mark", None)
    return ("opened", mark.index) if mark else None


def _bad_character(text: str) -> Flaw:
    found = _UNPRINTABLE.search(text)
    if found is None:
        return Flaw(0, "the file cannot be read as text", "a text file, saved as UTF-8")
    return Flaw(
        found.start(),
        f"the file contains the control character U+{ord(found[0]):04X}",
        "text: remove the character, or look whether this is the right file",
    )


def _bad_start(text: str, offset: int) -> Flaw:
    character = text[offset : offset + 1]
    if character == "\t":
        return Flaw(offset, "a tab is used for indentation", "spaces")
    return Flaw(
        offset,
        f"no value can begin with the character {character}",
        "the text in quotes",
    )
