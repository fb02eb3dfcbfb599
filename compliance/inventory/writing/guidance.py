"""What people are told about a column: its question, what may be entered, an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact, Kinds
from compliance.inventory.tables.cells import BETWEEN, Written, write_cell
from compliance.inventory.tables.columns import Column, list_sheet_name, sheet_name
from compliance.inventory.wording import expectation

YES, NO = "yes", "no"

_EMPTY = "An empty list says"

_SAID = {
    "source": "Where the value comes from: the system, list or person that said so.",
    "reported_on": "The day on which it was said. A date such as 2026-11-23.",
    "by": "Who said so: a role title, or the id of a person; never a name.",
    "evidence": "What shows it: a document, a screenshot, a ticket.",
    "assurance": "How well it is known.",
}


def guidance(column: Column, kinds: Kinds) -> str:
    """The explanation of a column: a question, and what may be entered."""
    if column.provenance is not None:
        return _SAID[column.provenance]
    fact = column.fact
    if fact.path == "id":
        return allowed(fact, kinds)
    parts = [fact.question, allowed(fact, kinds), description(fact)]
    if not fact.question:
        parts = [description(fact), allowed(fact, kinds)]
    return " ".join(part for part in parts if part)


def description(fact: Fact) -> str:
    """What the schema says beside the question, for people who type: no list, but ``none``."""
    text = fact.description.replace(f"{_EMPTY} none.", "")
    return " ".join(text.replace(_EMPTY, "The word none says").split())


def allowed(fact: Fact, kinds: Kinds) -> str:
    """What may be entered, as a sentence: ``Yes or no.``, ``One of: a, b.``."""
    if fact.path == "id":
        return (
            "A short name that stays, such as payroll, by which other rows name this one: letters, "
            "digits, dots and hyphens."
        )
    several = f"Several with {BETWEEN} between them." if takes_several(fact) else ""
    several = "" if fact.items == "object" else several
    none = ""
    if fact.none:
        never = "date" in (fact.type, fact.items)
        none = f"Enter none where {'it never happened' if never else 'there is none'}."
    elif takes_several(fact) and _EMPTY not in fact.description.replace(f"{_EMPTY} none.", ""):
        none = "Enter none where there are none."
    return " ".join(part for part in (_one(fact, kinds), several, none) if part)


def choices(fact: Fact) -> tuple[str, ...]:
    """What a drop-down offers; empty where anything may be typed."""
    offered = [YES, NO] if fact.type == "boolean" else [str(each) for each in fact.enum or ()]
    if offered and fact.none:
        offered.append(KNOWN_NONE)
    return tuple(offered)


def takes_several(fact: Fact) -> bool:
    """Whether a cell may hold several values."""
    if fact.type == "link":
        return fact.many or (fact.target == ANY and "type" not in fact.schema)
    return fact.type == "list"


def example(fact: Fact) -> Written:
    """What the example row shows; None where the schema gives no example."""
    for value in fact.examples:
        return written(fact, value)
    return next(iter(choices(fact)), None)


def written(fact: Fact, value: Any) -> Written:
    """A value as a cell holds it, with yes and no for a fact of this type."""
    cell = write_cell(fact, value)
    if isinstance(cell, bool) and fact.type == "boolean":
        return YES if cell else NO
    return cell


def meanings(facts: Sequence[Fact]) -> Iterator[tuple[str, str, str]]:
    """Title, allowed value and what it means, for values that do not speak for themselves."""
    for fact in facts:
        for value, meaning in fact.labels.items():
            yield fact.title, value, meaning


def _one(fact: Fact, kinds: Kinds) -> str:
    if fact.type == "link":
        return _link(fact, kinds)
    if fact.type == "boolean":
        return "Yes or no."
    if fact.enum is not None:
        return f"One of: {', '.join(map(str, fact.enum))}."
    if "date" in (fact.type, fact.items):
        return "A date such as 2026-11-23."
    if fact.items == "object":
        return f"Each on a row of the sheet {list_sheet_name(kinds[fact.kind], fact)}."
    words = expectation(fact, member=fact.type == "list").removesuffix(f", or {KNOWN_NONE}")
    return "" if words.startswith("a text") else f"{words[:1].upper()}{words[1:]}."


def _link(fact: Fact, kinds: Kinds) -> str:
    if fact.target is None or fact.target == ANY:
        return "Kind and id of a record, such as system/payroll."
    return f"The id of a row of the sheet {sheet_name(kinds[fact.target])}."
