"""Every format of a roll-up, by the name that options and documentation use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from compliance.rollup.model import Rollup


@dataclass(frozen=True, slots=True)
class RollupFormat:
    """One format. Its module is imported only when a roll-up is written."""

    name: str
    summary: str
    """What it is, for the help."""
    suffix: str
    binary: bool = False
    """It yields bytes, which no terminal shows."""

    def render(self, rollup: Rollup) -> Iterable[str] | Iterable[bytes]:
        """Yields the roll-up piece by piece."""
        module = import_module(f"compliance.rollup.formats.{self.name}")
        return cast("Iterable[str] | Iterable[bytes]", module.render(rollup))


_ALL = (
    RollupFormat("text", "for people, as text", ".txt"),
    RollupFormat("html", "one page for a browser", ".html"),
    RollupFormat("xlsx", "a workbook with a sheet for each table", ".xlsx", binary=True),
    RollupFormat("csv", "agencies by rule set as a table", ".csv"),
    RollupFormat("json", "one JSON document", ".json"),
)
FORMATS: Mapping[str, RollupFormat] = {one.name: one for one in _ALL}
"""Every format by its name, in the order that help lists them."""
DEFAULT = "text"


def by_suffix(name: str) -> RollupFormat | None:
    """The format that a file's name asks for; None where it names none."""
    return next((one for one in _ALL if name.lower().endswith(one.suffix)), None)
