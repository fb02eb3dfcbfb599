"""The reference of kinds and facts as Markdown pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.inventory.kinds import Kinds
from compliance.inventory.reference import (
    FactEntry,
    KindEntry,
    kind_entries,
    kind_entry,
    provenance_example,
)
from compliance.inventory.writing.yaml_text import inventory_text, yaml_text

EDITORS = """\
## Completion in an editor

```
compliance inventory schema --json-schema -o .vscode/inventory.schema.json
```

writes one JSON Schema of a whole inventory file. With it an editor completes keys and values, shows
the question behind each fact and underlines what is misspelt. Keep it in a folder whose name begins
with a dot, as here: every other JSON file in an inventory's folder is read as records. Write it
again after each update of the program.

In Visual Studio Code install the extension *YAML* by Red Hat and name the schema in the first line
of a file, as a path from that file:

```yaml
# yaml-language-server: $schema=.vscode/inventory.schema.json
agency:
  id: health
```

or name the files once for all in `.vscode/settings.json`, without `compliance.yaml`, which holds
settings and no records:

```json
{
  "yaml.schemas": {".vscode/inventory.schema.json": ["agency.yaml", "systems/*.yaml"]},
  "json.schemas": [{"fileMatch": ["/devices/*.json"], "url": "./.vscode/inventory.schema.json"}]
}
```

Other editors that know the YAML language server (Vim, Emacs, the JetBrains programs) read the same
first line. The schema judges one file by itself; `compliance inventory validate` looks at links
between records, ids used twice and dates as well.
"""


def index_page(kinds: Kinds) -> str:
    """The list of kinds, what holds for all facts, and the set-up of editors."""
    lines = [
        "# Inventory: kinds of records and their facts",
        "",
        "Files list records under the key of their kind, in any file of the inventory's folder. "
        "`compliance inventory schema KIND` prints the same pages.",
        "",
        "| kind | key in files | facts | what it is |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{_cell(kind.title)}]({kind.name}.md) | `{kind.collection}` | {kind.facts} | "
        f"{_cell(kind.description)} |"
        for kind in kind_entries(kinds)
        if not kind.read_only
    ]
    said = yaml_text({"encryption_at_rest": provenance_example()})
    lines += [
        "",
        "## What holds for every fact",
        "",
        "- A fact that is left out, or `null`, is unknown. Where a page says *left out: none*, "
        "leaving it out says that it did not happen.",
        "- `none` is a known answer: never happened, has none. An empty list says so of a list.",
        "- A value of the wrong type is listed and counts as unknown.",
        "- Every fact and list, but no group, may be a mapping that says where the value comes "
        "from (`assurance` is one of asserted, referenced, imported, attested):",
        "",
        "```yaml",
        *said.splitlines(),
        "```",
        "",
        "Two more keys list what is no record: `inheritance`, statements of providers "
        "(`schemas/inheritance.schema.json`), and `answers`, answers to single questions "
        "(`schemas/answers.schema.json`).",
        "",
        *EDITORS.splitlines(),
    ]
    return "\n".join(lines) + "\n"


def kind_page(kinds: Kinds, name: str) -> str:
    """The reference of one kind.

    Args:
        kinds: all kinds.
        name: name of the kind.
    """
    kind = kind_entry(kinds[name])
    return "\n".join(_kind(kind, kinds)) + "\n"


def _kind(kind: KindEntry, kinds: Kinds) -> Iterator[str]:
    yield from (f"# {kind.title}", "", kind.description, "")
    if kind.read_only:
        yield from ("The program makes these records; inventory files do not hold them.", "")
    else:
        yield from (f"Key in files: `{kind.collection}`.", "", "```yaml")
        yield from inventory_text(kind.example, kinds).splitlines()
        yield from ("```", "")
    for group in kind.groups:
        yield from ((f"## {group.title} (`{group.path}`)" if group.path else "## Facts"), "")
        yield from _table(group.facts)
    if kind.worked_out:
        yield from ("## Worked out by the program", "")
        yield from ("These are not written into files; rules may ask for them.", "")
        yield from ("| fact | what it holds |", "|---|---|")
        for fact in kind.worked_out:
            about = f" {fact.description}" if fact.description else ""
            yield f"| `{fact.path}` | {_cell(f'{fact.title}: {fact.takes}.{about}')} |"
        yield ""


def _table(facts: Iterable[FactEntry]) -> Iterator[str]:
    yield from ("| fact | what may be written | what it answers |", "|---|---|---|")
    below = []
    for fact in facts:
        cells = (f"`{fact.path}` {fact.title}", _takes(fact), _about(fact))
        yield f"| {' | '.join(map(_cell, cells))} |"
        if fact.entries:
            below.append(fact)
    yield ""
    for fact in below:
        yield from (f"### Each entry of `{fact.path}`", "")
        yield from _table(fact.entries)


def _takes(fact: FactEntry) -> str:
    text = fact.takes
    if fact.values:
        listed = ", ".join(map(str, fact.values))
        text = text.replace(listed, ", ".join(f"`{value}`" for value in fact.values))
    if fact.meanings:
        meanings = (f"`{value}`: {meaning}" for value, meaning in fact.meanings.items())
        text += f". {'; '.join(meanings)}"
    return f"{text}. Left out: none" if fact.absent == "none" else text


def _about(fact: FactEntry) -> str:
    parts = [fact.question, fact.description]
    if fact.asked_of:
        parts.append(f"Usually known by: {fact.asked_of}.")
    if fact.sensitive:
        parts.append("Never written into an output.")
    return " ".join(part for part in parts if part)


def _cell(text: str) -> str:
    for sign, written in (("|", "\\|"), ("<", "&lt;"), ("*", "\\*")):
        text = text.replace(sign, written)
    return text
