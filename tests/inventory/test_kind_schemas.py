"""The kind schemas keep the rules that readers, policies and questionnaires rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker


def _words(text: str, separator: str = " ") -> set[str]:
    return set(text.split(separator))


FOLDER = Path(__file__).parents[2] / "schemas" / "inventory"
KINDS = sorted(
    _words(
        "agency component system device vendor facility interconnection person assignment app "
        "dataset incident document decision vulnerability identity_provider crypto_module plan_item"
    )
)
UNBOUNDED = {"device", "person", "assignment", "vulnerability"}
ROLES = _words(
    "system owner|security officer|privacy officer|network administrator|device manager|HR|"
    "contracts office|facilities manager|application owner|help desk|head of agency|"
    "records officer|finance office|training coordinator",
    "|",
)
TOP_KEYS = _words(
    "$schema $id title description x-kind x-collection x-unbounded x-read-only x-needs type "
    "required additionalProperties properties"
)
FACT_KEYS = _words(
    "title description type format enum minimum maximum maxLength items uniqueItems examples "
    "x-question x-asked-of x-none x-absent x-future x-link x-reverse-name x-sensitive "
    "x-bureau x-requirement x-labels x-start x-governed x-reports x-identifies"
)
DERIVED_KEYS = {"title", "description", "type", "items", "uniqueItems", "x-derived"}
FORBIDDEN_WORDS = re.compile(r"\b(compliant|certified|violations?|pass|waived?)\b", re.IGNORECASE)
PLAIN_TYPES = {"boolean", "integer", "number", "string"}

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Leaf:
    """A fact as its schema states it; facts of the objects in a list have `[]` in their path."""

    kind: str
    path: str
    schema: Schema

    def __str__(self) -> str:
        return f"{self.kind}.{self.path}"

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def type(self) -> str:
        if "x-link" in self.schema:
            return "link"
        return "date" if self.schema.get("format") == "date" else str(self.schema.get("type"))

    @property
    def enum(self) -> list[str]:
        found: list[str] = self.schema.get("enum", self.schema.get("items", {}).get("enum", []))
        return found

    @property
    def derived(self) -> bool:
        return "x-derived" in self.schema


def _load(kind: str) -> dict[str, Any]:
    path = FOLDER / f"{kind}.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


SCHEMAS = {kind: _load(kind) for kind in KINDS}


def _leaves(kind: str, properties: Schema, prefix: str = "") -> Iterator[Leaf]:
    for name, schema in properties.items():
        path = prefix + name
        if "properties" in schema:
            yield from _leaves(kind, schema["properties"], f"{path}.")
            continue
        yield Leaf(kind, path, schema)
        if "properties" in schema.get("items", {}):
            yield from _leaves(kind, schema["items"]["properties"], f"{path}[].")


def _groups(properties: Schema, prefix: str = "") -> Iterator[tuple[str, Schema]]:
    for name, schema in properties.items():
        if "properties" in schema:
            yield prefix + name, schema
            yield from _groups(schema["properties"], f"{prefix}{name}.")


LEAVES = {str(leaf): leaf for kind in KINDS for leaf in _leaves(kind, SCHEMAS[kind]["properties"])}
FACTS = [leaf for leaf in LEAVES.values() if leaf.path != "id"]
ENTERED = [leaf for leaf in FACTS if not leaf.derived]
DERIVED = [leaf for leaf in FACTS if leaf.derived]
LINKS = [leaf for leaf in FACTS if leaf.type == "link"]


def _reverse_names() -> dict[str, list[tuple[str, Leaf]]]:
    """Reverse lists by the kind that carries them: name and the link read backwards."""
    found: dict[str, list[tuple[str, Leaf]]] = {kind: [] for kind in KINDS}
    for link in LINKS:
        name = link.schema.get("x-reverse-name")
        if name is None:
            continue
        target = link.schema["x-link"]
        for kind in [k for k in KINDS if k != link.kind] if target == "any" else [target]:
            found.setdefault(kind, []).append((name, link))
    return found


REVERSE = _reverse_names()


def _of(kind: str, leaves: list[Leaf]) -> list[Leaf]:
    return [leaf for leaf in leaves if leaf.kind == kind]


def _texts(schema: Any) -> Iterator[str]:
    if isinstance(schema, str):
        yield schema
    elif isinstance(schema, Mapping):
        for key, value in schema.items():
            yield key
            yield from _texts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _texts(value)


def test_every_kind_has_its_schema_and_nothing_else_has() -> None:
    assert [
        path.name.removesuffix(".schema.json") for path in sorted(FOLDER.glob("*.json"))
    ] == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_top_level(kind: str) -> None:
    schema = SCHEMAS[kind]
    Draft202012Validator.check_schema(schema)
    assert set(schema) <= TOP_KEYS
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:compliance:inventory:{kind}"
    assert schema["x-kind"] == kind
    assert schema["description"].endswith(".")
    assert schema["required"] == ["id"]
    assert schema["additionalProperties"] is False
    assert schema.get("x-unbounded", False) == (kind in UNBOUNDED)
    assert schema.get("x-read-only", False) == (kind == "plan_item")
    identifier = schema["properties"]["id"]
    assert identifier["pattern"] == "^[a-z0-9][a-zA-Z0-9._-]*$"
    assert identifier["maxLength"] == 100
    Draft202012Validator(identifier).validate(identifier["examples"][0])


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_utf_8_with_lf_and_indented_by_two(kind: str) -> None:
    raw = (FOLDER / f"{kind}.schema.json").read_bytes()
    assert b"\r" not in raw
    lines = raw.decode("utf-8").split("\n")
    assert lines[-1] == ""
    assert [line for line in lines if (len(line) - len(line.lstrip())) % 2] == []


@pytest.mark.parametrize("kind", KINDS)
def test_groups_are_closed_titled_and_one_deep(kind: str) -> None:
    for path, group in _groups(SCHEMAS[kind]["properties"]):
        assert "." not in path, f"{kind}.{path} lies inside another group"
        assert group["type"] == "object"
        assert group["additionalProperties"] is False
        assert group["title"]
        assert re.fullmatch(r"[a-z][a-z0-9_]*", path)
        assert path not in {"value", "links", "item", "complete"}


def test_collections_are_unique_and_no_fact_of_the_agency_takes_their_name() -> None:
    collections = [SCHEMAS[kind]["x-collection"] for kind in KINDS]
    assert len(set(collections)) == len(collections)
    assert SCHEMAS["agency"]["x-collection"] == "agency"
    assert set(SCHEMAS["agency"]["properties"]).isdisjoint(collections)


@pytest.mark.parametrize("kind", KINDS)
def test_name(kind: str) -> None:
    for leaf in _of(kind, FACTS):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", leaf.name), str(leaf)
        assert leaf.name not in {"value", "links", "item", "complete"}, str(leaf)
        assert "policy" not in leaf.name.split("_"), f"{leaf}: written rules are documents"
        assert leaf.name.endswith("_on") == (leaf.type == "date"), str(leaf)
        assert leaf.name.split("_")[0] != "handles", str(leaf)
        if leaf.type in {"integer", "number"}:
            assert not leaf.name.endswith(("_time", "_age", "_period", "_interval")), leaf


@pytest.mark.parametrize("kind", KINDS)
def test_person_can_be_asked(kind: str) -> None:
    for leaf in _of(kind, ENTERED):
        schema = leaf.schema
        assert set(schema) <= FACT_KEYS, str(leaf)
        assert 0 < len(schema["title"]) <= 60, str(leaf)
        question = schema["x-question"]
        assert question.endswith("?"), str(leaf)
        assert question[0].isupper(), str(leaf)
        assert len(question) <= 200, str(leaf)
        assert schema["x-asked-of"] in ROLES, str(leaf)
        assert 1 <= len(schema["examples"]) <= 2, str(leaf)


@pytest.mark.parametrize("kind", KINDS)
def test_type(kind: str) -> None:
    for leaf in _of(kind, ENTERED):
        schema = leaf.schema
        if schema.get("x-link") == "any" and "type" not in schema:
            continue  # a record (kind/id) or every record of a kind
        if schema["type"] == "array":
            items = schema["items"]
            assert items["type"] in PLAIN_TYPES | {"object"}, str(leaf)
            assert schema.get("uniqueItems", False) == (items["type"] != "object"), str(leaf)
            assert items["type"] != "object" or items["additionalProperties"] is False, str(leaf)
            plain = items
        else:
            plain = schema
            assert plain["type"] in PLAIN_TYPES, str(leaf)
        if plain["type"] == "string" and leaf.type != "link":
            assert ("enum" in plain) + ("format" in plain) + ("maxLength" in plain) == 1, str(leaf)
        if plain["type"] in {"integer", "number"}:
            assert plain["minimum"] == 0, str(leaf)
        assert len(set(leaf.enum)) == len(leaf.enum), str(leaf)


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_values_of_the_fact(kind: str) -> None:
    for leaf in _of(kind, ENTERED):
        validator = Draft202012Validator(leaf.schema, format_checker=FormatChecker())
        for example in leaf.schema["examples"]:
            validator.validate(example)


@pytest.mark.parametrize("kind", KINDS)
def test_marks_go_together(kind: str) -> None:
    for leaf in _of(kind, ENTERED):
        schema = leaf.schema
        marks = {key for key in schema if key.startswith("x-")}
        if "x-governed" in marks:
            assert (leaf.kind, schema["type"], bool(leaf.enum)) == ("agency", "array", True)
        for mark in marks & {"x-governed", "x-none", "x-future", "x-sensitive", "x-bureau"}:
            assert schema[mark] is True, f"{leaf}: a mark is given or left out"
        if "x-reports" in marks:
            assert schema["x-reports"] in {"unit", "owner"}, str(leaf)
            assert "x-sensitive" not in marks, f"{leaf}: reports print it"
        if "x-none" in marks:
            assert leaf.type not in {"boolean", "array"}, str(leaf)
            assert schema.get("type") != "array", f"{leaf}: an empty list says none"
            assert "none" not in leaf.enum, str(leaf)
        if "x-absent" in marks:
            assert schema["x-absent"] == "none", str(leaf)
            assert leaf.type == "date", str(leaf)
            assert "x-none" not in marks, str(leaf)
        if schema.get("type") == "array":
            assert "none" not in leaf.enum, f"{leaf}: an empty list says none"
        if "x-future" in marks:
            assert leaf.type == "date", str(leaf)
        if "x-reverse-name" in marks:
            assert leaf.type == "link", str(leaf)


def test_labels_say_of_every_allowed_value_what_it_means() -> None:
    labelled = [leaf for leaf in ENTERED if "x-labels" in leaf.schema]
    assert len(labelled) >= 4
    for leaf in labelled:
        assert list(leaf.schema["x-labels"]) == leaf.enum, str(leaf)
        for text in leaf.schema["x-labels"].values():
            assert 0 < len(text) <= 90, str(leaf)
            assert not text.endswith("."), str(leaf)


def test_a_start_asks_few_facts_of_the_agency_in_an_order() -> None:
    asked = [leaf for leaf in ENTERED if "x-start" in leaf.schema]
    assert {leaf.kind for leaf in asked} == {"agency"}
    assert sorted(leaf.schema["x-start"] for leaf in asked) == list(range(1, len(asked) + 1))
    assert len(asked) <= 9
    for leaf in asked:
        assert "[]" not in leaf.path
        assert not leaf.enum or "x-labels" in leaf.schema, f"{leaf}: allowed values are explained"
        assert leaf.type in {"boolean", "string", "array"}, str(leaf)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_needs_is_a_first_question(kind: str) -> None:
    needed = SCHEMAS[kind].get("x-needs")
    if needed is not None:
        assert LEAVES[needed].schema["type"] == "boolean"
        assert "x-start" in LEAVES[needed].schema


@pytest.mark.parametrize("kind", KINDS)
def test_links_name_kinds(kind: str) -> None:
    for leaf in _of(kind, LINKS):
        assert leaf.schema["x-link"] in {*KINDS, "any"}, str(leaf)
        assert "[]" not in leaf.path, f"{leaf}: the objects in a list hold no links"
        if "type" in leaf.schema:
            many = leaf.schema["type"] == "array"
            assert (leaf.schema["items"] if many else leaf.schema)["type"] == "string", str(leaf)


@pytest.mark.parametrize("kind", KINDS)
def test_reverse_names_are_free(kind: str) -> None:
    names = [name for name, _ in REVERSE[kind]]
    assert len(set(names)) == len(names), "two links give the same list"
    taken = set(SCHEMAS[kind]["properties"])
    assert taken.isdisjoint(names)
    for name in names:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


@pytest.mark.parametrize("kind", KINDS)
def test_derived_facts_walk_links_that_exist(kind: str) -> None:
    for leaf in _of(kind, DERIVED):
        schema = leaf.schema
        assert set(schema) == DERIVED_KEYS, str(leaf)
        union, over = schema["x-derived"]["union"], schema["x-derived"]["over"]
        links = {link.path: link.schema["x-link"] for link in LINKS if link.kind == leaf.kind}
        reverse = {name: link.kind for name, link in REVERSE[leaf.kind]}
        reached = {"self": leaf.kind} | links | reverse
        assert [step for step in over if step not in reached] == [], str(leaf)
        assert len(set(over)) == len(over) > 1, str(leaf)
        for step in over:
            source = LEAVES[f"{reached[step]}.{union}"]
            assert not source.derived, f"{leaf}: derived facts never build on derived facts"
            assert source.schema["items"] == schema["items"], str(leaf)


@pytest.mark.parametrize("kind", KINDS)
def test_titles_and_questions_tell_facts_apart(kind: str) -> None:
    leaves = [leaf for leaf in LEAVES.values() if leaf.kind == kind]
    for key in ("title", "x-question"):
        counted = Counter(leaf.schema[key] for leaf in leaves if key in leaf.schema)
        assert [text for text, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_wording(kind: str) -> None:
    texts = list(_texts(SCHEMAS[kind]))
    assert [text for text in texts if FORBIDDEN_WORDS.search(text)] == []
    assert [text for text in texts if "  " in text or text != text.strip()] == []


def test_data_types_mean_the_same_everywhere() -> None:
    held = [leaf for leaf in FACTS if leaf.name in {"data_types", "data_types_reached"}]
    assert {tuple(leaf.enum) for leaf in held} == {tuple(LEAVES["system.data_types"].enum)}


# --- names of the requirement lists -----------------------------------------------------------


def _source_names() -> dict[str, Any]:
    text = (FOLDER / "source-names.yaml").read_text(encoding="utf-8")
    names: dict[str, Any] = yaml.safe_load(text)["names"]
    return names


SOURCE_NAMES = _source_names()
KNOWN_PATHS = set(LEAVES) | {f"agency.complete.{kind}" for kind in KINDS if kind != "agency"}


def _check_entry(entry: Any) -> None:
    mapping = entry if isinstance(entry, dict) else {"fact": entry}
    assert set(mapping) <= {"fact", "where", "linked_by", "reason"}, entry
    fact = mapping["fact"]
    if fact is None:
        assert mapping["reason"].endswith("."), entry
        return
    assert "reason" not in mapping, entry
    for path in fact if isinstance(fact, list) else [fact]:
        assert path in KNOWN_PATHS, entry
    for path, value in mapping.get("where", {}).items():
        assert value in LEAVES[path].enum, entry
        assert path.split(".")[0] == fact.split(".")[0], entry
    if "linked_by" in mapping:
        assert LEAVES[mapping["linked_by"]].schema["x-link"] == fact.split(".")[0], entry


def test_source_names_lead_to_facts() -> None:
    assert len(SOURCE_NAMES) > 900
    for entry in SOURCE_NAMES.values():
        _check_entry(entry)


def test_source_names_are_written_once() -> None:
    text = (FOLDER / "source-names.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^  ([a-z][^:]*):", text, flags=re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(SOURCE_NAMES)
