"""The facts that decided a finding, a line each: what is there, what is asked, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.model import FactText, Leaf, Provenance
from compliance.report.plain import neutral, value

LONGEST = 100
"""Characters of an expectation that are shown; `explain` shows the whole."""
_EXPECTED_PARTS = ("expect", "otherwise")
_TALLIES = ("count", "share")
_ONE_VALUE = ("equals", "in")
"""Tests of which a fact meets one alone where they name different values."""
_LISTS = ("every", "some", "none", *_TALLIES)


def observed(leaf: Leaf) -> str:
    """What an inventory holds for a fact, in words that never show a sensitive value."""
    match leaf.state:
        case "withheld":
            return "(known, not shown)"
        case "wrong":
            return "(a value that could not be used)"
        case "missing":
            return "(not given)"
        case _ if leaf.test in _TALLIES and isinstance(leaf.observed, dict):
            return ", ".join(f"{leaf.observed[key]} {key}" for key in ("true", "false", "unknown"))
        case _ if leaf.outcome == "unknown" and isinstance(leaf.observed, list):
            return f"{value(leaf.observed)} so far"
        case _:
            return value(leaf.observed)


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a finding in words, not yet made safe to print."""

    where: str
    """The record it belongs to, where that is not the finding's own; else empty."""
    title: str
    path: str
    member: str
    """``entry 2`` for a member of a list, else empty."""
    found: str
    asks: str
    """``expected``, or what stands before the expectation instead."""
    expected: str
    position: str
    """Empty where the value was not written down."""
    provenance: Provenance | None
    together: bool = False
    """A condition written in Rego reads it together with others: ``expected`` names them all."""


def told(
    leaves: Sequence[Leaf], subject: str, facts: Mapping[str, FactText], *, gap: bool = True
) -> Told:
    """One fact in words.

    Args:
        leaves: the tests of the fact; they differ in what they expect alone.
        subject: the record the finding is about; another record is named.
        facts: titles of facts by path.
        gap: whether the fact makes a gap, so that what is true of it must not be.
    """
    leaf = leaves[0]
    fact = facts.get(leaf.path)
    asks = "expected"
    if leaf.outcome == "true":
        asks = "and must not be" if gap else "as asked:"
    either = leaf.part == "otherwise" or all(one.test in _ONE_VALUE for one in leaves)
    return Told(
        where="" if leaf.subject == subject else leaf.subject,
        title=fact.title if fact else "",
        path=leaf.path,
        member=f"entry {int(leaf.element) + 1}" if leaf.element is not None else "",
        found=observed(leaf),
        asks=asks,
        expected=(" or " if either else " and ").join(dict.fromkeys(_asked(one) for one in leaves)),
        position=leaf.position or "",
        provenance=leaf.provenance,
        together=leaf.test == "rego",
    )


def line(
    leaves: Sequence[Leaf], subject: str, facts: Mapping[str, FactText], *, gap: bool = True
) -> str:
    """One fact: ``Log-off (system.logoff): false; expected true [systems.yaml:3:14]``.

    The arguments are those of :func:`told`.
    """
    one = told(leaves, subject, facts, gap=gap)
    title = f"{one.title} ({one.path})" if one.title else one.path
    where = f"{one.where}: " if one.where else ""
    member = f", {one.member}" if one.member else ""
    place = f" [{one.position}]" if one.position else ""
    return neutral(f"{where}{title}{member}: {one.found}; {one.asks} {one.expected}{place}")


def known_as(found: Provenance) -> str:
    """How well a value is known and where it comes from: ``imported; source: device manager``."""
    parts = [
        found.assurance,
        f"source: {found.source}" if found.source else "",
        f"reported on {found.reported_on}" if found.reported_on else "",
        f"by {found.by}" if found.by else "",
        f"evidence: {found.evidence}" if found.evidence else "",
    ]
    return "; ".join(part for part in parts if part)


def _asked(leaf: Leaf) -> str:
    if leaf.part == "otherwise" and leaf.test in _LISTS:
        return "one that documents a decision instead"
    text = leaf.expected.text
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} ..."


def telling(deciding: Iterable[Leaf]) -> list[list[Leaf]]:
    """The leaves that say what is wrong, those of one fact together.

    Left out are the conditions of applicability, records that a list's ``where`` excludes, and a
    list of which single records are shown.
    """
    leaves = [leaf for leaf in deciding if leaf.part in _EXPECTED_PARTS]
    outside = {leaf.subject for leaf in leaves if _where(leaf) and leaf.outcome == "false"}
    kept = [leaf for leaf in leaves if leaf.subject not in outside and not _where(leaf)]
    facts: dict[tuple[str, ...], list[Leaf]] = {}
    for leaf in kept:
        if not _shown_by_members(leaf, kept):
            # Each tally has numbers of its own, though all are of the same records.
            tally = leaf.id if leaf.test in _TALLIES else ""
            key = (leaf.subject, leaf.path, leaf.element or "", leaf.outcome, tally)
            facts.setdefault(key, []).append(leaf)
    return list(facts.values())


def _where(leaf: Leaf) -> bool:
    return "where" in leaf.id.split(".")


def _shown_by_members(leaf: Leaf, leaves: Sequence[Leaf]) -> bool:
    """Whether a list says nothing that the tests of its members do not say."""
    return leaf.test in _LISTS and any(other.id.startswith(f"{leaf.id}.") for other in leaves)
