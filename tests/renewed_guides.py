"""Brings the excerpts of the guides and of the README up to date where only numbers changed.

`script/renew-golden` runs it. What it cannot find again it leaves as it is and names; the tests of
the guides then show what the program prints.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from compliance_cli import starting
from tests.cli.running import run
from tests.test_guides import CUT, Walk, missing, prepare_ci, walked
from tests.test_readme import blocks

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def renewed(shown: str, printed: str) -> str:
    """An excerpt with the numbers that were printed.

    Each part between cuts is looked for by its first line and ends with the line that is like its
    last one; digits do not count.
    """
    found: list[str] = []
    lines, at = printed.splitlines(), 0
    for part in _parts(shown.splitlines()):
        window = _window(part, lines, at)
        at = window[1] if window is not None else at
        found += part if window is None else lines[slice(*window)]
    return "\n".join([*found, ""])


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in lines:
        if line.strip() == CUT:
            yield part
            yield [line]
            part = []
        else:
            part.append(line)
    yield part


def _window(part: Sequence[str], lines: Sequence[str], start: int) -> tuple[int, int] | None:
    if not part or part[0].strip() == CUT:
        return None
    like = [_shape(line) for line in lines]
    first, last = _shape(part[0]), _shape(part[-1])
    begins = next((index for index in range(start, len(like)) if like[index] == first), None)
    if begins is None:
        return None
    ends = range(begins, min(begins + len(part) + 2, len(like)))
    near = [index for index in ends if like[index] == last and index - begins >= len(part) - 3]
    return (begins, near[0] + 1) if near else None


def _shape(line: str) -> str:
    return re.sub(r"[0-9][0-9,]*", "0", line.strip())


def _renew(path: Path, pairs: Iterator[tuple[str, str]]) -> None:
    text = path.read_text("utf-8")
    for shown, printed in pairs:
        now = renewed(shown, printed)
        text = text.replace(f"\n{shown}```", f"\n{now}```")
        if missing(now, printed) is not None:
            sys.stderr.write(f"{path.name}: this is not printed any more:\n{shown}\n")
    path.write_text(text, encoding="utf-8", newline="\n")


def _agency(folder: Path) -> Iterator[tuple[str, str]]:
    sys.path.insert(0, str(ROOT / "tools" / "docs"))
    import first_hour  # type: ignore[import-not-found]

    starting._is_terminal = lambda: True
    guide = (DOCS / "guide-agency.md").read_text("utf-8")
    for _, shown, printed in walked(guide, Walk(folder, first_hour)):
        yield shown, printed


def _ci(folder: Path) -> Iterator[tuple[str, str]]:
    walk = prepare_ci(ROOT, folder)
    for _, shown, printed in walked((DOCS / "guide-ci.md").read_text("utf-8"), walk):
        yield shown, printed


def _readme() -> Iterator[tuple[str, str]]:
    printed = run("check", "examples/health-agency", "--as-of", "2026-11-23").stdout
    for shown in blocks((ROOT / "README.md").read_text("utf-8")):
        if "script/demo" not in shown:
            yield shown, printed


def main() -> None:
    """Renews them all."""
    os.chdir(ROOT)
    _renew(ROOT / "README.md", _readme())
    for name, pairs in (("guide-agency.md", _agency), ("guide-ci.md", _ci)):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            _renew(DOCS / name, pairs(Path(folder)))
            os.chdir(ROOT)


if __name__ == "__main__":
    main()
