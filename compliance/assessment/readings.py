"""Finding the facts a condition speaks of: value, place and provenance, and what is missing.

A path in a condition starts with the subject's kind, ``agency`` or the name of an element; here it
becomes the record the value belongs to and the path below it. Values of sensitive facts never leave
this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.assessment.belonging import Belonging
from compliance.assessment.model import Provenance, Settling
from compliance.inventory.kinds import AGENCY, ANY, SELF, Fact
from compliance.inventory.links import kind_of_all
from compliance.inventory.store import NO_PROVENANCE, Inventory, Record
from compliance.policy.conditions import Tally
from compliance.policy.explanation import Scope, Step

KNOWN, MISSING, WRONG, WITHHELD = "known", "missing", "wrong", "withheld"


@dataclass(slots=True)
class Spot:
    """Where a fact stands."""

    record: Record
    path: str
    """Below the record's kind; for a field of an embedded object without the member's number."""
    fact: Fact
    value: Any
    """Plain value, None where it is missing or wrong; ids for links and reverse lists."""
    element: str | None = None
    """Number of the list's member, from 0."""

    @property
    def full_path(self) -> str:
        """The path headed by the record's kind."""
        return f"{self.record.kind}.{self.path}"

    @property
    def list_path(self) -> str:
        """For a member or its field: the path of the list."""
        head, _, inner = self.fact.kind.partition(".")
        return inner if inner and head == self.record.kind else self.path

    @property
    def said_at(self) -> str:
        """The path by which the inventory knows the value: ``software[0].eol_on``."""
        if self.element is None:
            return self.path
        field = self.path[len(self.list_path) :]
        return f"{self.list_path}[{self.element}]{field}"


class Readings:
    """Reads facts of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._facts = {name: inventory.kinds[name].facts for name in inventory.kinds}
        self.belonging = Belonging(inventory.kinds)
        """To whom records belong."""
        self._split: dict[str, tuple[str, str]] = {}
        self._positions: tuple[Record | None, dict[str, str | None]] = (None, {})
        """Places of facts of the record asked about last, by path."""

    def spot(self, path: str, subject: Record, scope: Scope = ()) -> Spot:
        """The fact a path of a condition leads to.

        Args:
            path: as the condition has it.
            subject: the record the rule is evaluated for.
            scope: the elements in scope, outermost first.

        Raises:
            LookupError: the path fits neither subject nor scope, so bundle and inventory differ.
        """
        split = self._split.get(path)
        if split is None:
            head, _, rest = path.partition(".")
            split = self._split[path] = (head, rest)
        head, rest = split
        for depth in range(len(scope), 0, -1):
            step = scope[depth - 1]
            if step.list.element == head:
                return self._inside(step, rest, subject, scope[: depth - 1])
        if head == subject.kind:
            return self._of_record(subject, rest)
        if head == AGENCY:
            return self._of_record(self._inventory.agency, rest)
        raise LookupError(f"{path}: neither the subject {subject.subject} nor in scope")

    @property
    def agency(self) -> Record:
        """The agency of the inventory."""
        return self._inventory.agency

    def entered(self, path: str) -> bool:
        """Whether a path headed by a kind leads to a fact that people write and that is no link."""
        head, _, rest = path.partition(".")
        fact = self._facts.get(head, {}).get(rest)
        return fact is not None and fact.entered and not fact.linked

    def keyed(self, path: str) -> bool:
        """Whether a path headed by a kind leads to a list whose keys tell its members apart."""
        head, _, rest = path.partition(".")
        fact = self._facts.get(head, {}).get(rest)
        return fact is not None and fact.target != ANY

    def walk(self, path: str, subject: Record) -> Iterator[Spot]:
        """The facts a path of a Rego rule leads to, which may walk links: one a linked record.

        A link on the way comes first, then what it leads to.

        Raises:
            LookupError: the path fits no fact, so bundle and inventory differ.
        """
        head, _, rest = path.partition(".")
        if head not in (subject.kind, AGENCY):
            raise LookupError(f"{path}: not about the subject {subject.subject}")
        yield from self._walk(subject if head == subject.kind else self._inventory.agency, rest)

    def _walk(self, record: Record, path: str) -> Iterator[Spot]:
        facts = self._facts[record.kind]
        if path in facts:
            yield self._of_record(record, path)
            return
        for fact in facts.values():
            if fact.linked and path.startswith(f"{fact.path}."):
                yield self._of_record(record, fact.path)
                for linked in self._inventory.linked(record, fact.path).records:
                    yield from self._walk(linked, path[len(fact.path) + 1 :])
                return
        raise LookupError(f"{record.kind}.{path}: no such fact")

    def state(self, spot: Spot) -> str:
        """Whether a value is known, missing, wrong or known and withheld."""
        if spot.value is None:
            return WRONG if spot.record.is_wrong(spot.said_at) else MISSING
        return WITHHELD if spot.fact.sensitive else KNOWN

    def observed(self, spot: Spot) -> Any:
        """The value as an output may show it: None where it is not known or withheld."""
        if spot.value is None or spot.fact.sensitive:
            return None
        if spot.fact.fields and spot.element is None:
            return len(spot.value)
        return list(spot.value) if isinstance(spot.value, tuple) else spot.value

    def position(self, spot: Spot) -> str | None:
        """``file:line:column`` of the value."""
        record, path = spot.record, spot.said_at
        if self._positions[0] is not record:
            self._positions = (record, {})
        known = self._positions[1]
        if path not in known:
            found = record.position(path.replace("[", ".").replace("]", ""))
            known[path] = str(found) if found is not None else None
        return known[path]

    def provenance(self, spot: Spot) -> Provenance | None:
        """Where a known value comes from; None where there is no value or it was worked out."""
        if spot.value is None or not spot.fact.entered:
            return None
        return _provenance(self._said(spot))

    def assurances(self, spot: Spot) -> Iterator[str]:
        """How well each value is known that a fact is made of; nothing where none is known."""
        fact = spot.fact
        if fact.entered:
            if spot.value is not None:
                yield self._said(spot)["assurance"]
        elif fact.type == "reverse":
            for linked in self._inventory.linked(spot.record, fact.path).records:
                if fact.via is not None:
                    yield linked.provenance(fact.via)["assurance"]
        else:
            for part in self._derived_parts(spot.record, fact):
                yield from self.assurances(part)

    def keys(self, spot: Spot) -> list[str]:
        """Keys of a list's elements, as explanations have them."""
        if spot.fact.linked:
            records = self._inventory.linked(spot.record, spot.path).records
            return sorted(linked.id for linked in records)
        return [str(number) for number in range(len(spot.value or ()))]

    def missing(self, spot: Spot) -> Iterator[Settling]:
        """What would have to be stated for the fact to be known, all of it."""
        fact = spot.fact
        if fact.type == "derived":
            yield from self._missing_derived(spot.record, fact)
        elif fact.linked:
            yield from self.missing_list(spot.record, fact)
        elif spot.value is None or (isinstance(spot.value, list) and None in spot.value):
            yield Settling(spot.full_path, spot.record.subject, spot.element)

    def missing_list(self, record: Record, fact: Fact) -> Iterator[Settling]:
        """What would have to be stated for a link or reverse list to be complete."""
        if self._inventory.linked(record, fact.path).complete:
            return
        if fact.type == "link":
            kind = kind_of_all(record.get(fact.path))
            if kind is not None:
                yield from self.missing_kind(kind)
            else:
                yield Settling(f"{record.kind}.{fact.path}", record.subject)
            return
        target = str(fact.target)
        yield from self.missing_kind(target)
        if fact.via is not None:
            for other in self._inventory.unstated(target, fact.via):
                yield Settling(f"{target}.{fact.via}", other.subject)

    def missing_kind(self, kind: str) -> Iterator[Settling]:
        """The date on which a kind's list was complete, where it is not stated."""
        if not self._inventory.complete_on(kind):
            yield Settling(f"{AGENCY}.complete.{kind}", self._inventory.agency.subject)

    def _missing_derived(self, record: Record, fact: Fact) -> Iterator[Settling]:
        for over in fact.over:
            if over != SELF:
                link = self._facts[record.kind][over]
                yield from self.missing_list(record, link)
        for part in self._derived_parts(record, fact):
            yield from self.missing(part)

    def _derived_parts(self, record: Record, fact: Fact) -> Iterator[Spot]:
        """The facts a derived fact is the union of."""
        union = str(fact.union)
        for over in fact.over:
            linked = (record,) if over == SELF else self._inventory.linked(record, over).records
            for holder in linked:
                if union in self._facts[holder.kind]:
                    yield self._of_record(holder, union)

    def _of_record(self, record: Record, path: str) -> Spot:
        fact = self._facts[record.kind][path]
        if fact.type in ("derived", "reverse"):
            return Spot(record, path, fact, self._worked_out(record, fact))
        return Spot(record, path, fact, record.get(path))

    def _worked_out(self, record: Record, fact: Fact) -> tuple[Any, ...]:
        if fact.type == "derived":
            return tuple(self._inventory.derived(record, fact.path).members)
        return tuple(linked.subject for linked in self._inventory.linked(record, fact.path).records)

    def _inside(self, step: Step, rest: str, subject: Record, outer: Scope) -> Spot:
        if isinstance(step.list, Tally) and step.list.of is not None:
            record = self._inventory.get(step.list.of, step.key)
            if record is None:
                raise LookupError(f"{step.list.of}/{step.key}: no such record")
            return self._of_record(record, rest)
        holder = self.spot(str(step.list.path), subject, outer)
        if holder.fact.linked:
            for linked in self._inventory.linked(holder.record, holder.path).records:
                if linked.id == step.key:
                    return self._of_record(linked, rest)
            raise LookupError(f"{holder.full_path}: no record {step.key}")
        member = holder.value[int(step.key)]
        if not rest:
            return Spot(holder.record, holder.path, holder.fact, member, step.key)
        path = f"{holder.path}.{rest}"
        return Spot(holder.record, path, holder.fact.fields[rest], _at(member, rest), step.key)

    @staticmethod
    def _said(spot: Spot) -> Mapping[str, Any]:
        """Provenance of a value; of a member that has none of its own, the list's."""
        if spot.element is not None:
            said = spot.record.provenance(spot.said_at)
            if said is not NO_PROVENANCE:
                return said
            return spot.record.provenance(spot.list_path)
        return spot.record.provenance(spot.path)


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


_ASSERTED = Provenance("asserted")


def _provenance(found: Mapping[str, Any]) -> Provenance:
    if len(found) == 1 and found["assurance"] == _ASSERTED.assurance:
        return _ASSERTED
    return Provenance(
        found["assurance"],
        found.get("source"),
        found.get("reported_on"),
        found.get("by"),
        found.get("evidence"),
    )
