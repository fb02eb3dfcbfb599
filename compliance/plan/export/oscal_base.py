"""What all parts of an OSCAL document share: ids, times, properties and texts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.plan.export.choosing import one_line

OSCAL_VERSION = "1.2.3"
NAMESPACE = "urn:compliance:oscal"
"""Names the properties that OSCAL itself does not have."""
_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)

Data = dict[str, Any]


def uuid_of(*parts: str) -> str:
    """The UUID of what its parts name: always the same."""
    return str(uuid.uuid5(_ROOT, "\x1f".join(parts)))


def moment(date: str) -> str:
    """A date as OSCAL wants it, with time and zone."""
    return f"{date}T00:00:00Z"


def token(text: str) -> str:
    """An id as a token: it may not begin with a digit."""
    return text if text[:1].isalpha() else f"_{text}"


def related(observations: Iterable[str]) -> list[Data]:
    """References to observations, each once."""
    return [{"observation-uuid": one} for one in dict.fromkeys(observations)]


def prop(name: str, value: str) -> Data:
    """A property of our own."""
    return {"name": name, "ns": NAMESPACE, "value": one_line(value)}


def props(said: Mapping[str, str | None]) -> list[Data]:
    """Properties of our own, without those that say nothing."""
    return [prop(name, value) for name, value in said.items() if value]


def lines(text: str) -> str:
    """A text of several paragraphs, each line safe to show."""
    return "\n".join(one_line(part) if part.strip() else "" for part in text.strip().splitlines())
