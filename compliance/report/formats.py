"""Every format of a report, by the name that options and documentation use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from compliance.errors import UserError
from compliance.report.style import PLAIN, Style

if TYPE_CHECKING:
    from compliance.report.interface import Report


class FormatError(UserError):
    """A format that does not exist."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format. Its module is imported only when a report is made."""

    name: str
    """The word for ``--format`` and ``--report``."""
    summary: str
    """What it is, for the help: ``one page for a browser``."""
    suffix: str
    """What names of its files end with, such as ``.html``."""
    place: str
    """``module:class`` of the report."""
    binary: bool = False
    """It yields bytes, which no terminal shows."""
    coloured: bool = False
    """Its class takes a :class:`compliance.report.style.Style`."""
    deadlines: bool = False
    """It says until when satisfied rules stay so, which takes time to find out."""

    def make(self, style: Style = PLAIN) -> Report:
        """The report.

        Args:
            style: colours for a terminal; of use to formats that have them.
        """
        module, _, name = self.place.partition(":")
        report = getattr(import_module(module), name)
        return cast("Report", report(style) if self.coloured else report())


_ALL = (
    Format(
        "text", "the report for people, as text", ".txt",
        "compliance.report.text:TextReport", coloured=True,
    ),
    Format(
        "html", "the report for people, as one page for a browser", ".html",
        "compliance.report.html.report:HtmlReport", deadlines=True,
    ),
    Format(
        "json", "one JSON document", ".json", "compliance.report.json:JsonReport", deadlines=True
    ),
    Format(
        "jsonl", "JSON records line by line", ".jsonl", "compliance.report.json:JsonLinesReport",
        deadlines=True,
    ),
    Format(
        "xlsx", "a workbook to sort, filter and print", ".xlsx",
        "compliance.report.xlsx.report:XlsxReport", binary=True,
    ),
    Format("csv", "open findings as a table", ".csv", "compliance.report.csv:CsvReport"),
    Format(
        "md", "Markdown, short enough for a comment on a change", ".md",
        "compliance.report.markdown:MarkdownReport",
    ),
)  # fmt: skip

FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}
"""Every format by its name, in the order that help lists them."""
DEFAULT = "text"


def format_of(name: str) -> Format:
    """The format of a name.

    Raises:
        FormatError: there is none.
    """
    if name not in FORMATS:
        raise FormatError(f"There is no format {name!r}. Choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]
