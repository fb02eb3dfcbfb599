"""Which kinds of records an agency should list, and which of their facts its rule sets read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from compliance.inventory.kinds import AGENCY, KNOWN_NONE, Fact, Kind, Kinds
from compliance.inventory.store import Record
from compliance.policy.manifest import measure_reads, read_facts, reads
from compliance.policy.model import Policy

_FIRST = ("id", "name")
"""Facts that tell records apart stand first, asked or not; other programs know a record by those
that its schema marks, such as a serial number."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A kind with the facts to ask of its records."""

    kind: Kind
    facts: tuple[Fact, ...]
    """The id and the name, what other programs know a record by, then what most rules read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What belongs into an agency's inventory."""

    kinds: tuple[Chosen, ...]
    """Kinds of which most is asked come first; the agency itself is not among them."""
    left_out: tuple[Kind, ...] = ()
    """Kinds that rules ask about, and that an answer of the agency makes unlikely."""


def choose(kinds: Kinds, policies: Sequence[Policy], agency: Record) -> Choice:
    """What to list: the kinds that rules are about or lead to, with the facts these rules read.

    Args:
        kinds: all kinds.
        policies: the rule sets that count.
        agency: the agency's own record.
    """
    asked = _asked(kinds, policies)
    wanted = [kinds[name] for name in {kind for kind, _ in asked} - {AGENCY}]
    ordered = sorted(wanted, key=lambda kind: (-len(_facts(kind, asked)), kind.name))
    offered = [kind for kind in ordered if is_needed(kind.needs, agency)]
    return Choice(
        tuple(Chosen(kind, _facts(kind, asked)) for kind in offered if not kind.read_only),
        tuple(kind for kind in ordered if kind not in offered),
    )


def is_needed(needs: str | None, agency: Record) -> bool:
    """Whether something is to be offered that depends on a fact of the agency.

    What is not known is offered: only an answer that says no leaves it out.

    Args:
        needs: path of the fact, with its kind; None for what depends on nothing.
        agency: the agency's own record.
    """
    if needs is None:
        return True
    return agency.get(needs.removeprefix(f"{AGENCY}.")) not in (False, [], KNOWN_NONE)


def _facts(kind: Kind, asked: Counter[tuple[str, str]]) -> tuple[Fact, ...]:
    def order(fact: Fact) -> tuple[bool, bool, int]:
        return fact.path not in _FIRST, not fact.identifies, -asked[kind.name, fact.path]

    entered = [fact for fact in kind.facts.values() if fact.entered]
    wanted = [f for f in entered if f.path in _FIRST or f.identifies or asked[kind.name, f.path]]
    return tuple(sorted(wanted, key=order))


def _asked(kinds: Kinds, policies: Sequence[Policy]) -> Counter[tuple[str, str]]:
    """How many rules read each fact, by kind and path; the scope of a rule counts as its own."""
    found: Counter[tuple[str, str]] = Counter()
    for policy in policies:
        for rule in policy.rules:
            found.update(set(_read(replace(policy, rules=(rule,)), kinds)))
    return found


def _read(policy: Policy, kinds: Kinds) -> Iterator[tuple[str, str]]:
    for part in (reads(policy, kinds), measure_reads(policy, kinds)):
        for kind, path in read_facts(part, kinds):
            if path in kinds[kind].facts:
                yield kind, path
