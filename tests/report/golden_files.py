"""The reports of the sample as files, to be looked at when they change.

``script/renew-golden`` writes them anew; what changed then shows in a review.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from compliance.report.formats import FORMATS
from tests.report.html.test_page import planned
from tests.report.reading import cells, made, sheets

FOLDER = Path(__file__).parent / "golden"
MARKING = "RESTRICTED - security assessment"
_BULK = re.compile(r"(<(style|script)\b[^>]*>).*?(</\2>)", re.DOTALL)
_DIGEST = re.compile(r"'sha256-[^']+'")


def golden() -> dict[str, str]:
    """Each report of the sample as text, by the name of its file.

    Of a page without its style and script, which have tests of their own; of a workbook the cells.
    """
    sample = planned()
    sample = replace(sample, metadata=replace(sample.metadata, marking=MARKING))
    found = {}
    for name, one in FORMATS.items():
        data = made(sample, name)
        if one.binary:
            found[f"report{one.suffix}.txt"] = _cells(data)
        else:
            text = _BULK.sub(r"\1...\3", data.decode("utf-8"))
            found[f"report{one.suffix}"] = _DIGEST.sub("'sha256-...'", text)
    return found


def _cells(data: bytes) -> str:
    """The cells of a workbook: a line each row that has any, with bars between them."""
    lines = []
    for name, sheet in sheets(data).items():
        lines.append(f"== {name}")
        for number, row in enumerate(cells(sheet), 1):
            if row:
                lines.append(
                    f"{number}: {' | '.join(cell.replace(chr(10), ' / ') for cell in row)}"
                )
    return "\n".join(lines) + "\n"


def renew() -> None:
    """Writes the files, and removes those of formats that are gone."""
    FOLDER.mkdir(exist_ok=True)
    found = golden()
    for path in FOLDER.iterdir():
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    renew()
