"""Writes an inventory as a folder of text files: CSV, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.inventory.tables.cells import cell_text
from compliance.inventory.writing.tables import Table


def csv_files(tables: Iterable[Table]) -> dict[str, bytes]:
    """A CSV file for each table, by its name: UTF-8 with LF, headings first."""
    return {f"{table.stem}.csv": _csv(table).encode() for table in tables}


def jsonl_files(content: Mapping[str, Any]) -> dict[str, bytes]:
    """A file of JSON lines for each key of an inventory file, one record a line.

    Args:
        content: the content of an inventory file.
    """
    found = {}
    for key, held in content.items():
        records = held if isinstance(held, list) else [held]
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        found[f"{key}.jsonl"] = "".join(lines).encode()
    return {name: data for name, data in found.items() if data}


def _csv(table: Table) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.heading for column in table.columns])
    writer.writerows([cell_text(cell) for cell in row] for row in table.rows)
    return stream.getvalue()
