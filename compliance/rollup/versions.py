"""The order of policy versions, whatever a saved assessment says they are."""

from __future__ import annotations

import re


def newer(version: str) -> tuple[tuple[int, ...], str]:
    """Sort key of a version: its numbers, then its text."""
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", version)), version
