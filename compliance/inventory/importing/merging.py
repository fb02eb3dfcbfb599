"""Brings what a source says together with what an inventory holds already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.inventory.answers import WITH_VALUE
from compliance.inventory.fact_schemas import IMPORTED
from compliance.inventory.importing.harvested import Harvest, TakenFact, TakenRecord
from compliance.inventory.importing.own_file import OwnFile, day_of, is_imported, plain, same
from compliance.inventory.kinds import AGENCY, KNOWN_NONE, Fact, Kinds
from compliance.inventory.problems import Position
from compliance.inventory.store import Record


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that the source and the inventory say differently."""

    subject: str
    fact: str
    """Path below the kind."""
    old: Any
    """What the inventory says, or said."""
    new: Any
    """What the source says."""
    where: str = ""
    """Where the inventory says it; empty for the importer's own file."""
    sensitive: bool = False
    """The values may not be shown."""


@dataclass(slots=True)
class Merged:
    """What came of a merge."""

    own: OwnFile
    added: list[str] = field(default_factory=list)
    """Records that are new in the importer's file."""
    known: list[str] = field(default_factory=list)
    """Records that stood in the importer's file."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Records of the importer's file with what the source's id makes of them, where it is
    another."""
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Records that stand in other files, with what the source's id makes of them."""
    facts: Counter[str] = field(default_factory=Counter)
    """Facts the importer's file states from now on, by path with its kind."""
    changed: list[Difference] = field(default_factory=list)
    """Imported values that are replaced, and a person's with ``--prefer import``."""
    kept: list[Difference] = field(default_factory=list)
    """Values that stay although the source says otherwise."""
    vanished: list[str] = field(default_factory=list)
    """Records of an earlier import that the source no longer has."""
    removed: Counter[str] = field(default_factory=Counter)
    """Subjects that were taken out of other files, with how many imported facts went with them."""
    no_longer_said: Counter[str] = field(default_factory=Counter)
    """Imported facts that the source no longer says, which stay, by path with its kind."""
    dangling: list[Difference] = field(default_factory=list)
    """Links to records that are not there; ``new`` holds the ids."""
    undated_answers: int = 0
    """Facts about records in other files that need a day to be entered."""
    unused: list[str] = field(default_factory=list)
    """Records that were left out because the inventory has its agency already."""


class Merger:
    """Merges one import.

    Args:
        kinds: all kinds.
        others: records of other files, and those of the importer's own file, by kind and id, with
            all answers laid over them.
        own: the importer's own file.
        own_paths: paths of its files as positions name them.
        prefer_import: whether the source counts where a person entered something else.
    """

    def __init__(
        self,
        kinds: Kinds,
        others: Mapping[tuple[str, str], Record],
        own: OwnFile,
        own_paths: Collection[str],
        *,
        prefer_import: bool,
    ) -> None:
        self._kinds = kinds
        self._others = others
        self._own = own
        self._own_paths = own_paths
        self._prefer = prefer_import
        self._merged = Merged(own)
        self._alias: dict[tuple[str, str], str] = {}
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}

    def merge(self, harvest: Harvest) -> Merged:
        """Merges what was taken from a source; changes the own file's content."""
        taken = self._placed(harvest)
        there = set(self._others) | set(self._own.records()) | set(taken)
        for record in taken.values():
            self._resolve_links(record, there)
        for answer in self._own.answers:
            self._answers[answer["subject"], answer["fact"]] = answer
        self._unsaid_answers(harvest, taken)
        for (kind, name), record in sorted(taken.items()):
            if self._stands_elsewhere(kind, name):
                self._overlay(self._others[kind, name], record, harvest.same.get(kind, ()))
            else:
                self._record(kind, name, record)
        self._vanished(harvest, taken)
        self._own.set_answers([self._answers[key] for key in sorted(self._answers)])
        return self._merged

    # Which record is which.

    def _placed(self, harvest: Harvest) -> dict[tuple[str, str], TakenRecord]:
        """What was taken, under the ids of the inventory."""
        known = self._known_as(harvest)
        placed: dict[tuple[str, str], TakenRecord] = {}
        for (kind, name), record in harvest.records.items():
            if kind == AGENCY and not self._is_agency(name):
                self._merged.unused.append(record.subject)
                continue
            own_name = known.get((kind, name), name)
            if own_name != name:
                self._alias[kind, name] = own_name
            placed[kind, own_name] = record
        return placed

    def _known_as(self, harvest: Harvest) -> dict[tuple[str, str], str]:
        """Ids under which the inventory has records that the source calls otherwise.

        A record that two of the source's would be is neither of them: nothing is mixed up.
        """
        index = self._identities(harvest)
        found = {}
        for (kind, name), record in harvest.records.items():
            if (kind, name) not in self._others and not self._own.has(kind, name):
                own_name = self._recognised(record, harvest.same.get(kind, ()), index)
                if own_name:
                    found[kind, name] = own_name
        claims = Counter((kind, own_name) for (kind, _), own_name in found.items())
        return {key: own_name for key, own_name in found.items() if claims[key[0], own_name] == 1}

    def _is_agency(self, name: str) -> bool:
        """Whether an agency of this id may be entered: an inventory has one."""
        ids = {other for kind, other in (*self._others, *self._own.records()) if kind == AGENCY}
        return not ids or name in ids

    def _identities(self, harvest: Harvest) -> dict[tuple[str, str, str], set[str]]:
        index: dict[tuple[str, str, str], set[str]] = {}
        for (kind, name), record in self._others.items():
            for path in harvest.same.get(kind, ()):
                value = record.get(path)
                if isinstance(value, str) and (kind, name) not in harvest.records:
                    index.setdefault((kind, path, value.strip().casefold()), set()).add(name)
        return index

    @staticmethod
    def _recognised(
        record: TakenRecord, paths: tuple[str, ...], index: Mapping[tuple[str, str, str], set[str]]
    ) -> str:
        for path in paths:
            fact = record.facts.get(path)
            if fact is not None and isinstance(fact.value, str):
                names = index.get((record.kind, path, fact.value.strip().casefold()), set())
                if len(names) == 1:
                    return next(iter(names))
        return ""

    def _stands_elsewhere(self, kind: str, name: str) -> bool:
        return (kind, name) in self._others and not self._own.has(kind, name)

    def _resolve_links(self, record: TakenRecord, there: set[tuple[str, str]]) -> None:
        """Turns links to what is not there into what is not known."""
        for path, taken in list(record.facts.items()):
            fact = self._kinds[record.kind].facts[path]
            if fact.type != "link" or taken.value in (KNOWN_NONE, []):
                continue
            target = str(fact.target)
            ids = taken.value if isinstance(taken.value, list) else [taken.value]
            ids = [self._alias.get((target, name), name) for name in ids]
            found = [name for name in ids if (target, name) in there]
            lost = [name for name in ids if (target, name) not in there]
            if lost:
                self._merged.dangling.append(Difference(record.subject, path, None, lost))
            value: Any = found if fact.many else next(iter(found), None)
            if not found:
                del record.facts[path]
                continue
            if fact.many and lost:
                value = [*found, None]  # that there are more is known, and which is not
            record.facts[path] = TakenFact(value, taken.provenance, taken.position)

    # Records of the importer's own file.

    def _record(self, kind: str, name: str, record: TakenRecord) -> None:
        subject = f"{kind}/{name}"
        was_there = self._own.has(kind, name)
        if was_there:
            self._merged.known.append(subject)
            if subject != record.subject:
                self._merged.renamed[subject] = record.subject
        else:
            self._own.add(kind, name)
            self._merged.added.append(subject)
        for path, taken in record.facts.items():
            fact = self._kinds[kind].facts[path]
            leaf = self._own.leaf(kind, name, path)
            if plain(leaf) is None:
                leaf = self._answered(kind, name, path)
            if self._replaces(subject, fact, leaf, taken):
                self._own.put(kind, name, path, taken.written())
                self._merged.facts[fact.full_path] += 1
        for fact, leaf in self._own.leaves(kind, name) if was_there else ():
            if is_imported(leaf) and fact.path not in record.facts:
                self._merged.no_longer_said[fact.full_path] += 1

    def _answered(self, kind: str, name: str, path: str) -> Any:
        """What somebody answered in another file about a record of the own file."""
        record = self._others.get((kind, name))
        position = record.position(path) if record is not None else None
        if record is None or position is None or position.file in self._own_paths:
            return None
        return {"value": record.get(path), **record.provenance(path)}

    def _replaces(self, subject: str, fact: Fact, leaf: Any, taken: TakenFact) -> bool:
        """Whether what the source says takes the place of what the own file says."""
        old = plain(leaf)
        if old is None:
            return True
        unlike = not same(old, taken.value)
        new_day = taken.provenance.get("reported_on", "")
        older = is_imported(leaf) and new_day < day_of(leaf)
        replaces = (is_imported(leaf) and not older) or (self._prefer and unlike)
        if unlike:
            where = "known from a later day" if older else "" if is_imported(leaf) else "entered"
            difference = Difference(
                subject, fact.path, old, taken.value, where, sensitive=fact.sensitive
            )
            (self._merged.changed if replaces else self._merged.kept).append(difference)
        return replaces

    # Records of other files.

    def _overlay(self, record: Record, taken: TakenRecord, identity: tuple[str, ...]) -> None:
        self._merged.elsewhere[record.subject] = taken.subject
        for path, said in taken.facts.items():
            fact = self._kinds[record.kind].facts[path]
            key = (record.subject, path)
            position = record.position(path)
            own = position is not None and position.file in self._own_paths
            if own or (record.get(path) is None and not record.is_wrong(path)):
                self._answer(fact, key, said)
            elif not _alike(record.get(path), said.value, loosely=path in identity):
                self._merged.kept.append(self._difference(record, fact, said, position))

    def _difference(
        self, record: Record, fact: Fact, said: TakenFact, position: Position | None
    ) -> Difference:
        return Difference(
            record.subject,
            fact.path,
            record.get(fact.path),
            said.value,
            str(position or "left out, which says none"),
            sensitive=fact.sensitive,
        )

    def _answer(self, fact: Fact, key: tuple[str, str], said: TakenFact) -> None:
        if "reported_on" not in said.provenance:
            self._merged.undated_answers += 1
            return
        provenance = dict(said.provenance)
        answer = {
            "subject": key[0],
            "fact": key[1],
            "answer": WITH_VALUE,
            "value": said.value,
            "answered_on": provenance.pop("reported_on"),
            **provenance,
        }
        old = self._answers.get(key)
        if old is None or self._replaces(key[0], fact, _as_leaf(old), said):
            self._answers[key] = answer
            self._merged.facts[fact.full_path] += 1

    # What the source no longer has.

    def _unsaid_answers(
        self, harvest: Harvest, taken: Mapping[tuple[str, str], TakenRecord]
    ) -> None:
        """Drops answers that a record has made needless, and counts those no longer said."""
        for (subject, path), answer in list(self._answers.items()):
            kind, _, name = subject.partition("/")
            if answer.get("assurance") != IMPORTED:
                continue
            record = self._others.get((kind, name))
            if record is None:
                del self._answers[subject, path]  # somebody took the record out of its file
                self._merged.removed[subject] += 1
                continue
            if kind not in harvest.same:
                continue
            position = record.position(path)
            if position is None or position.file not in self._own_paths:
                del self._answers[subject, path]  # the record says it itself by now
            elif (kind, name) not in taken:
                if subject not in self._merged.vanished:
                    self._merged.vanished.append(subject)
            elif path not in taken[kind, name].facts:
                self._merged.no_longer_said[f"{kind}.{path}"] += 1

    def _vanished(self, harvest: Harvest, taken: Mapping[tuple[str, str], TakenRecord]) -> None:
        for kind, name in self._own.records():
            if kind not in harvest.same or (kind, name) in taken:
                continue
            if any(is_imported(leaf) for _, leaf in self._own.leaves(kind, name)):
                self._merged.vanished.append(f"{kind}/{name}")
        self._merged.vanished.sort()


def _alike(one: Any, other: Any, *, loosely: bool) -> bool:
    """Whether two values say the same; of what identifies a record the case does not count."""
    if loosely and isinstance(one, str) and isinstance(other, str):
        return one.strip().casefold() == other.strip().casefold()
    return same(one, other)


def _as_leaf(answer: Mapping[str, Any]) -> Any:
    """An answer as a fact of a record; null where it gives no value."""
    leaf = {"value": answer.get("value"), "reported_on": answer.get("answered_on")}
    return leaf | {"assurance": answer.get("assurance")}
