"""Formats of inventory files, by the endings of their names."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.inventory.reader import SUFFIXES

TABLES = (".xlsx", ".csv")
"""Files that hold tables."""
JSON_LINES = ".jsonl"
"""Files that hold a record on each line."""
READ = (*SUFFIXES, JSON_LINES, *TABLES)
"""All that are read as parts of an inventory."""

_EXCEL = "in Excel: File, Save as, Excel workbook (.xlsx)"
NO_TABLES: Mapping[str, tuple[str, str]] = {
    ".xls": ("this is a workbook in the format of before 2007", _EXCEL),
    ".xlsm": ("workbooks with macros are not read", _EXCEL),
    ".xltm": ("workbooks with macros are not read", _EXCEL),
    ".xlsb": ("this is a binary workbook", _EXCEL),
    ".xltx": ("this is a template for workbooks", _EXCEL),
    ".ods": ("this is an OpenDocument table", "the same saved as an Excel workbook (.xlsx)"),
    ".numbers": ("this is a table of Numbers", "the same exported as an Excel workbook (.xlsx)"),
    ".tsv": ("columns between tabs are not read", "the same saved as CSV UTF-8 (comma delimited)"),
}
"""Tables in formats that are not read: what they are, and what to do. Passing them over would leave
out records without a word."""
