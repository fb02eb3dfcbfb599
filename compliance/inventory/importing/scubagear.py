"""Reads the results that ScubaGear writes for a Microsoft 365 tenant: one row, a column a control.

What the tool or the agency itself has set aside (results marked incorrect, controls left out) is
passed on as such a word, so that no table of translations takes it for a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compliance.inventory.importing.rows import SourceTables
from compliance.inventory.importing.structured import Columns, said, single_row
from compliance.inventory.source import SourceFile

TABLE = "Tenant"
INCORRECT = "marked as incorrect"
_ABOUT = ("TenantId", "DisplayName", "DomainName", "ProductSuite", "Tool", "ToolVersion",
          "TimestampZulu", "ReportUUID")  # fmt: skip


def read_scubagear(source: SourceFile) -> SourceTables | None:
    """The tenant of a file of results; None where the file is no such file.

    Args:
        source: the file, read as JSON.
    """
    about, results = source.at(("MetaData",)), source.at(("Results",))
    if not isinstance(about, dict) or not isinstance(results, dict) or "TenantId" not in about:
        return None
    columns = Columns(source)
    for name in _ABOUT:
        columns.add(name, about.get(name), ("MetaData", name))
    for path, control in _controls(results):
        name = said(control.get("Control ID"))
        if name:
            columns.add(name, _result(control), (*path, "Result"))
    # The details of a result name persons, so that they are not even read.
    columns.add("Details", None, ())
    return single_row(source, TABLE, columns)


def _controls(results: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for product, groups in results.items():
        for number, group in enumerate(groups if isinstance(groups, list) else ()):
            controls = group.get("Controls") if isinstance(group, dict) else None
            for index, control in enumerate(controls if isinstance(controls, list) else ()):
                if isinstance(control, dict):
                    yield ("Results", product, number, "Controls", index), control


def _result(control: dict[str, Any]) -> str:
    marked = said(control.get("IncorrectResult")) or "N/A"
    return INCORRECT if marked.upper() != "N/A" else said(control.get("Result"))
