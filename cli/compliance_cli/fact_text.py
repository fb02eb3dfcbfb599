"""Facts of an inventory as text and as JSON, for the commands that show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compliance.inventory.kinds import KNOWN_NONE
from compliance.inventory.known import KnownFact
from compliance.inventory.problems import Position
from compliance.report.plain import prose, value

_SAID = {"source": "source: ", "reported_on": "reported on ", "by": "by ", "evidence": "evidence: "}


def whole(data: Any) -> str:
    """A value in words, no member and no character left out; not yet made safe to print."""
    if isinstance(data, str):
        return " ".join(data.split()) or '""'
    if isinstance(data, list):
        return ", ".join(map(whole, data)) if data else "an empty list"
    if isinstance(data, dict):
        return ", ".join(f"{key}: {whole(inner)}" for key, inner in data.items())
    return value(data)


def known_as(provenance: Mapping[str, Any]) -> str:
    """How well a fact is known and where it comes from: ``imported; source: device manager``."""
    parts = [f"{start}{provenance[key]}" for key, start in _SAID.items() if key in provenance]
    return "; ".join([str(provenance["assurance"]), *parts])


def fact_lines(fact: KnownFact, indent: str) -> str:
    """One fact over several lines: what it says, where it stands, where it comes from."""
    head = f"{fact.title} ({fact.path}): "
    members = fact.value if _is_objects(fact.value) else None
    if fact.wrong:
        text = prose(f"{head}(a value that could not be used)", f"{indent}    ", indent)
    elif members:
        text = prose(head.rstrip(" "), f"{indent}    ", indent)
        for number, member in enumerate(members, 1):
            text += prose(f"{number}. {whole(member)}", f"{indent}     ", f"{indent}  ")
    else:
        text = prose(head + whole(fact.value), f"{indent}    ", indent)
    return text + prose(source(fact), f"{indent}    ", f"{indent}    ")


def source(fact: KnownFact) -> str:
    """Where a fact stands and where it comes from."""
    if fact.position is None and fact.value == KNOWN_NONE:
        return "not written down, which says none"
    known = "" if fact.wrong else known_as(fact.provenance)
    return "; ".join(part for part in (placed(fact.position), known) if part)


def placed(position: Position | None) -> str:
    """A place as text; empty where there is none."""
    return str(position) if position else ""


def fact_data(fact: KnownFact | None) -> dict[str, Any] | None:
    """One fact as JSON data."""
    if fact is None:
        return None
    found: dict[str, Any] = {"value": fact.value}
    if fact.wrong:
        found["wrong"] = True
    else:
        found["provenance"] = dict(fact.provenance)
    return {**found, "position": placed(fact.position) or None}


def _is_objects(data: Any) -> bool:
    return isinstance(data, list) and any(isinstance(member, dict) for member in data)
