"""Reads ``poam.yaml`` and ``findings/*.yaml``, and tells everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from compliance.assessment.planned import (
    ACCEPTED,
    CLOSED,
    OutsideFinding,
    PlanCost,
    PlanEvent,
    PlanMilestone,
)
from compliance.errors import UserError
from compliance.inventory.personal_data import suspects
from compliance.inventory.problems import ERROR, NOTE, Position, Problem, closest
from compliance.inventory.reader import SUFFIXES, read, read_bytes
from compliance.inventory.source import SourceFile, dotted
from compliance.plan.model import FILE_NAME, FOLDER, Cover, Plan, PlanItem
from compliance.policy.source import Place
from compliance.policy.validation import keeps_to, schema_problems

_ALLOWED = "plan_item"
"""Head of the names that the setting ``personal_data_allowed`` gives to texts of the plan."""


class PlanError(UserError):
    """A plan that cannot be used.

    Attributes:
        problems: all that is wrong with it, by file and place.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def plan_folder(paths: Sequence[Path]) -> Path:
    """The folder in which the plan of an inventory lies, or would lie.

    Args:
        paths: files and folders of the inventory.

    Raises:
        PlanError: the paths have several plans.
    """
    folders = list({path.resolve(): path for path in map(_folder_of, paths)}.values())
    with_plan = [one for one in folders if _is_there(one)]
    if len(with_plan) > 1:
        first, second, *_ = with_plan
        message = f"there is a second plan here; {first.as_posix()} has one already"
        raise PlanError(
            [Problem(Position(second.as_posix()), "", message, "one plan for one inventory")]
        )
    return (with_plan or folders or [Path()])[0]


def _is_there(folder: Path) -> bool:
    try:
        return (folder / FILE_NAME).is_file() or (folder / FOLDER).is_dir()
    except OSError:  # A folder this user may not enter: reading the inventory tells of it.
        return False


def _folder_of(path: Path) -> Path:
    try:
        return path if path.is_dir() else path.parent
    except OSError:
        return path.parent


def load_plan(folder: Path, personal_data_allowed: Collection[str] = ()) -> Plan:
    """Read the plan of an inventory's folder, as far as it goes; what is wrong is in its problems.

    Args:
        folder: the inventory's folder; it may have neither file nor folder of a plan.
        personal_data_allowed: texts that may hold what looks like personal data, such as
            ``plan_item.comment``.
    """
    loader = _Loader(folder, personal_data_allowed)
    loader.read_findings()
    return loader.plan()


class _Loader:
    def __init__(self, folder: Path, allowed: Collection[str]) -> None:
        self._folder = folder
        self._allowed = allowed
        self._problems: list[Problem] = []
        self._digests: dict[str, str] = {}
        self._outside: dict[str, OutsideFinding] = {}

    # Findings from outside

    def read_findings(self) -> None:
        folder = self._folder / FOLDER
        if not folder.is_dir():
            return
        try:
            names = sorted(path.name for path in folder.iterdir())
        except OSError as error:
            reason = error.strerror or str(error)
            self._problem(Position(folder.as_posix()), f"it cannot be opened ({reason})")
            return
        for name in names:
            path = folder / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            source = self._source(path, "outside-findings")
            if source is not None:
                for index, raw in enumerate(source.value["findings"]):
                    self._finding(raw, Place(source, ("findings", index)))

    def _finding(self, raw: Mapping[str, Any], place: Place) -> None:
        found = read_finding(raw, place.source.position(place.path))
        if found.source == "other" and not found.source_name:
            expected = "the issuer's name, because the source is other"
            self._problems.append(place.problem("`source_name` is missing", expected))
        first = self._outside.setdefault(found.id, found)
        if first is not found:
            message = f"the finding {found.id} stands twice (first at {first.position})"
            expected = "each finding once, with the issuer's own number"
            self._problems.append(place.at("number").problem(message, expected))

    # The plan

    def plan(self) -> Plan:
        path = self._folder / FILE_NAME
        source = self._source(path, "poam") if path.exists() or path.is_symlink() else None
        value = source.value if source else {}
        items = tuple(
            read_item(raw, index, source.position(("items", index)) if source else None)
            for index, raw in enumerate(value.get("items") or ())
        )
        if source is not None:
            self._items(items, source)
        return Plan(
            self._folder,
            items,
            tuple(self._outside.values()),
            tuple(self._problems),
            source,
            value.get("last_id"),
            self._digests,
        )

    def _items(self, items: Sequence[PlanItem], source: SourceFile) -> None:
        seen: dict[str, PlanItem] = {}
        for item in items:
            place = Place(source, ("items", item.index))
            first = seen.setdefault(item.id, item)
            if first is not item:
                message = f"the id {item.id} stands twice (first at {first.position})"
                expected = "an id of its own for each item"
                self._problems.append(place.at("id").problem(message, expected))
            self._problems += self._unknown_findings(item, place)
            self._problems += _notes(item, place)

    def _unknown_findings(self, item: PlanItem, place: Place) -> Iterator[Problem]:
        for number, name in enumerate(item.outside):
            if name not in self._outside:
                expected = f"source and number of a finding in {FOLDER}/"
                at = place.at("outside", number)
                meant = closest(name, self._outside)
                yield at.problem(f"there is no finding {name}", expected, meant)

    # Files

    def _source(self, path: Path, schema: str) -> SourceFile | None:
        """The file where it keeps to its schema; else None, with its problems taken down."""
        reading = read(path)
        self._problems += reading.problems
        if reading.source is None:
            return None
        self._digests[reading.source.path] = reading.source.sha256
        found = list(self._personal(reading.source))
        if not keeps_to(reading.source.value, schema):
            found += schema_problems(reading.source.value, schema, Place(reading.source))
        self._problems += found
        return None if found or reading.problems else reading.source

    def _personal(self, source: SourceFile) -> Iterator[Problem]:
        told: set[tuple[str | int, ...]] = set()
        for suspect in source.suspects:
            path = source.path_at(suspect.offset)
            value = source.at(path)
            name = ".".join([_ALLOWED, *(step for step in path[1:] if isinstance(step, str))])
            here = [one.what for one in suspects(str(value))]
            if suspect.what not in here or path in told or name in self._allowed:
                continue
            told.add(path)
            yield Problem(
                source.position(path),
                dotted(path),
                f"the value looks like {suspect.what}",
                "a plan without such data. Where it is none, the setting "
                f"personal_data_allowed: [{name}] in compliance.yaml",
            )

    def _problem(self, position: Position, message: str) -> None:
        self._problems.append(Problem(position, "", message, "a path this user may read"))


def _notes(item: PlanItem, place: Place) -> Iterator[Problem]:
    """What people should know about an item and what stops nothing."""
    said = {
        "accepted_by": item.accepted_by,
        "accepted_on": item.accepted_on,
        "owner": item.owner,
        "due_on": item.due_on,
        "milestones": any(one.due_on for one in item.milestones),
    }
    lacking = [name for name, value in said.items() if not value]
    if item.state == ACCEPTED and lacking:
        yield _note(
            place.at("state"),
            f"{item.id} says accepted and lacks {', '.join(lacking)}, so it does not count",
            "who accepted it and when, owner, due_on, and a milestone with its date",
        )
    if item.state == CLOSED and not item.closed_on:
        yield _note(place.at("state"), f"{item.id} is closed without a date", "closed_on")


def _note(place: Place, message: str, expected: str) -> Problem:
    position = place.source.position(place.path)
    return Problem(position, dotted(place.path), message, expected, kind=NOTE)


def checked(plan: Plan) -> Plan:
    """The plan itself, where nothing is wrong with it.

    Raises:
        PlanError: something is.
    """
    errors = [problem for problem in plan.problems if problem.kind == ERROR]
    if errors:
        raise PlanError(errors)
    return plan


def read_item(raw: Mapping[str, Any], index: int, position: Position | None) -> PlanItem:
    """An item that keeps to ``schemas/poam.schema.json``.

    Args:
        raw: the item.
        index: its number in its file, from 0.
        position: where it stands.
    """
    plain = {key: value for key, value in raw.items() if value is not None}
    cost = plain.get("cost")
    plain["covers"] = tuple(map(_cover, plain.get("covers", ())))
    plain["outside"] = tuple(plain.get("outside", ()))
    plain["milestones"] = tuple(PlanMilestone(**one) for one in plain.get("milestones", ()))
    plain["history"] = tuple(map(_event, plain.get("history", ())))
    plain["cost"] = _cost(cost) if cost else None
    return PlanItem(**plain, index=index, position=position)


def _cover(raw: Mapping[str, Any]) -> Cover:
    subjects, requirements = (tuple(raw.get(key) or ()) for key in ("subjects", "requirements"))
    return Cover(raw["policy"], raw["rule"], raw["kind"], subjects, requirements)


def _event(raw: Mapping[str, Any]) -> PlanEvent:
    return PlanEvent(**{**raw, "subjects": tuple(raw.get("subjects") or ())})


def _cost(raw: Mapping[str, Any]) -> PlanCost:
    said = {key: value for key, value in raw.items() if value is not None}
    kinds = {"one_time": int, "yearly": int, "fiscal_year": int, "federal_share": float}
    for key, kind in kinds.items():
        if key in said:
            said[key] = kind(said[key])
    return PlanCost(**said)


def read_finding(raw: Mapping[str, Any], position: Position | None) -> OutsideFinding:
    """A finding that keeps to ``schemas/outside-findings.schema.json``."""
    plain = {key: value for key, value in raw.items() if value is not None}
    for key in ("requirements", "subjects"):
        plain[key] = tuple(plain.get(key, ()))
    return OutsideFinding(**plain, position=str(position) if position else None)


def reread(plan: Plan, text: str) -> Plan:
    """A plan as it will be once its file has another text, which keeps to the schema."""
    source = read_bytes(text.encode(), plan.path.as_posix()).source
    value = source.value if source is not None else {}
    items = tuple(
        read_item(raw, index, source.position(("items", index)) if source else None)
        for index, raw in enumerate(value.get("items") or ())
    )
    return replace(plan, items=items, source=source, last_id=value.get("last_id"))
