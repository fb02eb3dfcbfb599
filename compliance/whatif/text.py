"""A try as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assessment.model import Assessment
from compliance.report.plain import enumeration, neutral, number, prose
from compliance.report.style import PLAIN, Style
from compliance.whatif.effects import (
    AHEAD_CLOSED,
    AHEAD_GONE,
    AHEAD_OPENED,
    CLOSED,
    DEFERRED,
    KNOWN,
    NOT_KNOWN,
    OPENED,
    OUT_OF_SCOPE,
    VANISHED,
    Change,
    RequirementChange,
)
from compliance.whatif.outcome import Outcome, Supposed, sentence

RULES, SUBJECTS, REQUIREMENTS = 30, 6, 40
"""Rules of one effect, records of one rule, and requirements that are listed; JSON has all."""

_TITLES = {
    CLOSED: "Gaps that would close",
    OPENED: "Gaps that would open",
    KNOWN: "Unknowns that would become known",
    NOT_KNOWN: "What would become unknown",
    OUT_OF_SCOPE: "Gaps whose rule would no longer apply",
    DEFERRED: "Gaps that would not yet be in force",
    VANISHED: "Gaps that nothing would look for any more: they are not resolved",
    AHEAD_CLOSED: "Not yet in force, would close",
    AHEAD_OPENED: "Not yet in force, would open",
    AHEAD_GONE: "Not yet in force, would be unknown or no longer apply",
}
_PLAIN = frozenset((CLOSED, OUT_OF_SCOPE, AHEAD_CLOSED))
"""Effects whose title says what the findings were and would be."""


def lines(outcome: Outcome, style: Style = PLAIN) -> Iterator[str]:
    """Yields the text."""
    marking = outcome.new.metadata.marking
    if marking:
        yield prose(marking)
    yield style.paint("heading", "What if") + "\n\n"
    yield prose(sentence(outcome)[0].upper() + sentence(outcome)[1:])
    yield prose("This is only supposed: nothing was written, and a fact counts once it is true.")
    yield from _section("Supposed", map(_supposed, outcome.supposed), style)
    for effect, title in _TITLES.items():
        found = [one for one in outcome.effects.changes if one.effect == effect]
        if found:
            total = outcome.effects.count(effect)
            yield from _section(f"{title} ({total:,})", _changes(found, effect), style)
    others = [
        prose(
            f"{one.findings:,} {_words(one.was)}; would be {_words(one.would_be)}", "    ", "  - "
        )
        for one in outcome.effects.others
    ]
    yield from _section("Other findings that would change, counted", iter(others), style)
    changed = outcome.effects.requirements
    yield from _section(f"Requirements ({len(changed):,})", _requirements(changed), style)
    yield from _section("Compared", _compared(outcome), style)
    if marking:
        yield prose(marking)


def _section(title: str, found: Iterator[str], style: Style) -> Iterator[str]:
    first = next(found, None)
    if first is None:
        return
    yield f"\n{style.paint('heading', title)}\n{'-' * len(title)}\n"
    yield first
    yield from found


def _requirements(found: Sequence[RequirementChange]) -> Iterator[str]:
    for one in found[:REQUIREMENTS]:
        ahead = " (not yet in force)" if one.upcoming else ""
        states = f"{_words(one.was)}; would be {_words(one.would_be)}"
        yield prose(f"{one.label} {one.title}{ahead}: {states}", "    ", "  - ")
    if len(found) > REQUIREMENTS:
        yield f"  and {len(found) - REQUIREMENTS:,} more; --format json lists them.\n"


def _words(state: str) -> str:
    return "not there" if state == "absent" else state.replace("_", " ")


def _supposed(one: Supposed) -> str:
    if one.records is None:
        return prose(one.text, "    ", "  - ")
    kind = one.text.partition(".")[0]
    of = number(one.records, f"{kind} record")
    words = f"{one.text}, for {of}; {one.changed or 'none'} of them "
    says = (
        "says something else or nothing now"
        if one.changed in (0, 1)
        else ("say something else or nothing now")
    )
    return prose(words + says, "    ", "  - ")


def _changes(found: list[Change], effect: str) -> Iterator[str]:
    for one in found[:RULES]:
        weight = f" [{one.severity}, {one.basis}]" if one.severity else ""
        states = (
            "" if effect in _PLAIN else f" ({_words(one.was)}; would be {_words(one.would_be)})"
        )
        cited = f", {', '.join(one.requirements)}" if one.requirements else ""
        named = enumeration(one.subjects[:SUBJECTS], len(one.subjects))
        text = f"{one.policy}/{one.rule}{weight}{cited}{states}: {named}"
        yield prose(text, "    ", "  - ")
    if len(found) > RULES:
        yield f"  and {len(found) - RULES:,} more rules; --format json lists them.\n"


def _compared(outcome: Outcome) -> Iterator[str]:
    yield prose(f"As it is: {_side(outcome.old)}", "    ", "  - ")
    yield prose(f"As it would be: {_side(outcome.new)}", "    ", "  - ")


def _side(assessment: Assessment) -> str:
    policies = ", ".join(f"{one.id} {one.version}" for one in assessment.policies)
    return neutral(f"as of {assessment.metadata.as_of}, against {policies}")
