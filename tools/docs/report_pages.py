"""The reference of the table of open findings, from the columns themselves."""

from __future__ import annotations

from compliance.report.csv import CSV_COLUMNS, NOTHING_OPEN, SEPARATOR


def table_page(generated: str) -> str:
    """The columns of ``--format csv``."""
    lines = [
        "# The table of open findings",
        "",
        generated,
        "",
        "`--format csv` writes a line for each open finding: errors, gaps, unknowns and what is "
        "upcoming, each the gravest first. The file is UTF-8 with LF; the first line names the "
        f"columns. Several texts in a cell stand in one order with `{SEPARATOR.strip()}` between "
        "them. A text that a spreadsheet program would take for a formula has an apostrophe before "
        "it. Later versions add columns at the end of the first part; read them by name.",
        "",
        "With `--detail requirement` a line stands for all findings of a rule, with `--detail "
        "counts` for those of a severity, status and basis: the column `findings` says how many "
        "they are, and its sum is the same. A rule set without open "
        f"findings has one line with the status `{NOTHING_OPEN}` and 0 findings, which still says "
        "what was checked.",
        "",
        "| column | what it holds |",
        "|---|---|",
        *(f"| `{column.name}` | {column.about} |" for column in CSV_COLUMNS.values()),
        "",
        "`inventory_sha256` is what `sha256sum FILES | cut -c1-64 | sort | sha256sum` prints for "
        "the files of the inventory; `--format json` lists the digest of each. The sheets of "
        "`--format xlsx` have the same columns under titles for people.",
    ]
    return "\n".join(lines) + "\n"
