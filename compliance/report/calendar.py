"""What is due as a calendar that other programs read (RFC 5545)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence

from compliance import __version__
from compliance.assessment.model import Assessment
from compliance.report.dues import Due
from compliance.report.plain import neutral

_SPACE = uuid.UUID("6f1d3a52-6f0e-5b0a-9a5e-3f6f0c2a7d11")
"""Under which events of this program are named; never to be changed."""
_WIDEST = 75
"""Octets of a line."""


def as_calendar(assessment: Assessment, found: Sequence[Due]) -> Iterator[str]:
    """An all-day event for each date.

    An event has the same UID in every run as long as its date stands, so that importing a calendar
    again changes events and adds none twice.

    Args:
        assessment: what the dates were read from.
        found: by date.
    """
    metadata = assessment.metadata
    name = metadata.agency_name or metadata.agency
    yield from _lines(
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", f"-//compliance//compliance {__version__}//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", _text(f"What is due: {name}")),
    )
    for one in found:
        yield from _event(assessment, one)
    yield from _lines(("END", "VCALENDAR"))


def _event(assessment: Assessment, one: Due) -> Iterator[str]:
    metadata = assessment.metadata
    start = datetime.date.fromisoformat(one.on)
    # The end of an all-day event is the day after it.
    end = start if start == datetime.date.max else start + datetime.timedelta(1)
    late = "OVERDUE: " if one.overdue else ""
    described = [
        metadata.marking or "",
        one.text,
        f"Severity: {one.severity}" if one.severity else "",
        f"Basis: {one.basis}" if one.basis else "",
        f"Rule: {one.policy}/{one.rule}" if one.rule else "",
        one.position or "",
    ]
    yield from _lines(
        ("BEGIN", "VEVENT"),
        ("UID", str(uuid.uuid5(_SPACE, ascii(f"{metadata.agency}/{one.key}")))),
        ("DTSTAMP", f"{_digits(metadata.as_of)}T000000Z"),
        ("DTSTART;VALUE=DATE", _digits(start.isoformat())),
        ("DTEND;VALUE=DATE", _digits(end.isoformat())),
        ("SUMMARY", _text(f"{late}{one.sort}: {one.title}")),
        ("DESCRIPTION", "\\n".join(_text(part) for part in described if part)),
        ("CATEGORIES", _text(one.sort)),
        ("CLASS", "CONFIDENTIAL"),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
    )


def _digits(date: str) -> str:
    return date.replace("-", "")


def _text(text: str) -> str:
    """A value of the type TEXT: what means something in it is escaped."""
    plain = neutral(" ".join(text.split())).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,")


def _lines(*properties: tuple[str, str]) -> Iterator[str]:
    for name, content in properties:
        yield _folded(f"{name}:{content}") + "\r\n"


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets; no character is cut in two."""
    pieces, piece, room = [], "", _WIDEST
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _WIDEST - 1
        piece += char
        room -= size
    return "\r\n ".join([*pieces, piece])
