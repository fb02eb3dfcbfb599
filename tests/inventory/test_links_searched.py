"""Links and derived facts against a search over all pairs of records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.kinds import Fact
from compliance.inventory.store import Inventory
from tests.inventory.small import AS_OF, KINDS, of_values


class Model:
    """The same answers, worked out from the values as written, one pair at a time."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.records = {
            (kind, raw["id"]): raw
            for kind in KINDS
            for raw in ([value["agency"]] if kind == "agency" else value[KINDS[kind].collection])
        }

    def complete_on(self, kind: str) -> bool:
        date = self.value["agency"].get("complete", {}).get(kind)
        return kind == "agency" or (date is not None and date <= AS_OF.isoformat())

    def names(self, fact: Fact, raw: dict[str, Any], subject: tuple[str, str]) -> bool:
        """Whether a record's link names a subject."""
        value = raw.get(fact.path)
        members = value if isinstance(value, list) else [value]
        for member in members:
            if isinstance(member, dict) and member["all"] == subject[0]:
                return True
            written = "/".join(subject) if fact.target == "any" else subject[1]
            if member == written and (fact.target in ("any", subject[0])):
                return bool(member != "none")
        return False

    def stated(self, fact: Fact, raw: dict[str, Any]) -> bool:
        value = raw.get(fact.path)
        return value is not None and value != [None] and not (
            isinstance(value, list) and any(member is None for member in value)
        )  # fmt: skip

    def linked(self, subject: tuple[str, str], fact: Fact) -> tuple[list[str], bool]:
        raw = self.records[subject]
        everything = sorted(self.records)
        if fact.type == "link":
            found = [other for other in everything if self.names(fact, raw, other)]
            complete = self.stated(fact, raw)
            value = raw.get(fact.path)
            if isinstance(value, dict):
                complete = self.complete_on(value["all"])
        else:
            kind = str(fact.target)
            others = [other for other in everything if other[0] == kind]
            if fact.via is None:
                return ["/".join(other) for other in others], self.complete_on(kind)
            link = KINDS[kind].facts[fact.via]
            found = [other for other in others if self.names(link, self.records[other], subject)]
            complete = self.complete_on(kind) and all(
                self.stated(link, self.records[other]) for other in others
            )
        return ["/".join(other) for other in found], complete

    def derived(self, subject: tuple[str, str], fact: Fact) -> tuple[set[str], bool]:
        members: set[str] = set()
        complete = True
        for name in fact.over:
            if name == "self":
                sources = [subject]
            else:
                names, whole = self.linked(subject, KINDS[subject[0]].facts[name])
                complete = complete and whole
                sources = [
                    (kind, rest) for kind, _, rest in (each.partition("/") for each in names)
                ]
            for source in sources:
                inner = KINDS[source[0]].facts[str(fact.union)]
                if inner.type == "derived":
                    more, whole = self.derived(source, inner)
                else:
                    value = self.records[source].get(inner.path)
                    more = {member for member in value or () if member is not None}
                    whole = value is not None and None not in value
                members |= more
                complete = complete and whole
        return members, complete


def random_value(rng: random.Random) -> dict[str, Any]:
    def some(values: list[Any]) -> Any:
        chosen = rng.sample(values, rng.randint(0, len(values)))
        return rng.choice([chosen, chosen, chosen, [*chosen, None], None])

    def record(name: str, facts: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, **{k: v for k, v in facts.items() if rng.random() < share}}

    share = rng.choice([0.5, 0.9, 1.0])
    systems, vendors = ["a", "b", "c"][: rng.randint(0, 3)], ["x", "y"][: rng.randint(0, 2)]
    subjects = [f"system/{i}" for i in systems] + [f"vendor/{i}" for i in vendors]
    types = ["ephi", "fti", "pii"]
    everything = [{"all": "system"}, {"all": "vendor"}, {"all": "agency"}, {"all": "device"}]
    dates = {kind: rng.choice(["2026-06-30", "2026-06-30", "2026-01-01", None]) for kind in KINDS}
    dates.pop("agency")
    return {
        "agency": {"id": "health", "complete": dates},
        "systems": [
            record(
                i,
                {
                    "vendors": some(vendors),
                    "data_types": some(types),
                    "manager": rng.choice([*vendors, "none", None]),
                    "part_of": rng.choice([*systems, None]),
                },
            )
            for i in systems
        ],
        "vendors": [record(i, {"data_types": some(types)}) for i in vendors],
        "devices": [record(i, {"systems": some(systems)}) for i in "12"[: rng.randint(0, 2)]],
        "decisions": [
            record(
                i,
                {
                    "about": rng.choice([some(subjects), *everything, *subjects]),
                    "replaces": rng.choice(["none", None, *subjects]),
                    "also": some([*subjects, "agency/health"]),
                },
            )
            for i in "de"[: rng.randint(0, 2)]
        ],
        "plan_items": [],
    }


def every_fact(found: Inventory) -> Iterator[tuple[Any, Fact]]:
    for record in found.iterate():
        for fact in KINDS[record.kind].facts.values():
            yield record, fact


@given(seed=st.integers(0, 2**64))
def test_every_link_is_as_a_search_over_all_pairs_finds_it(seed: int) -> None:
    value = random_value(random.Random(seed))  # noqa: S311
    found = of_values({key: part for key, part in value.items() if key != "plan_items"})
    model = Model(value)
    for record, fact in every_fact(found):
        subject = (record.kind, record.id)
        if fact.linked and fact.path != "backup.vendor":
            link = found.linked(record, fact.path)
            names = [each.subject for each in link.records]
            assert (names, link.complete) == model.linked(subject, fact), fact.full_path
        elif fact.type == "derived":
            union = found.derived(record, fact.path)
            assert list(union.members) == sorted(set(union.members))
            assert (set(union.members), union.complete) == model.derived(subject, fact)


@given(seed=st.integers(0, 2**64))
def test_forgetting_a_fact_never_makes_a_list_complete(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    value = random_value(rng)
    value.pop("plan_items")
    before = of_values(value)
    known = {
        (record.subject, fact.path): before.linked(record, fact.path)
        for record, fact in every_fact(before)
        if fact.linked
    }
    collection = rng.choice([key for key in value if key == "agency" or value[key]])
    raw = value["agency"]["complete"] if collection == "agency" else rng.choice(value[collection])
    path = rng.choice([key for key in raw if key != "id"] or ["id"])
    if path == "id":
        return
    raw[path] = None
    after = of_values(value)
    for record, fact in every_fact(after):
        if fact.linked:
            was, now = known[record.subject, fact.path], after.linked(record, fact.path)
            assert was.complete or not now.complete
            assert {r.subject for r in now.records} <= {r.subject for r in was.records}
