"""Text that Markdown shows as it is: no markup, no link, nobody called by name.

What is written here is read by several programs (GitHub, GitLab, others), each with its own
extensions. An id, a value or a place becomes code, in which none of them looks for anything; words
are escaped, and characters that would start a link, a mention or a reference are set apart by a
space of no width.
"""

from __future__ import annotations

import re

from compliance.report.plain import neutral

_APART = "&#8203;"
_MARKUP = re.compile(r"[\\`*_{}\[\]#|~$^]")
# What begins a list, a heading or a quotation, if a line begins with it.
_BEGINNING = re.compile(r"^([-+=]+|\d+(?=[.)]))")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# A colon before a word begins an emoji, one before slashes ends a scheme; `www.` begins a link;
# `#1`, `!1`, `@name`, `%1`, `~label` and `GH-1` refer to something.
_LINKING = re.compile(r"(?P<at>@)|(?P<colon>:)(?=[\w+/-])|(?P<www>(?i:www))(?=\.)|(?P<sign>[#!%~])")
_TICKS = re.compile("`+")


def words(text: str) -> str:
    """A text of somebody else as words on one line."""
    shown = neutral(" ".join(text.split()))
    pieces = []
    last = 0
    for match in _LINKING.finditer(shown):
        pieces.append(_escaped(shown[last : match.start()]))
        pieces.append(_apart(match))
        last = match.end()
    pieces.append(_escaped(shown[last:]))
    return _BEGINNING.sub(rf"{_APART}\1", "".join(pieces))


def _apart(match: re.Match[str]) -> str:
    found = match[0]
    if match["www"]:
        return f"{found}{_APART}"
    if match["colon"]:
        return f"{_APART}:{_APART}"
    return f"{_APART}{_escaped(found)}{_APART}"


def _escaped(text: str) -> str:
    escaped = "".join(_HTML.get(char, char) for char in text)
    return _MARKUP.sub(lambda found: f"\\{found[0]}", escaped)


def code(text: str) -> str:
    """A text of somebody else as code on one line: ids, values and places."""
    shown = neutral(" ".join(text.split()))
    if not shown:
        return ""
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    ticks = "`" * (longest + 1)
    # A space keeps a tick or a space of the text from joining those around it.
    room = " " if longest or shown[0] == " " or shown[-1] == " " else ""
    return f"{ticks}{room}{shown}{room}{ticks}"
