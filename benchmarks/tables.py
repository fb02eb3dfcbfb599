"""Figures side by side, as text."""

from __future__ import annotations

from collections.abc import Sequence

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


def figures_table(title: str, found: Sequence[Figures], base: Figures) -> str:
    """Time a system, whole time and peak memory, each with its ratio to one of them."""
    rows = [("", "ms a system", "seconds", "ratio", "peak MB", "")]
    rows += [
        (
            one.name,
            f"{one.each:.3f}",
            f"{one.seconds:.2f}",
            f"{one.each / base.each:.1f}",
            f"{one.memory:.0f}",
            one.note,
        )
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = [
        "  ".join(
            text.ljust(width) if column in (0, 5) else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(["", title, "-" * len(title), *lines, ""])
