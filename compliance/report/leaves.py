"""The facts that decided a finding, a line each: what is there, what is asked, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compliance.assessment.model import FactText, Leaf
from compliance.report.plain import neutral, value

LONGEST = 100
"""Characters of an expectation that are shown; `explain` shows the whole."""
_EXPECTED_PARTS = ("expect", "otherwise")
_TALLIES = ("count", "share")
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


def line(
    leaves: Sequence[Leaf], subject: str, facts: Mapping[str, FactText], *, gap: bool = True
) -> str:
    """One fact: ``Log-off (system.logoff): false; expected true [systems.yaml:3:14]``.

    Args:
        leaves: the tests of the fact; they differ in what they expect alone.
        subject: the record the finding is about; another record is named.
        facts: titles of facts by path.
        gap: whether the fact makes a gap, so that what is true of it must not be.
    """
    leaf = leaves[0]
    fact = facts.get(leaf.path)
    title = f"{fact.title} ({leaf.path})" if fact else leaf.path
    where = "" if leaf.subject == subject else f"{leaf.subject}: "
    member = f", entry {int(leaf.element) + 1}" if leaf.element is not None else ""
    asks = "expected"
    if leaf.outcome == "true":
        asks = "and must not be" if gap else "as asked:"
    joined = " or " if leaf.part == "otherwise" else " and "
    texts = joined.join(dict.fromkeys(_asked(one) for one in leaves))
    place = f" [{leaf.position}]" if leaf.position else ""
    return neutral(f"{where}{title}{member}: {observed(leaf)}; {asks} {texts}{place}")


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
