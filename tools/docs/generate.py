"""Writes the references that follow from tables and schemas; `--check` only tells what is stale.

docs/reference/operators.md      from compliance/policy/operators.py
docs/reference/policy-files.md   from schemas/*.schema.json
docs/reference/command-line.md   from the help of the commands
docs/reference/report-table.md   from the columns of the table of open findings
docs/coverage/<policy>.md        from the sources of each policy: its coverage matrix
docs/proposed-rule.md            from a run of two published policies over the example agency
docs/inventory/*.md              from schemas/inventory: kinds of records and their facts
schemas/condition.schema.json    from the operators and the kinds, so that editors complete facts
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "cli"), str(ROOT / "tools" / "docs")]

from inventory_pages import inventory_pages  # noqa: E402
from proposed import proposed_page  # noqa: E402
from report_pages import table_page  # noqa: E402

from compliance.inventory.kinds import Fact, load_kinds  # noqa: E402
from compliance.policy.coverage import as_markdown, coverage  # noqa: E402
from compliance.policy.loader import load_policy  # noqa: E402
from compliance.policy.operators import (  # noqa: E402
    BOUNDS,
    COMBINATORS,
    LINKS,
    LISTS,
    OPERATORS,
    Operator,
    Shape,
)
from compliance_cli import reference  # noqa: E402

GENERATED = "<!-- Written by script/generate-docs; change what it reads instead. -->"
WORDS = {"reverse": "reverse list", "derived": "derived list"}
NOTHING = ("anything",)
POLICY_SCHEMAS = ("policy", "requirements", "rules", "rule-tests", "policy-index")
PLAIN: Mapping[str, Mapping[str, Any]] = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "string": {"type": "string"},
    "date": {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|as_of)$"},
}


def operators_page() -> str:
    """The reference of operators and combinators."""
    lines = [
        "# Conditions: operators and combinators",
        "",
        GENERATED,
        "",
        "A condition is a mapping of fact paths to a value or to operators. Several paths, and "
        "several operators behind one path, are joined by AND. A condition is true, false or "
        "unknown: a fact that nobody gave, or gave wrongly, is unknown to every operator. "
        "[semantics.md](semantics.md) is exact about this.",
        "",
        "```yaml",
        "expect:",
        "  system.encryption_at_rest: true",
        "  system.session_timeout_minutes: {greater_than: 0, at_most: {param: idle_minutes}}",
        "```",
        "",
        "## Values",
        "",
        "| written | means |",
        "|---|---|",
        "| `15`, `true`, `signed`, `2026-11-23`, `[a, b]` | the value itself; it must be one that "
        "the schema of the fact accepts |",
        "| `{param: idle_minutes}` | the parameter of `policy.yaml`, as in force at the date of "
        "the assessment |",
        "| `{fact: decision.assessed_on}` | the value of another fact in scope |",
        "| `as_of` | for dates: the date of the assessment |",
        "| `{rule: covers}` | for lists of texts: the ids of the requirements the rule covers |",
        "",
        "## Operators",
        "",
    ]
    for operator in OPERATORS.values():
        lines += _operator(operator)
    lines += ["## Combinators", ""]
    for combinator in COMBINATORS.values():
        lines += [f"### {combinator.name}", "", combinator.doc, ""]
        if combinator.keys:
            lines += [f"Keys: {_code(combinator.keys)}.", ""]
        lines += ["```yaml", combinator.example, "```", ""]
    lines += [
        "## What a path may start with",
        "",
        "- the kind the rule is about, or `agency`;",
        "- inside `every`, `some`, `none`, `count` and `share`: the kind of the linked record, "
        "`item` for a member of a list, or the name that `as` gives;",
        "- in a named condition of `policy.yaml`: `subject`, the record the using rule is about.",
        "",
        "A path does not walk links. Links are walked by `every`, `some` and `none`, at most two "
        "deep; more is a derived fact of the inventory. Records of kinds marked `x-unbounded` are "
        "never listed inside another record: write the rule about their own kind, or `count` and "
        "`share` with `of` in a rule about the agency.",
        "",
    ]
    return "\n".join(lines)


def _operator(operator: Operator) -> Iterator[str]:
    yield from (f"### {operator.name}", "", operator.doc, "")
    if operator.negates:
        yield from (f"The opposite of `{operator.negates}`.", "")
    types = ", ".join(WORDS.get(name, name) for name in operator.types)
    yield from (f"- Facts: {types}.", f"- Value: {operator.shape.value}.", "")
    yield from ("```yaml", operator.example, "```", "")


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def policy_files_page() -> str:
    """The reference of the files a policy author writes."""
    lines = [
        "# The files of a policy",
        "",
        GENERATED,
        "",
        "    policies/<policy>/",
        "        policy.yaml         what the policy is",
        "        requirements.yaml   the cited paragraphs of the source",
        "        rules/*.yaml        the checks, one file a section of the source",
        "        rules/*.rego        checks that YAML cannot say",
        "        tests/*.yaml        cases of the rules",
        "    policies/published/",
        "        index.json          written by `compliance policy build`",
        "",
        "Unknown keys are errors. An editor that knows JSON Schema completes the files from "
        "`schemas/`. [operators.md](operators.md) is about conditions.",
        "",
    ]
    for name in POLICY_SCHEMAS:
        schema = _load(name)
        lines += [f"## {schema['title']}", "", schema["description"], ""]
        lines += [f"Schema: `schemas/{name}.schema.json`.", ""]
        lines += list(_keys(schema, schema, 3))
    return "\n".join(lines)


def _load(name: str) -> dict[str, Any]:
    text = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _keys(schema: Mapping[str, Any], root: Mapping[str, Any], level: int) -> Iterator[str]:
    """A table of keys, then a section for each mapping below."""
    yield from ("| key | needed | what |", "|---|---|---|")
    below: list[tuple[str, Mapping[str, Any]]] = []
    for key, raw in schema["properties"].items():
        part = _resolved(raw, root)
        needed = "yes" if key in schema.get("required", ()) else ""
        yield f"| `{key}` | {needed} | {_cell(part)} |"
        inner = _inner(part, root)
        if inner is not None:
            below.append((key, inner))
    yield ""
    for key, inner in below:
        yield from (f"{'#' * level} `{key}`", "", str(inner.get("description", "")), "")
        yield from _keys(inner, root, level + 1)


def _resolved(raw: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = raw.get("$ref", "")
    if reference.startswith("#/$defs/"):
        return {**root["$defs"][reference.removeprefix("#/$defs/")], **raw}
    return raw


def _inner(part: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The mapping whose keys stand below a key: its own, its members', or its named entries'."""
    for below in (part, part.get("items"), part.get("additionalProperties")):
        if isinstance(below, Mapping):
            resolved = _resolved(below, root)
            if "properties" in resolved:
                return resolved
    return None


def _cell(part: Mapping[str, Any]) -> str:
    text = str(part.get("description", "")).rstrip(".") + "."
    if part.get("$ref") == "condition.schema.json":
        text += " A condition."
    if "enum" in part:
        text += f" One of {', '.join(f'`{json.dumps(value)}`' for value in part['enum'])}."
    if "default" in part:
        text += f" Without it: `{json.dumps(part['default'])}`."
    if "examples" in part:
        text += f" Example: `{part['examples'][0]}`."
    return text.replace('`"', "`").replace('"`', "`").replace("|", "\\|").strip()


def command_line_page() -> str:
    """The reference of the commands."""
    title, _, rest = reference.generate().partition("\n")
    return f"{title}\n\n{GENERATED}\n{rest}"


def condition_schema() -> str:
    """The JSON Schema of a condition, with every fact of every kind by its path."""
    kinds = load_kinds(ROOT / "schemas" / "inventory")
    facts = {fact.full_path: _fact(fact) for kind in kinds for fact in kinds[kind].facts.values()}
    condition = {"$ref": "#/$defs/condition"}
    every = _mapping(
        {"in": _path("The list or link."), "as": _NAME, "where": condition, "expect": condition},
        ["in", "expect"],
    )
    bounds = {bound: {"$ref": "#/$defs/number_value"} for bound in BOUNDS}
    tally = _mapping(
        {
            "of": {"description": "The kind that is counted.", "enum": list(kinds)},
            "in": _path("The list or link that is counted."),
            "as": _NAME,
            "where": condition,
            "expect": condition,
            **bounds,
        },
        [],
    )
    conditions = {"type": "array", "minItems": 1, "items": condition}
    combinators: dict[str, Any] = {
        "all": conditions, "any": conditions, "not": condition, "use": {"type": "string"},
        "every": every, "some": every, "none": every, "count": tally, "share": tally,
    }  # fmt: skip
    described = {
        name: {"description": COMBINATORS[name].doc, **schema}
        for name, schema in combinators.items()
    }
    types = sorted({kind for operator in OPERATORS.values() for kind in operator.types})
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Condition",
        "description": "Paths of facts, each with a value or operators, and combinators; all "
        "joined by AND. Written by script/generate-docs from the operators and the kinds.",
        "$ref": "#/$defs/condition",
        "$defs": {
            "condition": {
                "type": "object",
                "minProperties": 1,
                "properties": {**described, **facts},
                "additionalProperties": {"$ref": "#/$defs/element"},
            },
            "element": {
                "description": "A fact of an element: of a linked record, of `item`, of `subject`.",
                "anyOf": [{"not": {"type": "object"}}, _tests(NOTHING)],
            },
            "reference": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "param": {"description": "A parameter of policy.yaml.", "type": "string"},
                    "fact": _path("Another fact."),
                    "rule": {"description": "What the rule covers.", "const": "covers"},
                },
            },
            "number_value": {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/reference"}]},
            **{f"{kind}_tests": _tests((kind,)) for kind in types},
        },
    }
    return _laid_out(schema, 3) + "\n"


def _laid_out(value: Any, depth: int, indent: str = "") -> str:
    """JSON with a line for each entry of the outer mappings, so that a changed fact is one line."""
    if depth < 0 or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    below = f"{indent}  "
    entries = [
        f"{below}{json.dumps(key)}: {_laid_out(part, depth - 1, below)}"
        for key, part in value.items()
    ]
    return "{\n" + ",\n".join(entries) + f"\n{indent}}}"


_NAME = {"description": "What paths call the element.", "type": "string"}


def _path(description: str) -> dict[str, Any]:
    return {"description": description, "type": "string"}


def _mapping(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    tests = {"$ref": f"#/$defs/{fact.type}_tests"}
    text = {"title": fact.title, "description": fact.question or fact.description}
    said = {key: value for key, value in text.items() if value}
    if fact.type in (*LISTS, *LINKS):
        return {**said, **tests}
    plain = {"enum": list(fact.enum)} if fact.enum else PLAIN[fact.type]
    return {**said, "anyOf": [plain, tests]}


def _tests(types: tuple[str, ...]) -> dict[str, Any]:
    """A mapping of the operators that fit some types of facts."""
    fitting = {
        operator.name: {"description": operator.doc, **_value(operator.shape, types[0])}
        for operator in OPERATORS.values()
        if types == NOTHING or set(types) & set(operator.types)
    }
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": fitting,
    }


def _value(shape: Shape, kind: str) -> dict[str, Any]:
    plain: Mapping[str, Any] = PLAIN.get(kind, {"type": ["string", "number", "boolean"]})
    match shape:
        case Shape.FLAG:
            return {"const": True}
        case Shape.PATTERN:
            return {"type": "string", "format": "regex"}
        case Shape.DISTANCE:
            days = {"$ref": "#/$defs/number_value"}
            return _mapping({"fact": _path("The other date."), "days": days}, ["fact", "days"])
        case Shape.CHOICES | Shape.MEMBERS:
            literal: Mapping[str, Any] = {"type": "array", "minItems": 1, "items": plain}
        case Shape.NUMBER | Shape.DAYS | Shape.LENGTH:
            return {"$ref": "#/$defs/number_value"}
        case Shape.TEXT | Shape.VERSION:
            literal = {"type": "string"}
        case _:
            literal = plain
    return {"anyOf": [literal, {"$ref": "#/$defs/reference"}]}


def coverage_page(folder: Path) -> str:
    """The coverage matrix of a policy's source."""
    kinds = load_kinds(ROOT / "schemas" / "inventory")
    policy = load_policy(folder, kinds).policy
    if policy is None:
        raise SystemExit(f"{folder.name}: lint the policy first")
    title, _, rest = as_markdown(policy, coverage(policy, kinds)).partition("\n")
    return f"{title}\n\n{GENERATED}\n{rest}"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/operators.md": operators_page,
    "docs/reference/policy-files.md": policy_files_page,
    "docs/reference/command-line.md": command_line_page,
    "docs/reference/report-table.md": partial(table_page, GENERATED),
    **inventory_pages(ROOT, GENERATED),
    "docs/proposed-rule.md": partial(proposed_page, ROOT, GENERATED),
    "schemas/condition.schema.json": condition_schema,
    **{
        f"docs/coverage/{path.parent.name}.md": partial(coverage_page, path.parent)
        for path in sorted((ROOT / "policies").glob("*/policy.yaml"))
    },
}
"""What is generated, by path."""


def stale() -> list[str]:
    """Paths whose content is not what would be written now."""
    found = []
    for path, page in PAGES.items():
        file = ROOT / path
        if not file.is_file() or file.read_text(encoding="utf-8") != page():
            found.append(path)
    return found


def main() -> int:
    """Writes what is stale, or with `--check` only names it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    check: bool = parser.parse_args().check
    for path in stale():
        sys.stdout.write(f"{path}\n")
        if not check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(PAGES[path](), encoding="utf-8", newline="\n")
    return 1 if check and stale() else 0


if __name__ == "__main__":
    raise SystemExit(main())
