"""Colours of a report on a terminal; elsewhere the same text without them."""

from __future__ import annotations

from dataclasses import dataclass

_RESET = "\x1b[0m"
_CODES = {
    "heading": "\x1b[1m",
    "critical": "\x1b[1;31m",
    "high": "\x1b[31m",
    "medium": "\x1b[33m",
    "low": "\x1b[36m",
    "true": "\x1b[32m",
    "false": "\x1b[31m",
    "unknown": "\x1b[33m",
}


@dataclass(frozen=True, slots=True)
class Style:
    """Whether a report is coloured. A colour never says what the words do not say."""

    colour: bool = False

    def paint(self, role: str, text: str) -> str:
        """Returns a text in the colour of its role: heading, a severity or an outcome."""
        code = _CODES.get(role)
        return f"{code}{text}{_RESET}" if self.colour and code else text

    def severity(self, text: str, severity: str) -> str:
        """Returns a text with the first ``[severity]`` in it in its colour."""
        return text.replace(f"[{severity}]", f"[{self.paint(severity, severity)}]", 1)


PLAIN = Style()
"""No colours: for files, pipes and NO_COLOR."""
