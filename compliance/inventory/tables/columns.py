"""How tables are laid out: the sheets and columns of each kind, and the headings that name them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compliance.inventory.fact_schemas import PROVENANCE_FACTS
from compliance.inventory.kinds import Fact, Kind

LONGEST_NAME = 31
"""Characters that workbooks allow for the name of a sheet."""
ABOUT = "About"
"""Name of the sheet that explains a workbook."""
LISTS = "Lists"
"""Name of the sheet that holds what drop-downs offer."""
GUIDANCE = "# What to enter: "
"""How the row begins that explains the columns of a workbook to fill in."""
EXAMPLE = "# Example: "
"""How the row begins that shows an example."""

_SAID = {
    "source": "source",
    "reported_on": "reported on",
    "by": "by",
    "evidence": "evidence",
    "assurance": "assurance",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: a fact, or what is said about where its value comes from."""

    fact: Fact
    heading: str
    """Title to write above it."""
    path: str
    """The other name it goes by, such as ``logging.enabled`` or ``logging.enabled.source``."""
    provenance: str | None = None
    """Key beside the fact's value, such as ``source``; None for the value itself."""

    @property
    def cell_fact(self) -> Fact:
        """The fact by which its cells are read and written: that of the provenance, if any."""
        return self.fact if self.provenance is None else PROVENANCE_FACTS[self.provenance]

    def said(self) -> tuple[Column, ...]:
        """The columns that say where the value of this one comes from."""
        return tuple(
            Column(self.fact, f"{self.heading}: {words}", f"{self.path}.{key}", key)
            for key, words in _SAID.items()
        )


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """A column for each fact people write, the id first, in the order of the schema.

    Lists of objects are among them: such a cell holds ``[]`` for none or JSON, and is blank where
    the list's own sheet has its members.
    """
    return tuple(_column(fact) for fact in kind.facts.values() if fact.entered)


def list_columns(kind: Kind, fact: Fact) -> tuple[Column, ...]:
    """The columns of the sheet of a list of objects: the record's id, then the objects' facts."""
    owner = kind.facts["id"]
    first = Column(owner, kind.title, owner.path)
    return (first, *(_column(inner) for inner in fact.fields.values() if inner.entered))


def lists_of(kind: Kind) -> tuple[Fact, ...]:
    """The lists of objects of a kind, which have sheets of their own."""
    return tuple(fact for fact in kind.facts.values() if fact.entered and fact.items == "object")


def sheet_name(kind: Kind) -> str:
    """Name of the sheet of a kind: ``Crypto modules``."""
    return _as_title(kind.collection)[:LONGEST_NAME]


def list_sheet_name(kind: Kind, fact: Fact) -> str:
    """Name of the sheet of a list of objects: ``Systems - Software``."""
    return f"{_as_title(kind.collection)} - {fact.title}"[:LONGEST_NAME].rstrip()


def file_stem(kind: Kind, fact: Fact | None = None) -> str:
    """Name of the text file of a kind, or of one of its lists, without its ending.

    Args:
        kind: the kind.
        fact: a list of objects.
    """
    return kind.collection if fact is None else f"{kind.collection}.{fact.path}"


def headings(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    """The columns by all that may stand above them, folded; those of provenance as well."""
    found: dict[str, Column] = {}
    # What is said about a value goes last: the path of a fact may look the same.
    provenance = [said for column in columns for said in column.said()]
    for column in (*columns, *provenance):
        for name in (column.path, column.heading):
            found.setdefault(folded(name), column)
    return found


def folded(text: str) -> str:
    """A heading or name without case, blanks, underscores and hyphens, for comparison."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", text).casefold())


def _column(fact: Fact) -> Column:
    return Column(fact, fact.title, fact.path)


def _as_title(name: str) -> str:
    return name.replace("_", " ").capitalize()
