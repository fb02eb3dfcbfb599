"""What settings say of tables: other names of sheets and columns, and what to drop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compliance.inventory.problems import Position
from compliance.inventory.source import SourceFile
from compliance.inventory.tables.columns import folded

DROP = "drop"
"""Word for a sheet or a column that is no part of the inventory."""
KEY = "inventory"
"""Key of the settings that holds them."""


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Names that tables go by beside those of the kinds."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    """A list of records such as ``systems``, or ``drop``, by the name of a sheet or CSV file."""
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the name of a sheet or a list of records: a fact, or ``drop``, by heading."""
    source: SourceFile | None = None
    """The settings file."""

    def sheet(self, name: str) -> str | None:
        """What a sheet stands for, where the settings say so."""
        return _folded(self.sheets).get(folded(name))

    def column(self, names: tuple[str, ...], heading: str) -> tuple[str, Position | None] | None:
        """What a column stands for, with the place where the settings say so.

        Args:
            names: what its table may be called.
            heading: what stands above it.
        """
        wanted = {folded(name) for name in names}
        for table, columns in self.columns.items():
            if folded(table) not in wanted:
                continue
            for name, target in columns.items():
                if folded(name) == folded(heading):
                    return target, self._position("columns", table, name)
        return None

    def _position(self, *path: str) -> Position | None:
        return self.source.position((KEY, *path)) if self.source else None


def _folded(names: Mapping[str, str]) -> dict[str, str]:
    return {folded(name): target for name, target in names.items()}
