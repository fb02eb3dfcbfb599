"""What may be answered, in words."""

from __future__ import annotations

import json

from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact, Kinds
from compliance.inventory.tables.cells import BETWEEN
from compliance.inventory.writing import guidance

DONT_KNOW = "don't know"
"""The answer of a person who does not know."""


def allowed_answers(fact: Fact, kinds: Kinds) -> str:
    """What may be answered, as sentences: ``Yes or no.``, ``A date such as 2026-11-23.``."""
    if fact.items == "object":
        return _objects(fact)
    if fact.type == "link":
        return _links(fact, kinds)
    text = guidance.allowed(fact, kinds)
    meant = "; ".join(f"{value} is {label}" for value, label in fact.labels.items())
    if not text or text.startswith(("Several", "Enter")):
        text = f"A text. {text}".strip()
    parts = [text, f"Here {meant}." if meant else ""]
    return " ".join(part for part in parts if part)


def offered(fact: Fact) -> tuple[str, ...]:
    """The answers to choose from, where they are few."""
    return guidance.choices(fact)


def _links(fact: Fact, kinds: Kinds) -> str:
    if fact.target is None or fact.target == ANY:
        one = "Kind and id of a record, such as system/payroll"
    else:
        one = f"The id of a record of the kind {kinds[fact.target].title.lower()}"
    if not guidance.takes_several(fact):
        return f"{one}{', or none' if fact.none else ''}."
    return f"{one}; several with {BETWEEN} between them; {KNOWN_NONE} where there are none."


def _objects(fact: Fact) -> str:
    example = fact.examples[0] if fact.examples else [dict.fromkeys(fact.fields, "...")]
    return (
        f"Best entered in the inventory: each with {', '.join(fact.fields)}. Here: "
        f"{KNOWN_NONE} where there are none, or all of them as JSON, such as "
        f"{json.dumps(example, ensure_ascii=False)}"
    )
