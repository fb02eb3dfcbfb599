"""Requirements, parameters and sources from their YAML to the model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from compliance.inventory.problems import Problem, closest
from compliance.policy.files import Entry
from compliance.policy.model import (
    DatedValue,
    Dates,
    Due,
    Extent,
    Migration,
    ParameterDefinition,
    Requirement,
    Source,
)
from compliance.policy.source import Place
from compliance.policy.values import of_type, real_date, shown

DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "integer": ("lower", "higher"),
    "number": ("lower", "higher"),
    "date": ("lower", "higher"),
    "list": ("subset", "superset"),
    "string": ("fixed",),
}
"""The directions that may be stricter, by type of parameter."""
_BOUNDS = ("minimum", "maximum")
_STRICT_END = {"lower": ("minimum",), "higher": ("maximum",)}
_SUPERLATIVE = {"minimum": "smallest", "maximum": "largest"}
_DATES = ("in_force_from", "enforced_from", "sanctioned_from", "until")


def dates(raw: Mapping[str, Any]) -> Dates:
    """The dates of a requirement or rule."""
    return Dates(**{name: raw.get(name) for name in _DATES})


def due(raw: Mapping[str, Any]) -> Due | None:
    """The time within which gaps of a rule are to be closed."""
    said = raw.get("due")
    return None if said is None else Due(said["days"], said.get("basis", raw["basis"]))


def sources(raw: Mapping[str, Any]) -> tuple[Source, ...]:
    """The documents of ``policy.yaml``."""
    return tuple(Source(**source) for source in raw["sources"])


def extent(raw: Mapping[str, Any]) -> tuple[Extent, ...]:
    """The groups of ``policy.yaml``."""
    return tuple(Extent(**group) for group in raw["extent"])


def migrations(raw: Mapping[str, Any]) -> tuple[Migration, ...]:
    """The table of ids that earlier versions had."""
    return tuple(
        Migration(one["old"], one.get("new"), one["reason"]) for one in raw.get("migrations", ())
    )


def migration_problems(
    policy: Entry, requirements: tuple[Entry, ...], rules: tuple[Entry, ...]
) -> Iterator[Problem]:
    """Ids of the table that are still in use, lead nowhere, or are told twice."""
    known = {entry.id for entry in (*requirements, *rules)}
    told: set[tuple[str, str | None]] = set()
    for index, raw in enumerate(policy.raw.get("migrations", ())):
        place = policy.place.at("migrations", index)
        old, new = raw["old"], raw.get("new")
        earlier = [one for one, _ in told if one == old]
        if old in known:
            what = f"`{old}` is a rule or requirement of this version"
            yield place.at("old").problem(what, "an id that only earlier versions have")
        # A successor may itself have been replaced by a still later version.
        olds = {one["old"] for one in policy.raw["migrations"]}
        if new is not None and new not in known | olds:
            yield unknown(new, known, "rule or requirement", place.at("new"))
        if (old, new) in told or (earlier and (new is None or (old, None) in told)):
            what = f"what became of `{old}` is told twice, and not the same"
            yield place.at("old").problem(what, "one entry for each id that takes its place")
        told.add((old, new))


def requirement(raw: Mapping[str, Any]) -> Requirement:
    """One requirement."""
    plain = {key: value for key, value in raw.items() if key not in _DATES}
    for key in ("controls", "sources"):
        plain[key] = tuple(raw.get(key, ()))
    return Requirement(**plain, dates=dates(raw))


def parameters(policy: Entry) -> dict[str, ParameterDefinition]:
    """The parameters of ``policy.yaml`` by name."""
    return {name: _parameter(name, raw) for name, raw in policy.raw.get("parameters", {}).items()}


def _parameter(name: str, raw: Mapping[str, Any]) -> ParameterDefinition:
    later = [
        DatedValue(value["value"], value["in_force_from"], value.get("basis", raw["basis"]))
        for value in raw.get("values", ())
    ]
    return ParameterDefinition(
        name=name,
        title=raw["title"],
        type=raw["type"],
        stricter=_direction(raw["stricter"]),
        basis=raw["basis"],
        default=raw.get("default"),
        values=tuple(sorted(later, key=lambda value: value.in_force_from)),
        unit=raw.get("unit", ""),
        description=raw.get("description", ""),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
    )


def parameter_problems(policy: Entry) -> Iterator[Problem]:
    """Directions and values that do not fit the types of the parameters."""
    for name, raw in policy.raw.get("parameters", {}).items():
        place = policy.place.at("parameters", name)
        known = DIRECTIONS[raw["type"]]
        if _direction(raw["stricter"]) not in known:
            what = f"{_direction(raw['stricter'])} is no direction for type {raw['type']}"
            yield place.at("stricter").problem(what, " or ".join(known))
        for value, at in _values(raw, place):
            yield from _value_problems(value, raw["type"], at)
        yield from _repeated_dates(raw, place)
        yield from _bound_problems(raw, place)


def _bound_problems(raw: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Bounds that do not fit, and values beyond them."""
    bounds = {name: raw[name] for name in _BOUNDS if name in raw}
    if raw["type"] not in ("integer", "number"):
        for name in bounds:
            what = f"a parameter of type {raw['type']} has no {name}"
            yield place.at(name).problem(what, "a bound of numbers alone", key=True)
        return
    for name, value in bounds.items():
        if not of_type(value, raw["type"]):
            what = f"{shown(value)} is not of type {raw['type']}"
            yield place.at(name).problem(what, f"a value of type {raw['type']}")
    lowest, highest = bounds.get("minimum", -math.inf), bounds.get("maximum", math.inf)
    if lowest > highest:
        yield place.at("maximum").problem("it lies below `minimum`", f"{shown(lowest)} or more")
        return
    for value, at in _values(raw, place):
        if of_type(value, raw["type"]) and not lowest <= value <= highest:
            what = f"{shown(value)} lies outside the bounds of the parameter"
            words = {"minimum": "at least", "maximum": "at most"}
            expected = " and ".join(f"{words[name]} {bounds[name]}" for name in bounds)
            yield at.problem(what, expected)


def unbounded(policy: Entry) -> Iterator[Problem]:
    """Numbers an agency could choose though they are nonsense.

    A choice laxer than the policy's value is refused; a stricter one needs an end, and where the
    policy has no value any choice does.
    """
    for name, raw in policy.raw.get("parameters", {}).items():
        if raw["type"] not in ("integer", "number"):
            continue
        direction = _direction(raw["stricter"])
        for bound in _STRICT_END.get(direction, ()) if "default" in raw else _BOUNDS:
            if bound not in raw:
                what = f"`{bound}` is missing, so an agency may choose nonsense"
                expected = f"the {_SUPERLATIVE[bound]} number that makes sense"
                yield policy.place.at("parameters", name).problem(what, expected, key=True)


def _values(raw: Mapping[str, Any], place: Place) -> Iterator[tuple[Any, Place]]:
    """The policy's own values of a parameter."""
    if "default" in raw:
        yield raw["default"], place.at("default")
    for index, value in enumerate(raw.get("values", ())):
        yield value["value"], place.at("values", index, "value")


def _repeated_dates(raw: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, value in enumerate(raw.get("values", ())):
        if value["in_force_from"] in seen:
            at = place.at("values", index, "in_force_from")
            yield at.problem("two values hold from the same date", "one value a date")
        seen.add(value["in_force_from"])


def _value_problems(value: Any, kind: str, place: Place) -> Iterator[Problem]:
    expected = f"a value of type {kind}"
    if kind == "list":
        if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
            yield place.problem(f"{shown(value)} is no list of texts", expected)
        return
    if not of_type(value, kind):
        yield place.problem(f"{shown(value)} is not of type {kind}", expected)
    elif kind == "date" and not real_date(value):
        yield place.problem(f"{shown(value)} is no date of the calendar", "a date (YYYY-MM-DD)")


def _direction(raw: Any) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def repeated(entries: tuple[Entry, ...], what: str) -> Iterator[Problem]:
    """Ids given more than once, also in different files."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.id, entry)
        if first is not entry:
            where = first.place.at("id").source.position((*first.place.path, "id"))
            message = f"the {what} `{entry.id}` is already defined at {where}"
            yield entry.place.at("id").problem(message, f"an id that no other {what} has")


def unknown(name: str, known: Mapping[str, Any] | set[str], what: str, place: Place) -> Problem:
    """The problem of a name that nothing bears."""
    guess = closest(name, known)
    return place.problem(f"there is no {what} `{name}`", f"the id of a {what}", guess)
