"""Kinds and scopes that the tests of policies share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compliance.inventory.kinds import load_kinds
from compliance.inventory.problems import Problem
from compliance.policy.conditions import Node
from compliance.policy.model import ParameterDefinition
from compliance.policy.parser import parse_condition
from compliance.policy.scope import NamedCondition, Scope, applies_scope, rule_scope
from compliance.policy.source import Place

KINDS = load_kinds(Path(__file__).parent / "kinds")
PARAMETERS = {
    "minutes": ParameterDefinition("minutes", "Minutes", "integer", "lower", "bureau", 15),
    "share": ParameterDefinition("share", "Share", "number", "higher", "bureau", 0.9),
    "on": ParameterDefinition("on", "Switch", "boolean", "true", "bureau", True),
    "word": ParameterDefinition("word", "Word", "string", "fixed", "bureau", "test"),
    "day": ParameterDefinition("day", "Day", "date", "higher", "bureau", "2026-01-01"),
    "words": ParameterDefinition("words", "Words", "list", "subset", "bureau", ["ephi", "fti"]),
}
CONDITIONS = {
    "handles-ephi": {"subject.data_types": {"contains": "ephi"}},
    "ephi-vendors": {
        "some": {"in": "subject.vendors", "expect": {"vendor.data_types": {"contains": "ephi"}}}
    },
    "both": {"use": "handles-ephi", "subject.mfa": True},
    "loop": {"any": [{"use": "round"}]},
    "round": {"use": "loop"},
}
NAMED = {
    name: NamedCondition(raw, Place().at("conditions", name)) for name, raw in CONDITIONS.items()
}


def scope(subject: str = "system", covers: tuple[str, ...] = ("r-1", "r-2")) -> Scope:
    return rule_scope(KINDS, subject, parameters=PARAMETERS, conditions=NAMED, covers=covers)


def scope_of_applies(kind: str) -> Scope:
    return applies_scope(KINDS, kind, parameters=PARAMETERS, conditions=NAMED)


def tree(raw: Any, subject: str = "system", root: str = "expect") -> Node:
    parsed = parse_condition(raw, scope(subject), root)
    assert parsed.problems == ()
    assert parsed.node is not None
    return parsed.node


def problems(raw: Any, subject: str = "system", within: Scope | None = None) -> list[Problem]:
    parsed = parse_condition(raw, within or scope(subject))
    assert parsed.node is None
    return list(parsed.problems)
