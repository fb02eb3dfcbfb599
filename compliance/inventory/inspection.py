"""Finds everything that is wrong with a record, fact by fact.

It runs only on records that the fast validator has refused. One plain value is judged at a time, so
that one wrong value hides no other, and what the fast validator refuses the reference validator
judges again and words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.inventory.fact_schemas import (
    PROVENANCE,
    PROVENANCE_FACTS,
    VALUE,
    Tree,
    id_schema,
    member_schema,
    plain_schema,
    tree_of,
)
from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact, Kind
from compliance.inventory.place import RecordPlace, Steps
from compliance.inventory.problems import closest
from compliance.inventory.schema_validators import fast_validator, reference_validator
from compliance.inventory.source import dotted
from compliance.inventory.wording import Wording, shown, worded

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema.protocols import Validator


class Inspector:
    """Goes through records of one kind.

    Args:
        kind: the kind.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._tree = tree_of(fact for fact in kind.facts.values() if fact.path != "id")
        self._ids = fast_validator(id_schema(kind))
        self._fields: dict[str, Tree] = {}
        self._fast: dict[tuple[str, bool], jsonschema_rs.Draft202012Validator] = {}
        self._validators: dict[tuple[str, bool], Validator] = {}

    def inspect(self, raw: dict[str, Any], place: RecordPlace) -> dict[str, Any]:
        """The record with null for each value that cannot be used, without unknown keys.

        Args:
            raw: the record as written.
            place: takes the problems.
        """
        self._id(raw, place)
        facts = {name: value for name, value in raw.items() if name != "id"}
        return {"id": raw.get("id"), **self._group(self._tree, facts, (), place)}

    def _id(self, raw: dict[str, Any], place: RecordPlace) -> None:
        expected = (
            "a lasting name such as payroll: small letter or digit first, then letters, digits, "
            "dots, hyphens or underscores, at most 100; not the word none"
        )
        if "id" not in raw:
            place.error((), Wording("the record has no id", f"the key id with {expected}"))
            return
        if not self._ids.is_valid(raw["id"]):
            message = f"{shown(raw['id'])} cannot be an id"
            number = isinstance(raw["id"], int | float) and not isinstance(raw["id"], bool)
            suggestion = f"'{raw['id']}'" if number else ""
            place.error(("id",), Wording(message, expected, suggestion))

    def _group(
        self, tree: Tree, raw: dict[str, Any], path: Steps, place: RecordPlace
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in raw.items():
            part = tree.get(name)
            below = (*path, name)
            if part is None:
                place.error(below, self._unknown(name, tree, path), key=True)
            elif isinstance(part, Fact):
                found[name] = self._leaf(part, value, below, place)
            elif value is None or isinstance(value, dict):
                found[name] = value and self._group(part, value, below, place)
            else:
                expected = f"a mapping with {', '.join(part)}"
                wording = Wording(f"{shown(value)} stands in the place of a group", expected)
                place.wrong_value(below, wording)
                found[name] = None
        return found

    def _unknown(self, name: str, tree: Tree, path: Steps) -> Wording:
        own = ".".join(str(step) for step in (*path, name))
        fact = self.kind.facts.get(own)
        if fact is not None and not fact.entered:
            message = f"{own} is not written into files: {_worked_out(fact)}"
            return Wording(message, "the key left out")
        if name == VALUE:
            return Wording(
                "a group of facts has no value of its own",
                "value beside the provenance of each single fact",
            )
        meant = closest(name, tree)
        if not meant:
            ends = {path.rpartition(".")[2]: path for path in self.kind.facts if "." in path}
            meant = ends.get(name, "")
        message = f"there is no fact {name} in {dotted((self.kind.name, *path))}"
        return Wording(message, "a fact that the reference of kinds lists", meant)

    def _leaf(self, fact: Fact, value: Any, path: Steps, place: RecordPlace) -> Any:
        if not isinstance(value, dict):
            return self._plain(fact, value, path, place)
        if VALUE in value:
            return self._with_provenance(fact, value, path, place)
        if set(value) & set(PROVENANCE):
            place.wrong_value(
                path, Wording("the provenance has no value beside it", "the key value as well")
            )
            return None
        return self._plain(fact, value, path, place)

    def _with_provenance(
        self, fact: Fact, said: dict[str, Any], path: Steps, place: RecordPlace
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in said.items():
            below = (*path, key)
            if key == VALUE:
                found[key] = self._plain(fact, value, below, place)
            elif key not in PROVENANCE:
                known = (VALUE, *PROVENANCE)
                message = f"there is no key {key} beside a value"
                place.error(
                    below, Wording(message, f"one of {', '.join(known)}", closest(key, known)),
                    key=True,
                )  # fmt: skip
            elif value is None or not self._fails(PROVENANCE_FACTS[key], value, below, place):
                found[key] = value
        return found

    def _plain(self, fact: Fact, value: Any, path: Steps, place: RecordPlace) -> Any:
        if value is None or (fact.none and value == KNOWN_NONE):
            return value
        if isinstance(value, list) and _takes_list(fact):
            return self._members(fact, value, path, place)
        return None if self._fails(fact, value, path, place) else value

    def _members(
        self, fact: Fact, members: list[Any], path: Steps, place: RecordPlace
    ) -> list[Any] | None:
        unique = fact.type == "link" or fact.schema.get("uniqueItems", False)
        seen: set[tuple[bool, Any]] = set()
        found: list[Any] = []
        for index, member in enumerate(members):
            below = (*path, index)
            # Equal in JSON: 1 and 1.0, but not 1 and true.
            mark = (isinstance(member, bool), None if _nested(member) else member)
            if unique and not _nested(member) and mark in seen:
                message = "a member is listed" if fact.sensitive else f"{shown(member)} is listed"
                place.wrong_value(below, Wording(f"{message} twice", "each member once"))
                found.append(None)
            else:
                seen.add(mark)
                found.append(self._member(fact, member, below, place))
        return place.whole_list(path, members, found)

    def _member(self, fact: Fact, member: Any, path: Steps, place: RecordPlace) -> Any:
        if fact.items == "object" and isinstance(member, dict):
            tree = self._fields.setdefault(fact.path, tree_of(fact.fields.values()))
            return self._group(tree, member, path, place)
        if member is None or not self._fails(fact, member, path, place, member=True):
            return member
        return None

    def _fails(
        self, fact: Fact, value: Any, path: Steps, place: RecordPlace, *, member: bool = False
    ) -> bool:
        """Whether a plain value fails its schema; takes the problem down."""
        one = member or _one_of_any(fact, value)
        key = (fact.full_path, one)
        if key not in self._fast:
            schema = member_schema(fact) if one else plain_schema(fact)
            self._fast[key] = fast_validator(schema)
            self._validators[key] = reference_validator(schema)
        if self._fast[key].is_valid(value):
            return False
        error = next(self._validators[key].iter_errors(value), None)
        if error is None:
            return False
        place.wrong_value(path, worded(error, fact, member=member, hidden=fact.sensitive))
        return True


def _worked_out(fact: Fact) -> str:
    if fact.type == "reverse":
        how = fact.description.removeprefix("Worked out from ").rstrip(".")
        return f"it is worked out from {how}"
    others = [name for name in fact.over if name != "self"]
    sources = [fact.union or ""] if "self" in fact.over else []
    sources += [f"the {fact.union} of {' and '.join(others)}"] if others else []
    return f"it is worked out from {' and '.join(sources)}"


def _takes_list(fact: Fact) -> bool:
    if fact.type == "link":
        return fact.many or _takes_any_form(fact)
    return fact.type == "list"


def _takes_any_form(fact: Fact) -> bool:
    """Whether a link may be one ``kind/id``, a list of them, or ``{all: kind}``."""
    return fact.type == "link" and fact.target == ANY and "type" not in fact.schema


def _one_of_any(fact: Fact, value: Any) -> bool:
    """Whether a value has to be one ``kind/id``, though its fact takes other forms as well."""
    return _takes_any_form(fact) and not isinstance(value, dict | list)


def _nested(value: Any) -> bool:
    return isinstance(value, dict | list)
