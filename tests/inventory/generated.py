"""Random records as people write them: right, missing, null, ``none``, wrong, with provenance."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

from compliance.inventory.kinds import ANY, Fact, Kind, Kinds

DATES = ["0001-01-01", "2000-02-29", "2026-06-30", "2026-03-02", "2026-07-01", "9999-12-31"]
JUNK: list[Any] = [
    True, False, 0, 1, -1, 1.0, 2.5, 1e300, 2**53, "", "x", "none", "no", "a\n", "x" * 2001, "😀",
    "2026-02-30", "1900-02-29", "0000-01-01", "-001-01-01", "2026-1-1", "2026-03-02\n",
    "２026-03-02", "a/b", "System/a", "ünder", [], [None], [1], ["x", "x"], [[]], [{}], {},  # noqa: RUF001
    {"value": None}, {"all": 1}, {"all": "system", "x": 1}, {"value": 1, "source": 2},
    {"source": "x"}, {"value": True, "by": "me"}, {"value": "x", "sauce": "y"},
    {"value": [], "reported_on": "2026-02-30"}, {"a": {"value": 1}},
]  # fmt: skip
PROVENANCE = {
    "source": "scan", "by": "me", "evidence": None, "reported_on": "2026-03-02",
    "assurance": "imported",
}  # fmt: skip


class RecordMaker:
    """Makes records of any kind.

    Args:
        kinds: all kinds.
        rng: source of chance.
        wrong: share of values that are junk.
    """

    def __init__(self, kinds: Kinds, rng: random.Random, wrong: float) -> None:
        self.kinds = kinds
        self.rng = rng
        self.wrong = wrong

    def record(self, kind: Kind, name: str, share: float = 0.4) -> dict[str, Any]:
        """A record with about a share of its facts."""
        record: dict[str, Any] = {"id": name}
        for fact in kind.facts.values():
            if fact.entered and fact.path != "id" and self.rng.random() < share:
                self.place(record, fact.path, self.written(fact))
        if self.rng.random() < self.wrong / 2:
            record[self.rng.choice(["x", "mfa_", "value"])] = 1
        return record

    def place(self, record: dict[str, Any], path: str, value: Any) -> None:
        *groups, name = path.split(".")
        for group in groups:
            if self.rng.random() < self.wrong / 10:
                record[group] = self.junk()
            inner = record.setdefault(group, {})
            if not isinstance(inner, dict):
                return
            record = inner
        record[name] = value

    def written(self, fact: Fact) -> Any:
        value = self.value(fact)
        if self.rng.random() > 0.15:
            return value
        said: dict[str, Any] = {"value": value}
        for key, right in PROVENANCE.items():
            if self.rng.random() < 0.4:
                said[key] = self.junk() if self.rng.random() < self.wrong else right
        return said

    def value(self, fact: Fact) -> Any:
        if self.rng.random() < self.wrong:
            return self.junk()
        if self.rng.random() < 0.1:
            return None
        if fact.none and self.rng.random() < 0.2:
            return "none"
        if fact.type == "link":
            return self.link(fact)
        if fact.type == "list":
            return self.members(fact)
        return self.scalar(fact, fact.type)

    def junk(self) -> Any:
        return copy.deepcopy(self.rng.choice(JUNK))

    def members(self, fact: Fact) -> list[Any]:
        found: list[Any] = []
        for _ in range(self.rng.randint(0, 3)):
            if self.rng.random() < self.wrong:
                member = self.junk()
            elif self.rng.random() < 0.1:
                member = None
            elif fact.items == "object":
                member = {}
                for field in fact.fields.values():
                    if self.rng.random() < 0.5:
                        self.place(member, field.path, self.written(field))
            else:
                member = self.scalar(fact, str(fact.items))
            if member not in found or self.rng.random() < self.wrong:
                found.append(member)
        return found

    def link(self, fact: Fact) -> Any:
        ids = ["a", "b", "c"]
        if fact.target == ANY:
            names = [f"{self.rng.choice(['system', 'vendor'])}/{name}" for name in ids]
            if "type" not in fact.schema and self.rng.random() < 0.3:
                return {"all": self.rng.choice(["system", "vendor"])}
            several = fact.many or ("type" not in fact.schema and self.rng.random() < 0.5)
        else:
            names, several = ids, fact.many
        return self.rng.sample(names, self.rng.randint(0, 3)) if several else self.rng.choice(names)

    def scalar(self, fact: Fact, scalar: str) -> Any:
        if fact.enum is not None:
            return self.rng.choice(fact.enum)
        choices: dict[str, list[Any]] = {
            "boolean": [True, False],
            "integer": within(fact, [0, 1, 15, 2.0, 1e15]),
            "number": within(fact, [0, 1, 0.5, 1.0]),
            "date": DATES,
            "string": ["", "text", "none", "é😀", "1.10"],
        }
        return self.rng.choice(choices[scalar])


def within(fact: Fact, numbers: list[Any]) -> list[Any]:
    """The numbers that keep to the bounds of a fact."""
    schema = fact.schema.get("items", fact.schema)
    lowest, highest = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    return [number for number in numbers if lowest <= number <= highest]
