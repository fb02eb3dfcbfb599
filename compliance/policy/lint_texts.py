"""Words that no text of a policy may use, because a run is a gap analysis and no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compliance.inventory.problems import Problem
from compliance.policy.files import PolicyFiles
from compliance.policy.loader import LoadedPolicy
from compliance.policy.source import Place

INSTEAD = {
    "compliant": "satisfied, or met",
    "certified": "what the certificate says and who issued it",
    "violation": "gap",
    "pass": "satisfied",
    "waived": "accepted risk",
}
"""Banned words, with what to write instead."""
_WORDS = re.compile(rf"\b({'|'.join(INSTEAD)})\b", re.IGNORECASE)
_RULE = ("title", "remediation", "question")
_REQUIREMENT = ("title", "note", "not_assessable")
_PARAMETER = ("title", "description")


def text_problems(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    """Banned words in the texts that reports print."""
    del loaded
    policy = files.policy
    yield from _texts(policy.raw, ("title", "statement"), policy.place)
    for index, group in enumerate(policy.raw["extent"]):
        yield from _texts(group, ("title",), policy.place.at("extent", index))
    for name, parameter in policy.raw.get("parameters", {}).items():
        yield from _texts(parameter, _PARAMETER, policy.place.at("parameters", name))
    for entry in files.requirements:
        yield from _texts(entry.raw, _REQUIREMENT, entry.place)
    for entry in files.rules:
        yield from _texts(entry.raw, _RULE, entry.place)
        yield from _text(entry.section, Place(entry.place.source, ("section",)))


def _texts(raw: Any, keys: tuple[str, ...], place: Place) -> Iterator[Problem]:
    for key in keys:
        if key in raw:
            yield from _text(raw[key], place.at(key))


def _text(text: str, place: Place) -> Iterator[Problem]:
    for word in _WORDS.findall(text):
        yield place.problem(f"the text says `{word}`", f"another word: {INSTEAD[word.lower()]}")
