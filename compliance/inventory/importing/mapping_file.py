"""Reads mapping files and holds them to the schema and to the kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from compliance.errors import UserError
from compliance.inventory.fact_schemas import plain_schema
from compliance.inventory.importing import dates
from compliance.inventory.importing.mapping import ImportMapping, Unknown, heading_key, mapping_of
from compliance.inventory.kinds import ANY, KNOWN_NONE, Fact, Kind, Kinds
from compliance.inventory.problems import Problem, closest
from compliance.inventory.reader import read_file
from compliance.inventory.schema_validators import fast_validator
from compliance.inventory.source import SourceFile
from compliance.inventory.wording import expectation, shown

_SCHEMA = "import-mapping"
_FOLDER = Path(__file__).resolve().parent.parent / "mappings"


class MappingError(UserError):
    """A mapping file that cannot be used.

    Attributes:
        problems: all that is wrong with it, in the order of the file.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def built_in_names() -> tuple[str, ...]:
    """Ids of the mappings that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def built_in(name: str, kinds: Kinds) -> ImportMapping:
    """A mapping that comes with the program."""
    return read_mapping(_FOLDER / f"{name}.yaml", kinds)


def read_mapping(path: Path, kinds: Kinds) -> ImportMapping:
    """Reads a mapping file.

    Args:
        path: a YAML or JSON file.
        kinds: all kinds.

    Raises:
        ReadError: the file cannot be read.
        MappingError: it does not keep to the schema, or names kinds, facts or values there are not.
    """
    # The words for what a schema refuses are the same for every file that people write.
    from compliance.policy.source import Place
    from compliance.policy.validation import schema_problems

    source = read_file(path)
    problems = schema_problems(source.value, _SCHEMA, Place(source))
    if not problems:
        problems = list(_Checks(source, kinds).problems())
    if problems:
        raise MappingError(tuple(problems))
    return mapping_of(source.value)


class _Checks:
    """What a schema cannot say: kinds, facts, values, and columns that are spoken of twice."""

    def __init__(self, source: SourceFile, kinds: Kinds) -> None:
        self._source = source
        self._kinds = kinds

    def problems(self) -> Iterator[Problem]:
        content = self._source.value
        yield from self._dates(content.get("dates", ()), ("dates",))
        for number, record in enumerate(content["records"]):
            yield from self._record(record, ("records", number))
        used = mapping_of(content).used()
        for part in ("personal", "left"):
            for index, heading in enumerate(content.get(part, ())):
                if heading_key(heading) in used:
                    path = (part, heading) if part == "left" else (part, index)
                    yield self._problem(
                        path, f"the column {heading} is left out here and used above",
                        "one of the two", key=part == "left",
                    )  # fmt: skip

    def _record(self, record: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
        name = record["kind"]
        kind = self._kinds.by_name.get(name)
        if kind is None or kind.read_only:
            known = [each for each in self._kinds if not self._kinds[each].read_only]
            yield self._problem(
                (*path, "kind"), f"there is no kind {name} that files hold",
                f"one of {', '.join(known)}", closest(name, known),
            )  # fmt: skip
            return
        for index, fact in enumerate(record.get("same", ())):
            yield from self._named(kind, fact, (*path, "same", index), key=False)
        for fact, said in record.get("facts", {}).items():
            yield from self._fact(kind, fact, said, (*path, "facts", fact))

    def _fact(
        self, kind: Kind, name: str, said: Any, path: tuple[str | int, ...]
    ) -> Iterator[Problem]:
        yield from self._named(kind, name, path, key=True)
        fact = kind.facts.get(name)
        if fact is None:
            return
        if isinstance(said, list):
            for index, each in enumerate(said):
                yield from self._translation(fact, each, (*path, index))
        else:
            yield from self._translation(fact, said, path)

    def _named(
        self, kind: Kind, name: str, path: tuple[str | int, ...], *, key: bool
    ) -> Iterator[Problem]:
        known = [each.path for each in kind.facts.values() if each.entered and each.path != "id"]
        if name not in known:
            yield self._problem(
                path, f"{name} is no fact of the kind {kind.name} that a mapping can give",
                "a fact as `compliance inventory schema` lists them", closest(name, known), key=key,
            )  # fmt: skip

    def _translation(self, fact: Fact, said: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
        if isinstance(said, str):
            said = {"column": said}
        yield from self._dates(said.get("dates", ()), (*path, "dates"))
        members = said.get("members")
        if (members is not None) != (fact.items == "object"):
            yield self._problem(
                path, f"{fact.full_path} is {'' if fact.items == 'object' else 'not '}a list of "
                "objects", "members for a list of objects, and for no other fact",
            )  # fmt: skip
            return
        for name, inner in (members or {}).items():
            if name not in fact.fields:
                yield self._problem(
                    (*path, "members", name), f"there is no {name} in {fact.full_path}",
                    f"one of {', '.join(fact.fields)}", closest(name, fact.fields), key=True,
                )  # fmt: skip
            else:
                yield from self._translation(fact.fields[name], inner, (*path, "members", name))
        if fact.target == ANY:
            yield self._problem(
                path, f"{fact.full_path} names records of any kind, which no column can tell",
                "the fact left out of the mapping",
            )  # fmt: skip
        yield from self._values(fact, said, path)

    def _values(
        self, fact: Fact, said: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> Iterator[Problem]:
        mapping = mapping_of({"id": "x", "title": "x", "records": [
            {"kind": fact.kind, "id": {"columns": "x"}, "facts": {"x": dict(said)}}]})  # fmt: skip
        [translation] = mapping.records[0].facts["x"]
        for line in translation.values:
            if isinstance(line.value, Unknown) or _fits(fact, line.value):
                continue
            yield self._problem(
                (*path, "values", line.pattern.text),
                f"{shown(line.value)} is no value of {fact.full_path}",
                f"{expectation(fact)}, or {{unknown: why}}",
            )

    def _dates(self, forms: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
        for index, form in enumerate(forms):
            if not dates.complete(form):
                yield self._problem(
                    (*path, index), f"{form} does not say year, month and day, each once",
                    "such as yyyy-mm-dd, m/d/yyyy or d mon yyyy",
                )  # fmt: skip

    def _problem(
        self,
        path: tuple[str | int, ...],
        message: str,
        expected: str,
        suggestion: str = "",
        *,
        key: bool = False,
    ) -> Problem:
        from compliance.inventory.source import dotted

        position = self._source.position(path, key=key)
        return Problem(position, dotted(path), message, expected, suggestion)


def _fits(fact: Fact, value: Any) -> bool:
    if value == KNOWN_NONE and fact.none:
        return True
    if fact.many and not isinstance(value, list):
        value = [value]
    return fast_validator(plain_schema(fact)).is_valid(value)
