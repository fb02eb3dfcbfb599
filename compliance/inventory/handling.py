"""Stops an inventory that seems to hold data about persons which it has no need of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from compliance.inventory.answers import KEY as ANSWERS
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.inheritance import KEY
from compliance.inventory.kinds import Kinds
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import Problem
from compliance.inventory.source import SourceFile, dotted

SETTING = "personal_data_allowed"
"""Setting that names the facts in which such values may stand."""


def personal_data_problems(
    source: SourceFile, kinds: Kinds, allowed: Collection[str]
) -> Iterator[Problem]:
    """A problem for each value that looks like personal data; comments are not looked at.

    Args:
        source: a file of an inventory.
        kinds: all kinds.
        allowed: facts in which such values may stand, such as ``system.description``.
    """
    told: set[tuple[str | int, ...]] = set()
    for path, what in source.suspected():
        value = source.at(path)
        here = [found.what for found in suspects(str(value))]
        name = _answered(source, path) or _name(path, kinds)
        if isinstance(value, dict | list) or what not in here or path in told:
            continue
        told.add(path)
        if not any(name == fact or name.startswith(f"{fact}.") for fact in allowed):
            yield Problem(
                source.position(path),
                dotted(path),
                f"the value looks like {what}",
                "an inventory without such data: name persons by id or role. Where it is none, "
                f"the setting {SETTING}: [{name}] in compliance.yaml",
            )


def _answered(source: SourceFile, path: tuple[str | int, ...]) -> str:
    """The fact that an answer's value is about; empty for whatever is no answer's value."""
    if path[:1] != (ANSWERS,) or len(path) < 3 or path[2] != VALUE:
        return ""
    subject, fact = (source.at((*path[:2], key)) for key in ("subject", "fact"))
    return re.sub(r"\[[0-9]+\]", "", f"{str(subject).partition('/')[0]}.{fact}")


def _name(path: tuple[str | int, ...], kinds: Kinds) -> str:
    """The fact a path leads to, without numbers: ``system.software.name``."""
    head, *rest = path or ("",)
    kind = kinds.by_collection.get(str(head))
    first = KEY if kind is None else kind.name
    return ".".join([first, *(str(s) for s in rest if isinstance(s, str) and s != VALUE)])
