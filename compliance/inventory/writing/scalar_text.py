"""Scalars as YAML text that every reader of YAML takes for the same value.

A text is left plain only where the core schema of YAML 1.2 and that of YAML 1.1 both take it for a
text, so that ``no``, ``1e3`` or ``1.10`` are quoted. Days of the calendar are the one exception:
they stay plain, as people write them and as every example shows. Our reader takes them for texts,
and a reader of YAML 1.1 for the same day.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache, lru_cache
from typing import Any

from compliance.inventory.fact_schemas import is_date
from compliance.inventory.scalars import LARGEST, bad_character, resolve
from compliance.inventory.writing.nodes import UnwritableError

_REMEMBERED = 4096
"""So many texts are kept as they are written: keys, sources and days repeat."""
_KEY_LENGTH = 1000
"""The parser looks no further for the colon behind a key."""
_WORDS_OF_1_1 = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<~]")
_TROUBLE = re.compile(r": |:$| #|\s$|[\t\n\r]")
_TROUBLE_IN_LINE = re.compile(r"[,\[\]{}:?#]|\s$|[\t\n\r]")
"""Within brackets and for keys: more than need be, for the sake of older parsers."""
_NOT_AS_IT_IS = re.compile(
    "[^\t\n\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u2010-\u2027\u202f-\u205f"
    "\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]"
)
"""What is written as an escape: refused by parsers, a line break to some, or invisible."""
_NO_LINE = re.compile(r"^[ \t\n]|[ \t]+\n|[ \t]$|\n\n$")
"""What a block of lines would not keep for certain."""


def scalar(value: str | int | float | bool | None, *, inside: bool = False) -> str:
    """A scalar in one line.

    Args:
        value: the value.
        inside: whether it stands within brackets.

    Raises:
        UnwritableError: no reader would accept it.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value, inside)
    return _number(value)


def key_text(key: str) -> str:
    """A key of a mapping.

    Raises:
        UnwritableError: it is too long, or no reader would accept it.
    """
    written = _text(key, True)
    if len(written) > _KEY_LENGTH:
        raise UnwritableError(
            f"The key {key[:40]}... is too long: at most {_KEY_LENGTH} characters."
        )
    return written


def check_text(text: str) -> None:
    """Refuse a text that our reader would refuse.

    Raises:
        UnwritableError: it holds control characters or halves of characters.
    """
    refusal = bad_character(text)
    if refusal is not None:
        start = text[:40].encode("ascii", "backslashreplace").decode()
        raise UnwritableError(f"{refusal.message} ({start!r}); it cannot be written.".capitalize())


def lines_of(text: str) -> list[str] | None:
    """The lines of a text that a literal block keeps as they are, or None where it would not."""
    if "\n" not in text.rstrip("\n") or _NO_LINE.search(text) or _NOT_AS_IT_IS.search(text):
        return None
    return text.removesuffix("\n").split("\n")


def folded(text: str, width: int) -> list[str] | None:
    """Lines that a folded block joins to the text again; None where they would not.

    Args:
        text: a text.
        width: columns a line may have; words longer than that stay whole.
    """
    if "\n" in text or "  " in text or _NO_LINE.search(text) or _NOT_AS_IT_IS.search(text):
        return None
    if "\t" in text:
        return None
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines if len(lines) > 1 else None


def _number(number: int | float) -> str:
    if isinstance(number, int):
        if abs(number) > LARGEST:
            raise UnwritableError(f"The number {number:.6e} is too large to be kept exactly.")
        return str(number)
    if not math.isfinite(number):
        raise UnwritableError(f"{number} is no number that can be written.")
    written = repr(number)
    # YAML 1.1 knows no exponent without a point.
    return written if "." in written else written.replace("e", ".0e")


@lru_cache(maxsize=_REMEMBERED)
def _text(text: str, inside: bool) -> str:
    check_text(text)
    if _is_plain(text, inside=inside):
        return text
    if "\n" in text or _NOT_AS_IT_IS.search(text) or ("'" in text and '"' not in text):
        return _double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _double_quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _NOT_AS_IT_IS.sub(lambda found: _escape(ord(found[0])), written)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_plain(text: str, *, inside: bool) -> bool:
    if not _START.match(text) or _NOT_AS_IT_IS.search(text):
        return False
    if (_TROUBLE_IN_LINE if inside else _TROUBLE).search(text):
        return False
    if text.startswith(("---", "...")) or text.lower() in _WORDS_OF_1_1:
        return False
    return is_date(text) or (resolve(text) == text and _is_text_in_1_1(text))


def _is_text_in_1_1(text: str) -> bool:
    """Whether a reader of YAML 1.1 takes a plain scalar for a text."""
    return bool(_resolver().resolve(_scalar_node(), text, (True, False)) == "tag:yaml.org,2002:str")


@cache
def _resolver() -> Any:
    from yaml.resolver import Resolver

    return Resolver()


@cache
def _scalar_node() -> Any:
    from yaml.nodes import ScalarNode

    return ScalarNode
