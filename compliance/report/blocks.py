"""Reports made of sections, paragraphs, tables and lists, written as text or as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compliance.report.plain import columns, neutral, prose
from compliance.report.style import PLAIN, Style

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&@])")
_START = re.compile(r"^([+-]|\d+[.)])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a list, with what belongs to it."""

    text: str
    below: tuple[Line, ...] = ()
    severity: str | None = None
    """Written in its colour where the text has it in brackets."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column holds names, the others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = str | Line | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under a title; without blocks it is left out."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    lead: str
    """The outcome in a sentence or two."""
    sections: tuple[Section, ...]
    marking: str | None = None


def as_text(page: Page, style: Style = PLAIN) -> Iterator[str]:
    """The report for a terminal or a file."""
    if page.marking:
        yield prose(page.marking)
    yield style.paint("heading", neutral(page.title)) + "\n\n"
    yield prose(page.lead)
    for section in page.sections:
        if section.blocks:
            title = neutral(section.title)
            yield f"\n{style.paint('heading', title)}\n{'-' * len(title)}\n"
            yield from _text_blocks(section.blocks, style)
    if page.marking:
        yield "\n" + prose(page.marking)


def _text_blocks(blocks: Sequence[Block], style: Style) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        # A table and an entry with more below it stand apart from what precedes them.
        apart = isinstance(block, Table) or (isinstance(block, Line) and block.below)
        if before is not None and (apart or isinstance(before, Table)):
            yield "\n"
        if isinstance(block, str):
            yield prose(block, "  ")
        elif isinstance(block, Table):
            yield columns([_cells(row) for row in (block.head, *block.rows)])
        else:
            yield from _text_line(block, "  ", style)
        before = block


def _text_line(line: Line, indent: str, style: Style) -> Iterator[str]:
    wrapped = prose(line.text, indent + "  ", indent + "- ")
    yield style.severity(wrapped, line.severity) if line.severity else wrapped
    for one in line.below:
        yield from _text_line(one, indent + "  ", style)


def _cells(row: Iterable[str]) -> list[str]:
    return [neutral(cell) for cell in row]


def as_markdown(page: Page) -> Iterator[str]:
    """The report for a page of a wiki or the comment of a change."""
    if page.marking:
        yield f"**{markdown(page.marking)}**\n\n"
    yield f"# {markdown(page.title)}\n\n{markdown(page.lead)}\n"
    for section in page.sections:
        if section.blocks:
            yield f"\n## {markdown(section.title)}\n"
            yield from _markdown_blocks(section.blocks)
    if page.marking:
        yield f"\n**{markdown(page.marking)}**\n"


def _markdown_blocks(blocks: Sequence[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if not (isinstance(block, Line) and isinstance(before, Line)):
            yield "\n"
        if isinstance(block, str):
            yield f"{markdown(block)}\n"
        elif isinstance(block, Table):
            yield _row(block.head)
            yield "|" + "|".join([" --- ", *(" ---: " for _ in block.head[1:])]) + "|\n"
            yield from map(_row, block.rows)
        else:
            yield from _markdown_line(block, "")
        before = block


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(markdown(cell) for cell in cells) + " |\n"


def _markdown_line(line: Line, indent: str) -> Iterator[str]:
    yield f"{indent}- {markdown(line.text)}\n"
    for one in line.below:
        yield from _markdown_line(one, indent + "  ")


def markdown(text: str) -> str:
    """A text in which nothing means anything in Markdown or HTML, nor becomes a link."""
    plain = _SPECIAL.sub(r"\\\1", neutral(" ".join(text.split()))).replace("://", r"\://")
    return _START.sub(_escaped_start, plain)


def _escaped_start(found: re.Match[str]) -> str:
    """A sign at the start of a line that would make it a list, escaped."""
    return f"{found[1][:-1]}\\{found[1][-1]}"
