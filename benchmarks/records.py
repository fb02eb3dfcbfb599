"""A generated inventory: systems of about 60 lines with linked vendors, in files of YAML."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.facts import GOVERNED, GOVERNING, LINK, SYSTEM, VENDOR, Facts
from compliance.inventory.kinds import Fact, Kinds

AS_OF = datetime.date(2026, 11, 23)
"""Date of the assessment."""
PER_FILE = 100
"""Systems in one file."""
SYSTEMS_PER_VENDOR = 40
ABSENT, NULL, WRONG, NONE = 0.04, 0.015, 0.005, 0.02
"""How often a fact is left out, null, of a wrong type, or (where the schema allows) none."""
HELD = 0.92
"""How often a fact has the value that rules expect."""
Record = dict[str, Any]


def write_inventory(
    folder: Path, kinds: Kinds, chosen: Mapping[str, Facts], systems: int, seed: int = 1
) -> None:
    """Write an inventory.

    Args:
        folder: where the files go; made if it is missing.
        kinds: all kinds, each of which the agency declares complete.
        chosen: the facts to state.
        systems: how many systems.
        seed: of the random numbers; the same seed gives the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(seed)  # noqa: S311 - random, not secret
    complete = {name: AS_OF.isoformat() for name in kinds if name != "agency"}
    agency = {"id": "measured-agency", "name": "Measured agency", "complete": complete}
    vendors = [f"vendor-{n}" for n in range(2 + systems // SYSTEMS_PER_VENDOR)]
    _write(folder / "agency.yaml", "agency:\n" + "\n".join(_lines(agency, 1)))
    records = (_record(vendor, chosen[VENDOR], source) for vendor in vendors)
    _write(folder / "vendors.yaml", _collection(chosen[VENDOR], records))
    for start in range(0, systems, PER_FILE):
        names = [f"system-{n:05}" for n in range(start, min(start + PER_FILE, systems))]
        records = (_system(name, chosen[SYSTEM], vendors, source) for name in names)
        _write(folder / f"systems-{start:05}.yaml", _collection(chosen[SYSTEM], records))


def _system(name: str, facts: Facts, vendors: list[str], source: random.Random) -> Record:
    record = _record(name, facts, source)
    if source.random() > ABSENT:
        record[LINK] = sorted(source.sample(vendors, min(source.randrange(3), len(vendors))))
    record["software"] = [
        {
            "name": source.choice(["PostgreSQL", "nginx", "OpenSSL", "Keycloak"]),
            "version": f"{source.randint(1, 18)}.{source.randint(0, 9)}",
            "eol_on": _date(source, future=True),
        }
        for _ in range(2)
    ]
    return record


def _record(name: str, facts: Facts, source: random.Random) -> Record:
    record: Record = {"id": name, "name": f"Record {name}"}
    for fact in facts.ordered():
        if source.random() < ABSENT:
            continue
        group = record
        *groups, last = fact.path.split(".")
        for part in groups:
            group = group.setdefault(part, {})
        value = _value(fact, source)
        if source.random() < 0.03:
            value = {"value": value, "source": "Asset register", "reported_on": "2026-09-01"}
        group[last] = value
    return record


def _value(fact: Fact, source: random.Random) -> Any:
    chance = source.random()
    if chance < NULL:
        return None
    if chance < NULL + WRONG:
        return 42 if fact.type != "integer" else "many"
    if fact.none and chance < NULL + WRONG + NONE:
        return "none"
    return _right_value(fact, source)


def _right_value(fact: Fact, source: random.Random) -> Any:
    held = source.random() < HELD
    choices = list(fact.enum or ())
    match fact.type:
        case "boolean":
            return held
        case "integer":
            return source.randint(1, 60) if held else source.randint(61, 400)
        case "date":
            return _date(source, future=False, recent=held)
        case "list":
            members = source.sample(choices, source.randint(1, min(4, len(choices))))
            governed = fact.path == GOVERNING and held and GOVERNED not in members
            return [*members, GOVERNED] if governed else members
        case _ if choices:
            return source.choice(choices[:-1]) if held else choices[-1]
        case _:
            return (
                f"Stated by the {fact.asked_of or 'system owner'}, see file {source.randrange(99)}"
            )


def _date(source: random.Random, *, future: bool, recent: bool = True) -> str:
    days = source.randint(1, 330) if recent else source.randint(400, 2000)
    day = AS_OF + datetime.timedelta(days if future else -days)
    return day.isoformat()


def _collection(facts: Facts, records: Iterator[Record]) -> str:
    lines = [f"{facts.kind.collection}:"]
    for record in records:
        first, *rest = _lines(record, 2)
        lines += ["  - " + first.lstrip(), *rest]
    return "\n".join(lines)


def _lines(value: Record, depth: int) -> Iterator[str]:
    """A mapping as block YAML, with lists of plain values and stated sources in one line."""
    indent = "  " * depth
    for key, part in value.items():
        if isinstance(part, dict) and "value" not in part:
            yield f"{indent}{key}:"
            yield from _lines(part, depth + 1)
        elif isinstance(part, list) and part and isinstance(part[0], dict):
            yield f"{indent}{key}:"
            for item in part:
                first, *rest = _lines(item, depth + 2)
                yield f"{indent}  - {first.lstrip()}"
                yield from rest
        else:
            yield f"{indent}{key}: {_flow(part)}"


def _flow(value: Any) -> str:
    """A value in one line, words and dates without quotes as people write them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[a-zA-Z][\w -]*|\d{4}-\d\d-\d\d", value)
    return value if plain else json.dumps(value)


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
