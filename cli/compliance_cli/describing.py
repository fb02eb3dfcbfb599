"""What `compliance inventory schema` does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.errors import UserError
from compliance.inventory.file_schema import file_schema
from compliance.inventory.kinds import Kind, Kinds
from compliance.inventory.problems import closest
from compliance.inventory.reference import FactEntry, KindEntry, kind_entries, kind_entry
from compliance.inventory.reference_page import index_page, kind_page
from compliance.report.plain import number, prose, value
from compliance_cli import objects, output, status

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class SchemaOptions:
    """What the user asked for."""

    kind: str | None
    """Name, key in files or title of a kind; None for all kinds."""
    format: str
    json_schema: bool
    output: Path | None


def run_schema(options: SchemaOptions) -> int:
    """Writes the reference and returns the exit status."""
    output.check_writable(options.output)
    kinds = objects.kinds()
    if options.json_schema:
        if options.kind is not None:
            raise UserError("--json-schema is about all kinds together. Leave KIND out.")
        output.write([json.dumps(file_schema(kinds), indent=1) + "\n"], options.output)
        return status.OK
    kind = None if options.kind is None else _named(kinds, options.kind)
    writers = {"text": _text, "json": _json, "markdown": _markdown}
    output.write(writers[options.format](kinds, kind), options.output)
    return status.OK


def _named(kinds: Kinds, name: str) -> Kind:
    """The kind of a name, a key in files or a title, in any case.

    Raises:
        UserError: there is none.
    """
    known: dict[str, Kind] = {}
    for kind in kinds.by_name.values():
        known |= {_folded(text): kind for text in (kind.title, kind.collection, kind.name)}
    found = known.get(_folded(name))
    if found is None:
        near = closest(_folded(name), known)
        hint = f" Did you mean {known[near].name}?" if near else ""
        raise UserError(f"There is no kind {name}.{hint} Kinds: {', '.join(kinds)}.")
    return found


def _folded(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _markdown(kinds: Kinds, kind: Kind | None) -> Iterator[str]:
    yield index_page(kinds) if kind is None else kind_page(kinds, kind.name)


def _json(kinds: Kinds, kind: Kind | None) -> Iterator[str]:
    entries = kind_entries(kinds) if kind is None else [kind_entry(kind)]
    data = {"schema": _SCHEMA, "kinds": [_data(entry) for entry in entries]}
    yield json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _data(entry: Any) -> Any:
    """A dataclass as JSON data; what says nothing is left out."""
    if dataclasses.is_dataclass(entry):
        pairs = ((field.name, getattr(entry, field.name)) for field in dataclasses.fields(entry))
        return {name: _data(part) for name, part in pairs if part not in (None, "", (), {}, False)}
    if isinstance(entry, tuple):
        return [_data(member) for member in entry]
    return dict(entry) if isinstance(entry, dict) else entry


def _text(kinds: Kinds, kind: Kind | None) -> Iterator[str]:
    if kind is not None:
        yield from _kind(kind_entry(kind))
        return
    for entry in kind_entries(kinds):
        if not entry.read_only:
            head = f"{entry.name} (key in files: {entry.collection}, {number(entry.facts, 'fact')})"
            yield f"{head}\n" + prose(entry.description, "    ", "    ")
    yield "\n" + prose(
        "`compliance inventory schema KIND` lists the facts of a kind. A fact that is left out is "
        "unknown; any fact may be a mapping with value and source, reported_on, by, evidence, "
        "assurance."
    )


def _kind(entry: KindEntry) -> Iterator[str]:
    yield f"{entry.title} ({entry.name}; key in files: {entry.collection})\n"
    yield prose(entry.description)
    for group in entry.groups:
        if group.path:
            yield f"\n{group.title} ({group.path})\n"
        else:
            yield "\nFacts\n"
        yield from (_fact(fact, "  ") for fact in group.facts)
    if entry.worked_out:
        yield "\nWorked out by the program, not written into files\n"
        yield from (_fact(fact, "  ") for fact in entry.worked_out)


def _fact(fact: FactEntry, indent: str, mark: str = "") -> str:
    inner = f"{indent}    "
    text = prose(f"{fact.path}: {fact.title}", inner, indent + mark)
    takes = f"{fact.takes}; left out: none" if fact.absent == "none" else fact.takes
    text += prose(takes, inner, inner)
    for word, meaning in fact.meanings.items():
        text += prose(f"{word}: {meaning}", f"{inner}    ", f"{inner}  ")
    asked = f"Usually known by: {fact.asked_of}." if fact.asked_of else ""
    example = f"Example: {value(fact.example)}." if fact.example is not None else ""
    hidden = "Never written into an output." if fact.sensitive else ""
    parts = (fact.question, fact.description, asked, example, hidden)
    about = " ".join(part for part in parts if part)
    text += prose(about, inner, inner) if about else ""
    return text + "".join(_fact(one, inner, "- ") for one in fact.entries)
