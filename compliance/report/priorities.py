"""How much work things are, and what to ask first."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.assessment.model import MissingFact

EFFORTS = ("small", "medium", "large")
"""Every effort, least first."""


def ask_first(facts: Iterable[MissingFact]) -> list[MissingFact]:
    """Missing facts in the order to ask for: those that most findings wait for."""
    return sorted(facts, key=lambda one: -one.findings)
