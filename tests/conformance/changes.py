"""Documents with something taken away or changed."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from tests.conformance.engines import Document
from tests.oracle.documents import DATES, NUMBERS, STRINGS, WRONG

NO_FACTS = {"schema", "parameters", "id", "why"}
"""Keys that hold no fact: without a choice of a parameter the policy's own value is in force."""
ANYWHERE: Any = {"k": "ephi"}
"""Of no type that a fact may have, whatever stood there before."""
OTHER_TYPES: dict[type, tuple[Any, ...]] = {
    bool: (1, "true", [True]),
    int: ("3", True, [3]),
    float: ("3.5", False, [3.5]),
    str: (7, True, ["x"]),
    list: ("x", 7, {"0": "x"}),
    dict: ("x", 7, ["x"]),
}
"""Values of other types, by the type of what stood there before."""
SAME_TYPE: dict[type, tuple[Any, ...]] = {
    bool: (True, False),
    int: NUMBERS,
    float: NUMBERS,
    str: (*STRINGS, *DATES, "2026-05-31", "2026-06-30"),
    list: ([],),
}
"""Values of the same type, likewise."""
Place = tuple[Any, ...]


def without_facts(
    document: Document, rng: random.Random, most: int, mistype: bool
) -> Iterator[tuple[str, Document]]:
    """Documents in which one thing is removed, null, or of another type, each with its place.

    Args:
        document: the document.
        rng: chooses.
        most: so many at most.
        mistype: everything in the document is of its type, so that whatever is of another is wrong.
    """
    places = list(_places(document))
    for place in rng.sample(places, min(most, len(places))):
        yield "/".join(map(str, place)), _without(document, place, rng, mistype)


def varied(document: Document, rng: random.Random) -> Document:
    """The document with up to three of its facts removed, null, mistyped, or of another value."""
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        place = rng.choice(list(_places(document)))
        if rng.random() < 0.4:
            document = _without(document, place, rng, mistype=True)
            continue
        changed, holder = _copied(document, place)
        old = holder[place[-1]]
        holder[place[-1]] = copy.deepcopy(rng.choice(SAME_TYPE.get(type(old), WRONG)))
        document = changed
    return document


def _without(document: Document, place: Place, rng: random.Random, mistype: bool) -> Document:
    copied, holder = _copied(document, place)
    old = holder[place[-1]]
    others: list[Any] = [None, ANYWHERE]
    # `none` stands where a fact of any type may stand.
    if mistype and old != "none":
        others += OTHER_TYPES.get(type(old), [])
    if isinstance(holder, dict) and rng.random() < 0.4:
        del holder[place[-1]]
    else:
        holder[place[-1]] = copy.deepcopy(rng.choice(others))
    return copied


def _copied(document: Document, place: Place) -> tuple[Document, Any]:
    """The document, copied as far as it leads to a place, and what holds the place."""
    copied = dict(document)
    holder: Any = copied
    for key in place[:-1]:
        holder[key] = copy.copy(holder[key])
        holder = holder[key]
    return copied, holder


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where facts, members and all that holds them stand; not the subject itself."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in NO_FACTS:
                continue
            if place or key == "as_of":
                yield (*place, key)
            yield from _places(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield (*place, number)
            yield from _places(inner, (*place, number))
