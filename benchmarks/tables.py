"""Figures side by side, as text."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import MB
from benchmarks.prepare import Material
from benchmarks.programs import Figures


def heading(material: Material, versions: Sequence[str]) -> str:
    """What was measured, with what."""
    files = [path for path in material.inventory.iterdir() if path.name.startswith("systems")]
    lines = sum(path.read_text("utf-8").count("\n") for path in files)
    what = (
        f"{material.systems:,} systems of {lines / material.systems:.0f} lines of YAML, "
        f"{material.rules} rules"
    )
    return "\n".join([what, *versions])


def figures_table(title: str, found: Sequence[Figures], base: str) -> str:
    """Time a system with its ratio to that of one of them, whole times and peak memory.

    Args:
        title: what stands above.
        found: the rows.
        base: name of the row that ratios are to.
    """
    unit = next(one.each for one in found if one.name == base)
    rows = [("", "ms a system", "ratio", "seconds", "cpu s", "peak MB", "")]
    rows += [
        (
            one.name,
            f"{one.each:.3f}",
            f"{one.each / unit:.1f}",
            f"{one.run.seconds:.2f}",
            f"{one.run.cpu_seconds:.2f}",
            f"{one.run.peak / MB:.0f}",
            one.note,
        )
        for one in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join(["", title, "-" * len(title), *lines, ""])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *figures, note = row
    cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=False)]
    return "  ".join([name.ljust(widths[0]), *cells, note]).rstrip()
